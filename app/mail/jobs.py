"""RQ jobs of mail."""

from app.mail.nudge import nudge_arrived
from app.mail.sending import send


def send_message(message_id: int) -> None:
    nudge_arrived(message_id)
    send(message_id)
