"""Signing in and choosing a plan."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, RadioField
from wtforms.validators import DataRequired

from app.accounts.models import Plan


class SignInForm(FlaskForm):
    email = EmailField("E-mail", validators=[DataRequired("Enter your e-mail.")])
    password = PasswordField("Password", validators=[DataRequired("Enter your password.")])


class PlanForm(FlaskForm):
    plan = RadioField(choices=[(plan.value, plan.label) for plan in Plan], coerce=Plan)
