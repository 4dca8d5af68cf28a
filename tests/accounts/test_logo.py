"""The seller on an invoice: logo and tax number, from Settings → Company."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app.accounts import logos
from app.invoices import pdf
from tests.accounts.test_company import FIELDS
from tests.invoices import builders
from tests.people import Actor

ADDRESS = "/settings/company/logo"


def picture(size: tuple[int, int] = (1200, 300), kind: str = "JPEG") -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", size, "navy").save(file, kind)
    file.seek(0)
    return file


def upload(person: Actor, file: io.BytesIO, name: str = "logo.jpg"):
    return person.post(ADDRESS, {"logo": (file, name)}, content_type="multipart/form-data")


def test_a_logo_is_drawn_anew_and_stands_on_the_invoice(owner, dispatcher, stranger):
    assert upload(owner, picture()).status_code == 303
    answer = dispatcher.get("/company/logo")
    assert answer.mimetype == "image/png"
    assert Image.open(io.BytesIO(answer.data)).size == (600, 150)
    invoice = builders.invoice(builders.customer(owner.company))
    assert "/company/logo?v=1" in owner.get(f"/invoices/{invoice.id}").text
    assert b"/Image" in pdf.render(invoice)
    assert stranger.get("/company/logo").status_code == 404


def test_another_logo_takes_its_place_and_goes_again(owner):
    upload(owner, picture())
    upload(owner, picture((10, 10), "PNG"), "logo.png")
    assert "/company/logo?v=2" in owner.get("/settings/company").text
    owner.post(ADDRESS, {"remove": "1"})
    assert owner.get("/company/logo").status_code == 404


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\nrubbish", b"GIF89a"])
def test_what_is_no_picture_is_refused(owner, content):
    upload(owner, io.BytesIO(content))
    assert "is no PNG or JPEG picture." in owner.get("/settings/company").text
    assert owner.get("/company/logo").status_code == 404


def test_too_large_is_refused():
    with pytest.raises(logos.UnusableLogo, match="2 MB"):
        logos.drawn(b"0" * (logos.LARGEST_FILE + 1))
    with pytest.raises(logos.UnusableLogo, match="million pixels"):
        logos.drawn(picture((5000, 5000), "PNG").getvalue())


def test_only_an_owner_changes_it(dispatcher, bookkeeper):
    for person in (dispatcher, bookkeeper):
        assert upload(person, picture()).status_code == 403


def test_the_tax_number_stands_under_the_address(owner):
    owner.post("/settings/company", {**FIELDS, "tax_number": "EIN 12-3456789"})
    invoice = builders.invoice(builders.customer(owner.company))
    assert "EIN 12-3456789" in owner.get(f"/invoices/{invoice.id}").text


def test_a_picture_whose_text_is_too_long_is_refused():
    """Pillow says so with a plain ValueError."""
    texts = PngInfo()
    texts.add_text("Comment", "x" * 2_000_000, zip=True)
    file = io.BytesIO()
    Image.new("RGB", (10, 10)).save(file, "PNG", pnginfo=texts)
    with pytest.raises(logos.UnusableLogo):
        logos.drawn(file.getvalue())
