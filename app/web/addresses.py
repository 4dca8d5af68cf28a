"""The one place that decides whether an address leads to a page of ours."""

from urllib.parse import urlsplit

from werkzeug.urls import iri_to_uri

LONGEST = 2_000


def own_address(address: str | None) -> str | None:
    """The path and query to send a browser to, or None when it would lead elsewhere or cannot be read.

    Only a path counts: a browser takes a backslash for a slash, strips tabs and line breaks anywhere, and reads a
    second slash as the start of another host. The answer is ASCII, as a header carries it.
    """
    if not address or len(address) > LONGEST or not address.isprintable() or "\\" in address:
        return None
    if not address.startswith("/") or address.startswith("//"):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else iri_to_uri(address)


def own_page(url: str | None) -> str | None:
    """The same for a full URL, as htmx sends the page around a fragment: its host is left aside."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return own_address(f"{parts.path}?{parts.query}".removesuffix("?"))
