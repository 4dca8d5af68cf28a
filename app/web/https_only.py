"""What came over plain http is sent to https, before anything of the product answers: files and pages alike."""

from collections.abc import Iterable
from urllib.parse import quote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PLAIN = ("/health", "/health/worker")  # a monitor inside may ask as it likes: it is told nothing of anybody


class HttpsOnly:
    """Only a request to read is sent on: the body of any other has already travelled in the clear."""

    def __init__(self, app: WSGIApplication, public_url: str) -> None:
        self._app, self._public_url = app, public_url

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ["wsgi.url_scheme"] == "https" or path in PLAIN:
            return self._app(environ, start_response)
        headers = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            start_response("301 Moved Permanently", [*headers, ("Location", self._address(path, environ))])
            return []
        start_response("403 Forbidden", headers)
        return [b"Use https.\n"]

    def _address(self, path: str, environ: WSGIEnvironment) -> str:
        query = environ.get("QUERY_STRING", "")
        shown = quote(path.lstrip("/").encode("latin-1"))
        return f"{self._public_url}/{shown}" + (f"?{query}" if query else "")
