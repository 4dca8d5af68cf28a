"""Payment terms that QuickBooks lacks, made there when the Owner asks for it."""

import uuid

from app.accounts.models import Terms
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.api.errors import Fault
from app.quickbooks.api.write import Write
from app.quickbooks.lane.facts import read_facts


class NotMade(Exception):
    """QuickBooks refused; the text says why, in its words."""


def make(connection_id: int, terms: Terms) -> None:
    """Unless somebody has made them there meanwhile; then the company is read again. Commits.

    Raises NotMade, ApiError and TokenError.
    """
    client = impatient_client_for(connection_id)
    if terms.label.casefold() in {str(one["Name"]).casefold() for one in client.query_all("Term")}:
        read_facts(connection_id, client)
        return
    body = {"Name": terms.label, "DueDays": terms.days}
    write = Write(bid="1", operation="create", entity="Term", body=body)
    answer = client.send_one(write, str(uuid.uuid4())).by_bid["1"]
    if isinstance(answer, Fault):
        raise NotMade(answer.message)
    read_facts(connection_id, client)
