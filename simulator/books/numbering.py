"""Numbers of sales documents (contract section 4.2, DocNumber rules)."""

from collections.abc import Collection

from simulator.books.books import Books
from simulator.books.table import Record
from simulator.faults import fault

NUMBERED = ("Invoice", "CreditMemo", "RefundReceipt")
AUTOMATIC = "AUTO_GENERATE"
ALLOW_DUPLICATE = "allowduplicatedocnum"
FIRST_NUMBER = 1001
SEQUENCE = "DocNumber"


def document_number(
    books: Books, kind: str, draft: Record, before: Record | None, options: Collection[str]
) -> str | None:
    """The number to keep, or None. Raises 6140 for a number in use."""
    sent = draft.get("DocNumber")
    custom = books.prefers("SalesFormsPrefs", "CustomTxnNumbers")
    if sent == AUTOMATIC or (not sent and not custom and before is None):
        return _next(books)
    if not sent and before and not custom:
        return before.get("DocNumber")
    if sent and custom and books.rules.warn_duplicate_numbers and ALLOW_DUPLICATE not in options:
        _refuse_taken(books, kind, sent, before)
    return sent


def note_used(books: Books, number: str | None) -> None:
    """Automatic numbers go on from the highest, whoever gave it."""
    if number and number.isascii() and number.isdigit():
        books.counters[SEQUENCE] = max(books.counters[SEQUENCE], int(number))


def _next(books: Books) -> str:
    return str(max(FIRST_NUMBER, books.counters[SEQUENCE] + 1))


def _refuse_taken(books: Books, kind: str, number: str, before: Record | None) -> None:
    for other_kind in NUMBERED if books.rules.numbers_shared else (kind,):
        for other in books.tables[other_kind].known_as(number):
            if other_kind != kind or before is None or other["Id"] != before["Id"]:
                raise fault(
                    "6140",
                    "Duplicate Document Number Error : You must specify a different number. This number "
                    f"has already been used. DocNumber={number} is assigned to "
                    f"TxnType={_spoken(other_kind)} with TxnId={other['Id']}",
                    "",
                )


def _spoken(kind: str) -> str:
    return {"CreditMemo": "Credit Memo", "RefundReceipt": "Refund"}.get(kind, kind)
