"""The customer form with its service locations, which rows can be added to and taken from."""

from flask import request, url_for
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    EmailField,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import HiddenInput

from app.accounts.guards import current_company
from app.accounts.locking import lock_company
from app.customers.history import edited
from app.customers.models import Customer, CustomerKind
from app.customers.records import CustomerData, LocationData, taken_numbers
from app.web.edit_conflicts import FieldConflictForm
from app.web.form_fields import LONGEST_EMAIL, EmailAddress, Rows, text_field

NOTES_LIMIT = 4000
MAX_LOCATIONS = 100


class LocationForm(Form):
    id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    label = text_field("Label", 80)
    street = text_field("Street", 200)
    city = text_field("City", 100)
    state = text_field("State", 60)
    postal_code = text_field("ZIP", 20)
    country = text_field("Country", 60)

    @property
    def is_blank(self) -> bool:
        return not any(field.data for field in self if field.short_name != "id")


class CustomerForm(FieldConflictForm, FlaskForm):
    name = text_field("Name", 200, DataRequired("Enter the customer's name."))
    kind = SelectField(
        "Type", choices=[(kind.value, kind.label) for kind in CustomerKind], coerce=CustomerKind
    )
    number = text_field("Customer number", 40)
    contact_given_name = text_field("First name", 100)
    contact_family_name = text_field("Last name", 100)
    email = text_field(
        "E-mail",
        LONGEST_EMAIL,
        Optional(),
        EmailAddress("This is not a complete e-mail address."),
        field=EmailField,
    )
    phone = text_field("Phone", 40, field=TelField)
    tax_exempt = BooleanField("Tax-exempt")
    notes = text_field("Notes", NOTES_LIMIT, field=TextAreaField)
    locations = Rows(
        FormField(LocationForm),
        most=MAX_LOCATIONS,
        full=f"A customer has at most {MAX_LOCATIONS} service locations.",
    )
    primary = StringField()  # the name of a location's row
    has_new_row = False

    def __init__(self, customer: Customer | None = None) -> None:
        self.customer = customer
        stored = CustomerData.of(customer) if customer else None
        super().__init__(obj=stored)
        if stored:
            self.look_at(stored)

    def is_ready(self) -> bool:
        """Sent to be saved, and valid; a click on “add” or “remove” only rearranges the rows."""
        if not self.is_submitted() or self._is_rearranged() or not self.validate():
            return False
        if self.customer is None:
            return True
        page = url_for("customers.show", customer_id=self.customer.id)
        return not self.would_overwrite(self.to_data(), edited, page)

    @property
    def primary_row(self) -> FormField:
        """The row that is chosen, or else the first."""
        return next((row for row in self.locations if row.name == self.primary.data), self.locations[0])

    def validate_number(self, field: StringField) -> None:
        if field.data == ((self.customer and self.customer.number) or ""):
            return
        company = lock_company(current_company().id)
        if taken_numbers(company, [field.data]):
            raise ValidationError("Another customer has this number.")

    def to_data(self) -> CustomerData:
        names = [name for name in CustomerData.__dataclass_fields__ if name not in ("number", "locations")]
        return CustomerData(
            **{name: self[name].data for name in names},
            number=self.number.data or None,
            locations=self._locations(),
        )

    def _locations(self) -> list[LocationData]:
        """Rows left blank are no locations. The chosen row is primary, or the first that is filled."""
        rows = [row for row in self.locations if not row.form.is_blank]
        primary = self.primary_row if self.primary_row in rows else next(iter(rows), None)
        return [LocationData(**row.data, is_primary=row is primary) for row in rows]

    def _is_rearranged(self) -> bool:
        if "add_location" in request.form:
            self.has_new_row = self.locations.add()
            return True
        if "remove_location" in request.form:
            self._remove_row(request.form["remove_location"])
            return True
        return False

    def _remove_row(self, name: str) -> None:
        """The rows behind it move up, and take new names."""
        primary, names = self.primary_row, [row.name for row in self.locations]
        if name in names:
            self.locations.pop_entry(names.index(name))
        if not self.locations.entries:
            self.locations.append_entry()
        self.primary.data = primary.name if primary in self.locations.entries else None
