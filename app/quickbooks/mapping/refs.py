"""QuickBooks' Ids of what a record names there."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refs:
    """Items by their name key; the invoice is the one that a payment is applied to."""

    customer_id: str
    item_ids: Mapping[str, str] = field(default_factory=dict)
    invoice_id: str = ""
