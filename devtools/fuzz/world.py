"""A company with one of everything, made anew for every round: what a request breaks, it breaks for one round."""

from __future__ import annotations

import itertools

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.accounts.models import Role
from app.demo import company
from app.extensions import db, now
from app.quickbooks.models.runs import RunState
from app.quickbooks.tie_out.models import TieOut
from app.schedule.chores import do_due
from devtools.fuzz.requests import Craft
from devtools.fuzz.run import Findings, fuzz
from tests.people import Actor
from tests.quickbooks import builders as quickbooks
from worker import CHORES

STRANGER = "stranger"
HARBOR, SUMMIT = "Harbor Heating & Air", "Summit Plumbing"


class World:
    def __init__(self, app: Flask, seed: int) -> None:
        self.app, self.seed, self._numbers = app, seed, itertools.count()

    def fuzz(self, requests: int, a_round: int) -> Findings:
        together = Findings()
        roles = [*(role.value for role in Role), STRANGER, "neighbour"]
        for number in range(-(-requests // a_round)):
            self._begin()
            craft = Craft(self.app, self.seed * 1000 + number)
            found = fuzz(self.app, craft, self.person, roles, min(a_round, requests - together.sent))
            together.add(found)
        return together

    def person(self, role: str) -> FlaskClient:
        """Signed in, except the stranger. The neighbour owns another company."""
        if role == STRANGER:
            return self.app.test_client()
        where, role = (SUMMIT, Role.OWNER) if role == "neighbour" else (HARBOR, role)
        return Actor.hired(self.app, f"person{next(self._numbers)}@fuzz.example", where, role).client

    def _begin(self) -> None:
        db.session.rollback()
        tables = ", ".join(f'"{table.name}"' for table in db.metadata.sorted_tables)
        with db.engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        company.build()
        do_due(CHORES)
        harbor = db.session.scalars(db.select(company.Company).filter_by(name=HARBOR)).one()
        link = quickbooks.connected(harbor)
        quickbooks.customer(harbor)
        db.session.add(TieOut(connection_id=link.id, state=RunState.DONE, finished_at=now()))
        db.session.commit()
