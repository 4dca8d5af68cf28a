"""RQ jobs of mail."""

from app.mail.nudge import NUDGES
from app.mail.sending import send


def send_message(message_id: int) -> None:
    NUDGES.arrived(message_id)
    send(message_id)
