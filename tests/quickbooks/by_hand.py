"""What somebody enters in QuickBooks by hand."""

from app.quickbooks.account.gateway import client_for
from app.quickbooks.api.write import Write


def create(quickbooks, entity: str, **body) -> dict:
    """Somebody makes a record in QuickBooks by hand."""
    client = client_for(quickbooks.connection.id)
    made = Write(bid="1", operation="create", entity=entity, body=body)
    return client.send_one(made, f"by-hand-{entity}-{len(body)}-{body}"[:50]).by_bid["1"]


def enter_by_hand(quickbooks, number: str) -> None:
    """An invoice of $55 for the customer and the item of the only one there."""
    (made,) = quickbooks.books("Invoice")
    item = made["Line"][0]["SalesItemLineDetail"]["ItemRef"]
    line = {"Amount": 55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {"ItemRef": item}}
    create(quickbooks, "Invoice", CustomerRef=made["CustomerRef"], DocNumber=number, Line=[line])
