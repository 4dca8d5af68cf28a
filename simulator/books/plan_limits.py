"""QuickBooks' own plans: what a company's subscription includes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    tracks_inventory: bool
    tracks_classes: bool
    most_accounts: int | None = 250


PLANS = {
    "Simple Start": Plan(tracks_inventory=False, tracks_classes=False),
    "Essentials": Plan(tracks_inventory=False, tracks_classes=False),
    "Plus": Plan(tracks_inventory=True, tracks_classes=True),
    "Advanced": Plan(tracks_inventory=True, tracks_classes=True, most_accounts=None),
}
