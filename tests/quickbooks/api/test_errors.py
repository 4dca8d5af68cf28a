"""Every shape of a refusal is read (contract section 2.3), and none is taken for another kind of no."""

import json

import pytest

from app.quickbooks.api.errors import (
    OutcomeUnknown,
    Refused,
    Throttled,
    Unauthorized,
    error_for,
)
from app.quickbooks.api.faults import (
    CODE_LIMIT,
    RAW_LIMIT,
    TEXT_LIMIT,
    TID_LIMIT,
    fault_from_item,
    fault_from_response,
)

ACCOUNTING = {
    "Fault": {
        "Error": [
            {"Message": "Stale Object Error", "Detail": "Somebody was faster.", "code": "5010", "element": ""}
        ],
        "type": "ValidationFault",
    },
    "time": "2026-03-02T05:58:07.300-07:00",
}
GATEWAY = {
    "warnings": None,
    "fault": {
        "error": [
            {
                "message": "message=AuthenticationFailed; errorCode=003200; statusCode=401",
                "detail": "Token expired: " + "eyJ" + "a" * 60,
                "code": "3200",
                "element": None,
            }
        ],
        "type": "AUTHENTICATION",
    },
    "time": 1633520295688,
}
XML = (
    b'<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE">'
    b'<Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message>'
    b"<Detail>The request limit was reached.</Detail></Error></Fault></IntuitResponse>"
)
HTML = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def fault(status: int, body: bytes | dict):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return fault_from_response(status, {"intuit_tid": "tid-1"}, content)


def gateway(code: str, status: int) -> dict:
    message = f"message=Whatever; errorCode=00{code}; statusCode={status}"
    return {"fault": {"error": [{"message": message, "detail": "", "code": code}], "type": "SERVICE"}}


def test_the_accounting_service():
    found = fault(400, ACCOUNTING)
    assert (found.status, found.code, found.message, found.intuit_tid) == (
        400,
        "5010",
        "Stale Object Error",
        "tid-1",
    )


def test_the_gateway_and_its_secrets():
    found = fault(401, GATEWAY)
    assert found.code == "3200"
    assert "eyJ" not in json.dumps(found.as_json())


def test_xml():
    found = fault(429, XML)
    assert (found.code, found.detail) == ("3001", "The request limit was reached.")


def test_xml_tells_all_its_errors():
    body = (
        b'<IntuitResponse><Fault type="ValidationFault"><Error code="2020" element="Line"><Message>One</Message>'
        b'</Error><Error code="2050"><Message>Two</Message></Error></Fault></IntuitResponse>'
    )
    found = fault(400, body)
    assert (found.code, found.element, found.message) == ("2020", "Line", "One; Two")


def test_codes_are_compared_as_numbers():
    body = {"Fault": {"Error": [{"Message": "x", "code": "003001"}], "type": "SERVICE"}}
    assert fault(403, body).code == "3001"


def test_a_fault_inside_a_success():
    assert fault(200, ACCOUNTING).code == "5010"
    assert fault(200, {"QueryResponse": ACCOUNTING}).code == "5010"


def test_a_success_holds_none():
    assert fault(200, {"Invoice": {"Id": "1"}}) is None


def test_all_errors_of_a_fault_are_told():
    body = {"Fault": {"Error": [{"Message": "One", "code": "2020"}, {"Message": "Two", "code": "2050"}]}}
    assert fault(400, body).message == "One; Two"


def test_the_fault_of_a_batch_item_keeps_what_was_answered():
    found = fault_from_item({"bId": "1", **ACCOUNTING}, 200, "tid-1")
    assert (found.status, found.code, found.intuit_tid) == (200, "5010", "tid-1")
    assert "Somebody was faster." in found.raw


def test_what_is_kept_has_an_end():
    assert len(fault(502, b"<html>" + b"so long " * 5000).raw) == RAW_LIMIT


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, ACCOUNTING, Refused),
        (200, ACCOUNTING, Refused),
        (404, b"not found", Refused),
        (401, GATEWAY, Unauthorized),
        (401, b"", Unauthorized),
        (400, gateway("100", 401), Unauthorized),
        (429, XML, Throttled),
        (429, b"slow down", Throttled),
        (403, gateway("3001", 403), Throttled),
        (403, gateway("3100", 403), Refused),
        (403, gateway("3100", 500), OutcomeUnknown),
        (401, gateway("3200", 500), OutcomeUnknown),
        (503, gateway("3001", 503), Throttled),
        (200, {"Fault": {}}, OutcomeUnknown),
        (500, {"Fault": {"Error": [{"Message": "An application error", "code": "10000"}]}}, OutcomeUnknown),
        (502, HTML, OutcomeUnknown),
        (503, b"", OutcomeUnknown),
        (504, b"<html>We'll be back soon</html>", OutcomeUnknown),
    ],
)
def test_what_kind_of_no_it_is(status: int, body, kind: type):
    assert type(error_for(fault(status, body))) is kind


def test_an_xml_bomb_is_not_opened():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><IntuitResponse>&b;</IntuitResponse>'
    assert fault(500, bomb).code == ""


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"<a",
        b"\xff\xfe",
        b'{"Fault": 1}',
        b'{"Fault": {}}',
        b'{"Fault": {"Error": null}}',
        b'{"Fault": {"Error": []}}',
        b'{"Fault": {"Error": ["x", 1, null]}}',
        b'{"Fault": {"Error": [{"code": null, "Message": null}]}}',
        b'{"QueryResponse": []}',
        b"<IntuitResponse><Fault/></IntuitResponse>",
    ],
)
def test_nonsense_never_crashes(body: bytes):
    assert type(error_for(fault(500, body))) is OutcomeUnknown


def test_a_single_error_need_not_be_a_list():
    assert fault(400, {"Fault": {"Error": {"Message": "Stale Object Error", "code": "5010"}}}).code == "5010"


def test_what_no_column_could_hold_is_cut_and_cleaned_where_it_is_read():
    error = {
        "Message": "Nul \x00 here",
        "Detail": "half \ud800 a pair",
        "code": "7" * 5000,
        "element": "x " * 9000,
    }
    body = json.dumps({"Fault": {"Error": [error], "type": "ValidationFault"}}).encode()
    fault = fault_from_response(400, {"intuit_tid": "t" * 300}, body)
    assert fault is not None
    assert len(fault.code) == CODE_LIMIT
    assert len(fault.intuit_tid) == TID_LIMIT
    assert (fault.message, fault.detail) == ("Nul  here", "half  a pair")
    assert len(fault.element) == TEXT_LIMIT
    assert len(fault.raw) <= RAW_LIMIT
    assert "\x00" not in fault.raw


def test_json_that_is_nested_without_end_is_no_answer():
    assert fault_from_response(502, {}, b"[" * 100_000) is not None
