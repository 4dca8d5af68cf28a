"""Readers of what contains fields: an object, and a list of objects (contract sections 2.1 and 4)."""

from typing import Any

from simulator.books.fields import Reader, cannot_read, ignored
from simulator.faults import Fault, fault

REFUSED_SHOWN = 15  # property names that a 2010 lists


class Shape:
    """An object by its fields. Anything else in it is refused with 2010."""

    def __init__(self, schema: str, fields: dict[str, Reader], also_known: str = "") -> None:
        self.schema = schema
        self.fields = {**fields, **dict.fromkeys(also_known.split(), ignored)}

    def read(self, sent: Any, element: str = "") -> dict[str, Any]:
        if not isinstance(sent, dict):
            raise cannot_read(sent, element or self.schema)
        prefix = f"{element}." if element else ""
        kept = {}
        for key, value in sent.items():
            reader = self.fields.get(key)
            if reader is None:
                raise self._unrecognized(key)
            if value is None:
                continue
            result = reader(value, prefix + key)
            if result is not None:
                kept[key] = result
        return kept

    def __call__(self, value: Any, element: str) -> dict[str, Any]:
        """A shape is the reader of an object within an object; empty texts in it mean nothing."""
        return {key: kept for key, kept in self.read(value, element).items() if kept != ""}

    def _unrecognized(self, key: str) -> Fault:
        shown = ", ".join(f'"{field}"' for field in list(self.fields)[:REFUSED_SHOWN])
        return fault(
            "2010",
            f'Property Name:Unrecognized field "{key}" (class com.intuit.schema.finance.v3.{self.schema}), '
            f"not marked as ignorable ({len(self.fields)} known properties: {shown} [truncated]])\n "
            "specified is unsupported or invalid",
        )


def many(item: Shape) -> Reader:
    def read(value: Any, element: str) -> list[dict[str, Any]]:
        if not isinstance(value, list):
            raise cannot_read(value, element)
        return [item(entry, element) for entry in value]

    return read
