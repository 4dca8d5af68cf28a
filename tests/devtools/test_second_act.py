"""The second act's own arithmetic against our own books, and that its comparison can say no."""

from dataclasses import replace
from decimal import Decimal

import pytest

from app.customers.csv_import import importer as customer_csv
from app.extensions import db
from app.invoices.csv_import import importer as invoice_csv
from app.invoices.models import Invoice
from app.invoices.records import create_imported
from devtools.demo import OWN_DATA
from devtools.ledger import Ledger
from devtools.second_act import FATES, Books, Standing, differences, play

ZERO = Decimal("0.00")


@pytest.fixture
def ledger(owner) -> Ledger:
    company = owner.company
    texts = {
        name: (OWN_DATA / f"{name}.csv").read_text(encoding="utf-8") for name in ("customers", "invoices")
    }
    customer_csv.save(company, customer_csv.check(company, texts["customers"]))
    found = invoice_csv.check(company, texts["invoices"]).invoices
    create_imported(company, [(one.number, one.to_data()) for one in found])
    db.session.commit()
    return Ledger.read(OWN_DATA)


def our_books() -> Books:
    books = Books()
    for invoice in db.session.query(Invoice):
        is_void = invoice.status == "void"
        name = invoice.customer.name
        books.add(invoice.number, Standing(name, ZERO if is_void else invoice.total, invoice.balance))
        if not is_void:
            books.payments[name] += invoice.paid_total
            books.refunds[name] += invoice.refunded_total
    return books


def test_every_invoice_meets_its_fate_to_the_cent(owner, ledger):
    expected, fates = play(owner.company, ledger)
    assert differences(expected, our_books()) == []
    assert set(fates) == {fate.name for fate in FATES}
    assert sum(fates.values()) == len(ledger.invoices)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"balance": Decimal("1.00")}, "invoice A-1: "),
        ({"total": Decimal("9.99")}, "invoice A-1: "),
        ({"customer": "Bo"}, "invoice A-1: "),
    ],
)
def test_whatever_differs_is_named(change, found):
    here, there = Books(), Books()
    standing = Standing("Ada", Decimal("10.00"), ZERO)
    here.invoices["A-1"], there.invoices["A-1"] = standing, replace(standing, **change)
    assert [what.startswith(found) for what in differences(here, there)] == [True]


def test_money_is_compared_by_customer():
    here, there = Books(), Books()
    here.payments["Ada"], there.refunds["Bo"], there.balances["Cy"] = Decimal(1), Decimal(2), Decimal(3)
    assert differences(here, there) == [
        "owed by Cy: 3, not None",
        "received from Ada: None, not 1",
        "given back to Bo: 2, not None",
    ]


def test_a_number_that_exists_twice_is_named():
    one = {"DocNumber": "A-1", "CustomerRef": {"value": "1"}, "TotalAmt": ZERO, "Balance": ZERO}
    records = {
        "Customer": [{"Id": "1", "DisplayName": "Ada", "Balance": ZERO}],
        "Invoice": [one, one],
        "Payment": [],
        "RefundReceipt": [],
    }
    assert differences(Books(), Books.of_quickbooks(records))[0] == "invoice A-1 exists more than once"
