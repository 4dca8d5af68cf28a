"""What the pages show of each kind of record, and what may be done there."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.books.table import Record
from simulator.books.void_notes import is_voided
from simulator.pages.formats import money, plain


@dataclass(frozen=True)
class Column:
    title: str
    value: Callable[[Record], str]
    is_number: bool = False


@dataclass(frozen=True)
class Listing:
    """One kind: its address, its columns, the fields of its edit form, its buttons."""

    path: str
    kind: str
    title: str
    columns: tuple[Column, ...]
    editable: tuple[str, ...]
    buttons: tuple[str, ...] = ()


def of(name: str) -> Callable[[Record], str]:
    return lambda record: plain(record.get(name, ""))


def amount_of(name: str) -> Callable[[Record], str]:
    return lambda record: money(record.get(name, 0))


def name_in(reference: str) -> Callable[[Record], str]:
    return lambda record: record.get(reference, {}).get("name", "")


def state(record: Record) -> str:
    """One word for where a record stands."""
    if "Active" in record:
        return "active" if record["Active"] else "inactive"
    if is_voided(record):
        return "voided"
    if "Balance" not in record:
        return "unapplied" if record.get("UnappliedAmt") else "applied"
    if not record["Balance"]:
        return "closed"
    return "open" if record["Balance"] == record["TotalAmt"] else "partly paid"


STATE = Column("State", state)
DATE, CUSTOMER = Column("Date", of("TxnDate")), Column("Customer", name_in("CustomerRef"))
TOTAL, BALANCE = Column("Total", amount_of("TotalAmt"), True), Column("Balance", amount_of("Balance"), True)
NUMBER = Column("Number", lambda record: record.get("DocNumber") or f"(none) #{record['Id']}")

LISTINGS = {
    listing.path: listing
    for listing in (
        Listing(
            "customers",
            "Customer",
            "Customers",
            (
                Column("Name", of("FullyQualifiedName")),
                Column("E-mail", lambda record: record.get("PrimaryEmailAddr", {}).get("Address", "")),
                Column("Balance", amount_of("Balance"), True),
                STATE,
            ),
            ("DisplayName", "CompanyName", "Notes"),
            ("deactivate", "activate"),
        ),
        Listing(
            "invoices",
            "Invoice",
            "Invoices",
            (NUMBER, DATE, CUSTOMER, TOTAL, BALANCE, STATE),
            ("DocNumber", "TxnDate", "DueDate", "PrivateNote"),
            ("pay", "void", "delete"),
        ),
        Listing(
            "payments",
            "Payment",
            "Payments",
            (
                Column("Id", of("Id")),
                DATE,
                CUSTOMER,
                TOTAL,
                Column("Unapplied", amount_of("UnappliedAmt"), True),
                STATE,
            ),
            ("PaymentRefNum", "PrivateNote"),
            ("deposit", "void", "delete"),
        ),
        Listing(
            "credits",
            "CreditMemo",
            "Credit memos",
            (NUMBER, DATE, CUSTOMER, TOTAL, BALANCE, STATE),
            ("DocNumber", "PrivateNote"),
            ("void", "delete"),
        ),
        Listing(
            "refunds",
            "RefundReceipt",
            "Refunds",
            (NUMBER, DATE, CUSTOMER, TOTAL, STATE),
            ("DocNumber", "PrivateNote"),
            ("void", "delete"),
        ),
        Listing(
            "items",
            "Item",
            "Items",
            (
                Column("Name", of("FullyQualifiedName")),
                Column("Type", of("Type")),
                Column("Income account", name_in("IncomeAccountRef")),
                Column("Price", amount_of("UnitPrice"), True),
                STATE,
            ),
            ("Name", "Description"),
            ("deactivate", "activate"),
        ),
    )
}


def buttons(listing: Listing, record: Record) -> list[str]:
    """Those of the listing that make sense now."""
    unwanted = {"deactivate" if record.get("Active") is False else "activate"}
    if state(record) == "voided":
        unwanted |= {"pay", "void", "deposit"}
    if not record.get("Balance"):
        unwanted.add("pay")
    return [button for button in listing.buttons if button not in unwanted]
