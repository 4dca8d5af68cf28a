"""The company's logo: shown to its people, changed by an Owner."""

from flask import Response, abort, flash, request, url_for

from app.accounts import logos
from app.accounts.guards import current_company, owner_only, signed_in
from app.accounts.views import blueprint
from app.activity.models import ActivityKind
from app.activity.recording import record
from app.extensions import db
from app.web.htmx import see_other


@blueprint.get("/company/logo")
@signed_in
def logo() -> Response:
    kept = logos.logo_of(current_company())
    if kept is None:
        abort(404)
    return Response(kept.picture, mimetype="image/png", headers={"Cache-Control": "private, no-cache"})


@blueprint.post("/settings/company/logo")
@owner_only
def save_logo() -> Response:
    company, upload = current_company(), request.files.get("logo")
    if request.form.get("remove"):
        logos.remove(company)
        record(ActivityKind.COMPANY, "removed the company's logo", company.id)
        flash("The logo was removed.", "success")
    elif upload is None or not upload.filename:
        flash("Choose a picture first.", "error")
    else:
        _keep(upload.stream.read(logos.LARGEST_FILE + 1))
    db.session.commit()
    return see_other(url_for("accounts.company"))


def _keep(content: bytes) -> None:
    company = current_company()
    try:
        logos.keep(company, logos.drawn(content))
    except logos.UnusableLogo as refusal:
        flash(f"The logo was not changed. {refusal}", "error")
        return
    record(ActivityKind.COMPANY, "changed the company's logo", company.id)
    flash("The logo was saved. It is on your invoices from now on.", "success")
