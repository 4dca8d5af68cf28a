"""What the demonstration reads of a form: what a browser would send if nobody typed."""

import pytest

from devtools.web_browser import Form

PAGE = """
<form action="/search"><input name="q" value="pump"></form>
<form method="post" action="/save">
  <input type="hidden" name="csrf_token" value="abc">
  <input name="email" value="a@b.example">
  <input type="checkbox" name="customers" value="y" checked>
  <input type="checkbox" name="invoices" value="y">
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
  <input type="file" name="file">
  <select name="account"><option value="1">One</option><option value="2" selected>Two</option></select>
  <select name="terms"><option value="net">Net</option><option value="due">Due</option></select>
  <input type="submit" name="go" value="Save">
</form>
"""


def test_a_form_is_found_by_what_it_contains():
    assert Form(PAGE, "csrf_token").action == "/save"
    assert Form(PAGE, 'name="q"').fields == {"q": "pump"}


def test_fields_hold_what_a_browser_would_send():
    assert Form(PAGE, "csrf_token").fields == {
        "csrf_token": "abc",
        "email": "a@b.example",
        "customers": "y",
        "size": "m",
        "account": "2",
        "terms": "net",
    }


def test_a_form_that_is_not_there_is_an_error():
    with pytest.raises(LookupError):
        Form(PAGE, "password")
