"""What invoices, credit memos and refund receipts have in common (contract sections 4.2 and 4.6)."""

from collections.abc import Collection
from decimal import Decimal
from typing import ClassVar

from simulator.books import addresses, numbering, references, sales_lines, tax, tax_codes, tracking
from simulator.books.books import Books
from simulator.books.customer import EMAIL_REQUIRED
from simulator.books.kind import Transaction
from simulator.books.money import ZERO, to_cents
from simulator.books.table import Record
from simulator.books.void_notes import note_of_void
from simulator.faults import business, fault, required

MOST_TAXED_LINES = 750


class SalesDocument(Transaction):
    known_by = "DocNumber"
    needs_customer: ClassVar[bool] = True
    filterable = frozenset(["DocNumber", "TxnDate", "CustomerRef", "TotalAmt", "Balance"])
    grouped = frozenset({"CustomerRef"})
    ordered = frozenset({"TxnDate", "Balance"})

    def carried_over(self, books: Books, before: Record, sent: Record) -> Record:
        """What a sparse update starts from: a tax total belongs to its lines and its place."""
        carried = {
            **before,
            "Line": [line for line in before["Line"] if line["DetailType"] != sales_lines.SUBTOTAL],
        }
        if "Line" in sent or ("ShipAddr" in sent and books.has_automated_tax):
            code = before["TxnTaxDetail"].get("TxnTaxCodeRef")
            carried["TxnTaxDetail"] = {"TxnTaxCodeRef": code} if code else {}
        return carried

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        if books.is_us:  # for other countries only: left out without a word
            draft = {key: value for key, value in draft.items() if key != "GlobalTaxCalculation"}
        customer = self._customer(books, draft, before)
        if not draft.get("Line"):
            raise required("Line")
        draft = tracking.settled(books, _with_addresses(books, draft, customer, before))
        lines = tax_codes.with_codes(
            books, draft, customer, sales_lines.arrange(books, draft["Line"], before)
        )
        tax_detail = tax.detail(books, draft, customer, lines)
        total = lines.subtotal - lines.discount + tax_detail["TotalTax"]
        _check_size(total, lines, tax_detail)
        return {
            **_defaults(books, draft),
            **_references(books, draft),
            **self._number(books, draft, before, options),
            **({"CustomerRef": references.to("Customer", customer)} if customer else {}),
            "CurrencyRef": books.currency,
            "Line": lines.shown(),
            "TxnTaxDetail": tax_detail,
            "TotalAmt": to_cents(total),
        }

    def stored(self, books: Books, before: Record | None, after: Record | None) -> None:
        if after:
            numbering.note_used(books, after.get("DocNumber"))

    def voided(self, books: Books, record: Record) -> Record:
        """The record with nothing left in it. Still there, and looking paid."""
        return {
            **record,
            "PrivateNote": note_of_void(books, record),
            "Line": [_emptied(line) for line in record["Line"]],
            "TxnTaxDetail": {"TotalTax": ZERO},
            "TotalAmt": ZERO,
            "Balance": ZERO,
        }

    def _customer(self, books: Books, draft: Record, before: Record | None) -> Record | None:
        if "CustomerRef" not in draft:
            if self.needs_customer:
                raise required("CustomerRef")
            return None
        if before and draft["CustomerRef"]["value"] == before.get("CustomerRef", {}).get("value"):
            return books.get("Customer", draft["CustomerRef"]["value"])
        if before and applied_amount(before):
            raise business("You can't change the customer of a transaction that is linked to others.")
        return references.resolve(books, "Customer", draft["CustomerRef"], "CustomerRef")

    def _number(self, books: Books, draft: Record, before: Record | None, options: Collection[str]) -> Record:
        number_ = numbering.document_number(books, self.name, draft, before, options)
        return {"DocNumber": number_} if number_ else {}


def _check_size(total: Decimal, lines: sales_lines.Lines, tax_detail: Record) -> None:
    if total < 0:
        raise business("Transaction amount must be 0 or greater.")
    if tax_detail["TotalTax"] and len(lines.items) > MOST_TAXED_LINES:
        raise business(f"A taxable transaction can have at most {MOST_TAXED_LINES} lines.")


def applied_amount(record: Record) -> Decimal:
    """What payments and credits have taken off a document."""
    return record["TotalAmt"] - record["Balance"]


def _with_addresses(books: Books, draft: Record, customer: Record | None, before: Record | None) -> Record:
    """Taken from the customer where the document has none."""
    from_customer: Record = {
        field: customer[field] for field in ("BillAddr", "ShipAddr") if customer and field in customer
    }
    return {**from_customer, **draft, **addresses.with_ids(books, draft, before)}


def _defaults(books: Books, draft: Record) -> Record:
    if draft.get("EmailStatus") == "NeedToSend" and "BillEmail" not in draft:
        raise fault("6420", EMAIL_REQUIRED, "BillEmail")
    _check_currency(books, draft)
    defaults = {
        "TxnDate": books.clock.today(),
        "ApplyTaxAfterDiscount": False,
        "PrintStatus": "NeedToPrint",
        "EmailStatus": "NotSet",
    }
    if not books.is_us:
        defaults["GlobalTaxCalculation"] = tax_codes.EXCLUDED
    kept = {
        key: value for key, value in draft.items() if key not in ("DocNumber", "ExchangeRate", "CustomField")
    }
    return {**defaults, **kept, **_custom_fields(books, draft)}


def _check_currency(books: Books, draft: Record) -> None:
    currency = draft.get("CurrencyRef", books.currency)["value"]
    if currency != books.currency["value"]:
        raise fault("2220", f"Invalid Currency Type. Supplied value: {currency}", "CurrencyRef")


def _custom_fields(books: Books, draft: Record) -> Record:
    """Every defined field, with the value sent for it."""
    sent = {field.get("DefinitionId"): field.get("StringValue") for field in draft.get("CustomField", [])}
    unknown = set(sent) - set(books.custom_fields)
    if unknown:
        raise fault("3000", f"Invalid Custom Field : {', '.join(map(str, unknown))}", "CustomField")
    fields = [
        {
            "DefinitionId": id_,
            "Name": name,
            "Type": "StringType",
            **({"StringValue": sent[id_]} if sent.get(id_) else {}),
        }
        for id_, name in books.custom_fields.items()
    ]
    return {"CustomField": fields} if fields else {}


def _references(books: Books, draft: Record) -> Record:
    kinds = {"PaymentMethodRef": "PaymentMethod", "SalesTermRef": "Term", "DepositToAccountRef": "Account"}
    return {
        field: references.checked(books, kind, draft[field], field)
        for field, kind in kinds.items()
        if field in draft
    }


def _emptied(line: Record) -> Record:
    emptied = {**line}
    if "Amount" in line:
        emptied["Amount"] = ZERO
    if "Qty" in line.get(sales_lines.SALES, {}):
        emptied[sales_lines.SALES] = {**line[sales_lines.SALES], "Qty": ZERO}
    return emptied
