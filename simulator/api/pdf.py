"""A document as a small PDF: one page of text for every fifty lines (ISO 32000-1)."""

from collections.abc import Iterable

LINES_ON_A_PAGE, LINE_HEIGHT = 50, 14
PAGE = "/MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >>"


def of_lines(lines: list[str]) -> bytes:
    """Characters beyond Latin-1 are shown as question marks: the standard fonts have no others."""
    pages = [lines[start : start + LINES_ON_A_PAGE] for start in range(0, len(lines) or 1, LINES_ON_A_PAGE)]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, page in enumerate(pages):
        objects.append(f"<< /Type /Page /Parent 2 0 R {PAGE} /Contents {5 + 2 * number} 0 R >>".encode())
        text = _text(page)
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text))
    return _file(objects)


def _text(lines: Iterable[str]) -> bytes:
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    return f"BT /F1 10 Tf {LINE_HEIGHT} TL 56 740 Td\n{shown}ET".encode("cp1252", "replace")


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: list[bytes]) -> bytes:
    """The objects, and the table that says at which byte each of them begins."""
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n%b%b" % (size, table, trailer)
