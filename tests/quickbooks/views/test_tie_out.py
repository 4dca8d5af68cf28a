"""The tie-out's pages: who may see them, what they show while and after it runs, and the files they give."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Plan
from app.extensions import db, now, redis
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.overdue import mark_overdue
from app.quickbooks.models import Connection, ConnectionState
from app.quickbooks.models.runs import RunState
from app.quickbooks.tie_out.models import TieOut, TieOutLine, Verdict
from tests.people import Actor
from tests.quickbooks import builders

QUICKBOOKS = "/settings/integrations/quickbooks"
PAGE = f"{QUICKBOOKS}/tie-out"
POLLS = 'hx-trigger="every 2s'
EVIL = '=HYPERLINK("http://evil.example","open")'


@pytest.fixture
def connection(owner: Actor) -> Connection:
    return builders.connected(owner.company)


@pytest.fixture
def found(connection: Connection, owner: Actor) -> Callable[..., TieOutLine]:
    """Adds an invoice and what the one tie-out of the test said of it; `there` is None when it is not there."""
    run = TieOut(connection_id=connection.id, state=RunState.DONE, finished_at=now())
    db.session.add(run)
    db.session.commit()
    person = builders.customer(owner.company, EVIL)

    def add(
        verdict: Verdict, there: str | None, day: date = date(2026, 3, 2), detail: str = ""
    ) -> TieOutLine:
        bill = builders.invoice(person, issue_date=day, lines=(("Labor", "1", "100.00"),))
        line = TieOutLine(
            tie_out_id=run.id,
            invoice_id=bill.id,
            issue_date=day,
            verdict=verdict,
            total_here=bill.total,
            balance_here=bill.balance,
            total_there=there and Decimal(there),
            balance_there=there and Decimal(there),
            detail=detail,
        )
        db.session.add(line)
        db.session.commit()
        return line

    return add


def running(connection: Connection, **fields) -> TieOut:
    run = TieOut(connection_id=connection.id, state=RunState.RUNNING, **fields)
    db.session.add(run)
    db.session.commit()
    return run


def rows(answer) -> list[dict[str, str]]:
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(answer.data.decode("utf-8-sig").splitlines()))


def number_of(line: TieOutLine) -> str:
    return db.session.get_one(Invoice, line.invoice_id).number


def test_before_the_first_run_the_page_says_what_it_does(connection, owner: Actor):
    page = owner.get(PAGE).text
    for words in ("Do your books and QuickBooks agree?", "Nothing is changed", "seconds", "Compare now"):
        assert words in page
    assert POLLS not in page


def test_the_quickbooks_page_leads_to_it(connection, owner: Actor):
    assert f'href="{PAGE}"' in owner.get(QUICKBOOKS).text


def test_compare_starts_a_run_and_the_page_polls(connection, owner: Actor):
    redis().flushall()
    assert owner.post(PAGE).headers["Location"] == PAGE
    assert redis().llen("rq:queue:slow") == 1
    page = owner.get(PAGE).text
    assert "waits for its turn" in page
    assert POLLS in page
    assert "disabled" in page


def test_progress_is_shown(connection, owner: Actor):
    running(connection, read=200, expected=830)
    fragment = owner.htmx("GET", PAGE).text
    assert "200 of 830 invoices" in fragment
    assert POLLS in fragment
    assert "<html" not in fragment


def test_polling_stops_when_it_is_done(quickbooks, owner: Actor, work):
    builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    redis().flushall()
    assert POLLS in owner.htmx("POST", PAGE).text
    work()
    done = owner.htmx("GET", PAGE).text
    assert POLLS not in done
    assert "Everything ties." in done
    assert "Compare again" in done


def test_it_says_what_changed_here_since(found, owner: Actor, clock):
    line = found(Verdict.AGREES, "100.00")
    assert "changed here since" not in owner.get(PAGE).text
    clock.advance(minutes=5)
    builders.edit_invoice(db.session.get_one(Invoice, line.invoice_id), notes="called")
    assert "1 invoice has changed here since." in owner.get(PAGE).text


def test_what_only_became_late_did_not_change(found, owner: Actor, clock):
    bill = db.session.get_one(Invoice, found(Verdict.AGREES, "100.00").invoice_id)
    bill.status = InvoiceStatus.SENT
    db.session.commit()
    clock.advance(days=60)
    assert mark_overdue() == 1
    assert "changed here since" not in owner.get(PAGE).text
    builders.payment(bill, "40")
    assert "1 invoice has changed here since." in owner.get(PAGE).text


def test_a_lost_run_says_so_and_can_be_started_again(connection, owner: Actor, clock):
    running(connection)
    clock.advance(minutes=11)
    page = owner.get(PAGE).text
    assert "interrupted" in page
    assert POLLS not in page
    assert "disabled" not in page
    owner.post(PAGE)
    assert POLLS in owner.get(PAGE).text


def test_a_failure_is_told_above_the_results_before_it(connection, found, owner: Actor):
    found(Verdict.AGREES, "100.00")
    db.session.add(TieOut(connection_id=connection.id, state=RunState.FAILED, message="It broke."))
    db.session.commit()
    page = owner.get(PAGE).text
    assert "It broke. What you see below is the comparison before it." in page
    assert "Everything ties." in page


def test_a_reconnect_comes_first(connection, owner: Actor):
    connection.state = ConnectionState.RECONNECT_NEEDED
    db.session.commit()
    assert "Reconnect needed" in owner.get(PAGE).text
    owner.post(PAGE)
    assert db.session.query(TieOut).count() == 0


def test_months_newest_first_with_a_total(found, owner: Actor):
    found(Verdict.AGREES, "100.00")
    found(Verdict.DIFFERENT, "90.00", date(2026, 2, 10))
    found(Verdict.MISSING, None, date(2026, 2, 11))
    found(Verdict.NOT_SENT, None, date(2025, 12, 31))
    page = owner.get(PAGE).text
    assert page.index("March 2026") < page.index("February 2026") < page.index("December 2025")
    assert page.index("December 2025") < page.index(">All months<")
    assert "1 of 3 months does not tie." in page
    assert "In 1 more the difference was left out or not sent." in page
    assert "$400.00 here, $190.00 in QuickBooks" in page
    assert page.count("Ties</span>") == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"agreeing", "different", "missing"}),
        ("month=2026-03", {"agreeing", "missing"}),
        ("month=2026-03&verdict=missing", {"missing"}),
        ("verdict=different", {"different"}),
        ("found=1", {"agreeing", "different"}),
        ("month=2026-02&verdict=missing", set()),
        ("month=nonsense&verdict=unheard", {"agreeing", "different", "missing"}),
    ],
)
def test_each_number_opens_its_list(found, owner: Actor, query: str, expected: set[str]):
    lines = {
        "agreeing": found(Verdict.AGREES, "100.00", date(2026, 3, 31)),
        "different": found(Verdict.DIFFERENT, "90.00", date(2026, 2, 28)),
        "missing": found(Verdict.MISSING, None, date(2026, 3, 1)),
    }
    address = f"{PAGE}/{lines['agreeing'].tie_out_id}/invoices"
    shown = owner.get(f"{address}?{query}").text
    listed = {row["Number"] for row in rows(owner.get(f"{address}.csv?{query}"))}
    for name, line in lines.items():
        assert (number_of(line) in shown) == (name in expected)
        assert (number_of(line) in listed) == (name in expected)


def test_a_line_says_what_differs_and_leads_on(found, owner: Actor):
    line = found(Verdict.DIFFERENT, "90.00", detail="Total $100.00 here, $90.00 in QuickBooks.")
    page = owner.get(f"{PAGE}/{line.tie_out_id}/invoices").text
    for words in (line.detail, f"/invoices/{line.invoice_id}", "Mar 2, 2026", "$90.00", "Sync queued"):
        assert words in page


def test_before_a_re_sync_both_sides_are_shown(quickbooks, owner: Actor, tie_out):
    bill = builders.invoice(builders.customer(owner.company))
    quickbooks.drain()
    quickbooks.do("invoice", quickbooks.books("Invoice")[0]["Id"], "edit", DocNumber="1044")
    page = owner.get(f"{PAGE}/{tie_out().id}/invoices").text
    assert f'href="/invoices/{bill.id}/quickbooks/preview?part=panel"' in page
    assert f'action="/invoices/{bill.id}/quickbooks' not in page


def test_a_long_list_has_pages(found, owner: Actor):
    lines = [found(Verdict.AGREES, "100.00") for _ in range(27)]
    address = f"{PAGE}/{lines[0].tie_out_id}/invoices"
    first = owner.get(address).text
    assert number_of(lines[-1]) in first
    assert number_of(lines[0]) not in first
    assert number_of(lines[0]) in owner.htmx("GET", f"{address}?after={lines[2].id}").text


def test_the_months_as_a_file(found, owner: Actor):
    line = found(Verdict.DIFFERENT, "90.00")
    found(Verdict.AGREES, "100.00")
    run = db.session.get_one(TieOut, line.tie_out_id)
    run.made_there = {"2026-01": {"count": 2, "total": Decimal("55.50")}}
    db.session.commit()
    march, january, total = rows(owner.get(f"{PAGE}/{run.id}/months.csv"))
    assert (march["Month"], march["Ties"], march["Difference"]) == ("2026-03", "no", "10.00")
    assert (march["Total here"], march["Total in QuickBooks"]) == ("200.00", "190.00")
    assert (march["Different"], march["Different total in QuickBooks"]) == ("1", "90.00")
    assert (january["Made in QuickBooks itself"], january["Made in QuickBooks itself total"]) == (
        "2",
        "55.50",
    )
    assert (total["Month"], total["Invoices here"]) == ("All months", "2")


def test_the_list_as_a_file_holds_no_formula(found, owner: Actor):
    line = found(Verdict.MISSING, None, detail="It was in QuickBooks and is gone there.")
    answer = owner.get(f"{PAGE}/{line.tie_out_id}/invoices.csv", buffered=False)
    assert "Content-Length" not in answer.headers  # it leaves while it is read
    assert "attachment; filename=tie-out-2026-03-02-invoices.csv" in answer.headers["Content-Disposition"]
    (row,) = rows(answer)
    assert row["Customer"] == f"'{EVIL}"
    assert (row["Date"], row["Result"], row["Total here"], row["Total in QuickBooks"]) == (
        "2026-03-02",
        "Missing",
        "100.00",
        "",
    )


def test_what_was_left_out_explains_the_difference(found, owner: Actor):
    found(Verdict.SKIPPED, None)
    page = owner.get(PAGE).text
    assert "left out or not sent" in page
    assert "What was sent ties." in page


def test_what_was_made_in_quickbooks_is_counted_in_a_sentence(found, owner: Actor):
    line = found(Verdict.AGREES, "100.00")
    db.session.get_one(TieOut, line.tie_out_id).made_there = {"2026-02": {"count": 12, "total": Decimal(840)}}
    db.session.commit()
    page = owner.get(PAGE).text
    assert "12 invoices were made in QuickBooks itself, $840.00." in page
    assert "February 2026: 12, $840.00" in page
    assert "Everything ties." in page


@pytest.mark.parametrize("who", ["dispatcher", "technician"])
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", PAGE),
        ("POST", PAGE),
        ("GET", f"{PAGE}/1/invoices"),
        ("GET", f"{PAGE}/1/invoices.csv"),
        ("GET", f"{PAGE}/1/months.csv"),
    ],
)
def test_the_owner_alone(found, who: str, method: str, address: str, request: pytest.FixtureRequest):
    found(Verdict.AGREES, "100.00")
    actor: Actor = request.getfixturevalue(who)
    assert actor.client.open(address, method=method).status_code == 403


@pytest.mark.parametrize("leaf", ["invoices", "invoices.csv", "months.csv"])
def test_another_companys_tie_out_does_not_exist(found, owner: Actor, stranger: Actor, leaf: str):
    line = found(Verdict.AGREES, "100.00")
    builders.connected(stranger.company, realm="9130350000000002")
    assert owner.get(f"{PAGE}/{line.tie_out_id}/{leaf}").status_code == 200
    assert stranger.get(f"{PAGE}/{line.tie_out_id}/{leaf}").status_code == 404
    assert number_of(line) not in stranger.get(PAGE).text


@pytest.mark.parametrize("leaf", ["invoices", "invoices.csv", "months.csv"])
def test_a_run_that_is_not_done_has_no_results(connection, owner: Actor, leaf: str):
    assert owner.get(f"{PAGE}/{running(connection).id}/{leaf}").status_code == 404


def test_without_the_plan_the_gate_is_shown(connection, found, owner: Actor):
    line = found(Verdict.AGREES, "100.00")
    owner.company.plan = Plan.FREE
    db.session.commit()
    for address in (PAGE, f"{PAGE}/{line.tie_out_id}/invoices", f"{PAGE}/{line.tie_out_id}/months.csv"):
        assert owner.get(address).headers["Location"] == QUICKBOOKS
    assert owner.post(PAGE).headers["Location"] == QUICKBOOKS
    assert db.session.query(TieOut).count() == 1


def test_without_a_connection_the_quickbooks_page_says_what_to_do(owner: Actor):
    assert owner.get(PAGE).headers["Location"] == QUICKBOOKS
    assert owner.htmx("GET", PAGE).headers["HX-Redirect"] == QUICKBOOKS
