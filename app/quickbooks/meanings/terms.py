"""Payment terms that QuickBooks lacks, made there when the Owner asks for it."""

from app.accounts.models import Terms
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.meanings import making


def make(connection_id: int, terms: Terms) -> None:
    """Unless somebody has made them there meanwhile; then the company is read again. Commits.

    Raises NotMade, ApiError and TokenError.
    """
    client = impatient_client_for(connection_id)
    if terms.label.casefold() in {str(one["Name"]).casefold() for one in client.query_all("Term")}:
        read_facts(connection_id, client)
        return
    making.make(client, "Term", {"Name": terms.label, "DueDays": terms.days})
    read_facts(connection_id, client)
