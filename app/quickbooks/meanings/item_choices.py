"""Each item name on our invoice lines and the QuickBooks item it means: found by name, or chosen by the Owner."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from app.extensions import db
from app.invoices.models import Invoice, InvoiceLine, InvoiceStatus
from app.quickbooks import outbox
from app.quickbooks.account.gateway import impatient_client_for
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.kinds.item import is_sold, items_named
from app.quickbooks.lane import adoption
from app.quickbooks.mapping.identity import INACTIVE_TOO
from app.quickbooks.mapping.values import item_name, name_key
from app.quickbooks.models import Connection, Item, RecordKind, RemoteLink, SyncTask
from app.quickbooks.outbox.states import ON_THE_WIRE


class Standing(enum.StrEnum):
    """How a name of ours stands to QuickBooks' items."""

    LINKED = "linked"
    FOUND = "found"  # one of the same name is there and will be used
    INACTIVE = "inactive"  # it is made active again with the next invoice
    GONE = "gone"  # deleted there
    NEW = "new"  # it is made with the first invoice that needs it
    UNREAD = "unread"  # nobody could look


@dataclass(frozen=True)
class ItemMeaning:
    """`there` is QuickBooks' name for the item."""

    key: str
    name: str
    standing: Standing
    there: str = ""


class Busy(Exception):
    """The item is on its way to QuickBooks at this moment."""


@reading_for("items")
def read_items(connection_id: int) -> list[RemoteRecord]:
    """All that a line can name, inactive ones too. Raises ApiError and TokenError."""
    items = impatient_client_for(connection_id).query_all("Item", INACTIVE_TOO)
    return [item for item in items if is_sold(item)]


def full_name(remote: RemoteRecord) -> str:
    """With the categories it is under."""
    return str(remote.get("FullyQualifiedName") or remote.get("Name", ""))


def choices(connection: Connection, there: Iterable[RemoteRecord]) -> list[ItemMeaning]:
    """One for each name on an invoice that may go to QuickBooks, by name."""
    by_id = {remote["Id"]: remote for remote in there}
    by_name = {name_key(str(remote.get("Name", ""))): remote for remote in by_id.values()}
    links = _links(connection)
    found = [
        _choice(key, name, links.get(key), by_id, by_name.get(name_key(item_name(name))))
        for key, name in names_in_use(connection).items()
    ]
    return sorted(found, key=lambda choice: choice.name.casefold())


def unread(connection: Connection) -> list[ItemMeaning]:
    """The same names, while QuickBooks cannot be read."""
    found = [ItemMeaning(key, name, Standing.UNREAD) for key, name in names_in_use(connection).items()]
    return sorted(found, key=lambda choice: choice.name.casefold())


def names_in_use(connection: Connection) -> dict[str, str]:
    """By their key."""
    names = db.session.scalars(
        select(InvoiceLine.item)
        .join(InvoiceLine.invoice)
        .where(Invoice.company_id == connection.company_id, Invoice.status != InvoiceStatus.DRAFT)
        .distinct()
    )
    return {name_key(name): name for name in sorted(names)}


def choose(connection: Connection, name: str, remote: RemoteRecord) -> None:
    """This name means that item from now on; what waits for it may go. The caller commits. Raises Busy."""
    task = _lock(connection, name)
    adoption.link(task, remote)
    outbox.queue(connection.id, RecordKind.ITEM, [task.record_id], by_hand=True)


def choose_by_name(connection: Connection, name: str) -> None:
    """Forget what was chosen: the item of this name is used, or made. The caller commits. Raises Busy."""
    if link := _links(connection).get(name_key(name)):
        task = _lock(connection, name)
        db.session.delete(link)
        db.session.flush()
        outbox.queue(connection.id, RecordKind.ITEM, [task.record_id], by_hand=True)


def _choice(
    key: str,
    name: str,
    link: RemoteLink | None,
    by_id: dict[str, RemoteRecord],
    same_name: RemoteRecord | None,
) -> ItemMeaning:
    remote = by_id.get(link.remote_id) if link else same_name
    if remote is None:
        return ItemMeaning(key, name, Standing.GONE if link else Standing.NEW)
    if not remote.get("Active", True):
        return ItemMeaning(key, name, Standing.INACTIVE, full_name(remote))
    return ItemMeaning(key, name, Standing.LINKED if link else Standing.FOUND, full_name(remote))


def _links(connection: Connection) -> dict[str, RemoteLink]:
    """By the key of our name."""
    rows = db.session.execute(
        select(Item.name_key, RemoteLink)
        .join(RemoteLink, RemoteLink.record_id == Item.id)
        .where(
            Item.connection_id == connection.id,
            RemoteLink.connection_id == connection.id,
            RemoteLink.kind == RecordKind.ITEM,
        )
    )
    return dict(rows.tuples().all())


def _lock(connection: Connection, name: str) -> SyncTask:
    item = items_named(connection.id, {name})[name_key(name)]
    outbox.ensure_queued(connection.id, RecordKind.ITEM, [item.id])
    task = outbox.task_for(connection.id, RecordKind.ITEM, item.id, lock=True)
    if task is None or task.state in ON_THE_WIRE:
        raise Busy
    return task
