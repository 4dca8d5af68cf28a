"""Names that a file repeats, or that the list has already. Two customers may have one name, so a person is asked,
and not refused: nothing deletes a customer or makes one of two, so what is imported twice by mistake stays.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.accounts.models import Company
from app.csv_import.rows import Row
from app.customers.records import taken_names

QUESTION = "same_names"
NAMED = 5


@dataclass(frozen=True)
class SameNames:
    """Each name once, as the file writes it first: those of the list of customers, and others that it repeats."""

    in_list: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.in_list) + len(self.repeated)

    @property
    def there_are(self) -> str:
        return "1 name comes more than once" if len(self) == 1 else f"{len(self):,} names come more than once"

    @property
    def first_in_list(self) -> str:
        return _first_of(self.in_list)

    @property
    def first_repeated(self) -> str:
        return _first_of(self.repeated)


NONE = SameNames()


def same_names(company: Company, rows: Collection[Row]) -> SameNames:
    """A name is the same in any case, as it is where an invoice file gives a customer's name."""
    written = [row.cells["display_name"] for row in rows]
    first_written = {name.lower(): name for name in reversed(written)}
    times = Counter(name.lower() for name in written)
    taken = taken_names(company, times)
    return SameNames(
        tuple(first_written[name] for name in times if name in taken),
        tuple(first_written[name] for name, count in times.items() if count > 1 and name not in taken),
    )


def wrong(same: SameNames, answers: Mapping[str, str]) -> dict[str, str]:
    """What to say as long as nobody has said that these are other customers. Also where no box is near."""
    if not same or answers.get(QUESTION):
        return {}
    names = _first_of((*same.in_list, *same.repeated))
    return {QUESTION: f"{same.there_are}: {names}. Say that these are other customers to import them too."}


def _first_of(names: Collection[str]) -> str:
    """“Ada, Ben and 3 more”"""
    more = len(names) - NAMED
    return ", ".join([*names][:NAMED]) + (f" and {more:,} more" if more > 0 else "")
