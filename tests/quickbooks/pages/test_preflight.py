"""What is said of a draft before it is finalised comes true when it is sent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.accounts.models import Currency
from app.customers.place import Place
from app.extensions import db, now
from app.invoices.models import Invoice, InvoiceStatus
from app.quickbooks import orders
from app.quickbooks.account.gateway import client_for
from app.quickbooks.catalogue import RefusalKind
from app.quickbooks.catalogue.tables import BY_KEY
from app.quickbooks.kinds import KINDS
from app.quickbooks.kinds.records import links_of
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.matching import directory
from app.quickbooks.models import KnownRecord, RecordKind, TaskState
from app.quickbooks.pages import preflight
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

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


def name_of_a_vendor(quickbooks, owner, person):
    create(quickbooks, "Vendor", DisplayName="Acme Supply")
    directory.read(quickbooks.connection.id, client_for(quickbooks.connection.id))
    return draft(builders.customer(owner.company, "ACME Supply"))


def tax_is_not_set_up(quickbooks, owner, person):
    """QuickBooks computes no tax then, whatever was sent (contract section 4.2)."""
    preferences = {"TaxPrefs": {"UsingSalesTax": True, "PartnerTaxEnabled": False}}
    quickbooks.simulator.company(quickbooks.realm, preferences=preferences)
    read_facts(quickbooks.connection.id, client_for(quickbooks.connection.id))
    return draft(person, tax_rate=Decimal(5))


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


def category(quickbooks, owner, person):
    theirs = create(quickbooks, "Item", Name="Parts", Type="Category")
    place = {"connection_id": quickbooks.connection.id, "kind": RecordKind.ITEM, "remote_id": theirs["Id"]}
    db.session.add(KnownRecord(**place, key="parts", name="Parts", is_sold=False, unread=False))
    return draft(person, lines=(("Parts", "1", "9"),))


def other_currency_of_customer(quickbooks, owner, person):
    """QuickBooks gives a new customer its home currency, for ever."""
    facts(quickbooks, multicurrency=True)
    owner.company.currency = Currency.CAD
    return draft(person)


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
    "name_taken_by_other": (name_of_a_vendor, "needed_record_failed"),
    "total_differs": (tax_is_not_set_up, "total_differs"),
    "item_name_taken": (category, "needed_record_failed"),
    "currency_refused": (other_currency_of_customer, "currency_refused"),
    "doc_number_taken": (number_taken, "doc_number_taken"),
    "doc_number_linked": (number_linked, "doc_number_linked"),
}
# The same cause, told by QuickBooks itself where our facts are older than its settings.
SAME_AS = {"closed_period": "books_closed", "tax_code_missing": "no_tax_code", "tax_refused": "no_tax_code"}
NOT_A_DRAFT = "It can only be true of what was in QuickBooks, or on its way, before."
FORMS = "Our forms and our mapping let nothing through that causes it."
MONEY = "It is about a payment or a refund, which an invoice that is not finalised has not."
WHOLE_COMPANY = "It stops the whole company and is said on the QuickBooks page."
CANNOT = {
    "tries_used_up": NOT_A_DRAFT,
    "never_looked_up": NOT_A_DRAFT,
    "never_read": NOT_A_DRAFT,
    "waits_for_payment": NOT_A_DRAFT,
    "invoice_not_there": MONEY,
    "no_deposit_account": MONEY,
    "payment_unapplied": MONEY,
    "invoice_of_another": MONEY,
    "number_there_taken": NOT_A_DRAFT,
    "payment_voided_there": MONEY,
    "left_out": NOT_A_DRAFT,
    "record_taken": NOT_A_DRAFT,
    "money_contradicts": MONEY,
    "check_number_differs": MONEY,
    "refund_entered_there": MONEY,
    "linked_is_gone": NOT_A_DRAFT,
    "linked_is_anothers": NOT_A_DRAFT,
    "remote_deleted": NOT_A_DRAFT,
    "changed_in_quickbooks": NOT_A_DRAFT,
    "entered_differently": NOT_A_DRAFT,
    "different_there": NOT_A_DRAFT,
    "voided_in_quickbooks": NOT_A_DRAFT,
    "void_here_alone": NOT_A_DRAFT,
    "record_gone": NOT_A_DRAFT,
    "payment_applied": NOT_A_DRAFT,
    "overpaid": MONEY,
    "cannot_delete": NOT_A_DRAFT,
    "subscription_lapsed": WHOLE_COMPANY,
    "settled": NOT_A_DRAFT,
    "deposited": MONEY,
    "company_reset": WHOLE_COMPANY,
}
# Stopped earlier still: what causes them cannot be saved here, or is never sent.
PREVENTED = {
    "too_long": FORMS,
    "date_refused": FORMS,
    "number_refused": FORMS,
    "website_refused": FORMS,
    "email_refused": FORMS,
    "negative_amount": FORMS,
    "no_name": FORMS,
    "something_missing": "The mapping names all that QuickBooks requires; an invoice has a line.",
    "parent_wrong": "No parent is ever sent.",
    "email_missing": "QuickBooks is never asked to send an e-mail.",
}
# Nobody here can know it before QuickBooks has refused one invoice for it; from then on it is said of those that
# are alike. By the name of the cause: what QuickBooks answers, and what makes another invoice not alike.
FROM_THE_SECOND = {
    "feature_missing": ({"code": "5030", "message": "Feature Not Supported Error"}, None),
    "tax_failed": (
        {"code": "6000", "message": "A business validation error has occurred while calculating tax"},
        {"place": Place(city="Portland", state="ME")},
    ),
    "account_wrong": (
        {"code": "6430", "message": "Invalid account type used"},
        {"lines": (("Pump", "1", "9"),)},
    ),
}
NO_CAUSE = {
    "unknown_refusal": "It is the word for a code that nobody knows.",
    "rule_broken": "It is the word for whatever QuickBooks refuses with its code for all the rest.",
}


def test_each_cause_for_a_person_is_caught_or_says_why_not():
    people = {key for key, entry in BY_KEY.items() if entry.kind is RefusalKind.PERSON}
    tables = (CAUGHT, SAME_AS, FROM_THE_SECOND, CANNOT, PREVENTED, NO_CAUSE)
    listed = [key for table in tables for key in table]
    assert sorted(listed) == sorted(people)
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
    found = preflight.forewarnings(quickbooks.connection, invoice)
    assert [forewarning.key for forewarning in found if forewarning.stops] == [key]
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
    (found,) = preflight.forewarnings(quickbooks.connection, invoice)
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


def test_one_dated_before_the_owners_day_says_nothing(quickbooks, owner, person):
    """It is not sent by itself, so it waits nowhere."""
    facts(quickbooks, book_close_date="2026-03-31")
    invoice = draft(person)
    quickbooks.connection.preferences.send_from = invoice.issue_date
    db.session.commit()
    assert "would wait" in owner.get(f"/invoices/{invoice.id}").text
    quickbooks.connection.preferences.send_from = invoice.issue_date + timedelta(days=1)
    db.session.commit()
    assert "would wait" not in owner.get(f"/invoices/{invoice.id}").text
    owner.post(f"/invoices/{invoice.id}/finalise")
    assert invoice.status is InvoiceStatus.GENERATED
    assert quickbooks.row(invoice) is None


def test_how_many_of_the_causes_never_reach_the_queue():
    """Of those that an invoice can have before it is finalised and that a person has to fix: told, or prevented."""
    of_the_first = len(CAUGHT) + len(SAME_AS) + len(PREVENTED)
    assert (len(CAUGHT), len(SAME_AS), len(PREVENTED), len(FROM_THE_SECOND)) == (18, 3, 10, 3)
    assert of_the_first / (of_the_first + len(FROM_THE_SECOND)) >= 0.91


@pytest.mark.parametrize("key", FROM_THE_SECOND)
def test_what_quickbooks_refused_is_said_of_the_next_alike(quickbooks, owner, person, key):
    answer, otherwise = FROM_THE_SECOND[key]
    facts(quickbooks, uses_sales_tax=True, automated_sales_tax=True)
    quickbooks.script("fault", operation="invoice.create", times=2, **answer)
    first, second = builders.invoice(person, tax_rate=Decimal(5)), draft(person, tax_rate=Decimal(5))
    assert stopping(quickbooks, second) == []
    quickbooks.drain()
    assert quickbooks.row(first).problem == key
    assert stopping(quickbooks, second) == [key]
    assert f"Invoice {first.number}" in owner.get(f"/invoices/{second.id}").text
    if otherwise:
        assert stopping(quickbooks, draft(person, **{"tax_rate": Decimal(5), **otherwise})) == []
    builders.edit_invoice(second, status=InvoiceStatus.GENERATED, generated_at=now())
    quickbooks.drain()
    assert quickbooks.row(second).problem == key


def test_it_is_said_no_more_once_quickbooks_has_taken_the_first(quickbooks, owner, person):
    answer, _ = FROM_THE_SECOND["feature_missing"]
    quickbooks.script("fault", operation="invoice.create", times=1, **answer)
    first = builders.invoice(person)
    quickbooks.drain()
    second = draft(person)
    assert stopping(quickbooks, second) == ["feature_missing"]
    owner.post(f"/invoices/{first.id}/quickbooks")
    quickbooks.drain()
    quickbooks.in_order(first)
    assert stopping(quickbooks, second) == []


def stopping(quickbooks, invoice) -> list[str]:
    found = preflight.forewarnings(quickbooks.connection, invoice)
    return [forewarning.key for forewarning in found if forewarning.stops]


@pytest.mark.parametrize(("currency", "stops"), [("CAD", []), ("USD", ["currency_refused"])])
def test_the_currency_of_a_customer_who_is_there(quickbooks, owner, person, currency, stops):
    """It may be another one than the home currency, and ours."""
    quickbooks.drain()
    link = links_of(quickbooks.connection.id, {RecordKind.CUSTOMER: [person.id]})[
        RecordKind.CUSTOMER, person.id
    ]
    assert link.memory.seen["CurrencyRef"]["value"] == "USD"
    link.snapshot = {**link.snapshot, "seen": {**link.snapshot["seen"], "CurrencyRef": {"value": currency}}}
    owner.company.currency = Currency.CAD
    facts(quickbooks, multicurrency=True)
    found = preflight.forewarnings(quickbooks.connection, draft(person))
    assert [forewarning.key for forewarning in found if forewarning.stops] == stops


def test_an_item_on_the_list_of_names_is_not_new(quickbooks, owner, person):
    place = {"connection_id": quickbooks.connection.id, "kind": RecordKind.ITEM, "remote_id": "7"}
    db.session.add(KnownRecord(**place, key="labour", name="Labour", unread=False))
    invoice = draft(person, lines=(("LABOUR", "1", "9"),))
    assert preflight.forewarnings(quickbooks.connection, invoice) == []


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
