"""Checked files wait for a day, but no company fills our disk with them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.csv_import import uploads
from app.csv_import.models import CsvUpload
from app.extensions import db
from tests.customers.conftest import upload

HEADER = "customer_number,display_name,given_name,family_name,address,city,region,postal_code,country,phone"
FILE = f"{HEADER}\nC-1,Ada,,,,,,,,\n"


@pytest.fixture
def room_for_two(monkeypatch):
    monkeypatch.setattr(uploads, "QUOTA", 2 * len(FILE) + 1)


def waiting() -> int:
    return db.session.scalar(select(func.count(CsvUpload.id)))


def test_a_company_with_too_much_waiting_is_told(room_for_two, owner, dispatcher, stranger):
    for person in (owner, dispatcher):
        assert upload(person, FILE).status_code == 303
    refused = upload(owner, FILE)
    assert refused.status_code == 422
    assert "Your company has 50 MB of checked files waiting." in refused.text
    assert upload(stranger, FILE).status_code == 303
    assert waiting() == 3


def test_an_import_makes_room(room_for_two, owner):
    first = upload(owner, FILE).location
    upload(owner, FILE)
    owner.post(first)
    assert upload(owner, FILE.replace("C-1", "C-2")).status_code == 303


def test_a_day_makes_room(room_for_two, owner, clock):
    for _ in range(2):
        upload(owner, FILE)
    clock.advance(seconds=timedelta(days=1, seconds=1).total_seconds())
    assert upload(owner, FILE).status_code == 303
    assert waiting() == 1
