"""What a tie-out says of each invoice, and of what QuickBooks has besides ours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.invoices.models import Invoice, InvoiceStatus
from app.lib import days
from app.lib.money import ZERO
from app.quickbooks.checks.findings import FOUND
from app.quickbooks.kinds.comparison import RemoteInvoice, Yardstick, differences, number_key
from app.quickbooks.kinds.records import of_record
from app.quickbooks.models import Connection, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.models.differences import Aspect, Difference, in_words, includes
from app.quickbooks.outbox import answers, switches
from app.quickbooks.outbox.backlog import belongs_there, is_before_the_day
from app.quickbooks.outbox.states import ASLEEP
from app.quickbooks.tie_out import reading
from app.quickbooks.tie_out.models import TieOutRead, Verdict


@dataclass(frozen=True)
class Compared:
    """One invoice of ours; `remote` is its QuickBooks record, None when there is none."""

    invoice: Invoice
    link: RemoteLink | None
    remote: RemoteInvoice | None
    verdict: Verdict
    detail: str
    is_told: bool  # the row says already that something differs, or a number that is there twice was left so

    @property
    def is_doubtful(self) -> bool:
        """Worth a second look: it may have changed since its page was read, and its row has to say what is so."""
        return self.link is not None and (
            self.is_told or self.verdict in (Verdict.MISSING, Verdict.DIFFERENT)
        )

    def as_row(self, tie_out_id: int) -> dict[str, Any]:
        """For TieOutLine."""
        return {
            "tie_out_id": tie_out_id,
            "invoice_id": self.invoice.id,
            "issue_date": self.invoice.issue_date,
            "verdict": self.verdict,
            "total_here": self.invoice.counted_total,
            "balance_here": self.invoice.balance,
            "total_there": self.remote.total if self.remote else None,
            "balance_there": self.remote.balance if self.remote else None,
            "detail": self.detail,
            "state_here": self.invoice.place.state,
            "city_here": self.invoice.place.city,
            "tax_here": ZERO if self.invoice.status is InvoiceStatus.VOID else self.invoice.tax_total,
            "taxes_there": self.remote.taxes if self.remote else {},
        }


def compare(connection: Connection, tie_out_id: int, after: int, limit: int) -> list[Compared]:
    """The next of our invoices by id, those that sync and every other that is linked: one that is disputed stays in
    QuickBooks.
    """
    ours = list(_ours(connection, after, limit))
    judge = _Judge(
        connection,
        reading.kept(tie_out_id, {link.remote_id for _, link, _ in ours if link}),
        reading.numbers(tie_out_id, {number_key(invoice.number) for invoice, _, _ in ours}),
        Yardstick.of(connection, {invoice.customer_id for invoice, _, _ in ours}),
    )
    return [judge.compared(invoice, link, task) for invoice, link, task in ours]


def made_there(connection: Connection, tie_out_id: int) -> dict[str, dict[str, Any]]:
    """What is in QuickBooks and not linked to ours, for TieOut.made_there; months by QuickBooks' own dates."""
    is_linked = exists().where(
        RemoteLink.connection_id == connection.id,
        RemoteLink.kind == RecordKind.INVOICE,
        RemoteLink.remote_id == TieOutRead.id,
    )
    month = func.to_char(TieOutRead.dated, "YYYY-MM").label("month")
    rows = db.session.execute(
        select(month, func.count(), func.sum(TieOutRead.total))
        .where(TieOutRead.tie_out_id == tie_out_id, ~is_linked)
        .group_by("month")
    )
    return {key: {"count": count, "total": total} for key, count, total in rows}


def verdict(task: TaskState | None, is_linked: bool, is_there: bool, differs: bool) -> Verdict:
    """What is in QuickBooks is judged by what it says, whatever its outbox row (`task`) still wants to do."""
    if is_there:
        return Verdict.DIFFERENT if differs else Verdict.AGREES
    if task is TaskState.SKIPPED:
        return Verdict.SKIPPED
    if is_linked:
        return Verdict.MISSING
    return Verdict.NOT_SENT if task in (None, TaskState.SYNCED) else Verdict.WAITING


def _ours(
    connection: Connection, after: int, limit: int
) -> Iterator[tuple[Invoice, RemoteLink | None, SyncTask | None]]:
    """In one statement, so that an invoice, its link and its row are of one moment."""
    query = (
        select(Invoice, RemoteLink, SyncTask)
        .outerjoin(RemoteLink, of_record(RemoteLink, connection, RecordKind.INVOICE, Invoice.id))
        .outerjoin(SyncTask, of_record(SyncTask, connection, RecordKind.INVOICE, Invoice.id))
        .where(
            Invoice.company_id == connection.company_id,
            Invoice.id > after,
            or_(belongs_there(), RemoteLink.id.is_not(None)),
        )
        .options(joinedload(Invoice.customer))
        .order_by(Invoice.id)
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    yield from db.session.execute(query).tuples()


OFF = "Invoice sync is off, so it waits."


@dataclass(frozen=True)
class _Judge:
    connection: Connection
    there: Mapping[str, RemoteInvoice]
    numbers: Mapping[str, int]  # how many invoices there have each number, by number_key
    yardstick: Yardstick

    def compared(self, invoice: Invoice, link: RemoteLink | None, task: SyncTask | None) -> Compared:
        remote = self.there.get(link.remote_id) if link else None
        several = self.numbers.get(number_key(invoice.number), 0)
        if task and several <= answers.may_have_its_number(task):
            several = 1
        found = differences(invoice, remote, self.yardstick, several) if remote else []
        waits = (
            task is not None and task.state in ASLEEP and switches.is_off(self.connection, RecordKind.INVOICE)
        )
        state = task.state if task and not waits else None
        decided = verdict(state, link is not None, remote is not None, bool(found))
        if link and remote:
            detail = _difference_in_words(found, link, invoice.company.time_zone)
        else:
            detail = OFF if waits and not link else self._absence_in_words(invoice, task, decided)
        is_told = task is not None and task.state is TaskState.ERROR and task.problem in FOUND
        is_told = is_told or (link is not None and includes(link.left_differences, Aspect.DUPLICATE))
        return Compared(invoice, link, remote, decided, detail, is_told)

    def _absence_in_words(self, invoice: Invoice, task: SyncTask | None, decided: Verdict) -> str:
        match decided:
            case Verdict.MISSING:
                why = "It was in QuickBooks and is gone there."
            case Verdict.NOT_SENT:
                why = self._why_not_sent(invoice)
            case _:
                told = f"{task.message} {task.remedy}".strip() if task else ""
                why = told or "It is in the queue."
        known = self.numbers.get(number_key(invoice.number))
        return f"{why} QuickBooks has another invoice with this number." if known else why

    def _why_not_sent(self, invoice: Invoice) -> str:
        first = self.connection.preferences.send_from
        if first and is_before_the_day(first, invoice.issue_date):
            return f"It is dated before {days.shown(first)}, the first day of what is sent by itself."
        if invoice.generated_at is None or invoice.generated_at < self.connection.first_connected_at:
            return "It is older than the connection."
        return "It was generated while invoices did not sync."


def _difference_in_words(found: list[Difference], link: RemoteLink, time_zone: str) -> str:
    if not found:
        return ""
    text = in_words(found)
    if (left := link.left) and all(map(link.has_left, found)):
        text += f". Left so by {left.by}, {days.shown(days.of(left.at, time_zone))}"
    return f"{text[:1].upper()}{text[1:]}."
