"""Whose tax QuickBooks counted: the places that automated sales tax names on a sale (contract section 4.2, Tax)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.lib.money import ZERO


def taxes(record: Mapping[str, Any]) -> dict[str, Decimal]:
    """By jurisdiction, as QuickBooks calls it. A company's own tax codes come without a name, and do not count."""
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in (record.get("TxnTaxDetail") or {}).get("TaxLine") or ():
        name = line.get("TaxLineDetail", {}).get("TaxRateRef", {}).get("name")
        if name and line.get("Amount"):
            found[str(name)] += Decimal(str(line["Amount"]))
    return dict(found)
