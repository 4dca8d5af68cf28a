"""Every code has words; every word is one a plumber understands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from app.quickbooks.api.errors import Fault, OutcomeUnknown, Throttled, Unauthorized, error_for
from app.quickbooks.catalogue import RefusalKind, entry_for, keys, problem, proves_gone
from app.quickbooks.catalogue.tables import BY_CODE, BY_KEY

# Contract section 5, row by row; ranges written out.
CODES = [
    3001, 3200, 100, 110, 120, 3100, 3202, 403, 130, 150, 140, 500, 400, 600, 610, 620, 630, 700,
    900, 800, 1010, 1020, 1000, 1040, 2000, 2010, 2020, 2030, 2040, 2050, 2060, 2070, 2190, 2080,
    2090, 2100, 2110, 2140, 2150, 2160, 2240, 2120, 2170, 2230, 2130, 2200, 2210, 2220, 2250, 2290,
    2500, 2600, 3000, 4000, 4001, 4002, 5000, 5010, 5020, 5030, 6000, 6010, 6430, 6070, 6080, 6090,
    6100, 6160, 6170, 6230, 6140, 6190, 6200, 6210, 6220, 6280, 6240, 6250, 6420, 6440, 6450, 6480,
    6540, 10000, 10100, 10200,
]  # fmt: skip
JARGON = re.compile(
    r"SyncToken|HTTP|\bAPI\b|null|\bfault\b|token|realm|\bJSON\b|exception|payload", re.IGNORECASE
)
DETAILS = {
    "until": "January 1",
    "rate": "8.25",
    "here": "108.00",
    "there": "107.99",
    "day": "March 2",
    "changes": "the total from $108.00 to $107.99",
    "needed": "Customer Rivera HVAC",
    "other": "Invoice INV-2",
    "by": "Olivia",
    "invoice": "Invoice INV-2026-0001",
    "rest": "8.00",
    "why": "same phone, another spelling of the name",
}
ROOT = Path(__file__).parents[3]


def problems_named_in(folder: Path) -> Iterator[str]:
    """The keys given to problem() and CannotMap() as plain text."""
    for module in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("problem" | "CannotMap"), args=[ast.Constant(str(key)), *_]):
                    yield key


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_contract_has_an_entry(code: int):
    assert str(code) in BY_CODE
    assert entry_for(Fault(400, str(code))).key != "unknown_refusal"


@pytest.mark.parametrize("entry", BY_KEY.values(), ids=BY_KEY.keys())
def test_words_are_plain(entry):
    sentence, remedy = entry.words(record="Invoice INV-2026-0001", detail="It is too long.", **DETAILS)
    for text in (sentence, remedy):
        assert text.endswith("."), text
        assert not JARGON.search(text), text
        assert not re.search(r"[{}]|  |\$ |\$\.| %%| \.", text), text
    assert len(sentence) < 200


@pytest.mark.parametrize("entry", BY_KEY.values(), ids=BY_KEY.keys())
def test_words_ask_only_for_what_somebody_fills_in(entry):
    asked = {name for _, name, _, _ in Formatter().parse(entry.sentence + entry.remedy) if name}
    assert asked <= {"record", "detail", *DETAILS}


def test_every_problem_the_code_names_has_words():
    named = set(problems_named_in(ROOT / "app" / "quickbooks"))
    assert len(named) > 10
    named |= {key for name, key in vars(keys).items() if name.isupper() and isinstance(key, str)}
    assert named <= set(BY_KEY), named - set(BY_KEY)


def test_an_unknown_code_is_told_with_quickbooks_own_words():
    entry = entry_for(Fault(400, "9999", detail="The moon is in the wrong house."))
    assert "The moon is in the wrong house." in entry.words(detail="The moon is in the wrong house.")[0]
    assert entry.kind is RefusalKind.PERSON


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(403, "3100", "message=x; statusCode=403"), "access_withdrawn"),
        (Fault(403, "3100", "message=x; errorCode=003100; statusCode=500"), "outage"),
        (Fault(400, "500", "Unsupported Operation"), "outage"),
        (Fault(400, "500", "Unsupported Operation", "Invalid byte 1 of 1-byte UTF-8 sequence"), "malformed"),
        (Fault(401, "3200", "message=x; errorCode=003200; statusCode=500"), "outage"),
        (Fault(500, "10000", "An application error has occurred"), "outage"),
        (Fault(400, "10000", "An application error has occurred"), "outage"),
        (Fault(503, "3001"), "throttled"),
        (Fault(500, "500", "Unsupported Operation"), "outage"),
        (Fault(400, "6000", detail="Make sure all transactions have a VAT rate"), "tax_code_missing"),
        (Fault(400, "6000", detail="Please wait a few minutes and try again."), "application_error"),
        (Fault(400, "6000", detail="Something of its own."), "rule_broken"),
        (Fault(400, "6000", detail="The amount applied exceeds the payment amount."), "overpaid"),
        (Fault(400, "6480", detail="It is linked to a payment."), "payment_applied"),
        (Fault(400, "6480", detail="It is matched."), "settled"),
        (Fault(400, "6210", "Account Period Closed"), "closed_period"),
        (Fault(400, "6210", "Duplicate Document Number Error"), "duplicate_number"),
        (Fault(400, "6140", "Duplicate Document Number Error"), "duplicate_number"),
        (Fault(None), "outage"),
        (Fault(502), "outage"),
        (Fault(200, message="The answer holds no Invoice."), "outage"),
        (Fault(401), "unauthorized"),
        (Fault(429), "throttled"),
        (Fault(403), "not_allowed"),
        (Fault(404), "malformed"),
        (Fault(401, "9999"), "unauthorized"),
        (Fault(404, "9999"), "unknown_refusal"),
    ],
)  # fmt: skip
def test_ambiguous_codes_are_decided_by_their_words(fault: Fault, key: str):
    assert entry_for(fault).key == key


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("No full stop", "QuickBooks refused Invoice 1: No full stop."),
        ("It has one.", "QuickBooks refused Invoice 1: It has one."),
        ("", "QuickBooks refused Invoice 1: it gave no reason."),
        ("Braces {record} stay", "QuickBooks refused Invoice 1: Braces {record} stay."),
    ],
)
def test_quickbooks_own_words_end_as_sentences_do(detail: str, told: str):
    assert problem("unknown_refusal").words(record="Invoice 1", detail=detail)[0] == told


def test_a_long_explanation_is_shortened():
    assert len(problem("unknown_refusal").words(detail="very long " * 200)[0]) < 400


@pytest.mark.parametrize("status", [None, 200, 302, 400, 401, 403, 404, 429, 500, 502])
@pytest.mark.parametrize("code", ["", "120", "3001", "3100", "3200", "9999"])
def test_words_and_wire_agree_whose_trouble_it_is(status: int | None, code: str):
    """A row must never be blamed for what the wire takes for the company's or Intuit's trouble."""
    fault = Fault(status, code)
    match error_for(fault):
        case Throttled():
            assert entry_for(fault).kind is RefusalKind.THROTTLED
        case Unauthorized():
            assert entry_for(fault).kind is RefusalKind.AUTHORIZATION
        case OutcomeUnknown():
            assert entry_for(fault).kind is RefusalKind.OUTAGE
        case _:
            assert entry_for(fault).kind not in (RefusalKind.THROTTLED, RefusalKind.OUTAGE)


def test_a_name_without_an_entry_still_has_words():
    assert problem("no such key").words(record="Invoice 1")[0]


@pytest.mark.parametrize(
    ("fault", "gone"),
    [
        (Fault(400, "610", "Object Not Found"), True),
        (Fault(400, "2500", "Invalid Reference Id"), False),
        (Fault(400, "6250", "InvalidSalesCustomer"), False),
        (Fault(500, "610", "Object Not Found"), False),
        (Fault(400, "10000", "An application error has occurred"), False),
        (Fault(404), False),
    ],
)
def test_only_not_found_proves_that_a_record_is_gone(fault: Fault, gone: bool):
    assert proves_gone(fault) is gone


@pytest.mark.parametrize(
    "key",
    [
        *("sales_tax_off", "exempt_but_taxed", "books_closed", "closed_period"),
        *("date_refused", "number_refused", "currency_refused"),
    ],
)
def test_what_is_agreed_is_changed_by_a_reissue(key: str):
    """A sent invoice takes a new due date and notes, and nothing else (app/invoices/statuses.py)."""
    assert "a sent invoice is marked as disputed and reissued with corrections" in problem(key).remedy


@pytest.mark.parametrize("key", ["doc_number_taken", "doc_number_linked", "duplicate_number"])
def test_no_form_here_changes_a_number(key: str):
    assert re.search(r"the other (one|document)'s number in QuickBooks", problem(key).remedy)
