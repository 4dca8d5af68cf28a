"""The list of customers: search, pages, and what it says when it is empty."""

import re

import pytest

from app.customers.models import Customer
from tests.customers.conftest import add_customers
from tests.people import Actor


def names(page: str) -> list[str]:
    return re.findall(r'href="/customers/\d+">([^<]+)</a>', page)


def link(page: str, label: str) -> str | None:
    found = re.search(rf'href="([^"]+)"[^>]*>[^<]*{label}', page)
    return found and found[1].replace("&amp;", "&")


def test_an_empty_list_invites_to_add(owner: Actor):
    page = owner.get("/customers").text
    assert "No customers yet" in page
    assert "Add your first customer" in page


def test_a_technician_is_not_invited(technician: Actor):
    page = technician.get("/customers").text
    assert "No customers yet" in page
    assert "/customers/new" not in page
    assert "/customers/import" not in page


@pytest.mark.parametrize(
    "words",
    [
        "elm",
        "BAKERY",
        "C-1",
        "rosa@elm",
        "555-0134",
        "0134",
        "ake",
        "TÍ",
        "martín",
        "Rosa Martín",
        "street rosa",
        " bakery ",
        "(503)",
    ],
)
def test_search_finds_by_any_word_of_any_field(owner: Actor, bakery: Customer, words: str):
    add_customers(owner, "Zed")
    assert names(owner.get("/customers", query_string={"q": words}).text) == ["Elm Street Bakery"]


@pytest.mark.parametrize("words", ["nobody", "elm nobody", "%", "_", "\\"])
def test_a_search_without_result_says_so(owner: Actor, bakery: Customer, words: str):
    page = owner.get("/customers", query_string={"q": words}).text
    assert names(page) == []
    assert f"No customer matches “{words}”" in page
    assert "Show all customers" in page


def test_what_was_searched_for_is_shown_as_text(owner: Actor):
    page = owner.get("/customers", query_string={"q": "<script>x</script>"}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_live_search_gets_the_list_alone(owner: Actor, bakery: Customer):
    answer = owner.htmx("GET", "/customers?q=elm")
    assert answer.text.lstrip().startswith('<div id="customer-list"')
    assert names(answer.text) == ["Elm Street Bakery"]
    assert "HX-Request" in answer.headers["Vary"]


def test_pages_go_forth_and_back_without_gap_or_repetition(owner: Actor):
    everyone = [f"Customer {number:03}" for number in range(60)] + ["Same name"] * 7
    add_customers(owner, *reversed(everyone))
    seen, url = [], "/customers"
    while url:
        page = owner.get(url).text
        seen.append(names(page))
        url = link(page, "Next")
    assert [len(rows) for rows in seen] == [25, 25, 17]
    assert [name for rows in seen for name in rows] == everyone
    back = owner.get(link(page, "Previous")).text
    assert names(back) == seen[1]
    first = owner.get(link(back, "Previous")).text
    assert names(first) == seen[0]
    assert link(first, "Previous") is None


def test_pages_keep_the_search(owner: Actor):
    add_customers(owner, *[f"Elm {number:02}" for number in range(30)], "Zed")
    page = owner.get("/customers?q=elm").text
    assert names(owner.get(link(page, "Next")).text) == [f"Elm {number}" for number in range(25, 30)]


@pytest.mark.parametrize(
    "anchor", ["after=999999", "before=999999", "after=x", "before=-1", "after=9" + "9" * 30]
)
def test_a_position_that_does_not_exist_is_the_first_page(owner: Actor, bakery: Customer, anchor: str):
    assert names(owner.get(f"/customers?{anchor}").text) == ["Elm Street Bakery"]


def test_a_strangers_customers_are_neither_listed_nor_a_position(
    owner: Actor, stranger: Actor, bakery: Customer
):
    (foreign,) = add_customers(stranger, "Aaron")
    assert names(owner.get("/customers").text) == ["Elm Street Bakery"]
    assert names(stranger.get("/customers").text) == ["Aaron"]
    assert names(stranger.get(f"/customers?after={bakery.id}").text) == ["Aaron"]
    assert names(owner.get(f"/customers?before={foreign.id}").text) == ["Elm Street Bakery"]
