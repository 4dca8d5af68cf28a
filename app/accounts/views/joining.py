"""Ways into a company: an invitation, and the sign-up that opens one."""

from typing import Any

from flask import abort, current_app, flash, render_template, request

from app.accounts import invitations, links, opening
from app.accounts.forms.sign_in import EmailForm, JoinForm, OpenCompanyForm
from app.accounts.guards import public
from app.accounts.models import LinkPurpose
from app.accounts.team import NotAllowed
from app.accounts.views import blueprint
from app.accounts.views.sign_in import after_password
from app.extensions import db, limiter
from app.mail.outbox import mail_leaves
from app.web.htmx import render_invalid


@blueprint.route("/invitation/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def accept(secret: str) -> Any:
    invitation = invitations.find(secret)
    if invitation is None:
        return render_invalid("accounts/link_ended.html", what="invitation")
    form = JoinForm(invitation.email)
    if request.method != "POST":
        return render_template("accounts/join.html", form=form, invitation=invitation)
    if not form.validate():
        return render_invalid("accounts/join.html", form=form, invitation=invitation)
    try:
        user = invitations.accept(secret, form.name.data, form.new_password.data)
    except NotAllowed as refusal:
        db.session.rollback()
        return render_invalid("accounts/link_ended.html", what="invitation", refusal=str(refusal))
    db.session.commit()
    flash(f"Welcome to {user.company.name}.", "success")
    return after_password(user)


@blueprint.route("/sign-up", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def sign_up() -> Any:
    """The address first: a company is opened by whoever reads its mail."""
    _only_if_open()
    form = EmailForm()
    if request.method != "POST":
        return render_template("accounts/sign_up.html", form=form)
    if not form.validate():
        return render_invalid("accounts/sign_up.html", form=form)
    opening.ask_to_sign_up(form.email.data)
    return render_template("accounts/link_sent.html", email=form.email.data, what="sign_up")


@blueprint.route("/sign-up/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def open_company(secret: str) -> Any:
    _only_if_open()
    link = links.find(LinkPurpose.SIGN_UP, secret)
    if link is None:
        return render_invalid("accounts/link_ended.html", what="sign_up")
    form = OpenCompanyForm(link.email)
    if request.method != "POST":
        return render_template("accounts/open_company.html", form=form, email=link.email)
    if not form.validate():
        return render_invalid("accounts/open_company.html", form=form, email=link.email)
    owner = opening.sign_up(secret, form.company_name.data, form.name.data, form.new_password.data)
    if owner is None:
        db.session.rollback()
        return render_invalid("accounts/link_ended.html", what="sign_up")
    db.session.commit()
    return after_password(owner)


def _only_if_open() -> None:
    """Without mail nobody could finish."""
    if not (current_app.config["SIGN_UP"] and mail_leaves()):
        abort(404)
