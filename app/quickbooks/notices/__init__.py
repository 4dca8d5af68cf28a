"""What people are told by mail: that QuickBooks needs attention, and once a week that all is well."""

from flask import Flask

from app.accounts.models import Role
from app.notifications.kinds import NoticeKind, offer

READERS = frozenset({Role.OWNER, Role.BOOKKEEPER})  # who may open the page that a notice links to

ATTENTION = NoticeKind(
    "quickbooks_attention",
    "QuickBooks needs attention",
    "When records stop, QuickBooks has to be connected again, nothing moves, or access ends soon. "
    "At most one a day.",
    READERS,
)
WEEKLY = NoticeKind(
    "quickbooks_weekly",
    "QuickBooks weekly all-clear",
    "On Monday morning: what went to QuickBooks, how the month compares, and whether anything is left to do.",
    READERS,
)


def register(app: Flask) -> None:
    offer(app, ATTENTION)
    offer(app, WEEKLY)
