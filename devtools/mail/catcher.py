"""An SMTP server that delivers nothing: it keeps every message, and can be told to misbehave."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HANG_UP = "hang up"  # instead of an answer: keep the message, then cut the connection
KEPT = 500


@dataclass(frozen=True)
class Letter:
    """What arrived, and for whom the envelope said it was."""

    number: int
    at: datetime
    sender: str
    recipient: str
    message: EmailMessage
    source: bytes

    @property
    def subject(self) -> str:
        return self.message["Subject"] or ""

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def attachments(self) -> list[tuple[str, bytes]]:
        return [(part.get_filename() or "", part.get_content()) for part in self.message.iter_attachments()]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return part.get_content().replace("\r\n", "\n") if part else ""


class Catcher:
    """aiosmtpd's handler. `answer("rcpt" or "data", …)` scripts the next answers of a step."""

    def __init__(self) -> None:
        self.letters: deque[Letter] = deque(maxlen=KEPT)
        self._script: dict[str, list[str]] = defaultdict(list)
        self._count = 0
        self.port = 0

    def answer(self, step: str, *answers: str) -> None:
        self._script[step].extend(answers)

    def clear(self) -> None:
        self.letters.clear()
        self._script.clear()

    def to(self, recipient: str) -> list[Letter]:
        return [letter for letter in self.letters if letter.recipient == recipient]

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._next("rcpt") or "250 OK"
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        answer = self._next("data") or "250 Kept"
        if answer.startswith(("4", "5")):
            return answer
        for recipient in envelope.rcpt_tos:
            self._keep(envelope.mail_from, recipient, envelope.original_content)
        if answer == HANG_UP:
            server.transport.abort()
        return answer

    def _keep(self, sender: str, recipient: str, source: bytes) -> None:
        self._count += 1
        message = message_from_bytes(source, policy=policy.default)
        self.letters.append(Letter(self._count, datetime.now(UTC), sender, recipient, message, source))

    def _next(self, step: str) -> str:
        return self._script[step].pop(0) if self._script[step] else ""


@contextmanager
def listening(port: int, host: str = "127.0.0.1") -> Iterator[Catcher]:
    """Catches in a thread of its own."""
    logging.getLogger("mail.log").setLevel(logging.ERROR)  # aiosmtpd tells of every connection
    catcher = Catcher()
    controller = Controller(catcher, hostname=host, port=port)
    controller.start()
    catcher.port = port
    try:
        yield catcher
    finally:
        controller.stop()
