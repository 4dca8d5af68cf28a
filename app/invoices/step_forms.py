"""What is asked before a step on an invoice."""

from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, TextAreaField
from wtforms.validators import DataRequired, Email, Regexp

from app.invoices.models import Invoice
from app.web.form_fields import text_field


class StepForm(FlaskForm):
    """By itself a question with nothing to fill in."""

    def __init__(self, invoice: Invoice, **prefilled: object) -> None:
        self.invoice = invoice
        super().__init__(data=prefilled)


class EmailForm(StepForm):
    """An e-mail with an invoice; `once` tells two presses of the button from two messages."""

    recipient = text_field(
        "To",
        254,
        DataRequired("Enter the customer's e-mail address."),
        Email("Enter one e-mail address, like bea@example.com."),
        field=EmailField,
    )
    subject = text_field("Subject", 200, DataRequired("Enter a subject."))
    text = text_field("Message", 4000, DataRequired("Write a line or two."), field=TextAreaField)
    once = HiddenField(validators=[Regexp(r"^[0-9a-f]{16}$")])


class DisputeForm(StepForm):
    reason = text_field("What the customer says", 500, DataRequired("Say why."), field=TextAreaField)
