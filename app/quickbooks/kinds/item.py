"""What a name on our invoice lines is in QuickBooks: an Item, found by its name."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from app.activity.models import Subject
from app.extensions import db
from app.quickbooks.kinds.kind import Kind
from app.quickbooks.mapping import values
from app.quickbooks.mapping.identity import Identity
from app.quickbooks.mapping.values import name_key
from app.quickbooks.models import Item, RecordKind, SyncTask


class Items(Kind[Item]):
    key = RecordKind.ITEM
    model = Item
    loader = select(Item)
    order = 0
    identity = Identity("Name", name_key, is_unique=True)

    def name(self, record: Item) -> str:
        return f"Item {record.name}"

    def subject(self, record: Item) -> Subject:
        return Subject("item", record.id, record.name)

    def name_there(self, record: Item, task: SyncTask) -> str:
        return values.item_name(record.name)


def items_named(connection_id: int, names: Collection[str]) -> dict[str, Item]:
    """Our item rows by name key, made where a name is new."""
    by_key = {name_key(name): name for name in sorted(names)}
    if by_key:
        rows = [
            {"connection_id": connection_id, "name_key": key, "name": name} for key, name in by_key.items()
        ]
        db.session.execute(insert(Item).values(rows).on_conflict_do_nothing())
    found = db.session.scalars(
        select(Item).where(Item.connection_id == connection_id, Item.name_key.in_(by_key))
    )
    return {item.name_key: item for item in found}
