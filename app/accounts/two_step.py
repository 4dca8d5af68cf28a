"""Two-step sign-in: a code of an authenticator app (RFC 6238), or a recovery code where the phone is lost."""

import logging
import secrets
from contextlib import suppress

import pyotp
import segno
from cryptography.fernet import InvalidToken
from markupsafe import Markup
from sqlalchemy import delete, func, select, update

from app.accounts import password_hashes
from app.accounts.models import RecoveryCode, User
from app.extensions import db, now, rows_changed, secrets_box

log = logging.getLogger(__name__)

ISSUER = "FSM Navigator"
STEP_SECONDS = 30
RECOVERY_CODES = 8
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that reads like something else


class SecretUnreadable(Exception):
    """The key that sealed an app's secret was retired: its codes cannot be checked, recovery codes can."""


def new_secret() -> str:
    return pyotp.random_base32()


def qr_code(user: User, secret: str) -> Markup:
    """For an authenticator app's camera, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=ISSUER)
    drawn = segno.make(address, error="m").svg_inline(
        scale=4, border=3, dark="#000", light="#fff", omitsize=True
    )
    return Markup(drawn)  # noqa: S704 - segno draws squares and no text of ours


def fits(secret: str, code: str) -> int | None:
    """The time step of the code, or None. A phone's clock may be half a minute off."""
    step_now = int(now().timestamp()) // STEP_SECONDS
    for step in (step_now, step_now - 1, step_now + 1):
        if secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step).encode(), code.encode()):
            return step
    return None


def turn_on(user: User, secret: str, step: int) -> list[str]:
    """Returns the recovery codes, to be shown this once. The caller commits."""
    user.sealed_totp_secret, user.last_totp_step = secrets_box().seal(secret), step
    return new_recovery_codes(user)


def turn_off(user: User) -> None:
    """The caller commits."""
    user.sealed_totp_secret = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def new_recovery_codes(user: User) -> list[str]:
    """Those from before are worth nothing any more. The caller commits."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_new_code() for _ in range(RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(user_id=user.id, code_hash=password_hashes.make(code.replace("-", ""))) for code in codes
    )
    return codes


def codes_left(user: User) -> int:
    return db.session.scalar(select(func.count()).where(RecoveryCode.user_id == user.id)) or 0


def take(user: User, typed: str) -> bool:
    """Whether it is an unused code of theirs. It is used now, by one of two at once. The caller commits.

    Raises SecretUnreadable.
    """
    code = "".join(typed.split()).replace("-", "").lower()
    return (
        _take_app_code(user, code) if code.isascii() and code.isdigit() else _take_recovery_code(user, code)
    )


def _take_app_code(user: User, code: str) -> bool:
    secret = _secret_of(user)
    step = fits(secret, code)
    if step is None:
        return False
    taken = {"last_totp_step": step, "sealed_totp_secret": secrets_box().seal(secret)}
    later = update(User).where(User.id == user.id, User.last_totp_step < step).values(taken)
    return rows_changed(later) == 1


def _secret_of(user: User) -> str:
    """Raises SecretUnreadable. Whoever opens it seals it anew with the newest key, so that an old one can go."""
    try:
        return secrets_box().open(user.sealed_totp_secret or "")
    except InvalidToken as error:
        log.error("The secret of two-step sign-in of user %s cannot be opened by any key", user.id)
        raise SecretUnreadable from error


def _take_recovery_code(user: User, code: str) -> bool:
    for kept in db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user.id)).all():
        if password_hashes.fits(kept.code_hash, code):
            _seal_anew(user)
            return rows_changed(delete(RecoveryCode).where(RecoveryCode.id == kept.id)) == 1
    return False


def _seal_anew(user: User) -> None:
    """Unless it was turned off meanwhile. The user's row comes before the codes' here, as when it is turned off:
    two at once wait for each other in one order.
    """
    with suppress(SecretUnreadable):
        anew = secrets_box().seal(_secret_of(user))
        same = User.id == user.id, User.sealed_totp_secret == user.sealed_totp_secret
        db.session.execute(update(User).where(*same).values(sealed_totp_secret=anew))


def _new_code() -> str:
    code = "".join(secrets.choice(_ALPHABET) for _ in range(12))
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"
