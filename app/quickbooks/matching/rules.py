"""May two customers of different names be one? Pure: what is compared is given, nobody is asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property

from app.quickbooks.mapping import contact

MANY = 5  # records with one e-mail, phone or address: it is an office's or made up, and tells nothing
ALIKE, LONG_ENOUGH = 0.8, 4  # of 1, and letters: a typing error in one word
_FORMS = frozenset(
    {"llc", "inc", "incorporated", "co", "company", "corp", "corporation", "ltd", "limited", "lp", "llp", "pllc"}
)  # fmt: skip
_NOISE = frozenset({"the", "and", "of", "a", "mr", "mrs", "ms", "dr"})


@dataclass(frozen=True)
class Card:
    """What is known of a customer on either side; `id` is its own side's."""

    id: str
    name: str
    email: str = ""
    phone: str = ""
    street: str = ""
    city_line: str = ""
    postal_code: str = ""

    @cached_property
    def email_key(self) -> str:
        return contact.email(self.email)

    @cached_property
    def phone_key(self) -> str:
        return contact.phone(self.phone)

    @cached_property
    def address_key(self) -> str:
        return contact.address(self.street, self.postal_code)

    @property
    def street_key(self) -> str:
        return contact.street(self.street)

    @property
    def lines(self) -> list[str]:
        """As they are shown below the name."""
        return [line for line in (self.email, self.phone, self.street, self.city_line) if line]


def reason(ours: Card, theirs: Card) -> str:
    """Why the two may be one, in words; empty when nothing says so."""
    spelled = is_alike(ours.name, theirs.name)
    shared = [
        word
        for word, one, other in (
            ("e-mail", ours.email_key, theirs.email_key),
            ("phone", ours.phone_key, theirs.phone_key),
        )
        if one and one == other
    ]
    if not shared and spelled and ours.address_key and ours.address_key == theirs.address_key:
        shared = ["address"]
    if not shared:
        return ""
    return f"same {' and '.join(shared)}, another {'spelling of the name' if spelled else 'name'}"


def contradiction(ours: Card, theirs: Card) -> str:
    """What two of the same name differ in, in words."""
    pairs = (
        ("e-mail", ours.email_key, theirs.email_key),
        ("phone", ours.phone_key, theirs.phone_key),
        ("street", ours.street_key, theirs.street_key),
    )
    different = [word for word, one, other in pairs if one and other and one != other]
    return f"same name, another {' and '.join(different)}" if different else "same name"


def telling(ours: Card, theirs: Iterable[Card]) -> list[tuple[Card, str]]:
    """Those that may be the same, with the reason, the likeliest first; what many share is passed over."""
    candidates = list(theirs)
    counts = {
        part: Counter(getattr(card, part) for card in candidates)
        for part in ("email_key", "phone_key", "address_key")
    }
    found = [
        (card, why)
        for card in candidates
        if (why := reason(_without_what_many_share(ours, counts), card)) and card.name != ours.name
    ]
    return sorted(found, key=lambda pair: _likelihood(pair[1]), reverse=True)


def is_alike(one: str, other: str) -> bool:
    """The same name spelled otherwise: in another order, with another form of company, shorter, or mistyped. Two
    names with different numbers are two.
    """
    first, second = _core(one), _core(other)
    if not first or not second or _numbers(first) != _numbers(second):
        return False
    if sorted(first) == sorted(second) or "".join(first) == "".join(second):
        return True
    short, long = sorted((first, second), key=len)
    if len(short) > 1 and set(short) <= set(long):
        return True
    return _is_mistyped(list((Counter(first) - Counter(second)).elements()), set(second) - set(first))


def _is_mistyped(only_here: Sequence[str], only_there: Collection[str]) -> bool:
    """One word each is left, and the two are nearly the same."""
    if len(only_here) != 1 or len(only_there) != 1:
        return False
    (one,), (other,) = only_here, only_there
    is_long = min(len(one), len(other)) >= LONG_ENOUGH
    return is_long and SequenceMatcher(None, one, other).ratio() >= ALIKE


def _core(name: str) -> list[str]:
    every = contact.words(name)
    return [word for word in every if word not in _FORMS | _NOISE] or every


def _numbers(words: Sequence[str]) -> list[str]:
    return sorted(word for word in words if any(sign.isdigit() for sign in word))


def _without_what_many_share(card: Card, counts: dict[str, Counter[str]]) -> Card:
    shared = {part: counts[part][getattr(card, part)] > MANY for part in counts}
    return Card(
        card.id,
        card.name,
        email="" if shared["email_key"] else card.email,
        phone="" if shared["phone_key"] else card.phone,
        street="" if shared["address_key"] else card.street,
        postal_code=card.postal_code,
    )


def _likelihood(why: str) -> tuple[int, int]:
    return why.count(" and "), int(why.endswith("spelling of the name"))
