"""The company's defaults, and choosing a plan."""

from collections.abc import Collection
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import available_timezones

from flask import url_for
from flask_wtf import FlaskForm
from wtforms import Field, RadioField, SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Regexp

from app.accounts.models import Company, Currency, Plan, Terms
from app.activity.recording import Change, differences, values_of
from app.web.edit_conflicts import FieldConflictForm
from app.web.form_fields import text_field
from app.web.slots import slot
from app.web.template_helpers import plain_number


def _rate(text: str) -> Decimal:
    """Raises ValueError for what is not a percentage with up to four decimals."""
    rate = Decimal(text)
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != round(rate, 4):
        raise ValueError
    return rate


_DEFAULTS = {
    "name": "Name",
    "address": "Address",
    "tax_number": "Tax number",
    "time_zone": "Time zone",
    "currency": "Currency",
    "invoice_prefix": "Invoice prefix",
    "default_tax_rate": "Default tax rate %",
    "payment_terms": "Payment terms",
}


class CompanyForm(FieldConflictForm, FlaskForm):
    """The company's defaults."""

    name = text_field("Company name", 200, DataRequired("Enter the company's name."))
    address = text_field("Address", 400, field=TextAreaField)
    tax_number = text_field("Tax number", 40)
    time_zone = SelectField("Time zone", choices=sorted(available_timezones()))
    currency = SelectField(
        "Currency", choices=[(one.value, f"{one.label} ({one.value})") for one in Currency]
    )
    invoice_prefix = text_field(
        "Invoice prefix", 8, Regexp(r"^[A-Za-z0-9-]+$", message="Use letters, digits and hyphens.")
    )
    tax_rate = text_field("Default tax rate %", 10)
    payment_terms = SelectField("Payment terms", choices=[(one.value, one.label) for one in Terms])

    def __init__(self, company: Company) -> None:
        self.company = company
        super().__init__(obj=company, tax_rate=plain_number(company.default_tax_rate))
        self.look_at(values_of(_DEFAULTS, company))

    def is_ready(self) -> bool:
        """Sent to be saved, and valid."""
        if not self.validate_on_submit():
            return False
        return not self.would_overwrite(self._wanted(), _changed, url_for("accounts.company"))

    def validate_tax_rate(self, field: Field) -> None:
        try:
            _rate(field.data or "0")
        except (ArithmeticError, ValueError):
            raise ValidationError("Enter a percentage from 0 to 100, like 8.25.") from None

    def validate_currency(self, field: Field) -> None:
        """Money that was agreed in one currency never turns into another."""
        is_other = field.data != self.company.currency
        if is_other and (objection := slot("currency_objection", company=self.company)):
            raise ValidationError(objection)

    def write(self) -> list[Change]:
        """After a successful validation; returns what changed."""
        before = values_of(_DEFAULTS, self.company)
        for name, value in vars(self._wanted()).items():
            setattr(self.company, name, value)
        return differences(_DEFAULTS, before, self.company)

    def _wanted(self) -> SimpleNamespace:
        return SimpleNamespace(
            name=self.name.data,
            address=self.address.data,
            tax_number=self.tax_number.data,
            time_zone=self.time_zone.data,
            currency=Currency(self.currency.data),
            invoice_prefix=self.invoice_prefix.data,
            default_tax_rate=_rate(self.tax_rate.data or "0"),
            payment_terms=Terms(self.payment_terms.data),
        )


def _changed(fields: Collection[str]) -> str:
    """“changed the name and the time zone”"""
    *first, last = [
        f"the {_DEFAULTS[name].lower().removesuffix(' %')}" for name in _DEFAULTS if name in fields
    ]
    return f"changed {', '.join(first)} and {last}" if first else f"changed {last}"


class WelcomeForm(FlaskForm):
    """What an Owner is asked at the first sign-in. Nothing is chosen for them."""

    time_zone = SelectField(
        "Time zone",
        choices=[("", "Choose your time zone"), *((zone, zone) for zone in sorted(available_timezones()))],
        validators=[DataRequired("Choose your time zone.")],
    )
    currency = SelectField(
        "Currency",
        choices=[
            ("", "Choose your currency"),
            *((one.value, f"{one.label} ({one.value})") for one in Currency),
        ],
        validators=[DataRequired("Choose your currency.")],
    )


class PlanForm(FlaskForm):
    plan = RadioField(choices=[(plan.value, plan.label) for plan in Plan], coerce=Plan)
