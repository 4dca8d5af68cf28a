"""bench/pages.py, small: every page answers, with as many statements as there are questions on it."""

from bench import pages

STATEMENTS = {
    "customers": 4,
    "customers' search": 4,
    "no such customer": 3,
    "QuickBooks page": 38,  # one of them counts all that was left out alike
    "queue": 35,
}
OF_A_LIST = 23  # of invoices, with what the integration says of them


def test_pages_answer_with_few_statements(app):
    result = pages.measured(app, small=100, big=300, others=2, rounds=1)
    counted = result["statements"]
    too_many = {name: count for name, count in counted.items() if count > STATEMENTS.get(name, OF_A_LIST)}
    assert too_many == {}
