"""Companies to try things with: their people, customers and invoices."""

from pathlib import Path

from sqlalchemy import select

from app.accounts.models import Company, Plan, Role, User
from app.customers.csv_import import importer as customer_csv
from app.demo import lives
from app.extensions import db
from app.invoices.csv_import import importer as invoice_csv
from app.invoices.lifecycle import mark_sent
from app.invoices.records import create_draft, create_imported

DATA = Path(__file__).parent / "data"

PASSWORD = "navigator"  # of people who exist on development machines only
PEOPLE = (
    ("olivia@harbor.example", "Olivia Harper", Role.OWNER),
    ("dan@harbor.example", "Dan Reyes", Role.DISPATCHER),
    ("tess@harbor.example", "Tess Moreau", Role.TECHNICIAN),
    ("bea@books.example", "Bea Lindgren", Role.BOOKKEEPER),
)
FREE_OWNER = "sam@summit.example"


def build() -> None:
    """Harbor Heating & Air on Pro, with a year's work, and a company on Free; nothing if they exist. Commits."""
    olivia = select(User).filter_by(email=PEOPLE[0][0])
    if db.session.scalar(olivia):
        return
    harbor = open_company("Harbor Heating & Air", PEOPLE[0][0], PASSWORD, owner_name=PEOPLE[0][1])
    for email, name, role in PEOPLE[1:]:
        db.session.add(_user(harbor, email, name, role, PASSWORD))
    _fill(harbor, db.session.scalars(olivia).one())
    open_company("Summit Plumbing", FREE_OWNER, PASSWORD, plan=Plan.FREE, owner_name="Sam Okafor")
    db.session.commit()


def open_company(
    name: str, email: str, password: str, plan: Plan = Plan.PRO, owner_name: str = "Demo Owner"
) -> Company:
    """A company with its owner and nothing else. Commits."""
    company = Company(name=name, plan=plan)
    db.session.add(_user(company, email, owner_name, Role.OWNER, password))
    db.session.commit()
    return company


def _user(company: Company, email: str, name: str, role: Role, password: str) -> User:
    user = User(company=company, email=email, name=name, role=role)
    user.set_password(password)
    return user


def _fill(company: Company, owner: User) -> None:
    """Customers and invoices as their own imports would make them; some sent, some still drafts."""
    customer_csv.save(company, customer_csv.check(company, _read("customers.csv")))
    found = invoice_csv.check(company, _read("invoices.csv")).invoices
    imported = create_imported(company, [(one.number, one.to_data()) for one in found[:-3]])
    sent = imported[::3]
    for invoice in sent:
        mark_sent(invoice, by=owner)
    lives.live(sent, owner)
    for one in found[-3:]:
        create_draft(company, one.to_data(), by=owner)
    lives.begin(company, found[-1].to_data(), owner)


def _read(name: str) -> str:
    return (DATA / name).read_text(encoding="utf-8")
