"""Signs that the paper's typeface lacks are said before anybody is sent a document without them."""

import pytest

from app.customers.place import Place
from app.invoices import pdf
from app.invoices.models import InvoiceStatus
from tests.invoices.builders import customer, invoice, line
from tests.invoices.pdf.test_document import pages

SAID = "These signs cannot be printed"


def test_what_the_typeface_has_is_printed(owner):
    bill = invoice(
        customer(owner.company, "Żółć Ελένη Кузнецова"), line("Œuvre 50 € “now”\tà la carte"), notes="±\n½"
    )
    assert pdf.unprintable(bill) == ""


def test_every_text_is_looked_at(owner):
    company = owner.company
    company.name, company.address, company.tax_number = "Harbor 一", "二 Road", "三"
    bill = invoice(
        customer(company, "四", contact_given_name="五"),
        line("六"),
        notes="七",
        status=InvoiceStatus.GENERATED,
    )
    bill.lines[0].description = "八"
    bill.place = Place("九", "十", "百", "千", "万", "亿")
    bill.number = "零"
    assert set(pdf.unprintable(bill)) == set("一二三四五六七八九十百千万亿零")
    assert not set(pdf.unprintable(bill)) & set("".join(pages(pdf.render(bill))))


def test_each_is_named_once_and_joiners_are_not(owner):
    bill = invoice(customer(owner.company, "王小明王 ❄️ 👩‍🔧"), line())
    assert pdf.unprintable(bill) == "王小明❄👩🔧"


def test_many_are_cut(owner):
    many = "".join(map(chr, range(0x4E00, 0x4E40)))
    assert pdf.unprintable(invoice(customer(owner.company, many), line())) == many[:20] + "…"


@pytest.mark.parametrize("page", ["", "/email"])
def test_the_invoice_and_the_form_for_an_e_mail_say_so(owner, page):
    bill = invoice(customer(owner.company, "王小明"), line(), status=InvoiceStatus.GENERATED)
    assert f"{SAID}: <strong>王小明</strong>." in owner.get(f"/invoices/{bill.id}{page}").text
    other = invoice(customer(owner.company, "Żółć"), line(), status=InvoiceStatus.GENERATED)
    assert SAID not in owner.get(f"/invoices/{other.id}{page}").text
