"""Settings → Team: who works here, who was invited, and what each may do."""

from collections.abc import Callable

from flask import Response, abort, flash, make_response, render_template, request, url_for

from app.accounts import invitations
from app.accounts import team as people
from app.accounts.forms.people import InviteForm, RoleForm
from app.accounts.guards import current_company, get_or_404, owner_only
from app.accounts.models import Invitation, Role, User
from app.accounts.reauthentication import confirmed
from app.accounts.team import NotAllowed
from app.accounts.views import blueprint
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.mail.outbox import mail_leaves
from app.web.htmx import see_other

PAGE = "/settings/team"


@blueprint.get(PAGE)
@owner_only
def team() -> Response:
    return _page(InviteForm(formdata=None))


@blueprint.post(PAGE)
@owner_only
@confirmed
def invite() -> Response:
    form = InviteForm()
    if not form.validate():
        return _page(form, 422)
    try:
        invitations.invite(current_company(), form.email.data, Role(form.role.data))
    except NotAllowed as refusal:
        db.session.rollback()
        form.email.errors = [str(refusal)]
        return _page(form, 422)
    return _done(f"{form.email.data} was invited.")


@blueprint.post(f"{PAGE}/two-step")
@owner_only
@confirmed
def require_two_step() -> Response:
    company, is_required = current_company(), request.form.get("required") == "1"
    company.requires_two_step = is_required
    record(
        ActivityKind.TEAM,
        f"made two-step sign-in {'a must' if is_required else 'a choice'} for everybody",
        company.id,
    )
    return _done("The rule was saved.")


@blueprint.post(f"{PAGE}/<int:user_id>/role")
@owner_only
@confirmed
def change_role(user_id: int) -> Response:
    member, form = get_or_404(User, user_id), RoleForm()
    if not form.validate():
        abort(400)
    role = form.role.data
    return _changed(lambda: people.change_role(member, role), f"{member.name} is {role.label} now.")


@blueprint.post(f"{PAGE}/<int:user_id>/deactivate")
@owner_only
@confirmed
def deactivate(user_id: int) -> Response:
    member = get_or_404(User, user_id)
    return _changed(lambda: people.deactivate(member), f"{member.name} can no longer sign in.")


@blueprint.post(f"{PAGE}/<int:user_id>/reactivate")
@owner_only
@confirmed
def reactivate(user_id: int) -> Response:
    member = get_or_404(User, user_id)
    return _changed(lambda: people.reactivate(member), f"{member.name} can sign in again.")


@blueprint.post(f"{PAGE}/invitations/<int:invitation_id>/resend")
@owner_only
@confirmed
def resend(invitation_id: int) -> Response:
    invitation = get_or_404(Invitation, invitation_id)
    return _changed(lambda: invitations.resend(invitation), f"{invitation.email} was invited again.")


@blueprint.post(f"{PAGE}/invitations/<int:invitation_id>/withdraw")
@owner_only
@confirmed
def withdraw(invitation_id: int) -> Response:
    invitation = get_or_404(Invitation, invitation_id)
    told = f"The invitation of {invitation.email} was withdrawn."
    return _changed(lambda: invitations.withdraw(invitation), told)


def _changed(step: Callable[[], object], told: str) -> Response:
    try:
        step()
    except NotAllowed as refusal:
        db.session.rollback()
        return _page(InviteForm(formdata=None), 422, refusal=str(refusal))
    return _done(told)


def _done(told: str) -> Response:
    db.session.commit()
    flash(told, "success")
    return see_other(url_for("accounts.team"))


def _page(form: InviteForm, status: int = 200, refusal: str = "") -> Response:
    company = current_company()
    page = render_template(
        "accounts/team.html",
        form=form,
        refusal=refusal,
        company=company,
        members=people.members(company),
        pending=invitations.pending(company),
        seats_taken=people.seats_taken(company),
        too_many=people.too_many(company, company.plan),
        make_room=people.MAKE_ROOM,
        roles=Role,
        mail_leaves=mail_leaves(),
    )
    return make_response(page, status)
