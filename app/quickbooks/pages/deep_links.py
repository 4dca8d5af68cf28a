"""The address of a record's own page in QuickBooks Online: the one place that knows these addresses.

They go through QuickBooks' sign-in page, which opens the company the record is in: a person may keep several books.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.invoices.models import Invoice
from app.lib.money import shown
from app.quickbooks.account.connection import live_connection
from app.quickbooks.kinds.records import link_of, links_of
from app.quickbooks.models import Connection, RecordKind, RemoteLink

HOSTS = {"production": "qbo.intuit.com", "sandbox": "sandbox.qbo.intuit.com"}
PAGES = {
    RecordKind.CUSTOMER: "customerdetail?nameId={}",
    RecordKind.ITEM: "items",  # an item has no page of its own, only the list
    RecordKind.INVOICE: "invoice?txnId={}",
    RecordKind.PAYMENT: "recvpayment?txnId={}",
    RecordKind.REFUND: "refundreceipt?txnId={}",
}


@dataclass(frozen=True)
class DeepLink:
    """`name` is what the link is read out as."""

    name: str
    address: str


def address(connection: Connection, kind: RecordKind, remote_id: str) -> str:
    page = quote(PAGES[kind].format(quote(remote_id, safe="")), safe="")
    realm = quote(connection.realm_id, safe="")
    return f"https://{HOSTS[connection.environment]}/login?deeplinkcompanyid={realm}&pagereq={page}"


def of_record(connection: Connection, kind: RecordKind, record_id: int) -> str:
    """The record's page there; empty while QuickBooks does not have it."""
    link = link_of(connection.id, kind, record_id)
    return _of_link(connection, link) if link else ""


def of_invoice(invoice: Invoice) -> list[DeepLink]:
    """The invoice, its payments and its refunds, as far as they are in QuickBooks."""
    connection = live_connection(invoice.company_id)
    if connection is None:
        return []
    symbol = invoice.company.currency.symbol
    payments = [(payment.id, f"Payment of {shown(payment.amount, symbol)}") for payment in invoice.payments]
    refunds = [(refund.id, f"Refund of {shown(refund.amount, symbol)}") for refund in invoice.refunds]
    return [
        *_named(connection, RecordKind.INVOICE, [(invoice.id, f"Invoice {invoice.number}")]),
        *_named(connection, RecordKind.PAYMENT, payments),
        *_named(connection, RecordKind.REFUND, refunds),
    ]


def _named(connection: Connection, kind: RecordKind, names: Sequence[tuple[int, str]]) -> Iterable[DeepLink]:
    if not names:
        return []
    links = links_of(connection.id, {kind: [record_id for record_id, _ in names]})
    found = ((name, links.get((kind, record_id))) for record_id, name in names)
    return [DeepLink(name, _of_link(connection, link)) for name, link in found if link]


def _of_link(connection: Connection, link: RemoteLink) -> str:
    return address(connection, link.kind, link.remote_id)
