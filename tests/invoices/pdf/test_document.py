"""An invoice on paper, read back from the file: nothing missing, nothing broken, heads on every page."""

from urllib.parse import unquote

import pypdfium2
import pytest
from werkzeug.http import parse_options_header

from app.accounts.models import Currency
from app.extensions import db
from app.invoices import pdf
from app.invoices.models import Invoice, InvoiceStatus
from tests.invoices.builders import customer, invoice, line

HEADS = ("Item", "Quantity", "Unit price", "Discount", "Amount")


def pages(content: bytes) -> list[str]:
    with pypdfium2.PdfDocument(content) as document:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(text.get_text_range().replace("\r\n", "\n"))
            text.close()
            page.close()
        return texts


def size(content: bytes) -> tuple[int, int]:
    with pypdfium2.PdfDocument(content) as document:
        return tuple(round(side) for side in document.get_page_size(0))


def test_a_short_invoice_says_everything_on_one_page(app, owner):
    owner.company.address = "12 Harbor Street\nPortland, ME 04101"
    bill = invoice(
        customer(owner.company, "Żółć & Söhne", contact_given_name="Ελένη", contact_family_name="Кузнецова"),
        line("Service call", "1.5", "99.95", "10"),
        status=InvoiceStatus.PARTIALLY_PAID,
        notes="Thank you.\nPay by transfer.",
    )
    (page,) = pages(pdf.render(bill))
    for text in (
        *("Harbor Heating", "12 Harbor Street", "Portland, ME 04101"),
        *("Żółć & Söhne", "Ελένη Кузнецова", bill.number, "Mar 2, 2026", "Apr 1, 2026"),
        *("Service call", "1.5", "$99.95", "10 %", "$134.93"),
        *("Total (USD)", "-$67.47", "$67.46", "Thank you.", "Pay by transfer.", "Page 1 of 1"),
    ):
        assert text in page, text
    assert "VOID" not in page


def rightmost(content: bytes) -> float:
    """The right edge of the letter that goes furthest, in points."""
    with pypdfium2.PdfDocument(content) as document:
        text = document[0].get_textpage()
        edge = max(text.get_charbox(place)[2] for place in range(text.count_chars()))
        text.close()
        return edge


@pytest.mark.parametrize("count", [14, 15, 16, 33, 50, 200])
def test_every_page_has_its_heads_and_no_line_is_lost(app, owner, count):
    lines = [line(f"Item {n:03}", str(n), "1.00") for n in range(1, count + 1)]
    written = pages(pdf.render(invoice(customer(owner.company), *lines)))
    assert all(head in page for page in written for head in HEADS)
    assert [f"Page {n} of {len(written)}" in page for n, page in enumerate(written, 1)] == [True] * len(
        written
    )
    for n in range(1, count + 1):
        (page,) = [page for page in written if f"Item {n:03}" in page]
        assert f"Item {n:03} {n} $1.00 ${n:,.2f}" in " ".join(page.split()), n
    assert "Total (USD)" in written[-1]
    assert f"Item {count:03}" in written[-1]  # the sums are never alone


def test_a_row_taller_than_a_page_is_cut_and_nothing_of_it_is_lost(app, owner):
    bill = invoice(customer(owner.company), line("First"), line("Long"), line("Last"))
    bill.lines[1].description = "\n".join(f"word-{n:03}" for n in range(180))
    written = pages(pdf.render(bill))
    together = "\n".join(written)
    assert all(together.count(f"word-{n:03}") == 1 for n in range(180))
    assert all(head in page for page in written for head in HEADS)
    assert together.count("Long") == 1


def test_long_names_stay_on_the_paper(app, owner):
    owner.company.name = "Ö" * 200
    db.session.commit()
    bill = invoice(customer(owner.company, "W" * 200), line("X" * 100, "99999999", "9999.9999"))
    content = pdf.render(bill)
    assert rightmost(content) <= 612 - 50  # the margin is 51 points
    together = "".join("".join(pages(content)).split())
    assert "Ö" * 200 in together
    assert "W" * 200 in together
    assert "X" * 100 in together
    assert "$999,999,980,000.00" in together


@pytest.mark.parametrize("status", [InvoiceStatus.DRAFT, InvoiceStatus.VOID])
def test_what_nobody_shall_pay_says_so(app, owner, status):
    (page,) = pages(pdf.render(invoice(customer(owner.company), status=status)))
    assert status.label.upper() in page


@pytest.mark.parametrize(("currency", "paper"), [(Currency.USD, (612, 792)), (Currency.GBP, (595, 842))])
def test_the_paper_is_the_countrys(app, owner, currency, paper):
    owner.company.currency = currency
    db.session.commit()
    content = pdf.render(invoice(customer(owner.company)))
    assert size(content) == paper
    assert f"{currency.symbol}100.00" in pages(content)[0]


def test_an_invoice_without_lines_and_a_script_we_have_no_letters_for(app, owner):
    bill = invoice(customer(owner.company, "東京 😀 Café"))
    bill.lines = []
    (page,) = pages(pdf.render(bill))
    assert "Café" in page


def test_the_file_is_the_offices_and_the_companys(app, owner, dispatcher, technician, stranger):
    bill = invoice(customer(owner.company))
    address = f"/invoices/{bill.id}.pdf"
    answer = dispatcher.get(address)
    assert answer.mimetype == "application/pdf"
    assert f"filename={bill.number}.pdf" in answer.headers["Content-Disposition"]
    assert pages(answer.data)
    assert technician.get(address).status_code == 403
    assert stranger.get(address).status_code == 404


@pytest.mark.parametrize(
    ("number", "plain", "whole"),
    [
        ("2025\u201317", "202517.pdf", "2025%E2%80%9317.pdf"),
        ("№ 7", "No 7.pdf", "%E2%84%96%207.pdf"),
        ("7é", "7e.pdf", "7%C3%A9.pdf"),
        ('7"b', '7"b.pdf', None),
        ("7\nb", "7-b.pdf", None),
        ("7\u202eb", "7-b.pdf", None),
    ],
)
def test_any_number_names_the_file(app, owner, number, plain, whole):
    """As other products number; a line break came from a file before such numbers were refused."""
    bill = invoice(customer(owner.company))
    bill.number = number
    db.session.commit()
    answer = owner.get(f"/invoices/{bill.id}.pdf")
    assert answer.status_code == 200
    header = answer.headers["Content-Disposition"]
    assert header.isascii()
    assert header.isprintable()
    kind, names = parse_options_header(header)
    assert kind == "inline"
    assert names["filename"] == (unquote(whole) if whole else plain)
    assert not whole or f"filename*=UTF-8''{whole}" in header
    assert answer.headers["Cache-Control"] == "no-store"
    assert pages(answer.data)


def test_the_numbers_are_the_pages(app, owner):
    bill: Invoice = invoice(customer(owner.company), line(discount="12.5"), line("B", "3", "0.0375"))
    (page,) = pages(pdf.render(bill))
    shown = owner.get(f"/invoices/{bill.id}").text
    for text in ("$87.50", "$0.0375", "$0.11", "$87.61", "12.5 %"):
        assert text in page
        assert text in shown
