"""Every code has words; every word is one a plumber understands."""

import re

import pytest

from app.quickbooks.api.errors import Fault
from app.quickbooks.catalogue import Kind, entry_for, problem
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


@pytest.mark.parametrize("code", CODES)
def test_every_code_of_the_contract_has_an_entry(code: int):
    assert str(code) in BY_CODE
    assert entry_for(Fault(400, str(code))).key != "unknown_refusal"


@pytest.mark.parametrize("entry", BY_KEY.values(), ids=BY_KEY.keys())
def test_words_are_plain(entry):
    sentence, remedy = entry.words(record="Invoice INV-2026-0001", detail="It is too long.", rate="8.25")
    for text in (sentence, remedy):
        assert text.endswith("."), text
        assert not JARGON.search(text), text
        assert "{" not in text
    assert len(sentence) < 200


def test_an_unknown_code_is_told_with_quickbooks_own_words():
    entry = entry_for(Fault(400, "9999", detail="The moon is in the wrong house."))
    assert "The moon is in the wrong house." in entry.words(detail="The moon is in the wrong house.")[0]
    assert entry.kind is Kind.PERSON


@pytest.mark.parametrize(
    ("fault", "key"),
    [
        (Fault(403, "3100", "message=x; statusCode=403"), "access_withdrawn"),
        (Fault(403, "3100", "message=x; errorCode=003100; statusCode=500"), "outage"),
        (Fault(400, "500", "Unsupported Operation"), "malformed"),
        (Fault(500, "500", "Unsupported Operation"), "outage"),
        (Fault(400, "6000", detail="Make sure all transactions have a VAT rate"), "tax_code_missing"),
        (Fault(400, "6000", detail="Please wait a few minutes and try again."), "application_error"),
        (Fault(400, "6000", detail="Something of its own."), "rule_broken"),
        (Fault(400, "6210", "Account Period Closed"), "closed_period"),
        (Fault(400, "6210", "Duplicate Document Number Error"), "duplicate_number"),
        (Fault(400, "6140", "Duplicate Document Number Error"), "duplicate_number"),
        (Fault(None), "outage"),
        (Fault(502), "outage"),
        (Fault(404), "unknown_refusal"),
    ],
)  # fmt: skip
def test_ambiguous_codes_are_decided_by_their_words(fault: Fault, key: str):
    assert entry_for(fault).key == key


def test_a_name_without_an_entry_still_has_words():
    assert problem("no such key").words(record="Invoice 1")[0]
