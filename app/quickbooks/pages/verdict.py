"""The verdict over the QuickBooks page: whether the books are right, in one sentence with its money. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from app.extensions import now
from app.lib import ages
from app.lib.money import shown
from app.quickbooks.account import metering
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.outbox import switches
from app.quickbooks.outbox.invoice_counts import Sum
from app.quickbooks.pages.beside import Beside
from app.quickbooks.pages.overview import Banner, Notice

MOVING = "Sync in progress."
WORTH_SAYING = 3600  # seconds that the oldest has waited


@dataclass(frozen=True)
class Verdict:
    """`spoken` is what a screen reader is told when it changes: it keeps still while rows move."""

    sentence: str
    tone: str  # of design.css
    spoken: str


def verdict(connection: Connection, banner: Banner, beside: Beside, notice: Notice | None) -> Verdict:
    stopped = bool(notice and notice.stops)
    moves = banner.in_progress and not stopped
    are_held = switches.is_off(connection, RecordKind.INVOICE)
    waits = banner.errors or banner.backoff or banner.for_reads or are_held
    if banner.missing.count and moves and not waits:
        return Verdict(_on_the_way(connection, banner), "waiting", MOVING)
    tone, sentence = _at_rest(connection, banner, beside, stopped)
    return Verdict(sentence, tone, MOVING if moves and not banner.errors else sentence)


def _on_the_way(connection: Connection, banner: Banner) -> str:
    is_one = banner.missing.count == 1
    return f"{_invoices(connection, banner.missing)} {'is' if is_one else 'are'} on the way to QuickBooks."


def _at_rest(connection: Connection, banner: Banner, beside: Beside, stopped: bool) -> tuple[str, str]:
    """The tone and the sentence; what is worst is said. While it is `stopped` nothing is tried by itself."""
    if banner.missing.count:
        tone = "failed" if banner.errors else "late"
        return tone, _missing(connection, banner, banner.for_reads if not stopped else 0)
    if banner.errors:
        return "failed", f"{_records(banner.errors)} {'needs' if banner.errors == 1 else 'need'} you."
    if banner.backoff and not stopped:
        by_itself = "is tried again by itself" if banner.backoff == 1 else "are tried again by themselves"
        return "late", f"{_records(banner.backoff)} {by_itself}."
    if banner.for_reads and not stopped:
        return "waiting", f"{_until_reads(banner.for_reads)}: this month's reads are used up."
    if waiting := banner.in_progress + banner.for_reads + banner.backoff:
        return "waiting", f"{_records(waiting)} {'waits' if waiting == 1 else 'wait'} to be sent."
    if banner.following:
        is_one = banner.following == 1
        return "late", f"{_records(banner.following)} {'waits' if is_one else 'wait'} for another one."
    return _when_empty(connection, banner, beside)


def _when_empty(connection: Connection, banner: Banner, beside: Beside) -> tuple[str, str]:
    if beside.never_sent.count:
        was = "was" if beside.never_sent.count == 1 else "were"
        return "late", f"{_invoices(connection, beside.never_sent)} {was} never sent to QuickBooks."
    if banner.switched_off:
        return "neutral", "Nothing is sent of what is switched off in Sync Preferences."
    if beside.switched_off:
        return "neutral", f"Nothing new is sent of {' and '.join(beside.switched_off)}: that is switched off."
    if beside.left_out.count:
        was = "was" if beside.left_out.count == 1 else "were"
        return "done", f"Every item is in QuickBooks, but for {beside.left_out.count:,} that {was} left out."
    return "done", "Every item is in QuickBooks."


def _missing(connection: Connection, banner: Banner, for_reads: int) -> str:
    invoices, is_one = _invoices(connection, banner.missing), banner.missing.count == 1
    waited = now() - banner.missing_since if banner.missing_since else None
    if for_reads:
        return f"{invoices} {'is' if is_one else 'are'} not in QuickBooks; {_until_reads(for_reads)}."
    if waited is None or waited.total_seconds() < WORTH_SAYING:
        return f"{invoices} {'is' if is_one else 'are'} not in QuickBooks."
    if is_one:
        return f"{invoices} has been missing in QuickBooks for {ages.shown(waited)}."
    return f"{invoices} are not in QuickBooks; the oldest for {ages.shown(waited)}."


def _until_reads(number: int) -> str:
    return f"{_records(number)} {'waits' if number == 1 else 'wait'} until {metering.month_ends_words()}"


def _invoices(connection: Connection, sum_: Sum) -> str:
    """ "7 invoices, $18,240.00," """
    noun = "invoice" if sum_.count == 1 else "invoices"
    return f"{sum_.count:,} {noun}, {shown(sum_.total, connection.company.currency.symbol)},"


def _records(number: int) -> str:
    return f"{number:,} record{'' if number == 1 else 's'}"
