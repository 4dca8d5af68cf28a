"""Signing in, and choosing a password."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, Field, PasswordField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from app.accounts import password_rules
from app.web.form_fields import LONGEST_EMAIL, EmailAddress, text_field, tidy


def email_field(label: str = "E-mail") -> EmailField:
    """One that can be written to; kept in lower case, as it is compared."""
    return EmailField(
        label,
        validators=[
            DataRequired("Enter an e-mail address."),
            Length(max=LONGEST_EMAIL, message=f"Use at most {LONGEST_EMAIL} characters."),
            EmailAddress("Enter an e-mail address like name@example.com."),
        ],
        filters=[lambda text: tidy(text).lower()],
    )


class SignInForm(FlaskForm):
    email = EmailField("E-mail", validators=[DataRequired("Enter your e-mail.")])
    password = PasswordField("Password", validators=[DataRequired("Enter your password.")])
    keep = BooleanField("Keep me signed in")


class CodeForm(FlaskForm):
    code = StringField("Code", validators=[DataRequired("Enter the code."), Length(max=40)])


class EmailForm(FlaskForm):
    """One address: for a reset link, a new address, a sign-up."""

    email = email_field()


class NewPasswordForm(FlaskForm):
    """`owner` is what the password must not hold: a name and an address."""

    new_password = PasswordField("New password", validators=[DataRequired("Choose a password.")])

    def __init__(self, *owner: str, **options: Any) -> None:
        super().__init__(**options)
        self._owner = owner

    def validate_new_password(self, field: Field) -> None:
        if problem := password_rules.problem(field.data, *self._owner):
            raise ValidationError(problem)


class JoinForm(NewPasswordForm):
    """Accept an invitation."""

    name = text_field("Your name", 120, DataRequired("Enter your name."))

    def validate_new_password(self, field: Field) -> None:
        if problem := password_rules.problem(field.data, *self._owner, self.name.data or ""):
            raise ValidationError(problem)


class OpenCompanyForm(JoinForm):
    """Finish a sign-up."""

    company_name = text_field("Company name", 200, DataRequired("Enter the company's name."))
