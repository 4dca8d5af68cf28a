"""Credits that apply themselves when the company prefers so (contract section 4.6)."""

from simulator.books.company import Company
from simulator.books.kind import Kind
from simulator.books.kinds import KINDS
from simulator.books.money import ZERO
from simulator.books.payment_lines import PAYABLE, SPENDABLE
from simulator.books.table import Record


def apply_automatically(company: Company, kind: Kind, record: Record) -> None:
    """Unused credit memos of the customer pay its open invoices, oldest first, through payments of zero."""
    if kind.name not in (PAYABLE, SPENDABLE) or not company.prefers("SalesFormsPrefs", "AutoApplyCredit"):
        return
    spend(company, record["CustomerRef"]["value"])


def spend(company: Company, customer_id: str) -> None:
    """On its open invoices, oldest first."""
    for invoice_id in _open_ids(company, PAYABLE, customer_id):
        for memo_id in _open_ids(company, SPENDABLE, customer_id):
            _link(company, invoice_id, memo_id)


def _open_ids(company: Company, kind: str, customer_id: str) -> list[str]:
    rows = company.tables[kind].having("CustomerRef", customer_id)
    return [row["Id"] for row in rows if row["Balance"] > 0]


def _link(company: Company, invoice_id: str, memo_id: str) -> None:
    invoice, memo = company.tables[PAYABLE].get(invoice_id), company.tables[SPENDABLE].get(memo_id)
    amount = min(invoice["Balance"], memo["Balance"]) if invoice and memo else ZERO
    if not invoice or not amount:
        return
    links = [
        {"Amount": amount, "LinkedTxn": [{"TxnId": id_, "TxnType": kind}]}
        for id_, kind in ((invoice_id, PAYABLE), (memo_id, SPENDABLE))
    ]
    payment = {"CustomerRef": invoice["CustomerRef"], "TotalAmt": ZERO, "Line": links}
    company.add("Payment", KINDS["Payment"].complete(company, payment, None, ()))
