"""The judges of the chaos bench find what is wrong, and nothing else: each is shown a small story."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from devtools.chaos import guest
from devtools.chaos.books import Books
from devtools.chaos.diary import Diary, Entry
from devtools.chaos.hits import Hits
from devtools.chaos.kinds import Kind
from devtools.chaos.registry import Registry
from devtools.chaos.said import Said
from devtools.chaos.sentences import UNSURE, changed_so, left_by_the_page, unsure_fields
from devtools.chaos.verdicts import Company, Verdicts
from devtools.chaos.wire import WIRE
from simulator.scripts import Script

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
COMPANY, REALM = 7, "realm"
BOSS = {"DisplayName": "Rivera", "PrimaryEmailAddr": {"Address": "a@example.com"}, "Taxable": True}
HERE = {"name": "Rivera", "email": "a@example.com", "notes": ""}


class Story:
    """What was written in QuickBooks, second by second; it answers the harness as the stand-in does."""

    def __init__(self) -> None:
        self._changes: list[dict[str, Any]] = []
        self._records: dict[str, Any] = {}

    def wrote(self, by: str, id_: str, after: dict[str, Any] | None, kind: str = "Customer") -> float:
        number = len(self._changes) + 1
        moment = START + timedelta(seconds=number)
        record = None if after is None else {"Id": id_, "SyncToken": str(number), **after}
        change = {"number": number, "time": moment.isoformat(), "kind": kind, "id": id_, "by": by}
        self._changes.append({**change, "before": self._records.get(id_), "after": record})
        self._records[id_] = record
        return moment.timestamp()

    def history(self, realm: str, after: int) -> list[dict[str, Any]]:
        return self._changes[after:]

    def real_time(self, moment: datetime) -> float:
        return moment.timestamp()


@pytest.fixture
def story():
    return Story()


class World:
    """The judges at their desks. Links and answers are given as they are in the end."""

    def __init__(self, story: Story, entry: Entry) -> None:
        diary = Diary()
        diary._entries[entry.kind, entry.id] = entry
        self.entry, self.books, self.said = entry, Books(story, REALM), Said(story)
        self.books.refresh()
        self.registry = Registry(diary, {REALM: COMPANY})

    def verdicts(self, remote_id: str | None) -> Verdicts:
        links = {(self.entry.kind, self.entry.id): remote_id} if remote_id else {}
        made, found = self.registry.made_for(self.books), Verdicts()
        Company(self.books, links, {}, None, made, self.registry, self.said).judge(self.entry, found)
        return found

    def overwritten(self) -> list[str]:
        self.registry.made_for(self.books)
        return list(guest.overwritten(self.books, self.registry, self.said, set()))


def entry(at: float, **values: Any) -> Entry:
    return Entry(COMPANY, "customer", 1, [(at, HERE | values)])


def test_what_is_there_once_and_equal_is_right(story):
    made = story.wrote("app", "4", BOSS)
    assert World(story, entry(made - 1)).verdicts("4") == Verdicts()


def test_what_is_not_there_is_lost(story):
    assert World(story, entry(0)).verdicts(None).lost


def test_what_a_bookkeeper_deleted_is_not_lost(story):
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", None)
    assert not World(story, entry(made - 1)).verdicts("4").lost


def test_what_was_made_twice_is_found_under_another_name_too(story):
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", BOSS | {"DisplayName": "Rivera (acct)"})
    story.wrote("app", "5", BOSS)
    assert World(story, entry(made - 1)).verdicts("5").duplicated


def test_a_link_to_what_was_made_for_another_is_found(story):
    made = story.wrote("app", "4", BOSS)
    world = World(story, entry(made - 1))
    stranger = Entry(COMPANY, "customer", 2, [(0, HERE | {"name": "Other"})])
    world.registry._diary._entries["customer", 2] = stranger
    world.registry.made_for(world.books)
    world.entry = stranger
    assert "linked to what was made for" in world.verdicts("4").mismatched[0]


def test_an_edit_that_never_arrived_is_a_mismatch(story):
    made = story.wrote("app", "4", BOSS)
    world = World(story, entry(made - 1))
    world.entry.values.append((made + 5, HERE | {"email": "b@example.com"}))
    assert world.verdicts("4").mismatched


def test_a_bookkeepers_value_stays_where_we_did_not_edit_the_field(story):
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": "ap@example.org"}})
    assert World(story, entry(made - 1)).verdicts("4") == Verdicts()


def test_an_edit_of_ours_gives_way_to_a_bookkeeper_only_when_a_person_says_so(story):
    made = story.wrote("app", "4", BOSS)
    theirs = story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": "ap@example.org"}})
    world = World(story, entry(made - 1))
    world.entry.values.append((theirs + 1, HERE | {"email": "b@example.com"}))
    assert world.verdicts("4").mismatched
    world.said.answer(theirs + 2, world.entry, "leave")
    assert world.verdicts("4") == Verdicts()


SENTENCE = (
    "the phone from 1 to 2, the e-mail from b@example.com to a@example.com (or our change never arrived)"
)


def test_an_edit_that_never_arrived_may_be_left_where_a_person_was_told_so(story):
    """What the question did not name, or named as somebody's change, is not covered."""
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", BOSS | {"Title": "Ms"})
    world = World(story, entry(made - 1))
    world.entry.values.append((made + 5, HERE | {"email": "b@example.com"}))
    for unsure in (frozenset(), unsure_fields("Customer", SENTENCE.removesuffix(UNSURE))):
        world.said.answer(made + 6, world.entry, "leave", unsure)
        assert world.verdicts("4").mismatched
    world.said.answer(made + 6, world.entry, "leave", unsure_fields("Customer", SENTENCE))
    assert world.verdicts("4") == Verdicts()


@pytest.mark.parametrize(("is_done", "is_true"), [(False, True), (True, False)])
def test_a_doubt_is_true_as_long_as_ours_never_arrived(story, is_done: bool, is_true: bool):
    made = story.wrote("app", "4", BOSS)
    if is_done:
        story.wrote("app", "4", BOSS | {"PrimaryEmailAddr": {"Address": "b@example.com"}})
    world = World(story, entry(made - 1))
    world.entry.values.append((made + 0.5, HERE | {"email": "b@example.com"}))
    told = SENTENCE.partition(", ")[2]
    assert changed_so(world.books, ("Customer", "4"), world.entry, told) is is_true


@pytest.mark.parametrize(("there", "is_right"), [("other@example.com", True), ("", False)])
def test_of_the_same_customer_under_another_spelling_what_is_filled_in_there_stays(story, there, is_right):
    found = story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": there}})
    world = World(story, entry(found - 1))
    world.said.answer(found + 1, world.entry, "same")
    assert (not world.verdicts("4").mismatched) is is_right


def bill(*lines: tuple[str, str, str]) -> dict[str, Any]:
    """Of lines with their Ids, items and texts, for $10.00 each."""
    return {
        "DocNumber": "A-1",
        "CustomerRef": {"value": "9"},
        "TxnDate": "2026-03-02",
        "DueDate": "2026-03-02",
        "TotalAmt": Decimal(10 * len(lines)),
        "Line": [
            {
                "Id": id_,
                "Amount": Decimal(10),
                "Description": text,
                "DetailType": "SalesItemLineDetail",
                "SalesItemLineDetail": {"ItemRef": {"name": item}},
            }
            for id_, item, text in lines
        ],
    }


def bill_here(*lines: tuple[str, str]) -> dict[str, Any]:
    return {"number": "A-1", "lines": len(lines)} | {
        key: value
        for place, (item, text) in enumerate(lines, 1)
        for key, value in ((f"line {place} item", item), (f"line {place} text", text))
    }


@pytest.mark.parametrize(
    ("last", "is_right"), [("hours", True), ("permit fee", True), ("filter", False)], ids=str
)
def test_an_item_that_a_bookkeeper_changed_stays_theirs_where_its_line_moved(story, last, is_right):
    """Until it is changed here as well."""
    made = story.wrote("app", "4", bill(("1", "permit fee", "Unit 55")), "Invoice")
    theirs = story.wrote("bookkeeper", "4", bill(("1", "hours", "Unit 55")), "Invoice")
    world = World(story, Entry(COMPANY, "invoice", 1, [(made - 1, bill_here(("permit fee", "Unit 55")))]))
    mine = "permit fee" if is_right else "filter"
    world.entry.values.append((theirs + 1, bill_here(("coil", "Coil"), (mine, "Unit 7"))))
    item = "hours" if last != "permit fee" else last
    story.wrote("app", "4", bill(("2", "coil", "Coil"), ("1", item, "Unit 7")), "Invoice")
    world.books.refresh()
    assert (world.verdicts("4") == Verdicts()) is is_right


@pytest.mark.parametrize(("shown", "is_right"), [("Lines", True), ("Memo", False)])
def test_lines_that_were_shown_to_differ_are_left_as_one(story, shown: str, is_right: bool):
    """A bookkeeper changed one of two, both were replaced here: who leaves theirs leaves both."""
    made = story.wrote("app", "4", bill(("1", "coil", "Coil"), ("2", "hours", "Unit 5")), "Invoice")
    story.wrote("bookkeeper", "4", bill(("1", "filter", "Coil"), ("2", "hours", "Unit 5")), "Invoice")
    values = [
        bill_here(("coil", "Coil"), ("hours", "Unit 5")),
        bill_here(("duct", "Duct"), ("fan", "Unit 6")),
    ]
    world = World(story, Entry(COMPANY, "invoice", 1, [(made - 1, values[0]), (made + 5, values[1])]))
    assert world.verdicts("4").mismatched
    page = f'<tr class="is-different">\n  <th scope="row">{shown}</th>'
    world.said.answer(made + 6, world.entry, "leave", left_by_the_page("Invoice", page))
    assert (world.verdicts("4") == Verdicts()) is is_right


@pytest.mark.parametrize(
    ("path", "theirs"),
    [
        ("email", {"PrimaryEmailAddr": {"Address": "ap@example.org"}}),
        ("mobile", {"Mobile": {"FreeFormNumber": "(503) 555-0100"}}),
        ("second line", {"BillAddr": {"Line2": "Suite 9"}}),
    ],
)
def test_taking_away_what_a_bookkeeper_wrote_is_found(story, path, theirs):
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", BOSS | theirs)
    story.wrote("app", "4", BOSS)
    assert World(story, entry(made - 1)).overwritten()


def test_overwriting_is_right_when_a_person_said_so_after_seeing_it(story):
    made = story.wrote("app", "4", BOSS)
    theirs = story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": "ap@example.org"}})
    story.wrote("app", "4", BOSS)
    world = World(story, entry(made - 1))
    world.said.answer(theirs + 0.5, world.entry, "overwrite")
    assert not world.overwritten()


def test_an_answer_from_before_is_no_consent(story):
    made = story.wrote("app", "4", BOSS)
    story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": "ap@example.org"}})
    story.wrote("app", "4", BOSS)
    world = World(story, entry(made - 1))
    world.said.answer(made + 0.5, world.entry, "overwrite")
    assert world.overwritten()


def test_an_edit_made_after_we_saw_theirs_may_go_over_it(story):
    made = story.wrote("app", "4", BOSS)
    theirs = story.wrote("bookkeeper", "4", BOSS | {"PrimaryEmailAddr": {"Address": "ap@example.org"}})
    story.wrote("app", "4", BOSS | {"PrimaryEmailAddr": {"Address": "b@example.com"}})
    world = World(story, entry(made - 1))
    world.entry.values.append((theirs + 0.8, HERE | {"email": "b@example.com"}))
    assert world.overwritten()
    shown = {"Customer": {"Id": "4", "SyncToken": "2"}}
    seen = datetime.fromtimestamp(theirs + 0.4, UTC).isoformat()
    world.said.read([{"realm": REALM, "status": 200, "time": seen, "response": shown}])
    assert not world.overwritten()


def test_filling_in_what_was_never_there_takes_nothing_away(story):
    theirs = story.wrote("bookkeeper", "4", {"DisplayName": "Rivera"})
    story.wrote("app", "4", BOSS)
    assert not World(story, entry(theirs + 0.5)).overwritten()


def test_lines_that_lost_their_class_are_found(story):
    detail = {"ItemRef": {"value": "1", "name": "Hours"}, "Qty": Decimal(1), "UnitPrice": Decimal(5)}
    line = {"DetailType": "SalesItemLineDetail", "Amount": Decimal(5), "SalesItemLineDetail": detail}
    bill = {"DocNumber": "1", "CustomerRef": {"value": "4"}, "TxnDate": "2026-03-02", "DueDate": "2026-03-02"}
    bill |= {"TotalAmt": Decimal(5), "Line": [line]}
    coded = {**line, "SalesItemLineDetail": {**detail, "ClassRef": {"value": "9"}}}
    story.wrote("app", "8", bill, "Invoice")
    story.wrote("bookkeeper", "8", bill | {"Line": [coded]}, "Invoice")
    story.wrote("app", "8", bill | {"PrivateNote": "New"}, "Invoice")
    world = World(story, Entry(COMPANY, "invoice", 1, [(0, {"number": "1", "line 1 item": "hours"})]))
    (told,) = world.overwritten()
    assert "ClassRef" in told


def test_only_what_a_call_met_is_a_hit():
    hits = Hits(["cut_after", "expire_token", "slow"])
    hits.expect_refusals(REALM, Kind("expire_token", lambda chance: [], refuses=True))
    met = {"effect": "cut_after", "operation": "batch", "label": "cut_after"}
    hits.count([{"struck": [met], "status": None, "realm": REALM}])
    hits.count([{"struck": [], "status": 401, "realm": REALM}] * 2)
    assert hits.by_kind == {"cut_after": 1, "expire_token": 1, "slow": 0}
    assert hits.short(10) == {"slow": 0}


CALLS = ("query", "customer.read", "invoice.create", "payment.void", "batch", "item:invoice.update")


@pytest.mark.parametrize("kind", WIRE, ids=lambda kind: kind.name)
def test_no_kind_waits_for_a_call_that_never_comes(kind):
    """By the stand-in's own judgement, whatever chance chooses."""
    for seed in range(10):
        scripts = kind.scripts(random.Random(seed))
        assert any(script.get("label") for script in scripts)
        for script in scripts:
            waiting = Script.from_json({**script, "label": kind.name})
            assert any(waiting.matches(call, REALM) for call in CALLS), script
