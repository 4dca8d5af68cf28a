"""What an invoice has open in QuickBooks, reckoned from the payments of ours since it was last read."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from app.quickbooks.models.memory import Memory


def pay(memory: Memory, payment_id: str, before: Decimal | None, after: Decimal, at: datetime) -> Memory:
    """A payment of ours pays `after` of this invoice, which was `before`; None where it was not ours before. What
    QuickBooks last showed of the invoice may count it already.
    """
    if payment_id in memory.paid:
        paid = memory.paid[payment_id] + after - (before or 0)
    else:
        counted = {link.get("TxnId") for link in memory.seen.get("LinkedTxn", ())}
        known = after if before is None else before
        paid = after - (known if payment_id in counted else 0)
    amounts = {id_: amount for id_, amount in {**memory.paid, payment_id: paid}.items() if amount}
    return replace(memory, paid=amounts, paid_at=at.isoformat(), balance_moved=True)
