"""What a client may send of invoices, credit memos and refund receipts (contract sections 4.2 and 4.6)."""

from simulator.books import tax_codes
from simulator.books.fields import Reader, choice, day, flag, ignored, number, reference, text
from simulator.books.shape import many
from simulator.books.shapes import (
    ADDRESS,
    CUSTOM_FIELD,
    EMAIL,
    EMAIL_COPY,
    EVERYWHERE,
    IDENTITY,
    LINKED_TXN,
    MEMO,
    SALES_LINE,
    TAX_DETAIL,
)

SALES_FIELDS: dict[str, Reader] = {
    **IDENTITY,
    "DocNumber": text(21),
    "TxnDate": day,
    "PrivateNote": text(4000),
    "Line": many(SALES_LINE),
    "TxnTaxDetail": TAX_DETAIL,
    "CustomerRef": reference,
    "CustomerMemo": MEMO,
    "BillAddr": ADDRESS,
    "ShipAddr": ADDRESS,
    "ClassRef": reference,
    "DepartmentRef": reference,
    "CurrencyRef": reference,
    "ExchangeRate": number,
    "GlobalTaxCalculation": choice(tax_codes.EXCLUDED, tax_codes.INCLUSIVE, tax_codes.NOT_APPLICABLE),
    "ApplyTaxAfterDiscount": flag,
    "PrintStatus": choice("NotSet", "NeedToPrint", "PrintComplete"),
    "EmailStatus": choice("NotSet", "NeedToSend", "EmailSent"),
    "BillEmail": EMAIL,
    "CustomField": many(CUSTOM_FIELD),
    "PaymentMethodRef": reference,
    "PaymentRefNum": text(21),
}
SALES_ALSO_KNOWN = (
    f"{EVERYWHERE} TotalAmt HomeTotalAmt Balance HomeBalance TxnSource TxnStatus "
    "TxnSubType TaxFormType TaxFormNum TransactionLocationType Tag TxnApprovalInfo RecurDataRef "
    "RecurringInfo ProjectRef TotalCostAmount HomeTotalCostAmount AutoDocNumber FreeFormAddress RemitToRef "
    "SalesRepRef PONumber FOB ShipMethodRef ShipDate TrackingNum ShippingTaxIncludedInTotalTax TemplateRef "
    "ARAccountRef FinanceCharge PaymentType CheckPayment CreditCardPayment DeliveryInfo DiscountRate "
    "DiscountAmt GovtTxnRefIdentifier TaxExemptionRef"
)
EMAIL_COPIES: dict[str, Reader] = {"BillEmailCc": EMAIL_COPY, "BillEmailBcc": EMAIL_COPY}
LINKED: dict[str, Reader] = {"LinkedTxn": many(LINKED_TXN)}
UNUSED_LINKS: dict[str, Reader] = {"LinkedTxn": ignored}
