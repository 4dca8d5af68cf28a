"""How a sale is taxed in QuickBooks, on invoices and refund receipts alike (contract sections 4.2 and 4.8)."""

from decimal import Decimal
from typing import Any

from app.invoices.models import Invoice
from app.quickbooks.mapping import values
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.mapping.problems import CannotMap


def code_for(invoice: Invoice, facts: CompanyFacts) -> TaxCode | None:
    """The code of the invoice's rate. Outside the US every line needs one, at 0 % too; in the US only a taxed
    invoice does, and automated sales tax picks its own, and none for a tax-exempt customer. Raises CannotMap.
    """
    if invoice.tax_total and not facts.uses_sales_tax:
        raise CannotMap("sales_tax_off")
    if invoice.tax_total and facts.automated_sales_tax and invoice.customer.tax_exempt:
        raise CannotMap("exempt_but_taxed")
    if not facts.uses_sales_tax or (facts.is_us and (not invoice.tax_total or facts.automated_sales_tax)):
        return None
    code = facts.tax_code_for(invoice.tax_rate)
    if code is None:
        raise CannotMap("no_tax_code", rate=values.number(invoice.tax_rate))
    return code


def line_fields(tax: Decimal, facts: CompanyFacts, code: TaxCode | None) -> dict[str, Any]:
    """What a line says; `tax` is the document's."""
    if not facts.uses_sales_tax:
        return {}
    if facts.is_us:
        return {"TaxCodeRef": {"value": "TAX" if tax else "NON"}}
    return {"TaxCodeRef": {"value": code.id}} if code else {}
