"""What people at a company do all day with customers, invoices and money, through the rooms' own functions."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from app.accounts.models import Company, Terms
from app.customers.models import Customer
from app.customers.records import CustomerData, LocationData, create_customers, update_customer
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.lifecycle import NotAllowed
from app.invoices.models import Invoice, InvoiceSequence, InvoiceStatus, Payment, PaymentMethod, Refund
from app.invoices.payments import CORRECTABLE, RECEIVING, PaymentData, record_payment, take_back
from app.invoices.records import InvoiceData, LineData, create_draft, create_imported, update_invoice
from app.invoices.refunds import REFUNDABLE, RefundData, record_refund
from devtools.chaos.diary import Diary
from devtools.chaos.scene import look_anew

ITEMS = ("Service call", "Labor", "Filter 16x25", "Condenser coil", "Refrigerant R-410A", "Permit fee")
STREETS = ("Harbor St", "Mill Rd", "O'Neil Ave", "Old Post Rd")
OPEN_TO_CHANGES = (InvoiceStatus.DRAFT, InvoiceStatus.GENERATED)
TAX_RATES = ("0", "0", "8", "9.1")  # those that the stand-in's company has
FIRST_DAY = date(2026, 3, 2)


class Crew:
    """The people of one company. A transaction that the database loses is done again, as a person would."""

    def __init__(self, company_id: int, diary: Diary, chance: random.Random) -> None:
        self.company_id, self._diary, self._chance = company_id, diary, chance
        self._numbers = count(1)
        self._names: list[str] = []

    def write(self) -> None:
        """What people do, until it is something that QuickBooks is to hear of."""
        steps: list[tuple[int, Callable[[Company], None]]] = [
            (3, self._new_customer),
            (5, self._new_invoice),
            (1, self._import),
            (3, self._edit_customer),
            (4, self._edit_invoice),
            (4, self._send_invoice),
            (1, self._void_invoice),
            (8, self._record_payment),
            (2, self._take_back_payment),
            (3, self._refund),
        ]
        weights, choices = zip(*steps, strict=True)
        if not any(self._do(step) for step in self._chance.choices(choices, weights, k=5)):
            self.write_many()

    def write_many(self) -> None:
        """Several records at once."""
        self._do(self._chance.choice((self._new_customers, self._new_invoices)))

    def _do(self, step: Callable[[Company], None]) -> bool:
        """Whether QuickBooks is to hear of it."""
        for _ in range(20):
            try:
                step(db.session.get_one(Company, self.company_id))
                db.session.commit()
                return self._diary.note_saved()
            except NotAllowed:
                look_anew()
                self._diary.forget()
                return False
            except SQLAlchemyError:
                look_anew()
                self._diary.forget()
        raise RuntimeError("The database does not come back.")

    def _new_customer(self, company: Company) -> None:
        create_customers(company, [self._person() for _ in range(self._chance.choice((1, 1, 1, 3, 12)))])

    def upcoming_name(self) -> str:
        """What the next new customer will be called."""
        self._names.append(self._name())
        return self._names[-1]

    def upcoming_number(self) -> str:
        """What the next invoice will have."""
        last = select(InvoiceSequence.last).filter_by(company_id=self.company_id, year=FIRST_DAY.year)
        return f"INV-{FIRST_DAY.year}-{(db.session.scalar(last) or 0) + 1:04}"

    def _new_customers(self, company: Company) -> None:
        create_customers(company, [self._person() for _ in range(3)])

    def _new_invoices(self, company: Company) -> None:
        for _ in range(3):
            lifecycle.finalise(create_draft(company, self._bill(self._somebody(company))))

    def _new_invoice(self, company: Company) -> None:
        draft = create_draft(company, self._bill(self._somebody(company)))
        if self._chance.random() < 0.9:
            lifecycle.finalise(draft)

    def _import(self, company: Company) -> None:
        people = [self._somebody(company) for _ in range(3)]
        bills = [self._bill(self._chance.choice(people)) for _ in range(self._chance.randint(3, 35))]
        create_imported(company, [(self._number("OLD"), bill) for bill in bills])

    def _edit_customer(self, company: Company) -> None:
        person = self._somebody(company)
        data = CustomerData.of(person)
        changes: dict[str, Any] = self._chance.choice(
            (
                {"phone": self._phone()},
                {"notes": f"Gate code {self._chance.randint(1000, 9999)}"},
                {"email": f"office{self._chance.randint(1, 999)}@example.com"},
                {"locations": [replace(data.locations[0], street=self._street())]},
                {"name": self._name()},
            )
        )
        update_customer(person, replace(data, **changes))

    def _edit_invoice(self, company: Company) -> None:
        bill = self._some_invoice(company, *OPEN_TO_CHANGES, InvoiceStatus.SENT, *CORRECTABLE)
        if bill is None:
            return
        data = replace(InvoiceData.of(bill), notes=f"Changed {self._chance.randint(1, 9999)}")
        if self._chance.random() < 0.3:
            data = replace(data, due_date=data.due_date + timedelta(days=self._chance.randint(1, 9)))
        if bill.status in OPEN_TO_CHANGES and self._chance.random() < 0.5:
            data = replace(data, lines=self._lines())
        update_invoice(bill, data)

    def _send_invoice(self, company: Company) -> None:
        if bill := self._some_invoice(company, InvoiceStatus.GENERATED):
            lifecycle.mark_sent(bill)

    def _void_invoice(self, company: Company) -> None:
        if bill := self._some_invoice(company, InvoiceStatus.GENERATED, InvoiceStatus.SENT):
            lifecycle.void(bill)

    def _record_payment(self, company: Company) -> None:
        """All of the balance, or a part. The number of the cheque is the payment's own."""
        bill = self._some_invoice(company, *RECEIVING)
        if bill and (cents := int(bill.balance * 100)) > 0:
            part = self._chance.choice((cents, self._chance.randint(1, cents)))
            method = self._chance.choice(list(PaymentMethod))
            record_payment(bill, PaymentData(Decimal(part) / 100, method, self._day(), self._number("CHK")))

    def _take_back_payment(self, company: Company) -> None:
        standing = select(Payment).filter_by(company_id=company.id, taken_back_at=None)
        if payments := db.session.scalars(standing.order_by(Payment.id.desc()).limit(10)).all():
            take_back(self._chance.choice(payments))

    def _refund(self, company: Company) -> None:
        """The number of the complaint is the refund's own."""
        bill = self._some_invoice(company, *REFUNDABLE)
        if bill and (cents := int((bill.paid_total - bill.refunded_total) * 100)) > 0:
            amount = Decimal(self._chance.randint(1, cents)) / 100
            record_refund(
                bill, RefundData(amount, PaymentMethod.CHECK, self._day(), self._number("Complaint"))
            )

    def _somebody(self, company: Company) -> Customer:
        """One of the latest, who are often still on their way to QuickBooks; now and then a new one."""
        latest = db.session.scalars(
            select(Customer).filter_by(company_id=company.id).order_by(Customer.id.desc()).limit(8)
        ).all()
        if not latest or self._chance.random() < 0.2:
            return create_customers(company, [self._person()])[0]
        return self._chance.choice(latest)

    def _some_invoice(self, company: Company, *statuses: InvoiceStatus) -> Invoice | None:
        latest = select(Invoice).where(Invoice.company_id == company.id, Invoice.status.in_(statuses))
        return self._pick(db.session.scalars(latest.order_by(Invoice.id.desc()).limit(30)).all())

    def _pick(self, bills: Sequence[Invoice]) -> Invoice | None:
        return self._chance.choice(bills) if bills else None

    def _person(self) -> CustomerData:
        name = self._name()
        email = f"{name.split()[-1].lower()}@example.com"
        home = LocationData(
            street=self._street(),
            city="Portland",
            state="ME",
            postal_code="04101",
            is_primary=True,
        )
        return CustomerData(name=name, email=email, phone=self._phone(), locations=[home])

    def _street(self) -> str:
        return f"{self._chance.randint(1, 999)} {self._chance.choice(STREETS)}"

    def _name(self) -> str:
        if self._names:
            return self._names.pop()
        family = self._chance.choice(("Smith", "O'Hara", "Núñez", "Lee & Sons", "Harbor Grill"))
        return f"{family} No{next(self._numbers)}"

    def _phone(self) -> str:
        return f"(207) 555-{self._chance.randint(0, 9999):04}"

    def _day(self) -> date:
        return FIRST_DAY + timedelta(days=self._chance.randint(0, 60))

    def _number(self, what: str) -> str:
        return f"{what}-{next(self._numbers):05}"

    def _bill(self, person: Customer) -> InvoiceData:
        day, terms = self._day(), self._chance.choice((None, *Terms))
        due = day + timedelta(days=terms.days if terms else 20)
        rate = Decimal(self._chance.choice(TAX_RATES))
        return InvoiceData(
            customer_id=person.id,
            issue_date=day,
            due_date=due,
            terms=terms,
            tax_rate=rate,
            lines=self._lines(),
        )

    def _lines(self) -> list[LineData]:
        return [
            LineData(
                item=self._chance.choice(ITEMS),
                quantity=Decimal(self._chance.randint(1, 400)) / 100,
                unit_price=Decimal(self._chance.randint(100, 90000)) / 100,
                discount_percent=Decimal(self._chance.choice((0, 0, 0, 10))),
                description=self._chance.choice(("", f"Unit {self._chance.randint(1, 99)}")),
            )
            for _ in range(self._chance.randint(1, 4))
        ]


def records() -> int:
    """How many customers, invoices, payments and refunds there are."""
    kinds = (Customer, Invoice, Payment, Refund)
    return sum(db.session.scalar(select(func.count()).select_from(kind)) or 0 for kind in kinds)
