"""One view answers a browser and htmx: a page or its fragment, a redirect or a swap."""

from typing import Any

from flask import Response, flash, redirect, render_template
from htmx_flask import make_response, request


def wants_fragment() -> bool:
    return bool(request.htmx) and not request.htmx.history_restore_request


def render_page_or_fragment(page: str, fragment: str, /, **context: Any) -> Response:
    """The page includes the fragment; both read the same context."""
    response = make_response(render_template(fragment if wants_fragment() else page, **context))
    response.vary.add("HX-Request")
    return response


def see_other(url: str) -> Response:
    """After a write: 303 for a browser; for htmx, the order to load that address."""
    if wants_fragment():
        return make_response("", redirect=url)
    return redirect(url, code=303)  # type: ignore[return-value]


def tell(response: Response, text: str, kind: str = "success") -> Response:
    """A short message beside the answer: a toast where a fragment is swapped, else a flash on the next page."""
    if wants_fragment():
        return make_response(response, trigger={"toast": {"text": text, "kind": kind}})
    flash(text, kind)
    return response


def render_invalid(template: str, /, **context: Any) -> Response:
    """The form again, with what the person typed and what is wrong with it."""
    return make_response(render_template(template, **context), 422)
