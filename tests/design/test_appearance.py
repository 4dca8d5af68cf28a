"""The colour scheme of a browser: kept, and drawn by the server before the page is seen."""

import pytest

from app import create_app
from app.config import from_environment


def test_it_follows_the_system_until_somebody_chooses(owner):
    page = owner.get("/customers").text
    assert 'data-appearance="system"' in page


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_a_choice_is_kept(owner, scheme):
    answer = owner.post(
        "/appearance", {"appearance": scheme}, headers={"Referer": "http://localhost/invoices?q=a"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/invoices?q=a")
    cookie = answer.headers["Set-Cookie"]
    assert "Max-Age=31536000" in cookie
    assert "HttpOnly" in cookie
    assert f'data-appearance="{scheme}" data-bs-theme="{scheme}"' in owner.get("/customers").text


def test_with_script_the_switch_alone_is_swapped(owner):
    answer = owner.htmx("POST", "/appearance", data={"appearance": "dark"})
    assert '"appearance": {"value": "dark"}' in answer.headers["HX-Trigger"]
    assert 'value="dark" aria-pressed="true"' in answer.text


def test_nonsense_is_refused(owner):
    assert owner.post("/appearance", {"appearance": "pink"}).status_code == 400


def test_a_spoiled_cookie_is_no_choice(owner):
    owner.client.set_cookie("appearance", '"><script>')
    assert 'data-appearance="system"' in owner.get("/customers").text


def test_the_styleguide_shows_both_schemes(owner):
    page = owner.get("/styleguide").text
    for words in ("Badges", "Disputed", "Empty state", "Enter a name.", "Dialog"):
        assert page.count(words) >= 2


def test_it_is_closed_in_production(settings):
    del (deployed := dict(settings))["STYLEGUIDE"]
    answers = [
        create_app(from_environment(told)).test_client().get("/styleguide") for told in (deployed, settings)
    ]
    assert [answer.status_code for answer in answers] == [404, 303], "303: it asks who is there"
