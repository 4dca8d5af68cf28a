"""Where mail leaves: the address of an SMTP server, read from one setting."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailServer:
    """`implicit_tls`: encrypted from the first byte (smtps). Otherwise STARTTLS, which only loopback may lack."""

    host: str
    port: int
    implicit_tls: bool = False
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """`smtp://user:password@host:587` or `smtps://…:465`; special characters are percent-encoded.

        Raises ValueError for anything else.
        """
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError("expected smtp://user:password@host:port or smtps://user:password@host:port")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "smtps",
            unquote(parts.username or ""),
            unquote(parts.password or ""),
        )

    @property
    def needs_starttls(self) -> bool:
        return not self.implicit_tls and self.host not in LOOPBACK
