"""A threaded HTTP/1.1 server with keep-alive whose connections can be cut on purpose.

Werkzeug's own server closes every connection, and no packaged one lets an app break a connection in the
middle of an answer; both matter here.
"""

import io
import socket
import struct
import sys
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication

from simulator import request_body
from simulator.request_body import BadBodyError

CUT = "simulator.cut"  # environ key: the share of the answer to send before the connection is reset
PIECE = 64 * 1024
RESET_ON_CLOSE = struct.pack("ii", 1, 0)

Headers = list[tuple[str, str]]


class Server(ThreadingMixIn, TCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, host: str, port: int, app: WSGIApplication, body_seconds: float = 30) -> None:
        self.app = app
        self.body_seconds = body_seconds  # in which the body of a request has to come
        super().__init__((host, port), RequestHandler)

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def shutdown_request(self, request: Any) -> None:
        """Close without the polite shutdown that would turn a reset into an orderly end."""
        self.close_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # the client went away: its own business
            super().handle_error(request, client_address)


class RequestHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 300  # seconds that a connection may lie idle
    disable_nagle_algorithm = True
    wbufsize = -1  # one write per answer

    server: Server

    def answer(self) -> None:
        body = self._read_body()
        if body is None:
            return
        environ = self._environ(body)
        head: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            head[:] = [status, headers]

        chunks = self.server.app(environ, start_response)
        try:
            self._answer_with(head[0], head[1], chunks, environ.get(CUT))
        finally:
            _close(chunks)

    def _answer_with(self, status: str, headers: Headers, chunks: Iterable[bytes], cut: float | None) -> None:
        """An answer whose length is known goes out in one write, any other piece by piece."""
        if any(name.lower() == "content-length" for name, _ in headers) or cut is not None:
            self._send(status, headers, b"".join(chunks), cut)
        else:
            self._stream(status, headers, chunks)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: the journal remembers every call."""

    def _read_body(self) -> bytes | None:
        """None when it cannot be read: that was said, and the connection ends."""
        self.connection.settimeout(self.server.body_seconds)
        try:
            body = request_body.read_body(self.rfile, self.headers, self.server.body_seconds)
        except TimeoutError:
            self._refuse(408, "The body did not come in time")
        except BadBodyError as problem:
            self._refuse(problem.status, str(problem))
        else:
            self.connection.settimeout(self.timeout)
            return body
        return None

    def _refuse(self, status: int | None, reason: str) -> None:
        self.close_connection = True
        if status is not None:
            self.send_error(status, reason)

    def _environ(self, body: bytes) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": self.command,
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query,
            "REQUEST_URI": self.path,
            "SERVER_PROTOCOL": self.request_version,
            "SERVER_NAME": self.server.server_address[0],
            "SERVER_PORT": str(self.server.server_address[1]),
            "REMOTE_ADDR": self.client_address[0],
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.input_terminated": True,  # a chunked body was put together already
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in self.headers.items():
            key = "HTTP_" + name.upper().replace("-", "_")
            if key not in ("HTTP_CONTENT_TYPE", "HTTP_CONTENT_LENGTH"):
                environ[key] = value
        return environ

    def _send(self, status: str, headers: Headers, body: bytes, cut: float | None) -> None:
        """The whole answer in one write, or its first part and a reset connection."""
        answer = self._head(status, headers, f"Content-Length: {len(body)}")
        if self.command != "HEAD":
            answer += body
        self.wfile.write(answer if cut is None else answer[: int(len(answer) * cut)])
        self.wfile.flush()
        if cut is not None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.close_connection = True

    def _stream(self, status: str, headers: Headers, chunks: Iterable[bytes]) -> None:
        self.wfile.write(self._head(status, headers, "Transfer-Encoding: chunked"))
        if self.command != "HEAD":
            for piece in _gathered(chunks):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def _head(self, status: str, headers: Headers, length: str) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Date: {self.date_time_string()}"]
        lines += [f"{name}: {value}" for name, value in headers if name.lower() != "content-length"]
        return "\r\n".join([*lines, length, "", ""]).encode("latin-1")


def _gathered(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Many small pieces as a few of a good size."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        if len(waiting) >= PIECE:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _close(chunks: Iterable[bytes]) -> None:
    close = getattr(chunks, "close", None)
    if close:
        close()
