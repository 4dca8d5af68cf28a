"""Lines of a sales document: what is sent, what is kept, what is added (contract section 4.2)."""

from dataclasses import dataclass
from decimal import Decimal

from simulator.books import references
from simulator.books.books import Books
from simulator.books.money import ZERO, to_cents
from simulator.books.table import Record
from simulator.faults import Fault, business, error, fault, required

SALES, DISCOUNT, SUBTOTAL, TEXT = (
    "SalesItemLineDetail",
    "DiscountLineDetail",
    "SubTotalLineDetail",
    "DescriptionOnly",
)
SHIPPING = "SHIPPING_ITEM_ID"
MOST_LINES = 10_000


@dataclass(frozen=True)
class Lines:
    """The lines of one document by their part in it."""

    items: list[Record]  # item and text lines, in order
    discounts: list[Record]

    @property
    def sold(self) -> list[Record]:
        return [line for line in self.items if line["DetailType"] == SALES]

    @property
    def subtotal(self) -> Decimal:
        return to_cents(sum((line["Amount"] for line in self.sold), ZERO))

    @property
    def discount(self) -> Decimal:
        return to_cents(sum((line["Amount"] for line in self.discounts), ZERO))

    def shown(self) -> list[Record]:
        """As QuickBooks answers them: its subtotal after the items, discounts last."""
        subtotal = {"Amount": self.subtotal, "DetailType": SUBTOTAL, SUBTOTAL: {}}
        return [*self.items, subtotal, *self.discounts]


def arrange(books: Books, sent: list[Record], before: Record | None) -> Lines:
    """Raises the refusals of section 4.2: 2020, 2250, 2500, 6070, 6090, 6430."""
    if len(sent) > MOST_LINES:
        raise business(f"A transaction can have at most {MOST_LINES} lines.")
    _check_amounts(sent)
    items = [_item_line(books, line) for line in sent if line.get("DetailType") in (SALES, TEXT)]
    if not any(line["DetailType"] == SALES for line in items):
        raise fault("2250", "You must enter at least one split line.", "Line")
    lines = Lines(_numbered(items, before), [])
    discounts = [
        _discount_line(books, line, lines.subtotal) for line in sent if line.get("DetailType") == DISCOUNT
    ]
    return Lines(lines.items, discounts)


def _check_amounts(sent: list[Record]) -> None:
    """All lines at once, as QuickBooks reports them."""
    for line in sent:
        if "DetailType" not in line:
            raise required("Line.DetailType")
        if line["DetailType"] == SALES and "Amount" not in line:
            raise required("Line.Amount")
    wrong = [line["Amount"] for line in sent if line["DetailType"] == SALES and not _adds_up(line)]
    if wrong:
        raise Fault(
            [
                error(
                    "6070", f"Amount is not equal to UnitPrice * Qty. Supplied value:{amount}", "Line.Amount"
                )
                for amount in wrong
            ]
        )


def _adds_up(line: Record) -> bool:
    """Nothing to compare unless both are there. Zeros count as absent: python-quickbooks always sends them."""
    detail = line.get(SALES, {})
    if not detail.get("Qty") and not detail.get("UnitPrice"):
        return True
    if "Qty" not in detail or "UnitPrice" not in detail:
        return True
    return to_cents(line["Amount"]) == to_cents(detail["Qty"] * detail["UnitPrice"])


def _item_line(books: Books, line: Record) -> Record:
    detail = line.get(SALES, {})
    if line["DetailType"] == TEXT or "ItemRef" not in detail:
        return _text_line(line)
    if detail["ItemRef"]["value"] == SHIPPING and books.prefers("SalesFormsPrefs", "AllowShipping"):
        return _priced(line, detail)
    item = references.resolve(books, "Item", detail["ItemRef"], "Line.SalesItemLineDetail.ItemRef")
    if item["Type"] == "Category":
        raise fault("2500", "Invalid Reference Id : Categories cannot be used in transactions.", "")
    return _priced(line, {**detail, "ItemRef": references.to("Item", item)})


def _priced(line: Record, detail: Record) -> Record:
    return {
        "Id": line.get("Id"),
        **_described(line),
        "Amount": to_cents(line["Amount"]),
        "DetailType": SALES,
        SALES: detail,
    }


def _described(line: Record) -> Record:
    return {"Description": line["Description"]} if line.get("Description") else {}


def _text_line(line: Record) -> Record:
    """Without an item a line counts as text, and its amount is ignored."""
    return {
        "Id": line.get("Id"),
        **_described(line),
        "DetailType": TEXT,
        "DescriptionLineDetail": line.get("DescriptionLineDetail", {}),
    }


def _discount_line(books: Books, line: Record, subtotal: Decimal) -> Record:
    if not books.prefers("SalesFormsPrefs", "AllowDiscount"):
        raise business("Discounts are turned off in this company's preferences.")
    detail = line.get(DISCOUNT, {})
    by_percent = detail.get("PercentBased", "DiscountPercent" in detail and "Amount" not in line)
    if (by_percent and "DiscountPercent" not in detail) or (not by_percent and "Amount" not in line):
        raise fault("6090", "Discount amount or percent should be provided.", "Line.DiscountLineDetail")
    amount = to_cents(subtotal * detail["DiscountPercent"] / 100 if by_percent else line["Amount"])
    if amount < 0 < subtotal:
        raise fault("2290", "Negative amounts are not supported on discount lines.", "Line.Amount")
    kept = {**detail, "PercentBased": by_percent, "DiscountAccountRef": _discount_account(books, detail)}
    return {"Amount": amount, "DetailType": DISCOUNT, DISCOUNT: kept}


def _discount_account(books: Books, detail: Record) -> Record:
    element = "Line.DiscountLineDetail.DiscountAccountRef"
    if "DiscountAccountRef" not in detail:
        usual = next(
            (row for row in books.tables["Account"] if row["AccountSubType"] == "DiscountsRefundsGiven"),
            None,
        )
        if usual is None:
            raise required(element)
        return references.to("Account", usual)
    account = references.resolve(books, "Account", detail["DiscountAccountRef"], element)
    if account["AccountType"] not in ("Income", "Expense", "Other Income"):
        raise fault("6430", f"Invalid account type: {account['AccountType']} used", element)
    return references.to("Account", account)


def _numbered(items: list[Record], before: Record | None) -> list[Record]:
    """Known line Ids stay, others are new (contract section 2.5)."""
    known = {line["Id"] for line in before["Line"] if "Id" in line} if before else set()
    next_id = max((int(id_) for id_ in known), default=0) + 1
    numbered = []
    for number, line in enumerate(items, start=1):
        if line["Id"] not in known:
            line = {**line, "Id": str(next_id)}
            next_id += 1
        known.discard(line["Id"])
        numbered.append({"Id": line["Id"], "LineNum": number, **line})
    return numbered
