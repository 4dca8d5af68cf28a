"""What may be set on a machine of one's own only. In production each of these stops the start."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

SHORTEST_SECRET_KEY = 32
OVERRIDES = tuple(f"QUICKBOOKS_{name}_URL" for name in ("API", "AUTHORIZE", "TOKEN", "REVOKE"))
RELAXED = {"SECURE_COOKIES": "0", "RATELIMIT_ENABLED": "0"}
INSECURE = "OAUTHLIB_INSECURE_TRANSPORT"


def problems(env: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each setting that must not be so in production; each names its setting."""
    yield from _keys(env)
    yield from _addresses(env)
    if not env.get("PROXY_HOPS", "").strip():
        yield "PROXY_HOPS is not set: say how many proxies are in front, 0 for none."
    for name, value in RELAXED.items():
        if env.get(name) == value:
            yield f"{name} is {value}, which is for development."
    if env.get(INSECURE):  # any text counts for the library, also "0"
        yield f"{INSECURE} is set, which is for development: unset it."


def _keys(env: Mapping[str, str]) -> Iterator[str]:
    if len(env.get("SECRET_KEY", "")) < SHORTEST_SECRET_KEY:
        yield f"SECRET_KEY has fewer than {SHORTEST_SECRET_KEY} characters."
    if any(_was_typed(key) for key in env.get("TOKEN_ENCRYPTION_KEYS", "").replace(",", " ").split()):
        yield "TOKEN_ENCRYPTION_KEYS holds a key of development: generate one."


def _addresses(env: Mapping[str, str]) -> Iterator[str]:
    for name in ("PUBLIC_URL", "QUICKBOOKS_REDIRECT_URI"):
        if env.get(name) and urlsplit(env[name]).scheme != "https":
            yield f"{name} is not an https address."
    for name in OVERRIDES:
        if env.get(name):
            yield f"{name} is set; production uses Intuit's own address."


def _was_typed(key: str) -> bool:
    """A key that reads as text was written by a person: 32 random bytes are printable once in 10^13."""
    try:
        return base64.urlsafe_b64decode(key).decode("ascii").isprintable()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
