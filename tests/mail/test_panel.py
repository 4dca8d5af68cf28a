"""Settings → Company says whether mail leaves, and what did not arrive."""

from tests.mail.builders import queued, work
from tests.people import Actor

PAGE = "/settings/company"


def test_it_says_when_no_mail_leaves(app, owner: Actor, monkeypatch):
    assert "No mail leaves" not in owner.get(PAGE).text
    monkeypatch.setitem(app.config, "MAIL_SERVER", None)
    assert "No mail leaves this installation." in owner.get(PAGE).text


def test_it_lists_what_did_not_arrive_lately(app, owner: Actor, stranger: Actor, mailbox, clock):
    mailbox.answer("rcpt", "550 No such <person>")
    queued(company_id=owner.company_id)
    work(app)
    queued("test:2", company_id=owner.company_id, recipient="fine@buyer.example")
    work(app)
    page = owner.get(PAGE).text
    assert "bea@buyer.example" in page
    assert "550 No such &lt;person&gt;" in page
    assert "fine@buyer.example" not in page
    assert "bea@buyer.example" not in stranger.get(PAGE).text
    clock.advance(days=31)
    assert "bea@buyer.example" not in owner.get(PAGE).text
