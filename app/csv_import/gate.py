"""Bulk import is for Pro and up (domain: Customers)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import make_response, render_template

from app.accounts.guards import current_company

View = Callable[..., Any]


def bulk_import_only(view: View) -> View:
    """Under a role guard: on the Free plan the view gives way to a page that says who has bulk import."""

    @wraps(view)
    def gated(*args: Any, **kwargs: Any) -> Any:
        if not current_company().plan.has_bulk_import:
            return make_response(render_template("csv_import/not_in_plan.html"), 403)
        return view(*args, **kwargs)

    return gated
