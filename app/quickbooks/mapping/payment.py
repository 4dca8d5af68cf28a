"""A payment as QuickBooks keeps it: applied to its invoice, with our mark in its note (contract section 4.5)."""

from decimal import Decimal

from app.invoices.models import Payment
from app.lib.money import ZERO
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import books, money_record, values
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.refs import Refs

CUSTOMER = "CustomerRef"
NUMBER, NUMBER_LENGTH = "PaymentRefNum", 21  # of the check; qbo-fields.json


def number_of(payment: Payment) -> str:
    """Of the check, as it goes into the body."""
    return values.line(payment.reference, NUMBER_LENGTH)


def same_check(one: str, other: str) -> bool:
    """ "1042" and "CHK-01042" are one, and so is whatever nobody wrote."""
    return not one or not other or _bare(one) == _bare(other)


def _bare(number: str) -> str:
    digits = "".join(letter for letter in number if letter.isdecimal())
    return digits.lstrip("0") or number.strip().casefold()


def payment_body(
    payment: Payment, refs: Refs, facts: CompanyFacts, account_id: str | None, mark: str
) -> RemoteRecord:
    """`mark` is the row's own (SyncTask.mark). The lines are all of them, and every update has to say them all: one
    without any may take the payment off its invoice (contract section 2.5; updates.py). Without an account
    QuickBooks puts the money into Undeposited Funds. Raises CannotMap.
    """
    books.check_currency(payment.invoice, facts)
    return {
        "TotalAmt": payment.amount,
        CUSTOMER: {"value": refs.customer_id},
        "TxnDate": payment.received_on.isoformat(),
        NUMBER: number_of(payment),
        "PrivateNote": money_record.mark(payment, mark),
        **applied_to(refs.invoice_id, payment.amount),
        **({"DepositToAccountRef": {"value": account_id}} if account_id else {}),
        **money_record.method_ref(payment.method, facts),
        **books.currency_ref(payment.invoice, facts),
    }


def applied_to(invoice_id: str, amount: Decimal) -> RemoteRecord:
    """The field for the body."""
    return {"Line": [{"Amount": amount, "LinkedTxn": [{"TxnId": invoice_id, "TxnType": "Invoice"}]}]}


def applied(record: RemoteRecord) -> dict[str, Decimal]:
    """How much of a payment went to which invoice; less than was sent where the invoice had less to pay: QuickBooks
    keeps the rest as credit (contract section 4.5).
    """
    amounts: dict[str, Decimal] = {}
    for line in record.get("Line", []):
        for link in line.get("LinkedTxn", []):
            if link.get("TxnType") == "Invoice" and line["Amount"]:
                amounts[link["TxnId"]] = amounts.get(link["TxnId"], ZERO) + Decimal(line["Amount"])
    return amounts
