"""Sign in and out, the second step, and the password once more."""

from typing import Any

from flask import Response, flash, make_response, render_template, request, session, url_for
from flask_login import current_user, logout_user

from app.accounts import reauthentication, sessions
from app.accounts import sign_in as signing_in
from app.accounts.forms.sign_in import CodeForm, SignInForm
from app.accounts.guards import public, signed_in
from app.accounts.throttle import TooManyTries
from app.accounts.two_step import SecretUnreadable
from app.accounts.views import blueprint
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db, limiter
from app.web.addresses import own_address
from app.web.htmx import render_invalid, see_other

failures_limited = limiter.limit(
    "10 per minute; 60 per hour", methods=["POST"], deduct_when=lambda response: response.status_code == 422
)


@blueprint.get("/")
@public
def home() -> Response:
    return see_other(url_for("home.show" if current_user.is_authenticated else "accounts.sign_in"))


@blueprint.route("/sign-in", methods=["GET", "POST"])
@public
@failures_limited
def sign_in() -> Any:
    """Only failed tries count towards the limits, of the address here and of the account in `throttle`."""
    if current_user.is_authenticated:
        return see_other(next_page())
    form = SignInForm()
    if request.method != "POST":
        return render_template("accounts/sign_in.html", form=form)
    try:
        user = form.validate() and signing_in.authenticate(form.email.data, form.password.data)
    except TooManyTries as slowed:
        return render_invalid("accounts/sign_in.html", form=form, slowed=slowed)
    if not user:
        return render_invalid("accounts/sign_in.html", form=form, is_refused=not form.errors)
    return after_password(user, form.keep.data)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@public
@failures_limited
def code() -> Any:
    """The second step. Who takes longer than ten minutes begins anew."""
    user, form = signing_in.halfway(), CodeForm()
    if user is None:
        return see_other(url_for("accounts.sign_in", next=own_address(request.args.get("next"))))
    if request.method != "POST":
        return render_template("accounts/code.html", form=form)
    try:
        is_right = form.validate() and signing_in.finish(user, form.code.data)
    except TooManyTries as slowed:
        return render_invalid("accounts/code.html", form=form, slowed=slowed)
    except SecretUnreadable:
        return render_invalid("accounts/code.html", form=form, is_unreadable=True)
    if not is_right:
        return render_invalid("accounts/code.html", form=form, is_refused=not form.errors)
    return see_other(next_page())


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    sessions.end(current_user, sessions.current().id)
    record(ActivityKind.SIGN_IN, "signed out", current_user.company_id)
    db.session.commit()
    logout_user()
    session.clear()
    flash("You are signed out.", "success")
    return see_other(url_for("accounts.sign_in"))


@blueprint.route("/confirm", methods=["GET", "POST"])
@signed_in
@failures_limited
def confirm() -> Any:
    """For a page that is reached by a link. It goes on by a refresh: a form's redirects to Intuit, where connecting
    leads, would fall under our own form-action policy.
    """
    action = request.full_path.removesuffix("?")
    if request.method != "POST":
        return reauthentication.ask(action)
    if wrong := reauthentication.confirm(request.form.get(reauthentication.FIELD, "")):
        return reauthentication.ask(action, wrong=wrong)
    answer = make_response(render_template("accounts/going_on.html", address=next_page()))
    answer.headers["Refresh"] = f"0; url={next_page()}"
    return answer


def after_password(user: Any, is_kept: bool = False, how: str = "signed in") -> Response:
    """Where somebody goes whose password is right: on, or to the second step."""
    if signing_in.go_on(user, is_kept, how):
        return see_other(next_page())
    return see_other(url_for("accounts.code", next=own_address(request.args.get("next"))))


def next_page() -> str:
    return own_address(request.args.get("next")) or url_for("accounts.home")
