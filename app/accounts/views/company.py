"""The company's settings and plan."""

from typing import Any

from flask import abort, flash, render_template, request, url_for

from app.accounts import team
from app.accounts.forms.company import CompanyForm, PlanForm, WelcomeForm
from app.accounts.guards import current_company, owner_only
from app.accounts.logos import logo_of
from app.accounts.models import Currency, Plan
from app.accounts.plans import change_plan
from app.accounts.views import blueprint
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.web.htmx import render_invalid, see_other


@blueprint.route("/settings/company", methods=["GET", "POST"])
@owner_only
def company() -> Any:
    """The defaults that new invoices start from."""
    employer = current_company()
    form, logo = CompanyForm(employer), logo_of(employer)
    if request.method != "POST":
        return render_template("accounts/company.html", form=form, logo=logo)
    if not form.is_ready():
        return render_invalid("accounts/company.html", form=form, logo=logo)
    if changes := form.write():
        record(ActivityKind.COMPANY, "changed the company's settings", employer.id, changes=changes)
    db.session.commit()
    flash("The company's settings were saved.", "success")
    return see_other(url_for("accounts.company"))


@blueprint.route("/settings/plan", methods=["GET", "POST"])
@owner_only
def plan() -> Any:
    form = PlanForm()
    if request.method != "POST":
        company = current_company()
        too_many = {plan: team.too_many(company, plan) for plan in Plan}
        return render_template("accounts/plan.html", plans=Plan, company=company, too_many=too_many)
    if not form.validate():
        abort(400)
    change_plan(current_company(), form.plan.data)
    db.session.commit()
    flash(f"Your company is on the {form.plan.data.label} plan.", "success")
    return see_other(url_for("accounts.plan"))


@blueprint.route("/welcome", methods=["GET", "POST"])
@owner_only
def welcome() -> Any:
    """Asked at an Owner's first sign-in, before anything can be written with the wrong time zone or currency."""
    company, form = current_company(), WelcomeForm()
    if company.is_set_up:
        return see_other(url_for("accounts.home"))
    if request.method != "POST":
        return render_template("accounts/welcome.html", form=form)
    if not form.validate():
        return render_invalid("accounts/welcome.html", form=form)
    company.time_zone, company.currency = form.time_zone.data, Currency(form.currency.data)
    company.is_set_up = True
    record(
        ActivityKind.COMPANY,
        f"set the time zone {company.time_zone} and {company.currency.label}",
        company.id,
    )
    db.session.commit()
    return see_other(url_for("accounts.home"))
