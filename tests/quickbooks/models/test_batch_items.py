"""What a batch keeps is read again as it was, exactly, and in the form that an earlier version wrote."""

from decimal import Decimal

from app.extensions import db, now
from app.quickbooks.models import PushBatch
from app.quickbooks.models.batch_items import BatchItem
from tests.quickbooks import builders


def test_an_item_comes_back_from_its_row_as_it_was(app, owner):
    item = BatchItem(
        bid="1",
        task_id=7,
        version=3,
        operation="create",
        entity="RefundReceipt",
        body={"TotalAmt": Decimal("0.10"), "Line": [{"Amount": Decimal("0.10")}]},
        ours={"TotalAmt": Decimal("0.10")},
        total=Decimal("0.10"),
        void_next=True,
        include="allowduplicatedocnum",
        read_at=now(),
    )
    batch = PushBatch(connection_id=builders.connected(owner.company).id, request_id="r", items=[item, item])
    db.session.add(batch)
    db.session.commit()
    db.session.expire_all()
    assert batch.items == [item, item]


def test_an_item_of_an_earlier_version_is_read():
    stored = {
        "bid": "1",
        "task_id": 7,
        "version": 3,
        "operation": "update",
        "entity": "Customer",
        "body": {"Id": "4"},
        "read_at": "2026-11-25T12:00:00+00:00",
    }
    assert BatchItem.from_json(stored | {"then": True}).void_next
    assert BatchItem.from_json(stored | {"then": True}).to_json()["then"] is True
    item = BatchItem.from_json(stored | {"something_later": 1})
    assert (item.body, item.ours, item.total, item.void_next) == ({"Id": "4"}, None, None, False)
    assert item.include == ""
    assert item.to_json().items() >= stored.items()
