"""Every component of ours on one page, in both colour schemes. In development only (the STYLEGUIDE setting)."""

from flask import Blueprint, render_template
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from app.accounts.guards import signed_in
from app.invoices.models import InvoiceStatus

blueprint = Blueprint("styleguide", __name__)

TONES = ("neutral", "waiting", "done", "late", "failed", "disputed")


class SampleForm(FlaskForm):
    name = StringField("Name", [InputRequired("Enter a name.")])
    terms = SelectField("Terms", choices=["Net 15", "Net 30"])
    taxed = BooleanField("Taxable")
    kind = RadioField("Kind", choices=["Company", "Individual"])


@blueprint.get("/styleguide")
@signed_in
def show() -> str:
    return render_template(
        "design/styleguide.html",
        tones=TONES,
        statuses=InvoiceStatus,
        forms_shown=[(scheme, _sample(scheme), _refused(scheme)) for scheme in ("light", "dark")],
    )


def _sample(scheme: str) -> SampleForm:
    return SampleForm(formdata=None, prefix=f"{scheme}-")


def _refused(scheme: str) -> SampleForm:
    form = SampleForm(formdata=None, prefix=f"{scheme}-refused-")
    form.name.errors = ("Enter a name.",)
    return form
