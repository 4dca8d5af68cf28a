"""One line of the invoice form."""

from decimal import Decimal

from wtforms import Form, TextAreaField
from wtforms.validators import DataRequired

from app.invoices import typed_numbers
from app.invoices.forms.fields import NumberField
from app.invoices.totals import line_amount
from app.web.form_fields import text_field


class LineForm(Form):
    item = text_field("Item", 100, DataRequired("Say what was sold."))
    description = text_field("Description", 4000, field=TextAreaField)
    quantity = NumberField("Quantity", typed_numbers.quantity, default=Decimal(1))
    unit_price = NumberField("Unit price", typed_numbers.unit_price)
    discount_percent = NumberField("Discount %", typed_numbers.percent, blank=Decimal(0), default=Decimal(0))

    @property
    def is_blank(self) -> bool:
        return not (self.item.data or self.description.data or any(self.unit_price.raw_data or ()))

    @property
    def amount(self) -> Decimal | None:
        """Dollars, as soon as the line's numbers can be read."""
        quantity, price, discount = self.quantity.data, self.unit_price.data, self.discount_percent.data
        if quantity is None or price is None or discount is None:
            return None
        return line_amount(quantity, price, discount)
