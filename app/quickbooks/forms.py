"""Sync Preferences, and the reason for leaving a record out."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.quickbooks.mapping.facts import Account, CompanyFacts
from app.web.form_fields import text_field

NO_LONGER_THERE = "QuickBooks no longer has this account. Choose another one."


class PreferencesForm(FlaskForm):
    sync_customers = BooleanField("Customers")
    sync_invoices = BooleanField("Invoices")
    sync_payments = BooleanField("Payments & refunds")
    income_account_id = SelectField(
        "Income account for items",
        validators=[InputRequired("Choose the income account for your sales.")],
        validate_choice=False,
    )
    deposit_account_id = SelectField(
        "Account for payments and refunds",
        filters=[lambda chosen: chosen or None],
        validate_choice=False,
    )

    def offer(self, facts: CompanyFacts) -> None:
        """Fill the choices with what the connected company has; without any, nothing is asked."""
        if not _offer(self.income_account_id, facts.income_accounts):
            del self.income_account_id
        if not _offer(self.deposit_account_id, facts.deposit_accounts):
            del self.deposit_account_id

    def validate_income_account_id(self, field: SelectField) -> None:
        if field.data not in dict(field.choices):
            raise ValidationError(NO_LONGER_THERE)

    def validate_deposit_account_id(self, field: SelectField) -> None:
        if not self.sync_payments.data:
            return
        if not field.data:
            raise ValidationError("Choose where payments go and refunds come from.")
        if field.data not in dict(field.choices):
            raise ValidationError(NO_LONGER_THERE)


def _offer(field: SelectField, accounts: Iterable[Account]) -> bool:
    listed = sorted(accounts, key=lambda account: account.name.casefold())
    field.choices = choices = [(account.id, account.name) for account in listed]
    if field.data not in dict(choices):  # a browser would select the first one silently
        choices.insert(0, ("", "Choose an account"))
    return bool(listed)


class LeaveOutForm(FlaskForm):
    reason = text_field("Reason", 200, DataRequired("Write why it is left out."))
