"""A client that nobody here wrote takes the simulator for QuickBooks Online: python-quickbooks."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from intuitlib.client import AuthClient
from quickbooks import QuickBooks
from quickbooks.batch import batch_create, batch_delete, batch_update
from quickbooks.cdc import change_data_capture
from quickbooks.exceptions import (
    AuthorizationException,
    ObjectNotFoundException,
    QuickbooksException,
    SevereException,
    UnsupportedException,
    ValidationException,
)
from quickbooks.objects import (
    Account,
    Address,
    CompanyInfo,
    CreditMemo,
    Customer,
    EmailAddress,
    Employee,
    Invoice,
    Item,
    Payment,
    PaymentLine,
    PaymentMethod,
    Preferences,
    RefundReceipt,
    SalesItemLine,
    SalesItemLineDetail,
    TaxCode,
    TaxRate,
    Term,
    Vendor,
)
from quickbooks.objects.base import LinkedTxn, Ref

from tests.realms import US
from tests.simulator.connected import CLIENT, REDIRECT, consent
from tests.simulator.test_intuit_oauth import discovery
from tests.simulator_process import SimulatorProcess


@pytest.fixture
def quickbooks(simulator: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Iterator[QuickBooks]:
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    auth = AuthClient(*CLIENT, REDIRECT, environment=discovery(simulator))
    auth.get_bearer_token(consent(simulator, US)["code"], realm_id=US)
    client = QuickBooks(auth_client=auth, refresh_token=auth.refresh_token, company_id=US, minorversion=75)
    client.api_url_v3 = f"{simulator.url}/v3"
    client.use_decimal = True
    yield client
    client.session.close()
    auth.close()


def saved_customer(quickbooks: QuickBooks, name: str = "Harbor Heating") -> Customer:
    customer = Customer()
    customer.DisplayName = name
    customer.PrimaryEmailAddr = EmailAddress()
    customer.PrimaryEmailAddr.Address = "amy@harbor.example"
    customer.BillAddr = Address()
    customer.BillAddr.Line1 = "1 Pier"
    return customer.save(qb=quickbooks)


def sales_line(amount: str = "100.00") -> SalesItemLine:
    line = SalesItemLine()
    line.Amount = Decimal(amount)
    line.SalesItemLineDetail = SalesItemLineDetail()
    line.SalesItemLineDetail.ItemRef = Ref()
    line.SalesItemLineDetail.ItemRef.value = "1"
    return line


def saved_invoice(quickbooks: QuickBooks, customer: Customer, number: str = "A1") -> Invoice:
    invoice = Invoice()
    invoice.DocNumber = number
    invoice.CustomerRef = customer.to_ref()
    invoice.Line.append(sales_line())
    return invoice.save(qb=quickbooks)


def test_it_reads_what_every_company_has(quickbooks: QuickBooks) -> None:
    assert CompanyInfo.get(US, qb=quickbooks).CompanyName == "Sandbox Company US 1"
    assert Preferences.get(qb=quickbooks).SalesFormsPrefs.AllowDiscount is True
    income = Account.where("AccountType = 'Income' AND Active = true", qb=quickbooks)
    assert "Services" in {account.Name for account in income}
    assert [item.Name for item in Item.all(qb=quickbooks)] == ["Hours", "Services"]
    for kind in (Term, PaymentMethod, TaxCode, TaxRate, Vendor, Employee):
        assert kind.all(qb=quickbooks), kind
        assert kind.count(qb=quickbooks) == len(kind.all(qb=quickbooks))


def test_it_creates_finds_and_updates(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks, "Adam's Candy Shop")
    found = Customer.filter(DisplayName="Adam's Candy Shop", qb=quickbooks)
    assert [row.Id for row in found] == [customer.Id]
    assert [row.Id for row in Customer.choose([customer.Id], qb=quickbooks)] == [customer.Id]

    read = Customer.get(customer.Id, qb=quickbooks)
    read.CompanyName = "Adam & Sons"
    assert read.save(qb=quickbooks).SyncToken == "1"
    assert Customer.get(customer.Id, qb=quickbooks).PrimaryEmailAddr.Address == "amy@harbor.example"


def test_it_deactivates(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks)
    customer.Active = False
    customer.save(qb=quickbooks)
    assert Customer.all(qb=quickbooks) == []
    assert [row.Id for row in Customer.where("Active = false", qb=quickbooks)] == [customer.Id]


def test_it_bills_is_paid_voids_and_deletes(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks)
    invoice = saved_invoice(quickbooks, customer)
    assert invoice.TotalAmt == Decimal(100)

    payment = Payment()
    payment.CustomerRef = customer.to_ref()
    payment.TotalAmt = Decimal("40.00")
    line = PaymentLine()
    line.Amount = Decimal("40.00")
    link = LinkedTxn()
    link.TxnId, link.TxnType = invoice.Id, "Invoice"
    line.LinkedTxn.append(link)
    payment.Line.append(line)
    payment = payment.save(qb=quickbooks)
    assert Invoice.get(invoice.Id, qb=quickbooks).Balance == Decimal(60)

    payment.void(qb=quickbooks)
    assert Payment.get(payment.Id, qb=quickbooks).TotalAmt == 0
    again = Invoice.get(invoice.Id, qb=quickbooks)
    again.void(qb=quickbooks)
    void = Invoice.get(invoice.Id, qb=quickbooks)
    assert (void.TotalAmt, void.PrivateNote) == (0, "Voided")
    void.delete(qb=quickbooks)
    with pytest.raises(ObjectNotFoundException):
        Invoice.get(invoice.Id, qb=quickbooks)


def test_it_sends_credits_and_refunds(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks)
    invoice = saved_invoice(quickbooks, customer)
    assert invoice.send(qb=quickbooks, send_to="amy@harbor.example")["Invoice"]["EmailStatus"] == "EmailSent"
    for kind in (CreditMemo, RefundReceipt):
        document = kind()
        document.CustomerRef = customer.to_ref()
        document.Line.append(sales_line("5.00"))
        if kind is RefundReceipt:
            document.DepositToAccountRef = Ref()
            document.DepositToAccountRef.value = "6"
        assert document.save(qb=quickbooks).TotalAmt == Decimal(5)


def test_it_batches(quickbooks: QuickBooks) -> None:
    customers = []
    for number in range(35):
        customer = Customer()
        customer.DisplayName = f"Customer {number % 34}"
        customers.append(customer)
    created = batch_create(customers, qb=quickbooks)
    assert (len(created.successes), len(created.faults)) == (34, 1)
    assert created.faults[0].Error[0].code == "6240"

    for customer in created.successes:
        customer.Notes = "seen"
    assert len(batch_update(created.successes, qb=quickbooks).successes) == 34
    invoices = [saved_invoice(quickbooks, created.successes[0], number) for number in ("A1", "A2")]
    stubs = batch_delete(invoices, qb=quickbooks)
    assert len(stubs.successes) == 2
    assert Invoice.count(qb=quickbooks) == 0


def test_it_captures_changes(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks)
    since = datetime.now(UTC) - timedelta(hours=1)
    changed = change_data_capture([Customer, Invoice], since.isoformat(), qb=quickbooks)
    assert [row.Id for row in changed.Customer] == [customer.Id]
    assert not hasattr(changed, "Invoice")


def test_its_request_ids_are_kept(quickbooks: QuickBooks) -> None:
    customers = []
    for _ in range(2):
        customer = Customer()
        customer.DisplayName = "Harbor"
        customers.append(customer.save(qb=quickbooks, request_id="r1"))
    assert customers[0].Id == customers[1].Id


@pytest.mark.parametrize(
    ("name", "error", "code"),
    [
        ("", QuickbooksException, 6080),
        ("Harbor Heating", QuickbooksException, 6240),
        ("a:b", ValidationException, 2040),
        ("x" * 101, ValidationException, 2050),
    ],
)
def test_it_understands_refusals(
    quickbooks: QuickBooks, name: str, error: type[QuickbooksException], code: int
) -> None:
    saved_customer(quickbooks)
    customer = Customer()
    customer.DisplayName = name
    with pytest.raises(error) as refusal:
        customer.save(qb=quickbooks)
    assert refusal.value.error_code == code
    assert refusal.value.detail


def test_it_understands_a_stale_version(quickbooks: QuickBooks) -> None:
    customer = saved_customer(quickbooks)
    customer.SyncToken = "7"
    with pytest.raises(QuickbooksException) as refusal:
        customer.save(qb=quickbooks)
    assert refusal.value.error_code == 5010


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"effect": "fault", "code": "500"}, UnsupportedException),
        ({"effect": "fault", "code": "10000"}, SevereException),
        ({"effect": "fault", "code": "120", "status": 400}, AuthorizationException),
        ({"effect": "throttle"}, QuickbooksException),
        ({"effect": "fault_in_200", "code": "610"}, ObjectNotFoundException),
        ({"effect": "html"}, QuickbooksException),
        ({"effect": "gateway_fault", "code": "3200"}, AuthorizationException),
    ],
)
def test_it_meets_bad_days(
    quickbooks: QuickBooks,
    simulator: SimulatorProcess,
    script: dict[str, object],
    error: type[QuickbooksException],
) -> None:
    simulator.script(**script)
    with pytest.raises(error):
        Customer.all(qb=quickbooks)


def test_it_meets_the_end_of_its_authorization(quickbooks: QuickBooks, simulator: SimulatorProcess) -> None:
    simulator.control("POST", "tokens", {"action": "revoke"})
    with pytest.raises(AuthorizationException):
        Customer.all(qb=quickbooks)
