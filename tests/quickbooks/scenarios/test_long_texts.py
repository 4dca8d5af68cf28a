"""An imported text that is too long for an item's name arrives in QuickBooks whole, under a chosen item."""

import io

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice
from tests.quickbooks import builders

TEXT = (
    "Replaced the condensate pump and flushed the drain line of the unit in the attic; " * 40
)  # 3,280 characters
HEADER = "invoice_number,customer_number,issue_date,due_date,item,unit_price"


def test_the_text_is_the_lines_description(quickbooks, owner):
    builders.customer(owner.company, "Elm Street Bakery", number="C-1")
    file = (io.BytesIO(f"{HEADER}\n9001,C-1,2026-03-02,2026-04-01,{TEXT},149.00\n".encode()), "old.csv")
    preview = owner.post("/invoices/import", {"file": file}).location
    owner.post(preview, {"item_for_long_texts": "Repairs"})
    quickbooks.drain()
    quickbooks.in_order(db.session.scalars(select(Invoice)).one())
    line = quickbooks.invoice("9001")["Line"][0]
    assert line["Description"] == TEXT.strip()
    assert line["SalesItemLineDetail"]["ItemRef"]["name"] == "Repairs"
