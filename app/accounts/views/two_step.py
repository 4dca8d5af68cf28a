"""Two-step sign-in: turn it on with an app, see new recovery codes, turn it off."""

from typing import Any

from cryptography.fernet import InvalidToken
from flask import Response, flash, make_response, render_template, request, session, url_for
from flask_login import current_user

from app.accounts import letters, throttle
from app.accounts import two_step as steps
from app.accounts.forms.sign_in import CodeForm
from app.accounts.guards import signed_in
from app.accounts.reauthentication import confirmed
from app.accounts.secrets import new_secret
from app.accounts.views import blueprint
from app.accounts.views.sign_in import failures_limited
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, secrets_box
from app.web.htmx import see_other

_OFFERED = "two_step_secret"  # sealed: the cookie can be read by whoever holds it


@blueprint.route("/profile/two-step", methods=["GET", "POST"])
@signed_in
@confirmed
@failures_limited
def two_step() -> Any:
    """On as soon as a code shows that the app has the secret."""
    if current_user.has_two_step:
        return _page("accounts/two_step_on.html", codes_left=steps.codes_left(current_user))
    secret, form = _offered_secret(), CodeForm()
    if request.method != "POST":
        return _offer(secret, form)
    step = steps.fits(secret, "".join((form.code.data or "").split())) if form.validate() else None
    if step is None:
        form.code.errors = form.code.errors or [
            "This code does not fit. Try the next one that the app shows."
        ]
        return _offer(secret, form, 422)
    codes = steps.turn_on(current_user, secret, step)
    session.pop(_OFFERED)
    return _with_codes(codes, "turned on two-step sign-in", "Two-step sign-in was turned on.")


@blueprint.post("/profile/two-step/codes")
@signed_in
@confirmed
def new_recovery_codes() -> Response:
    if not current_user.has_two_step:
        return see_other(url_for("accounts.two_step"))
    codes = steps.new_recovery_codes(current_user)
    return _with_codes(codes, "made new recovery codes", "New recovery codes were made.")


@blueprint.post("/profile/two-step/off")
@signed_in
@confirmed
def turn_off_two_step() -> Response:
    steps.turn_off(current_user)
    _note("turned off two-step sign-in", "Two-step sign-in was turned off.")
    db.session.commit()
    flash("Two-step sign-in is off.", "success")
    return see_other(url_for("accounts.profile"))


def _offered_secret() -> str:
    """The same one until it is used, so that a form that comes back fits the code already scanned. One that no key
    opens any more is replaced.
    """
    try:
        return secrets_box().open(session.get(_OFFERED, ""))
    except InvalidToken:
        secret = steps.new_secret()
        session[_OFFERED] = secrets_box().seal(secret)
        return secret


def _offer(secret: str, form: CodeForm, status: int = 200) -> Response:
    drawn = steps.qr_code(current_user, secret)
    return _page("accounts/two_step.html", status, form=form, qr_code=drawn, secret=secret)


def _with_codes(codes: list[str], event: str, notice: str) -> Response:
    """Shown in the answer itself: they are kept nowhere else."""
    _note(event, notice)
    db.session.commit()
    return _page("accounts/recovery_codes.html", codes=codes)


def _note(event: str, notice: str) -> None:
    throttle.forgive(f"code of {current_user.id}")
    record(ActivityKind.SIGN_IN, event, current_user.company_id)
    letters.notice(current_user, notice, f"two_step:{current_user.id}:{new_secret()}")


def _page(template: str, status: int = 200, **context: Any) -> Response:
    return make_response(render_template(template, **context), status)
