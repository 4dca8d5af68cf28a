"""Files whose columns another product named: proposed, chosen by a person, and remembered."""

import csv
import io
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from app.csv_import import mapping
from app.csv_import.models import CsvMapping, CsvUpload
from app.customers.csv_import import columns as customer_columns
from app.customers.models import Customer
from app.extensions import db
from app.invoices.csv_import import columns as invoice_columns
from app.invoices.models import Invoice
from tests.invoices import builders

QUICKBOOKS = (
    "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Terms,Memo,"
    "Item(Product/Service),ItemDescription,ItemQuantity,ItemRate,*ItemAmount,Service Date"
)
QUICKBOOKS_ROW = (
    "7001,elm street bakery,3/2/2026,4/1/2026,Net 30,Gate 4711,Tune-up,Cleaned,2,74.50,149.00,3/1/2026"
)
JOBBER_CLIENTS = (
    "J-ID,Display Name,First Name,Last Name,Company Name,Main Phone #s,"
    "E-mails,Service Street 1,Service City,Service State,Service Zip,Service Country,Archived"
)
HOUSECALL_CLIENTS = (
    "ID,First Name,Last Name,Display Name,Mobile Number,Home Number,"
    "Email,Company,Notes,Address_1 Street Line 1,Address_1 City,Address_1 State,Address_1 Postal Code"
)


@pytest.fixture
def bakery(owner):
    return builders.customer(owner.company, "Elm Street Bakery", number="C-001")


def upload(actor, room: str, *rows: str) -> Any:
    file = (io.BytesIO("\n".join((*rows, "")).encode()), "export.csv")
    return actor.post(f"/{room}/import", {"file": file})


def shown(page: str) -> dict[str, str]:
    """The head that each select shows."""
    selects = re.findall(r'<select[^>]* name="(\w+)".*?</select>', page, re.DOTALL)
    bodies = re.findall(r"<select.*?</select>", page, re.DOTALL)
    return {
        name: (re.findall(r"<option selected>(.*?)</option>", body) or [""])[0]
        for name, body in zip(selects, bodies, strict=True)
    }


@pytest.mark.parametrize("room", ["customers", "invoices"])
@pytest.mark.parametrize(
    ("heads", "said"),
    [
        ([f"Head {place}" for place in range(201)], "This file has 201 columns."),
        ([str(place) for place in range(60_000)], "This file has 60,000 columns."),
        (["Name", "x" * 201], "The name of column 2 is longer than 200 characters."),
    ],
)
def test_a_header_that_no_page_can_show_is_refused_beside_the_field(owner, room, heads, said):
    answer = upload(owner, room, ",".join(heads), ",".join("1" for _ in heads))
    assert answer.status_code == 422
    assert said in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert len(answer.data) < 50_000
    assert db.session.scalar(select(CsvUpload)) is None


def test_two_hundred_columns_fit(owner):
    heads = ["Customer name", *("x" * 197 + f"{place:03}" for place in range(199))]
    behind = "," * 16_384
    answer = upload(owner, "customers", ",".join(heads) + behind, ",".join("1" for _ in heads) + behind)
    assert answer.location.endswith("/columns")
    assert owner.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    ("heads", "columns", "expected"),
    [
        (
            QUICKBOOKS,
            invoice_columns.COLUMNS,
            {
                "invoice_number": "*InvoiceNo",
                "customer_name": "*Customer",
                "issue_date": "*InvoiceDate",
                "due_date": "*DueDate",
                "item": "Item(Product/Service)",
                "description": "ItemDescription",
                "quantity": "ItemQuantity",
                "unit_price": "ItemRate",
                "terms": "Terms",
                "notes": "Memo",
            },
        ),
        (
            JOBBER_CLIENTS,
            customer_columns.COLUMNS,
            {
                "display_name": "Display Name",
                "given_name": "First Name",
                "family_name": "Last Name",
                "address": "Service Street 1",
                "city": "Service City",
                "region": "Service State",
                "postal_code": "Service Zip",
                "country": "Service Country",
                "phone": "Main Phone #s",
                "email": "E-mails",
            },
        ),
        (
            HOUSECALL_CLIENTS,
            customer_columns.COLUMNS,
            {
                "display_name": "Display Name",
                "given_name": "First Name",
                "family_name": "Last Name",
                "address": "Address_1 Street Line 1",
                "city": "Address_1 City",
                "region": "Address_1 State",
                "postal_code": "Address_1 Postal Code",
                "phone": "Mobile Number",
                "email": "Email",
                "notes": "Notes",
            },
        ),
    ],
)
def test_heads_of_other_products_are_known_in_any_order(heads, columns, expected):
    for order in (heads.split(","), heads.split(",")[::-1]):
        proposed = mapping.proposed(order, columns)
        assert {name: head for name, head in proposed.items() if head} == expected


def test_a_quickbooks_file_is_mapped_imported_and_remembered(owner, bakery):
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location)
    assert shown(page.text)["unit_price"] == "ItemRate"
    assert "elm street bakery" in page.text
    assert "2 columns of your file are left out" in page.text
    preview = owner.get(owner.post(page.request.path, shown(page.text)).location)
    assert "2 columns are left out: *ItemAmount, Service Date." in preview.text
    owner.post(preview.request.path)
    invoice = db.session.scalars(select(Invoice)).one()
    assert (invoice.number, invoice.customer.name, str(invoice.total)) == (
        "7001",
        "Elm Street Bakery",
        "149.00",
    )
    assert (str(invoice.issue_date), invoice.lines[0].description) == ("2026-03-02", "Cleaned")

    backwards = [
        ",".join(line.split(",")[::-1]) for line in (QUICKBOOKS, QUICKBOOKS_ROW.replace("7001", "7002"))
    ]
    again = upload(owner, "invoices", *backwards)
    assert not again.location.endswith("columns")
    assert "Ready to import 1 invoice" in owner.get(again.location).text


def test_a_required_column_without_a_head_is_said_beside_it_and_loses_nothing(owner, bakery):
    heads = QUICKBOOKS.replace("*DueDate", "Payable").replace("*Customer", "Whom")
    page = owner.get(upload(owner, "invoices", heads, QUICKBOOKS_ROW).location)
    chosen = shown(page.text) | {"notes": "Payable"}
    answer = owner.post(page.request.path, chosen)
    assert answer.status_code == 422
    assert shown(answer.text) == chosen
    for name, sentence in (
        ("due_date", "Choose the column that holds this."),
        ("customer_number", "Choose a column for this, or one for “Name of the customer”."),
    ):
        note = re.search(rf'id="{name}-note">(.*?)<', answer.text)
        assert note
        assert note[1].startswith(sentence)
    assert db.session.query(CsvMapping).count() == 0


def test_problems_are_told_beside_the_choice_in_the_files_own_words(owner, bakery):
    row = QUICKBOOKS_ROW.replace("3/2/2026", "13/2/2026").replace("elm street bakery", "Nobody")
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, row).location)
    refused = owner.get(owner.post(page.request.path, shown(page.text)).location)
    assert refused.status_code == 422
    assert "<code>*InvoiceDate</code>" in refused.text
    assert "There is no customer called Nobody." in refused.text
    assert shown(refused.text)["issue_date"] == "*InvoiceDate"


OPEN_QUOTE = '7002,"' + "x" * (csv.field_size_limit() + 1)


def test_examples_end_where_a_line_cannot_be_read():
    content = "\n".join((" , ", QUICKBOOKS, QUICKBOOKS_ROW, OPEN_QUOTE))
    found = mapping.examples(content)
    assert list(found) == QUICKBOOKS.split(",")
    assert found["*InvoiceNo"] == ["7001"]


def test_an_open_quotation_mark_is_told_beside_the_choice(owner, bakery):
    """Also where the company chose these columns before, and no page of the choice came first."""
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW, OPEN_QUOTE).location)
    assert page.status_code == 200
    assert "elm street bakery" in page.text
    chosen = shown(page.text)
    known = owner.post(page.request.path, chosen).location
    again = upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW, OPEN_QUOTE).location
    assert not again.endswith("columns")
    for address in (known, again):
        refused = owner.get(address)
        assert refused.status_code == 422
        assert "check its quotation marks" in refused.text
        assert shown(refused.text) == chosen


def test_two_customers_of_one_name_are_not_guessed(owner, bakery):
    builders.customer(owner.company, "Elm Street BAKERY", number="C-77")
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location)
    refused = owner.get(owner.post(page.request.path, shown(page.text)).location)
    assert "2 customers are called elm street bakery." in refused.text


TOTALS = "*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Item(Product/Service),ItemQuantity,*ItemAmount"
TOTALS_ROW = "7001,Elm Street Bakery,3/2/2026,4/1/2026,Tune-up,2,149.00"
TIMES = "“*ItemAmount” is known as the total of a line, and it would be multiplied by the quantity."


@pytest.mark.parametrize("total", ["*ItemAmount", "Amount"])
def test_the_total_of_a_line_is_the_price_of_one_only_where_nothing_says_how_many(total):
    heads = TOTALS.replace("*ItemAmount", total).split(",")
    for order in (heads, heads[::-1]):
        proposed = mapping.proposed(order, invoice_columns.COLUMNS)
        assert (proposed["quantity"], proposed["unit_price"]) == ("ItemQuantity", "")
        order.remove("ItemQuantity")
        assert mapping.proposed(order, invoice_columns.COLUMNS)["unit_price"] == total


def test_the_total_of_a_line_is_not_multiplied_by_the_quantity(owner, bakery):
    page = owner.get(upload(owner, "invoices", TOTALS, TOTALS_ROW).location)
    note = re.search(r'id="unit_price-note">(.*?)<', page.text)
    assert note
    assert note[1].startswith("“*ItemAmount” is known as the total of a line.")
    chosen = shown(page.text) | {"unit_price": "*ItemAmount"}
    refused = owner.get(owner.post(page.request.path, chosen).location)
    assert refused.status_code == 422
    assert TIMES in refused.text
    assert shown(refused.text) == chosen
    preview = owner.get(owner.post(page.request.path, chosen | {"quantity": ""}).location)
    assert "come to <strong>$149.00</strong>" in preview.text


def test_what_was_chosen_for_the_total_of_a_line_before_is_not_used_silently(owner, bakery):
    chosen = mapping.proposed(TOTALS.split(","), invoice_columns.COLUMNS) | {"unit_price": "*ItemAmount"}
    mapping.remember(owner.company_id, "invoices", TOTALS.split(","), chosen)
    db.session.commit()
    address = upload(owner, "invoices", TOTALS, TOTALS_ROW).location
    for answer in (owner.get(address), owner.post(address)):
        assert answer.status_code == 422
        assert TIMES in answer.text
        assert shown(answer.text) == chosen
    assert db.session.query(Invoice).count() == 0


def test_jobbers_clients_arrive(owner):
    mails = '"rosa@elm.example, ap@elm.example"'
    row = f'J1,Elm Street Bakery,Rosa,Martin,Elm,503 555,{mails},12 Elm Street,Portland,OR,="07205",USA,false'
    page = owner.get(upload(owner, "customers", JOBBER_CLIENTS, row).location)
    preview = owner.get(owner.post(page.request.path, shown(page.text)).location)
    assert "3 columns are left out: J-ID, Company Name, Archived." in preview.text
    owner.post(preview.request.path)
    customer = db.session.scalars(select(Customer)).one()
    assert (customer.name, customer.email, customer.phone) == (
        "Elm Street Bakery",
        "rosa@elm.example",
        "503 555",
    )
    assert customer.locations[0].postal_code == "07205"


def test_another_choice_shows_other_examples_at_once(owner, bakery):
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location)
    query = shown(page.text) | {"notes": "Service Date"}
    part = owner.htmx("GET", f"{page.request.path}?{urlencode(query)}")
    assert "<html" not in part.text
    assert shown(part.text)["notes"] == "Service Date"


def test_a_file_that_nobody_mapped_is_not_imported(owner, bakery):
    address = upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location.removesuffix("/columns")
    assert owner.get(address).location.endswith("/columns")
    assert owner.post(address).location.endswith("/columns")
    assert db.session.query(Invoice).count() == 0
    assert db.session.query(CsvUpload).count() == 1


def test_what_a_company_chose_is_its_own(owner, stranger, bakery):
    page = owner.get(upload(owner, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location)
    owner.post(page.request.path, shown(page.text))
    assert upload(stranger, "invoices", QUICKBOOKS, QUICKBOOKS_ROW).location.endswith("/columns")


LONG = "Replaced the condensate pump; flushed the drain line and tested the float switch; " * 3


def long_file(owner, item: str = LONG) -> str:
    heads = "invoice_number,customer_number,issue_date,due_date,item,unit_price,description"
    row = f"9001,C-001,2026-03-02,2026-04-01,{item},149.00,By Rosa"
    return upload(owner, "invoices", heads, row).location


def test_a_long_item_text_is_kept_whole_under_an_item_of_choice(owner, bakery):
    builders.invoice(bakery)
    preview = owner.get(long_file(owner))
    assert "1 item text is longer than 100 characters" in preview.text
    assert 'value="Services"' in preview.text
    refused = owner.post(preview.request.path, {"item_for_long_texts": "x" * 101})
    assert refused.status_code == 422
    assert "This is 101 characters long; 100 fit." in refused.text
    assert f'value="{"x" * 101}"' in refused.text
    assert owner.post(preview.request.path, {"item_for_long_texts": "Repairs"}).location == "/invoices"
    line = db.session.scalars(select(Invoice).filter_by(number="9001")).one().lines[0]
    assert (line.item, line.description) == ("Repairs", f"{LONG.strip()}\nBy Rosa")


def test_a_text_that_no_description_holds_is_said(owner, bakery):
    answer = upload(
        owner,
        "invoices",
        "invoice_number,customer_number,issue_date,due_date,item,unit_price,description",
        f"9001,C-001,2026-03-02,2026-04-01,{'x' * 3999},149.00,By Rosa",
    )
    assert "With its description this comes to 4,007 characters; 4,000 fit." in answer.text
