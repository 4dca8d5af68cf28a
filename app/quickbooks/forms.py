"""Sync Preferences, and the reason for leaving a record out."""

from collections.abc import Iterable
from types import SimpleNamespace

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, ValidationError
from wtforms.validators import DataRequired, InputRequired

from app.activity.models import ActivityKind
from app.activity.recording import differences, record, values_of
from app.invoices.forms.fields import DayField
from app.quickbooks.mapping.facts import Account, CompanyFacts
from app.quickbooks.models import Connection, Preferences
from app.web.form_fields import text_field

NO_LONGER_THERE = "QuickBooks no longer has this account. Choose another one."


_ACCOUNTS = {"income_account_id", "deposit_account_id"}
_PREFERENCES = {
    "sync_customers",
    "sync_invoices",
    "sync_payments",
    "online_payments",
    "send_from",
} | _ACCOUNTS


class PreferencesForm(FlaskForm):
    sync_customers = BooleanField("Customers")
    sync_invoices = BooleanField("Invoices")
    sync_payments = BooleanField("Payments & refunds")
    send_from = DayField("Send invoices dated from", blank=True)
    online_payments = BooleanField("Customers may pay these invoices through QuickBooks")
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

    def write(self, connection: Connection) -> None:
        """After a successful validation; notes what changed."""
        labels = {name: field.label.text for name, field in self._fields.items() if name in _PREFERENCES}
        before = values_of(labels, self._named(connection.preferences))
        self.populate_obj(connection.preferences)
        if changes := differences(labels, before, self._named(connection.preferences)):
            record(
                ActivityKind.QUICKBOOKS,
                "changed the sync preferences",
                connection.company_id,
                changes=changes,
            )

    def _named(self, preferences: Preferences) -> SimpleNamespace:
        """With the accounts' names instead of their ids."""
        named = values_of(_PREFERENCES, preferences)
        for name in _ACCOUNTS & set(self._fields):
            setattr(named, name, dict(self[name].choices).get(getattr(named, name), ""))
        return named

    def offer(self, facts: CompanyFacts) -> None:
        """Fill the choices with what the connected company has; without any, nothing is asked."""
        if not _offer(self.income_account_id, facts.income_accounts):
            del self.income_account_id
        if not _offer(self.deposit_account_id, facts.deposit_accounts):
            del self.deposit_account_id
        if not (facts.has_payments or self.online_payments.object_data):
            del self.online_payments

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
