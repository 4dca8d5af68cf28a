"""What is asked before a step on an invoice."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Regexp

from app.invoices.delivery import deliveries, event_of
from app.invoices.models import Invoice, InvoiceDelivery
from app.web.edit_conflicts import VersionConflictForm
from app.web.form_fields import LONGEST_EMAIL, EmailAddress, text_field


class StepForm(FlaskForm):
    """By itself a question with nothing to fill in."""

    def __init__(self, invoice: Invoice, **prefilled: object) -> None:
        self.invoice = invoice
        super().__init__(data=prefilled)


class EmailForm(VersionConflictForm, StepForm):
    """An e-mail with an invoice; `once` tells two presses of the button from two messages."""

    recipient = text_field(
        "To",
        LONGEST_EMAIL,
        DataRequired("Enter the customer's e-mail address."),
        EmailAddress("Enter one e-mail address, like bea@example.com."),
        field=EmailField,
    )
    subject = text_field("Subject", 200, DataRequired("Enter a subject."))
    text = text_field("Message", 4000, DataRequired("Write a line or two."), field=TextAreaField)
    once = HiddenField(validators=[Regexp(r"^[0-9a-f]{16}$")])
    changed = (
        "The invoice or its e-mails changed since you opened this form. Check the message, then send again."
    )

    def version(self) -> str:
        """Its money, its due date and its latest e-mail; but not this form's own, for who double-clicks."""
        invoice, others = self.invoice, self._other_deliveries()
        latest = f"{others[0].id}:{others[0].message.state.is_final}" if others else ""
        return f"{invoice.total}/{invoice.paid_total}/{invoice.refunded_total}/{invoice.due_date}/{latest}"

    @property
    def waiting(self) -> list[InvoiceDelivery]:
        """E-mails with this invoice that have not left yet."""
        return [other for other in self._other_deliveries() if not other.message.state.is_final]

    def _other_deliveries(self) -> list[InvoiceDelivery]:
        own = event_of(self.invoice, self.once.data or "")
        return [delivery for delivery in deliveries(self.invoice) if delivery.message.event != own]


class DisputeForm(StepForm):
    reason = text_field("What the customer says", 500, DataRequired("Say why."), field=TextAreaField)
