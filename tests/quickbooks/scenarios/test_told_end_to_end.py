"""The stand-in tells a running web process what a bookkeeper changed, signed, and the worker has the row say so."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
import requests
from sqlalchemy import select

from app import create_app
from app.accounts.models import User
from app.config import from_environment
from app.customers.records import CustomerData, create_customers
from app.demo.company import open_company
from app.extensions import db
from app.invoices.records import InvoiceData, LineData, create_imported
from devtools.stack import Stack, running
from devtools.waiting import wait_until
from devtools.web_browser import WebBrowser

OWNER, PASSWORD = "told@example.com", "told-what-happens"
SETTINGS = "/settings/integrations/quickbooks"
LONG_AFTER = 600  # seconds: so late it is no echo of our own write


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    with running(("--no-limits",), QUICKBOOKS_WEBHOOK_TOKEN="verifier", RATELIMIT_ENABLED="0") as stack:
        yield stack


def control(stack: Stack, method: str, path: str, **body: object):
    answer = requests.request(
        method, f"{stack.simulator_url}/_simulator/{path}", json=body or None, timeout=30
    )
    answer.raise_for_status()
    return answer.json()


def connected(stack: Stack, realm: str) -> WebBrowser:
    """The owner of a company, signed in; its QuickBooks has one invoice of ours."""
    person = WebBrowser(stack.web_url)
    with create_app(from_environment(stack.environment)).app_context():
        open_company("Told Heating", OWNER, PASSWORD)
        person.open("/sign-in").submit("password", email=OWNER, password=PASSWORD)
        person.open(f"{SETTINGS}/connect")
        person.submit("password", email="owner@example.com", password="any").submit(
            "realm", realm=realm, decision="connect"
        )
        company = db.session.scalar(select(User).filter_by(email=OWNER)).company
        (customer,) = create_customers(company, [CustomerData(name="Rivera HVAC")])
        day = date(2026, 3, 2)
        line = LineData("Service call", Decimal(1), Decimal(100))
        create_imported(company, [("INV-7", InvoiceData(customer.id, day, day, lines=[line]))])
        db.session.commit()
    return person


def test_a_bookkeepers_edit_reaches_the_row(stack: Stack):
    realm = control(stack, "GET", "companies")[0]["realm"]
    person = connected(stack, realm)

    def says(text: str):
        return lambda: text in person.open("/invoices").page.text

    wait_until(says("In QuickBooks"), "the invoice is there", seconds=60, every=0.5)
    (bill,) = control(stack, "GET", f"books/{realm}")["Invoice"]
    control(stack, "POST", "clock", advance_seconds=LONG_AFTER)
    control(stack, "POST", f"companies/{realm}/invoice/{bill['Id']}/edit", TxnDate="2026-01-05")
    wait_until(says("Changed there"), "the row says so", seconds=90, every=0.5)
    delivered = control(stack, "GET", "webhooks")["deliveries"]
    told = [event["intuitentityid"] for one in delivered if one["status"] == 200 for event in one["events"]]
    assert bill["Id"] in told
