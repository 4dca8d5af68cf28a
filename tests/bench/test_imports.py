"""bench/imports.py, small: it imports what it says."""

from bench import imports


def test_it_imports_every_line(app):
    assert imports.measured(app, 40)["invoices"] == 20
