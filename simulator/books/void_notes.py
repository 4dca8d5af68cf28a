"""How a void record is known: zeros, and a note that begins so (contract section 4.2)."""

from simulator.books.books import Books
from simulator.books.sales_lines import SALES
from simulator.books.table import Record

VOIDED = "Voided"


def note_of_void(books: Books, record: Record) -> str:
    """The contract names the word and not what stands between it and the note."""
    note = record.get("PrivateNote")
    return f"{VOIDED}{books.rules.void_separator}{note}" if note else VOIDED


def is_voided(record: Record) -> bool:
    """QuickBooks has no status for it. What was free of charge still sells something."""
    is_marked = record.get("PrivateNote", "").startswith(VOIDED)
    return is_marked and not record["TotalAmt"] and not any(map(_sells, record["Line"]))


def _sells(line: Record) -> bool:
    return bool(line.get("Amount") or line.get(SALES, {}).get("Qty"))
