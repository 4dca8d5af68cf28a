"""A company of its own for one test, and the QuickBooks it may connect to."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import requests
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Company, Plan, User
from app.accounts.plans import change_plan
from app.customers.records import CustomerData, create_customers
from app.extensions import db
from app.invoices.events import invoices_changed
from app.invoices.models import Invoice
from app.invoices.records import InvoiceData, LineData, create_draft, create_imported
from app.quickbooks import orders
from app.quickbooks.api import oauth

US, AUTOMATED_TAX, UK, TRACKED = 0, 1, 2, 3  # the simulator's companies, in their order


@dataclass
class Workplace:
    """The addresses of its people, what happens in it meanwhile, and what is in QuickBooks' books."""

    app: Flask
    simulator_url: str
    owner: str
    dispatcher: str
    bookkeeper: str
    technician: str

    def write(self, change: Callable[[Company], object]) -> None:
        """Something that happens in the company, through the rooms' own functions."""
        with self.app.app_context():
            change(db.session.scalar(select(User).filter_by(email=self.owner)).company)
            db.session.commit()

    def add_customers(self, *names: str) -> None:
        self.write(lambda company: create_customers(company, [CustomerData(name=name) for name in names]))

    def add_invoices(self, *numbers: str) -> None:
        """Generated, $100.00 each, for a customer of their own."""

        def write(company: Company) -> None:
            data = _invoice_for(company, f"Customer of {numbers[0]}")
            create_imported(company, [(number, data) for number in numbers])

        self.write(write)

    def add_draft(self) -> None:
        self.write(lambda company: create_draft(company, _invoice_for(company, "Customer of a draft")))

    def edit_invoice(self, number: str, /, **changes: object) -> None:
        def edit(company: Company) -> None:
            invoice = db.session.query(Invoice).filter_by(company_id=company.id, number=number).one()
            for name, value in changes.items():
                setattr(invoice, name, value)
            db.session.flush()
            invoices_changed.send(company.id, ids=[invoice.id])

        self.write(edit)

    def bookkeeper_renumbers(self, number: str, new: str) -> None:
        """Somebody gives an invoice another number in QuickBooks itself."""
        id_ = next(invoice["Id"] for invoice in self.books("Invoice") if invoice["DocNumber"] == number)
        self.control("POST", f"companies/{self.realm()}/invoice/{id_}/edit", DocNumber=new)

    def connect(self, company: int = US) -> None:
        """As after a consent that nobody had to click through; the worker reads and sends."""
        realm = self.realm(company)
        code = self.control("POST", f"companies/{realm}/consent")["code"]
        with self.app.app_context():
            tokens = oauth.exchange_code(oauth.OAuthSettings.from_config(self.app.config), code)
            owner = db.session.scalars(select(User).filter_by(email=self.owner)).one()
            orders.connect(owner.company_id, realm, tokens)

    def move_to(self, plan: Plan) -> None:
        self.write(lambda company: change_plan(company, plan))

    def control(self, method: str, path: str, **body: object) -> object:
        answer = requests.request(
            method, f"{self.simulator_url}/_simulator/{path}", json=body or None, timeout=30
        )
        answer.raise_for_status()
        return answer.json()

    def next_answer(self, operation: str, code: str, times: int = 1, detail: str = "") -> None:
        """QuickBooks refuses the next calls of this kind with this code."""
        script = {"effect": "fault", "operation": operation, "code": code, "message": "Scripted"}
        script |= {"detail": detail} if detail else {}
        self.control("POST", "scripts", **script, times=times)

    def realm(self, company: int = US) -> str:
        return self.control("GET", "companies")[company]["realm"]

    def books(self, entity: str, company: int = US) -> list[dict]:
        return self.control("GET", f"books/{self.realm(company)}")[entity]

    def names_in_quickbooks(self, company: int = US) -> set[str]:
        return {customer["DisplayName"] for customer in self.books("Customer", company)}


def _invoice_for(company: Company, customer_name: str) -> InvoiceData:
    (customer,) = create_customers(company, [CustomerData(name=customer_name)])
    line = LineData("Service call", Decimal(1), Decimal(100))
    day = date(2026, 3, 2)
    return InvoiceData(customer.id, issue_date=day, due_date=day, lines=[line])
