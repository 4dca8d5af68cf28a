"""A real browser on the whole product: web, worker and the stand-in QuickBooks, each a process of its own."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import requests
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select

from app import create_app
from app.accounts.models import Company, Plan, Role, User
from app.config import from_environment
from app.customers.records import CustomerData, create_customers
from app.demo.company import PASSWORD, open_company
from app.extensions import db
from app.invoices.records import InvoiceData, LineData, create_imported
from devtools.browser import FLAGS, chromium_path
from devtools.stack import Stack, running

US, AUTOMATED_TAX, UK = 0, 1, 2  # the simulator's companies, in their order


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    # The pace is measured by the demo and the scenarios; a loaded machine may bunch what was sent evenly.
    with running(("--no-limits",), RATELIMIT_ENABLED="0") as stack:
        yield stack


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Workplace:
    """A company of its own for one test, and the QuickBooks it may connect to."""

    stack: Stack
    owner: str
    dispatcher: str
    technician: str

    def control(self, method: str, path: str, **body: object) -> object:
        answer = requests.request(
            method, f"{self.stack.simulator_url}/_simulator/{path}", json=body or None, timeout=30
        )
        answer.raise_for_status()
        return answer.json()

    def write(self, write: Callable[[Company], object]) -> None:
        """Something that happens in the company, through the rooms' own functions."""
        with create_app(from_environment(self.stack.environment)).app_context():
            write(db.session.scalar(select(User).filter_by(email=self.owner)).company)
            db.session.commit()

    def add_customers(self, *names: str) -> None:
        self.write(lambda company: create_customers(company, [CustomerData(name=name) for name in names]))

    def add_invoices(self, *numbers: str) -> None:
        """Generated, $100.00 each, for a customer of their own."""

        def write(company: Company) -> None:
            (customer,) = create_customers(company, [CustomerData(name=f"Customer of {numbers[0]}")])
            line = LineData("Service call", Decimal(1), Decimal(100))
            day = date(2026, 3, 2)
            data = InvoiceData(customer.id, issue_date=day, due_date=day, lines=[line])
            create_imported(company, [(number, data) for number in numbers])

        self.write(write)

    def realm(self, company: int = US) -> str:
        return self.control("GET", "companies")[company]["realm"]

    def books(self, entity: str, company: int = US) -> list[dict]:
        return self.control("GET", f"books/{self.realm(company)}")[entity]


@pytest.fixture
def hired(stack: Stack) -> Callable[..., Workplace]:
    """A new company with its people, while QuickBooks is empty."""

    def hire(plan: Plan = Plan.PRO) -> Workplace:
        requests.post(f"{stack.simulator_url}/_simulator/reset", timeout=30).raise_for_status()
        name = uuid.uuid4().hex[:8]
        emails = {role: f"{role.value}-{name}@harbor.example" for role in Role}
        with create_app(from_environment(stack.environment)).app_context():
            company = open_company(f"Harbor {name}", emails[Role.OWNER], PASSWORD, plan=plan)
            for role in (Role.DISPATCHER, Role.TECHNICIAN):
                user = User(company=company, email=emails[role], name=role.label, role=role)
                user.set_password(PASSWORD)
                db.session.add(user)
            _disconnect_the_others(company.id)
            db.session.commit()
        return Workplace(stack, *(emails[role] for role in (Role.OWNER, Role.DISPATCHER, Role.TECHNICIAN)))

    return hire


def _disconnect_the_others(company_id: int) -> None:
    """A realm belongs to one company at a time; earlier tests have left theirs connected."""
    from app.quickbooks.models import Connection, ConnectionState

    db.session.query(Connection).filter(Connection.company_id != company_id).update(
        {"state": ConnectionState.DISCONNECTED}
    )


@pytest.fixture
def workplace(hired: Callable[..., Workplace]) -> Workplace:
    return hired()


@pytest.fixture
def new_page(browser: Browser, stack: Stack) -> Iterator[Callable[..., Page]]:
    """Opens a browser window of its own; whatever the console reports fails the test."""
    contexts, complaints = [], []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            complaints.append(message.text)

    def opened(width: int = 1280) -> Page:
        context = browser.new_context(base_url=stack.web_url, viewport={"width": width, "height": 900})
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("page", lambda page: page.on("console", listen))
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def sign_in(new_page: Callable[..., Page]) -> Callable[..., Page]:
    def sign_in(email: str, width: int = 1280) -> Page:
        page = new_page(width)
        page.goto("/sign-in")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/customers")
        return page

    return sign_in
