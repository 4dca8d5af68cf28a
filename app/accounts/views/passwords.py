"""A forgotten password, and how strong a new one is."""

from typing import Any

from flask import make_response, render_template, request
from flask_login import current_user

from app.accounts import links, own_account, password_rules
from app.accounts.forms.sign_in import EmailForm, NewPasswordForm
from app.accounts.guards import public
from app.accounts.models import LinkPurpose
from app.accounts.views import blueprint
from app.accounts.views.sign_in import after_password
from app.extensions import csrf, db, limiter
from app.mail.outbox import mail_leaves
from app.web.htmx import render_invalid


@blueprint.route("/forgot-password", methods=["GET", "POST"])
@public
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def forgotten() -> Any:
    """The same answer whether or not somebody has this address."""
    form, leaves = EmailForm(), mail_leaves()
    if request.method != "POST":
        return render_template("accounts/forgotten.html", form=form, mail_leaves=leaves)
    if not form.validate():
        return render_invalid("accounts/forgotten.html", form=form, mail_leaves=leaves)
    own_account.ask_for_reset(form.email.data)
    return render_template("accounts/link_sent.html", email=form.email.data, what="reset")


@blueprint.route("/reset-password/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def reset(secret: str) -> Any:
    link = links.find(LinkPurpose.RESET, secret)
    if link is None or link.user is None:
        return render_invalid("accounts/link_ended.html", what="reset")
    form = NewPasswordForm(link.user.name, link.user.email)
    if request.method != "POST":
        return render_template("accounts/reset.html", form=form, email=link.email)
    if not form.validate():
        return render_invalid("accounts/reset.html", form=form, email=link.email)
    user = own_account.reset(secret, form.new_password.data)
    if user is None:
        return render_invalid("accounts/link_ended.html", what="reset")
    db.session.commit()
    return after_password(user, how="signed in with a new password")


@blueprint.post("/password-strength")
@public
@csrf.exempt
@limiter.limit("30 per minute", on_breach=lambda _: make_response(_hint()))
def strength() -> str:
    """The hint below a new password while it is typed. Nothing is changed or kept, so it needs no token: signing in
    makes a new one, and a page that is being left still has the old one.
    """
    typed = request.form.get("new_password", "")[: password_rules.LONGEST]
    owner = (current_user.name, current_user.email) if current_user.is_authenticated else ()
    if not typed:
        return _hint()
    found = password_rules.strength(typed, *owner)
    return _hint(found, password_rules.problem(typed, *owner, found=found))


def _hint(found: password_rules.Strength | None = None, problem: str | None = None) -> str:
    """Empty while nothing is typed, and for who asks too often: the form says what is wrong all the same."""
    return render_template("accounts/_strength.html", strength=found, problem=problem)
