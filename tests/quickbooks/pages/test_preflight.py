"""What is said of a draft before it is finalised comes true when it is sent."""

from decimal import Decimal

import pytest

from app.extensions import db, now
from app.invoices.models import InvoiceStatus
from app.quickbooks import orders
from app.quickbooks.catalogue import Kind
from app.quickbooks.catalogue.tables import BY_KEY
from app.quickbooks.models import RecordKind, TaskState
from app.quickbooks.pages import preflight
from tests.quickbooks import builders


def facts(quickbooks, **changes) -> None:
    quickbooks.connection.facts = quickbooks.connection.facts | changes
    db.session.commit()


def closed(quickbooks, owner, person):
    facts(quickbooks, book_close_date="2026-03-31")
    return draft(person)


def other_currency(quickbooks, owner, person):
    facts(quickbooks, home_currency="CAD")
    return draft(person)


def tax_is_off(quickbooks, owner, person):
    facts(quickbooks, uses_sales_tax=False)
    return draft(person, tax_rate=Decimal(5))


def exempt(quickbooks, owner, person):
    facts(quickbooks, uses_sales_tax=True, automated_sales_tax=True)
    person.tax_exempt = True
    return draft(person, tax_rate=Decimal(5))


def no_such_rate(quickbooks, owner, person):
    facts(quickbooks, uses_sales_tax=True, automated_sales_tax=False)
    return draft(person, tax_rate=Decimal("17.125"))


def no_account(quickbooks, owner, person):
    quickbooks.connection.preferences.income_account_id = None
    db.session.commit()
    return draft(person)


def stuck_customer(quickbooks, owner, person):
    task = builders.task_of(quickbooks.connection, person)
    builders.put_in(
        task, TaskState.ERROR, problem="name_taken_by_other", message="A vendor has it.", remedy="Rename."
    )
    return draft(person)


def customer_left_out(quickbooks, owner, person):
    orders.leave_out(quickbooks.connection, RecordKind.CUSTOMER, person.id, "Olivia", "A friend")
    db.session.commit()
    return draft(person)


def namesake(quickbooks, owner, person):
    quickbooks.drain()
    return draft(builders.customer(owner.company, person.name.upper()))


# By the name of the cause: the scene, and what the invoice's row says when it is sent all the same.
CAUGHT = {
    "books_closed": (closed, "books_closed"),
    "currency_differs": (other_currency, "currency_differs"),
    "sales_tax_off": (tax_is_off, "sales_tax_off"),
    "exempt_but_taxed": (exempt, "exempt_but_taxed"),
    "no_tax_code": (no_such_rate, "no_tax_code"),
    "no_income_account": (no_account, "needed_record_failed"),
    "needed_record_failed": (stuck_customer, "needed_record_failed"),
    "needed_record_left_out": (customer_left_out, "needed_record_left_out"),
    "name_taken_linked": (namesake, "needed_record_failed"),
}
# The same cause, told by QuickBooks itself where our facts are older than its settings.
SAME_AS = {"closed_period": "books_closed", "tax_code_missing": "no_tax_code", "tax_refused": "no_tax_code"}
NOT_A_DRAFT = "It can only be true of what was in QuickBooks, or on its way, before."
FORMS = "Our forms and our mapping let nothing through that causes it."
ONLY_THERE = "Only QuickBooks knows it, and nobody may be asked while somebody types."
MONEY = "It is about a payment or a refund, which an invoice that is not finalised has not."
WHOLE_COMPANY = "It stops the whole company and is said on the QuickBooks page."
CANNOT = {
    "unknown_refusal": ONLY_THERE,
    "tries_used_up": NOT_A_DRAFT,
    "total_differs": ONLY_THERE,
    "waits_for_payment": NOT_A_DRAFT,
    "invoice_not_there": MONEY,
    "no_deposit_account": MONEY,
    "payment_unapplied": MONEY,
    "payment_voided_there": MONEY,
    "left_out": NOT_A_DRAFT,
    "name_taken_by_other": ONLY_THERE,
    "name_taken_contradicts": ONLY_THERE,
    "item_name_taken": ONLY_THERE,
    "doc_number_taken": ONLY_THERE,
    "doc_number_linked": ONLY_THERE,
    "record_taken": NOT_A_DRAFT,
    "money_contradicts": MONEY,
    "remote_deleted": NOT_A_DRAFT,
    "changed_in_quickbooks": NOT_A_DRAFT,
    "different_there": NOT_A_DRAFT,
    "voided_in_quickbooks": NOT_A_DRAFT,
    "record_gone": NOT_A_DRAFT,
    "tax_failed": ONLY_THERE,
    "payment_applied": NOT_A_DRAFT,
    "overpaid": MONEY,
    "cannot_link": MONEY,
    "parent_wrong": ONLY_THERE,
    "cannot_delete": NOT_A_DRAFT,
    "something_missing": ONLY_THERE,
    "too_long": FORMS,
    "date_refused": FORMS,
    "number_refused": FORMS,
    "website_refused": FORMS,
    "email_refused": FORMS,
    "currency_refused": ONLY_THERE,
    "negative_amount": FORMS,
    "feature_missing": ONLY_THERE,
    "rule_broken": ONLY_THERE,
    "account_wrong": ONLY_THERE,
    "no_name": FORMS,
    "subscription_lapsed": WHOLE_COMPANY,
    "email_missing": ONLY_THERE,
    "settled": NOT_A_DRAFT,
    "deposited": MONEY,
    "company_reset": WHOLE_COMPANY,
}


def test_each_cause_for_a_person_is_caught_or_says_why_not():
    people = {key for key, entry in BY_KEY.items() if entry.kind is Kind.PERSON}
    assert CAUGHT.keys() | SAME_AS.keys() | CANNOT.keys() == people
    assert not CAUGHT.keys() & CANNOT.keys()
    assert set(SAME_AS.values()) <= CAUGHT.keys()


@pytest.fixture
def person(quickbooks, owner):
    return builders.customer(owner.company, "Rivera HVAC")


def draft(person, **fields):
    return builders.invoice(person, status=InvoiceStatus.DRAFT, **fields)


@pytest.mark.parametrize("key", CAUGHT)
def test_it_is_said_and_comes_true(quickbooks, owner, person, key):
    scene, then = CAUGHT[key]
    invoice = scene(quickbooks, owner, person)
    found = preflight.findings(quickbooks.connection, invoice)
    assert [finding.key for finding in found if finding.stops] == [key]
    page = owner.get(f"/invoices/{invoice.id}").text
    assert "it would wait and not go to QuickBooks" in page
    assert found[0].remedy
    builders.edit_invoice(invoice, status=InvoiceStatus.GENERATED, generated_at=now())
    quickbooks.drain()
    task = quickbooks.row(invoice)
    assert (task.state, task.problem) == (TaskState.ERROR, then)


def test_a_new_item_is_said_and_stops_nothing(quickbooks, owner, person):
    builders.sent_invoice(person, lines=(("Air filter 16x25", "1", "9"),))
    quickbooks.drain()
    invoice = draft(person, lines=(("Air filter 16x25", "1", "9"), ("Air fliter 16x25", "1", "9")))
    (found,) = preflight.findings(quickbooks.connection, invoice)
    assert found.sentence.startswith("“Air fliter 16x25” is new")
    assert not found.stops
    assert "would wait" not in owner.get(f"/invoices/{invoice.id}").text
    builders.edit_invoice(invoice, status=InvoiceStatus.GENERATED, generated_at=now())
    quickbooks.drain()
    quickbooks.in_order(invoice)


def test_nobody_is_asked(quickbooks, owner, person):
    invoice = draft(person)
    before = len(quickbooks.simulator.calls())
    owner.get(f"/invoices/{invoice.id}")
    assert len(quickbooks.simulator.calls()) == before


def test_a_finalised_invoice_and_one_that_does_not_sync_say_nothing(quickbooks, owner, person):
    facts(quickbooks, book_close_date="2026-03-31")
    finalised, invoice = builders.invoice(person), draft(person)
    assert "would wait" not in owner.get(f"/invoices/{finalised.id}").text
    quickbooks.connection.preferences.sync_invoices = False
    db.session.commit()
    assert "would wait" not in owner.get(f"/invoices/{invoice.id}").text
