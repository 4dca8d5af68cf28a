"""Choosing where the work is done, among the locations of the customer that is chosen."""

from __future__ import annotations

from wtforms import SelectField, ValidationError

from app.customers.models import ServiceLocation
from app.invoices.forms.customer_picker import CustomerPicker, record_id_or_none
from app.invoices.models import Invoice

UNNAMED = "A location without an address"


class LocationPicker(CustomerPicker):
    """The part of a form that has a customer and one of the customer's service locations."""

    location_id = SelectField("Service location", coerce=record_id_or_none, choices=[], validate_choice=False)
    invoice: Invoice | None

    @property
    def locations(self) -> list[ServiceLocation]:
        return self.customer.locations if self.customer else []

    def choose_customer(self, customer_id: str) -> None:
        super().choose_customer(customer_id)
        self._propose_primary()
        self._list_locations()

    def offer_locations(self) -> None:
        """A new invoice begins with the primary one."""
        if self.invoice is None and not self.location_id.raw_data:
            self._propose_primary()
        self._list_locations()

    def validate_location_id(self, field: SelectField) -> None:
        """Refuses another customer's, and so another company's."""
        offered = [record_id_or_none(value) for value, *_ in field.choices]
        if field.data not in (offered or [None]):
            raise ValidationError("Choose one of this customer's service locations.")

    def _propose_primary(self) -> None:
        primary = self.customer.primary_location if self.customer else None
        self.location_id.data = primary.id if primary else None

    def _list_locations(self) -> None:
        named = [(location.id, location.place.in_one_line or UNNAMED) for location in self.locations]
        self.location_id.choices = [*self._kept(), *named]

    def _kept(self) -> list[tuple[str, str]]:
        """What the invoice has of a location that is gone, or that it never had one."""
        invoice = self.invoice
        if invoice is None or invoice.location_id or self.customer_id.data != invoice.customer_id:
            return []
        return [("", invoice.place.in_one_line or "Not known")]
