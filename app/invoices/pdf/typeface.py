"""The typeface of the paper, and which signs it has. What it lacks is left out of a document without a word."""

import unicodedata
from functools import cache
from importlib.resources import files

FAMILY = "Roboto"
FONTS = files("font_roboto") / "files"  # Latin, Greek and Cyrillic
REGULAR, BOLD = (
    str(FONTS / f"{FAMILY}-{weight}.ttf") for weight in ("Regular", "Bold")
)  # with the same signs

SEEN = "LNPS"  # letters, numbers, punctuation and symbols; what joins or marks them does not stand alone


def lacking(text: str) -> str:
    """Its signs that cannot be printed, each once, in their order."""
    if text.isascii():
        return ""
    signs = (sign for sign in text if unicodedata.category(sign)[0] in SEEN and ord(sign) not in _known())
    return "".join(dict.fromkeys(signs))


@cache
def _known() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # late: only some names need it

    with TTFont(REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())
