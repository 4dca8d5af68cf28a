"""What the activity calls our records: money is part of its invoice's history."""

from app.activity.models import Subject
from app.extensions import db
from app.invoices.models import Payment, Refund
from app.quickbooks.kinds.records import MODELS
from app.quickbooks.models import Item, RecordKind


def subject_of(kind: RecordKind, record_id: int) -> Subject | None:
    """None where the record is gone."""
    match db.session.get(MODELS[kind], record_id):
        case None:
            return None
        case Payment() | Refund() as money:
            return money.invoice.subject
        case Item() as item:
            return Subject("item", item.id, item.name)
        case record:
            return record.subject
