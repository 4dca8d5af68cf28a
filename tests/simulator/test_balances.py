"""Balances add up after any sequence of events, in the books themselves (no HTTP, so that many can be tried)."""

from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import bookkeeping
from simulator.books import writing
from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.clock import SimulatedClock
from simulator.faults import Fault
from simulator.seed import seeded_books
from tests.realms import US
from tests.simulator.connected import invoice_body, line

cents = st.integers(1, 50_000).map(lambda amount: Decimal(amount) / 100)
which = st.integers(0, 9)
events = st.one_of(
    st.tuples(st.just("Invoice"), which, cents),
    st.tuples(st.just("CreditMemo"), which, cents),
    st.tuples(st.just("pay"), which, cents),
    st.tuples(st.just("overpay"), which, cents),
    st.tuples(st.just("spend"), which, cents),
    st.tuples(st.just("reprice"), which, cents),
    st.tuples(st.just("void"), which, cents),
    st.tuples(st.just("delete"), which, cents),
)


@settings(max_examples=150, deadline=None)
@given(automatic=st.booleans(), history=st.lists(events, min_size=10, max_size=30))
def test_balances_add_up_whatever_happens(automatic: bool, history: list[tuple[str, int, Decimal]]) -> None:
    company = seeded_books(US, SimulatedClock())
    company.preferences["SalesFormsPrefs"]["AutoApplyCredit"] = automatic
    customers = [create(company, "Customer", {"DisplayName": name}) for name in ("A", "B")]
    for event, index, amount in history:
        try:
            happen(company, customers[index % 2], event, index, amount)
        except Fault:  # the books may refuse; they must still add up
            continue
    assert_adds_up(company)


def happen(company: Company, customer: dict[str, Any], event: str, index: int, amount: Decimal) -> None:
    if event in KINDS:
        create(company, event, invoice_body(customer, line(str(amount))))
    elif event == "pay":
        act(company, "Invoice", index, "pay", {"amount": str(amount)})
    elif event == "overpay" and (invoice := pick(company, "Invoice", index)):
        act(company, "Invoice", index, "pay", {"amount": str(invoice["Balance"] + amount)})
    elif event == "spend":
        spend(company, pick(company, "Invoice", index), pick(company, "CreditMemo", index), amount)
    elif event == "reprice":
        act(company, "Invoice", index, "edit", {"Line": [line(str(amount))]})
    elif event in ("void", "delete"):
        act(company, ("Invoice", "Payment", "CreditMemo")[index % 3], index, event, {})


def spend(company: Company, invoice: dict[str, Any], memo: dict[str, Any], amount: Decimal) -> None:
    if not invoice or not memo:
        return
    links = [("Invoice", invoice), ("CreditMemo", memo)]
    lines = [{"Amount": amount, "LinkedTxn": [{"TxnId": row["Id"], "TxnType": kind}]} for kind, row in links]
    create(company, "Payment", {"CustomerRef": invoice["CustomerRef"], "TotalAmt": 0, "Line": lines})


def create(company: Company, kind: str, body: dict[str, Any]) -> dict[str, Any]:
    return writing.create(company, KINDS[kind], body)


def act(company: Company, kind: str, index: int, action: str, sent: dict[str, Any]) -> None:
    if row := pick(company, kind, index):
        bookkeeping.perform(company, KINDS[kind], row["Id"], action, sent)


def pick(company: Company, kind: str, index: int) -> dict[str, Any]:
    rows = list(company.tables[kind])
    return rows[index % len(rows)] if rows else {}


def assert_adds_up(company: Company) -> None:
    payments = list(company.tables["Payment"])
    for customer in company.tables["Customer"]:
        assert customer["Balance"] == owed(company, customer["Id"])
    for kind in ("Invoice", "CreditMemo"):
        for document in company.tables[kind]:
            applied = [
                entry["Amount"]
                for payment in payments
                for entry in payment["Line"]
                if (entry["LinkedTxn"][0]["TxnType"], entry["LinkedTxn"][0]["TxnId"])
                == (kind, document["Id"])
            ]
            assert document["Balance"] == document["TotalAmt"] - sum(applied)
            assert 0 <= document["Balance"] <= document["TotalAmt"]


def owed(company: Company, customer_id: str) -> Decimal:
    def rows(kind: str) -> list[dict[str, Any]]:
        return [row for row in company.tables[kind] if row["CustomerRef"]["value"] == customer_id]

    invoiced = sum(row["Balance"] for row in rows("Invoice"))
    credited = sum(row["Balance"] for row in rows("CreditMemo"))
    return Decimal(invoiced - credited - sum(row["UnappliedAmt"] for row in rows("Payment")))
