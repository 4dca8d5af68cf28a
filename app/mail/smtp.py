"""The wire: one message to one address over SMTP (RFC 5321), and what became of it.

The standard library's client is used step by step, because only the steps tell whether a message may have left:
nothing has before its last byte is sent, and only the reply after it says that the server took it.
"""

import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.lib.mail_server import MailServer

PATIENCE_SECONDS = 15  # for each step
ANSWER_SECONDS = 60  # for the last one: the server may look for viruses first


class NotSent(Exception):
    """The message did not leave; the text says why. `for_ever`: this one will never be taken.
    `by_server`: no message would have been, so others need not try now.
    """

    def __init__(self, why: str, for_ever: bool = False, by_server: bool = False) -> None:
        super().__init__(why)
        self.for_ever, self.by_server = for_ever, by_server


class AnswerLost(Exception):
    """The message was handed over, and no answer came: the server may have taken it."""


def deliver(
    server: MailServer, sender: str, recipient: str, content: bytes, before_handing_over: Callable[[], None]
) -> None:
    """Return once the server took the message. `before_handing_over` runs right before the first byte of it leaves;
    what it raises stops everything. Raises NotSent, AnswerLost.
    """
    with _session(server) as smtp:
        with _answers_of_the_server():
            _accepted(smtp.mail(sender), "The mail server refused our own address")
        with _answers_of_the_server():
            _accepted_for_ever(smtp.rcpt(recipient), "The mail server refused the address")
            _accepted(smtp.docmd("data"), "The mail server did not want the message", code=354)
        before_handing_over()
        _hand_over(smtp, content)


def _hand_over(smtp: smtplib.SMTP, content: bytes) -> None:
    if smtp.sock:
        smtp.sock.settimeout(ANSWER_SECONDS)
    try:
        smtp.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        answer = smtp.getreply()
    except OSError as error:  # of which smtplib's own errors are a kind
        raise AnswerLost from error
    _accepted_for_ever(answer, "The mail server refused the message")


@contextmanager
def _session(server: MailServer) -> Iterator[smtplib.SMTP]:
    with _answers_of_the_server():
        smtp = _connected(server)
    try:
        with _answers_of_the_server():
            _introduce(smtp, server)
        yield smtp
    finally:
        smtp.close()


def _connected(server: MailServer) -> smtplib.SMTP:
    if server.implicit_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE_SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, timeout=PATIENCE_SECONDS)


def _introduce(smtp: smtplib.SMTP, server: MailServer) -> None:
    if server.needs_starttls:
        smtp.starttls(context=ssl.create_default_context())
    smtp.ehlo_or_helo_if_needed()
    if server.username:
        smtp.login(server.username, server.password)


@contextmanager
def _answers_of_the_server() -> Iterator[None]:
    """Before anything left, whatever goes wrong is the server's trouble and not the message's."""
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise NotSent(
            "The mail server does not accept our user name and password.", by_server=True
        ) from error
    except OSError as error:
        raise NotSent("The mail server could not be reached.", by_server=True) from error


def _accepted(answer: tuple[int, bytes], otherwise: str, code: int = 250) -> None:
    if answer[0] != code:
        raise NotSent(_told(answer, otherwise), by_server=True)


def _accepted_for_ever(answer: tuple[int, bytes], otherwise: str) -> None:
    """4xx is a refusal for now, 5xx one for good."""
    if answer[0] not in (250, 251):
        raise NotSent(_told(answer, otherwise), for_ever=answer[0] >= 500)


def _told(answer: tuple[int, bytes], otherwise: str) -> str:
    words = " ".join(answer[1].decode(errors="replace").split())
    return f"{otherwise}: {answer[0]} {words}"[:400]
