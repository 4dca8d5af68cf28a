"""Products and services (contract section 4.3)."""

from collections.abc import Collection

from simulator.books import plans, references
from simulator.books.books import Books
from simulator.books.fields import amount, choice, day, flag, label, number, reference, text
from simulator.books.listed import Listed
from simulator.books.money import ZERO
from simulator.books.shape import Shape
from simulator.books.shapes import EVERYWHERE, IDENTITY
from simulator.books.table import Record
from simulator.faults import bad_reference, fault, required

SOLD = ("Service", "NonInventory", "Inventory")
INCOME_ACCOUNTS = ("Income", "Other Income")
EXPENSE_ACCOUNTS = ("Expense", "Cost of Goods Sold", "Other Expense")
INVENTORY_ONLY = ("AssetAccountRef", "QtyOnHand", "InvStartDate")


class Item(Listed):
    name = "Item"
    shape = Shape(
        "Item",
        {
            **IDENTITY,
            "Name": label(100),
            "Sku": text(100),
            "Description": text(4000),
            "Active": flag,
            "SubItem": flag,
            "ParentRef": reference,
            "Taxable": flag,
            "SalesTaxIncluded": flag,
            "UnitPrice": amount,
            "Type": choice(*SOLD, "Category", "Group"),
            "IncomeAccountRef": reference,
            "PurchaseDesc": text(1000),
            "PurchaseCost": amount,
            "ExpenseAccountRef": reference,
            "AssetAccountRef": reference,
            "TrackQtyOnHand": flag,
            "QtyOnHand": number,
            "InvStartDate": day,
            "ReorderPoint": number,
            "SalesTaxCodeRef": reference,
        },
        also_known=f"{EVERYWHERE} Level FullyQualifiedName CustomField PercentBased RatePercent "
        "PaymentMethodRef UOMSetRef PurchaseTaxIncluded COGSAccountRef PrefVendorRef AvgCost "
        "QtyOnPurchaseOrder QtyOnSalesOrder ManPartNum DepositToAccountRef PurchaseTaxCodeRef BuildPoint "
        "PrintGroupedItems SpecialItem SpecialItemType ItemGroupDetail ItemAssemblyDetail AbatementRate "
        "ReverseChargeRate ServiceType ItemCategoryType ItemEx TaxClassificationRef UQCDisplayText UQCId "
        "ClassRef Source DeferredRevenue CustomExtensions",
    )
    computed = frozenset(["Active", "Type", "Taxable", "UnitPrice", "PurchaseCost", "TrackQtyOnHand"])
    filterable = frozenset(
        ["Name", "Sku", "Type", "Description", "Active", "UnitPrice", "FullyQualifiedName"]
    )

    def complete(
        self, books: Books, draft: Record, before: Record | None, options: Collection[str]
    ) -> Record:
        if "Type" not in draft:
            raise required("Type")
        if draft["Type"] == "Inventory":
            plans.require_inventory(books.rules.plan)
        record = self.listed(books, draft, before)
        _check_accounts(books, record)
        parent = _parent(books, record)
        return {
            "UnitPrice": ZERO,
            "PurchaseCost": ZERO,
            "Taxable": False,
            "TrackQtyOnHand": record["Type"] == "Inventory",
            **record,
            "FullyQualifiedName": f"{parent['FullyQualifiedName']}:{record['Name']}"
            if parent
            else record["Name"],
        }


def _check_accounts(books: Books, record: Record) -> None:
    if record["Type"] in ("Service", "Inventory") and "IncomeAccountRef" not in record:
        raise required("IncomeAccountRef")
    _check_inventory(record)
    for field, kinds in (
        ("IncomeAccountRef", INCOME_ACCOUNTS),
        ("ExpenseAccountRef", EXPENSE_ACCOUNTS),
        ("AssetAccountRef", ("Other Current Asset",)),
    ):
        if field in record:
            account = references.resolve(books, "Account", record[field], field)
            if account["AccountType"] not in kinds:
                raise fault("6430", f"Invalid account type: {account['AccountType']} used", field)
            record[field] = references.to("Account", account)


def _check_inventory(record: Record) -> None:
    sent = [field for field in INVENTORY_ONLY if field in record]
    if record["Type"] == "Inventory" and len(sent) < len(INVENTORY_ONLY):
        raise required(next(field for field in INVENTORY_ONLY if field not in record))
    if record["Type"] != "Inventory" and sent:
        raise fault("2010", f"Property Name:{sent[0]} specified is unsupported or invalid", sent[0])


def _parent(books: Books, record: Record) -> Record | None:
    if "ParentRef" not in record:
        return None
    parent = books.get("Item", record["ParentRef"]["value"])
    if parent is None:
        raise bad_reference("ParentRef")
    return parent
