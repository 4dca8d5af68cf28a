"""Which passwords are taken: long ones that are not common and do not name their owner. No rules of composition.

The list of common passwords and the estimate of how hard one is to guess come from zxcvbn.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

SHORTEST, LONGEST = 12, 128
_ESTIMATED = 40  # characters that zxcvbn looks at; more only make it stronger
_READINGS = 6  # different signs among them that it reads as letters, too
_ALWAYS = 16  # characters that it looks at whatever they are
_NAME = 4  # letters; shorter names are parts of too many words


class Strength(NamedTuple):
    """`score` from 0 to 4, and the word for it."""

    score: int
    label: str


def problem(password: str, *owner: str, found: Strength | None = None) -> str | None:
    """What is wrong with it, in a sentence. `owner`: the person's name and e-mail address. `found`: its strength,
    where that is known already.
    """
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. Four words in a row are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if any(part in password.casefold() for part in _parts(owner)):
        return "Leave your name and your e-mail address out of it."
    if _is_common(password) or (found or strength(password, *owner)).score < 2:
        return "This one is too common: it would be among the first that somebody tries."
    return None


def _is_common(password: str) -> bool:
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # late: it takes 13 MB, which a worker never needs

    return password.casefold() in FREQUENCY_LISTS["passwords"]


def strength(password: str, *owner: str) -> Strength:
    from zxcvbn import zxcvbn

    score = zxcvbn(_estimated(password), user_inputs=list(_parts(owner)))["score"]
    return Strength(score, ("Very weak", "Weak", "Fair", "Good", "Strong")[score])


def _estimated(password: str) -> str:
    """A beginning that takes less than 0.1 s. The whole is no weaker than that.

    zxcvbn reads 4 and @ as an a, ( and < as a c, and tries each reading of all such signs together: 736 of them,
    which took 7 s for 72 characters.
    """
    from zxcvbn.matching import L33T_TABLE

    signs = {sign for signs in L33T_TABLE.values() for sign in signs}
    for end in range(_ALWAYS, _ESTIMATED):
        if len(signs.intersection(password[: end + 1])) > _READINGS:
            return password[:end]
    return password[:_ESTIMATED]


def _parts(owner: Iterable[str]) -> set[str]:
    """Words of a name, and of an address what stands before the @."""
    words = {word for text in owner for word in re.split(r"[\W_]+", text.partition("@")[0].casefold())}
    return {word for word in words if len(word) >= _NAME}
