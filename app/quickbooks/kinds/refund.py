"""What a refund is in QuickBooks: a RefundReceipt, found by a number of its own."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.invoices.models import Refund
from app.quickbooks.kinds.money import Money
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.refund import doc_number
from app.quickbooks.models import RecordKind, SyncTask


class Refunds(Money[Refund]):
    key = RecordKind.REFUND
    model = Refund
    loader = select(Refund).options(selectinload(Refund.invoice))
    identity = Identity("DocNumber")

    def name_there(self, record: Refund, task: SyncTask) -> str:
        return doc_number(record, task.mark)
