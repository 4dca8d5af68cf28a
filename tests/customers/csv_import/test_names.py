"""Names of a file that are there already: it is said, and asked, before they are there twice."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.csv_import import pages
from app.customers.models import Customer
from app.extensions import db
from tests.customers.conftest import add_customers, upload
from tests.mail.builders import work
from tests.people import Actor

TICKED = {"same_names": ["", "yes"]}
NOT_TICKED = {"same_names": [""]}  # as a browser sends a box that is shown and not ticked


def file(*names: str) -> str:
    return "\n".join(("display_name,phone", *(f"{name},503" for name in names), ""))


def names() -> list[str]:
    return list(db.session.scalars(select(Customer.name).order_by(Customer.name, Customer.id)))


def question(page: str) -> str:
    """What the preview asks, as it reads; nothing where it asks nothing."""
    found = re.search(r'<section[^>]*aria-labelledby="same-names-title".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_new_names_are_asked_nothing(owner: Actor, stranger: Actor):
    add_customers(stranger, "Ada")
    preview = owner.get(upload(owner, file("Ada", "Ben")).location)
    assert question(preview.text) == ""
    assert owner.post(preview.request.path).location == "/customers"
    assert db.session.scalar(select(func.count()).where(Customer.company_id == owner.company_id)) == 2


def test_a_file_that_is_imported_a_second_time_asks_first(owner: Actor):
    content = file("Elm Street Bakery", "Ada")
    owner.post(upload(owner, content).location)
    preview = owner.get(upload(owner, content).location)
    assert preview.status_code == 200
    assert question(preview.text).startswith(
        "2 names come more than once In your list of customers: Elm Street Bakery, Ada."
    )
    assert "aria-invalid" not in preview.text
    for unanswered in (NOT_TICKED, {}):
        refused = owner.post(preview.request.path, unanswered)
        assert refused.status_code == 422
        assert "Say that these are other customers to import them too." in question(refused.text)
        assert len(names()) == 2
    assert owner.post(preview.request.path, TICKED).location == "/customers"
    assert names() == ["Ada", "Ada", "Elm Street Bakery", "Elm Street Bakery"]


def test_a_name_is_known_in_any_case_and_within_the_file_too(owner: Actor):
    add_customers(owner, "Elm Street Bakery")
    preview = owner.get(upload(owner, file("ELM Street bakery", "Ada", "Ben", "ada", "ADA")).location)
    assert question(preview.text).startswith(
        "2 names come more than once In your list of customers: ELM Street bakery. "
        "On more than one line of this file: Ada."
    )


def test_of_many_the_first_five_are_named(owner: Actor):
    some = [f"Customer {n}" for n in range(1, 8)]
    add_customers(owner, *some)
    preview = owner.get(upload(owner, file(*some)).location)
    named = "Customer 1, Customer 2, Customer 3, Customer 4, Customer 5 and 2 more."
    assert question(preview.text).startswith(
        f"7 names come more than once In your list of customers: {named}"
    )


def test_a_name_that_somebody_added_since_the_preview_is_asked_for(owner: Actor):
    preview = owner.get(upload(owner, file("Ada")).location)
    add_customers(owner, "Ada")
    refused = owner.post(preview.request.path)
    assert refused.status_code == 422
    assert question(refused.text).startswith("1 name comes more than once")
    assert names() == ["Ada"]


class TestLongFiles:
    """A worker imports them."""

    LINES = pages.LINES_AT_ONCE + 1
    MANY = tuple(f"Customer {n}" for n in range(LINES))

    @pytest.fixture
    def known(self, owner: Actor) -> None:
        add_customers(owner, self.MANY[7])

    def _preview(self, owner: Actor) -> Any:
        data = {"file": (io.BytesIO(file(*self.MANY).encode()), "customers.csv")}
        return owner.get(owner.post("/customers/import", data).location)

    def test_the_tick_is_asked_for_before_a_worker_has_it(self, owner: Actor, known: None, app: Flask):
        preview = self._preview(owner)
        assert owner.post(preview.request.path, NOT_TICKED).status_code == 422
        work(app)
        assert len(names()) == 1
        assert owner.post(preview.request.path, TICKED).status_code == 303
        work(app)
        assert len(names()) == self.LINES + 1

    def test_a_name_that_was_added_since_stops_the_worker(self, owner: Actor, app: Flask):
        preview = self._preview(owner)
        owner.post(preview.request.path)
        add_customers(owner, self.MANY[7])
        work(app)
        assert names() == [self.MANY[7]]
        page = owner.get(preview.request.path).text
        assert "Nothing was imported" in page
        assert "1 name comes more than once: Customer 7." in page
