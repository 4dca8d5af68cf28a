"""Which tax code a line has: as sent, or as QuickBooks would choose (contract section 4.2, Tax)."""

from decimal import Decimal

from simulator.books import references
from simulator.books.books import Books
from simulator.books.money import ZERO, to_cents
from simulator.books.sales_lines import SALES, Lines
from simulator.books.table import Record
from simulator.faults import business, fault

PRICE_DIGITS = Decimal("0.0000001")  # of a unit price, so that quantity times price gives the amount again
US_CODES = ("TAX", "NON")
EXCLUDED, INCLUSIVE, NOT_APPLICABLE = "TaxExcluded", "TaxInclusive", "NotApplicable"


def with_codes(books: Books, draft: Record, customer: Record | None, lines: Lines) -> Lines:
    """The lines with the tax code that each of them has. Raises 6100, 6000, 2500."""
    coded = [_coded(books, draft, customer, line) for line in lines.items]
    return Lines(coded, lines.discounts)


def rates_of(books: Books, code: str) -> list[Record]:
    details = books.tables["TaxCode"][code]["SalesTaxRateList"]["TaxRateDetail"]
    return [books.tables["TaxRate"][entry["TaxRateRef"]["value"]] for entry in details]


def _coded(books: Books, draft: Record, customer: Record | None, line: Record) -> Record:
    if line["DetailType"] != SALES:
        return line
    code = line[SALES].get("TaxCodeRef", {}).get("value")
    if books.is_us:
        code = _us_code(books, code, line, customer)
    else:
        _check_foreign_code(books, draft, code)
        if code and draft.get("GlobalTaxCalculation") == INCLUSIVE:
            line = _net_of_tax(books, line, code)
    return {**line, SALES: {**line[SALES], **({"TaxCodeRef": {"value": code}} if code else {})}}


def _us_code(books: Books, code: str | None, line: Record, customer: Record | None) -> str:
    if code is None:
        item = books.get("Item", line[SALES]["ItemRef"]["value"]) or {}
        taxable = item.get("Taxable") and (customer or {}).get("Taxable")
        return "TAX" if taxable else "NON"
    if code not in US_CODES:
        raise fault(
            "6100",
            f"Valid Line TaxCodes for US should be TAX or NON. Supplied value:{code}",
            "Line.TaxCodeRef",
        )
    return code


def _check_foreign_code(books: Books, draft: Record, code: str | None) -> None:
    if draft.get("GlobalTaxCalculation") == NOT_APPLICABLE:
        return
    if code is None:
        name = {"GB": "VAT", "CA": "GST/HST"}.get(books.country, "GST")
        raise business(f"Make sure all your transactions have a {name} rate before you save.")
    references.resolve(books, "TaxCode", {"value": code}, "Line.SalesItemLineDetail.TaxCodeRef")


def _net_of_tax(books: Books, line: Record, code: str) -> Record:
    """With TaxInclusive an amount sent alone contains its tax; QuickBooks keeps both."""
    if "TaxInclusiveAmt" in line[SALES]:
        return line
    percent = sum((rate["RateValue"] for rate in rates_of(books, code)), ZERO)
    net = to_cents(line["Amount"] * 100 / (100 + percent))
    kept = {**line[SALES], "TaxInclusiveAmt": line["Amount"]}
    if kept.get("Qty") and "UnitPrice" in kept:
        kept["UnitPrice"] = (net / kept["Qty"]).quantize(PRICE_DIGITS)
    return {**line, "Amount": net, SALES: kept}
