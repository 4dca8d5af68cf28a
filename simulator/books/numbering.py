"""Numbers of sales documents (contract section 4.2, DocNumber rules)."""

from collections.abc import Collection

from simulator.books.books import Books
from simulator.books.table import Record
from simulator.faults import fault

NUMBERED = ("Invoice", "CreditMemo", "RefundReceipt")
AUTOMATIC = "AUTO_GENERATE"
ALLOW_DUPLICATE = "allowduplicatedocnum"
FIRST_NUMBER = 1001


def document_number(
    books: Books, kind: str, draft: Record, before: Record | None, options: Collection[str]
) -> str | None:
    """The number to keep, or None. Raises 6140 for a number in use."""
    sent = draft.get("DocNumber")
    custom = books.prefers("SalesFormsPrefs", "CustomTxnNumbers")
    if sent == AUTOMATIC or (not sent and not custom and before is None):
        return _next(books, kind)
    if not sent and before and not custom:
        return before.get("DocNumber")
    if sent and custom and books.rules.warn_duplicate_numbers and ALLOW_DUPLICATE not in options:
        _refuse_taken(books, kind, sent, before)
    return sent


def _next(books: Books, kind: str) -> str:
    """The last number plus one, past those that somebody typed in."""
    while True:
        number = str(FIRST_NUMBER - 1 + int(books.next_number("DocNumber")))
        if not books.tables[kind].known_as(number):
            return number


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
