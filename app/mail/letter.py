"""A row as the bytes of an Internet message (RFC 5322)."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from app.mail.body import opened
from app.mail.models import Message

POLICY = SMTP.clone(cte_type="7bit")  # every server takes it


def sender_address(setting: str) -> str:
    """The bare address of MAIL_FROM."""
    return parseaddr(setting)[1]


def ascii_address(address: str) -> str:
    """As SMTP carries it: the domain in its ASCII form. Raises UnicodeError for what has no such form."""
    local, _, domain = address.rpartition("@")
    written = f"{local}@{domain.encode('idna').decode()}" if domain else address
    written.encode("ascii")
    return written


def compose(message: Message, mail_from: str) -> bytes:
    """The whole message. Its Message-ID stays the same however often it is tried.

    Raises ValueError (or UnicodeError, one of its kind) for an address that no message can carry.
    """
    name, address = parseaddr(mail_from)
    letter = EmailMessage(policy=POLICY)
    letter["From"] = Address(message.sender_name or name, addr_spec=address)
    letter["To"] = Address(addr_spec=ascii_address(message.recipient))
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(message.queued_at)
    letter["Message-ID"] = f"<{message.reference}@{address.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no "out of office" comes back
    if message.reply_to:
        letter["Reply-To"] = Address(addr_spec=ascii_address(message.reply_to))
    if message.unsubscribe_url:  # RFC 8058
        letter["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    _fill(letter, message)
    return letter.as_bytes()


def _fill(letter: EmailMessage, message: Message) -> None:
    text, html = opened(message.sealed_body)
    letter.set_content(text)
    letter.add_alternative(html, subtype="html")
    if message.attachment is not None:
        letter.add_attachment(
            message.attachment, maintype="application", subtype="pdf", filename=message.attachment_name
        )
