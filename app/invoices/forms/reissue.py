"""The corrected copy of a disputed invoice, and what becomes of the money received for it."""

from wtforms import RadioField, ValidationError
from wtforms.validators import InputRequired

from app.invoices.dates import today
from app.invoices.disputes import MoneyReceived
from app.invoices.forms.invoice import InvoiceForm
from app.invoices.models import Invoice
from app.web.template_helpers import money


class ReissueForm(InvoiceForm):
    """The disputed invoice's content to begin with, dated today."""

    money_received = RadioField(
        "Money received so far",
        choices=[(choice.value, choice.label) for choice in MoneyReceived],
        coerce=MoneyReceived,
        default=MoneyReceived.MOVE,
        description=(
            "If payments sync, QuickBooks shows nothing of what is given back: the disputed invoice becomes void "
            "there, and its payments with it. Move money that your bank statement has."
        ),
        validators=[InputRequired("Choose what becomes of it.")],
    )
    save_label = "Reissue invoice"

    def __init__(self, invoice: Invoice) -> None:
        super().__init__(invoice.company, invoice)
        self.held = invoice.held
        if not self.held:
            del self.money_received
        if not self.is_submitted():
            self._date_today(invoice)

    def validate_money_received(self, field: RadioField) -> None:
        total = self.totals.total
        if field.data is MoneyReceived.MOVE and total < self.held:
            raise ValidationError(
                f"The corrected invoice comes to {money(total)}, less than the {money(self.held)} received. "
                "Correct its lines, or give the money back."
            )

    @property
    def money_choice(self) -> MoneyReceived:
        return self.money_received.data if self.money_received else MoneyReceived.MOVE

    def _date_today(self, invoice: Invoice) -> None:
        self.issue_date.data = today(invoice.company)
        self.due_date.data = max(invoice.due_date, self.issue_date.data)
        self._apply_terms()
