"""Links that carry the present query on: anybody writes its names, and url_for has some of its own."""

import pytest
from flask import Flask

from app.web.keyset import page_link
from app.web.query_links import query_link

TIE_OUT = "/settings/integrations/quickbooks/tie-out/1/invoices"
TAKEN_BY_URL_FOR = ("endpoint", "_anchor", "_external", "_method", "_scheme", "__obj")


@pytest.mark.parametrize("name", TAKEN_BY_URL_FOR)
def test_what_url_for_takes_for_itself_is_left_out(app: Flask, name: str):
    with app.test_request_context(f"/invoices?q=elm&{name}=x"):
        assert query_link("invoices.start_export") == "/invoices/exports?q=elm"
        assert page_link(after=3) == "/invoices?q=elm&after=3"


def test_other_arguments_are_carried_as_they_are(app: Flask):
    with app.test_request_context("/invoices?q=elm+%26+oak&self=x&values=y"):
        assert query_link("invoices.start_export") == "/invoices/exports?q=elm+%26+oak&self=x&values=y"


def test_what_the_page_itself_says_wins(app: Flask):
    with app.test_request_context(f"{TIE_OUT}?tie_out_id=2&verdict=agrees&before=9"):
        assert page_link(after=3) == f"{TIE_OUT}?verdict=agrees&after=3"
        csv = query_link("quickbooks.tie_out_invoices_csv", tie_out_id=1, before=None)
        assert csv == f"{TIE_OUT}.csv?verdict=agrees"
