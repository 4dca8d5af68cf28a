"""All that people are alerted to. A new one is an entry here."""

from app.quickbooks.notices.access import ENDS_SOON, RECONNECT_NEEDED
from app.quickbooks.notices.standstill import NOTHING_MOVES, READS_USED_UP
from app.quickbooks.notices.stopped import RECORDS_STOPPED

ALERTS = (RECORDS_STOPPED, RECONNECT_NEEDED, ENDS_SOON, READS_USED_UP, NOTHING_MOVES)
