"""Whose tax QuickBooks counted: the places that automated sales tax names on a sale (contract section 4.2, Tax)."""

from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.lib.money import ZERO

UNNAMED = "Without a jurisdiction"
NO_NAMES: Mapping[str, str] = {}


def all_taxes(record: Mapping[str, Any], names: Mapping[str, str] = NO_NAMES) -> dict[str, Decimal]:
    """The whole tax of a sale: what is counted for no jurisdiction stands under UNNAMED."""
    named = taxes(record, names)
    total = (record.get("TxnTaxDetail") or {}).get("TotalTax")
    rest = ZERO if total is None else Decimal(str(total)) - sum(named.values(), ZERO)
    return named | {UNNAMED: rest} if rest else named


def taxes(record: Mapping[str, Any], names: Mapping[str, str] = NO_NAMES) -> dict[str, Decimal]:
    """By jurisdiction, as QuickBooks calls it: `names` are its tax rates' by their Ids, for a reference may come
    without one (contract section 4). A company's own tax codes have no names here, and do not count.
    """
    found: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in (record.get("TxnTaxDetail") or {}).get("TaxLine") or ():
        rate = line.get("TaxLineDetail", {}).get("TaxRateRef", {})
        name = names.get(str(rate.get("value"))) or rate.get("name")
        if name and line.get("Amount"):
            found[str(name)] += Decimal(str(line["Amount"]))
    return dict(found)
