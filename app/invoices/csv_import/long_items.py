"""Item texts longer than an item's name may be: the whole text is described on its line, under another item."""

from collections.abc import Iterable, Mapping

from app.csv_import.rows import Problem, Row
from app.invoices.csv_import.columns import ITEM_LIMIT, TEXT_LIMIT

QUESTION = "item_for_long_texts"
PROPOSED = "Services"  # what QuickBooks has from the start


def item_of(answers: Mapping[str, str]) -> str:
    return answers.get(QUESTION, PROPOSED).strip()


def wrong(item: str) -> str:
    """Why no item can be called so; nothing where one can."""
    if not item:
        return "Name the item under which these lines go."
    return f"This is {len(item)} characters long; {ITEM_LIMIT} fit." if len(item) > ITEM_LIMIT else ""


def long_rows(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if len(row.cells.get("item", "")) > ITEM_LIMIT]


def describe(rows: Iterable[Row], item: str) -> list[Problem]:
    """Move the texts of these rows, whole, into their descriptions; those that do not fit there are returned."""
    problems = []
    for row in rows:
        texts = (row.cells["item"], row.cells.get("description", ""))
        whole = "\n".join(dict.fromkeys(text for text in texts if text))
        row.cells.update(item=item, description=whole)
        if len(whole) > TEXT_LIMIT:
            message = f"With its description this comes to {len(whole):,} characters; {TEXT_LIMIT:,} fit."
            problems.append(row.problem("item", message))
    return problems
