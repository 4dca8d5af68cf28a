"""Invoices from a file: all of them, or none and the reasons, line by line."""

import csv
import io
import re
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm.attributes import set_committed_value

from app.accounts.models import Currency, Terms
from app.csv_import import running
from app.csv_import.decoding import MAX_BYTES
from app.csv_import.models import CsvUpload
from app.csv_import.rows import Row
from app.customers.models import ServiceLocation
from app.extensions import db
from app.invoices.csv_import import columns, importer
from app.invoices.csv_import.customers import NamedCustomers
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from tests.invoices import builders

HEADER = "invoice_number,customer_number,issue_date,due_date,item,quantity,unit_price,discount_percent"
GOOD = "10248,C-001,1996-07-04,1996-08-01,Queso,12,14.00,0"


def upload(actor, *rows: str, header: str = HEADER, content: bytes | None = None) -> Any:
    text = "\n".join((header, *rows, "")).encode() if content is None else content
    return actor.post("/invoices/import", {"file": (io.BytesIO(text), "invoices.csv")})


def problems(page) -> list[tuple[str, str]]:
    """(line, message) as the page lists them."""
    rows = re.findall(r"<tr><td[^>]*>(\d+)</td><td[^>]*>.*?</td><td[^>]*>(.*?)</td></tr>", page.text)
    return [(line, message.replace("&#39;", "'")) for line, message in rows]


def stored() -> int:
    return db.session.scalar(select(func.count()).select_from(Invoice))


def test_a_file_is_shown_then_imported_with_one_announcement(owner, bakery, library):
    rows = (
        GOOD,
        "10249,C-002,1996-07-05,1996-08-16,Tofu,9,18.60,0",
        "10248,C-001,1996-07-04,1996-08-01,Mozzarella,5,34.80,15",
        '10250,C-001,1996-07-08,1996-08-05,"Pipe, copper",2.5,"1,000.0375",0.5',
    )
    preview = owner.get(upload(owner, *rows).location)
    assert "Import 3 invoices" in preview.text
    assert "4 lines" in preview.text
    assert "$2,970.89" in preview.text
    assert stored() == 0
    with builders.announcements() as heard:
        response = owner.post(preview.request.path)
    assert response.location == "/invoices"
    invoices = db.session.scalars(select(Invoice).order_by(Invoice.number)).all()
    assert heard == [(owner.company_id, [invoice.id for invoice in invoices])]
    assert [(invoice.number, invoice.customer.name, invoice.total) for invoice in invoices] == [
        ("10248", "Elm Street Bakery", Decimal("315.90")),
        ("10249", "Portland Public Library", Decimal("167.40")),
        ("10250", "Elm Street Bakery", Decimal("2487.59")),
    ]
    assert [line.item for line in invoices[0].lines] == ["Queso", "Mozzarella"]
    for invoice in invoices:
        assert (invoice.status, invoice.terms, invoice.tax_rate) == (InvoiceStatus.GENERATED, None, 0)
        assert invoice.generated_at is not None
    assert "3 invoices were imported." in owner.get("/invoices").text


def test_confirming_twice_imports_once(owner, bakery):
    address = upload(owner, GOOD).location
    assert owner.post(address).status_code == 303
    assert owner.post(address).status_code == 404
    assert stored() == 1
    assert db.session.query(CsvUpload).count() == 0


def test_a_number_taken_since_the_preview_stops_the_import(owner, bakery):
    first, second = upload(owner, GOOD).location, upload(owner, GOOD).location
    owner.post(first)
    response = owner.post(second)
    assert response.status_code == 422
    assert problems(response) == [("2", "An invoice with the number 10248 exists already.")]
    assert stored() == 1


def changed(**cells: str) -> str:
    """The good row with other cells."""
    whole = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | cells
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(whole.values())
    return line.getvalue()


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"invoice_number": ""}, "This cell must not be empty."),
        ({"invoice_number": "9" * 22}, "This is 22 characters long; 21 fit."),
        ({"customer_number": ""}, "This cell must not be empty."),
        ({"customer_number": "NOBODY"}, "There is no customer with the number NOBODY."),
        ({"issue_date": "31/04/1996"}, "This is not a day. Write it like 2026-03-31 or 3/31/2026."),
        ({"issue_date": "19960704"}, "This is not a day. Write it like 2026-03-31 or 3/31/2026."),
        ({"issue_date": "1996-02-30"}, "This is not a day. Write it like 2026-03-31."),
        ({"issue_date": ""}, "This is not a day. Write it like 2026-03-31."),
        ({"due_date": "1996-07-03"}, "This is before the issue date."),
        ({"due_date": "9996-07-03"}, "The year must be between 1900 and 2199."),
        ({"item": " "}, "This cell must not be empty."),
        ({"quantity": "-1"}, "The quantity must be more than zero."),
        ({"quantity": "0"}, "The quantity must be more than zero."),
        ({"quantity": "twelve"}, "This is not a number. Write it like 1234.50."),
        ({"quantity": ""}, "This is not a number. Write it like 1234.50."),
        ({"quantity": "Infinity"}, "This is not a number. Write it like 1234.50."),
        ({"quantity": "1.00001"}, "Use at most 4 decimals."),
        ({"unit_price": "-14.00"}, "This must not be less than zero."),
        ({"unit_price": "$14$"}, "This is not a number. Write it like 1234.50."),
        ({"unit_price": "$"}, "This is not a number. Write it like 1234.50."),
        ({"unit_price": "£14"}, "This is in £, and your company invoices in USD ($)."),
        ({"unit_price": "14 €"}, "This is in €, and your company invoices in USD ($)."),
        ({"discount_percent": "101"}, "A percentage is between 0 and 100."),
        ({"discount_percent": "-1"}, "A percentage is between 0 and 100."),
        ({"discount_percent": ""}, "This is not a number. Write it like 1234.50."),
        ({"quantity": "9999999", "unit_price": "9999"}, "This invoice comes to more than 999,999,999.99."),
    ],
)
def test_every_bad_cell_is_refused_with_its_line(owner, bakery, cells, message):
    response = upload(owner, GOOD, changed(**{"invoice_number": "10249", **cells}))
    assert response.status_code == 422
    assert problems(response) == [("3", message)]
    assert stored() == 0


@pytest.mark.parametrize(
    ("currency", "written", "refused"),
    [
        (Currency.USD, ("$14", "14 $", "14.00"), "14 £"),
        (Currency.CAD, ("$1,014", "1,014$"), "€14"),
        (Currency.GBP, ("£14", "14\u00a0£", "£ 14"), "$14"),
        (Currency.EUR, ("14 €", "€14", "1,014.50 €"), "$14"),
    ],
)
def test_money_has_the_sign_of_the_companys_currency(owner, bakery, currency, written, refused):
    owner.company.currency = currency
    db.session.commit()
    header = f"{HEADER},discount"
    rows = [
        f'1{place},C-001,1996-07-04,1996-08-01,Queso,12,"{cell}",0,"{cell}"'
        for place, cell in enumerate(written)
    ]
    assert f"Import {len(written)} invoices" in owner.get(upload(owner, *rows, header=header).location).text
    wrong = f"This is in {refused.strip('14 ')}, and your company invoices in"
    for row in (
        f"1,C-001,1996-07-04,1996-08-01,Queso,12,{refused},0,",
        f"1,C-001,1996-07-04,1996-08-01,Queso,12,14,0,{refused}",
    ):
        ((_, message),) = problems(upload(owner, row, header=header))
        assert message.startswith(wrong)


def test_rows_of_one_invoice_must_agree(owner, bakery, library):
    rows = (
        GOOD,
        changed(invoice_number="10249", customer_number="C-002"),
        changed(customer_number="C-002"),
        changed(issue_date="1996-07-05"),
        changed(due_date="1996-08-02"),
    )
    assert problems(upload(owner, *rows)) == [
        ("4", "Invoice 10248 has C-001 on line 2, and C-002 here."),
        ("5", "Invoice 10248 has 1996-07-04 on line 2, and 1996-07-05 here."),
        ("6", "Invoice 10248 has 1996-08-01 on line 2, and 1996-08-02 here."),
    ]


def test_a_number_of_the_company_is_refused_and_another_companys_is_not(owner, stranger, bakery):
    owner.post(upload(owner, GOOD).location)
    assert problems(upload(owner, GOOD)) == [("2", "An invoice with the number 10248 exists already.")]
    builders.customer(stranger.company, number="C-001")
    assert upload(stranger, GOOD).status_code == 303


def test_another_companys_customer_is_unknown(stranger, bakery):
    assert problems(upload(stranger, GOOD)) == [("2", "There is no customer with the number C-001.")]


def test_all_problems_are_listed_in_the_files_order(owner, bakery):
    response = upload(
        owner, changed(quantity="0", unit_price="x"), changed(customer_number="NOBODY"), "10250,C-001"
    )
    assert [line for line, _ in problems(response)] == ["2", "2", "3", "3", "4"]
    assert "5 problems in this file" in response.text


@pytest.mark.parametrize(
    "header",
    [
        HEADER.replace(",", ";"),
        "number;customer",
    ],
)
def test_a_wrong_header_is_refused(owner, bakery, header):
    response = upload(owner, GOOD, header=header)
    assert response.status_code == 422
    assert problems(response)[0][0] == "1"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "This file is empty."),
        (HEADER.encode(), "There are no rows below the header."),
        (f"{HEADER}\n{GOOD}\n".encode() + b"10249,\xe9\n", "Line 3 has characters that are not UTF-8."),
        (f"{HEADER}\n{GOOD}\0\n".encode(), "NUL"),
        (f'{HEADER}\n"never closed\n'.encode(), "check its quotation marks"),
        (b"x" * (MAX_BYTES + 1), "Files up to 10 MB can be imported."),
    ],
)
def test_what_is_no_csv_file_is_refused(owner, bakery, content, words):
    response = upload(owner, content=content)
    assert response.status_code == 422
    assert words in response.text
    assert stored() == 0


def test_no_file_at_all(owner):
    response = owner.post("/invoices/import", {})
    assert response.status_code == 422
    assert "Choose a CSV file first." in response.text


def test_an_invoice_has_at_most_two_hundred_lines(owner, bakery):
    assert problems(upload(owner, *[GOOD] * 201)) == [("202", "An invoice has at most 200 lines.")]


def test_all_texts_of_an_invoice_together_have_a_limit(owner, bakery):
    rows = [f"{GOOD},{'x' * 3995}" for _ in range(12)]
    header = f"{HEADER},description"
    assert upload(owner, *rows, f"{GOOD},{'x' * 1995}", header=header).status_code == 303
    said = "The items, descriptions and notes of an invoice have at most 50,000 characters together."
    assert problems(upload(owner, *rows, f"{GOOD},{'x' * 1996}", header=header)) == [
        ("2", f"{said} These have 50,001.")
    ]
    assert "4000 fit" in upload(owner, f"{GOOD},{'x' * 4001}", header=f"{HEADER},notes").text


class Label(str):
    """Counts how often somebody compares it."""

    compared = 0

    def casefold(self) -> str:
        Label.compared += 1
        return super().casefold()


def test_a_customers_locations_are_looked_through_once(owner, bakery):
    bakery.locations = [ServiceLocation(label=f"Unit {place}") for place in range(20)]
    db.session.commit()
    for place in bakery.locations:
        set_committed_value(place, "label", Label(place.label))
    rows = (f"{1000 + number},{GOOD.partition(',')[2]},unit {number % 20}" for number in range(50))
    found = importer.check(owner.company, "\n".join((f"{HEADER},location", *rows)))
    assert [one.location_id for one in found.invoices[:20]] == [place.id for place in bakery.locations]
    assert Label.compared <= 20


def test_the_template_can_be_imported_as_it_is(owner, bakery):
    template = owner.get("/invoices/import/template")
    assert template.mimetype == "text/csv"
    address = upload(owner, content=template.data).location
    owner.post(address)
    assert db.session.scalar(select(Invoice.total)) == Decimal("183.35")  # less 10 %, plus 5.5 % tax


def test_the_columns_are_those_of_the_file_format():
    needed = {column.name for column in columns.COLUMNS if not column.optional}
    assert needed == set(HEADER.split(",")) - {"quantity", "discount_percent"}


def test_a_big_file_is_imported_to_the_cent(owner, bakery):
    rows = [
        changed(
            invoice_number=str(number), quantity=str(line), unit_price=f"{number}.35", discount_percent="5"
        )
        for line in (1, 2, 3)
        for number in range(1000)
    ]
    preview = upload(owner, *rows).location
    owner.post(preview)
    running.run(int(preview.rpartition("/")[2]))
    expected = sum(
        (Decimal(number * 100 + 35) * line * 95 + 50) // 100 for line in (1, 2, 3) for number in range(1000)
    )
    assert db.session.scalar(select(func.sum(Invoice.total))) == expected / 100
    assert db.session.scalar(select(func.count()).select_from(InvoiceLine)) == 3000


def test_another_persons_upload_cannot_be_imported(owner, stranger, bakery):
    address = upload(owner, GOOD).location
    assert stranger.get(address).status_code == 404
    assert stranger.post(address).status_code == 404
    assert stored() == 0


MORE = f"{HEADER},description,tax_rate,discount,terms,notes"


def test_columns_that_may_be_left_out_say_what_the_form_says(owner, bakery):
    rows = (
        f"{GOOD},A wheel of it,5.5%,10%,net 30,Gate code 4711",
        "10248,C-001,1996-07-04,1996-08-01,Mozzarella,5,34.80,0,,,,,",
    )
    preview = owner.get(upload(owner, *rows, header=MORE).location)
    assert "$324.73" in preview.text  # (168 + 174) less 10 %, and 5.5 % of 307.80
    owner.post(preview.request.path)
    invoice = db.session.scalars(select(Invoice)).one()
    assert [line.description for line in invoice.lines] == ["A wheel of it", ""]
    assert (invoice.discount_total, invoice.tax_total) == (Decimal("34.20"), Decimal("16.93"))
    assert (invoice.total, invoice.terms, invoice.notes) == (
        Decimal("324.73"),
        Terms.NET_30,
        "Gate code 4711",
    )
    assert invoice.due_date.isoformat() == "1996-08-01"


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("tax_rate", "much", "This is not a number. Write it like 1234.50."),
        ("tax_rate", "101", "A percentage is between 0 and 100."),
        ("discount", "110%", "A percentage is between 0 and 100."),
        ("discount", "-5", "This must not be less than zero."),
        ("discount", "168.01", "The discount is more than the lines come to."),
        ("terms", "Net 7", "Terms are one of: Due on receipt, Net 15, Net 30, Net 60."),
        ("description", "x" * 4001, "This is 4001 characters long; 4000 fit."),
        ("notes", "x" * 4001, "This is 4001 characters long; 4000 fit."),
    ],
)
def test_a_bad_cell_of_theirs_is_refused_too(owner, bakery, column, cell, message):
    response = upload(owner, f"{GOOD},{cell}", header=f"{HEADER},{column}")
    assert response.status_code == 422
    assert problems(response) == [("2", message)]


@pytest.mark.parametrize(("number", "sign"), [('"10\n248"', "U+000A"), ("10\u202e248", "U+202E")])
def test_a_number_that_cannot_be_printed_is_refused(owner, bakery, number, sign):
    response = upload(owner, GOOD.replace("10248", number))
    assert response.status_code == 422
    message = f"This has a character that cannot be printed ({sign}). Take it out of the number."
    assert problems(response) == [("2", message)]


@pytest.mark.parametrize("number", ["2025\u201317", "№ 7", "R/7 (b)"])
def test_other_products_number_as_they_like(owner, bakery, number):
    owner.post(upload(owner, GOOD.replace("10248", number)).location)
    assert db.session.scalars(select(Invoice.number)).all() == [number]


@pytest.mark.parametrize(
    ("column", "first", "second", "message"),
    [
        ("tax_rate", "5", "6", "Invoice 10248 has 5 on line 2, and 6 here."),
        ("tax_rate", "0", "8.25", "Invoice 10248 has 0 on line 2, and 8.25 here."),
        ("discount", "10%", "10", "Invoice 10248 has 10% on line 2, and 10.00 here."),
        ("terms", "Net 15", "Net 30", "Invoice 10248 has Net 15 on line 2, and Net 30 here."),
        ("notes", "one", "two", "Invoice 10248 has other notes on line 2."),
    ],
)
def test_rows_of_one_invoice_agree_there_or_say_nothing(owner, bakery, column, first, second, message):
    header = f"{HEADER},{column}"
    response = upload(owner, f"{GOOD},{first}", f"{GOOD},", f"{GOOD},{second}", header=header)
    assert problems(response) == [("4", message)]
    assert upload(owner, f"{GOOD},", f"{GOOD},{second}", header=header).status_code == 303


@pytest.mark.parametrize(
    ("column", "said"), [("customer_number", "C-{}"), ("customer_name", "elm street bakery {}")]
)
def test_seventy_thousand_customers_are_asked_for_at_once(owner, column, said):
    """A file has up to 100,000, and PostgreSQL takes 65,535 parameters."""
    one = builders.customer(owner.company, "Elm Street Bakery 9001", number="C-9001")
    rows = [Row(n + 2, {column: said.format(n)}) for n in range(70_000)]
    customers = NamedCustomers(owner.company, rows)
    assert customers.of(rows[9001]) == one
    assert customers.of(rows[9002]) is None


def test_an_invoice_has_one_customer_however_its_rows_name_them(owner, bakery, library):
    """One by number, the other by name; the location is one of the second's."""
    header = f"{HEADER},customer_name"
    rows = (f"{GOOD},", "10248,,1996-07-04,1996-08-01,Tofu,1,9.00,0,Portland Public Library")
    found = problems(upload(owner, *rows, header=header))
    assert found == [
        ("3", "Invoice 10248 is for Elm Street Bakery on line 2, and for Portland Public Library here.")
    ]


def test_who_is_exempt_is_billed_no_tax(owner, library):
    row = "10249,C-002,1996-07-05,1996-08-16,Tofu,9,18.60,0"
    assert problems(upload(owner, f"{row},5.5", header=f"{HEADER},tax_rate")) == [
        ("2", "Portland Public Library is tax-exempt. Empty this cell.")
    ]
    assert problems(upload(owner, f"{row},0", header=f"{HEADER},tax_rate")) == []


def test_lines_of_a_cell_end_as_those_of_the_form(owner, bakery):
    """Else a save that changes nothing would count as a change."""
    header = HEADER.replace("item", "notes,item")
    row = GOOD.replace("Queso", '"One\r\nTwo",Queso')
    owner.post(upload(owner, row, header=header).location)
    assert db.session.scalar(select(Invoice.notes)) == "One\nTwo"
