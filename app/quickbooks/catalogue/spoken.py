"""What Intuit's developers wrote about a text, in an office's words: which field, by how much, which character."""

import re

# Contract section 5: 2050 and 2040 as QuickBooks words them.
_LENGTH = re.compile(r"Max:\s*(\d+)\D+(\d+)")
_CHARACTERS = re.compile(r"contains invalid characters:\s*(.+)", re.DOTALL)
_USUAL = re.compile(r"[\w\s.,'\u2019&/()#@!?+-]")

FIELDS = {
    "DisplayName": "name",
    "Name": "name",
    "CompanyName": "company name",
    "GivenName": "first name",
    "FamilyName": "last name",
    "Notes": "notes",
    "PrivateNote": "notes",
    "DocNumber": "number",
    "PaymentRefNum": "reference",
    "Description": "description of a line",
    "Line1": "street",
    "City": "city",
    "PostalCode": "ZIP code",
    "Address": "e-mail address",
    "FreeFormNumber": "phone number",
}


def in_words(detail: str, element: str) -> str:
    """`detail` as it is where it says something else."""
    field = FIELDS.get(element.rsplit(".", 1)[-1], "text")
    if length := _LENGTH.search(detail):
        longest, supplied = (int(number) for number in length.groups())
        return f"its {field} has {supplied:,} characters, {supplied - longest:,} more than the {longest:,} allowed"
    if (found := _CHARACTERS.search(detail)) and (signs := _unusual(found[1])):
        return f"its {field} has {' '.join(signs)}"
    return detail


def _unusual(text: str) -> list[str]:
    """Each once, in their order; one that cannot be seen by its number."""
    signs = dict.fromkeys(_USUAL.sub("", text))
    return [sign if sign.isprintable() else f"U+{ord(sign):04X}" for sign in signs]
