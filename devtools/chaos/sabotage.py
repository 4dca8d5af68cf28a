"""Proof that the bench can fail: the engine without what protects it from a lost answer."""

from typing import Any

from app.quickbooks.api.client import Client
from app.quickbooks.api.transport import Answer, Transport
from app.quickbooks.lane import landing, recovery, settling
from app.quickbooks.lane.recovery import checking
from app.quickbooks.lane.sending import send
from app.quickbooks.models import AttemptOutcome


def without_recovery() -> None:
    """What was in doubt is simply sent again as something new, and nobody looks first."""

    def queue_again(batch_id: int, client: Client) -> None:
        landing.requeue_unsent(batch_id, AttemptOutcome.NOT_SENT)

    recovery.check = queue_again


def without_request_ids() -> None:
    """What was in doubt is repeated, as if request ids were there to make that safe."""
    request = Transport.request

    def forgetful(self: Transport, *args: Any, request_id: str | None = None, **options: Any) -> Answer:
        return request(self, *args, **options)

    def repeat(batch_id: int, client: Client) -> None:
        if unsettled := checking.take_up(batch_id):
            settling.settle({batch_id: send(client, unsettled.parcel)})

    Transport.request = forgetful  # type: ignore[method-assign]
    recovery.check = repeat


BREAKS = {"recovery": without_recovery, "requestid": without_request_ids}
