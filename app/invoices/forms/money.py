"""Money that changes hands for an invoice: how much, how, and when."""

from decimal import Decimal
from typing import Any

from wtforms import SelectField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.invoices.dates import today
from app.invoices.forms.fields import DayField, MoneyField
from app.invoices.forms.steps import StepForm
from app.invoices.models import Invoice, PaymentMethod
from app.invoices.payments import PaymentData
from app.invoices.refunds import RefundData
from app.web.edit_conflicts import VersionConflictForm
from app.web.form_fields import text_field
from app.web.template_helpers import money

_METHODS = [("", "Choose…"), *((method.value, method.label) for method in PaymentMethod)]


class _MoneyForm(VersionConflictForm, StepForm):
    """One that is sent twice, or after a colleague recorded the same check, counts nothing twice."""

    amount = MoneyField("Amount", validators=[InputRequired()])
    method = SelectField(
        "Method",
        choices=_METHODS,
        coerce=lambda value: PaymentMethod(value) if value else None,
        validators=[DataRequired("Choose how.")],
    )
    changed = (
        "Money was recorded on this invoice since you opened this form. Check the amount, then save again."
    )
    too_much: str

    def __init__(self, invoice: Invoice, at_most: Decimal, **prefilled: Any) -> None:
        self.at_most = at_most
        super().__init__(invoice, amount=at_most, **prefilled)

    def version(self) -> str:
        return f"{self.invoice.paid_total}/{self.invoice.refunded_total}"

    def validate_amount(self, field: MoneyField) -> None:
        if field.data and field.data > self.at_most:
            raise ValidationError(self.too_much.format(money(self.at_most)))


class PaymentForm(_MoneyForm):
    """By default the whole balance, today."""

    received_on = DayField("Received on")
    reference = text_field("Reference", 21)
    too_much = "The balance is {}; a payment cannot be more."

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(invoice, invoice.balance, received_on=today(invoice.company))

    def validate_received_on(self, field: DayField) -> None:
        _check_day(field, self.invoice)

    def to_data(self) -> PaymentData:
        return PaymentData(self.amount.data, self.method.data, self.received_on.data, self.reference.data)


class RefundForm(_MoneyForm):
    """By default all there is, today, the way the last of it came."""

    refunded_on = DayField("Given back on")
    reason = text_field("Reason", 500, DataRequired("Say why."), field=TextAreaField)
    too_much = "At most {} can be given back."

    def __init__(self, invoice: Invoice) -> None:
        methods = [payment.method for payment in invoice.payments if not payment.taken_back_at]
        super().__init__(
            invoice,
            invoice.held,
            method=methods[-1] if methods else None,
            refunded_on=today(invoice.company),
        )

    def validate_refunded_on(self, field: DayField) -> None:
        _check_day(field, self.invoice)

    def to_data(self) -> RefundData:
        return RefundData(self.amount.data, self.method.data, self.refunded_on.data, self.reason.data)


def _check_day(field: DayField, invoice: Invoice) -> None:
    if field.data and field.data > today(invoice.company):
        raise ValidationError("This day is in the future.")
