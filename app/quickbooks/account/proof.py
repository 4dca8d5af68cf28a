"""A realm is proven before it is saved. Its number comes in an address that anybody can edit; what QuickBooks opens
to the new token, nobody can.
"""

from app.quickbooks.account.gateway import client_of_grant
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.errors import Refused, Unauthorized
from app.quickbooks.api.oauth import Tokens
from app.quickbooks.api.record import RemoteRecord


class NotOpened(Exception):
    """QuickBooks does not open this company to the grant: it was given for another one, or not at all."""


@reading_for("company")
def prove(realm_id: str, granted: Tokens) -> RemoteRecord:
    """CompanyInfo of the company that the grant opens. Raises NotOpened, and ApiError when QuickBooks does not
    say.
    """
    try:
        return client_of_grant(realm_id, granted.access_token).company_info()
    except (Refused, Unauthorized) as error:
        raise NotOpened(str(error)) from error
