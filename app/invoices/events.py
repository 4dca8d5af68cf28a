"""What happens to invoices, announced in the past tense inside the transaction that did it.

Receivers run before the commit and may write in the same session; they are called with the company's id
as sender and `ids`, the invoices' ids (already flushed).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from blinker import Signal

from app.extensions import db, now

if TYPE_CHECKING:
    from app.invoices.models import Invoice

invoices_changed = Signal(
    "Invoices were finalised, edited, sent, disputed, no longer disputed, or voided; `ids` names them. Not when "
    "money or the clock moves their status: they say what they said."
)
payments_changed = Signal("Payments were recorded, moved or taken back; `ids` names them.")
refunds_changed = Signal("Refunds were recorded or moved, or their invoice became void; `ids` names them.")


def announce(company_id: int, invoices: Collection[Invoice]) -> None:
    """Write and announce what changed of these invoices of one company."""
    for invoice in invoices:
        invoice.announced_at = now()
    db.session.flush()
    invoices_changed.send(company_id, ids=[invoice.id for invoice in invoices])
