"""The sales tax of a document: by US codes, automated US tax, and other countries' (contract section 4.2, Tax)."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from simulator.books import places
from simulator.books.books import Books
from simulator.books.money import ZERO, to_cents
from simulator.books.sales_lines import SALES, Lines
from simulator.books.table import Record
from simulator.books.tax_codes import NOT_APPLICABLE, rates_of
from simulator.faults import bad_reference, fault


def detail(books: Books, draft: Record, customer: Record | None, lines: Lines) -> Record:
    """The TxnTaxDetail of a document: computed, or as sent where QuickBooks honours that."""
    sent = draft.get("TxnTaxDetail", {})
    if books.is_us:
        return _us_detail(books, draft, sent, customer, lines)
    if draft.get("GlobalTaxCalculation") == NOT_APPLICABLE:
        if sent.get("TaxLine") or sent.get("TotalTax"):
            raise fault("6170", "TxnTaxDetail is not allowed when GlobalTaxCalculation is NotApplicable.")
        return {"TotalTax": ZERO}
    tax_lines = _tax_lines(books, _nets_by_code(lines).items())
    _check_sent_rates(tax_lines, sent.get("TaxLine", []))
    return _totalled(tax_lines, sent if books.rules.honour_tax_abroad else {})


def _us_detail(books: Books, draft: Record, sent: Record, customer: Record | None, lines: Lines) -> Record:
    if not books.prefers("TaxPrefs", "UsingSalesTax"):
        return {"TotalTax": ZERO}
    taxable = _us_taxable(draft, lines)
    if books.has_automated_tax:
        code = _engine_code(books, draft, customer)
    else:
        code = sent.get("TxnTaxCodeRef", {}).get("value")
        _check_us_code(books, code)
    if code is None:
        return {"TotalTax": ZERO}
    tax_lines = _tax_lines(books, [(code, taxable)])
    if not books.has_automated_tax:  # the engine replaces whatever rates were sent
        _check_sent_rates(tax_lines, sent.get("TaxLine", []))
    return {"TxnTaxCodeRef": {"value": code}, **_totalled(tax_lines, sent)}


def _check_us_code(books: Books, code: str | None) -> None:
    if code is not None and books.get("TaxCode", code) is None:
        raise bad_reference("TxnTaxDetail.TxnTaxCodeRef")


def _us_taxable(draft: Record, lines: Lines) -> Decimal:
    """What is taxed; a discount lowers it when the tax is applied after the discount."""
    taxed = sum((line["Amount"] for line in lines.sold if line[SALES]["TaxCodeRef"]["value"] == "TAX"), ZERO)
    return (
        to_cents(taxed - _discount_share(taxed, lines))
        if draft.get("ApplyTaxAfterDiscount")
        else to_cents(taxed)
    )


def _discount_share(amount: Decimal, lines: Lines) -> Decimal:
    return lines.discount * amount / lines.subtotal if lines.subtotal else ZERO


def _engine_code(books: Books, draft: Record, customer: Record | None) -> str | None:
    """Automated tax: the place of delivery decides, whatever code was sent. None before it is set up."""
    is_set_up = books.prefers("TaxPrefs", "PartnerTaxEnabled")
    if not is_set_up or not (customer or {}).get("Taxable", True):
        return None
    code = places.tax_code_of(books, draft)
    return code["Id"] if code else None


def _nets_by_code(lines: Lines) -> dict[str, Decimal]:
    nets: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines.sold:
        nets[line[SALES]["TaxCodeRef"]["value"]] += line["Amount"]
    return {code: to_cents(net - _discount_share(net, lines)) for code, net in nets.items()}


def _tax_lines(books: Books, nets: Iterable[tuple[str, Decimal]]) -> list[Record]:
    """One line for each rate, rounded by itself."""
    return [
        {
            "Amount": to_cents(net * rate["RateValue"] / 100),
            "DetailType": "TaxLineDetail",
            "TaxLineDetail": {
                "TaxRateRef": _rate_reference(books, rate),
                "PercentBased": True,
                "TaxPercent": rate["RateValue"],
                "NetAmountTaxable": net,
            },
        }
        for code, net in nets
        for rate in rates_of(books, code)
    ]


def _rate_reference(books: Books, rate: Record) -> Record:
    """A name is optional (contract section 4); a company's own codes come without (recorded)."""
    is_named = books.rules.name_tax_rates and books.has_automated_tax
    return {"value": rate["Id"], **({"name": rate["Name"]} if is_named else {})}


def _totalled(tax_lines: list[Record], sent: Record) -> Record:
    """A tax amount that was sent explicitly is honoured and spread over the rates."""
    computed = to_cents(sum((line["Amount"] for line in tax_lines), ZERO))
    wanted = _sent_total(sent)
    total = computed if wanted is None else to_cents(wanted)
    if total != computed:
        tax_lines = _spread(tax_lines, computed, total)
    return {"TotalTax": total, **({"TaxLine": tax_lines} if tax_lines else {})}


def _sent_total(sent: Record) -> Decimal | None:
    if "TotalTax" in sent:
        return sent["TotalTax"]
    amounts = [line["Amount"] for line in sent.get("TaxLine", []) if "Amount" in line]
    return sum(amounts, ZERO) if amounts else None


def _check_sent_rates(tax_lines: list[Record], sent: list[Record]) -> None:
    """A sent rate must belong to the code, and each rate comes once (contract section 4.2)."""
    allowed = [line["TaxLineDetail"]["TaxRateRef"]["value"] for line in tax_lines]
    for line in sent:
        rate = line.get("TaxLineDetail", {}).get("TaxRateRef", {}).get("value")
        if rate not in allowed:
            raise bad_reference("TxnTaxDetail.TaxLine.TaxLineDetail.TaxRateRef")
        allowed.remove(rate)


def _spread(tax_lines: list[Record], computed: Decimal, total: Decimal) -> list[Record]:
    spread, left = [], total
    for line in tax_lines[:-1]:
        share = to_cents(total * line["Amount"] / computed) if computed else ZERO
        spread.append({**line, "Amount": share})
        left -= share
    return [*spread, *({**line, "Amount": left} for line in tax_lines[-1:])]
