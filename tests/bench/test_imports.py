"""bench/imports.py, small: it imports what it says."""

from bench import imports


def test_it_imports_every_line(app):
    assert imports.measured(40)["invoices"] == 20
