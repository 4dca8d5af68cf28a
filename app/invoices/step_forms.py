"""What is asked before a step on an invoice."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired

from app.invoices.models import Invoice
from app.web.form_fields import text_field


class StepForm(FlaskForm):
    """By itself a question with nothing to fill in."""

    def __init__(self, invoice: Invoice, **prefilled: object) -> None:
        self.invoice = invoice
        super().__init__(data=prefilled)


class DisputeForm(StepForm):
    reason = text_field("What the customer says", 500, DataRequired("Say why."), field=TextAreaField)
