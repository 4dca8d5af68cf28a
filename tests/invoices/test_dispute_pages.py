"""Disputing an invoice, withdrawing that, and reissuing it with corrections."""

from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Terms
from app.extensions import db
from app.invoices.disputes import dispute
from app.invoices.models import Invoice, InvoiceStatus, PaymentMethod
from app.invoices.payments import PaymentData, record_payment
from tests.invoices import builders
from tests.invoices.forms.test_invoice import typed
from tests.invoices.test_payment_pages import value_of

S = InvoiceStatus
REASON = "Two hours billed,\none worked"


def disputed(customer, paid: str = "", **fields) -> Invoice:
    invoice = builders.invoice(customer, status=S.SENT, **fields)
    if paid:
        record_payment(invoice, PaymentData(Decimal(paid), PaymentMethod.CHECK, date(2026, 3, 2)))
    dispute(invoice, REASON)
    db.session.commit()
    return invoice


def replacement() -> Invoice:
    return db.session.query(Invoice).filter(Invoice.replaces_id.is_not(None)).one()


def test_disputed_with_a_reason(owner, dispatcher, bakery):
    invoice = builders.invoice(bakery, status=S.SENT)
    answer = owner.post(f"/invoices/{invoice.id}/dispute", {"reason": REASON})
    assert (answer.status_code, answer.location) == (303, f"/invoices/{invoice.id}")
    assert (invoice.status, invoice.dispute_reason) == (S.DISPUTED, REASON)
    assert "INV-2026-0001 is disputed." in owner.get(answer.location).text
    for person in (owner, dispatcher):
        page = person.get(answer.location).text
        assert "Elm Street Bakery disputes this invoice:" in page
        assert REASON in page


@pytest.mark.parametrize(("reason", "problem"), [(" ", "Say why."), ("R" * 501, "at most 500 characters")])
def test_a_dispute_needs_a_reason(owner, bakery, reason, problem):
    invoice = builders.invoice(bakery, status=S.SENT)
    answer = owner.post(f"/invoices/{invoice.id}/dispute", {"reason": reason})
    assert answer.status_code == 422
    assert problem in answer.text
    assert invoice.status is S.SENT


@pytest.mark.parametrize("status", [S.DRAFT, S.VOID, S.REFUNDED, S.DISPUTED])
def test_what_cannot_be_disputed_says_so(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.post(f"/invoices/{invoice.id}/dispute", {"reason": REASON}, follow_redirects=True)
    assert "That step is not open to it" in page.text
    assert invoice.status is status


def test_withdrawn_after_a_question(owner, bakery):
    invoice = disputed(bakery, paid="40")
    assert "Withdraw the dispute?" in owner.get(f"/invoices/{invoice.id}/dispute/withdraw").text
    assert invoice.status is S.DISPUTED
    answer = owner.post(f"/invoices/{invoice.id}/dispute/withdraw")
    assert "The status of INV-2026-0001 is Partially Paid again." in owner.get(answer.location).text
    assert (invoice.status, invoice.dispute_reason) == (S.PARTIALLY_PAID, "")


def test_the_form_starts_with_the_disputed_invoice_dated_today(owner, bakery):
    invoice = disputed(
        bakery,
        issue_date=date(2026, 1, 5),
        due_date=date(2026, 1, 20),
        terms=Terms.NET_15,
        tax_rate=Decimal("8.25"),
        notes="Net of parts",
    )
    page = owner.get(f"/invoices/{invoice.id}/reissue").text
    assert [value_of(page, name) for name in ("issue_date", "due_date", "tax_rate")] == [
        "2026-03-02",
        "2026-03-17",
        "8.25",
    ]
    for words in (REASON, "Elm Street Bakery", 'value="Labor"', "Net of parts", "Reissue invoice"):
        assert words in page
    assert "Money received" not in page


def test_the_corrected_invoice_and_the_void_one_name_each_other(owner, bakery):
    invoice = disputed(bakery)
    answer = owner.post(f"/invoices/{invoice.id}/reissue", typed(bakery, {"unit_price": "50"}))
    corrected = replacement()
    assert (answer.status_code, answer.location) == (303, f"/invoices/{corrected.id}")
    assert (invoice.status, corrected.status, corrected.total) == (S.VOID, S.GENERATED, 50)
    page = owner.get(answer.location).text
    assert "INV-2026-0002 replaces INV-2026-0001, which is void." in page
    assert f'Replaces <a href="/invoices/{invoice.id}">INV-2026-0001</a>' in page
    old = owner.get(f"/invoices/{invoice.id}").text
    assert f'Replaced by <a href="/invoices/{corrected.id}">INV-2026-0002</a>' in old


@pytest.mark.parametrize(
    ("choice", "old_status", "new_status", "new_balance"),
    [("move", S.VOID, S.PARTIALLY_PAID, 10), ("give_back", S.VOID, S.GENERATED, 50)],
)
def test_the_money_goes_where_the_owner_says(owner, bakery, choice, old_status, new_status, new_balance):
    invoice = disputed(bakery, paid="40")
    page = owner.get(f"/invoices/{invoice.id}/reissue").text
    assert "Money received so far: $40.00" in page
    form = typed(bakery, {"unit_price": "50"}, money_received=choice)
    assert owner.post(f"/invoices/{invoice.id}/reissue", form).status_code == 303
    corrected = replacement()
    assert (invoice.status, corrected.status, corrected.balance) == (old_status, new_status, new_balance)
    assert [refund.amount for refund in invoice.refunds] == ([40] if choice == "give_back" else [])


def test_money_that_does_not_fit_is_said_beside_the_choice(owner, bakery):
    invoice = disputed(bakery, paid="40")
    form = typed(bakery, {"unit_price": "39.99", "item": "Less labor"}, money_received="move")
    answer = owner.post(f"/invoices/{invoice.id}/reissue", form)
    assert answer.status_code == 422
    assert "The corrected invoice comes to $39.99, less than the $40.00 received." in answer.text
    assert 'value="Less labor"' in answer.text
    assert invoice.status is S.DISPUTED
    assert db.session.query(Invoice).count() == 1


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"due_date": "2026-03-01"}, "This is before the issue date."),
        ({"lines-0-item": "", "lines-0-unit_price": ""}, "A finalised invoice keeps at least one line."),
        ({"money_received": "keep"}, "Invalid Choice"),
    ],
)
def test_a_corrected_invoice_is_checked_like_any_other(owner, bakery, changes, problem):
    invoice = disputed(bakery, paid="40")
    form = typed(bakery, money_received="move") | changes
    answer = owner.post(f"/invoices/{invoice.id}/reissue", form)
    assert answer.status_code == 422
    assert problem in answer.text
    assert invoice.status is S.DISPUTED


def test_rearranging_the_form_saves_nothing(owner, bakery):
    invoice = disputed(bakery, paid="40")
    form = typed(bakery, money_received="give_back", add_line="1")
    answer = owner.htmx("POST", f"/invoices/{invoice.id}/reissue", data=form)
    assert 'name="lines-1-item"' in answer.text
    assert 'checked class="form-check-input" id="money_received-1"' in answer.text
    assert invoice.status is S.DISPUTED


@pytest.mark.parametrize("status", [S.SENT, S.PAID, S.VOID])
def test_only_a_disputed_invoice_is_reissued(owner, bakery, status):
    invoice = builders.invoice(bakery, status=status)
    page = owner.post(f"/invoices/{invoice.id}/reissue", typed(bakery), follow_redirects=True)
    assert "That step is not open to it" in page.text
    assert db.session.query(Invoice).count() == 1


def test_sums_that_come_late_do_not_lead_away_from_what_was_saved(owner, bakery):
    invoice = disputed(bakery)
    form = typed(bakery, {"unit_price": "50"})
    owner.post(f"/invoices/{invoice.id}/reissue", form)
    late = owner.htmx("POST", f"/invoices/{invoice.id}/reissue", data=form | {"refresh": "1"})
    assert (late.status_code, dict(late.headers).keys() & {"Location", "HX-Redirect", "HX-Location"}) == (
        204,
        set(),
    )
    page = owner.get(f"/invoices/{replacement().id}").text
    assert f"{replacement().number} replaces INV-2026-0001" in page
    assert "not open to it any more" not in page


def test_moved_money_makes_it_sent_and_asks_to_send_it(owner, bakery):
    invoice = disputed(bakery, paid="40")
    form = typed(bakery, {"unit_price": "50"}) | {"money_received": "move"}
    page = owner.post(f"/invoices/{invoice.id}/reissue", form, follow_redirects=True).text
    copy = replacement()
    assert (
        f"{copy.number} replaces INV-2026-0001, which is void. It counts as sent because $40.00 is on it. "
        "Send it to the customer now."
    ) in page
    assert "Send by e-mail" in page
    assert "Send again by e-mail" not in page


def test_a_copy_without_money_is_not_said_to_count_as_sent(owner, bakery):
    invoice = disputed(bakery)
    answer = owner.post(f"/invoices/{invoice.id}/reissue", typed(bakery), follow_redirects=True)
    assert "which is void." in answer.text
    assert "counts as sent" not in answer.text
