"""Who may call a view. Every route carries exactly one guard; tests/house checks it.

A missing role is 403, somebody else's id is 404 (load records through `company_scoped`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import abort, request, url_for
from flask_login import current_user, login_required
from sqlalchemy import Select, select

from app.accounts.models import Company, Role, User
from app.extensions import db
from app.web.htmx import see_other

View = Callable[..., Any]
Record = TypeVar("Record")

_ALWAYS = ("accounts.sign_out", "accounts.confirm")  # whatever somebody still owes


def public(view: View) -> View:
    """Anybody, signed in or not."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def roles(*allowed: Role) -> Callable[[View], View]:
    """Only these roles; others get 403, strangers the sign-in page."""

    def guard(view: View) -> View:
        @wraps(view)
        @login_required
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if current_user.role not in allowed:
                abort(403)
            if (step := _owed_step(current_user)) and request.endpoint not in (step, *_ALWAYS):
                return see_other(url_for(step))
            return view(*args, **kwargs)

        guarded.guard = tuple(role.value for role in allowed)  # type: ignore[attr-defined]
        return guarded

    return guard


owner_only = roles(Role.OWNER)
dispatch_only = roles(Role.OWNER, Role.DISPATCHER)  # whoever deals with customers
books_only = roles(Role.OWNER, Role.BOOKKEEPER)  # whoever deals with QuickBooks
office_only = roles(Role.OWNER, Role.DISPATCHER, Role.BOOKKEEPER)  # whoever reads invoices
signed_in = roles(*Role)


def _owed_step(user: User) -> str | None:
    """The page that somebody has to finish before any other."""
    if user.company.requires_two_step and not user.has_two_step:
        return "accounts.two_step"
    if user.is_owner and not user.company.is_set_up:
        return "accounts.welcome"
    return None


def current_company() -> Company:
    return current_user.company


def company_scoped(model: type[Record]) -> Select[Record]:
    """A select that can only ever see the signed-in user's company."""
    return select(model).where(model.company_id == current_user.company_id)  # type: ignore[attr-defined]


def get_or_404(model: type[Record], record_id: int) -> Record:
    query = company_scoped(model).where(model.id == record_id)  # type: ignore[attr-defined]
    record: Record | None = db.session.scalars(query).one_or_none()
    if record is None:
        abort(404)
    return record
