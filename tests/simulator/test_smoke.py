"""The short way through: connect, create, query, pay."""

from decimal import Decimal

from tests.simulator.connected import Connected


def test_an_invoice_arrives_and_is_paid(us: Connected) -> None:
    invoice = us.invoice(us.customer())
    us.simulator.bookkeeper(us.realm, "Invoice", invoice["Id"], "pay", amount="40")

    found = us.query("SELECT * FROM Invoice WHERE Balance = '60'")["Invoice"]

    assert [row["Id"] for row in found] == [invoice["Id"]]
    assert us.simulator.books(us.realm)["Customer"][0]["Balance"] == Decimal(60)
