"""Read the body of a request from a connection, whatever the client does to it."""

import time
from collections.abc import Callable, Iterator
from email.message import Message
from io import BufferedIOBase

MOST_BYTES = 32 * 1024 * 1024
LONGEST_LINE = 1024
PIECE = 64 * 1024


class BadBodyError(Exception):
    """The connection cannot go on. The status is the answer to give, or None when nobody listens any more."""

    def __init__(self, status: int | None, reason: str = "") -> None:
        super().__init__(reason)
        self.status = status


def read_body(stream: BufferedIOBase, headers: Message, seconds: float) -> bytes:
    """All of it. Raises BadBodyError for a length or chunk that is none, TimeoutError when it does not come."""
    read = _reader(stream, time.monotonic() + seconds)
    coding = headers.get("Transfer-Encoding", "").strip().lower()
    if coding == "chunked":
        return b"".join(_chunks(stream, read))
    if coding:
        raise BadBodyError(501, f"Transfer-Encoding {coding} is not known")
    return read(_length(headers.get_all("Content-Length", ["0"])))


def _reader(stream: BufferedIOBase, deadline: float) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        """Exactly so many bytes. One that trickles has to be done by the deadline as well."""
        pieces = []
        while size:
            if time.monotonic() > deadline:
                raise TimeoutError
            piece = stream.read1(min(size, PIECE))  # what has come, without waiting for the rest
            if not piece:
                raise BadBodyError(None, "the client went away")
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    return read


def _length(told: list[str]) -> int:
    length = told[0].strip()
    if len(set(told)) > 1 or not (length.isascii() and length.isdigit()):
        raise BadBodyError(400, "Content-Length is no number")
    if len(length) > len(str(MOST_BYTES)) or int(length) > MOST_BYTES:
        raise BadBodyError(413, "The body is too large")
    return int(length)


def _chunks(stream: BufferedIOBase, read: Callable[[int], bytes]) -> Iterator[bytes]:
    left = MOST_BYTES
    while size := _chunk_size(stream):
        left -= size
        if left < 0:
            raise BadBodyError(413, "The body is too large")
        yield read(size)
        _end_line(stream)
    while _line(stream) != b"":  # trailers
        pass


def _chunk_size(stream: BufferedIOBase) -> int:
    told = _line(stream).partition(b";")[0].strip()
    try:
        size = int(told, 16)
    except ValueError:
        raise BadBodyError(400, "A chunk has no size") from None
    if size < 0 or not told.isalnum():
        raise BadBodyError(400, "A chunk has no size")
    return size


def _end_line(stream: BufferedIOBase) -> None:
    if _line(stream) != b"":
        raise BadBodyError(400, "A chunk is longer than its size")


def _line(stream: BufferedIOBase) -> bytes:
    line = stream.readline(LONGEST_LINE)
    if not line:
        raise BadBodyError(None, "the client went away")
    if not line.endswith(b"\n"):
        raise BadBodyError(400, "A chunk has no size")
    return line.rstrip(b"\r\n")
