"""QuickBooks' own plans: what a company's subscription includes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plan:
    tracks_inventory: bool
    most_accounts: int | None = 250


PLANS = {
    "Simple Start": Plan(tracks_inventory=False),
    "Essentials": Plan(tracks_inventory=False),
    "Plus": Plan(tracks_inventory=True),
    "Advanced": Plan(tracks_inventory=True, most_accounts=None),
}
