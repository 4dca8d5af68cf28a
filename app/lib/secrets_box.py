"""Encryption of secrets at rest (contract section 7), with key rotation."""

from collections.abc import Sequence
from contextlib import suppress

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


class SecretsBox:
    """Seals text with the first key; opens what any of the keys sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = [Fernet(key) for key in keys]
        self._fernet = MultiFernet(self._keys)

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises cryptography.fernet.InvalidToken when no key fits."""
        return self._fernet.decrypt(sealed.encode()).decode()

    def opened_by(self, sealed: str) -> int | None:
        """The place of the key that fits, from 1 on; None when none does."""
        for place, key in enumerate(self._keys, start=1):
            with suppress(InvalidToken):
                key.decrypt(sealed.encode())
                return place
        return None
