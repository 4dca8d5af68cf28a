"""Which record of ours a QuickBooks record was made for: by what was sent when it was made, not by our links."""

import re

from devtools.chaos.books import Books, Version, Where
from devtools.chaos.diary import Diary, Entry

SUFFIX = " (Customer)"  # what an Owner adds to a name that is taken
KEYS = {"Customer": "name", "Invoice": "number", "Payment": "reference", "RefundReceipt": "reason"}
KINDS = {"Customer": "customer", "Invoice": "invoice", "Payment": "payment", "RefundReceipt": "refund"}
VOIDED = re.compile(r"^Voided\b(?: - |: |\s)?")


class Registry:
    def __init__(self, diary: Diary, companies: dict[str, int]) -> None:
        """`companies`: our company by realm."""
        self._diary, self._companies = diary, companies
        self._owners: dict[tuple[str, Where], Entry] = {}
        self.linked: dict[tuple[str, Where], Entry] = {}

    def maker(self, realm: str, where: Where) -> Entry | None:
        """The record of ours that it was made for."""
        return self._owners.get((realm, where))

    def holder(self, realm: str, where: Where) -> Entry | None:
        """The record that it is linked to; else the one that it was made for."""
        return self.linked.get((realm, where)) or self.maker(realm, where)

    def made_for(self, books: Books) -> dict[Entry, list[Where]]:
        """What we made in QuickBooks, by the record of ours; and what nobody here knows, by None."""
        made: dict[Entry, list[Where]] = {}
        for kind in KINDS:
            for version in books.made(kind):
                if version.by == "app" and (entry := self._identify(books.realm, version)):
                    made.setdefault(entry, []).append((version.kind, version.id))
        return made

    def strangers(self, books: Books) -> list[Version]:
        """What we made, and nobody here knows."""
        made = (version for kind in KINDS for version in books.made(kind))
        return [version for version in made if version.is_ours and not self._identify(books.realm, version)]

    def _identify(self, realm: str, version: Version) -> Entry | None:
        key = (realm, (version.kind, version.id))
        if key not in self._owners:
            name = str(version.shown.get(KEYS[version.kind], "")).removesuffix(SUFFIX)
            entries = self._diary.entries(self._companies[realm], KINDS[version.kind])
            found = next((entry for entry in entries if name in entry.known_as()), None)
            if found:
                self._owners[key] = found
        return self._owners.get(key)
