"""The team, and one's own account."""

from typing import Any
from zoneinfo import available_timezones

from flask_wtf import FlaskForm
from wtforms import PasswordField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired

from app.accounts.forms.sign_in import NewPasswordForm, email_field
from app.accounts.models import Role
from app.web.form_fields import text_field

ROLES = [(role.value, role.label) for role in Role]


class InviteForm(FlaskForm):
    email = email_field()
    role = SelectField(
        "Role", choices=[("", "Choose a role"), *ROLES], validators=[DataRequired("Choose a role.")]
    )


class RoleForm(FlaskForm):
    """One of these buttons; nothing is typed."""

    role = RadioField(choices=ROLES, coerce=Role, validators=[InputRequired()])


class ProfileForm(FlaskForm):
    name = text_field("Name", 120, DataRequired("Enter your name."))
    time_zone = SelectField(
        "Time zone",
        choices=[("", "As the company"), *((zone, zone) for zone in sorted(available_timezones()))],
    )


class ChangePasswordForm(NewPasswordForm):
    """The present password is checked by the view, which counts the tries."""

    password = PasswordField("Present password", validators=[DataRequired("Enter your present password.")])

    def __init__(self, *owner: str, **options: Any) -> None:
        super().__init__(*owner, **options)
