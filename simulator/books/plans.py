"""QuickBooks' own plans: what a company's subscription includes, and what it refuses."""

from dataclasses import dataclass

from simulator.faults import business, fault


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


def require_inventory(plan: str) -> None:
    if not PLANS[plan].tracks_inventory:
        raise fault("5030", f"Feature Not Supported Error : Inventory is not part of {plan}.")


def require_tracking(plan: str) -> None:
    if not PLANS[plan].tracks_classes:
        raise fault("5030", f"Feature Not Supported Error : Classes and locations are not part of {plan}.")


def require_room_for_account(plan: str, active: int) -> None:
    """One more than the `active` ones that there are."""
    most = PLANS[plan].most_accounts
    if most is not None and active >= most:
        raise business(f"You've reached the limit of {most} accounts of your plan.")
