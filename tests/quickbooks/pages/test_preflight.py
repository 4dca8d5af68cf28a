"""What is said of a draft before it is finalised comes true when it is sent."""

from decimal import Decimal

import pytest

from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks import orders
from app.quickbooks.account.gateway import client_for
from app.quickbooks.catalogue import Kind
from app.quickbooks.catalogue.tables import BY_KEY
from app.quickbooks.kinds import KINDS
from app.quickbooks.matching import directory
from app.quickbooks.models import KnownRecord, RecordKind, TaskState
from app.quickbooks.pages import preflight
from tests.quickbooks import builders
from tests.quickbooks.scenarios.test_names import create

PHONE = {"FreeFormNumber": "(207) 555-0134"}


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


def doubtful(quickbooks, owner, person):
    create(quickbooks, "Customer", DisplayName="Summit Plumbing LLC", PrimaryPhone=PHONE)
    directory.read(quickbooks.connection.id, client_for(quickbooks.connection.id))
    return draft(builders.customer(owner.company, "Summit Plumbing", phone="207-555-0134"))


def doubtful_and_waiting(quickbooks, owner, person):
    invoice = doubtful(quickbooks, owner, person)
    quickbooks.drain()
    return invoice


def contradicted(quickbooks, owner, person):
    theirs = {"PrimaryEmailAddr": {"Address": "other@summit.example"}}
    create(quickbooks, "Customer", DisplayName="Summit Plumbing", **theirs)
    directory.read(quickbooks.connection.id, client_for(quickbooks.connection.id))
    return draft(builders.customer(owner.company, "Summit Plumbing", email="ours@summit.example"))


def number_taken(quickbooks, owner, person):
    taken = enter_by_hand(quickbooks, "N-1")
    know(quickbooks, taken["Id"], "N-1")
    return draft(person, number="N-1")


def number_linked(quickbooks, owner, person):
    """One of ours was sent with this number, and is called otherwise here since."""
    other = builders.invoice(person, number="N-1")
    quickbooks.drain()
    know(quickbooks, quickbooks.invoice("N-1")["Id"], "N-1")
    db.session.get_one(Invoice, other.id).number = "N-2"
    db.session.commit()
    return draft(person, number="N-1")


def enter_by_hand(quickbooks, number):
    theirs = create(quickbooks, "Customer", DisplayName="Somebody Else")
    item = next(one for one in quickbooks.books("Item") if one["Type"] == "Service")
    detail = {"ItemRef": {"value": item["Id"]}}
    line = {"Amount": 55, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
    return create(quickbooks, "Invoice", CustomerRef={"value": theirs["Id"]}, DocNumber=number, Line=[line])


def know(quickbooks, remote_id, number):
    """As the list of names has it, which is read once webhooks come (lane/known.py)."""
    place = {"connection_id": quickbooks.connection.id, "kind": RecordKind.INVOICE, "remote_id": remote_id}
    db.session.add(KnownRecord(**place, key=KINDS[RecordKind.INVOICE].identity.key(number), unread=False))
    db.session.commit()


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
    "customer_doubtful": (doubtful, "needed_customer_doubtful"),
    "needed_customer_doubtful": (doubtful_and_waiting, "needed_customer_doubtful"),
    "name_taken_contradicts": (contradicted, "needed_record_failed"),
    "doc_number_taken": (number_taken, "doc_number_taken"),
    "doc_number_linked": (number_linked, "doc_number_linked"),
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
    "item_name_taken": ONLY_THERE,
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


def test_what_cannot_be_told_only_quickbooks_knows():
    """Of the causes that a draft can have, all are told but those that QuickBooks alone knows of."""
    unknown = {key for key, why in CANNOT.items() if why is ONLY_THERE}
    told = CAUGHT.keys() | SAME_AS.keys()
    assert (len(told), len(unknown)) == (17, 12), sorted(unknown)


def typed(person, **fields) -> dict:
    return {
        "customer_id": str(person.id),
        "issue_date": "2026-03-02",
        "due_date": "2026-04-01",
        "terms": "",
        "discount_kind": "none",
        "lines-0-item": "Labor",
        "lines-0-quantity": "1",
        "lines-0-unit_price": "100",
        **fields,
    }


def note(page: str, field: str) -> str:
    return page.split(f'<div id="notes-{field}">')[1].split("</div>")[0].removeprefix("<div>")


def test_it_is_said_beside_the_field_while_it_is_typed(quickbooks, owner, person):
    facts(quickbooks, book_close_date="2026-03-31", uses_sales_tax=False)
    page = owner.post("/invoices/new", typed(person, tax_rate="5", refresh="1")).text
    assert "closed" in note(page, "issue_date")
    assert "sales tax is switched off" in note(page, "tax_rate")
    assert "“Labor” is new" in note(page, "lines")
    assert note(page, "customer") == ""
    page = owner.post("/invoices/new", typed(person, issue_date="2026-04-01", refresh="1")).text
    assert note(page, "issue_date") == note(page, "tax_rate") == ""
    assert db.session.query(Invoice).count() == 0


def test_finalise_asks_once(quickbooks, owner, person):
    facts(quickbooks, book_close_date="2026-03-31")
    invoice = draft(person)
    asked = owner.post(f"/invoices/{invoice.id}/finalise")
    assert "Finalise all the same" in asked.text
    assert "closed" in asked.text
    assert db.session.get_one(Invoice, invoice.id).status is InvoiceStatus.DRAFT
    owner.post(f"/invoices/{invoice.id}/finalise", {"all_the_same": "1"})
    assert db.session.get_one(Invoice, invoice.id).status is InvoiceStatus.GENERATED


def test_finalise_asks_nothing_where_nothing_stops(quickbooks, owner, person):
    invoice = draft(person)
    assert owner.post(f"/invoices/{invoice.id}/finalise").status_code == 303


def test_items_are_proposed(quickbooks, owner, person):
    builders.invoice(person, lines=(("Furnace tune-up", "1", "9"),))
    quickbooks.drain()
    page = owner.get("/invoices/new").text
    assert '<option value="Furnace tune-up"></option>' in page.split('<datalist id="item-names">')[1]
    assert 'list="item-names"' in page
