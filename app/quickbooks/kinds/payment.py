"""What a payment is in QuickBooks: a Payment, found among those of its day, for it has no number to ask for."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.invoices.models import Payment
from app.quickbooks.kinds.money import Money
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.models import RecordKind, SyncTask


class Payments(Money[Payment]):
    key = RecordKind.PAYMENT
    model = Payment
    loader = select(Payment).options(selectinload(Payment.invoice))
    identity = Identity("TxnDate")  # neither its number nor its note can be queried (contract section 2.6)

    def name_there(self, record: Payment, task: SyncTask) -> str:
        return record.received_on.isoformat()
