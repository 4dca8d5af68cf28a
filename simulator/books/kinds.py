"""All kinds of records by name, and by the lower-case name in a URL."""

from simulator.books.account import Account
from simulator.books.credit_memo import CreditMemo
from simulator.books.customer import Customer
from simulator.books.employee import Employee
from simulator.books.fixed import CompanyInfo, Preferences, TaxCode, TaxRate
from simulator.books.invoice import Invoice
from simulator.books.item import Item
from simulator.books.kind import Kind
from simulator.books.payment import Payment
from simulator.books.payment_method import PaymentMethod
from simulator.books.refund_receipt import RefundReceipt
from simulator.books.term import Term
from simulator.books.tracking import Class, Department
from simulator.books.vendor import Vendor

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        CompanyInfo(),
        Preferences(),
        Account(),
        Item(),
        TaxCode(),
        TaxRate(),
        Class(),
        Department(),
        Term(),
        PaymentMethod(),
        Customer(),
        Vendor(),
        Employee(),
        Invoice(),
        Payment(),
        CreditMemo(),
        RefundReceipt(),
    )
}
KINDS_BY_PATH: dict[str, Kind] = {kind.path: kind for kind in KINDS.values()}
