"""Whom QuickBooks counts an invoice's sales tax for, in a sentence."""

from app.quickbooks.account import company
from app.quickbooks.mapping import jurisdictions
from app.quickbooks.models import Connection, RemoteLink


def told(connection: Connection, link: RemoteLink | None) -> str:
    """Empty where no tax is counted by place. What has no name is said to have none: nothing would look as if there
    were no tax.
    """
    if link is None or not company.taxes_by_place(connection):
        return ""
    names = list(jurisdictions.all_taxes(link.memory.seen, company.rate_names(connection)))
    named = [name for name in names if name != jurisdictions.UNNAMED]
    if named:
        return f"QuickBooks counts its sales tax for {'; '.join(named)}."
    return "QuickBooks does not tell whom it counts its sales tax for." if names else ""
