"""Sync Preferences."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired

from app.quickbooks.mapping.facts import CompanyFacts


class PreferencesForm(FlaskForm):
    sync_customers = BooleanField("Customers")
    sync_invoices = BooleanField("Invoices")
    income_account_id = SelectField(
        "Income account for items", validators=[InputRequired("Choose the income account for your sales.")]
    )

    def offer(self, facts: CompanyFacts) -> None:
        """Fill the choices with what the connected company has."""
        accounts = sorted(facts.income_accounts, key=lambda account: account.name.casefold())
        self.income_account_id.choices = [(account.id, account.name) for account in accounts]
