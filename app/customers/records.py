"""Writing customers: each function writes, flushes and announces; the caller commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from app.accounts.models import Company
from app.customers import history
from app.customers.events import bill_to_changed, customers_changed
from app.customers.models import Customer, CustomerKind, ServiceLocation
from app.extensions import among, db, now


@dataclass
class LocationData:
    """What a person or a file says about a service location; `id` is that of the one it replaces."""

    label: str = ""
    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""
    is_primary: bool = False
    id: int | None = None

    @classmethod
    def of(cls, place: ServiceLocation) -> LocationData:
        return cls(**{name: getattr(place, name) for name in cls.__dataclass_fields__})


@dataclass
class CustomerData:
    """What a person or a file says about a customer. Of the locations, if any, exactly one is primary."""

    name: str
    number: str | None = None
    kind: CustomerKind = CustomerKind.COMPANY
    contact_given_name: str = ""
    contact_family_name: str = ""
    email: str = ""
    phone: str = ""
    tax_exempt: bool = False
    notes: str = ""
    locations: list[LocationData] = field(default_factory=list)

    @classmethod
    def of(cls, customer: Customer) -> CustomerData:
        plain = {name: getattr(customer, name) for name in cls.__dataclass_fields__}
        return cls(**{**plain, "locations": [LocationData.of(place) for place in customer.locations]})

    def differences(self, other: CustomerData) -> set[str]:
        return {name for name in self.__dataclass_fields__ if getattr(self, name) != getattr(other, name)}


def create_customer(company: Company, data: CustomerData) -> Customer:
    (customer,) = _create(company, [data])
    history.note(customer, "added the customer")
    return customer


def create_customers(company: Company, rows: Sequence[CustomerData]) -> list[Customer]:
    """Many at once, as a file brings them; announced once for all of them."""
    customers = _create(company, rows)
    for customer in customers:
        history.note(customer, "imported it from a file", is_part=True)
    return customers


def _create(company: Company, rows: Sequence[CustomerData]) -> list[Customer]:
    customers = [Customer(company=company) for _ in rows]
    for customer, data in zip(customers, rows, strict=True):
        _write(customer, data)
    db.session.add_all(customers)
    db.session.flush()
    customers_changed.send(company.id, ids=[customer.id for customer in customers])
    return customers


def lock(customer: Customer) -> None:
    """Read the customer again as it is now, and keep everybody else from changing it until the commit."""
    db.session.refresh(customer, with_for_update={"key_share": True})


def update_customer(customer: Customer, data: CustomerData) -> None:
    """Saving what is already there changes and announces nothing."""
    changed = data.differences(CustomerData.of(customer))
    if not changed:
        return
    printed = _printed(customer)
    for place in customer.locations:
        place.is_primary = False
    db.session.flush()  # the index allows one primary even between two statements of the next flush
    _write(customer, data)
    customer.updated_at = now()  # also when only a location changed
    history.note(customer, history.edited(changed))
    db.session.flush()
    if _printed(customer) != printed:
        bill_to_changed.send(customer.company_id, ids=[customer.id])
    customers_changed.send(customer.company_id, ids=[customer.id])


def _printed(customer: Customer) -> tuple[object, ...]:
    return customer.name, customer.bill_to, customer.tax_exempt


def taken_numbers(company: Company, numbers: Sequence[str]) -> set[str]:
    """Those of the numbers that the company's customers already have. It stays true while the company is locked."""
    query = select(Customer.number).where(Customer.company_id == company.id, among(Customer.number, numbers))
    return {number for number in db.session.scalars(query) if number}


def taken_names(company: Company, names: Collection[str]) -> set[str]:
    """Those of the names that customers of the company have in any case. All of them are in lower case."""
    query = select(Customer.name).where(
        Customer.company_id == company.id, among(func.lower(Customer.name), names)
    )
    return {name.lower() for name in db.session.scalars(query)}


def _write(customer: Customer, data: CustomerData) -> None:
    known: dict[int | None, ServiceLocation] = {place.id: place for place in customer.locations}
    for name, value in vars(data).items():
        if name != "locations":
            setattr(customer, name, value)
    customer.locations = [_written(known.pop(place.id, None), place) for place in data.locations]


def _written(place: ServiceLocation | None, data: LocationData) -> ServiceLocation:
    place = place or ServiceLocation()
    for name, value in vars(data).items():
        if name != "id":
            setattr(place, name, value)
    return place
