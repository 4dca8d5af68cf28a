"""Settings from the environment: typed, and missing ones stop the start with their name."""

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from app import production
from app.lib import exact_json, secrets_box
from app.lib.mail_server import MailServer

INTUIT_API = {
    "production": "https://quickbooks.api.intuit.com",
    "sandbox": "https://sandbox-quickbooks.api.intuit.com",
}
INTUIT_AUTHORIZE = "https://appcenter.intuit.com/connect/oauth2"
INTUIT_TOKEN = "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer"  # noqa: S105 - an address
INTUIT_REVOKE = "https://developer.api.intuit.com/v2/oauth2/tokens/revoke"

# A Redis that hangs must not hang a save: it only carries what may be lost.
REDIS_PATIENCE: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": 2}

# As many connections to PostgreSQL as a process may ask for at once, so that no thread that holds one waits for a
# second that others hold. A worker asks for most (CONNECTIONS in app/job_threads.py). Those beyond the first five
# are closed after use.
KEPT_CONNECTIONS, MORE_CONNECTIONS = 5, 25


class ConfigurationError(RuntimeError):
    """A setting is missing or unreadable; the message names it."""


def from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    """Flask settings. Raises ConfigurationError for what is required and absent, or has no known value."""
    secure = _boolean(env, "SECURE_COOKIES", default=True)
    environment = _choice(env, "QUICKBOOKS_ENVIRONMENT", tuple(INTUIT_API), default="sandbox")
    if environment == "production" and (problems := list(production.problems(env))):
        raise ConfigurationError(" ".join(("Not fit for production.", *problems)))
    redis_url = _redis_url(env)
    return {
        "SECRET_KEY": _required(env, "SECRET_KEY"),
        "TOKEN_ENCRYPTION_KEYS": _encryption_keys(env),
        "SQLALCHEMY_DATABASE_URI": _database_uri(_required(env, "DATABASE_URL")),
        "SQLALCHEMY_ENGINE_OPTIONS": {
            "pool_pre_ping": True,
            "pool_size": KEPT_CONNECTIONS,
            "max_overflow": MORE_CONNECTIONS,
            "hide_parameters": True,  # an error's text goes to the log, and names and amounts do not
            "json_serializer": exact_json.dumps,
            "json_deserializer": exact_json.loads,
        },
        "REDIS_URL": redis_url,
        "SESSION_COOKIE_SECURE": secure,
        # Browsers take a cookie of this name only over https, for this host alone and without a Domain.
        "SESSION_COOKIE_NAME": "__Host-session" if secure else "session",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": timedelta(days=30),  # of the cookie; the row of a session decides
        # A form may be filled in for hours: its token is good as long as the cookie that it was made for.
        "WTF_CSRF_TIME_LIMIT": None,
        "PROXY_HOPS": _integer(env, "PROXY_HOPS", default=0),
        "HEALTH_TOKEN": env.get("HEALTH_TOKEN", "").strip(),
        "QUICKBOOKS_KEEP_BATCHES_DAYS": _integer(env, "QUICKBOOKS_KEEP_BATCHES_DAYS", default=30),
        "ACTIVITY_DAYS": _integer(env, "ACTIVITY_DAYS", default=2 * 365),
        "MAX_CONTENT_LENGTH": 11 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_STORAGE_URI": redis_url,
        "RATELIMIT_STORAGE_OPTIONS": dict(REDIS_PATIENCE),
        "RATELIMIT_ENABLED": _boolean(env, "RATELIMIT_ENABLED", default=True),
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "QUICKBOOKS_CLIENT_ID": _required(env, "QUICKBOOKS_CLIENT_ID"),
        "QUICKBOOKS_CLIENT_SECRET": _required(env, "QUICKBOOKS_CLIENT_SECRET"),
        "QUICKBOOKS_WEBHOOK_TOKEN": env.get("QUICKBOOKS_WEBHOOK_TOKEN", "").strip(),
        "QUICKBOOKS_READ_QUOTA": _integer(env, "QUICKBOOKS_READ_QUOTA", default=500_000),
        "QUICKBOOKS_ENVIRONMENT": environment,
        "QUICKBOOKS_API_URL": env.get("QUICKBOOKS_API_URL", INTUIT_API[environment]).rstrip("/"),
        "QUICKBOOKS_AUTHORIZE_URL": env.get("QUICKBOOKS_AUTHORIZE_URL", INTUIT_AUTHORIZE),
        "QUICKBOOKS_TOKEN_URL": env.get("QUICKBOOKS_TOKEN_URL", INTUIT_TOKEN),
        "QUICKBOOKS_REVOKE_URL": env.get("QUICKBOOKS_REVOKE_URL", INTUIT_REVOKE),
        # How long QuickBooks may still be working on a request of ours (120 s, contract section 3).
        "QUICKBOOKS_SERVER_LIMIT_SECONDS": _integer(env, "QUICKBOOKS_SERVER_LIMIT_SECONDS", default=125),
        "QUICKBOOKS_REDIRECT_URI": _required(env, "QUICKBOOKS_REDIRECT_URI"),
        "PUBLIC_URL": _public_url(env),
        "SIGN_UP": _boolean(env, "SIGN_UP", default=True),
        "STYLEGUIDE": _boolean(env, "STYLEGUIDE", default=False),
        "MAIL_SERVER": _mail_server(env),
        "MAIL_FROM": _mail_from(env),
    }


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError(
            f"{name} is not set. bin/dev sets it for development; see docs/operations.md."
        )
    return value


def _encryption_keys(env: Mapping[str, str]) -> list[str]:
    name = "TOKEN_ENCRYPTION_KEYS"
    keys = _required(env, name).replace(",", " ").split()
    if not keys:
        raise ConfigurationError(f"{name} holds no key; see docs/operations.md.")
    for place, key in enumerate(keys, start=1):
        if not secrets_box.is_key(key):
            raise ConfigurationError(
                f"{name}: key {place} of {len(keys)} is no Fernet key; see docs/operations.md."
            )
    return keys


def _choice(env: Mapping[str, str], name: str, allowed: tuple[str, ...], default: str) -> str:
    value = env.get(name, default)
    if value not in allowed:
        raise ConfigurationError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
    return value


def _boolean(env: Mapping[str, str], name: str, default: bool) -> bool:
    return _choice(env, name, ("0", "1"), "1" if default else "0") == "1"


def _integer(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, str(default))
    if not value.isdigit():
        raise ConfigurationError(f"{name} is {value!r}; it must be a whole number.")
    return int(value)


def _public_url(env: Mapping[str, str]) -> str:
    """Where people find us: links in mail begin with it. By default the host that QuickBooks returns to."""
    redirect = urlsplit(env.get("QUICKBOOKS_REDIRECT_URI", ""))
    return env.get("PUBLIC_URL", f"{redirect.scheme}://{redirect.netloc}").rstrip("/")


def _mail_server(env: Mapping[str, str]) -> MailServer | None:
    """None: no mail leaves."""
    url = env.get("MAIL_URL", "").strip()
    try:
        return MailServer.from_url(url) if url else None
    except ValueError as error:
        raise ConfigurationError(f"MAIL_URL cannot be read: {error}.") from None


def _mail_from(env: Mapping[str, str]) -> str:
    """Needed as soon as mail leaves: a guessed address would be refused as spam."""
    if not env.get("MAIL_URL", "").strip():
        return ""
    text = _required(env, "MAIL_FROM")
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(text)[1], re.ASCII) or not text.isascii():
        raise ConfigurationError(f"MAIL_FROM is {text!r}; it must be like FSM Navigator <mail@example.com>.")
    return text


def _redis_url(env: Mapping[str, str]) -> str:
    """Here, once, so that all that talk to Redis treat its certificate alike. Heroku's has signed itself."""
    url = _required(env, "REDIS_URL")
    if _boolean(env, "REDIS_TLS_VERIFY", default=True) or not url.startswith("rediss://"):
        return url
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query)) | {"ssl_cert_reqs": "none"}
    return parts._replace(query=urlencode(options)).geturl()


def _database_uri(url: str) -> str:
    """Heroku hands out postgres://; SQLAlchemy wants the driver named."""
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    return url
