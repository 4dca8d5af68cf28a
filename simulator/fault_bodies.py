"""The spellings in which a fault reaches a client (contract section 2.3)."""

from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from simulator.clock import answer_time
from simulator.faults import Fault, FaultError

PROXY_REASONS = {
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Temporarily Unavailable",
    504: "Gateway Time-out",
}
MAINTENANCE_PAGE = (
    "<!DOCTYPE html><html><head><title>QuickBooks</title></head><body><h1>We'll be back soon</h1>"
    "<p>QuickBooks is down for maintenance. Please try again later.</p></body></html>"
)


GARBAGE = b'{"time": "2026-03-04T05:06:07", "\x00\xff": <html>\x00\x00'


def proxy_page(status: int) -> str:
    """What a proxy in front of QuickBooks says in its place."""
    title = f"{status} {PROXY_REASONS.get(status, 'Error')}"
    return (
        f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center>"
        "<hr><center>nginx</center></body></html>"
    )


def accounting_fault(refusal: Fault, empty_element: bool = False) -> dict[str, Any]:
    """The `Fault` object of the accounting service; inside batches it always has an `element`."""
    return {
        "Error": [_accounting_error(item, empty_element) for item in refusal.errors],
        "type": refusal.kind,
    }


def accounting_body(refusal: Fault, now: datetime) -> dict[str, Any]:
    return {"Fault": accounting_fault(refusal), "time": answer_time(now)}


def gateway_body(refusal: Fault, now: datetime) -> dict[str, Any]:
    """Lower case, among nulls, with the time in milliseconds: what answers before the books are reached."""
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [_gateway_error(item) for item in refusal.errors], "type": refusal.kind.upper()},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }


def xml_body(refusal: Fault, now: datetime) -> str:
    errors = "".join(_xml_error(item) for item in refusal.errors)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<IntuitResponse xmlns="http://schema.intuit.com/finance/v3" time="{answer_time(now)}">'
        f"<Fault type={quoteattr(refusal.kind)}>{errors}</Fault></IntuitResponse>"
    )


def _accounting_error(item: FaultError, empty_element: bool) -> dict[str, str]:
    body = {"Message": item.message, "Detail": item.detail, "code": item.code}
    if item.element or empty_element:
        body["element"] = item.element or ""
    return body


def _gateway_error(item: FaultError) -> dict[str, Any]:
    return {"message": item.message, "detail": item.detail, "code": item.code, "element": item.element}


def _xml_error(item: FaultError) -> str:
    element = f" element={quoteattr(item.element)}" if item.element else ""
    return (
        f"<Error code={quoteattr(item.code)}{element}><Message>{escape(item.message)}</Message>"
        f"<Detail>{escape(item.detail)}</Detail></Error>"
    )
