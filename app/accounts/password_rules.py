"""Which passwords are taken: long ones that are not common and do not name their owner. No rules of composition.

The list of common passwords and the estimate of how hard one is to guess come from zxcvbn.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

SHORTEST, LONGEST = 12, 128
_ESTIMATED = 72  # characters that zxcvbn looks at; what is longer is strong enough
_NAME = 4  # letters; shorter names are parts of too many words


class Strength(NamedTuple):
    """`score` from 0 to 4, and the word for it."""

    score: int
    label: str


def problem(password: str, *owner: str) -> str | None:
    """What is wrong with it, in a sentence. `owner`: the person's name and e-mail address."""
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Four words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if any(part in password.casefold() for part in _parts(owner)):
        return "Leave your name and your e-mail address out of it."
    if _is_common(password) or strength(password, *owner).score < 2:
        return "This one is too common: it would be among the first that somebody tries."
    return None


def _is_common(password: str) -> bool:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # late: it takes 13 MB, which a worker never needs

    return password.casefold() in FREQUENCY_LISTS["passwords"]


def strength(password: str, *owner: str) -> Strength:
    from zxcvbn import zxcvbn

    score = zxcvbn(password[:_ESTIMATED], user_inputs=list(_parts(owner)))["score"]
    return Strength(score, ("Very weak", "Weak", "Fair", "Good", "Strong")[score])


def _parts(owner: Iterable[str]) -> set[str]:
    """Words of a name, and of an address what stands before the @."""
    words = {word for text in owner for word in re.split(r"[\W_]+", text.partition("@")[0].casefold())}
    return {word for word in words if len(word) >= _NAME}
