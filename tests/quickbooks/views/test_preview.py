"""Force re-sync shows both sides before anything is overwritten, and offers to leave them different."""

import re

import pytest
from sqlalchemy import select

from app.extensions import db, now
from app.quickbooks.models import RecordKind, RemoteLink, TaskState
from app.quickbooks.models.differences import DELETED
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.checkpoint import built_once
from tests.quickbooks.scenarios.test_drift import bookkeeper_edits, bookkeeper_raises_the_total, there

SEEN = re.compile(r'name="seen" value="([^"]+)"')
OVERWRITE, LEAVE, AGAIN = "Overwrite in QuickBooks", "Leave it and mark as different", "Make it again"
LINKED_ANEW = "is linked with another record in QuickBooks by now, or with none"
TOTAL = "total $100.00 here, $120.00 in QuickBooks"
LINES = "lines “Service call” $100.00 here, “Service call” $120.00 in QuickBooks"


@built_once
def bill(quickbooks, owner: Actor):
    """In QuickBooks, $100.00."""
    record = builders.invoice(builders.customer(owner.company, "Rivera HVAC"), number="INV-7")
    quickbooks.drain()
    return record


def address(bill, rest: str = "/preview") -> str:
    return f"/invoices/{bill.id}/quickbooks{rest}"


def seen(page: str) -> str:
    return SEEN.search(page)[1]


def row(quickbooks, bill):
    db.session.expire_all()
    return builders.task_of(quickbooks.connection, bill)


def link(bill) -> RemoteLink:
    db.session.expire_all()
    return db.session.scalars(select(RemoteLink).filter_by(kind=RecordKind.INVOICE, record_id=bill.id)).one()


def test_both_sides_agree(quickbooks, bill, owner: Actor):
    page = owner.get(address(bill)).text
    assert "Both are the same.</strong> Nobody changed this invoice in QuickBooks" in page
    assert "btn-primary" not in page.split("modal-footer")[1]
    assert page.count("INV-7</td>") == page.count("Rivera HVAC</td>") == page.count("Mar 2, 2026</td>") == 2
    assert page.count("$100.00") == 4
    assert "is-different" not in page
    assert OVERWRITE in page
    assert LEAVE not in page


def test_it_asks_quickbooks_once(quickbooks, bill, owner: Actor):
    before = len(quickbooks.simulator.calls())
    owner.get(address(bill))
    assert [call["operation"] for call in quickbooks.simulator.calls()[before:]] == ["invoice.read"]


def test_what_differs_is_marked_and_what_somebody_changed_is_said(quickbooks, bill, owner: Actor):
    bookkeeper_raises_the_total(quickbooks)
    page = owner.get(address(bill)).text
    assert "Somebody changed this invoice in QuickBooks" in page
    assert "the total from $100.00 to $120.00" in page
    assert page.count("is-different") == 3  # total, lines and balance
    assert LEAVE in page


def test_every_field_that_would_be_overwritten_is_named(quickbooks, bill, owner: Actor):
    bookkeeper_edits(quickbooks, PrivateNote="Sent to collections", DueDate="2026-05-01")
    builders.edit_invoice(bill, notes="Gate code 4711")
    quickbooks.drain()
    page = owner.get(address(bill)).text
    assert "the due date from Apr 1, 2026 to May 1, 2026" in page
    assert "the memo from none to “Sent to collections”" in page
    assert "<td>“Gate code 4711”</td>" in page
    owner.post(address(bill, ""), {"seen": seen(page)})
    quickbooks.drain()
    assert there(quickbooks)["PrivateNote"] == "Gate code 4711"


def test_an_edit_here_alone_is_a_difference_and_no_drift(quickbooks, bill, owner: Actor):
    builders.edit_invoice(bill, number="INV-8")
    builders.put_in(row(quickbooks, bill), TaskState.SYNCED)
    page = owner.get(address(bill)).text
    assert "Nobody changed" in page
    assert "Both are the same" not in page
    assert page.count("is-different") == 1


def test_a_payment_there_is_no_drift_but_the_balance_stands_out(quickbooks, bill, owner: Actor):
    quickbooks.do("invoice", there(quickbooks)["Id"], "pay", amount=40)
    page = owner.get(address(bill)).text
    assert "Nobody changed" not in page
    assert "by a payment perhaps, but nothing that we would overwrite" in page
    assert "Only the balance differs" in page
    assert "$60.00" in page
    assert LEAVE not in page


def test_overwrite_sends_what_is_here(quickbooks, bill, owner: Actor):
    bookkeeper_raises_the_total(quickbooks)
    page = owner.get(address(bill)).text
    answer = owner.post(address(bill, ""), {"seen": seen(page)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/invoices")
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert there(quickbooks)["TotalAmt"] == 100


@pytest.mark.parametrize("forged", ["", "no seal at all"])
def test_without_having_seen_it_nothing_is_overwritten(quickbooks, bill, owner: Actor, forged: str):
    bookkeeper_raises_the_total(quickbooks)
    owner.post(address(bill, ""), {"seen": forged})
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"
    assert there(quickbooks)["TotalAmt"] == 120


def test_the_seal_of_another_invoice_counts_for_nothing(quickbooks, bill, owner: Actor):
    other = builders.invoice(bill.customer)
    quickbooks.drain()
    bookkeeper_number = {"DocNumber": "MINE"}
    (first,) = (one for one in quickbooks.books("Invoice") if one["DocNumber"] == "INV-7")
    quickbooks.do("invoice", first["Id"], "edit", **bookkeeper_number)
    page = owner.get(address(other)).text
    owner.post(address(bill, "/left-different"), {"seen": seen(page)})
    assert "Look at both sides again." in owner.get("/invoices").text
    owner.post(address(bill, ""), {"seen": seen(page)})
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"


def test_leaving_it_is_noted_with_who_what_and_when(quickbooks, bill, owner: Actor):
    bookkeeper_raises_the_total(quickbooks)
    page = owner.get(address(bill)).text
    answer = owner.post(address(bill, "/left-different?part=panel"), {"seen": seen(page)})
    assert answer.headers["Location"] == f"/invoices/{bill.id}"
    assert link(bill).left_different == {
        "at": now().isoformat(),
        "by": "Olivia",
        "fields": [TOTAL, LINES],
        "aspects": ["total", "other"],
    }
    words = f"Left different by Olivia, Mar 2, 2026, 7:00 AM: {TOTAL}; {LINES}."
    assert words in owner.get(f"/invoices/{bill.id}").text
    assert words in owner.get("/invoices").text
    assert row(quickbooks, bill).state is TaskState.SYNCED


def test_the_next_push_ends_it(quickbooks, bill, owner: Actor):
    test_leaving_it_is_noted_with_who_what_and_when(quickbooks, bill, owner)
    owner.post(address(bill, ""), {"seen": seen(owner.get(address(bill)).text)})
    quickbooks.drain()
    assert link(bill).left_different == {}


def test_agreeing_again_ends_it(quickbooks, bill, owner: Actor):
    test_leaving_it_is_noted_with_who_what_and_when(quickbooks, bill, owner)
    bookkeeper_raises_the_total(quickbooks, 100)
    assert "nothing that we would overwrite" in owner.get(address(bill)).text
    assert link(bill).left_different == {}


def test_a_parked_row_offers_the_same_on_the_row_and_in_the_queue(quickbooks, bill, owner: Actor):
    bookkeeper_raises_the_total(quickbooks)
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    assert f'href="{address(bill)}"' in owner.get("/invoices").text
    queue = owner.get("/settings/integrations/quickbooks").text
    assert f'href="{address(bill)}?part=queue"' in queue
    page = owner.get(address(bill, "/preview?part=queue")).text
    answer = owner.post(address(bill, "/left-different?part=queue"), {"seen": seen(page)})
    assert answer.headers["Location"] == "/settings/integrations/quickbooks"
    assert "Queue empty" in owner.get("/settings/integrations/quickbooks").text
    assert row(quickbooks, bill).state is TaskState.SYNCED


def test_records_of_other_kinds_are_retried_without_a_comparison(quickbooks, bill, owner: Actor):
    builders.put_in(
        row(quickbooks, bill.customer), TaskState.ERROR, problem="remote_deleted", message="Gone."
    )
    queue = owner.get("/settings/integrations/quickbooks").text
    assert "Gone." in queue
    assert "/preview" not in queue


def test_deleted_there_it_is_made_again_only_when_asked(quickbooks, bill, owner: Actor):
    quickbooks.do("invoice", there(quickbooks)["Id"], "delete")
    page = owner.get(address(bill)).text
    assert "deleted in QuickBooks" in page
    assert AGAIN in page
    assert OVERWRITE not in page
    owner.post(address(bill, ""), {"seen": seen(page)})
    quickbooks.drain()
    assert row(quickbooks, bill).state is TaskState.SYNCED
    assert len(quickbooks.books("Invoice")) == 1


@pytest.mark.parametrize("rest", ["", "/left-different"])
def test_a_second_tab_does_not_speak_of_the_one_that_was_made_again(
    quickbooks, bill, owner: Actor, rest: str
):
    quickbooks.do("invoice", there(quickbooks)["Id"], "delete")
    tabs = [owner.get(address(bill)).text for _ in range(2)]
    owner.post(address(bill, ""), {"seen": seen(tabs[0])})
    quickbooks.drain()
    made = quickbooks.remote_id(bill)
    answer = owner.post(f"{address(bill, rest)}?part=panel", {"seen": seen(tabs[1])})
    assert answer.headers["Location"] == f"/invoices/{bill.id}"
    assert LINKED_ANEW in owner.get(answer.headers["Location"]).text
    quickbooks.drain()
    quickbooks.in_order(bill)
    assert [one["Id"] for one in quickbooks.books("Invoice")] == [made] == [link(bill).remote_id]
    assert link(bill).left_different == {}


def test_deleted_there_it_may_stay_deleted(quickbooks, bill, owner: Actor):
    quickbooks.do("invoice", there(quickbooks)["Id"], "delete")
    builders.edit_invoice(bill, notes="changed")
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "remote_deleted"
    page = owner.get(address(bill)).text
    assert "Leave it deleted" in page
    owner.post(address(bill, "/left-different"), {"seen": seen(page)})
    quickbooks.drain()
    assert (row(quickbooks, bill).state, quickbooks.books("Invoice")) == (TaskState.SYNCED, [])
    assert link(bill).left_differences == (DELETED,)


def test_voided_there_a_push_would_not_help(quickbooks, bill, owner: Actor):
    quickbooks.do("invoice", there(quickbooks)["Id"], "void")
    page = owner.get(address(bill)).text
    assert "it was voided" in page
    assert "stays void there" in page
    assert OVERWRITE not in page
    assert LEAVE in page


@pytest.mark.parametrize(
    ("effect", "details", "words"),
    [
        ("throttle", {"times": 2}, "asked for a short break"),
        ("html", {"status": 503}, "does not answer at present"),
        ("cut_before", {}, "does not answer at present"),
        ("fault", {"code": "5020", "message": "Permission"}, "does not allow Invoice INV-7"),
    ],
)
def test_when_quickbooks_cannot_be_read_it_says_so_and_still_queues(
    quickbooks, bill, owner: Actor, effect: str, details: dict, words: str
):
    bookkeeper_raises_the_total(quickbooks)
    quickbooks.script(effect, operation="invoice.read", **details)
    page = owner.get(address(bill)).text
    assert "QuickBooks cannot be read just now" in page
    assert words in page
    assert "Queue it" in page
    owner.post(address(bill, ""), {"seen": seen(page)})
    assert row(quickbooks, bill).state is TaskState.QUEUED
    quickbooks.drain()
    assert row(quickbooks, bill).problem == "changed_in_quickbooks"


@pytest.mark.parametrize("code", ["2500", "6250"])
def test_only_not_found_is_told_as_deleted(quickbooks, bill, owner: Actor, code: str):
    """These codes speak of what an invoice names, not of the invoice itself."""
    quickbooks.script("fault", operation="invoice.read", code=code, message="Invalid Reference Id")
    page = owner.get(address(bill)).text
    assert "QuickBooks cannot be read just now" in page
    assert "INV-7 names something that was deleted or made inactive" in page
    assert AGAIN not in page


def test_without_a_token_it_says_so(quickbooks, bill, owner: Actor, clock):
    clock.advance(hours=2)
    quickbooks.simulator.script(effect="fault", operation="token", code="invalid_grant", times=None)
    assert "did not renew the access" in owner.get(address(bill)).text


def test_a_pause_of_the_queue_is_kept(quickbooks, bill, owner: Actor, clock):
    connection = quickbooks.connection
    connection.paused_until, connection.pause_code = now(), "throttled"
    db.session.commit()
    clock.advance(seconds=-30)
    before = len(quickbooks.simulator.calls())
    assert "asked for a short break" in owner.get(address(bill)).text
    assert len(quickbooks.simulator.calls()) == before


def test_while_it_is_queued_there_is_nothing_to_decide(quickbooks, bill, owner: Actor):
    bookkeeper_edits(quickbooks, DocNumber="INV-7b")
    builders.edit_invoice(bill, notes="changed")
    page = owner.get(address(bill)).text
    assert "It is queued already" in page
    assert OVERWRITE not in page


def test_the_dialog_is_the_page_without_its_frame(quickbooks, bill, owner: Actor):
    dialog = owner.htmx("GET", address(bill)).text
    assert "<html" not in dialog
    assert "<html" in owner.get(address(bill)).text
    assert f'hx-target="#invoice-{bill.id}-row"' in dialog


def test_the_row_the_panel_and_the_queue_are_shown_afterwards(quickbooks, bill, owner: Actor):
    for part, fragment in (("", "row"), ("?part=panel", "quickbooks"), ("?part=queue", "queue")):
        answer = owner.htmx("POST", address(bill, part))
        assert answer.headers["Location"].endswith(fragment), part


def test_a_dispatcher_may_compare_overwrite_and_leave(quickbooks, bill, dispatcher: Actor):
    bookkeeper_raises_the_total(quickbooks)
    page = dispatcher.get(address(bill)).text
    assert dispatcher.post(address(bill, "/left-different"), {"seen": seen(page)}).status_code == 303
    assert link(bill).left_different["by"] == "Dan"
    assert dispatcher.post(address(bill, ""), {"seen": seen(page)}).status_code == 303
    quickbooks.drain()
    assert there(quickbooks)["TotalAmt"] == 100


@pytest.mark.parametrize(("method", "rest"), [("GET", "/preview"), ("POST", "/left-different"), ("POST", "")])
def test_nobody_else(quickbooks, bill, technician: Actor, stranger: Actor, method: str, rest: str):
    assert technician.open(method, address(bill, rest)).status_code == 403
    assert stranger.open(method, address(bill, rest)).status_code == 404


def test_what_is_not_offered_is_refused(quickbooks, bill, owner: Actor):
    never_sent = builders.invoice(bill.customer, announce=False)
    draft = builders.invoice(bill.customer, status="draft", announce=False)
    for invoice, why in (
        (never_sent, "It is not linked with an invoice in QuickBooks."),
        (draft, "It is a draft now and can be sent once it is finalised."),
    ):
        answer = owner.get(address(invoice))
        assert (answer.status_code, answer.location) == (303, "/invoices")
        assert (
            f"{invoice.number} changed meanwhile, so nothing was done. {why}" in owner.get("/invoices").text
        )
    quickbooks.disconnect()
    assert owner.get(address(bill)).status_code == 303
    assert f"{bill.number} changed meanwhile" not in owner.get("/invoices").text
