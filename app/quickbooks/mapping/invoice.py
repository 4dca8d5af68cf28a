"""An invoice as QuickBooks keeps it, with the same total to the cent (contract section 4.2)."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from app.customers.place import Place
from app.invoices.models import Invoice, InvoiceLine
from app.quickbooks.mapping import books, tax, tracking, values
from app.quickbooks.mapping.facts import CompanyFacts, TaxCode
from app.quickbooks.mapping.fields import PAID_ONLINE
from app.quickbooks.mapping.refs import Refs

DISCOUNT_ITEM = "Discount"  # the item of a discount line where the company's QuickBooks has none of its own


def item_names(invoice: Invoice, facts: CompanyFacts) -> list[str]:
    """Every item the invoice needs in QuickBooks."""
    names = [line.item for line in invoice.lines]
    if invoice.discount_total and not facts.allow_discount:
        names.append(DISCOUNT_ITEM)
    return names


def invoice_body(invoice: Invoice, refs: Refs, facts: CompanyFacts) -> dict[str, Any]:
    """Raises CannotMap when amounts would mean something else there (another currency, no tax, no such rate)."""
    books.check_currency(invoice, facts)
    code = tax.code_for(invoice, facts)
    body = {
        **plain_fields(invoice),
        "CustomerRef": {"value": refs.customer_id},
        "Line": list(_lines(invoice, refs, facts, code)),
        **dict.fromkeys(PAID_ONLINE, facts.paid_online),  # what is not said is as the company's settings are
        **tracking.of_sale(invoice, facts),
    }
    if invoice.terms and (term := facts.terms.get(invoice.terms.label.casefold())):
        body["SalesTermRef"] = {"value": term}
    return body | books.currency_ref(invoice, facts) | _tax(invoice, facts, code)


def plain_fields(invoice: Invoice) -> dict[str, Any]:
    """What can be said without knowing anything of QuickBooks' company; of the lines what they say and come to."""
    lines = [{"Description": _text_of(line), "Amount": line.amount} for line in invoice.lines]
    if invoice.discount_total:
        lines.append({"Description": DISCOUNT_ITEM, "Amount": invoice.discount_total})
    return {
        "DocNumber": invoice.number,
        "TxnDate": invoice.issue_date.isoformat(),
        "DueDate": invoice.due_date.isoformat(),
        "ShipAddr": values.address(invoice.place or Place()),  # decides whose sales tax it is
        "BillEmail": {"Address": values.email(invoice.customer.email)},
        "PrivateNote": values.prose(invoice.notes, 4000),
        "Line": lines,
    }


def _lines(
    invoice: Invoice, refs: Refs, facts: CompanyFacts, code: TaxCode | None
) -> Iterator[dict[str, Any]]:
    taxed = tax.line_fields(invoice.tax_total, facts, code)
    for line in invoice.lines:
        yield _sales_line(line, refs, taxed | tracking.of_line(invoice, [line.item], facts))
    if invoice.discount_total and facts.allow_discount:
        yield {
            "DetailType": "DiscountLineDetail",
            "Amount": invoice.discount_total,
            "DiscountLineDetail": {"PercentBased": False} | tracking.of_line(invoice, [], facts),
        }
    elif invoice.discount_total:
        more = taxed | tracking.of_line(invoice, [], facts)
        yield _detail(-invoice.discount_total, "Discount", _item(refs, DISCOUNT_ITEM), more)


def _sales_line(line: InvoiceLine, refs: Refs, more: dict[str, Any]) -> dict[str, Any]:
    """Quantity and price go along unless a discount is in the amount: QuickBooks insists that they multiply to
    it (6070), so a discounted line says in words what it is made of.
    """
    ref = _item(refs, line.item)
    if not line.discount_percent:
        more = {"Qty": line.quantity, "UnitPrice": line.unit_price} | more
    return _detail(line.amount, _text_of(line), ref, more)


def _text_of(line: InvoiceLine) -> str:
    text = line.description or line.item
    if line.discount_percent:
        quantity, price = values.number(line.quantity), values.number(line.unit_price)
        text = f"{text} ({quantity} x {price}, less {values.number(line.discount_percent)} %)"
    return values.prose(text, 4000)


def _detail(amount: Decimal, text: str, ref: dict[str, str], more: dict[str, Any]) -> dict[str, Any]:
    return {
        "DetailType": "SalesItemLineDetail",
        "Amount": amount,
        "Description": values.prose(text, 4000),
        "SalesItemLineDetail": {"ItemRef": ref} | more,
    }


def _item(refs: Refs, name: str) -> dict[str, str]:
    return {"value": refs.item_ids[values.name_key(name)]}


def _tax(invoice: Invoice, facts: CompanyFacts, code: TaxCode | None) -> dict[str, Any]:
    """Outside the US QuickBooks computes from the lines' codes; in the US our own amount is sent and honoured."""
    if not facts.uses_sales_tax:
        return {}
    if not facts.is_us:
        return {"GlobalTaxCalculation": "TaxExcluded"}
    detail: dict[str, Any] = {"TotalTax": invoice.tax_total}
    if code:
        taxable = invoice.subtotal - invoice.discount_total
        detail["TxnTaxCodeRef"] = {"value": code.id}
        if len(code.rate_ids) == 1:
            detail["TaxLine"] = [_tax_line(invoice, code, taxable)]
    return {"ApplyTaxAfterDiscount": True, "TxnTaxDetail": detail}


def _tax_line(invoice: Invoice, code: TaxCode, taxable: Decimal) -> dict[str, Any]:
    return {
        "DetailType": "TaxLineDetail",
        "Amount": invoice.tax_total,
        "TaxLineDetail": {
            "TaxRateRef": {"value": code.rate_ids[0]},
            "PercentBased": True,
            "TaxPercent": code.rate,
            "NetAmountTaxable": taxable,
        },
    }
