"""What the demonstration prints: our books beside QuickBooks', what that cost, and the same as JSON."""

import json
from collections import Counter
from dataclasses import dataclass

from app.quickbooks.account import metering
from devtools import second_act
from devtools.ledger import Comparison, Ledger
from devtools.second_act import Books


@dataclass(frozen=True)
class FirstAct:
    """What the import came to in QuickBooks."""

    comparison: Comparison
    seconds: float
    calls: list[dict]
    reads: Counter[str]  # by reason, connecting included


@dataclass(frozen=True)
class SecondAct:
    """What payments, refunds, voids and reissues came to."""

    expected: Books
    found: Books
    fates: Counter[str]
    seconds: float
    behind: float  # seconds from the last step until QuickBooks had all
    reads: Counter[str]  # by reason

    @property
    def differences(self) -> list[str]:
        return second_act.differences(self.expected, self.found)


def report(ledger: Ledger, first: FirstAct, second: SecondAct, calls: list[dict]) -> int:
    """Two tables and, as the last line, the same as JSON; 0 when everything ties."""
    there = first.comparison
    _table(
        ("Customers", len(ledger.customers), there.customers_there),
        ("Invoices", len(ledger.invoices), there.invoices_there),
        ("Total", f"${ledger.total:,.2f}", f"${there.total_there:,.2f}"),
    )
    _print_cost(first.calls, first.reads)
    here, sums = second.expected.sums(), second.found.sums()
    fates = ", ".join(f"{count} {fate}" for fate, count in second.fates.items())
    print(f"\nAnd after their whole life ({fates}):")
    _table(
        ("Invoices", len(second.expected.invoices), len(second.found.invoices)),
        *((name.capitalize(), f"${here[name]:,.2f}", f"${sums[name]:,.2f}") for name in here),
    )
    _print_cost(calls[len(first.calls) :], second.reads)
    print(f"QuickBooks had all {second.behind:.1f} s after the last step.")
    problems = there.missing + there.duplicates + there.mismatches + second.differences
    for what in problems[:20]:
        print(f"  {what}")
    ties = not problems and ledger.total == there.total_there
    print("Everything ties." if ties else "IT DOES NOT TIE.")
    print(json.dumps(_summary(ledger, first, second, calls)))
    return 0 if ties else 1


def _summary(ledger: Ledger, first: FirstAct, second: SecondAct, calls: list[dict]) -> dict:
    there = first.comparison
    return {
        "customers": {"local": len(ledger.customers), "quickbooks": there.customers_there},
        "invoices": {"local": len(ledger.invoices), "quickbooks": there.invoices_there},
        "total": {"local": str(ledger.total), "quickbooks": str(there.total_there)},
        "missing": len(there.missing),
        "duplicates": len(there.duplicates),
        "mismatched": len(there.mismatches),
        **_cost(first.seconds, first.calls, first.reads),
        "second_act": {
            "local": {name: str(amount) for name, amount in second.expected.sums().items()},
            "quickbooks": {name: str(amount) for name, amount in second.found.sums().items()},
            "invoices": {"local": len(second.expected.invoices), "quickbooks": len(second.found.invoices)},
            "differences": len(second.differences),
            "seconds_behind": round(second.behind, 1),
            **_cost(second.seconds, calls[len(first.calls) :], second.reads),
        },
    }


def _cost(seconds: float, calls: list[dict], reads: Counter[str]) -> dict:
    return {
        "seconds": round(seconds, 1),
        "api_requests": len(calls),
        "reads": dict(reads.most_common()),
        "write_requests": len(calls) - sum(_is_read(call) for call in calls),
        "throttled": sum(call["status"] == 429 for call in calls),
    }


def _print_cost(calls: list[dict], reads: Counter[str]) -> None:
    of = ", ".join(f"{times} {reason}" for reason, times in reads.most_common())
    writes = sum(not _is_read(call) for call in calls)
    print(f"It took {reads.total()} reads ({of or 'none'}) and {writes} requests that write.")


def _table(*rows: tuple[str, object, object]) -> None:
    for name, here, there in (("", "FSM Navigator", "QuickBooks"), *rows):
        print(f"{name:<12}{here:>18}{there:>18}")


def _is_read(call: dict) -> bool:
    return metering.is_read(call["method"], call["path"].partition("?")[0].rpartition("/")[2])
