"""Payment methods: cash, check and so on."""

from collections.abc import Collection

from simulator.books.books import Books
from simulator.books.fields import choice, flag, label
from simulator.books.listed import Listed
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE, IDENTITY
from simulator.books.table import Record


class PaymentMethod(Listed):
    name = "PaymentMethod"
    frees_names = False
    shape = Shape(
        "PaymentMethod",
        {**IDENTITY, "Name": label(31), "Active": flag, "Type": choice("CREDIT_CARD", "NON_CREDIT_CARD")},
        also_known=EVERYWHERE,
    )
    filterable = frozenset({"Name", "Active", "Type"})

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        return {"Type": "NON_CREDIT_CARD", **self.listed(books, draft, before)}
