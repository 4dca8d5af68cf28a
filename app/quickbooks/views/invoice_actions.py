"""The integration's place in the invoice pages: a row's action and badge, and the action itself."""

from collections.abc import Collection, Iterable

from flask import Flask, Response, make_response, redirect, render_template, url_for
from flask_login import current_user
from htmx_flask import request
from markupsafe import Markup

from app.accounts.guards import current_company, get_or_404, office_only
from app.extensions import db
from app.invoices.forms.invoice import InvoiceForm
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.places import UNSENT
from app.quickbooks import orders
from app.quickbooks.account.company import facts_of
from app.quickbooks.account.connection import live_connection
from app.quickbooks.meanings import proposals
from app.quickbooks.models import Connection, RecordKind
from app.quickbooks.pages import actions, deep_links, preflight
from app.quickbooks.pages.card import card_of
from app.quickbooks.pages.money_status import money_status
from app.quickbooks.pages.versions import queue_version
from app.quickbooks.views import blueprint, navigation
from app.quickbooks.views.answer_target import asked_at, leave
from app.quickbooks.views.row_poll import list_end
from app.quickbooks.views.signed_preview import Seen, unseal
from app.web import polling, slots
from app.web.htmx import wants_fragment

CHANGED = "{} changed meanwhile, so nothing was done. {}"
NOT_SENT = {
    InvoiceStatus.DRAFT: "It is a draft now and can be sent once it is finalised.",
    InvoiceStatus.DISPUTED: "It is disputed now and can be sent once that is settled.",
}


@blueprint.post("/invoices/<int:invoice_id>/quickbooks")
@office_only
def push(invoice_id: int) -> Response:
    """Sync to QuickBooks, Force re-sync, Retry: whatever the label says. `seen` is what the preview showed."""
    invoice = get_or_404(Invoice, invoice_id)
    connection, action = action_or_leave(invoice)
    if action.enabled:
        try:
            _push(connection, invoice, unseal(invoice, request.form.get("seen", "")))
        except ValueError as error:
            return asked_at(invoice).refuse(str(error))
        db.session.commit()
    return asked_at(invoice).show()


def _push(connection: Connection, invoice: Invoice, seen: Seen) -> None:
    wanted = (connection, RecordKind.INVOICE, invoice.id, current_user.name)
    if seen.is_deleted:
        orders.make_again(*wanted, seen.remote_id)
    elif seen.fingerprint or seen.is_part:
        orders.overwrite(*wanted, seen.fingerprint)
    else:
        orders.push(*wanted)


@blueprint.get("/invoices/<int:invoice_id>/quickbooks")
@office_only
def invoice_panel(invoice_id: int) -> Response:
    """The panel of an invoice's page; polled until the sync is done."""
    invoice = get_or_404(Invoice, invoice_id)
    if not wants_fragment():
        return redirect(url_for("invoices.show", invoice_id=invoice.id))  # type: ignore[return-value]
    if polling.is_known(_version(invoice)):
        return polling.not_modified()
    return make_response(_invoice_page(invoice) + navigation.count_in_place())


def _version(invoice: Invoice) -> str:
    return polling.version_of(invoice.updated_at, queue_version(invoice.company_id))


def action_or_leave(invoice: Invoice) -> tuple[Connection, actions.RowAction]:
    """What the row offers; when it offers nothing at present, its page says why."""
    action = _actions([invoice]).get(invoice.id)
    if action is None:
        leave(invoice, CHANGED.format(invoice.number, NOT_SENT[invoice.status]))
    connection = live_connection(current_user.company_id)
    if action.why_not or connection is None:
        leave(invoice, f"Nothing was done about {invoice.number}. {action.why_not}")
    return connection, action


def _actions(invoices: Iterable[Invoice]) -> dict[int, actions.RowAction]:
    return actions.row_actions(
        current_company(),
        invoices,
        may_take_back=current_user.keeps_books,
        is_owner=current_user.is_owner,
    )


def fill_slots(app: Flask) -> None:
    slots.fill(app, "invoice_row_actions", _row_actions)
    slots.fill(app, "invoice_row_badges", _row_badges)
    slots.fill(app, "invoice_list_end", list_end)
    slots.fill(app, "invoice_page", _invoice_page)
    slots.fill(app, "invoice_warnings", _preflight)
    slots.fill(app, "finalise_objections", _objections)
    slots.fill(app, "invoice_form_notes", _beside_field)
    slots.fill(app, "invoice_item_names", _item_names)
    slots.fill(app, "invoice_warnings", _place_warning)


def _row_actions(invoices: Iterable[Invoice]) -> dict[int, Markup]:
    return _render_each("quickbooks/_row_action.html", invoices)


def _row_badges(invoices: Iterable[Invoice]) -> dict[int, Markup]:
    return _render_each("quickbooks/_row_badge.html", invoices)


def _invoice_page(invoice: Invoice) -> Markup:
    return Markup(  # noqa: S704
        render_template(
            "quickbooks/_invoice_panel.html",
            invoice=invoice,
            version=_version(invoice),
            action=_actions([invoice]).get(invoice.id),
            money=money_status(invoice),
            card=card_of(invoice),
            there=deep_links.of_invoice(invoice),
        )
    )


def _preflight(invoice: Invoice) -> Markup:
    """What would stop a draft on its way to QuickBooks, where it would go there."""
    found = preflight.of_draft(invoice)
    if not found:
        return Markup()
    return Markup(render_template("quickbooks/_preflight.html", invoice=invoice, forewarnings=found))  # noqa: S704


def _objections(invoice: Invoice) -> Markup:
    """What is asked about before it is finalised."""
    stops = [forewarning for forewarning in preflight.of_draft(invoice) if forewarning.stops]
    if not stops:
        return Markup()
    return Markup(render_template("quickbooks/_objections.html", forewarnings=stops))  # noqa: S704


def _beside_field(form: InvoiceForm, field: str) -> Markup:
    """What QuickBooks would make of what is typed there."""
    found = [forewarning for forewarning in preflight.of_form(form) if forewarning.field == field]
    if not found:
        return Markup()
    return Markup(render_template("quickbooks/_beside_field.html", forewarnings=found))  # noqa: S704


def _item_names(company_id: int, used: Collection[str], typed: str) -> Markup:
    """Options of a list: items of QuickBooks that are not among those used before."""
    connection = live_connection(company_id)
    names = proposals.items(connection.id, typed, used) if connection else []
    return Markup().join(Markup('<option value="{}"></option>').format(name) for name in names)


def _place_warning(invoice: Invoice) -> Markup:
    """While the place can still be chosen, and where it decides whose tax it is."""
    connection = live_connection(invoice.company_id)
    is_open = invoice.status in UNSENT and not invoice.place and not invoice.customer.tax_exempt
    if not is_open or connection is None or not facts_of(connection).automated_sales_tax:
        return Markup()
    return Markup(render_template("quickbooks/_no_place.html", invoice=invoice))  # noqa: S704


def _render_each(template: str, invoices: Iterable[Invoice]) -> dict[int, Markup]:
    """Templates escape what they show; their output is markup."""
    rows = {invoice.id: invoice for invoice in invoices}
    offered = _actions(rows.values())
    return {
        invoice_id: Markup(render_template(template, invoice=rows[invoice_id], action=action))  # noqa: S704
        for invoice_id, action in offered.items()
    }
