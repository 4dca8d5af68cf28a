"""An invoice has its company's currency, so the company keeps it once somebody outside knows an invoice."""

from markupsafe import Markup
from sqlalchemy import select

from app.accounts.models import Company
from app.extensions import db
from app.invoices.models import Invoice


def objection(company: Company) -> Markup:
    """Fills the slot of Settings → Company; nothing while there are only drafts."""
    agreed = select(Invoice.id).where(Invoice.company_id == company.id, Invoice.generated_at.is_not(None))
    if db.session.scalar(agreed.limit(1)) is None:
        return Markup()
    return Markup("There are invoices in {}: the currency can no longer be changed.").format(
        company.currency.value
    )
