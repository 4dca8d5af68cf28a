"""What is done about a batch whose answer was lost.

`checking` takes up each batch that nobody has settled. `evidence` asks QuickBooks what it holds of it, `judgement`
says of each item whether it is there, and `conclusion` writes that down. What is surely not there may go once more.
"""

from app.quickbooks.lane.recovery.checking import check, open_batches
from app.quickbooks.lane.recovery.unsettled import was_lost_lately

__all__ = ["check", "open_batches", "was_lost_lately"]
