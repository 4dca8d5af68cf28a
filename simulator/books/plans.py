"""What a company's plan refuses."""

from simulator.books.books import Books
from simulator.books.plan_limits import PLANS
from simulator.faults import business, fault


def require_inventory(books: Books) -> None:
    if not PLANS[books.rules.plan].tracks_inventory:
        raise fault("5030", f"Feature Not Supported Error : Inventory is not part of {books.rules.plan}.")


def require_tracking(books: Books) -> None:
    if not PLANS[books.rules.plan].tracks_classes:
        raise fault(
            "5030", f"Feature Not Supported Error : Classes and locations are not part of {books.rules.plan}."
        )


def require_room_for_account(books: Books) -> None:
    most = PLANS[books.rules.plan].most_accounts
    if most is not None and sum(account["Active"] for account in books.tables["Account"]) >= most:
        raise business(f"You've reached the limit of {most} accounts of your plan.")
