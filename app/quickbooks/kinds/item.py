"""What a name on our invoice lines is in QuickBooks: an Item, found by its name."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.activity.models import Subject
from app.extensions import db
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.kinds.operations import Operation, Situation, write
from app.quickbooks.kinds.recognition import Candidates, Claim, InTheWay, Recognition, first
from app.quickbooks.mapping import values
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.item import item_body
from app.quickbooks.mapping.problems import CannotMap
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, RemoteLink, SyncTask

NOT_SOLD = ("Category", "Group")  # types of items that no invoice line can name


class Items(Kind[Item]):
    key = RecordKind.ITEM
    model = Item
    loader = select(Item)
    order = 0
    identity = Identity("Name", name_key, is_unique=True)
    is_queued_by_need = True

    def name(self, record: Item) -> str:
        return f"Item {record.name}"

    def subject(self, record: Item) -> Subject:
        return Subject("item", record.id, record.name)

    def name_there(self, record: Item, task: SyncTask) -> str:
        return values.item_name(record.name)

    def operation(self, record: Item, at: Situation) -> Operation | None:
        """An item that exists is the bookkeeper's own: it is made active again, never changed otherwise."""
        if at.link:
            return write(self.key, {"Active": True}, at)
        if not at.preferences.income_account_id:
            raise CannotMap("no_income_account")
        return write(self.key, item_body(record.name, at.preferences.income_account_id), at)

    def claim(self, record: Item, task: SyncTask, refs: Refs | None) -> Claim:
        return Claim()

    def judge(self, claim: Claim, candidates: Candidates) -> Recognition:
        """Two of our names may mean one item there."""
        usable = (remote for remote in candidates.found if is_sold(remote))
        return first(usable) or (InTheWay("item_name_taken", candidates.found) if candidates.found else None)


def is_sold(remote: RemoteRecord) -> bool:
    """An invoice line can name it."""
    return remote.get("Type") not in NOT_SOLD


def items_named(connection_id: int, names: Collection[str]) -> dict[str, Item]:
    """Our item rows by name key, made where a name is new."""
    known = known_items(connection_id, names)
    new = {key: name for name in sorted(names) if (key := name_key(name)) not in known}
    if not new:
        return known
    rows = [{"connection_id": connection_id, "name_key": key, "name": name} for key, name in new.items()]
    db.session.execute(insert(Item).values(rows).on_conflict_do_nothing())
    return known | known_items(connection_id, new.values())


def known_names(connection_id: int, part: str, limit: int) -> dict[str, str]:
    """Names of ours that mean an item in QuickBooks, as they were first written, by name key."""
    linked = (
        RemoteLink.kind == RecordKind.ITEM,
        RemoteLink.connection_id == connection_id,
        Item.connection_id == connection_id,
        Item.name_key.contains(name_key(part), autoescape=True),
    )
    query = select(Item.name_key, Item.name).join(RemoteLink, RemoteLink.record_id == Item.id).where(*linked)
    return dict(db.session.execute(query.order_by(Item.name_key).limit(limit)).tuples().all())


def known_items(connection_id: int, names: Collection[str]) -> dict[str, Item]:
    """By name key."""
    if not names:
        return {}
    keys = {name_key(name) for name in names}
    found = db.session.scalars(
        select(Item).where(Item.connection_id == connection_id, Item.name_key.in_(keys))
    )
    return {item.name_key: item for item in found}
