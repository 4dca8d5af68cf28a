"""What the two CSV files amount to, by arithmetic of its own, and how QuickBooks' books compare with it."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

CENT = Decimal("0.01")


@dataclass(frozen=True)
class ExpectedInvoice:
    """What a bookkeeper would write down for it."""

    customer: str
    issued: str
    due: str
    amounts: tuple[Decimal, ...]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, Decimal("0.00"))


@dataclass(frozen=True)
class Ledger:
    """Customers by name, invoices by number."""

    customers: list[str]
    invoices: dict[str, ExpectedInvoice]

    @property
    def total(self) -> Decimal:
        return sum((invoice.total for invoice in self.invoices.values()), Decimal("0.00"))

    @classmethod
    def read(cls, folder: Path) -> "Ledger":
        names = {row["customer_number"]: row["display_name"] for row in _rows(folder / "customers.csv")}
        lines = defaultdict(list)
        for row in _rows(folder / "invoices.csv"):
            lines[row["invoice_number"]].append(row)
        return cls(list(names.values()), {number: _invoice(rows, names) for number, rows in lines.items()})


@dataclass
class Comparison:
    """Record by record; `mismatches` says what differs."""

    customers_there: int
    invoices_there: int
    total_there: Decimal
    missing: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    mismatches: list[str] = field(default_factory=list)

    @property
    def ties(self) -> bool:
        return not (self.missing or self.duplicates or self.mismatches)


def compare(ledger: Ledger, books: dict[str, list[dict[str, Any]]]) -> Comparison:
    customers = Counter(record["DisplayName"] for record in books["Customer"])
    by_number = defaultdict(list)
    for record in books["Invoice"]:
        by_number[record.get("DocNumber")].append(record)
    there = [record for records in by_number.values() for record in records]
    result = Comparison(
        sum(customers.values()),
        len(there),
        sum((_money(record["TotalAmt"]) for record in there), Decimal("0.00")),
    )
    _count(result, "customer", Counter(ledger.customers), customers)
    numbers = Counter({str(number): len(records) for number, records in by_number.items()})
    _count(result, "invoice", Counter(dict.fromkeys(ledger.invoices, 1)), numbers)
    names = {record["Id"]: record["DisplayName"] for record in books["Customer"]}
    for number, expected in ledger.invoices.items():
        for record in by_number[number][:1]:
            result.mismatches += [
                f"invoice {number}: {what}" for what in _differences(expected, record, names)
            ]
    return result


def _count(result: Comparison, kind: str, expected: Counter[str], found: Counter[str]) -> None:
    for name in expected | found:
        if found[name] < expected[name]:
            result.missing.append(f"{kind} {name}")
        elif found[name] > expected[name]:
            result.duplicates.append(f"{kind} {name}")


def _differences(expected: ExpectedInvoice, record: dict[str, Any], names: dict[str, str]) -> list[str]:
    lines = tuple(
        _money(line["Amount"]) for line in record["Line"] if line["DetailType"] == "SalesItemLineDetail"
    )
    pairs = {
        "customer": (expected.customer, names.get(record["CustomerRef"]["value"])),
        "date": (expected.issued, record.get("TxnDate")),
        "due date": (expected.due, record.get("DueDate")),
        "lines": (expected.amounts, lines),
        "total": (expected.total, _money(record["TotalAmt"])),
    }
    return [f"{what} is {found}, not {wanted}" for what, (wanted, found) in pairs.items() if wanted != found]


def _invoice(rows: list[dict[str, str]], names: dict[str, str]) -> ExpectedInvoice:
    first = rows[0]
    return ExpectedInvoice(
        names[first["customer_number"]], first["issue_date"], first["due_date"], tuple(map(_amount, rows))
    )


def _amount(row: dict[str, str]) -> Decimal:
    kept = (100 - Decimal(row["discount_percent"])) / 100
    return (Decimal(row["quantity"]) * Decimal(row["unit_price"]) * kept).quantize(CENT, ROUND_HALF_UP)


def _money(value: Any) -> Decimal:
    return Decimal(str(value)).quantize(CENT)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]
