"""The invoice form: its lines are added and taken away, and its totals follow what is typed."""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask_wtf import FlaskForm
from wtforms import FormField, SelectField, TextAreaField, ValidationError

from app.accounts.models import Company, Terms
from app.invoices import typed_numbers
from app.invoices.dates import due_date, today
from app.invoices.forms.fields import DayField, NumberField
from app.invoices.forms.line import LineForm
from app.invoices.forms.location_picker import LocationPicker
from app.invoices.history import edited
from app.invoices.items_used import items_used
from app.invoices.models import DiscountKind, Invoice
from app.invoices.records import MAX_LINES, InvoiceData, LineData, too_long
from app.invoices.totals import MAX_SUBTOTAL, Totals, invoice_totals
from app.web.edit_conflicts import FieldConflictForm
from app.web.form_fields import Rows, text_field

_ZERO = Decimal(0)
_TERMS = [("", "No terms"), *((terms.value, terms.label) for terms in Terms)]
_DISCOUNTS = [(kind.value, kind.label) for kind in DiscountKind]


class InvoiceForm(FieldConflictForm, LocationPicker, FlaskForm):
    issue_date = DayField("Issue date")
    terms = SelectField("Terms", choices=_TERMS, coerce=lambda value: Terms(value) if value else None)
    due_date = DayField("Due date", blank=True)
    lines = Rows(FormField(LineForm), most=MAX_LINES, full=f"An invoice has at most {MAX_LINES} lines.")
    discount_kind = SelectField("Discount", choices=_DISCOUNTS, coerce=DiscountKind)
    discount_value = NumberField("Discount value", typed_numbers.discount_value, blank=_ZERO)
    tax_rate = NumberField("Tax rate %", typed_numbers.percent, blank=_ZERO)
    notes = text_field("Notes", 4000, field=TextAreaField)
    has_new_row = False

    def __init__(self, company: Company, invoice: Invoice | None = None) -> None:
        self.company, self.invoice = company, invoice
        if invoice:
            super().__init__(obj=(stored := InvoiceData.of(invoice)))
            self.look_at(stored)
        else:
            super().__init__(data=_new_invoice(company))
        self.offer_locations()

    def is_ready(self) -> bool:
        """Sent to be saved, and valid; the form's other buttons only rearrange it."""
        if not self.is_submitted() or self._is_rearranged():
            return False
        self._complete()
        is_ready = self.validate() and not self._would_overwrite()
        self._keep_a_row()
        return is_ready

    def _would_overwrite(self) -> bool:
        if self.invoice is None:
            return False
        page = url_for("invoices.show", invoice_id=self.invoice.id)
        return self.would_overwrite(self.to_data(), edited, page)

    @cached_property
    def item_names(self) -> list[str]:
        """To choose from while typing: what was sold before."""
        return items_used(self.company.id)

    @property
    def save_label(self) -> str:
        return "Save changes" if self.invoice else "Save draft"

    @property
    def totals(self) -> Totals:
        """Of those lines whose numbers can be read."""
        amounts = [row.form.amount for row in self.lines if row.form.amount is not None]
        discount = self.discount_value.data or _ZERO
        return invoice_totals(amounts, self.discount_kind.data, discount, self._tax_rate)

    def validate_due_date(self, field: DayField) -> None:
        if field.data is None:
            raise ValidationError("Enter a day, or choose terms.")
        if self.issue_date.data and field.data < self.issue_date.data:
            raise ValidationError("This is before the issue date.")

    def validate_lines(self, field: Rows) -> None:
        if not field.entries and self.invoice and self.invoice.generated_at:
            raise ValidationError("A finalised invoice keeps at least one line.")
        if self.totals.subtotal > MAX_SUBTOTAL:
            raise ValidationError(f"The lines come to more than {MAX_SUBTOTAL:,}.")
        texts = (text for row in field for text in (row.form.item.data, row.form.description.data))
        if problem := too_long((*texts, self.notes.data)):
            raise ValidationError(problem)

    def validate_discount_value(self, field: NumberField) -> None:
        value = field.data or _ZERO
        if self.discount_kind.data is DiscountKind.NONE and value:
            raise ValidationError("Choose percent or amount, or empty this field.")
        if self.discount_kind.data is DiscountKind.PERCENT and value > 100:
            raise ValidationError("A percentage is between 0 and 100.")
        if self.discount_kind.data is DiscountKind.AMOUNT and value > self.totals.subtotal:
            raise ValidationError("The discount is more than the lines come to.")

    def to_data(self) -> InvoiceData:
        names = ("customer_id", "location_id", "issue_date", "due_date", "terms", "discount_kind", "notes")
        has_discount = self.discount_kind.data is not DiscountKind.NONE
        return InvoiceData(
            **{name: self[name].data for name in names},
            discount_value=self.discount_value.data if has_discount else _ZERO,
            tax_rate=self._tax_rate,
            lines=[LineData(**row.data) for row in self.lines if not row.form.is_blank],
        )

    @property
    def _tax_rate(self) -> Decimal:
        exempt = self.customer is not None and self.customer.tax_exempt
        return _ZERO if exempt else self.tax_rate.data or _ZERO

    def _is_rearranged(self) -> bool:
        rearrangements = {
            "choose_customer": self.choose_customer,
            "add_line": self._add_line,
            "remove_line": self._remove_line,
            "apply_terms": self._apply_terms,
            "refresh": lambda _: None,
        }
        asked = [name for name in rearrangements if name in request.form]
        for name in asked:
            rearrangements[name](request.form[name])
        return bool(asked)

    def _add_line(self, _: str) -> None:
        self.has_new_row = self.lines.add()

    def _remove_line(self, name: str) -> None:
        self.lines.entries = [row for row in self.lines if row.name != name]
        self._keep_a_row()

    def _keep_a_row(self) -> None:
        if not self.lines.entries:
            self.lines.append_entry()

    def _apply_terms(self, _: str = "") -> None:
        if self.terms.data and self.issue_date.data:
            self.due_date.replace(due_date(self.issue_date.data, self.terms.data))

    def _complete(self) -> None:
        """Rows left blank are no lines; a due date left blank is the terms'."""
        self.lines.entries = [row for row in self.lines if not row.form.is_blank]
        if self.due_date.data is None and not self.due_date.process_errors:
            self._apply_terms()


def _new_invoice(company: Company) -> dict[str, Any]:
    issued = today(company)
    return {
        "customer_id": request.args.get("customer"),
        "issue_date": issued,
        "terms": company.payment_terms,
        "due_date": due_date(issued, company.payment_terms),
        "discount_kind": DiscountKind.NONE,
        "tax_rate": company.default_tax_rate,
    }
