"""Objects that several entities contain, and the properties that all of them have."""

from typing import Any

from simulator.books.fields import (
    amount,
    choice,
    day,
    email,
    flag,
    length_detail,
    number,
    percent,
    reference,
    text,
    website,
)
from simulator.books.shape import Shape, many
from simulator.faults import fault

EVERYWHERE = "MetaData domain status AttachableRef"
IDENTITY = {"Id": text(), "SyncToken": text(), "sparse": flag}

ADDRESS_LINES = [f"Line{number_}" for number_ in range(1, 6)]
MOST_ADDRESS_CHARACTERS = 2000


class Address(Shape):
    """Five lines, each within its own length, and 2,000 characters together (contract section 4.1)."""

    def __call__(self, value: Any, element: str) -> dict[str, Any]:
        kept = super().__call__(value, element)
        length = sum(len(kept.get(line, "")) for line in ADDRESS_LINES)
        if length > MOST_ADDRESS_CHARACTERS:
            raise fault("2050", length_detail(0, MOST_ADDRESS_CHARACTERS, length), element)
        return kept


ADDRESS = Address(
    "PhysicalAddress",
    {
        **dict.fromkeys(ADDRESS_LINES, text(500)),
        "City": text(255),
        "Country": text(255),
        "CountrySubDivisionCode": text(255),
        "PostalCode": text(30),
    },
    also_known="Id Lat Long CountryCode County PostalCodeSuffix Tag Note",
)
EMAIL = Shape("EmailAddress", {"Address": email()}, also_known="Id Default Tag")
EMAIL_COPY = Shape("EmailAddress", {"Address": email(200)}, also_known="Id Default Tag")
PHONE = Shape(
    "TelephoneNumber",
    {"FreeFormNumber": text(30)},
    also_known="Id DeviceType CountryCode AreaCode ExchangeCode Extension Default Tag",
)
WEBSITE = Shape("WebSiteAddress", {"URI": website}, also_known="Id Default Tag")
MEMO = Shape("MemoRef", {"value": text(1000)}, also_known="id")
CUSTOM_FIELD = Shape(
    "CustomField",
    {"DefinitionId": text(), "StringValue": text(31)},
    also_known="Name Type BooleanValue DateValue NumberValue",
)
LINKED_TXN = Shape("LinkedTxn", {"TxnId": text(), "TxnType": text(), "TxnLineId": text()})
SALES_ITEM_DETAIL = Shape(
    "SalesItemLineDetail",
    {
        "ItemRef": reference,
        "ClassRef": reference,
        "UnitPrice": number,
        "Qty": number,
        "TaxCodeRef": reference,
        "ServiceDate": day,
        "DiscountRate": percent,
        "DiscountAmt": amount,
        "TaxInclusiveAmt": amount,
    },
    also_known="UnitCostPrice RatePercent PriceLevelRef MarkupInfo UOMRef ItemAccountRef InventorySiteRef "
    "TaxClassificationRef DeferredRevenue RetainageAmount SalesItemLineDetailEx",
)
DISCOUNT_DETAIL = Shape(
    "DiscountLineDetail",
    {
        "PercentBased": flag,
        "DiscountPercent": percent,
        "DiscountAccountRef": reference,
        "ClassRef": reference,
        "TaxCodeRef": reference,
    },
    also_known="DiscountRef ServiceDate DiscountLineDetailEx Discount",
)
SALES_LINE = Shape(
    "Line",
    {
        "Id": text(),
        "LineNum": number,
        "Description": text(4000),
        "Amount": amount,
        "DetailType": choice(
            "SalesItemLineDetail", "DiscountLineDetail", "DescriptionOnly", "SubTotalLineDetail"
        ),
        "SalesItemLineDetail": SALES_ITEM_DETAIL,
        "DiscountLineDetail": DISCOUNT_DETAIL,
        "DescriptionLineDetail": Shape(
            "DescriptionLineDetail",
            {"ServiceDate": day, "TaxCodeRef": reference},
            also_known="DescriptionLineDetailEx",
        ),
        "SubTotalLineDetail": Shape("SubTotalLineDetail", {}, also_known="ItemRef ServiceDate"),
    },
    also_known="Received LinkedTxn CustomField LineEx ProjectRef CostAmount HomeCostAmount "
    "CustomExtensions PaymentLineDetail TaxLineDetail ItemBasedExpenseLineDetail "
    "AccountBasedExpenseLineDetail ReimburseLineDetail DepositLineDetail PurchaseOrderItemLineDetail "
    "SalesOrderItemLineDetail ItemReceiptLineDetail JournalEntryLineDetail GroupLineDetail TDSLineDetail "
    "ItemAdjustmentLineDetail",
)
TAX_LINE = Shape(
    "Line",
    {
        "Amount": amount,
        "DetailType": choice("TaxLineDetail"),
        "TaxLineDetail": Shape(
            "TaxLineDetail",
            {
                "TaxRateRef": reference,
                "PercentBased": flag,
                "TaxPercent": number,
                "NetAmountTaxable": amount,
                "TaxInclusiveAmount": amount,
                "OverrideDeltaAmount": amount,
            },
            also_known="ServiceDate TaxLineDetailEx",
        ),
    },
    also_known="Id LineNum Description",
)
TAX_DETAIL = Shape(
    "TxnTaxDetail",
    {"TxnTaxCodeRef": reference, "TotalTax": amount, "TaxLine": many(TAX_LINE)},
    also_known="DefaultTaxCodeRef TaxReviewStatus UseAutomatedSalesTax",
)
PAYMENT_LINE = Shape(
    "Line",
    {"Amount": amount, "LinkedTxn": many(LINKED_TXN)},
    also_known="Id LineNum Description DetailType LineEx",
)
