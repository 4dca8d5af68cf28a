"""The matching page: both sides, one answer for equal reasons, what is linked, what is twice there, and the CSV."""

import csv
import io

import pytest

from app.customers.models import Customer
from app.extensions import db
from app.quickbooks.account.gateway import client_for
from app.quickbooks.matching import directory
from app.quickbooks.models import TaskState
from app.quickbooks.pages import twins
from app.quickbooks.views import matching as views
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.by_hand import create

PAGE = "/settings/integrations/quickbooks/matching"


def phone(last: int) -> dict:
    return {"PrimaryPhone": {"FreeFormNumber": f"(207) 555-01{last:02}"}}


@pytest.fixture
def three(quickbooks, owner):
    """Three of ours with the phone of one of theirs each, and one of equal name with another e-mail."""
    for n in range(3):
        create(quickbooks, "Customer", DisplayName=f"Harbor Grill {n} LLC", **phone(n))
    create(quickbooks, "Customer", DisplayName="Rivera HVAC", PrimaryEmailAddr={"Address": "a@b.example"})
    ours = [
        builders.customer(owner.company, f"Harbor Grill {n}", phone=f"207-555-01{n:02}") for n in range(3)
    ]
    rivera = builders.customer(owner.company, "Rivera HVAC", email="ana@rivera.example")
    quickbooks.drain()
    return [*ours, rivera]


def test_both_sides_and_the_reason(quickbooks, owner, three):
    page = owner.get(PAGE).text
    assert "4 customers" in page
    assert "Same phone, another spelling of the name." in page
    assert "Same name, another e-mail." in page
    assert "Harbor Grill 1 LLC" in page
    assert "(207) 555-0101" in page
    assert 'value="Rivera HVAC (Customer)"' in page
    assert 'value="Harbor Grill 1"' in page


def test_the_row_leads_there(quickbooks, owner, three):
    assert f'href="{PAGE}"' in owner.get("/settings/integrations/quickbooks/queue").text
    assert f'href="{PAGE}"' in owner.get(f"/customers/{three[0].id}").text


def test_an_invoice_that_waits_leads_there(quickbooks, owner, three):
    bill = builders.invoice(three[0])
    quickbooks.drain()
    page = owner.get(f"/invoices/{bill.id}").text
    assert "waits for Customer Harbor Grill 0" in page
    assert f'href="{PAGE}"' in page


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("same", [f"Harbor Grill {n} LLC" for n in range(3)]),
        ("another", sorted(f"Harbor Grill {n}{end}" for n in range(3) for end in ("", " LLC"))),
    ],
)
def test_one_answer_for_equal_reasons(quickbooks, owner, three, answer, names):
    told = "same phone, another spelling of the name"
    owner.post(f"{PAGE}/all", {"problem": "customer_doubtful", "told": told, "answer": answer})
    quickbooks.drain()
    quickbooks.in_order(*three[:3])
    assert quickbooks.row(three[3]).state is TaskState.ERROR, "another reason"
    there = [one["DisplayName"] for one in quickbooks.books("Customer")]
    assert sorted(name for name in there if name.startswith("Harbor")) == names


LONG = "Harbor Grill of the Old Customs House beside the Ferry Landing and the Lower Fish Market, Portland"


@pytest.fixture
def long_names(quickbooks, owner):
    """In QuickBooks with another e-mail: a name that fits without a suffix, a longer one, and a short one."""
    names = (LONG, f"The {LONG} of the State of Maine", "Rivera HVAC")
    for n, name in enumerate(names):
        there = {"PrimaryEmailAddr": {"Address": f"{n}@there.example"}}
        create(quickbooks, "Customer", DisplayName=name[:100], **there)
    ours = [builders.customer(owner.company, name, email=f"{n}@here.example") for n, name in enumerate(names)]
    quickbooks.drain()
    return ours


OTHERS = {"problem": "name_taken_contradicts", "told": "", "answer": "another"}


def test_long_names_are_cut_to_fit(quickbooks, owner, long_names):
    page = owner.get(PAGE).text
    assert f'value="{LONG[:89].rstrip()} (Customer)"' in page
    answer = owner.htmx("POST", f"{PAGE}/all", data=OTHERS)
    assert "3 customers are made as others." in answer.headers["HX-Trigger"]
    quickbooks.drain()
    there = [one["DisplayName"] for one in quickbooks.books("Customer")]
    assert "Rivera HVAC (Customer)" in there
    assert f"{LONG[:89].rstrip()} (Customer)" in there
    assert len(there) == 6
    assert max(map(len, there)) <= 100


def test_a_doubtful_long_name_is_cut_to_fit(quickbooks, owner):
    for n in range(2):
        create(quickbooks, "Customer", DisplayName=f"Harbor {n} Grill LLC", **phone(n))
        builders.customer(owner.company, f"Harbor {n} {'Grill ' * 25}", phone=f"207-555-01{n:02}")
    quickbooks.drain()
    told = {quickbooks.row(one).question["told"] for one in db.session.query(Customer)}
    assert len(told) == 1
    owner.post(f"{PAGE}/all", {"problem": "customer_doubtful", "told": told.pop(), "answer": "another"})
    quickbooks.drain()
    assert len(quickbooks.books("Customer")) == 4


@pytest.mark.parametrize(("answer", "said"), [("another", "made as others"), ("same", "taken for the same")])
def test_who_cannot_be_answered_is_left_and_counted(quickbooks, owner, long_names, answer, said):
    """What was asked of one is another thing by now."""
    row = quickbooks.row(long_names[0])
    row.question = {**row.question, "problem": "changed_in_quickbooks"}
    db.session.commit()
    answer = owner.htmx("POST", f"{PAGE}/all", data={**OTHERS, "answer": answer})
    told = answer.headers["HX-Trigger"]
    assert f"2 customers are {said}. 1 waits for an answer of its own." in told
    assert quickbooks.row(long_names[0]).state is TaskState.ERROR
    assert quickbooks.row(long_names[2]).state is TaskState.QUEUED


def test_a_name_that_is_missing_is_said_beside_the_field(quickbooks, owner, three):
    answer = owner.post(f"{PAGE}/{quickbooks.row(three[0]).id}/another", {"name": " "})
    assert answer.status_code == 422
    assert "Write the name to use in QuickBooks." in answer.text


def test_what_asks_no_more_is_said(quickbooks, owner, three):
    task = quickbooks.row(three[0])
    owner.post(f"{PAGE}/{task.id}/same")
    quickbooks.drain()
    assert owner.post(f"{PAGE}/{task.id}/same").status_code == 422


def test_linked_ones_are_listed(quickbooks, owner, three):
    owner.post(f"{PAGE}/{quickbooks.row(three[0]).id}/same")
    quickbooks.drain()
    page = owner.get(PAGE).text
    assert f'href="{PAGE}/links/{three[0].id}"' in page
    assert "3 customers" in page


def test_who_is_twice_in_quickbooks_is_reported_and_never_merged(quickbooks, owner):
    for name in ("Summit Plumbing", "The Summit Plumbing"):
        create(quickbooks, "Customer", DisplayName=name, **phone(7))
    builders.customer(owner.company)
    quickbooks.drain()
    page = owner.get(PAGE).text
    assert "Twice in QuickBooks itself?" in page
    assert "The Summit Plumbing" in page
    assert len(quickbooks.books("Customer")) == 3

    assert "are shown; the CSV has all." not in page


def test_it_says_where_not_all_are_meant(quickbooks, owner, three, monkeypatch):
    """Neither by one press nor on the list of those that are twice."""
    create(quickbooks, "Customer", DisplayName="The Harbor Grill 0 LLC", **phone(0))
    directory.read(quickbooks.connection.id, client_for(quickbooks.connection.id))
    page = owner.get(PAGE).text
    assert "All are the same" in page
    assert "All are others" in page
    monkeypatch.setattr(views, "AT_ONCE", 2)
    monkeypatch.setattr(twins, "AT_ONCE", 1)
    page = owner.get(PAGE).text
    assert "2 of them are the same" in page
    assert "2 of them are others" in page
    assert "The first 1 are shown; the CSV has all." in page


def test_the_file_has_every_pair(quickbooks, owner, three):
    for name in ("Summit Plumbing", "The Summit Plumbing"):
        create(quickbooks, "Customer", DisplayName=name, **phone(7))
    quickbooks.connection.customers_read_at = None
    db.session.commit()
    owner.post(f"{PAGE}/{quickbooks.row(three[0]).id}/same")
    owner.post(f"{PAGE}/{quickbooks.row(three[1]).id}/another", {"name": "Harbor Grill One"})
    quickbooks.drain()
    answer = owner.get(f"{PAGE}.csv", buffered=False)
    assert "Content-Length" not in answer.headers  # it leaves while it is read
    lines = list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert [(line["What"], line["Name here"], line["Name in QuickBooks"]) for line in lines] == [
        ("Waits for an answer", "Harbor Grill 2", "Harbor Grill 2 LLC"),
        ("Waits for an answer", "Rivera HVAC", "Rivera HVAC"),
        ("Linked", "Harbor Grill 0", "Harbor Grill 0 LLC"),
        ("Another customer", "Harbor Grill 1", "Harbor Grill 1 LLC"),
        ("Two in QuickBooks", "Summit Plumbing", "The Summit Plumbing"),
    ]


def test_a_bookkeeper_answers(quickbooks, owner, three, app):
    keeper = Actor.hired(app, "books@harbor.example", "Harbor Heating", "bookkeeper")
    assert keeper.post(f"{PAGE}/{quickbooks.row(three[0]).id}/same").status_code == 303


def test_before_anything_was_compared(quickbooks, owner):
    assert "Before the next new customer is sent, all are compared" in owner.get(PAGE).text
