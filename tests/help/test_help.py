"""The help: a page for each promise, for everybody who is signed in, and led to from where the question arises."""

import pytest
from flask import Flask
from PIL import Image

from app.help.topics import PICTURES, all_topics

LIGHT = 60_000  # bytes


def test_every_topic_is_listed(technician):
    page = technician.get("/help").text
    for topic in all_topics().values():
        assert f'href="/help/{topic.slug}"' in page


@pytest.mark.parametrize("slug", all_topics())
def test_each_has_its_page_with_a_picture(owner, slug):
    page = owner.get(f"/help/{slug}")
    assert page.status_code == 200
    assert all_topics()[slug].title in page.text
    assert f"/static/help/{slug}.webp" in page.text
    assert all_topics()[slug].picture.shows.replace("'", "&#39;") in page.text


def test_there_is_no_other(owner):
    assert owner.get("/help/nothing").status_code == 404


def test_the_pictures_are_light_and_none_is_left_over():
    files = {file.stem: file for file in PICTURES.glob("*")}
    assert set(files) == set(all_topics())
    assert {slug: file.stat().st_size for slug, file in files.items() if file.stat().st_size > LIGHT} == {}
    for file in files.values():
        with Image.open(file) as image:
            assert image.format == "WEBP"


def test_every_topic_is_led_to_from_a_page(app: Flask):
    assert all(topic.pages for topic in all_topics().values())
    assert {page for topic in all_topics().values() for page in topic.pages} <= set(app.view_functions)


@pytest.mark.parametrize(
    ("address", "slugs"),
    [
        ("/settings/integrations", ["what-syncs", "connecting"]),
        (
            "/settings/integrations/quickbooks",
            ["connecting", "first-sync", "preferences", "status", "queue", "rehearsing"],
        ),
        ("/invoices/import", ["importing"]),
        ("/invoices", ["one-invoice"]),
        ("/profile", []),
    ],
)
def test_a_page_leads_to_what_is_asked_there(owner, address, slugs):
    page = owner.get(address).text
    assert [slug for slug in all_topics() if f'href="/help/{slug}"' in page] == slugs
