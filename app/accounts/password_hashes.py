"""Passwords at rest: Argon2id (RFC 9106) at OWASP's first recommended strength, about 20 ms a hash."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from werkzeug.security import check_password_hash

from app.accounts.password_rules import LONGEST

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def make(password: str) -> str:
    return _hasher.hash(_normal(password))


def fits(kept: str, password: str) -> bool:
    """Also where `kept` is one of the scrypt hashes that were made before.

    One that is longer than can be chosen is wrong, and costs what any wrong one does: to normalize it could take
    minutes.
    """
    is_possible = len(password) <= LONGEST
    return _fits(kept, password if is_possible else "") and is_possible


def _fits(kept: str, password: str) -> bool:
    if kept.startswith("scrypt:"):
        return check_password_hash(kept, password)
    try:
        return _hasher.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    return kept.startswith("scrypt:") or _hasher.check_needs_rehash(kept)


def waste_time(password: str) -> None:
    """As long as a wrong password takes, where there is nobody to compare it with."""
    fits(_hash_of_nobody(), password)


@cache
def _hash_of_nobody() -> str:
    return make("nobody")


def _normal(password: str) -> str:
    """Keyboards write the same accented letter in more than one way."""
    return unicodedata.normalize("NFKC", password)
