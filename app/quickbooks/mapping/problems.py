"""What cannot be translated."""

from typing import Any


class CannotMap(Exception):
    """`key` names the problem in catalogue/; `details` fill its sentence."""

    def __init__(self, key: str, **details: Any) -> None:
        super().__init__(key)
        self.key, self.details = key, details
