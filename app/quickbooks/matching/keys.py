"""How an e-mail, a phone and an address are compared, whatever their spelling. An empty key is never compared."""

import re

_WORDS = re.compile(r"[^\W_]+")
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "boulevard": "blvd", "highway": "hwy", "place": "pl", "square": "sq", "terrace": "ter", "parkway": "pkwy",
    "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w", "suite": "ste", "apartment": "apt",
}  # fmt: skip
SHORTEST_PHONE = 7  # digits: fewer are an extension


def words(text: str) -> list[str]:
    """In order, without case and punctuation; an apostrophe divides no word."""
    return _WORDS.findall(re.sub(r"['\u2019.]", "", text.casefold()))


def email(text: str) -> str:
    address = text.strip().casefold()
    return address if "@" in address else ""


def phone(text: str) -> str:
    """The last ten digits: how a number is compared whatever its spelling."""
    digits = "".join(sign for sign in text if sign.isascii() and sign.isdigit())[-10:]
    return digits if len(digits) >= SHORTEST_PHONE else ""


def address(street: str, postal_code: str) -> str:
    """The street, abbreviated as post offices do, and the first five signs of the postal code; both are needed."""
    short = [_SHORT.get(word, word) for word in words(street)]
    code = "".join(words(postal_code))[:5]
    return " ".join([*short, code]) if short and code else ""
