"""A payment is compared with those of its day; a busy day has many, and they cost nothing."""

from decimal import Decimal

import pytest

from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.recognition import Lookalike
from app.quickbooks.lane import ownership
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.models import RecordKind, SyncTask
from tests.quickbooks import builders

REFS = Refs(customer_id="58", invoice_id="130")


@pytest.fixture
def payment(owner):
    """Of $40.00."""
    return builders.payment(builders.sent_invoice(builders.customer(owner.company)), "40.00")


def on_the_same_day(id_: str, amount: str, payment) -> dict:
    applied = {"TxnId": "130", "TxnType": "Invoice"}
    return {
        "Id": id_,
        "SyncToken": "0",
        "TxnDate": payment.received_on.isoformat(),
        "TotalAmt": Decimal(amount),
        "CustomerRef": {"value": "58"},
        "Line": [{"Amount": Decimal(amount), "LinkedTxn": [applied]}],
    }


def test_others_cost_no_statement_and_the_same_money_is_found(payment, count_queries):
    task = SyncTask(connection_id=1, kind=RecordKind.PAYMENT, record_id=payment.id, answer={}, mark="")
    claim = KINDS[RecordKind.PAYMENT].claim(payment, task, REFS)
    others = [on_the_same_day(str(number), f"{number}.00", payment) for number in range(100, 1100)]
    with count_queries() as counter:
        assert ownership.recognise(task, claim, others) is None
    assert counter.count == 0
    same = on_the_same_day("7", "40.00", payment)
    assert ownership.recognise(task, claim, [*others, same]) == Lookalike(same)
