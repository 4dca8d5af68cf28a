"""The addresses of the accounting API, each handed to the gateway with what it does."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request

from simulator.answer import Answer
from simulator.api import operations, printing
from simulator.api.batch import perform_batch
from simulator.api.gateway import read_json, require_content, serve
from simulator.books import changes, querying, writing
from simulator.books.company import Company
from simulator.books.kinds import KINDS_BY_PATH
from simulator.faults import Fault, fault, required
from simulator.world import this_world

api = Blueprint("api", __name__, url_prefix="/v3/company")

SINGLES = {"preferences": "Preferences", "companyinfo": "CompanyInfo"}


@api.route("/<realm>/query", methods=["GET", "POST"])
def query(realm: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        statement = request.args.get("query") or _posted_statement()
        with company.lock:
            return {"QueryResponse": _lagging(company, querying.run(company, statement))}

    return serve("query", realm, run)


def _lagging(company: Company, found: dict[str, Any]) -> dict[str, Any]:
    """The answer as it was some seconds ago, if a script wants that: queries read a copy of the books."""
    if not g.lag:
        return found
    moment = company.clock.now() - timedelta(seconds=g.lag)
    return {
        key: company.history.as_of(moment, key, value) if isinstance(value, list) else value
        for key, value in found.items()
    }


def _posted_statement() -> str:
    if request.method == "POST":
        require_content("application/text")
    return request.get_data().decode("utf-8", "replace")


@api.get("/<realm>/cdc")
def cdc(realm: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        entities, moment = request.args.get("entities"), request.args.get("changedSince")
        if not entities or not moment:
            raise required("entities" if not entities else "changedSince")
        with company.lock:
            return {"CDCResponse": [{"QueryResponse": changes.since(company, entities.split(","), moment)}]}

    return serve("cdc", realm, run)


@api.post("/<realm>/batch")
def batch(realm: str) -> Response:
    body, problem = _body()

    def run(company: Company) -> dict[str, Any]:
        if problem:
            raise problem
        return perform_batch(this_world(), company, body)

    items = body.get("BatchItemRequest")
    item_ids = (
        [str(item.get("bId", "")) for item in items if isinstance(item, dict)]
        if isinstance(items, list)
        else []
    )
    return serve("batch", realm, run, item_ids)


@api.post("/<realm>/<path>")
def write(realm: str, path: str) -> Response:
    body, problem = _body()
    kind = KINDS_BY_PATH.get(path)
    asked, included = request.args.get("operation", ""), operations.included(request.args.getlist("include"))
    verb = operations.verb(body, asked, included)

    def run(company: Company) -> dict[str, Any]:
        if kind is None:
            raise _unsupported()
        if problem:
            raise problem
        if verb == "void":
            operations.refuse_undocumented_void(kind, asked, included)
        with company.lock:
            return {kind.name: operations.perform(company, kind, verb, body, included)}

    return serve(f"{path}.{verb}", realm, run)


@api.get("/<realm>/<path>")
def read_single(realm: str, path: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        if path not in SINGLES:
            raise _unsupported()
        return {SINGLES[path]: company.preferences if path == "preferences" else company.info}

    return serve(f"{path}.read", realm, run)


@api.get("/<realm>/<path>/<id_>")
def read(realm: str, path: str, id_: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        kind = KINDS_BY_PATH.get(path)
        if kind is None:
            raise _unsupported()
        with company.lock:
            record = company.info if path == "companyinfo" else writing.find(company, kind, id_)
        return {kind.name: record}

    return serve(f"{path}.read", realm, run)


@api.get("/<realm>/<path>/<id_>/pdf")
def print_pdf(realm: str, path: str, id_: str) -> Response:
    def run(company: Company) -> Answer:
        kind = KINDS_BY_PATH.get(path)
        if kind is None or not request.accept_mimetypes[printing.PDF]:
            raise _unsupported()
        with company.lock:
            return printing.printed(company, kind, writing.find(company, kind, id_))

    return serve(f"{path}.pdf", realm, run)


@api.post("/<realm>/<path>/<id_>/send")
def send(realm: str, path: str, id_: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        kind = KINDS_BY_PATH.get(path)
        if kind is None:
            raise _unsupported()
        require_content("application/octet-stream")
        with company.lock:
            return {kind.name: operations.send(company, kind, id_, request.args.get("sendTo"))}

    return serve(f"{path}.send", realm, run)


@api.route("/<realm>/<path:rest>", methods=["GET", "POST", "PUT", "DELETE", "PATCH"])
@api.route("/<realm>/", methods=["GET", "POST", "PUT", "DELETE", "PATCH"], defaults={"rest": ""})
def anything_else(realm: str, rest: str) -> Response:
    def run(company: Company) -> dict[str, Any]:
        raise _unsupported()

    return serve("unknown", realm, run)


def _body() -> tuple[dict[str, Any], Fault | None]:
    """The body, or why it cannot be read: told only after the token and the limits were checked."""
    try:
        return read_json(), None
    except Fault as problem:
        return {}, problem


def _unsupported() -> Fault:
    return fault(
        "500",
        f"Operation Could not find resource for relative : {request.path} of full path: {request.base_url} "
        "is not supported.",
    )
