"""Create, update, delete and void: the steps that are the same for every kind (contract section 2.5)."""

from collections.abc import Collection

from simulator.books import characters, credits
from simulator.books.company import Company
from simulator.books.kind import Kind, Transaction
from simulator.books.table import Record
from simulator.books.void_notes import is_voided
from simulator.faults import deleted_transaction, fault, not_found, required

NO_OPTIONS: frozenset[str] = frozenset()
IDENTITY = ("Id", "SyncToken", "sparse")


def find(company: Company, kind: Kind, id_: str) -> Record:
    """Raises 2030 for what is no Id, 610 for what is not there (any more)."""
    if not id_.isascii() or not id_.isdigit():
        raise fault("2030", f"Id should be a valid number. Supplied value:{id_}", "Id")
    record = company.get(kind.name, id_)
    if record is None:
        raise deleted_transaction() if company.was_deleted(kind.name, id_) else not_found()
    return record


def create(company: Company, kind: Kind, body: Record, options: Collection[str] = NO_OPTIONS) -> Record:
    require_writable(company, kind)
    fields = kind.complete(company, _filled(_read(company, kind, body)), None, options)
    _require_open_books(company, kind, fields)
    record = company.add(kind.name, fields)
    credits.apply_automatically(company, kind, record)
    return company.get(kind.name, record["Id"]) or record


def update(company: Company, kind: Kind, body: Record, options: Collection[str] = NO_OPTIONS) -> Record:
    """Sparse: what is sent changes. Full: what is not sent is emptied."""
    require_writable(company, kind)
    sent = _read(company, kind, body)
    before = current(company, kind, body)
    if _is_idle(kind, before, sent):
        return before
    _require_open_books(company, kind, before)
    kind.refuse_change(company, before)
    base = _base(company, kind, before, sent) if body.get("sparse") in (True, "true") else _kept(kind, before)
    fields = kind.complete(company, _filled({**base, **sent}), before, options)
    _require_open_books(company, kind, fields)
    return company.replace(kind.name, before, fields)


def delete(company: Company, kind: Kind, body: Record) -> Record:
    """A transaction disappears for good. Answers the stub that QuickBooks answers."""
    require_writable(company, kind)
    if not isinstance(kind, Transaction):
        raise fault("500", "Operation delete is not supported.")
    record = current(company, kind, body)
    kind.refuse_change(company, record)
    kind.refuse_delete(company, record)
    _require_open_books(company, kind, record)
    company.remove(kind.name, record)
    return {"domain": "QBO", "status": "Deleted", "Id": record["Id"]}


def void(company: Company, kind: Kind, body: Record) -> Record:
    """The record stays, with zeros. Voiding it again changes nothing more."""
    require_writable(company, kind)
    if not isinstance(kind, Transaction):
        raise fault("500", "Operation void is not supported.")
    record = current(company, kind, body)
    if is_voided(record):
        return record
    kind.refuse_change(company, record)
    kind.refuse_void(company, record)
    _require_open_books(company, kind, record)
    return company.replace(kind.name, record, kind.voided(company, record))


def current(company: Company, kind: Kind, body: Record) -> Record:
    """The record that a client means to change. Raises 2020, 610 and, for an older version, 5010."""
    for field in ("Id", "SyncToken"):
        if body.get(field) in (None, ""):
            raise required(field)
    record = find(company, kind, str(body["Id"]))
    if str(body["SyncToken"]) != record["SyncToken"]:
        editor = company.rules.editor
        raise fault(
            "5010",
            f"Stale Object Error : You and {editor} were working on this at the same time. {editor} "
            "finished before you did, so your work was not saved.",
        )
    return record


def require_writable(company: Company, kind: Kind) -> None:
    if company.rules.suspended:
        raise fault(
            "6190",
            "Subscription period has ended or canceled or there was a billing problem : You can't add data "
            "to QuickBooks Online Plus because your trial or subscription period ended, you canceled your "
            "subscription, or there was a billing problem.",
        )
    if not kind.is_writable:
        raise fault("500", f"Operation create or update is not supported for {kind.name}.")


def _read(company: Company, kind: Kind, body: Record) -> Record:
    sent = kind.shape.read(body)
    if company.rules.latin1_only:
        characters.refuse_beyond_latin1(sent)
    return {
        key: value for key, value in sent.items() if key not in IDENTITY and not _is_kept(kind, key, value)
    }


def _is_kept(kind: Kind, key: str, value: object) -> bool:
    return value == "" and key in kind.irremovable


def _filled(draft: Record) -> Record:
    return {key: value for key, value in draft.items() if value != ""}


def _base(company: Company, kind: Kind, before: Record, sent: Record) -> Record:
    carried = kind.carried_over(company, before, sent)
    return {key: value for key, value in carried.items() if key not in (*IDENTITY, "domain", "MetaData")}


def _kept(kind: Kind, before: Record) -> Record:
    return {field: before[field] for field in kind.computed if field in before}


def _is_idle(kind: Kind, before: Record, sent: Record) -> bool:
    """Recorded: deactivating what is inactive already changes nothing, not even the SyncToken."""
    return kind.has_active and before["Active"] is False and sent.get("Active") is False


def _require_open_books(company: Company, kind: Kind, record: Record) -> None:
    closed = company.rules.book_close_date
    if kind.is_transaction and closed and record["TxnDate"] <= closed:
        raise fault(
            "6210",
            "The account period has closed and the account books cannot be updated through the QBO "
            "Services API. Please use the QBO website to make these changes.",
        )
