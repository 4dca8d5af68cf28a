"""What a person who is asked is told of the QuickBooks record that is in the way."""

from decimal import Decimal

import pytest

from app.quickbooks.models.answers import Answer, Question
from app.quickbooks.outbox.questions import question_about


@pytest.mark.parametrize(
    ("currency", "there"),
    [
        ({}, "A-1, $1,234.50, Ada"),
        ({"CurrencyRef": {"value": "GBP"}}, "A-1, £1,234.50, Ada"),
        ({"CurrencyRef": {"value": "CHF"}}, "A-1, CHF 1,234.50, Ada"),
    ],
)
def test_an_invoice_is_told_in_its_own_currency(currency, there):
    record = {"Id": "7", "DocNumber": "A-1", "TotalAmt": Decimal("1234.5"), "CustomerRef": {"name": "Ada"}}
    assert question_about("doc_number_taken", [record | currency]).there == there


def test_a_question_is_kept_whole():
    question = Question("doc_number_taken", ("7", "8"), "A-1, $5.00, Ada")
    assert Question.from_json(question.to_json()) == question


def test_an_answer_is_kept_whole():
    answer = Answer("7", "Ada (Customer)", "Ada", ("8", "9"), repeats_number=True, overwrite="x")
    assert Answer.from_json(answer.to_json()) == answer


def test_rows_of_an_earlier_version_are_read():
    asked = {"problem": "doc_number_taken", "id": "7", "ids": "7,8", "there": "A-1, $5.00, Ada"}
    assert Question.from_json(asked) == Question("doc_number_taken", ("7", "8"), "A-1, $5.00, Ada")
    assert Answer.from_json({"others": "8,9"}) == Answer(others=("8", "9"), repeats_number=True)
    assert Answer.from_json({"others": ""}) == Answer(repeats_number=True)
    assert Question.from_json({}) == Question()
    assert Answer.from_json({}) == Answer()


def test_a_field_of_a_later_version_is_passed_over():
    assert Answer.from_json({"link": "7", "from_tomorrow": 1}) == Answer("7")
