"""Sync Preferences, and the reason for leaving a record out."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.quickbooks.mapping.facts import CompanyFacts
from app.web.form_fields import text_field


class PreferencesForm(FlaskForm):
    sync_customers = BooleanField("Customers")
    sync_invoices = BooleanField("Invoices")
    income_account_id = SelectField(
        "Income account for items",
        validators=[InputRequired("Choose the income account for your sales.")],
        validate_choice=False,
    )

    def offer(self, facts: CompanyFacts) -> None:
        """Fill the choices with what the connected company has; without any, nothing is asked."""
        accounts = sorted(facts.income_accounts, key=lambda account: account.name.casefold())
        if not accounts:
            del self.income_account_id
            return
        self.income_account_id.choices = choices = [(account.id, account.name) for account in accounts]
        if self.income_account_id.data not in dict(choices):  # a browser would select the first one silently
            choices.insert(0, ("", "Choose an account"))

    def validate_income_account_id(self, field: SelectField) -> None:
        if field.data not in dict(field.choices):
            raise ValidationError("QuickBooks no longer has this account. Choose another one.")


class LeaveOutForm(FlaskForm):
    reason = text_field("Reason", 200, DataRequired("Write why it is left out."))
