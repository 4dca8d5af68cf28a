"""Encryption of secrets at rest (contract section 7), with key rotation."""

from collections.abc import Sequence

from cryptography.fernet import Fernet, MultiFernet


def is_key(text: str) -> bool:
    try:
        Fernet(text)
    except ValueError:
        return False
    return True


class SecretsBox:
    """Seals text with the first key; opens what any of the keys sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, text: str) -> str:
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Raises cryptography.fernet.InvalidToken when no key fits."""
        return self._fernet.decrypt(sealed.encode()).decode()
