"""The page of bin/dev that shows what was sent."""

import smtplib

import pytest
from flask.testing import FlaskClient

from devtools.mail.catcher import Catcher
from devtools.mail.pages import create_app
from tests.mail.builders import add_greeting, queued, work


@pytest.fixture
def page(mailbox: Catcher) -> FlaskClient:
    return create_app(mailbox).test_client()


def test_it_lists_and_shows_what_was_sent(app, mailbox, page):
    add_greeting(app)
    queued(attachment=("INV-1.pdf", b"%PDF-1"), context={"name": "Bea"})
    work(app)
    number = mailbox.letters[0].number
    assert "Greetings" in page.get("/").text
    shown = page.get(f"/{number}").text
    assert "Good day, Bea." in shown
    assert "INV-1.pdf" in shown
    assert page.get(f"/{number}/attachments/0").data == b"%PDF-1"
    html = page.get(f"/{number}/html")
    assert "<p>Good day, Bea.</p>" in html.text
    assert "sandbox" in html.headers["Content-Security-Policy"]


def test_a_message_of_any_program_is_shown(mailbox, page):
    with smtplib.SMTP("127.0.0.1", mailbox.port) as smtp:
        smtp.sendmail("a@x.example", ["b@x.example"], b"Subject: <b>Bare</b>\r\n\r\nOnly text")
    assert "&lt;b&gt;Bare&lt;/b&gt;" in page.get("/").text
    assert "Only text" in page.get(f"/{mailbox.letters[0].number}").text


@pytest.mark.parametrize("address", ["/99999", "/99999/html", "/99999/attachments/0"])
def test_what_is_not_there_is_not_found(page, address):
    assert page.get(address).status_code == 404
