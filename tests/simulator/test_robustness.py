"""Whatever a client sends, the books answer with a record or a refusal, never with a crash."""

import contextlib
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.books import querying, writing
from simulator.books.company import Company
from simulator.books.kinds import KINDS
from simulator.clock import SimulatedClock
from simulator.faults import Fault
from simulator.seed import seeded_books
from tests.realms import AUTOMATED_TAX, UK, US
from tests.simulator.connected import invoice_body, line

LINK = {"TxnId": "1", "TxnType": "Invoice"}
SENSIBLE = [
    "1",
    "2026-01-01",
    "amy@harbor.example",
    "Service",
    Decimal("5.005"),
    True,
    {"value": "1"},
    {"value": "4"},
    {"Line1": "1 Pier"},
    {"Address": "amy@harbor.example"},
    [line("5")],
    [{"Amount": 5, "LinkedTxn": [LINK]}],
    {"TxnTaxCodeRef": {"value": "1"}, "TotalTax": 1},
]
odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


def company_with_an_invoice(realm: str) -> Company:
    company = seeded_books(realm, SimulatedClock())
    customer = writing.create(company, KINDS["Customer"], {"DisplayName": "Harbor"})
    sold = line("5", TaxCodeRef={"value": "1" if realm == UK else "TAX"})
    writing.create(company, KINDS["Invoice"], invoice_body(customer, sold))
    return company


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.is_writable])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_body_is_kept_or_refused(kind: str, data: st.DataObject) -> None:
    company = company_with_an_invoice(data.draw(st.sampled_from([US, AUTOMATED_TAX, UK])))
    fields = st.sampled_from(sorted(KINDS[kind].shape.fields))
    body: dict[str, Any] = {"CustomerRef": {"value": "4"}} if KINDS[kind].is_transaction else {"Name": "New"}
    body |= data.draw(st.dictionaries(fields, st.sampled_from(SENSIBLE) | odd, max_size=6))
    identity = {"Id": "1", "SyncToken": "0", "sparse": data.draw(st.booleans())}
    for write, sent in ((writing.create, body), (writing.update, {**body, **identity})):
        with contextlib.suppress(Fault):
            record = write(company, KINDS[kind], sent)
            assert company.get(kind, record["Id"]) == record


@given(statement=st.text(alphabet="SELECT*FROMWHEREcustomeractiveIN()'=<>%, 019.\\", max_size=60))
def test_any_statement_is_answered_or_refused(statement: str) -> None:
    company = seeded_books(US, SimulatedClock())
    for asked in (statement, f"SELECT * FROM Customer {statement}", f"SELECT * FROM Item WHERE {statement}"):
        with contextlib.suppress(Fault):
            assert isinstance(querying.run(company, asked), dict)
