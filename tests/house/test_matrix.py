"""Every route, for every role, with an id of one's own company, of another, of nobody: out of the URL map."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts import logos
from app.accounts.models import Invitation, Role, User, UserSession
from app.csv_export.models import CsvExport
from app.csv_import.models import CsvUpload
from app.extensions import db, now
from app.invoices.models import InvoiceStatus
from app.quickbooks.models import RecordKind, RemoteLink
from app.quickbooks.models.runs import RunState
from app.quickbooks.rehearsal.models import Rehearsal
from app.quickbooks.tie_out.models import TieOut
from devtools.fuzz.requests import COLUMNS
from tests.accounts.test_logo import picture
from tests.house.test_routes import rules
from tests.invoices import builders
from tests.people import Actor
from tests.quickbooks import builders as quickbooks

NOBODYS = 2**31 - 1
CLOSED = "http://127.0.0.1:9"
FILES = {
    "customers": f"{COLUMNS[0]}\nC-9,Ada,,,,,,,,\n",
    "invoices": f"{COLUMNS[1]}\nOLD-9,C-1,2026-03-02,2026-04-01,Labor,1,10,0\n",
}

Ids = dict[str, int | str]


def records_of(owner: Actor, realm: str) -> Ids:
    """One record for every argument a route takes; uploads come with their person."""
    customer = builders.customer(owner.company, number="C-1")
    connection = quickbooks.connected(owner.company, realm)
    invoice = builders.invoice(customer, status=InvoiceStatus.PARTIALLY_PAID)
    compared = TieOut(connection_id=connection.id, state=RunState.DONE, finished_at=now())
    rehearsed = Rehearsal(connection_id=connection.id, state=RunState.DONE, finished_at=now())
    link = {"connection_id": connection.id, "kind": RecordKind.INVOICE, "record_id": invoice.id}
    db.session.add_all((compared, rehearsed, RemoteLink(**link, remote_id="7", sync_token="0")))
    invitation = Invitation(
        company_id=owner.company_id,
        email=f"{realm}@books.example",
        role=Role.OWNER,
        digest=realm,
        ends_at=now(),
    )
    export = CsvExport(company_id=owner.company_id, user_id=owner.user_id, kind="invoices", query="")
    db.session.add_all((invitation, export))
    signed_in = db.session.scalars(select(UserSession).filter_by(user_id=owner.user_id)).one()
    task = quickbooks.task_of(connection, quickbooks.customer(owner.company))
    db.session.commit()
    return {
        "customer_id": customer.id,
        "invoice_id": invoice.id,
        "payment_id": invoice.payments[0].id,
        "tie_out_id": compared.id,
        "rehearsal_id": rehearsed.id,
        "export_id": export.id,
        "task_id": task.id,
        "slug": "connecting",  # a topic of the help, for everybody
        "record_id": invoice.id,
        "kind": "invoice",
        "problem_key": "too_long",  # of the catalogue, for everybody
        "user_id": owner.user_id,
        "invitation_id": invitation.id,
        "session_id": signed_in.id,
    }


@pytest.fixture
def product(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    for name in ("API", "AUTHORIZE", "TOKEN", "REVOKE"):
        monkeypatch.setitem(app.config, f"QUICKBOOKS_{name}_URL", CLOSED)
    return app


@pytest.fixture
def people(product: Flask, owner: Actor) -> dict[str, Actor]:
    others = (role for role in Role if role is not Role.OWNER)
    hired = {
        role.value: Actor.hired(product, f"{role}@harbor.example", "Harbor Heating", role) for role in others
    }
    return {"owner": owner, **hired}


def guarded(app: Flask) -> Iterator[tuple[Rule, str, tuple[str, ...]]]:
    """Each route with each of its methods, and the roles it is for."""
    for rule in rules(app):
        guard = app.view_functions[rule.endpoint].guard
        if guard != "public":
            for method in sorted(rule.methods & {"GET", "POST"}):
                yield rule, method, guard


def address(app: Flask, rule: Rule, ids: Ids) -> str:
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{name: ids[name] for name in rule.arguments})


def upload_of(person: Actor, rule: Rule) -> Ids:
    """A file that waits for this person, for the routes that take one."""
    if "upload_id" not in rule.arguments:
        return {}
    user = db.session.get_one(User, person.user_id)
    kind = rule.endpoint.split(".")[0]
    upload = CsvUpload(company_id=user.company_id, user_id=user.id, kind=kind, content=FILES[kind])
    db.session.add(upload)
    db.session.commit()
    return {"upload_id": upload.id}


def test_who_may_not_is_refused_whatever_the_id(product, people, owner):
    own, wrong = records_of(owner, "1"), []
    for rule, method, guard in guarded(product):
        for role, person in people.items():
            if role not in guard:
                ids = own | upload_of(person, rule)
                answer = person.open(method, address(product, rule, ids))
                if answer.status_code != 403:
                    wrong.append((role, method, rule.rule, answer.status_code))
    assert wrong == []


def test_another_companys_and_nobodys_ids_do_not_exist(product, people, owner, stranger):
    own, theirs, wrong = records_of(owner, "1"), records_of(stranger, "2"), []
    for rule, method, guard in guarded(product):
        numbers = {name for name in rule.arguments if name.endswith("_id")}
        foreign = theirs | upload_of(stranger, rule)
        nobodys = own | dict.fromkeys(numbers, NOBODYS)
        for role in guard if numbers else ():
            for ids in (foreign, nobodys):
                answer = people[role].open(method, address(product, rule, ids))
                if answer.status_code != 404:
                    wrong.append((role, method, rule.rule, answer.status_code))
    assert wrong == []


def test_who_may_look_sees_what_is_ones_own(product, people, owner):
    own, wrong = records_of(owner, "1"), []
    logos.keep(owner.company, picture().getvalue())
    db.session.commit()
    for rule, method, guard in guarded(product):
        for role in guard if method == "GET" else ():
            ids = own | upload_of(people[role], rule)
            answer = people[role].get(address(product, rule, ids))
            answer.close()  # a file that leaves in pieces holds its request until then
            if answer.status_code not in (200, 204, 302, 303):
                wrong.append((role, rule.rule, answer.status_code))
    assert wrong == []


def test_every_argument_has_a_record(product, owner):
    named = {name for rule, _, _ in guarded(product) for name in rule.arguments}
    assert named - {*records_of(owner, "1"), "upload_id"} == set()
