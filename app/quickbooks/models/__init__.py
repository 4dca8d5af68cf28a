"""What the integration remembers. Every row hangs on a Connection, that is on a company and a realm:
the ids of one QuickBooks company can never be used in another.
"""

from app.quickbooks.models.connection import LIVE, Connection, ConnectionState, Preferences
from app.quickbooks.models.consent import PendingConsent
from app.quickbooks.models.day_counts import DayCount, DayOutcome
from app.quickbooks.models.found_invoices import FoundInvoice, FoundState
from app.quickbooks.models.invoice_counts import ChangedInvoice, CountedInvoice, InvoiceCounts
from app.quickbooks.models.kinds import SYNCABLE, RecordKind
from app.quickbooks.models.known import KnownRecord
from app.quickbooks.models.links import Item, RemoteLink
from app.quickbooks.models.other_names import OtherName
from app.quickbooks.models.outbox import (
    AttemptOutcome,
    BatchState,
    PushBatch,
    SyncAttempt,
    SyncTask,
    TaskState,
)
from app.quickbooks.models.reads import ReadCount
from app.quickbooks.models.remote_customers import RemoteCustomer
from app.quickbooks.models.tallies import Tally

__all__ = [
    "LIVE",
    "SYNCABLE",
    "AttemptOutcome",
    "BatchState",
    "ChangedInvoice",
    "Connection",
    "ConnectionState",
    "CountedInvoice",
    "DayCount",
    "DayOutcome",
    "FoundInvoice",
    "FoundState",
    "InvoiceCounts",
    "Item",
    "KnownRecord",
    "OtherName",
    "PendingConsent",
    "Preferences",
    "PushBatch",
    "ReadCount",
    "RecordKind",
    "RemoteCustomer",
    "RemoteLink",
    "SyncAttempt",
    "SyncTask",
    "Tally",
    "TaskState",
]
