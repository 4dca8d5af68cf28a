"""How an e-mail, a phone and an address are compared, whatever their spelling. An empty key is never compared."""

import re
import unicodedata

from app.quickbooks.mapping import values

_WORDS = re.compile(r"[^\W_]+")
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "boulevard": "blvd", "highway": "hwy", "place": "pl", "square": "sq", "terrace": "ter", "parkway": "pkwy",
    "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w", "suite": "ste", "apartment": "apt",
}  # fmt: skip
SHORTEST_PHONE = 7  # digits: fewer are a part of a number


def words(text: str) -> list[str]:
    """In order, without case, accents and punctuation; an apostrophe divides no word."""
    letters = (
        sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign)
    )
    return _WORDS.findall(re.sub(r"['\u2019.]", "", "".join(letters)))


def email(text: str) -> str:
    address = text.strip().casefold()
    return address if "@" in address else ""


def digits(number: str) -> str:
    """The last ten of what QuickBooks has room for: how a number is compared whatever its spelling."""
    return "".join(sign for sign in values.phone(number) if sign.isascii() and sign.isdigit())[-10:]


def phone(text: str) -> str:
    """Its digits, where they are more than an extension."""
    found = digits(text)
    return found if len(found) >= SHORTEST_PHONE else ""


def street(text: str) -> str:
    """Abbreviated as post offices do."""
    return " ".join(_SHORT.get(word, word) for word in words(text))


def address(line: str, postal_code: str) -> str:
    """The street and the first five signs of the postal code; both are needed."""
    short, code = street(line), "".join(words(postal_code))[:5]
    return f"{short} {code}" if short and code else ""
