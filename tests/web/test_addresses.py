"""Which addresses are ours: what a browser would follow to another host is not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.web.addresses import LONGEST, own_address, own_page


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("/", "/"),
        ("/customers?q=elm%20street&after=3", "/customers?q=elm%20street&after=3"),
        ("/customers?q=é🎈", "/customers?q=%C3%A9%F0%9F%8E%88"),
        ("/invoices/3#history", "/invoices/3#history"),
        ("/a:b@c", "/a:b@c"),
    ],
)
def test_a_path_of_ours(address, ours):
    assert own_address(address) == ours


@pytest.mark.parametrize(
    "address",
    [
        *(
            None,
            "",
            "customers",
            "//evil.example",
            "////evil.example",
            "///evil.example",
            "https://evil.example/",
        ),
        *("/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", " //evil.example"),
        *("/a\r\nX-Evil: 1", "http://[", "//[::1", "/\x00", "javascript:alert(1)", "/" + "x" * LONGEST),
    ],
)
def test_what_is_not(address):
    assert own_address(address) is None


@pytest.mark.parametrize(
    ("url", "ours"),
    [
        ("http://localhost/customers?q=x", "/customers?q=x"),
        ("https://evil.example/customers", "/customers"),
        ("https://evil.example//other.example", None),
        ("https://evil.example", None),
        ("http://[", None),
        ("http://a\u2100b/c", None),
        (None, None),
    ],
)
def test_the_page_around_a_fragment(url, ours):
    assert own_page(url) == ours


@given(st.text(max_size=60))
@example("/\t/x")
def test_whatever_comes_the_answer_is_a_plain_path_of_ours(text):
    for ours in (own_address(text), own_page(text)):
        if ours is not None:
            assert ours.isascii()
            assert ours.isprintable()
            assert ours[0] == "/"
            assert ours[1:2] not in ("/", "\\")
