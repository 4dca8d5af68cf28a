"""The Activity page: whose it is, what it finds, and the same as a file."""

import csv
import io

import pytest
from sqlalchemy import insert, text
from sqlalchemy.event import listen, remove

from app.accounts.models import Plan
from app.activity.models import Activity, ActivityKind
from app.activity.recording import record
from app.activity.search import NEWEST_LAST, EventFilter, events
from app.extensions import db
from tests.customers.conftest import upload
from tests.invoices import builders


@pytest.fixture
def past(owner, dispatcher, clock):
    """One event a day, from the first of March on."""
    bakery = builders.customer(owner.company, "Elm Street Bakery")
    for kind, words, on, by in (
        (ActivityKind.CUSTOMER, "changed the phone", bakery.subject, dispatcher.user_id),
        (ActivityKind.COMPANY, "changed the plan from Free to Pro", None, owner.user_id),
        (ActivityKind.SYNC, "left it out", builders.invoice(bakery).subject, owner.user_id),
    ):
        db.session.add(
            Activity(
                company_id=owner.company_id,
                kind=kind,
                text=words,
                user_id=by,
                record_kind=on.kind if on else "",
                record_id=on.id if on else None,
                record_name=on.name if on else "",
                record_key=on.name.lower() if on else "",
                changes=[["Total", "$1.00", "$2.00"]],
                at=clock.now(),
            )
        )
        clock.advance(days=1)
    db.session.commit()
    return owner


def found(owner, query: str) -> list[str]:
    """Which of the three days' events the page shows."""
    page = owner.get(f"/activity?{query}").text.lower()
    return [words for words in ("changed the phone", "changed the plan", "left it out") if words in page]


@pytest.mark.parametrize("plan", Plan)
def test_every_plan_has_it(past, plan):
    past.company.plan = plan
    db.session.commit()
    assert "left it out" in found(past, "")
    assert "left it out" in past.get("/activity/activity.csv").text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["changed the phone", "changed the plan", "left it out"]),
        ("kind=sync", ["left it out"]),
        ("record=elm", ["changed the phone"]),
        ("record=inv-2026", ["left it out"]),
        ("record=street", []),
        ("record=%25", []),
        ("from=2026-03-03&to=2026-03-03", ["changed the plan"]),
        ("to=2026-03-02", ["changed the phone"]),
        ("from=0001-01-01&to=9999-12-31", ["changed the phone", "changed the plan", "left it out"]),
        ("kind=nonsense&person=x&from=soon", ["changed the phone", "changed the plan", "left it out"]),
    ],
)
def test_filters(past, query, expected):
    assert found(past, query) == expected


def test_whose_days_and_whose_times_are_told_where_they_differ(past):
    assert "Days are those of" not in past.get("/activity").text
    past.post("/profile", {"name": "Olivia", "time_zone": "Pacific/Kiritimati"})
    page = past.get("/activity?from=2026-03-02&to=2026-03-02").text
    assert "Mar 3, 2026, 2:00 AM" in page
    assert "Days are those of your company (America/New_York); times are your own." in page


def test_the_filter_by_person(past, dispatcher):
    assert found(past, f"person={dispatcher.user_id}") == ["changed the phone"]


def test_a_record_leads_to_its_page(past):
    page = past.get("/activity").text
    assert '<a href="/customers/1">Elm Street Bakery</a>' in page
    assert '<a href="/invoices/1">INV-2026-0001</a>' in page


def test_owners_and_bookkeepers_see_it_and_only_their_own(past, dispatcher, technician, stranger):
    for person in (dispatcher, technician):
        assert person.get("/activity").status_code == 403
        assert person.get("/activity/activity.csv").status_code == 403
    assert found(stranger, "") == []
    assert found(stranger, f"person={past.user_id}") == []
    assert "Bakery" not in stranger.get("/activity/activity.csv").text


def test_the_file_holds_what_the_filter_finds(past):
    answer = past.get("/activity/activity.csv?kind=sync")
    rows = csv_rows(answer.text)
    assert [(row["What"], row["Record"], row["Changes"], row["E-mail"]) for row in rows] == [
        ("left it out", "INV-2026-0001", "Total: $1.00 → $2.00", "olivia@harbor.example")
    ]
    assert rows[0]["When"] == "2026-03-04 07:00:00-05:00"


def test_a_long_file_leaves_while_it_is_read(owner):
    rows = [
        {"company_id": owner.company_id, "kind": ActivityKind.SYNC, "text": f"event {n}"} for n in range(1200)
    ]
    db.session.execute(insert(Activity), rows)
    db.session.commit()
    read = []

    def note(event: Activity, _: object) -> None:
        read.append(event.id)

    listen(Activity, "load", note)
    try:
        answer = owner.get("/activity/activity.csv", buffered=False)
        parts = iter(answer.response)
        first = next(parts) + next(parts)
        assert 0 < len(read) <= 1000
        rest = b"".join(parts)
    finally:
        remove(Activity, "load", note)
    assert "Content-Length" not in answer.headers
    assert len(csv_rows((first + rest).decode())) == 1200


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_an_import_is_one_event_and_one_on_each_record(owner):
    header = (
        "customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone"
    )
    preview = upload(owner, f"{header}\nC-1,Ada,,,,,,,,\nC-2,Ben,,,,,,,,\n").location
    owner.post(preview)
    page = owner.get("/activity").text
    assert page.count("Imported 2 customers from a file") == 1
    assert "Imported it from a file" not in page
    assert "imported it from a file" in owner.get("/customers/1").text


def test_pages_follow_each_other(owner):
    for number in range(30):
        record(ActivityKind.COMPANY, f"did thing {number:02}", owner.company_id)
    db.session.commit()
    page = owner.get("/activity").text
    assert "Did thing 29" in page
    assert "Did thing 04" not in page
    assert "Did thing 04" in owner.get("/activity?after=6").text


def test_the_page_uses_the_companys_index(owner, stranger):
    """On a table that other companies fill: the first page reads no more rows than it shows."""
    db.session.execute(
        text("""
            INSERT INTO activities (company_id, at, address, kind, text, record_kind, record_name,
              record_key, changes, is_part)
            SELECT CASE WHEN n % 100 = 0 THEN :ours ELSE :theirs END, now() - n * interval '1 minute', '', 'sync',
              'x', '', '', '', '[]', false
            FROM generate_series(1, 20000) AS n
        """),
        {"ours": owner.company_id, "theirs": stranger.company_id},
    )
    db.session.execute(text("ANALYZE activities"))
    query = events(owner.company, EventFilter()).order_by(*(c.desc() for c in NEWEST_LAST)).limit(26)
    statement = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    plan = "\n".join(db.session.scalars(text(f"EXPLAIN {statement}")))
    assert "ix_activities_list" in plan
    assert "Sort" not in plan
