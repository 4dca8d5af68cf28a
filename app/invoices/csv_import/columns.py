"""The columns of an invoice file: our names, and those of other products' exports.

`heads` are what the exports call the same thing, the likeliest first. They come from:
QuickBooks: its file for many invoices ("*InvoiceNo", "Item(Product/Service)", "ItemRate"), as programs write
it, and the heads of its reports of transactions ("Num", "Customer full name", "Product/Service full name").
Jobber: the heads of its invoice report ("Invoice #", "Client name", "Issued date").
Housecall Pro: its help page 2999685 ("Exported report breakdown": "Invoice Number", "Customer").
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from app.accounts.models import Currency
from app.csv_import.columns import Column, text
from app.invoices import typed_numbers
from app.invoices.csv_import import cells

ITEM_LIMIT = 100
TEXT_LIMIT = 4000

_text_of_number = text(21, required=True)


def _number(cell: str) -> str:
    """As another product gives them, but in print: a number names a file, and stands on one line."""
    number = _text_of_number(cell)
    for sign in number:
        if not sign.isprintable():
            raise ValueError(
                f"This has a character that cannot be printed (U+{ord(sign):04X}). Take it out of the number."
            )
    return number


COLUMNS = (
    Column(
        "invoice_number",
        _number,
        label="Invoice number",
        heads=("InvoiceNo", "Invoice no.", "Invoice #", "Invoice number", "Invoice", "Num", "No."),
    ),
    Column(
        "customer_number",
        text(40),
        label="Number of the customer",
        heads=("Customer number", "Customer no.", "Account no."),
        instead="customer_name",
    ),
    Column(
        "customer_name",
        text(200),
        optional=True,
        label="Name of the customer",
        heads=(
            "Customer",
            "Customer full name",
            "Customer name",
            "Client name",
            "Client",
            "Display name",
            "Bill to",
        ),
    ),
    Column(
        "issue_date",
        cells.day,
        label="Issue date",
        heads=(
            "InvoiceDate",
            "Invoice date",
            "Issued date",
            "Issue date",
            "Issued",
            "Date",
            "Transaction date",
        ),
    ),
    Column("due_date", cells.day, label="Due date", heads=("DueDate", "Due date", "Invoice due date", "Due")),
    Column(
        "item",
        text(TEXT_LIMIT, required=True),
        label="Item",
        heads=(
            "Item(Product/Service)",
            "Product/Service full name",
            "Product/Service",
            "Line item",
            "Line items",
            "Item name",
            "Item",
            "ItemDescription",
        ),
    ),
    Column(
        "quantity",
        typed_numbers.quantity,
        optional=True,
        absent="1",
        label="Quantity",
        heads=("ItemQuantity", "Quantity", "Qty"),
    ),
    Column(
        "unit_price",
        cells.price,
        label="Unit price",
        heads=("ItemRate", "Unit price", "Sales price", "Rate", "Price"),
        totals=("ItemAmount", "Amount"),
        times="quantity",
    ),
    Column(
        "discount_percent", typed_numbers.percent, optional=True, absent="0", label="Discount of the line, %"
    ),
    Column("location", text(80), optional=True, label="Label of the service location"),
    Column(
        "description",
        text(TEXT_LIMIT),
        optional=True,
        label="Description",
        heads=("ItemDescription", "Item description", "Description", "Memo/Description"),
    ),
    Column("tax_rate", cells.tax_rate, optional=True, label="Tax rate, %", heads=("TaxRate", "Tax rate")),
    Column("discount", cells.discount, optional=True, label="Discount of the invoice", heads=("Discount",)),
    Column("terms", cells.terms, optional=True, label="Terms", heads=("Terms",)),
    Column(
        "notes", text(TEXT_LIMIT), optional=True, label="Notes", heads=("Memo", "Customer message", "Notes")
    ),
)

_MONEY: dict[str, Callable[..., Any]] = {"unit_price": cells.price, "discount": cells.discount}


def columns_in(currency: Currency) -> tuple[Column, ...]:
    """With money of that currency."""
    money = {name: partial(parse, currency=currency) for name, parse in _MONEY.items()}
    return tuple(replace(column, parse=money.get(column.name, column.parse)) for column in COLUMNS)
