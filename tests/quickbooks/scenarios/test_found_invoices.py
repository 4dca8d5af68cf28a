"""Invoices from before the connection that somebody typed into QuickBooks: found, linked, and nothing is sent."""

import re
from datetime import date, timedelta

import pytest

from app.extensions import db, now, redis
from app.invoices import lifecycle
from app.quickbooks import orders
from app.quickbooks.checks import daily
from app.quickbooks.models import FoundInvoice, FoundState, RecordKind, RemoteLink, SyncTask, TaskState
from app.quickbooks.outbox import invoice_counts
from app.quickbooks.pages import found_pairs
from app.quickbooks.pages.card import card_of
from app.quickbooks.pages.found_pairs import open_pairs
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create
from tests.quickbooks.conftest import SERVER_LIMIT

PAGE = "/settings/integrations/quickbooks/earlier"


@pytest.fixture
def typed(quickbooks, owner):
    """Four of ours; three are in QuickBooks: one as it is, one under another number, one with another total."""
    person = builders.customer(owner.company, "Rivera HVAC")
    quickbooks.drain()
    (there,) = quickbooks.books("Customer")
    bills = [
        builders.sent_invoice(
            person, number=f"OLD-{n}", announce=False, lines=(("Services", "1", f"{100 + n}.00"),)
        )
        for n in range(4)
    ]
    for bill in bills:
        bill.generated_at = quickbooks.connection.connected_at - timedelta(days=1)
    db.session.commit()
    services = next(item["Id"] for item in quickbooks.books("Item") if item["Name"] == "Services")
    for number, amount in (("OLD-0", 100), ("1042", 101), ("OLD-2", 555)):
        detail = {"ItemRef": {"value": services}, "Qty": 1, "UnitPrice": amount}
        line = {"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}
        day = bills[0].issue_date.isoformat()
        create(
            quickbooks, "Invoice", DocNumber=number, CustomerRef={"value": there["Id"]}, TxnDate=day,
            DueDate="2026-04-01", Line=[line],
        )  # fmt: skip
    return bills


@pytest.fixture
def look(quickbooks, owner, work):
    def looked() -> str:
        redis().flushall()
        owner.post(f"{PAGE}/look")
        assert "are being read" in owner.get(f"{PAGE}/found", headers={"HX-Request": "true"}).text
        work()
        return owner.get(PAGE).text

    return looked


def found() -> dict[str, str]:
    db.session.expire_all()
    return {one.invoice.number: one.reason for one in db.session.query(FoundInvoice)}


def numbers(quickbooks) -> list[str]:
    return sorted(bill["DocNumber"] for bill in quickbooks.books("Invoice"))


def test_they_are_found_by_number_customer_total_and_date(quickbooks, owner, typed, look):
    page = look()
    assert found() == {
        "OLD-0": "",
        "OLD-1": "same customer, total and date, another number",
        "OLD-2": "same number, customer and date, another total",
    }
    assert "Same customer, total and date, another number" in page
    assert "1042" in page
    assert invoice_counts.counts(quickbooks.connection).earlier.count == 4, "nothing is decided yet"


def test_linked_and_not_sent(quickbooks, owner, typed, look):
    look()
    before = quickbooks.books("Invoice")
    owner.post(f"{PAGE}/link")
    owner.post(f"{PAGE}/link", {"invoice_id": typed[1].id})
    quickbooks.drain()
    assert quickbooks.books("Invoice") == before
    quickbooks.in_order(typed[0], typed[1])
    assert quickbooks.row(typed[2]) is None
    assert invoice_counts.counts(quickbooks.connection).earlier.count == 2
    daily.check(quickbooks.connection.id)
    quickbooks.in_order(typed[0])
    builders.edit_invoice(typed[0], notes="a late note")
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["PrivateNote"] == "a late note"
    assert numbers(quickbooks) == ["1042", "OLD-0", "OLD-2"]


def test_money_of_a_linked_one_is_left_out(quickbooks, owner, typed, look):
    """QuickBooks has what was recorded there: nothing is paid twice."""
    payment = builders.payment(typed[0], "100.00")
    look()
    owner.post(f"{PAGE}/link")
    quickbooks.switch_payments()
    quickbooks.drain()
    assert quickbooks.row(payment).state is TaskState.SKIPPED
    assert "was in QuickBooks already" in quickbooks.row(payment).message
    assert quickbooks.books("Payment") == []


def test_not_the_same(quickbooks, owner, typed, look):
    """Said once, it is not asked again; taken apart, it counts as never sent."""
    look()
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[1].id})
    owner.post(f"{PAGE}/link")
    page = look()
    assert "1042" not in page
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[0].id})
    assert db.session.query(RemoteLink).filter_by(kind="invoice").count() == 0
    assert db.session.query(SyncTask).filter_by(kind="invoice").count() == 0
    assert invoice_counts.counts(quickbooks.connection).earlier.count == 4


@pytest.mark.parametrize("answer", ["link", "apart"])
def test_the_pair_that_the_page_showed_is_meant(quickbooks, owner, typed, look, answer):
    """Another look has found another invoice there since."""
    assert 'name="remote_id"' in look()
    pair = db.session.query(FoundInvoice).filter_by(invoice_id=typed[1].id).one()
    shown, pair.remote_id = pair.remote_id, "999"
    db.session.commit()
    owner.post(f"{PAGE}/{answer}", {"invoice_id": typed[1].id, "remote_id": shown})
    assert "Nothing was" in owner.get(PAGE).text
    db.session.refresh(pair)
    assert (pair.state, pair.remote_id) == (FoundState.FOUND, "999")
    assert quickbooks.row(typed[1]) is None


def test_what_was_sent_since_stays_linked(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    builders.edit_invoice(typed[0], notes="a late note")
    quickbooks.drain()
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[0].id})
    assert "It stays linked." in owner.get(PAGE).text
    quickbooks.in_order(typed[0])


def test_what_had_nothing_to_send_was_not_sent(quickbooks, owner, typed, look):
    """A save that changes nothing for QuickBooks: it has nothing of ours, and the two are taken apart."""
    look()
    owner.post(f"{PAGE}/link")
    builders.edit_invoice(typed[0])
    assert quickbooks.row(typed[0]).state is TaskState.QUEUED
    before = quickbooks.invoice("OLD-0")["SyncToken"]
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["SyncToken"] == before
    assert card_of(typed[0]).sent_at is None
    assert card_of(typed[0].customer).sent_at is not None
    apart(owner, typed[0])
    assert quickbooks.row(typed[0]) is None


def test_sent_by_hand_it_is_not_said_to_have_been_sent_before(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    orders.push(quickbooks.connection, RecordKind.INVOICE, typed[0].id, "Olivia")
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.row(typed[0]).message.startswith(
        "Invoice OLD-0 was entered in QuickBooks by somebody, and is different there: the service location "
    )


def memo_there(quickbooks, number: str, memo: str) -> None:
    quickbooks.do("invoice", quickbooks.invoice(number)["Id"], "edit", PrivateNote=memo)


def preview(owner, bill) -> tuple[str, str]:
    """The page of both sides, and the seal of what it showed."""
    page = owner.get(f"/invoices/{bill.id}/quickbooks/preview").text
    return page, re.search(r'name="seen" value="([^"]+)"', page)[1]


def test_what_only_they_wrote_is_asked_about_before_it_is_overwritten(quickbooks, owner, typed, look):
    """What the page compares is the same; the memo is not among it."""
    memo_there(quickbooks, "OLD-0", "Paid in cash?")
    look()
    owner.post(f"{PAGE}/link")
    page, seen = preview(owner, typed[0])
    assert "Both are the same" not in page
    assert "you are asked before that is overwritten" in page
    owner.post(f"/invoices/{typed[0].id}/quickbooks", {"seen": seen})
    quickbooks.drain()
    assert "the memo from none to “Paid in cash?”" in quickbooks.row(typed[0]).message
    assert quickbooks.invoice("OLD-0")["PrivateNote"] == "Paid in cash?"
    page, seen = preview(owner, typed[0])
    assert "Paid in cash?" in page
    owner.post(f"/invoices/{typed[0].id}/quickbooks", {"seen": seen})
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert not quickbooks.invoice("OLD-0").get("PrivateNote")


def test_the_first_edit_after_linking_is_sent(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    builders.edit_invoice(typed[0], due_date=date(2026, 4, 15))
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["DueDate"] == "2026-04-15"


def test_the_first_edit_of_what_they_wrote_otherwise_is_asked_about(quickbooks, owner, typed, look):
    memo_there(quickbooks, "OLD-0", "Paid in cash?")
    look()
    owner.post(f"{PAGE}/link")
    builders.edit_invoice(typed[0], notes="Gate code")
    quickbooks.drain()
    assert quickbooks.row(typed[0]).problem == "entered_differently"
    assert quickbooks.invoice("OLD-0")["PrivateNote"] == "Paid in cash?"


def test_what_a_check_found_on_a_linked_one_is_overwritten_when_asked(
    quickbooks, owner, typed, look, tie_out
):
    """OLD-1 is 1042 there."""
    look()
    owner.post(f"{PAGE}/link", {"invoice_id": typed[1].id})
    tie_out()
    assert quickbooks.row(typed[1]).problem == "different_there"
    for _ in range(2):  # what is different is asked about first
        _, seen = preview(owner, typed[1])
        owner.post(f"/invoices/{typed[1].id}/quickbooks", {"seen": seen})
        quickbooks.drain()
    quickbooks.in_order(typed[1])
    assert numbers(quickbooks) == ["OLD-0", "OLD-1", "OLD-2"]


def test_the_first_edit_of_a_line_is_asked_about(quickbooks, owner, typed, look):
    """Theirs say something else, and come to the same."""
    look()
    owner.post(f"{PAGE}/link")
    before = quickbooks.invoice("OLD-0")["Line"]
    typed[0].lines[0].description = "Boiler, checked and cleaned"
    builders.edit_invoice(typed[0])
    quickbooks.drain()
    assert quickbooks.row(typed[0]).problem == "entered_differently"
    assert quickbooks.invoice("OLD-0")["Line"] == before
    page, seen = preview(owner, typed[0])
    assert "Somebody changed this invoice" not in page
    owner.post(f"/invoices/{typed[0].id}/quickbooks", {"seen": seen})
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["Line"][0]["Description"] == "Boiler, checked and cleaned"


def test_a_line_that_they_wrote_otherwise_is_asked_about_after_other_edits_too(
    quickbooks, owner, typed, look
):
    """The note goes at once: they have none."""
    look()
    owner.post(f"{PAGE}/link")
    before = quickbooks.invoice("OLD-0")["Line"]
    builders.edit_invoice(typed[0], notes="Gate code")
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    typed[0].lines[0].description = "Boiler, checked and cleaned"
    builders.edit_invoice(typed[0])
    quickbooks.drain()
    assert quickbooks.row(typed[0]).problem == "entered_differently"
    assert quickbooks.invoice("OLD-0")["Line"] == before


def test_a_text_of_theirs_stays_when_our_lines_are_written(quickbooks, owner, typed, look):
    """The item and the tax code of a line may be theirs, so somebody is asked although both say the same."""
    there = quickbooks.invoice("OLD-0")
    (sold,) = [line for line in there["Line"] if line["DetailType"] == "SalesItemLineDetail"]
    words = {"DetailType": "DescriptionOnly", "Description": "Thank you", "DescriptionLineDetail": {}}
    quickbooks.do("invoice", there["Id"], "edit", Line=[sold | {"Description": "Services"}, words])
    look()
    owner.post(f"{PAGE}/link")
    typed[0].lines[0].description = "Boiler, checked and cleaned"
    builders.edit_invoice(typed[0])
    quickbooks.drain()
    assert quickbooks.row(typed[0]).problem == "entered_differently"
    _, seen = preview(owner, typed[0])
    owner.post(f"/invoices/{typed[0].id}/quickbooks", {"seen": seen})
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    texts = [line.get("Description") for line in quickbooks.invoice("OLD-0")["Line"]]
    assert sorted(filter(None, texts)) == ["Boiler, checked and cleaned", "Thank you"]


def test_the_first_edit_of_the_customer_is_said(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    builders.edit_invoice(typed[0], customer_id=builders.customer(owner.company, "Casco Bay Cafe").id)
    quickbooks.drain()
    assert "Casco Bay Cafe here, Rivera HVAC in QuickBooks" in quickbooks.row(typed[0]).message


def test_a_linked_one_that_we_voided_there_stays_linked(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    lifecycle.void(typed[0])
    db.session.commit()
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["TotalAmt"] == 0
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[0].id})
    assert "It stays linked." in owner.get(PAGE).text


@pytest.mark.parametrize("linked_before", [True, False])
def test_what_was_set_apart_is_not_taken_when_it_is_sent(quickbooks, owner, typed, look, linked_before):
    """They agree in everything, and a person said that they are two."""
    theirs = quickbooks.invoice("OLD-0")["Id"]
    quickbooks.simulator.company(quickbooks.realm, warn_duplicate_numbers=False)
    look()
    if linked_before:
        owner.post(f"{PAGE}/link")
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[0].id})
    owner.post(f"{PAGE}/send", {"ids": [typed[0].id]})
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.remote_id(typed[0]) != theirs
    assert len([bill for bill in quickbooks.books("Invoice") if bill["DocNumber"] == "OLD-0"]) == 2


def test_what_was_set_apart_is_not_taken_after_a_lost_answer(quickbooks, owner, look, clock):
    """They have the same content under two numbers; ours is the later one, and was never done."""
    quickbooks.simulator.settings(requestid_memory_seconds=0)
    person = builders.customer(owner.company, "Rivera HVAC")
    builders.sent_invoice(person, number="TWIN")
    quickbooks.drain()
    twin = quickbooks.invoice("TWIN")
    fields = {name: twin[name] for name in ("CustomerRef", "TxnDate", "Line")}
    theirs = create(quickbooks, "Invoice", **fields, DocNumber="1042")
    ours = builders.sent_invoice(person, number="OLD-1", announce=False)
    ours.generated_at = quickbooks.connection.connected_at - timedelta(days=1)
    db.session.commit()
    look()
    owner.post(f"{PAGE}/apart", {"invoice_id": ours.id})
    owner.post(f"{PAGE}/send", {"ids": [ours.id]})
    quickbooks.script("cut_before", operation="invoice.create")
    for seconds in (0, 5, SERVER_LIMIT, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()
    quickbooks.in_order(ours)
    assert quickbooks.remote_id(ours) != theirs["Id"]
    assert numbers(quickbooks) == ["1042", "OLD-1", "TWIN"]


def test_what_was_changed_here_since_is_no_pair_any_more(quickbooks, owner, typed, look, clock):
    look()
    clock.advance(minutes=1)
    lifecycle.void(typed[0])
    db.session.commit()
    pairs = db.session.scalars(open_pairs(quickbooks.connection)).all()
    assert {one.invoice.number for one in pairs} == {"OLD-1", "OLD-2"}
    owner.post(f"{PAGE}/link")
    assert quickbooks.row(typed[0]) is None


def test_left_so_when_it_was_taken_apart_meanwhile(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link", {"invoice_id": typed[2].id})
    _, seen = preview(owner, typed[2])
    owner.post(f"{PAGE}/apart", {"invoice_id": typed[2].id})
    answer = owner.post(f"/invoices/{typed[2].id}/quickbooks/left-different", {"seen": seen})
    assert answer.status_code == 303
    assert "is linked with another record in QuickBooks by now, or with none" in owner.get("/invoices").text


NO_PAIR = "Nothing was linked: it was changed here or in QuickBooks since. Look for them in QuickBooks again."


@pytest.mark.parametrize("act", ["delete", "void", "edit"])
def test_what_was_changed_there_since_is_no_pair_any_more(quickbooks, owner, typed, look, act):
    """The check of the books is told of it before somebody links the two, and never again."""
    look()
    quickbooks.do(
        "invoice", quickbooks.invoice("OLD-0")["Id"], act, **({"DocNumber": "OLD-9"} if act == "edit" else {})
    )
    quickbooks.do("invoice", quickbooks.invoice("1042")["Id"], "pay", amount=1)
    daily.check(quickbooks.connection.id)
    assert found().keys() == {"OLD-1", "OLD-2"}
    answer = owner.post(f"{PAGE}/link", {"invoice_id": typed[0].id})
    assert NO_PAIR in owner.get(answer.headers["Location"]).text
    assert quickbooks.row(typed[0]) is None


def test_everything_is_read_and_it_is_not_there_any_more(quickbooks, owner, typed, look, clock):
    look()
    quickbooks.do("invoice", quickbooks.invoice("OLD-0")["Id"], "delete")
    clock.advance(days=40)
    daily.check(quickbooks.connection.id)
    assert found().keys() == {"OLD-1", "OLD-2"}


@pytest.mark.parametrize("is_edited", [True, False])
def test_deleted_there_before_the_two_were_linked_it_is_said(quickbooks, owner, typed, look, is_edited):
    """By the next check, or by the first push; it is made again when somebody says so."""
    look()
    quickbooks.do("invoice", quickbooks.invoice("OLD-0")["Id"], "delete")
    owner.post(f"{PAGE}/link", {"invoice_id": typed[0].id})
    if is_edited:
        builders.edit_invoice(typed[0], notes="a late note")
        quickbooks.drain()
    else:
        daily.check(quickbooks.connection.id)
    assert quickbooks.row(typed[0]).problem == "remote_deleted"
    page, seen = preview(owner, typed[0])
    assert "Make it again" in page
    owner.post(f"/invoices/{typed[0].id}/quickbooks", {"seen": seen})
    quickbooks.drain()
    quickbooks.in_order(typed[0])
    assert quickbooks.invoice("OLD-0")["TotalAmt"] == 100


@pytest.fixture
def linked(quickbooks, owner, typed, look):
    """OLD-1 with 1042. Payments sync, invoices do not, so that nothing of the invoice itself is sent."""
    look()
    owner.post(f"{PAGE}/link", {"invoice_id": typed[1].id})
    quickbooks.switch_payments()
    quickbooks.connection.preferences.sync_invoices = False
    db.session.commit()
    quickbooks.drain()
    return typed[1]


def apart(owner, bill) -> str:
    owner.post(f"{PAGE}/apart", {"invoice_id": bill.id})
    return owner.get(PAGE).text


def test_what_was_paid_there_since_stays_linked(quickbooks, owner, linked):
    """Its payment would stay on somebody else's invoice."""
    payment = builders.payment(linked, "40")
    quickbooks.drain()
    quickbooks.in_order(payment)
    assert quickbooks.invoice("1042")["Balance"] == 61
    assert "A payment or refund of it was sent since. It stays linked." in apart(owner, linked)
    quickbooks.in_order(linked, payment)
    assert quickbooks.remote_id(linked) == quickbooks.invoice("1042")["Id"]


def test_what_is_perhaps_paid_there_stays_linked(quickbooks, owner, linked, clock):
    """The answer was lost: the payment may be there."""
    payment = builders.payment(linked, "40")
    quickbooks.script("cut_after", operation="payment.create")
    quickbooks.drain()
    assert quickbooks.row(payment).state is TaskState.CHECKING
    assert "A payment or refund of it was sent since. It stays linked." in apart(owner, linked)
    clock.advance(seconds=SERVER_LIMIT)
    quickbooks.drain()
    quickbooks.in_order(linked, payment)


def test_what_waits_to_be_paid_there_is_taken_apart(quickbooks, owner, linked):
    """The payment has not left, and follows the invoice when somebody sends it."""
    payment = builders.payment(linked, "40")
    row, needed = quickbooks.row(payment), quickbooks.row(linked)
    builders.put_in(row, TaskState.ERROR, waits_for_id=needed.id)
    apart(owner, linked)
    quickbooks.drain()
    assert (quickbooks.row(linked), quickbooks.row(payment)) == (None, None)
    assert (quickbooks.books("Payment"), quickbooks.invoice("1042")["Balance"]) == ([], 101)
    quickbooks.switch_payments()  # and invoices
    owner.post(f"{PAGE}/send", {"ids": [linked.id]})
    quickbooks.drain()
    quickbooks.in_order(linked, payment)
    assert (quickbooks.invoice("1042")["Balance"], quickbooks.invoice("OLD-1")["Balance"]) == (101, 61)


def test_one_that_was_sent_meanwhile_is_offered_no_more(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/send", {"ids": [typed[0].id]})
    quickbooks.drain()
    owner.post(f"{PAGE}/link")
    quickbooks.in_order(typed[0])
    assert numbers(quickbooks) == ["1042", "OLD-0", "OLD-2"], "adopted by its own rules"


def test_quickbooks_cannot_be_read(quickbooks, owner, typed, look):
    quickbooks.script("fault", operation="query", code="10000", times=5)
    assert "QuickBooks could not be read." in look()
    assert found() == {}
    assert quickbooks.connection.earlier_asked_at is None


def test_intuit_could_not_renew_the_access(quickbooks, owner, typed, look, clock):
    """That asks nobody to connect again."""
    clock.advance(hours=2)
    quickbooks.simulator.script(effect="maintenance", operation="token")
    page = look()
    assert "QuickBooks could not be read. QuickBooks does not answer at present." in page
    assert "no longer lets FSM Navigator in" not in page


def test_the_months_reads_are_used_up(quickbooks, owner, typed, look, clock):
    """Said as long as it is so."""
    quickbooks.simulator.settings(read_quota=1)
    page = look()
    assert "as often this month as Intuit allows" in page
    assert "waits until April 1" in page
    assert "Look for them again then." in page
    assert quickbooks.connection.reads_blocked_until > now()
    clock.advance(hours=7)
    assert "QuickBooks could not be read." not in owner.get(PAGE).text


def test_what_was_sent_since_is_not_offered_to_be_taken_apart(quickbooks, owner, typed, look):
    look()
    owner.post(f"{PAGE}/link")
    owner.post(f"{PAGE}/link", {"invoice_id": typed[1].id})
    builders.edit_invoice(typed[0], notes="a late note")
    builders.edit_invoice(typed[1])  # nothing that QuickBooks has not
    quickbooks.drain()
    page = owner.get(PAGE).text
    assert "Take OLD-0 apart" not in page
    assert "Take OLD-1 apart" in page


def test_it_says_how_many_linked_ones_it_shows(quickbooks, owner, typed, look, monkeypatch):
    look()
    for bill in typed[:3]:
        owner.post(f"{PAGE}/link", {"invoice_id": bill.id})
    assert "are shown." not in owner.get(PAGE).text
    monkeypatch.setattr(found_pairs, "AT_ONCE", 2)
    assert "The first 2 of 3 are shown." in owner.get(PAGE).text


def test_while_sending_is_paused(quickbooks, owner, typed, look):
    """Connected without sending is when people want to know."""
    owner.post("/settings/integrations/quickbooks/pause")
    look()
    owner.post(f"{PAGE}/link")
    quickbooks.in_order(typed[0])
