"""The form of an invoice that is with the customer: only its due date and its notes may change."""

from dataclasses import replace

from flask import request, url_for
from flask_wtf import FlaskForm
from wtforms import TextAreaField, ValidationError

from app.invoices.forms.fields import DayField
from app.invoices.history import edited
from app.invoices.models import Invoice
from app.invoices.records import InvoiceData
from app.web.edit_conflicts import FieldConflictForm
from app.web.form_fields import text_field

SENT_MEANWHILE = (
    "{} became {} while you were changing it, so its lines and amounts stay as agreed. Nothing is saved yet: "
    "look at the due date and the notes, then save again."
)


class AftercareForm(FieldConflictForm, FlaskForm):
    due_date = DayField("Due date")
    notes = text_field("Notes", 4000, field=TextAreaField)

    def __init__(self, invoice: Invoice) -> None:
        self.invoice = invoice
        super().__init__(obj=invoice)
        self.look_at(InvoiceData.of(invoice))

    def is_ready(self) -> bool:
        """Sent to be saved, and valid. Of the whole form nothing is saved, however little of it would fit."""
        if not self.validate_on_submit():
            return False
        if "customer_id" in request.form:
            self.form_errors.append(
                SENT_MEANWHILE.format(self.invoice.number, self.invoice.status.label.lower())
            )
            return False
        page = url_for("invoices.show", invoice_id=self.invoice.id)
        return not self.would_overwrite(self.to_data(), edited, page)

    def to_data(self) -> InvoiceData:
        agreed = InvoiceData.of(self.invoice)
        return replace(agreed, due_date=self.due_date.data, notes=self.notes.data)

    def validate_due_date(self, field: DayField) -> None:
        if field.data and field.data < self.invoice.issue_date:
            raise ValidationError("This is before the issue date.")
