"""Whose tax QuickBooks counted: the places that automated sales tax names on a sale (contract section 4.2, Tax)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.lib.money import ZERO

UNNAMED = "Without a jurisdiction"


def all_taxes(record: Mapping[str, Any]) -> dict[str, Decimal]:
    """The whole tax of a sale: what is counted for no jurisdiction stands under UNNAMED."""
    named = taxes(record)
    total = (record.get("TxnTaxDetail") or {}).get("TotalTax")
    rest = ZERO if total is None else Decimal(str(total)) - sum(named.values(), ZERO)
    return named | {UNNAMED: rest} if rest else named


def taxes(record: Mapping[str, Any]) -> dict[str, Decimal]:
    """By jurisdiction, as QuickBooks calls it. A company's own tax codes come without a name, and do not count."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in (record.get("TxnTaxDetail") or {}).get("TaxLine") or ():
        name = line.get("TaxLineDetail", {}).get("TaxRateRef", {}).get("name")
        if name and line.get("Amount"):
            found[str(name)] += Decimal(str(line["Amount"]))
    return dict(found)
