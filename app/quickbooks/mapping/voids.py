"""How QuickBooks shows that an invoice or a payment is void: it has no status for it (contract section 4.2)."""

import re
from collections.abc import Mapping
from typing import Any

from app.quickbooks.mapping.lines import SALES

_MARKED = re.compile(r"Voided\b")  # nothing says what stands between the word and the note


def is_void(record: Mapping[str, Any]) -> bool:
    """It looks paid; only the word that QuickBooks puts before its note tells, and that nothing is left in it, not
    even a quantity: one that was free of charge still sells something.
    """
    is_marked = _MARKED.match(str(record.get("PrivateNote", ""))) is not None
    return is_marked and record.get("TotalAmt") == 0 and not any(map(_sells, record.get("Line", ())))


def _sells(line: Mapping[str, Any]) -> bool:
    return bool(line.get("Amount") or line.get(SALES, {}).get("Qty"))
