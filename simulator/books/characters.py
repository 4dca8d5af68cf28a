"""Text of US companies may be kept as ISO-8859-1 only (contract section 2.1, unconfirmed)."""

from typing import Any

from simulator.faults import fault


def refuse_beyond_latin1(value: Any, element: str = "") -> None:
    """Raises 2040 for the first text that does not fit."""
    if isinstance(value, dict):
        for key, inner in value.items():
            refuse_beyond_latin1(inner, f"{element}.{key}".lstrip("."))
    elif isinstance(value, list):
        for inner in value:
            refuse_beyond_latin1(inner, element)
    elif isinstance(value, str) and any(ord(character) > 0xFF for character in value):
        raise fault("2040", f"Invalid String : {element} contains invalid characters: {value}", element)
