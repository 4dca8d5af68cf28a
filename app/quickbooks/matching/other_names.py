"""The names of vendors and employees, which customers share a list with: each name can be used once (contract
section 4.1, DisplayName). They are read with the list of customers, and the daily check sees what changes.

What is known here is told beforehand. Whether a name is really taken, only QuickBooks' answer decides.
"""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db
from app.quickbooks.api.client import Client
from app.quickbooks.api.errors import OutcomeUnknown, Refused
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping.values import customer_key
from app.quickbooks.models import OtherName

ENTITIES = ("Vendor", "Employee")
CHUNK = 1000


def read(connection_id: int, client: Client) -> None:
    """Read them all anew. Where QuickBooks does not tell, none is known: it stops nobody's work. Commits.
    Raises ApiError when it is the company that is in trouble.
    """
    for entity in ENTITIES:
        db.session.commit()
        try:
            everyone = client.query_all(entity)
        except (Refused, OutcomeUnknown):
            continue
        db.session.execute(
            delete(OtherName).where(OtherName.connection_id == connection_id, OtherName.entity == entity)
        )
        _learn(connection_id, entity, everyone)
    db.session.commit()


def learn(connection_id: int, changed: Mapping[str, Collection[RemoteRecord]]) -> None:
    """Some of them were changed, by entity. The caller commits."""
    for entity in ENTITIES:
        for start in range(0, len(listed := list(changed[entity])), CHUNK):
            some = listed[start : start + CHUNK]
            _forget(connection_id, entity, [record["Id"] for record in some])
            _learn(connection_id, entity, some)


def taken(connection_id: int, names: Collection[str]) -> set[str]:
    """Those of the names that a vendor or an employee had when they were read."""
    keys = {name: customer_key(name) for name in names}
    found = select(OtherName.key).where(
        OtherName.connection_id == connection_id, OtherName.key.in_(set(keys.values()))
    )
    there = set(db.session.scalars(found)) if keys else set()
    return {name for name, key in keys.items() if key in there}


def _forget(connection_id: int, entity: str, ids: Collection[str]) -> None:
    of_these = (OtherName.connection_id == connection_id, OtherName.entity == entity)
    db.session.execute(delete(OtherName).where(*of_these, OtherName.remote_id.in_(ids)))


def _learn(connection_id: int, entity: str, records: Iterable[RemoteRecord]) -> None:
    """QuickBooks writes "(deleted)" after the name of one out of use, so the name itself is free again."""
    rows = [
        {"connection_id": connection_id, "entity": entity, "remote_id": record["Id"], "key": key}
        for record in records
        if (key := customer_key(str(record.get("DisplayName", ""))))
    ]
    for start in range(0, len(rows), CHUNK):
        db.session.execute(insert(OtherName).on_conflict_do_nothing(), rows[start : start + CHUNK])
