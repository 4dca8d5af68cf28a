"""Whether an old encryption key is still needed."""

from cryptography.fernet import Fernet

from app.accounts.models import User
from app.extensions import db
from app.lib.secrets_box import SecretsBox
from tests.quickbooks import builders

NEW, OLD, LOST = (Fernet.generate_key().decode() for _ in range(3))


def test_each_key_says_what_it_opens(app, owner, monkeypatch):
    monkeypatch.setitem(app.config, "TOKEN_ENCRYPTION_KEYS", [NEW, OLD])
    monkeypatch.setitem(app.extensions, "secrets_box", SecretsBox([NEW, OLD]))
    connection = builders.connected(owner.company)
    connection.refresh_token = SecretsBox([OLD]).seal("refresh-1")
    db.session.get_one(User, owner.user_id).sealed_totp_secret = SecretsBox([LOST]).seal("secret")
    db.session.commit()
    answer = app.test_cli_runner().invoke(args=["keys"])
    assert answer.output.splitlines() == [
        "key 1: 1 access tokens, 0 refresh tokens, 0 two-step secrets, 0 waiting letters",
        "key 2: 0 access tokens, 1 refresh tokens, 0 two-step secrets, 0 waiting letters",
        "no key: 0 access tokens, 0 refresh tokens, 1 two-step secrets, 0 waiting letters",
    ]
