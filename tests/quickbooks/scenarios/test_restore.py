"""The database is restored from an older backup: nothing is doubled, and nothing overwritten unasked."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from sqlalchemy import text

from app.extensions import db, now
from app.invoices.numbering import next_number
from app.quickbooks.models import TaskState
from app.quickbooks.outbox.sweep import sweep
from tests.quickbooks import builders
from tests.quickbooks.conftest import SERVER_LIMIT

COLUMNS = """
    SELECT column_name FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = :table AND is_generated = 'NEVER'
"""
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
SEQUENCES = """
    SELECT sequencename, coalesce(last_value, 1), last_value IS NOT NULL
    FROM pg_sequences WHERE schemaname = 'public'
"""
KINDS_THERE = 3  # a customer, an item and an invoice: each is asked for in a query of its own


@pytest.fixture
def backup(app) -> Iterator[Callable[[], Callable[[], None]]]:
    """Take one; what it returns restores every table and every sequence as they were."""

    def take() -> Callable[[], None]:
        db.session.commit()
        with db.engine.begin() as connection:
            tables = connection.scalars(text(TABLES)).all()
            sequences = connection.execute(text(SEQUENCES)).all()
            connection.execute(text("CREATE SCHEMA backup"))
            for table in tables:
                connection.execute(text(f'CREATE TABLE backup."{table}" AS TABLE public."{table}"'))

        def restore() -> None:
            db.session.rollback()
            with db.engine.begin() as connection:
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("TRUNCATE " + ", ".join(f'public."{table}"' for table in tables)))
                for table in tables:
                    kept = ", ".join(
                        f'"{name}"' for name in connection.scalars(text(COLUMNS), {"table": table})
                    )
                    rows = f'SELECT {kept} FROM backup."{table}"'
                    connection.execute(text(f'INSERT INTO public."{table}" ({kept}) {rows}'))
                for name, last, is_called in sequences:
                    values = {"name": f'public."{name}"', "last": last, "called": is_called}
                    connection.execute(text("SELECT setval(CAST(:name AS text), :last, :called)"), values)

        return restore

    yield take
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS backup CASCADE"))


@pytest.fixture
def after_restore(app) -> Callable[[], str]:
    """What the operator types."""

    def command() -> str:
        answer = app.test_cli_runner().invoke(args=["quickbooks", "after-restore"])
        assert answer.exit_code == 0, answer.output
        db.session.rollback()
        return answer.output

    return command


def go_on(quickbooks, clock) -> None:
    for seconds in (0, 5, SERVER_LIMIT, SERVER_LIMIT):
        clock.advance(seconds=seconds)
        quickbooks.drain()


def writes(quickbooks, since: int) -> list[str]:
    reads = ("query", "cdc", "preferences.read", "companyinfo.read", "token")
    return [
        call["operation"]
        for call in quickbooks.simulator.calls()[since:]
        if call["operation"] not in reads and not call["operation"].endswith(".read")
    ]


def test_nothing_is_sent_before_all_that_is_linked_was_read_again(
    quickbooks, bill, owner, backup, after_restore
):
    for _ in range(3):
        builders.customer(owner.company)
    quickbooks.drain()
    restore = backup()
    restore()
    assert "1 connection in doubt" in after_restore()
    assert sweep() == [quickbooks.connection.id]
    late = builders.customer(quickbooks.owner.company, "Late Roofing")
    quickbooks.connection.facts_read_at = now()
    quickbooks.script("html", status=503, operation="query", times=2 * KINDS_THERE)
    since = len(quickbooks.simulator.calls())
    quickbooks.drain()
    assert writes(quickbooks, since) == []
    quickbooks.connection.paused_until = None
    db.session.commit()
    quickbooks.drain()
    assert quickbooks.connection.read_again_from is None
    quickbooks.in_order(late)


@pytest.mark.parametrize(
    "trouble",
    [
        {"operation": "query", "times": KINDS_THERE, "effect": "fault", "code": "5020"},
        {"operation": "query", "times": None, "effect": "fault", "code": "5030"},
        {"operation": "query", "times": 2, "effect": "fault", "code": "10000"},
    ],
)
def test_what_cannot_be_read_again_does_not_stop_the_others(
    quickbooks, bill, backup, after_restore, clock, trouble
):
    """A kind, or all of them: each is read before it is next sent."""
    backup()()
    after_restore()
    quickbooks.connection.facts_read_at = now()
    builders.edit_customer(bill.customer, phone="(207) 555-0100")
    quickbooks.script(**trouble)
    since = len(quickbooks.simulator.calls())
    quickbooks.drain()
    assert quickbooks.connection.read_again_from is None
    quickbooks.in_order(bill.customer)
    assert writes(quickbooks, since) == ["customer.update"]
    assert "customer.read" in [call["operation"] for call in quickbooks.simulator.calls()[since:]]


@pytest.mark.parametrize("code", ["5020", "10000"])
def test_one_that_cannot_be_read_again_stays_in_doubt(quickbooks, bill, backup, after_restore, clock, code):
    """The list leaves it out and its own read is refused; somebody has changed it."""
    backup()()
    after_restore()
    quickbooks.connection.facts_read_at = now()
    quickbooks.do("invoice", quickbooks.remote_id(bill), "edit", PrivateNote="written there")
    late = builders.customer(bill.company, "Late Roofing")
    quickbooks.script("lag", seconds=600, operation="query", times=KINDS_THERE)
    quickbooks.script("fault", code=code, operation="invoice.read", times=None)
    quickbooks.drain()
    assert quickbooks.connection.read_again_from is None
    quickbooks.in_order(late)

    quickbooks.simulator.control("DELETE", "scripts")
    builders.edit_invoice(bill, notes="written here")
    quickbooks.drain()
    row = quickbooks.row(bill)
    assert (row.state, row.problem) == (TaskState.ERROR, "changed_in_quickbooks")
    assert quickbooks.invoice("INV-7")["PrivateNote"] == "written there"


def test_what_went_after_the_backup_is_found_again_and_there_once(
    quickbooks, bill, backup, after_restore, clock
):
    """Recorded before the backup, sent after it."""
    payment, person = builders.payment(bill, "40"), builders.customer(bill.company, "Summit Roofing")
    second = builders.sent_invoice(bill.customer, number="INV-8")
    restore = backup()
    quickbooks.drain()
    before = quickbooks.simulator.books(quickbooks.realm)
    restore()
    after_restore()
    go_on(quickbooks, clock)
    quickbooks.in_order(payment, person, second)
    for entity in ("Customer", "Invoice", "Payment"):
        assert [one["Id"] for one in quickbooks.books(entity)] == [one["Id"] for one in before[entity]]
    assert quickbooks.invoice("INV-7")["Balance"] == 60


def test_a_refund_that_went_after_the_backup_is_there_once(quickbooks, bill, backup, after_restore, clock):
    builders.payment(bill, "100")
    quickbooks.drain()
    refund = builders.refund(bill, "25")
    restore = backup()
    quickbooks.drain()
    (first,) = quickbooks.books("RefundReceipt")
    restore()
    after_restore()
    go_on(quickbooks, clock)
    assert [one["Id"] for one in quickbooks.books("RefundReceipt")] == [first["Id"]]
    quickbooks.in_order(refund)
    assert quickbooks.remote_id(refund) == first["Id"]


def test_a_refund_of_the_lost_time_is_linked_when_it_is_entered_again(
    quickbooks, bill, backup, after_restore, clock
):
    """And is not taken for one of another invoice."""
    other = builders.sent_invoice(bill.customer, number="INV-8")
    for paid in (bill, other):
        builders.payment(paid, "100")
    quickbooks.drain()
    restore = backup()
    builders.refund(bill, "25")
    quickbooks.drain()
    (first,) = quickbooks.books("RefundReceipt")
    restore()
    after_restore()
    go_on(quickbooks, clock)
    anew, another = builders.refund(bill, "25", reason="Came too late again"), builders.refund(other, "25")
    go_on(quickbooks, clock)
    quickbooks.in_order(anew, another)
    assert quickbooks.remote_id(anew) == first["Id"]
    assert len(quickbooks.books("RefundReceipt")) == 2


def test_two_checks_of_the_same_amount_keep_their_numbers(quickbooks, bill, backup, after_restore, clock):
    """The later one comes first when both are looked up again."""
    early, late = (builders.payment(bill, "40", reference=number) for number in ("CHK-1", "CHK-2"))
    restore = backup()
    quickbooks.drain()
    before = {one["PaymentRefNum"]: one["Id"] for one in quickbooks.books("Payment")}
    restore()
    task = quickbooks.row(late)
    task.by_hand = True
    db.session.commit()
    after_restore()
    go_on(quickbooks, clock)
    quickbooks.in_order(early, late)
    assert {quickbooks.remote_id(one) for one in (early, late)} == set(before.values())
    assert quickbooks.remote_id(late) == before["CHK-2"]
    assert {one["PaymentRefNum"]: one["Id"] for one in quickbooks.books("Payment")} == before


@pytest.mark.parametrize("answer", ["link", "another"])
def test_another_check_of_the_same_money_asks(quickbooks, bill, owner, backup, after_restore, clock, answer):
    """Nobody here knows the first one any more. The two may be one payment, entered again, or two."""
    restore = backup()
    builders.payment(bill, "40", reference="CHK-1")
    quickbooks.drain()
    (first,) = quickbooks.books("Payment")
    restore()
    after_restore()
    go_on(quickbooks, clock)
    late = builders.payment(bill, "40", reference="CHK-2")
    go_on(quickbooks, clock)
    row = quickbooks.row(late)
    assert (row.state, row.problem) == (TaskState.ERROR, "check_number_differs")
    assert len(quickbooks.books("Payment")) == 1
    page = owner.get("/settings/integrations/quickbooks").text
    for words in ("CHK-1, $40.00", "It is the same: link them", "It is another payment: send it too"):
        assert words in page
    owner.post(f"/settings/integrations/quickbooks/queue/{row.id}/{answer}")
    go_on(quickbooks, clock)
    quickbooks.in_order(late)
    numbers = {one["Id"]: one["PaymentRefNum"] for one in quickbooks.books("Payment")}
    if answer == "link":
        assert numbers == {first["Id"]: "CHK-2"}
    else:
        assert numbers == {first["Id"]: "CHK-1", quickbooks.remote_id(late): "CHK-2"}


def test_a_check_that_was_sent_before_the_backup_is_not_taken_for_a_later_one(
    quickbooks, bill, backup, after_restore, clock
):
    """Same invoice, day and amount: its number belongs to another payment here."""
    builders.payment(bill, "40", reference="CHK-1")
    restore = backup()
    quickbooks.drain()
    (first,) = quickbooks.books("Payment")
    restore()
    late = builders.payment(bill, "40", reference="CHK-2")
    quickbooks.row(late).by_hand = True
    db.session.commit()
    after_restore()
    go_on(quickbooks, clock)
    assert quickbooks.remote_id(late) != first["Id"]
    assert sorted(one["PaymentRefNum"] for one in quickbooks.books("Payment")) == ["CHK-1", "CHK-2"]


def test_what_was_on_the_wire_is_there_once(quickbooks, bill, backup, after_restore, clock):
    payments = [builders.payment(bill, "10") for _ in range(4)]
    quickbooks.script("cut_after", operation="batch")
    quickbooks.drain()
    restore = backup()
    clock.advance(seconds=5)
    quickbooks.drain()
    restore()
    after_restore()
    go_on(quickbooks, clock)
    quickbooks.in_order(*payments)
    assert len(quickbooks.books("Payment")) == 4


def test_what_was_lost_here_is_not_overwritten_by_what_comes_next(
    quickbooks, bill, backup, after_restore, clock
):
    """Ids and numbers repeat: other people's records now have those of the lost hour."""
    restore = backup()
    lost = builders.sent_invoice(bill.customer, number=next_number(bill.company, bill.issue_date))
    db.session.commit()
    lost_number, lost_id, day = lost.number, lost.id, lost.issue_date
    lost_payment = builders.payment(lost, "75")
    lost_payment_id = lost_payment.id
    builders.edit_invoice(bill, notes="written in the lost hour")
    quickbooks.drain()
    quickbooks.in_order(lost, lost_payment, bill)
    before = quickbooks.invoice(lost_number)
    payments = quickbooks.books("Payment")

    restore()
    after_restore()
    go_on(quickbooks, clock)
    company = quickbooks.owner.company
    other = builders.customer(company, "Summit Roofing")
    fresh = builders.sent_invoice(other, number=next_number(company, day), lines=(("Repair", "1", "90.00"),))
    payment = builders.payment(fresh, "40")
    assert (fresh.id, payment.id) == (lost_id, lost_payment_id)
    assert fresh.number != lost_number
    quickbooks.drain()
    quickbooks.in_order(other, fresh, payment)
    assert quickbooks.invoice(lost_number) == before
    assert [one for one in quickbooks.books("Payment") if one["TotalAmt"] == 75] == payments


def test_an_edit_over_what_we_wrote_in_the_lost_hour_asks(quickbooks, bill, backup, after_restore, clock):
    restore = backup()
    builders.edit_invoice(bill, notes="written in the lost hour")
    quickbooks.drain()
    restore()
    after_restore()
    go_on(quickbooks, clock)
    builders.edit_invoice(bill, notes="written after the restore")
    quickbooks.drain()
    row = quickbooks.row(bill)
    assert (row.state, row.problem) == (TaskState.ERROR, "changed_in_quickbooks")
    assert quickbooks.invoice("INV-7")["PrivateNote"] == "written in the lost hour"


def test_entered_again_it_is_linked_to_what_is_there(quickbooks, bill, backup, after_restore, clock):
    restore = backup()
    customer, day = bill.customer, bill.issue_date
    builders.payment(builders.sent_invoice(customer, number="INV-8", issue_date=day), "75")
    quickbooks.drain()
    before = quickbooks.simulator.books(quickbooks.realm)
    restore()
    after_restore()
    go_on(quickbooks, clock)
    again = builders.sent_invoice(customer, number="INV-8", issue_date=day)
    payment = builders.payment(again, "75")
    go_on(quickbooks, clock)
    quickbooks.in_order(again, payment)
    assert quickbooks.invoice("INV-8")["TotalAmt"] == Decimal("100.00")
    for entity in ("Customer", "Invoice", "Payment"):
        assert [one["Id"] for one in quickbooks.books(entity)] == [one["Id"] for one in before[entity]]


def test_one_that_was_deleted_in_the_lost_hour_says_so(quickbooks, bill, backup, after_restore, clock):
    restore = backup()
    quickbooks.do("invoice", quickbooks.invoice("INV-7")["Id"], "delete")
    restore()
    after_restore()
    go_on(quickbooks, clock)
    builders.edit_invoice(bill, notes="written after the restore")
    quickbooks.drain()
    assert quickbooks.row(bill).problem == "remote_deleted"
    assert quickbooks.books("Invoice") == []
