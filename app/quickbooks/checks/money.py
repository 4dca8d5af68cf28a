"""Payments and refunds against what QuickBooks has of them."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import joinedload

from app.invoices.models import Payment, Refund
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.checks.books import Books
from app.quickbooks.checks.linked import Checked, linked
from app.quickbooks.kinds.money_record import amounts_apart, marked_twice
from app.quickbooks.kinds.records import name_of
from app.quickbooks.mapping.money_record import is_over, mark_in
from app.quickbooks.mapping.voids import is_void
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.models.differences import DELETED, Aspect, Difference
from app.quickbooks.outbox import money_records


def checked(connection: Connection, kind: RecordKind, books: Books) -> Iterator[Checked]:
    """Payments and refunds: what was sent is there, once and as much; what is over is not."""
    there = books.of(kind)
    marks = Counter(_mark_of(remote) for remote in there.values() if not is_void(remote))
    model = money_records.MODELS[kind]
    for some in linked(connection, kind, model, books, joinedload(model.invoice)):
        yield from [_one_of_money(record, kind, there.get(link.remote_id), marks) for link, record in some]


def _one_of_money(
    record: Payment | Refund, kind: RecordKind, remote: RemoteRecord | None, marks: Mapping[str, int]
) -> Checked:
    found = list(_in_money(record, remote))
    times = marks.get(_mark_of(remote), 0) if remote and _mark_of(remote) else 0
    if times > 1:
        found.append(marked_twice(times))
    return Checked(kind, record.id, name_of(record, kind), remote, is_over(record), found, record.invoice_id)


def _in_money(record: Payment | Refund, remote: RemoteRecord | None) -> Iterator[Difference]:
    stands_there = remote is not None and not is_void(remote)
    if is_over(record):
        if stands_there:
            yield Difference(Aspect.VOID, "over here, not in QuickBooks")
    elif not stands_there:
        yield DELETED
    elif remote:
        yield from amounts_apart(record, remote["TotalAmt"])


def _mark_of(remote: RemoteRecord) -> str:
    return mark_in(str(remote.get("PrivateNote", "")))
