"""The help: a page for each promise, for everybody who is signed in."""

import pytest

from app.help.topics import TOPICS


def test_every_topic_is_listed(technician):
    page = technician.get("/help").text
    for topic in TOPICS.values():
        assert f'href="/help/{topic.slug}"' in page


@pytest.mark.parametrize("slug", TOPICS)
def test_each_has_its_page(owner, slug):
    page = owner.get(f"/help/{slug}")
    assert page.status_code == 200
    assert TOPICS[slug].title in page.text


def test_there_is_no_other(owner):
    assert owner.get("/help/nothing").status_code == 404
