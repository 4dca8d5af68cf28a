"""The bookkeeper: works in the same QuickBooks company all day, by its own pages, and knows nothing of us."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import requests

from devtools.chaos import fields
from devtools.chaos.books import Books, Record
from devtools.chaos.diary import Diary
from devtools.chaos.quickbooks import QuickBooks
from devtools.chaos.work import Crew

LATEST = 12  # records that somebody is likely to work on
SALE = "SalesItemLineDetail"

Hand = Callable[["Bookkeeper"], bool]


class Bookkeeper:
    """Of one company. A hand returns False when there was nothing for it to do."""

    def __init__(
        self, quickbooks: QuickBooks, books: Books, crew: Crew, diary: Diary, chance: random.Random
    ) -> None:
        self._quickbooks, self._books, self._crew = quickbooks, books, crew
        self._diary, self._chance = diary, chance

    def do(self, hand: str) -> bool:
        """Whether QuickBooks let it be done."""
        self._books.refresh()
        try:
            return HANDS[hand](self)
        except requests.HTTPError:
            return False

    def _rename(self) -> bool:
        person = self._some("Customer")
        return person is not None and self._edit(
            "Customer", person, DisplayName=f"{person['DisplayName']} (acct)"
        )

    def _renumber(self) -> bool:
        """To a number of the bookkeeper's own, or to the one that our next invoice will have."""
        bill = self._some_standing("Invoice")
        number = (
            self._crew.upcoming_number()
            if self._chance.random() < 0.3
            else f"BK-{self._chance.randint(1, 10**6)}"
        )
        return bill is not None and self._edit("Invoice", bill, DocNumber=number)

    def _edit_customer(self) -> bool:
        person = self._some("Customer")
        home = {**(person or {}).get("BillAddr", {}), "Line2": f"Suite {self._chance.randint(1, 99)}"}
        change = self._chance.choice(
            (
                {"Notes": self._words()},
                {"PrimaryPhone": {"FreeFormNumber": f"(503) 555-{self._chance.randint(0, 9999):04}"}},
                {"PrimaryEmailAddr": {"Address": f"ap{self._chance.randint(1, 999)}@example.org"}},
                {"BillAddr": home},
                {"CompanyName": self._words()},
                {"Mobile": {"FreeFormNumber": "(503) 555-0100"}},
            )
        )
        return person is not None and self._edit("Customer", person, **change)

    def _edit_invoice(self) -> bool:
        bill = self._some_standing("Invoice")
        if bill is None:
            return False
        day = date.fromisoformat(bill["TxnDate"]) + timedelta(days=self._chance.randint(-5, 5))
        changes: list[dict[str, Any]] = [
            {"TxnDate": day.isoformat()},
            {"DueDate": (day + timedelta(days=45)).isoformat()},
            {"PrivateNote": self._words()},
            {"CustomerMemo": {"value": self._words()}},
            {"SalesTermRef": {"value": self._chance.choice("1234")}},
            {"CustomField": [{"DefinitionId": "1", "StringValue": f"Crew {self._chance.randint(1, 9)}"}]},
            {"BillEmailCc": {"Address": "copy@example.org"}},
            {"EmailStatus": "EmailSent"},
            *({"Line": lines} for lines in self._recoded(bill)),
        ]
        return self._edit("Invoice", bill, **self._chance.choice(changes))

    def _recoded(self, bill: Record) -> list[list[Record]]:
        """The lines with one thing about one of them changed."""
        place = next(n for n, line in enumerate(bill["Line"]) if line["DetailType"] == SALE)
        line = bill["Line"][place]
        changed = (
            {**line, "Description": self._words()},
            {**line, SALE: {**line[SALE], "ServiceDate": bill["TxnDate"]}},
            {**line, SALE: {**line[SALE], "ItemRef": {"value": "2"}}},
            {**line, SALE: _without_price(line[SALE]), "Amount": line["Amount"] + Decimal("5.00")},
        )
        return [[*bill["Line"][:place], one, *bill["Line"][place + 1 :]] for one in changed]

    def _void(self) -> bool:
        kind = self._chance.choice(("Invoice", "Payment"))
        record = self._some_standing(kind)
        return record is not None and self._act(kind, record, "void")

    def _delete(self) -> bool:
        kind = self._chance.choice(("Invoice", "Payment", "RefundReceipt"))
        record = self._some_standing(kind)
        return record is not None and self._act(kind, record, "delete")

    def _apply_anew(self) -> bool:
        """To another open invoice of the customer, or to none."""
        payment = self._some_standing("Payment")
        if payment is None:
            return False
        others = [
            bill
            for bill in self._books.records("Invoice")
            if bill["CustomerRef"] == payment["CustomerRef"] and bill["Balance"] >= payment["TotalAmt"]
        ]
        lines = []
        if others:
            link = {"TxnId": self._chance.choice(others)["Id"], "TxnType": "Invoice"}
            lines = [{"Amount": payment["TotalAmt"], "LinkedTxn": [link]}]
        return self._edit("Payment", payment, Line=lines)

    def _same_name(self) -> bool:
        """Enters a customer with a name of ours that QuickBooks lacks, with another e-mail or with none."""
        name = self._unknown("customer", "Customer", "DisplayName") or self._crew.upcoming_name()
        body: Record = {"DisplayName": name}
        if self._chance.random() < 0.7:
            body |= {"PrimaryEmailAddr": {"Address": "other@example.org"}}
        return self._enter("Customer", body)

    def _same_number(self) -> bool:
        """Enters an invoice with a number of ours that QuickBooks does not know yet."""
        person = self._some("Customer")
        number = self._unknown("invoice", "Invoice", "DocNumber") or self._crew.upcoming_number()
        line = {"Amount": Decimal(555), "DetailType": SALE, SALE: {"ItemRef": {"value": "1"}}}
        return person is not None and self._enter(
            "Invoice", {"DocNumber": number, "CustomerRef": {"value": person["Id"]}, "Line": [line]}
        )

    def _unknown(self, kind: str, entity: str, key: str) -> str | None:
        there = {record.get(key) for record in self._books.records(entity)}
        entries = self._diary.entries(self._crew.company_id, kind)[-LATEST:]
        ours = [name for entry in entries for name in entry.known_as() if name not in there]
        return self._chance.choice(sorted(ours)) if ours else None

    def _some(self, kind: str) -> Record | None:
        """One of those that were written last, made by us."""
        recent: dict[str, None] = {}
        for where in reversed(self._books.newest[-400:]):
            if where[0] == kind and self._books.versions[where][0].is_ours and self._books.present(where):
                recent[where[1]] = None
            if len(recent) == LATEST:
                break
        return self._books.present((kind, self._chance.choice(list(recent)))) if recent else None

    def _some_standing(self, kind: str) -> Record | None:
        record = self._some(kind)
        return None if record is None or fields.is_void(record) else record

    def _words(self) -> str:
        return f"By the bookkeeper {self._chance.randint(1, 9999)}"

    def _edit(self, kind: str, record: Record, **changes: Any) -> bool:
        self._quickbooks.bookkeeper(self._books.realm, kind, record["Id"], "edit", **changes)
        return True

    def _act(self, kind: str, record: Record, action: str) -> bool:
        self._quickbooks.bookkeeper(self._books.realm, kind, record["Id"], action)
        return True

    def _enter(self, kind: str, body: Record) -> bool:
        self._quickbooks.enter(self._books.realm, kind, **body)
        return True


def _without_price(detail: Record) -> Record:
    return {key: value for key, value in detail.items() if key not in ("Qty", "UnitPrice")}


HANDS: dict[str, Hand] = {
    "bookkeeper_renames": Bookkeeper._rename,
    "bookkeeper_renumbers": Bookkeeper._renumber,
    "bookkeeper_edits_customer": Bookkeeper._edit_customer,
    "bookkeeper_edits_invoice": Bookkeeper._edit_invoice,
    "bookkeeper_voids": Bookkeeper._void,
    "bookkeeper_deletes": Bookkeeper._delete,
    "bookkeeper_applies_anew": Bookkeeper._apply_anew,
    "bookkeeper_enters_same_name": Bookkeeper._same_name,
    "bookkeeper_enters_same_number": Bookkeeper._same_number,
}
