"""What can be imported: each room says how its file is checked and saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from app.accounts.models import Company
from app.csv_import.columns import Column
from app.csv_import.models import CsvUpload
from app.csv_import.rows import Problem

Tell = Callable[[int, int], None]  # so many are written, of so many


def nobody(done: int, of: int) -> None:
    """To be told where nobody asks how far it is."""


@dataclass(frozen=True)
class How:
    """What a person said of a file: the head of each column, where they are not ours, and answers by question."""

    columns: Mapping[str, str] | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


OURS = How()  # the file's heads are ours, and nothing was asked


class Found(Protocol):
    """What a file holds. When there are no `problems` and no `wrong` answers, all of it can be saved as it is."""

    problems: list[Problem]

    @property
    def wrong(self) -> Mapping[str, str]:
        """A sentence for each question that has no answer yet, or one that cannot be taken."""


@dataclass(frozen=True)
class Importer:
    """`name` is what is imported, its blueprint and its folder of templates: "customers".

    `check` reads a file's text and every reason not to import it; `save` writes what was found, tells how far it
    is, and returns how many records that were. `questions` are the fields that its preview may have.
    """

    name: str
    columns: tuple[Column, ...]
    check: Callable[[Company, str, How], Any]
    save: Callable[[Company, Any, Tell], int]
    questions: tuple[str, ...] = ()

    def find(self, company: Company, upload: CsvUpload) -> Any:
        """What the file holds, as its own heads call it."""
        found: Found = self.check(company, upload.content, How(upload.columns, upload.answers))
        heads = upload.columns or {}
        found.problems[:] = [
            replace(problem, column=heads.get(problem.column or "") or problem.column)
            for problem in found.problems
        ]
        return found


IMPORTERS: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    IMPORTERS[importer.name] = importer
    return importer
