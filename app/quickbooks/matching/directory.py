"""QuickBooks' list of customers as it was last read: once before the first of ours goes, in pages of 1,000, and
from then on what the daily check sees of it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.extensions import db, now
from app.quickbooks.account.metering import reading_for
from app.quickbooks.api.client import Client
from app.quickbooks.api.record import RemoteRecord
from app.quickbooks.mapping import contact
from app.quickbooks.mapping.identity import INACTIVE_TOO
from app.quickbooks.matching import other_names
from app.quickbooks.matching.rules import Card
from app.quickbooks.models import Connection, RecordKind, RemoteCustomer, RemoteLink

CHUNK = 1000
CUSTOMER = RecordKind.CUSTOMER
KEPT = ("DisplayName", "PrimaryEmailAddr", "PrimaryPhone", "BillAddr", "Active")  # of a record, in some form


@reading_for("matching")
def read(connection_id: int, client: Client) -> None:
    """Read the whole list anew, and who else has a name there. Commits. Raises ApiError."""
    other_names.read(connection_id, client)
    replace(connection_id, client.query_all(CUSTOMER.entity, INACTIVE_TOO))
    db.session.commit()


def replace(connection_id: int, everyone: Collection[RemoteRecord]) -> None:
    """The whole list was read. The caller commits."""
    there = {record["Id"] for record in everyone}
    known = _ids(select(RemoteCustomer.remote_id).filter_by(connection_id=connection_id))
    _forget(connection_id, known - there)
    learn(connection_id, everyone)
    db.session.get_one(Connection, connection_id).customers_read_at = now()


def learn(connection_id: int, seen: Iterable[RemoteRecord], gone: Collection[str] = ()) -> None:
    """Some of them were read again, where the list was read before; those that we made are none of it. The caller
    commits.
    """
    _forget(connection_id, gone)
    listed = list(seen)
    for start in range(0, len(listed), CHUNK):
        some = listed[start : start + CHUNK]
        ids = [record["Id"] for record in some]
        ours = _ids(_linked(connection_id).where(RemoteLink.remote_id.in_(ids)))
        known = _ids(
            select(RemoteCustomer.remote_id)
            .filter_by(connection_id=connection_id)
            .where(RemoteCustomer.remote_id.in_(ids))
        )
        rows = [_row(connection_id, one) for one in some if one["Id"] in known or one["Id"] not in ours]
        if rows:
            _write(rows)


def called(connection_id: int, name: str) -> list[RemoteRecord]:
    """Those of this name, as QuickBooks writes them, as far as they were read."""
    rows = db.session.scalars(
        select(RemoteCustomer).where(
            RemoteCustomer.connection_id == connection_id, func.lower(RemoteCustomer.name) == name.lower()
        )
    )
    return [
        {
            "Id": row.remote_id,
            "DisplayName": row.name,
            "PrimaryEmailAddr": {"Address": row.email},
            "PrimaryPhone": {"FreeFormNumber": row.phone},
            "BillAddr": {"Line1": row.street},
        }
        for row in rows
    ]


def names_there(connection_id: int, names: Collection[str]) -> set[str]:
    """Those of the names that QuickBooks had when it was read; all, where it was not."""
    if db.session.get_one(Connection, connection_id).customers_read_at is None:
        return set(names)
    lowered = func.lower(RemoteCustomer.name)
    found = _ids(
        select(lowered).where(
            RemoteCustomer.connection_id == connection_id, lowered.in_({name.lower() for name in names})
        )
    )
    return {name for name in names if name.lower() in found}


def card(there: RemoteCustomer) -> Card:
    return Card(
        there.remote_id,
        there.name,
        there.email,
        there.phone,
        there.street,
        there.city_line,
        there.postal_code,
    )


def cards(connection_id: int, ids: Iterable[str]) -> dict[str, Card]:
    """Those of these Ids that were read."""
    rows = db.session.scalars(
        select(RemoteCustomer).where(
            RemoteCustomer.connection_id == connection_id, RemoteCustomer.remote_id.in_(set(ids))
        )
    )
    return {row.remote_id: card(row) for row in rows}


def _write(rows: list[dict[str, Any]]) -> None:
    statement = insert(RemoteCustomer)
    changes = {
        name: statement.excluded[name] for name in rows[0] if name not in ("connection_id", "remote_id")
    }
    db.session.execute(
        statement.on_conflict_do_update(index_elements=["connection_id", "remote_id"], set_=changes), rows
    )


def _row(connection_id: int, record: RemoteRecord) -> dict[str, Any]:
    """What is longer than QuickBooks allows is cut, so that a strange record stops nothing."""
    home: Mapping[str, Any] = record.get("BillAddr") or {}
    street, code = str(home.get("Line1", "")), str(home.get("PostalCode", ""))
    region = f"{home.get('CountrySubDivisionCode', '')} {code}".strip()
    email = str((record.get("PrimaryEmailAddr") or {}).get("Address", ""))[:100]
    phone = str((record.get("PrimaryPhone") or {}).get("FreeFormNumber", ""))[:40]
    return {
        "connection_id": connection_id,
        "remote_id": record["Id"],
        "name": str(record.get("DisplayName", ""))[:500],
        "email": email,
        "phone": phone,
        "street": street[:500],
        "city_line": ", ".join(filter(None, (str(home.get("City", "")), region)))[:600],
        "postal_code": code[:40],
        "is_active": bool(record.get("Active", True)),
        "email_key": contact.email(email),
        "phone_key": contact.phone(phone),
        "address_key": contact.address(street, code)[:600],
    }


def _forget(connection_id: int, ids: Collection[str]) -> None:
    if ids:
        db.session.execute(
            delete(RemoteCustomer).where(
                RemoteCustomer.connection_id == connection_id, RemoteCustomer.remote_id.in_(ids)
            )
        )


def _linked(connection_id: int) -> Any:
    return select(RemoteLink.remote_id).filter_by(connection_id=connection_id, kind=CUSTOMER)


def _ids(query: Any) -> set[str]:
    return set(db.session.scalars(query))
