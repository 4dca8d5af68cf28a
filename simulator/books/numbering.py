"""Numbers of sales documents (contract section 4.2, DocNumber rules)."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from simulator.books.table import Record
from simulator.faults import fault

if TYPE_CHECKING:
    from simulator.books.company import Company

NUMBERED = ("Invoice", "CreditMemo", "RefundReceipt")
AUTOMATIC = "AUTO_GENERATE"
ALLOW_DUPLICATE = "allowduplicatedocnum"
FIRST_NUMBER = 1001


def document_number(
    company: "Company", kind: str, draft: Record, before: Record | None, options: Collection[str]
) -> str | None:
    """The number to keep, or None. Raises 6140 for a number in use."""
    sent = draft.get("DocNumber")
    custom = company.prefers("SalesFormsPrefs", "CustomTxnNumbers")
    if sent == AUTOMATIC or (not sent and not custom and before is None):
        return _next(company, kind)
    if not sent and before and not custom:
        return before.get("DocNumber")
    if sent and custom and company.rules.warn_duplicate_numbers and ALLOW_DUPLICATE not in options:
        _refuse_taken(company, kind, sent, before)
    return sent


def _next(company: "Company", kind: str) -> str:
    """The last number plus one, past those that somebody typed in."""
    while True:
        number = str(FIRST_NUMBER - 1 + int(company.next_number("DocNumber")))
        if not company.tables[kind].known_as(number):
            return number


def _refuse_taken(company: "Company", kind: str, number: str, before: Record | None) -> None:
    for other_kind in NUMBERED if company.rules.numbers_shared else (kind,):
        for other in company.tables[other_kind].known_as(number):
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
