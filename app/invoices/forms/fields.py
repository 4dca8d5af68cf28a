"""Form fields for exact numbers, for money and for days."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from wtforms import DateField, Field
from wtforms.validators import StopValidation
from wtforms.widgets import TextInput

from app.invoices import typed_numbers
from app.invoices.dates import parse_day
from app.web.template_helpers import plain_number


class NumberField(Field):
    """What a person typed comes back as typed; `data` is its exact value, None where there is none.

    `parse` is one of typed_numbers. `blank` stands for an empty field, which is otherwise a mistake.
    """

    data: Any  # a Decimal once the form is valid
    widget = TextInput()

    def __init__(
        self, label: str, parse: Callable[[str], Decimal], blank: Decimal | None = None, **options: Any
    ) -> None:
        super().__init__(label, **options)
        self._parse, self._blank = parse, blank

    def _value(self) -> str:
        if self.raw_data:
            return self.raw_data[0]
        return "" if self.data is None else self._shown(self.data)

    def _shown(self, value: Decimal) -> str:
        return plain_number(value)

    def process_formdata(self, values: list[str]) -> None:
        typed = values[0].strip() if values else ""
        self.data = None
        self.data = self._parse(typed) if typed else self._blank

    def pre_validate(self, form: Any) -> None:
        if self.data is None and not self.process_errors:
            raise StopValidation("Enter a number.")


class MoneyField(NumberField):
    """Dollars and cents."""

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, typed_numbers.amount, **options)

    def _shown(self, value: Decimal) -> str:
        return f"{value:.2f}"


class DayField(DateField):
    """A calendar day within reason. `data` is None for anything else, a mistake unless `blank` allows it."""

    data: Any  # a date once the form is valid

    def __init__(self, label: str, blank: bool = False, **options: Any) -> None:
        super().__init__(label, **options)
        self._blank = blank
        if not blank:
            self.flags.required = True

    def pre_validate(self, form: Any) -> None:
        if self.data is None and not self._blank and not self.process_errors:
            raise StopValidation("Enter a day.")

    def process_formdata(self, values: list[str]) -> None:
        typed = values[0].strip() if values else ""
        self.data = None
        self.data = parse_day(typed) if typed else None

    def replace(self, day: Any) -> None:
        """Show this day instead of what was typed."""
        self.data, self.raw_data = day, None
