"""Where on the screen an action was asked for: there its outcome is shown."""

from dataclasses import dataclass
from typing import NoReturn

from flask import Response, abort, flash, redirect, url_for
from htmx_flask import request

from app.extensions import db
from app.invoices.models import Invoice
from app.web.addresses import own_page
from app.web.htmx import see_other, wants_fragment
from app.web.template_helpers import dom_id


@dataclass(frozen=True)
class AnswerTarget:
    """`fragment` is the address of what stands in `target`; `page` that of the whole page around it."""

    part: str
    target: str
    fragment: str
    page: str

    def show(self) -> Response:
        """The present state of the target, after a write."""
        return redirect(self.fragment if wants_fragment() else self.page, code=303)  # type: ignore[return-value]

    def refuse(self, why: str) -> Response:
        """Nothing was written: the whole page says why."""
        db.session.rollback()
        flash(why, "warning")
        return see_other(self.page)


def asked_at(invoice: Invoice | None) -> AnswerTarget:
    """`part=queue` is the QuickBooks page, which has the other kinds of records too; `part=panel` the invoice's own
    page; anything else the list of invoices.
    """
    part = request.args.get("part")
    if invoice is None or part == "queue":
        return AnswerTarget("queue", "#quickbooks-queue", url_for(".queue"), url_for(".show"))
    if part == "panel":
        return AnswerTarget(
            part,
            f"#{dom_id(invoice, 'quickbooks-panel')}",
            url_for(".invoice_panel", invoice_id=invoice.id),
            url_for("invoices.show", invoice_id=invoice.id),
        )
    row = url_for("invoices.row", invoice_id=invoice.id)
    return AnswerTarget("row", f"#{dom_id(invoice, 'row')}", row, _list_left())


def leave(invoice: Invoice, said: str) -> NoReturn:
    """For what was pressed on a page that may be old: the page it was pressed on, as it is now, and why nothing was
    done.
    """
    abort(asked_at(invoice).refuse(said))


def _list_left() -> str:
    """The list as the person left it, with its search; a dialog's own page leads to the whole list."""
    everything = url_for("invoices.index")
    left = own_page(request.referrer) or ""
    return left if left.split("?")[0] == everything else everything
