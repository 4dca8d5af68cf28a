"""What a person was shown of an invoice in QuickBooks, sealed into the form: the answer speaks of that alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.invoices.models import Invoice
from app.quickbooks.models.differences import Aspect, Difference
from app.quickbooks.pages.both_sides import Preview

GOOD_FOR = timedelta(hours=12)


@dataclass(frozen=True)
class Seen:
    """Empty when QuickBooks could not be read, or when nothing was shown. `remote_id` is the Id of what was shown.
    `is_part`: not all that a push would overwrite was shown, so nothing of it is allowed yet.
    """

    remote_id: str = ""
    fingerprint: str = ""
    is_part: bool = False
    is_deleted: bool = False
    differences: Sequence[Difference] = ()


def seal(invoice: Invoice, preview: Preview) -> str:
    seen = Seen(
        remote_id=preview.remote_id,
        fingerprint=preview.fingerprint,
        is_part=not preview.is_whole,
        is_deleted=preview.is_deleted,
        differences=preview.differences,
    )
    return _sealer(invoice).dumps(asdict(seen))


def unseal(invoice: Invoice, text: str) -> Seen:
    try:
        stored = _sealer(invoice).loads(text, max_age=int(GOOD_FOR.total_seconds()))
    except BadSignature:
        return Seen()
    told = [Difference(Aspect(one["aspect"]), one["text"]) for one in stored.pop("differences")]
    return Seen(**stored, differences=told)


def _sealer(invoice: Invoice) -> URLSafeTimedSerializer:
    """Another name for another form of what is sealed: what an earlier version sealed is looked at again."""
    salt = f"quickbooks-both-sides-{invoice.id}"
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=salt)
