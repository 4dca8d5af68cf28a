"""MAIL_URL and MAIL_FROM are read at the start, or stop it with their name."""

import pytest

from app.config import ConfigurationError, from_environment
from app.lib.mail_server import MailServer
from app.web.public_url import public_url


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587)),
        ("smtps://mail.example", MailServer("mail.example", 465, implicit_tls=True)),
        (
            "smtp://me%40x.example:p%3Aw@mail.example:2525",
            MailServer("mail.example", 2525, False, "me@x.example", "p:w"),
        ),
    ],
)
def test_the_address_of_the_server(settings, url, server):
    assert from_environment({**settings, "MAIL_URL": url})["MAIL_SERVER"] == server


def test_the_password_is_not_printed():
    assert "hidden" not in repr(MailServer.from_url("smtp://me:hidden@mail.example"))


def test_only_loopback_may_do_without_encryption():
    assert MailServer.from_url("smtp://mail.example").needs_starttls
    assert not MailServer.from_url("smtps://mail.example").needs_starttls
    assert not MailServer.from_url("smtp://127.0.0.1:25").needs_starttls


@pytest.mark.parametrize(
    "wrong",
    [
        {"MAIL_URL": "http://mail.example"},
        {"MAIL_URL": "mail.example"},
        {"MAIL_URL": "smtp://mail.example:many"},
        {"MAIL_FROM": ""},
        {"MAIL_FROM": "FSM Navigator"},
    ],
)
def test_what_cannot_be_read_names_itself(settings, wrong):
    (name,) = wrong
    with pytest.raises(ConfigurationError, match=name):
        from_environment({**settings, **wrong})


def test_no_address_means_no_mail(settings):
    assert from_environment({**settings, "MAIL_URL": "", "MAIL_FROM": ""})["MAIL_SERVER"] is None


def test_links_follow_the_setting_and_not_the_request(app):
    with app.test_request_context(base_url="http://evil.example"):
        assert public_url("accounts.sign_in", next="/x") == "https://fsm-navigator.example/sign-in?next=/x"
