"""Two customers of different names: when they may be one, and in which words that is asked."""

import time
from dataclasses import replace

import pytest

from app.quickbooks.mapping import contact
from app.quickbooks.matching.rules import MANY, Card, contradiction, is_alike, reason, telling

RIVERA = Card(
    "1", "Rivera HVAC", "office@rivera.example", "(207) 555-0199", "12 Harbor Street", "", "04101-2200"
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rivera HVAC", "RIVERA HVAC, LLC"),
        ("Rivera HVAC", "Rivera H.V.A.C."),
        ("Ana Rivera", "Rivera, Ana"),
        ("O'Hara Plumbing", "OHara Plumbing Inc."),
        ("O\u2019Hara Plumbing", "O'Hara Plumbing"),
        ("Lee & Sons", "Lee and Sons Co"),
        ("Summit Plumbing", "Sumit Plumbing"),
        ("Harbor Grill", "The Harbor Grill Portland"),
        ("Casco Bay Brewing", "CascoBay Brewing"),
        ("Dubé & Fils", "Dube & Fils"),
    ],
)
def test_spelled_otherwise(one, other):
    assert is_alike(one, other)
    assert is_alike(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rivera HVAC", "Summit Plumbing"),
        ("Unit 1", "Unit 2"),
        ("Harbor St 12 LLC", "Harbor St 14 LLC"),
        ("Smith", "Smith Roofing"),
        ("Ana Rivera", "Juan Rivera"),
        ("LLC", "Inc"),
        ("", "Rivera"),
    ],
)
def test_two_names(one, other):
    assert not is_alike(one, other)
    assert not is_alike(other, one)


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ({"name": "Rivera HVAC LLC"}, "same e-mail and phone, another spelling of the name"),
        ({"name": "Rivera HVAC LLC", "email": ""}, "same phone, another spelling of the name"),
        ({"name": "Rivera HVAC LLC", "phone": "207.555.0199 ", "email": "x@y.example"},
         "same phone, another spelling of the name"),
        ({"name": "Rivera HVAC LLC", "phone": "+1 207 555 0199", "email": ""},
         "same phone, another spelling of the name"),
        ({"name": "Ana Rivera", "phone": "", "email": "OFFICE@Rivera.example"}, "same e-mail, another name"),
        ({"name": "Rivera HVAC LLC", "phone": "", "email": "", "street": "12 harbor st.", "postal_code": "04101"},
         "same address, another spelling of the name"),
        ({"name": "Ana Rivera", "phone": "", "email": ""}, ""),
        ({"name": "Rivera HVAC LLC", "phone": "", "email": "", "postal_code": "04102"}, ""),
        ({"name": "Rivera HVAC LLC", "phone": "", "email": "", "postal_code": ""}, ""),
        ({"name": "Rivera HVAC LLC", "phone": "0199", "email": "", "street": ""}, ""),
    ],
)  # fmt: skip
def test_the_reason(theirs, why):
    assert reason(RIVERA, replace(RIVERA, **theirs)) == why


def test_what_is_empty_on_both_sides_is_nothing_in_common():
    assert reason(Card("1", "Rivera HVAC"), Card("2", "Rivera HVAC LLC")) == ""


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ({"email": "other@rivera.example"}, "same name, another e-mail"),
        ({"email": "other@rivera.example", "phone": "207 555 0000"}, "same name, another e-mail and phone"),
        ({"street": "1 Mill Rd"}, "same name, another street"),
        ({"email": ""}, "same name"),
        ({"street": "12 harbor st."}, "same name"),
    ],
)
def test_what_contradicts(theirs, why):
    assert contradiction(RIVERA, replace(RIVERA, **theirs)) == why


def test_the_likeliest_comes_first():
    by_phone = replace(RIVERA, id="2", name="Ana Rivera", email="")
    by_both = replace(RIVERA, id="3", name="Rivera HVAC LLC")
    assert [card.id for card, _ in telling(RIVERA, [by_phone, by_both])] == ["3", "2"]


def test_an_address_that_many_have_tells_nothing():
    """An e-mail such as none@example.com, which somebody types for all who have none."""
    many = [replace(RIVERA, id=str(n), name=f"Other {n}", phone="", street="") for n in range(MANY + 1)]
    assert telling(RIVERA, many) == []
    assert len(telling(RIVERA, many[:MANY])) == MANY


def test_a_phone_is_compared_by_its_digits_of_any_keyboard():
    assert contact.phone("\u0662\u0660\u0667 555") == ""
    assert contact.phone("1 (207) 555-0199") == contact.phone("207-555-0199") == "2075550199"


def test_it_takes_no_time():
    """Names are compared only where something else is the same: never all with all."""
    one = [replace(RIVERA, id=str(n), name=f"Rivera {'x' * (n % 7)} HVAC") for n in range(MANY)]
    started = time.perf_counter()
    for _ in range(1000):
        telling(RIVERA, one)
    assert time.perf_counter() - started < 5
