"""Sign in and out; the company's settings and plan."""

from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, session, url_for
from flask_login import current_user, logout_user

from app.accounts.forms import CompanyForm, PlanForm, SignInForm
from app.accounts.guards import current_company, owner_only, public, signed_in
from app.accounts.models import Plan
from app.accounts.plans import change_plan
from app.accounts.sign_in import authenticate, start_session
from app.activity.models import Kind
from app.activity.recording import record
from app.extensions import db, limiter
from app.web.addresses import own_address
from app.web.htmx import render_invalid, see_other
from app.web.template_helpers import plain_number

blueprint = Blueprint("accounts", __name__)


@blueprint.get("/")
@public
def home() -> Response:
    return see_other(url_for("customers.index" if current_user.is_authenticated else "accounts.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@limiter.limit(
    "10 per minute; 60 per hour", methods=["POST"], deduct_when=lambda response: response.status_code == 422
)
def sign_in() -> Any:
    """Only failed tries count towards the limit."""
    if current_user.is_authenticated:
        return see_other(_next_page())
    form = SignInForm()
    if request.method != "POST":
        return render_template("accounts/sign_in.html", form=form)
    user = form.validate() and authenticate(form.email.data.strip(), form.password.data)
    if not user:
        db.session.commit()  # the failed try
        return render_invalid("accounts/sign_in.html", form=form, is_refused=not form.errors)
    start_session(user)
    record(Kind.SIGN_IN, "signed in", user.company_id)
    db.session.commit()
    return see_other(_next_page())


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    record(Kind.SIGN_IN, "signed out", current_user.company_id)
    db.session.commit()
    logout_user()
    session.clear()
    flash("You are signed out.", "success")
    return see_other(url_for("accounts.sign_in"))


@blueprint.route("/settings/company", methods=["GET", "POST"])
@owner_only
def company() -> Any:
    """The defaults that new invoices start from."""
    employer = current_company()
    form = CompanyForm(obj=employer)
    if request.method != "POST":
        form.tax_rate.data = plain_number(employer.default_tax_rate)
        return render_template("accounts/company.html", form=form)
    if not form.validate():
        return render_invalid("accounts/company.html", form=form)
    if changes := form.write(employer):
        record(Kind.COMPANY, "changed the company's settings", employer.id, changes=changes)
    db.session.commit()
    flash("The company's settings were saved.", "success")
    return see_other(url_for("accounts.company"))


@blueprint.route("/settings/plan", methods=["GET", "POST"])
@owner_only
def plan() -> Any:
    form = PlanForm()
    if request.method != "POST":
        return render_template("accounts/plan.html", plans=Plan, company=current_company())
    if not form.validate():
        abort(400)
    change_plan(current_company(), form.plan.data)
    db.session.commit()
    flash(f"Your company is on the {form.plan.data.label} plan.", "success")
    return see_other(url_for("accounts.plan"))


def _next_page() -> str:
    return own_address(request.args.get("next")) or url_for("accounts.home")
