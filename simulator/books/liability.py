"""What a company owes to each jurisdiction: the tax of its invoices less that of its credits and refunds."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from simulator.books.company import Company
from simulator.books.money import ZERO

SIGNS = {"Invoice": 1, "CreditMemo": -1, "RefundReceipt": -1}


def by_jurisdiction(company: Company) -> list[dict[str, Any]]:
    """Jurisdiction, taxable amount and tax, in the order of their names."""
    taxable: dict[str, Decimal] = defaultdict(lambda: ZERO)
    tax: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for kind, sign in SIGNS.items():
        for record in company.tables[kind]:
            for line in record["TxnTaxDetail"].get("TaxLine", []):
                rate = line["TaxLineDetail"]["TaxRateRef"]["value"]
                taxable[rate] += sign * line["TaxLineDetail"]["NetAmountTaxable"]
                tax[rate] += sign * line["Amount"]
    names = {rate: (company.get("TaxRate", rate) or {}).get("Name", rate) for rate in tax}
    return [
        {"Jurisdiction": names[rate], "NetAmountTaxable": taxable[rate], "Tax": tax[rate]}
        for rate in sorted(names, key=lambda rate: (names[rate], int(rate)))
    ]
