"""People of the tests: each has an account and a browser of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts import password_hashes, sessions
from app.accounts.models import Company, Plan, Role, User
from app.extensions import db

PASSWORD = "correct horse battery"


@cache
def hash_of_password() -> str:
    """Of PASSWORD, as the product hashes it: dear, so made once for everybody."""
    return password_hashes.make(PASSWORD)


class Actor:
    """A signed-in person: `get` and `post` as they would in a browser, `htmx` for a swap."""

    def __init__(self, user: User, client: FlaskClient) -> None:
        self.user_id, self.company_id, self.client = user.id, user.company_id, client

    @classmethod
    def hired(cls, app: Flask, email: str, company: str, role: str = "owner", plan: Plan = Plan.PRO) -> Actor:
        employer = db.session.scalar(select(Company).filter_by(name=company)) or Company(
            name=company, plan=plan
        )
        user = User(company=employer, email=email, name=email.split("@")[0].title(), role=Role(role))
        user.password_hash = hash_of_password()
        db.session.add(user)
        secret = signed_in(user)
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"] = secret
        return cls(user, client)

    @property
    def company(self) -> Company:
        return db.session.get_one(Company, self.company_id)

    def get(self, url: str, **options: Any) -> Any:
        return self.open("GET", url, **options)

    def post(self, url: str, data: Any = None, **options: Any) -> Any:
        return self.open("POST", url, data=data or {}, **options)

    def htmx(self, method: str, url: str, **options: Any) -> Any:
        return self.open(method, url, headers={"HX-Request": "true"}, **options)

    def open(self, method: str, url: str, **options: Any) -> Any:
        """As in production, a request has a context and a database session of its own, not the test's."""
        with self.client.application.app_context():
            answer = self.client.open(url, method=method, **options)
        db.session.expire_all()
        return answer


def signed_in(user: User) -> str:
    """As if the password had just been typed, whatever a test's clock does; returns the cookie's secret."""
    kept, secret = sessions.add(user, is_kept=True)
    kept.ends_at = kept.confirmed_at = datetime(2999, 1, 1, tzinfo=UTC)
    db.session.commit()
    return secret
