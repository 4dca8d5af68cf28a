"""One's own account: name, address, password, and where one is signed in."""

from typing import Any

from flask import Response, abort, flash, make_response, render_template, request, url_for
from flask_login import current_user

from app.accounts import links, own_account, reauthentication, sessions
from app.accounts.devices import device_name
from app.accounts.forms.people import ChangePasswordForm, ProfileForm
from app.accounts.forms.sign_in import EmailForm
from app.accounts.guards import public, signed_in
from app.accounts.ip_country import country_of
from app.accounts.models import LinkPurpose
from app.accounts.reauthentication import confirmed
from app.accounts.throttle import TooManyTries
from app.accounts.views import blueprint
from app.accounts.views.sign_in import failures_limited
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, limiter
from app.mail.outbox import mail_leaves
from app.web.htmx import render_invalid, see_other


@blueprint.get("/profile")
@signed_in
def profile() -> Response:
    return _page()


@blueprint.post("/profile")
@signed_in
def save_profile() -> Response:
    form = ProfileForm()
    if not form.validate():
        return _page(422, form=form)
    current_user.name, current_user.time_zone = form.name.data, form.time_zone.data or None
    return _done("Your profile was saved.")


@blueprint.post("/profile/email")
@signed_in
@confirmed
@limiter.limit("10 per hour")
def change_email() -> Response:
    """It changes once the link sent to the new address was used."""
    form = EmailForm()
    if not form.validate():
        return _page(422, email_form=form)
    try:
        own_account.ask_for_email(current_user, form.email.data)
    except TooManyTries as slowed:
        form.email.errors = [f"Several links were sent already. Try again in {slowed.minutes} min."]
        return _page(422, email_form=form)
    return _done(f"Open the link that was sent to {form.email.data}. Until then your address stays as it is.")


@blueprint.route("/confirm-email/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def confirm_email(secret: str) -> Any:
    """By a button, because mail programs open links by themselves."""
    link = links.find(LinkPurpose.EMAIL, secret)
    if link is None:
        return render_invalid("accounts/link_ended.html", what="email")
    if request.method != "POST":
        return render_template("accounts/confirm_email.html", email=link.email)
    user = own_account.take_email(secret, sessions.current() if current_user.is_authenticated else None)
    if user is None:
        db.session.rollback()
        return render_invalid("accounts/link_ended.html", what="email")
    return _done(
        f"Your e-mail address is {user.email} now. You sign in with it from now on. "
        "Every other browser was signed out.",
        "accounts.home",
    )


@blueprint.post("/profile/password")
@signed_in
@failures_limited
def change_password() -> Response:
    form = ChangePasswordForm(current_user.name, current_user.email)
    is_valid = form.validate()
    if form.password.data and (wrong := reauthentication.confirm(form.password.data)):
        form.password.errors = [wrong]
        is_valid = False
    if not is_valid:
        return _page(422, password_form=form)
    own_account.change_password(current_user, form.new_password.data, but=sessions.current())
    return _done("Your password was changed. Every other browser was signed out.")


@blueprint.post("/profile/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    if not sessions.end(current_user, session_id):
        abort(404)
    record(ActivityKind.SIGN_IN, "signed another browser out", current_user.company_id)
    return _done("That browser was signed out.")


@blueprint.post("/profile/sessions/end-others")
@signed_in
def end_other_sessions() -> Response:
    count = sessions.end_all(current_user, but=sessions.current())
    record(ActivityKind.SIGN_IN, "signed every other browser out", current_user.company_id)
    return _done("No other browser was signed in." if not count else "Every other browser was signed out.")


def _done(told: str, endpoint: str = "accounts.profile") -> Response:
    db.session.commit()
    flash(told, "success")
    return see_other(url_for(endpoint))


def _page(status: int = 200, **forms: Any) -> Response:
    """The page holds three forms; the one that was sent back is among `forms`."""
    fresh = {
        "form": ProfileForm(formdata=None, obj=current_user),
        "email_form": EmailForm(formdata=None),
        "password_form": ChangePasswordForm(formdata=None),
    }
    page = render_template(
        "accounts/profile.html",
        **(fresh | forms),
        sessions=sessions.of(current_user),
        current_session=sessions.current(),
        device_name=device_name,
        country_of=country_of,
        mail_leaves=mail_leaves(),
    )
    return make_response(page, status)
