"""Writing an invoice in the browser: what is asked, refused, rearranged and kept."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.accounts.models import Terms
from app.customers.models import ServiceLocation
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.models import DiscountKind, Invoice, InvoiceStatus
from tests.invoices import builders

S = InvoiceStatus


def typed(customer, *lines: dict[str, str], **fields: str) -> dict[str, str]:
    """What the browser sends: one line unless others are given."""
    form = {
        "customer_id": str(customer.id),
        "issue_date": "2026-03-02",
        "terms": "net_15",
        "due_date": "2026-03-17",
        "discount_kind": "none",
        "discount_value": "",
        "tax_rate": "0",
        "notes": "",
        **fields,
    }
    for place, line in enumerate(lines or [{}]):
        whole = {"item": "Labor", "quantity": "1", "unit_price": "100", "discount_percent": "0"} | line
        form |= {f"lines-{place}-{name}": value for name, value in whole.items()}
    return form


def only_invoice() -> Invoice:
    return db.session.query(Invoice).one()


def test_a_new_invoice_starts_with_the_companys_defaults(owner):
    owner.company.default_tax_rate = Decimal("5.5")
    owner.company.payment_terms = Terms.NET_60
    db.session.commit()
    page = owner.get("/invoices/new").text
    for words in (
        'value="2026-03-02"',
        'value="2026-05-01"',
        '<option selected value="net_60">',
        'value="5.5"',
    ):
        assert words in page


def test_today_is_the_companys_today(owner, clock):
    clock.advance(hours=14)  # 02:00 UTC of the next day is still the evening before in New York
    assert 'value="2026-03-02"' in owner.get("/invoices/new").text


def test_a_customers_page_begins_an_invoice_for_them(owner, bakery):
    assert (
        f'name="customer_id" type="hidden" value="{bakery.id}"'
        in owner.get(f"/invoices/new?customer={bakery.id}").text
    )


def test_a_draft_is_saved(owner, bakery):
    form = typed(
        bakery,
        {"item": " Labor ", "quantity": "2.5", "unit_price": "1,095.50", "discount_percent": "10"},
        {"item": "Filter", "quantity": "3", "unit_price": "24.5", "description": "Two\r\nlines"},
        discount_kind="amount",
        discount_value="20",
        tax_rate="8.25",
        notes="Thank you.",
    )
    response = owner.post("/invoices/new", form)
    invoice = only_invoice()
    assert (response.status_code, response.location) == (303, f"/invoices/{invoice.id}")
    assert (invoice.number, invoice.status, invoice.terms) == ("INV-2026-0001", S.DRAFT, Terms.NET_15)
    assert (invoice.issue_date, invoice.due_date) == (date(2026, 3, 2), date(2026, 3, 17))
    assert [(line.item, line.description, line.amount) for line in invoice.lines] == [
        ("Labor", "", Decimal("2464.88")),
        ("Filter", "Two\nlines", Decimal("73.50")),
    ]
    assert (invoice.discount_kind, invoice.total) == (DiscountKind.AMOUNT, Decimal("2726.15"))
    assert "INV-2026-0001 was saved as a draft." in owner.get(response.location).text


def test_a_due_date_left_empty_is_the_terms(owner, bakery):
    owner.post("/invoices/new", typed(bakery, terms="net_30", due_date=""))
    assert only_invoice().due_date == date(2026, 4, 1)


def test_a_due_date_may_differ_from_the_terms(owner, bakery):
    owner.post("/invoices/new", typed(bakery, terms="net_30", due_date="2026-12-31"))
    assert (only_invoice().due_date, only_invoice().terms) == (date(2026, 12, 31), Terms.NET_30)


def test_rows_left_blank_are_no_lines(owner, bakery):
    blank = {"item": "", "unit_price": ""}
    owner.post("/invoices/new", typed(bakery, blank, {"item": "Filter"}, blank))
    assert [line.item for line in only_invoice().lines] == ["Filter"]


def test_a_tax_exempt_customer_pays_none(owner, library):
    owner.post("/invoices/new", typed(library, tax_rate="8.25"))
    assert (only_invoice().tax_rate, only_invoice().tax_total) == (0, 0)
    assert "is tax-exempt" in owner.get(f"/invoices/{only_invoice().id}/edit").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"customer_id": ""}, "Choose a customer."),
        ({"customer_id": "99999999999999"}, "Choose a customer."),
        ({"issue_date": ""}, "Enter a day."),
        ({"issue_date": "2026-02-30"}, "This is not a day."),
        ({"issue_date": "0026-03-02"}, "The year must be between"),
        ({"due_date": "2026-03-01"}, "This is before the issue date."),
        ({"due_date": "", "terms": ""}, "Enter a day, or choose terms."),
        ({"due_date": "soon"}, "This is not a day."),
        ({"terms": "net_7"}, "Invalid Choice"),
        ({"lines-0-item": ""}, "Say what was sold."),
        ({"lines-0-item": "x" * 101}, "Use at most 100 characters."),
        ({"lines-0-quantity": "0"}, "The quantity must be more than zero."),
        ({"lines-0-quantity": "-1"}, "The quantity must be more than zero."),
        ({"lines-0-quantity": ""}, "Enter a number."),
        ({"lines-0-quantity": "NaN"}, "This is not a number."),
        ({"lines-0-quantity": "1e3"}, "This is not a number."),
        ({"lines-0-quantity": "٣"}, "This is not a number."),
        ({"lines-0-quantity": "10000000"}, "This must not be more than 9,999,999."),
        ({"lines-0-unit_price": "-0.01"}, "This must not be less than zero."),
        ({"lines-0-unit_price": "1.00001"}, "Use at most 4 decimals."),
        ({"lines-0-unit_price": "12,50"}, "This is not a number."),
        ({"lines-0-discount_percent": "100.5"}, "A percentage is between 0 and 100."),
        (
            {"lines-0-quantity": "9999999", "lines-0-unit_price": "9999"},
            "The lines come to more than 999,999,999.99.",
        ),
        ({"discount_kind": "percent", "discount_value": "101"}, "A percentage is between 0 and 100."),
        (
            {"discount_kind": "amount", "discount_value": "100.01"},
            "The discount is more than the lines come to.",
        ),
        ({"discount_kind": "none", "discount_value": "10"}, "Choose percent or amount, or empty this field."),
        ({"tax_rate": "-1"}, "A percentage is between 0 and 100."),
        ({"notes": "x" * 4001}, "Use at most 4000 characters."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost_or_saved(owner, bakery, changes, words):
    form = typed(bakery, {"description": "Replaced the flame sensor"}, **{"notes": "Thank you.", **changes})
    response = owner.post("/invoices/new", form | changes)
    assert response.status_code == 422
    assert words in response.text
    assert "Replaced the flame sensor" in response.text
    for value in changes.values():
        assert value == "" or value in response.text or value in ("net_7", "99999999999999")
    assert db.session.query(Invoice).count() == 0


def test_another_companys_customer_cannot_be_billed(owner, stranger):
    theirs = builders.customer(stranger.company, "Summit Hotel")
    response = owner.post("/invoices/new", typed(theirs))
    assert response.status_code == 422
    assert "Summit Hotel" not in response.text


def rearranged(owner, form: dict[str, str], **button: str) -> Any:
    response = owner.htmx("POST", "/invoices/new", data=form | button)
    assert response.status_code == 200
    assert response.text.lstrip().startswith('<form method="post" id="invoice-form"')
    assert db.session.query(Invoice).count() == 0
    return response


def test_a_line_is_added_and_what_was_typed_stays(owner, bakery):
    page = rearranged(owner, typed(bakery, {"quantity": "many"}), add_line="1").text
    assert 'value="many"' in page
    assert 'name="lines-1-item"' in page
    assert "invalid-feedback" not in page


def test_an_invoice_has_at_most_two_hundred_lines(owner, bakery):
    lines = [{"item": f"Filter {place}"} for place in range(200)]
    page = rearranged(owner, typed(bakery, *lines), add_line="1").text
    assert page.count("<fieldset") == 200
    assert "Filter 199" in page
    assert "An invoice has at most 200 lines." in page
    assert 'aria-describedby="lines-note"' in page
    one_more = typed(bakery, *lines, {"item": "Filter 200"})
    for button in ({}, {"add_line": "1"}, {"refresh": "1"}):
        assert owner.post("/invoices/new", one_more | button).status_code == 400
    assert owner.post("/invoices/new", typed(bakery, *lines)).status_code == 303


def test_all_texts_together_have_a_limit(owner, bakery):
    lines = [{"item": "Labor", "description": "x" * 3995}] * 12 + [
        {"item": "Labor", "description": "x" * 1990}
    ]
    form = typed(bakery, *lines, notes="12345")
    assert (
        sum(len(value) for name, value in form.items() if name.endswith(("item", "description", "notes")))
        == 50_000
    )
    answer = owner.post("/invoices/new", form | {"notes": "123456"})
    assert answer.status_code == 422
    assert "have at most 50,000 characters together. These have 50,001." in answer.text
    assert "123456" in answer.text
    assert answer.text.count("x" * 3995) == 12
    assert owner.post("/invoices/new", form).status_code == 303


def test_a_line_is_removed(owner, bakery):
    form = typed(bakery, {"item": "Labor"}, {"item": "Filter"}, {"item": "Travel"})
    page = rearranged(owner, form, remove_line="lines-1").text
    assert "Filter" not in page
    assert 'name="lines-2-item"' in page


def test_the_last_line_leaves_an_empty_row(owner, bakery):
    page = rearranged(owner, typed(bakery), remove_line="lines-0").text
    assert page.count("<fieldset") == 1
    assert "Labor" not in page


def test_the_totals_follow_what_is_typed(owner, bakery):
    lines = ({"quantity": "2.5", "unit_price": "95.50"}, {"quantity": "oops"})
    form = typed(bakery, *lines, discount_kind="percent", discount_value="10", tax_rate="8.25")
    page = rearranged(owner, form, refresh="1").text
    for amount in ("$238.75", "-$23.88", "$17.73", "$232.60"):
        assert amount in page


def test_other_terms_change_the_due_date(owner, bakery):
    page = rearranged(owner, typed(bakery, terms="net_60"), apply_terms="1").text
    assert 'value="2026-05-01"' in page


def test_customers_are_found_by_what_is_typed(owner, stranger, bakery, library):
    builders.customer(stranger.company, "Strange Library")
    found = owner.htmx("GET", "/invoices/customers?customer_search=libr").text
    assert "Portland Public Library" in found
    assert "Elm Street" not in found
    assert "Strange" not in found
    assert "No customer matches" in owner.htmx("GET", "/invoices/customers?customer_search=zzz").text


def test_no_link_of_the_form_loses_what_was_typed(owner, bakery):
    """All but Cancel open in a new tab; what was added there is found from here."""
    bakery.locations = []
    db.session.commit()
    unknown = typed(bakery, customer_id="", customer_search="zzz")
    for form in (unknown, typed(bakery)):
        page = rearranged(owner, form, refresh="1").text
        links = re.findall(r"<a ([^>]*)>([^<]*)", page)
        assert [text for attributes, text in links if "_blank" not in attributes] == ["Cancel"]
        assert len(links) == 2
        assert page.count("(in a new tab)") == 1
    bakery.locations = [ServiceLocation(street="1 Pier", is_primary=True)]
    db.session.commit()
    assert "1 Pier" in rearranged(owner, typed(bakery), refresh="1").text


def test_a_customer_is_chosen_and_changed_without_script_too(owner, bakery, library):
    form = typed(bakery, customer_id="", customer_search="libr")
    found = owner.post("/invoices/new", form | {"refresh": "1"}).text
    assert f'name="choose_customer" value="{library.id}"' in found
    chosen = owner.post("/invoices/new", form | {"choose_customer": str(library.id)}).text
    assert f'name="customer_id" type="hidden" value="{library.id}"' in chosen
    changed = owner.post("/invoices/new", typed(library) | {"choose_customer": ""}).text
    assert 'name="customer_search"' in changed


def test_edits_keep_the_number_and_show_what_is_there(owner, bakery):
    invoice = builders.invoice(bakery, builders.line("Labor", "1.5", "0.0375"), status=S.GENERATED)
    page = owner.get(f"/invoices/{invoice.id}/edit").text
    assert 'value="1.5"' in page
    assert 'value="0.0375"' in page
    with builders.announcements() as heard:
        response = owner.post(f"/invoices/{invoice.id}/edit", typed(bakery, {"item": "Filter"}))
    assert response.status_code == 303
    assert heard == [(owner.company_id, [invoice.id])]
    assert (invoice.number, invoice.lines[0].item) == ("INV-2026-0001", "Filter")


def test_saving_an_untouched_form_changes_nothing(owner, bakery):
    lines = (builders.line("Labor", "1.5", "95", "10"), builders.line("Filter"))
    invoice = builders.invoice(bakery, *lines, status=S.GENERATED, tax_rate=Decimal("8.25"))
    form = typed(
        bakery,
        {"quantity": "1.5", "unit_price": "95", "discount_percent": "10"},
        {"item": "Filter"},
        terms="",
        due_date="2026-04-01",
        tax_rate="8.25",
    )
    with builders.announcements() as heard:
        assert owner.post(f"/invoices/{invoice.id}/edit", form).status_code == 303
    assert heard == []


def test_a_generated_invoice_keeps_a_line(owner, bakery):
    invoice = builders.invoice(bakery, status=S.GENERATED)
    response = owner.post(f"/invoices/{invoice.id}/edit", typed(bakery, {"item": "", "unit_price": ""}))
    assert response.status_code == 422
    assert "A finalised invoice keeps at least one line." in response.text


@pytest.mark.parametrize("status", [S.SENT, S.PARTIALLY_PAID, S.PAID, S.OVERDUE])
def test_a_sent_invoice_keeps_what_was_agreed(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.get(f"/invoices/{invoice.id}/edit").text
    assert 'name="lines-0-item"' not in page
    changes = typed(bakery, {"item": "Other"}, due_date="2026-05-01", notes="By mail.", tax_rate="9")
    del changes["customer_id"]
    assert owner.post(f"/invoices/{invoice.id}/edit", changes).status_code == 303
    db.session.expire_all()
    assert (invoice.due_date, invoice.notes) == (date(2026, 5, 1), "By mail.")
    assert (invoice.lines[0].item, invoice.tax_rate) == ("Labor", 0)
    assert invoice.status is (S.SENT if status is S.OVERDUE else status)  # its due date is put off


@pytest.mark.parametrize("day", ["", "2026-03-01", "never"])
def test_a_sent_invoices_due_date_is_checked(owner, bakery, day):
    invoice = builders.invoice(bakery, status=S.SENT)
    response = owner.post(f"/invoices/{invoice.id}/edit", {"due_date": day, "notes": "Kept"})
    assert response.status_code == 422
    assert "Kept" in response.text


@pytest.mark.parametrize("status", [S.VOID, S.REFUNDED, S.DISPUTED])
def test_a_closed_invoice_cannot_be_edited(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    response = owner.get(f"/invoices/{invoice.id}/edit", follow_redirects=True)
    assert "INV-2026-0001 can no longer be changed." in response.text


def shown(page: str) -> dict[str, str]:
    """The hidden field by which a form knows what it showed."""
    return {"seen": re.search(r'name="seen"[^>]*value="([^"]*)"', page)[1]}


def test_the_whole_form_of_an_invoice_sent_meanwhile_saves_nothing(owner, bakery):
    invoice = builders.invoice(bakery, status=S.GENERATED)
    form = typed(bakery, {"unit_price": "150"}, notes="Gate 4711") | shown(
        owner.get(f"/invoices/{invoice.id}/edit").text
    )
    lifecycle.mark_sent(invoice)
    db.session.commit()
    answer = owner.post(f"/invoices/{invoice.id}/edit", form)
    assert answer.status_code == 422
    assert f"{invoice.number} became sent while you were changing it" in answer.text
    assert "Gate 4711" in answer.text
    assert (only_invoice().notes, only_invoice().total) == ("", 100)
    again = {"due_date": "2026-05-01", "notes": "Gate 4711"} | shown(answer.text)
    assert owner.post(f"/invoices/{invoice.id}/edit", again).status_code == 303
    assert only_invoice().notes == "Gate 4711"


@pytest.mark.parametrize("status", [S.SENT, S.VOID])
def test_sums_that_arrive_late_write_nothing_and_lead_nobody_away(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    form = typed(bakery, notes="Gate 4711", refresh="1")
    answer = owner.htmx("POST", f"/invoices/{invoice.id}/edit", data=form)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, None)
    assert only_invoice().notes == ""


def test_what_a_colleague_saved_meanwhile_is_replaced_only_when_asked_twice(owner, bakery):
    invoice = builders.invoice(bakery, status=S.GENERATED)
    address = f"/invoices/{invoice.id}/edit"
    seen = shown(owner.get(address).text)
    owner.post(address, typed(bakery, {"unit_price": "120"}, notes="Ring twice") | seen)
    form = typed(bakery, {"unit_price": "150"}, notes="Gate 4711")
    answer = owner.post(address, form | seen)
    assert answer.status_code == 422
    assert "Somebody changed the notes and the lines since you opened this form" in answer.text
    assert 'value="150"' in answer.text
    assert "Gate 4711" in answer.text
    assert (only_invoice().notes, only_invoice().total) == ("Ring twice", 120)
    assert owner.post(address, form | shown(answer.text)).status_code == 303
    assert (only_invoice().notes, only_invoice().total) == ("Gate 4711", 150)


def test_pressing_save_twice_is_no_conflict(owner, bakery):
    invoice = builders.invoice(bakery, status=S.GENERATED)
    address = f"/invoices/{invoice.id}/edit"
    form = typed(bakery, {"unit_price": "150"}) | shown(owner.get(address).text)
    assert [owner.post(address, form).status_code for _ in range(2)] == [303, 303]


def test_a_payment_meanwhile_does_not_stand_in_the_way_of_notes(owner, bakery):
    invoice = builders.invoice(bakery, status=S.SENT)
    address = f"/invoices/{invoice.id}/edit"
    seen = shown(owner.get(address).text)
    builders.receive(invoice, Decimal(40))
    db.session.commit()
    form = {"due_date": "2026-04-01", "notes": "By mail."} | seen
    assert owner.post(address, form).status_code == 303


def test_the_due_date_that_a_colleague_put_off_is_not_brought_back_unasked(owner, bakery):
    invoice = builders.invoice(bakery, status=S.SENT)
    address = f"/invoices/{invoice.id}/edit"
    seen = shown(owner.get(address).text)
    owner.post(address, {"due_date": "2026-05-01", "notes": ""} | seen)
    answer = owner.post(address, {"due_date": "2026-04-01", "notes": "By mail."} | seen)
    assert "Somebody changed the due date since you opened this form" in answer.text
    assert (answer.status_code, only_invoice().due_date) == (422, date(2026, 5, 1))
