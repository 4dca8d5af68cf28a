"""What can be paid in two places can be paid twice: QuickBooks takes payments online only if the Owner says so."""

from dataclasses import replace

import pytest

from app.extensions import db
from app.quickbooks.account.gateway import client_for
from app.quickbooks.lane.facts import read_facts
from app.quickbooks.mapping import remembering
from app.quickbooks.mapping.fields import PAID_ONLINE
from app.quickbooks.models import PushBatch, RecordKind, RemoteLink, TaskState
from tests.people import Actor
from tests.quickbooks import builders
from tests.quickbooks.conftest import QuickBooks

PAGE = "/settings/integrations/quickbooks"
OFFER = "Customers may pay these invoices through QuickBooks"


@pytest.fixture
def with_payments(quickbooks: QuickBooks) -> QuickBooks:
    """The company has QuickBooks Payments, and offers it on every invoice that does not say otherwise."""
    use_payments(quickbooks)
    return quickbooks


def use_payments(quickbooks: QuickBooks, on: bool = True) -> None:
    sales = {"SalesFormsPrefs": {"ETransactionPaymentEnabled": on}}
    quickbooks.simulator.company(quickbooks.realm, preferences=sales)
    read_facts(quickbooks.connection.id, client_for(quickbooks.connection.id))


def allow(quickbooks: QuickBooks, on: bool) -> None:
    """As the Owner does in Sync Preferences."""
    account = quickbooks.connection.preferences.income_account_id
    form = {"sync_customers": "y", "sync_invoices": "y", "income_account_id": account}
    quickbooks.owner.post(f"{PAGE}/preferences", form | ({"online_payments": "y"} if on else {}))


def is_payable(quickbooks: QuickBooks, number: str) -> bool:
    by_card, by_bank = (quickbooks.invoice(number)[flag] for flag in PAID_ONLINE)
    assert by_card == by_bank
    return by_card


def sent_last() -> dict:
    batch = db.session.query(PushBatch).order_by(PushBatch.id.desc()).first()
    return batch.items[0].body


def test_not_unless_the_owner_allows_it(with_payments, owner: Actor):
    buyer = builders.customer(owner.company)
    builders.invoice(buyer, number="INV-1")
    with_payments.drain()
    allow(with_payments, on=True)
    builders.invoice(buyer, number="INV-2")
    with_payments.drain()
    assert (is_payable(with_payments, "INV-1"), is_payable(with_payments, "INV-2")) == (False, True)


def test_a_later_push_follows_the_preference_and_no_other_resends_it(with_payments, owner: Actor):
    bill = builders.invoice(builders.customer(owner.company), number="INV-1")
    with_payments.drain()
    builders.edit_invoice(bill, notes="Ring twice")
    with_payments.drain()
    assert sent_last().keys() == {"Id", "SyncToken", "sparse", "PrivateNote"}
    allow(with_payments, on=True)
    with_payments.drain()
    assert not is_payable(with_payments, "INV-1")  # it is in QuickBooks: nothing is pushed unasked
    builders.edit_invoice(bill, notes="Ring once")
    with_payments.drain()
    assert sent_last().keys() == {"Id", "SyncToken", "sparse", "PrivateNote", *PAID_ONLINE}
    assert is_payable(with_payments, "INV-1")


def test_what_a_bookkeeper_chose_on_one_invoice_stays(with_payments, owner: Actor):
    bill = builders.invoice(builders.customer(owner.company), number="INV-1")
    with_payments.drain()
    chosen = dict.fromkeys(PAID_ONLINE, True)
    with_payments.do("invoice", with_payments.invoice("INV-1")["Id"], "edit", **chosen)
    builders.edit_invoice(bill, notes="Ring twice")
    with_payments.drain()
    assert with_payments.row(bill).state is TaskState.SYNCED
    assert is_payable(with_payments, "INV-1")


def test_what_the_company_s_settings_put_on_an_older_invoice_goes_unasked(with_payments, owner: Actor):
    """It was sent by a version that did not name the flags."""
    bill = builders.invoice(builders.customer(owner.company), number="INV-1")
    with_payments.drain()
    chosen = dict.fromkeys(PAID_ONLINE, True)
    with_payments.do("invoice", with_payments.invoice("INV-1")["Id"], "edit", **chosen)
    forget_flags(with_payments, bill)
    builders.edit_invoice(bill, notes="Ring twice")
    with_payments.drain()
    assert with_payments.row(bill).state is TaskState.SYNCED
    assert not is_payable(with_payments, "INV-1")


def forget_flags(quickbooks: QuickBooks, bill) -> None:
    link = db.session.query(RemoteLink).filter_by(kind=RecordKind.INVOICE, record_id=bill.id).one()
    remote = quickbooks.invoice(bill.number)
    sent = {name: value for name, value in link.memory.sent.items() if name not in PAID_ONLINE}
    link.memory = remembering.learn(replace(link.memory, sent=sent), RecordKind.INVOICE, remote)
    link.memory = replace(link.memory, before={}, moved=False)
    link.sync_token = remote["SyncToken"]
    db.session.commit()


def test_it_is_offered_only_with_quickbooks_payments(quickbooks, owner: Actor):
    assert OFFER not in owner.get(f"{PAGE}/preferences").text
    allow(quickbooks, on=True)
    db.session.expire_all()
    assert not quickbooks.connection.preferences.online_payments
    use_payments(quickbooks)
    page = owner.get(f"{PAGE}/preferences").text
    assert OFFER in page
    assert "An invoice that can be paid in two places can be paid twice." in page


def test_what_was_allowed_can_be_taken_back_without_quickbooks_payments(with_payments, owner: Actor):
    allow(with_payments, on=True)
    use_payments(with_payments, on=False)
    assert OFFER in owner.get(f"{PAGE}/preferences").text
    allow(with_payments, on=False)
    assert OFFER not in owner.get(f"{PAGE}/preferences").text
