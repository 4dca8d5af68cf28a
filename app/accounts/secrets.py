"""Secrets that leave the house in a link or a cookie, and the digest that stays.

A digest without salt is enough for 256 random bits: nobody can try them all.
"""

import hashlib
import secrets


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
