"""The last 30 days on the QuickBooks page: what went, what stopped, how soon."""

from app.extensions import db
from app.quickbooks.models import DayCount, TaskState
from tests.quickbooks import builders

PAGE = "/settings/integrations/quickbooks"


def shown(owner) -> str:
    return owner.htmx("GET", f"{PAGE}/last-days").text


def test_before_anything_was_sent(quickbooks, owner):
    assert "Nothing was sent." in owner.get(PAGE).text
    assert "<svg" not in shown(owner)


def test_what_was_sent_and_what_stopped(quickbooks, owner, clock):
    person = builders.customer(owner.company)
    bill = builders.sent_invoice(person)
    clock.advance(seconds=4)
    quickbooks.drain()
    quickbooks.in_order(person, bill)
    text = owner.get(PAGE).text
    assert "<strong>3</strong> sent, half of them within 4 seconds of the save" in text
    assert "<strong>0</strong> failed" in text


def test_what_waits_for_a_row_that_failed_has_not_failed(quickbooks, owner):
    person = builders.customer(owner.company)
    bill = builders.sent_invoice(person)
    quickbooks.script("fault", operation="customer.create", code="2050", message="Too long", times=None)
    quickbooks.drain()
    assert quickbooks.row(bill).state is TaskState.ERROR
    failed = db.session.query(DayCount).filter_by(outcome="failed").all()
    assert [row.number for row in failed] == [1]
    assert "<strong>1</strong> failed" in shown(owner)


def test_a_disconnected_company_is_sent_to_its_page(quickbooks, owner):
    quickbooks.disconnect()
    assert owner.htmx("GET", f"{PAGE}/last-days").headers["HX-Redirect"] == PAGE
