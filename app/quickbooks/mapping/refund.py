"""A refund as QuickBooks keeps it: a refund receipt, which lowers income and takes the money out of the chosen
account at once (contract section 4.6).

The receipt has one line. A refund gives back its share of the invoice's tax, so the line has what is left of the
refund without that share, and the share is sent as our own amount of tax. The contract grants that it is honoured
under automated sales tax (section 4.2), and elsewhere leaves it open: outside the US QuickBooks may compute it anew
(section 2.5), which can be a cent off. A total that came out otherwise is said (kinds/kind.py, disagreement).
"""

from decimal import Decimal

from app.customers.place import Place
from app.invoices.models import Refund
from app.lib.money import ZERO, to_cents
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import books, money_record, tax, tracking, values
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs

REFUND_ITEM = "Refund"


def doc_number(refund: Refund, mark: str) -> str:
    """Ours alone, the same whatever becomes of the invoice, and short enough (contract section 4.2). A piece of its
    mark is in it, because ids repeat after a restore.
    """
    return f"REFUND-{refund.id}-{mark[:4]}" if mark else f"REFUND-{refund.id}"


def refund_body(
    refund: Refund, refs: Refs, facts: CompanyFacts, account_id: str | None, mark: str
) -> RemoteRecord:
    """`mark` is the row's own (SyncTask.mark). Raises CannotMap."""
    books.check_currency(refund.invoice, facts)
    if not account_id:
        raise CannotMap("no_deposit_account")
    share = tax_share(refund) if facts.uses_sales_tax else ZERO
    code = tax.code_for(refund.invoice, facts) if facts.uses_sales_tax else None
    sold = [line.item for line in refund.invoice.lines]
    detail = {
        "ItemRef": {"value": refs.item_ids[values.name_key(REFUND_ITEM)]},
        **tax.line_fields(share, facts, code),
        **tracking.of_line(refund.invoice, sold, facts),
    }
    return {
        "DocNumber": doc_number(refund, mark),
        "TxnDate": refund.refunded_on.isoformat(),
        "CustomerRef": {"value": refs.customer_id},
        "DepositToAccountRef": {"value": account_id},
        # Its tax is given back where it was taken.
        "ShipAddr": values.address(refund.invoice.place or Place()),
        "PrivateNote": note(refund, mark),
        "Line": [
            {
                "DetailType": "SalesItemLineDetail",
                "Amount": refund.amount - share,
                "Description": values.prose(f"Refund for {refund.invoice.number}: {refund.reason}", 4000),
                "SalesItemLineDetail": detail,
            }
        ],
        **_tax(share, facts, code),
        **tracking.of_sale(refund.invoice, facts),
        **money_record.method_ref(refund.method, facts),
        **books.currency_ref(refund.invoice, facts),
    }


def note(refund: Refund, mark: str) -> str:
    return values.prose(
        f"{money_record.mark(refund, mark)}, for {refund.invoice.number}: {refund.reason}", 4000
    )


def invoice_in(note: str) -> str:
    """The number of the invoice, after the mark and before the reason."""
    return note.partition(", for ")[2].partition(": ")[0]


def tax_share(refund: Refund) -> Decimal:
    invoice = refund.invoice
    return to_cents(refund.amount * invoice.tax_total / invoice.total) if invoice.total else ZERO


def _tax(share: Decimal, facts: CompanyFacts, code: TaxCode | None) -> RemoteRecord:
    if not facts.uses_sales_tax:
        return {}
    us_code = {"TxnTaxCodeRef": {"value": code.id}} if code and facts.is_us and share else {}
    abroad = {} if facts.is_us else {"GlobalTaxCalculation": "TaxExcluded"}
    return {**abroad, "TxnTaxDetail": {"TotalTax": share, **us_code}}
