"""Webhooks tell of our own writes too; those say nothing new."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, cast, func, or_

from app.quickbooks.models import RemoteLink

# Around the moment when the data of a write is read here: by then QuickBooks has done it, or given it up.
ECHO_BEFORE, ECHO_AFTER = timedelta(seconds=5), timedelta(seconds=150)
PAID_BEFORE = timedelta(
    seconds=60
)  # the webhook for an invoice may be this much older than our payment's answer


def is_echo(at: datetime | Any) -> ColumnElement[bool]:
    """A webhook told of the link's record at this moment: did we write it then, or did a payment of ours pay it?"""
    paid_at = cast(RemoteLink.snapshot["paid_at"].astext, DateTime(timezone=True))
    return or_(
        RemoteLink.pushed_at.between(at - ECHO_AFTER, at + ECHO_BEFORE),
        func.coalesce(paid_at.between(at - ECHO_AFTER, at + PAID_BEFORE), False),
    )
