"""An invoice by e-mail: it arrives with its PDF, is Sent once it left, and says what went wrong."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from app.accounts.models import Plan, User
from app.activity.models import Activity
from app.extensions import db
from app.invoices import lifecycle
from app.invoices.delivery import Letter, send_by_email
from app.invoices.models import Invoice, InvoiceStatus
from devtools.mail.catcher import HANG_UP
from devtools.waiting import wait_until
from tests.invoices.builders import customer, give_back, invoice, receive
from tests.invoices.conftest import BEA
from tests.invoices.forms.test_invoice import typed
from tests.invoices.pdf.test_document import pages
from tests.locks import somebody_waits
from tests.mail.builders import work
from tests.notifications.test_pages import second_owner
from tests.people import Actor


def asked(who: Actor, bill: Invoice, step: str = "email") -> dict[str, str]:
    """The form as the page fills it in."""
    page = who.get(f"/invoices/{bill.id}/{step}").text
    hidden = {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page)[1] for name in ("once", "seen")}
    return {"recipient": BEA, "subject": "Your invoice", "text": "Dear Bea,\n\nhere it is.", **hidden}


def send(who: Actor, bill: Invoice, step: str = "email", **changes: str):
    return who.post(f"/invoices/{bill.id}/{step}", asked(who, bill, step) | changes)


def status(bill: Invoice) -> InvoiceStatus:
    db.session.rollback()
    db.session.refresh(bill)
    return bill.status


def test_the_letter_is_written_already(owner, bill):
    page = owner.get(f"/invoices/{bill.id}/email").text
    assert BEA in page
    assert f"Invoice {bill.number} from Harbor Heating" in page
    assert "Dear Bea Baker," in page
    assert "$100.00 is due on Apr 1, 2026." in page


def test_what_is_late_was_due(owner, bill, clock):
    clock.advance(days=31)
    assert "$100.00 was due on Apr 1, 2026." in owner.get(f"/invoices/{bill.id}/email").text


def test_it_arrives_with_its_pdf_and_is_sent(app, owner, bill, mailbox):
    assert send(owner, bill).status_code == 303
    assert status(bill) is InvoiceStatus.GENERATED
    assert "On its way" in owner.get(f"/invoices/{bill.id}").text
    work(app)
    (letter,) = mailbox.to(BEA)
    assert letter.message["From"] == "Harbor Heating <mail@fsm-navigator.example>"
    assert letter.message["Reply-To"] == "olivia@harbor.example"
    assert letter.subject == "Your invoice"
    assert letter.text == "Dear Bea,\n\nhere it is.\n"
    ((name, content),) = letter.attachments
    assert name == f"{bill.number}.pdf"
    assert bill.number in pages(content)[0]
    assert status(bill) is InvoiceStatus.SENT
    assert "Sent Mar 2, 2026" in owner.get(f"/invoices/{bill.id}").text


def test_what_happened_is_noted(app, owner, bill, mailbox):
    send(owner, bill)
    work(app)
    texts = db.session.scalars(select(Activity.text).filter_by(record_id=bill.id).order_by(Activity.id)).all()
    assert texts[-2:] == [f"put an e-mail to {BEA} into the outbox", f"sent it to {BEA} by e-mail"]


def test_what_did_not_go_is_noted_with_its_reason(app, owner, bill, mailbox):
    mailbox.answer("rcpt", "550 No such person here")
    send(owner, bill)
    work(app)
    last = db.session.scalar(select(Activity.text).filter_by(record_id=bill.id).order_by(Activity.id.desc()))
    assert last.startswith(f"The e-mail to {BEA} was not sent: ")


def test_pressed_twice_it_goes_once(app, owner, bill, mailbox):
    form = asked(owner, bill)
    for _ in range(2):
        owner.post(f"/invoices/{bill.id}/email", form)
    work(app)
    assert len(mailbox.letters) == 1
    assert owner.get(f"/invoices/{bill.id}").text.count("On its way") == 0


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [
        ("rcpt", "550 No such person here", "550 No such person here"),
        ("data", HANG_UP, "It may not have arrived."),
        ("rcpt", "451 Come back later", "Not sent yet; tried again by itself."),
    ],
)
def test_what_went_wrong_is_said_on_the_invoice(app, owner, bill, mailbox, step, answer, said):
    mailbox.answer(step, answer)
    send(owner, bill)
    work(app)
    assert said in owner.get(f"/invoices/{bill.id}").text
    assert status(bill) is InvoiceStatus.GENERATED


def test_it_may_go_again_later(app, owner, buyer, mailbox):
    paid = invoice(buyer, status=InvoiceStatus.PAID)
    send(owner, paid, "email-again")
    work(app)
    assert len(mailbox.letters) == 1
    assert status(paid) is InvoiceStatus.PAID


def test_it_goes_again_only_after_it_went(app, owner, buyer, mailbox):
    paid = invoice(buyer, status=InvoiceStatus.PAID)
    address = f"/invoices/{paid.id}"
    assert "Send again by e-mail" not in owner.get(address).text
    mailbox.answer("rcpt", "550 No such person here")
    send(owner, paid, "email-again")
    work(app)
    assert "Send again by e-mail" not in owner.get(address).text
    send(owner, paid, "email-again")
    assert "Send again by e-mail" in owner.get(address).text


@pytest.mark.parametrize("unsent", [InvoiceStatus.DRAFT, InvoiceStatus.VOID, InvoiceStatus.DISPUTED])
@pytest.mark.parametrize("step", ["email", "email-again"])
def test_what_is_no_invoice_yet_or_any_more_does_not_go(app, owner, buyer, mailbox, unsent, step):
    other = invoice(buyer, status=unsent)
    form = {"recipient": BEA, "subject": "S", "text": "T", "once": "0123456789abcdef"}
    assert owner.post(f"/invoices/{other.id}/{step}", form).status_code == 303
    work(app)
    assert not mailbox.letters


@pytest.mark.parametrize(
    ("field", "wrong", "said"),
    [
        ("recipient", "", "Enter the customer&#39;s e-mail address."),
        ("recipient", "bea", "Enter one e-mail address"),
        ("recipient", "a@x.example, b@x.example", "Enter one e-mail address"),
        ("subject", "", "Enter a subject."),
        ("text", " ", "Write a line or two."),
    ],
)
def test_a_wrong_field_says_so_and_loses_nothing(owner, bill, mailbox, field, wrong, said):
    answer = send(owner, bill, **{"subject": "Kept subject", field: wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert "here it is." in answer.text or field == "text"


def test_without_a_mail_server_it_says_what_to_do(app, owner, bill, monkeypatch):
    monkeypatch.setitem(app.config, "MAIL_SERVER", None)
    answer = send(owner, bill)
    assert answer.status_code == 422
    assert "then mark the invoice as sent" in answer.text
    assert status(bill) is InvoiceStatus.GENERATED
    owner.post(f"/invoices/{bill.id}/send")
    assert status(bill) is InvoiceStatus.SENT


def test_only_owners_send_and_only_their_own(app, bill, dispatcher, technician, stranger):
    for who, code in ((dispatcher, 403), (technician, 403), (stranger, 404)):
        assert who.post(f"/invoices/{bill.id}/email", {}).status_code == code
    assert stranger.htmx("GET", f"/invoices/{bill.id}/deliveries").status_code == 404


def test_the_page_asks_only_while_it_is_on_its_way(app, owner, bill, mailbox):
    send(owner, bill)
    address = f"/invoices/{bill.id}/deliveries"
    assert "every 3s" in owner.htmx("GET", address).text
    work(app)
    assert "every 3s" not in owner.htmx("GET", address).text


def test_the_head_and_the_steps_follow_the_letter(app, owner, dispatcher, bill, mailbox):
    send(owner, bill)
    address = re.search(rf'/invoices/{bill.id}/deliveries[^"]*', owner.get(f"/invoices/{bill.id}").text)[0]
    assert "hx-swap-oob" not in owner.htmx("GET", address).text
    work(app)
    answer = owner.htmx("GET", address).text
    assert answer.count('hx-swap-oob="true"') == 2
    head, steps = answer.split('hx-swap-oob="true"')[1:]
    assert ">Sent</span>" in head
    assert "Mark as sent" not in steps
    assert "Record payment" in steps
    assert "Record payment" not in dispatcher.htmx("GET", address).text


def test_the_head_follows_while_another_letter_still_waits(app, owner, bill, mailbox):
    send(owner, bill)
    send(owner, bill)
    address = re.search(rf'/invoices/{bill.id}/deliveries[^"]*', owner.get(f"/invoices/{bill.id}").text)[0]
    lifecycle.mark_sent(bill)
    db.session.commit()
    answer = owner.htmx("GET", address).text
    assert ">Sent</span>" in answer
    assert (
        "hx-swap-oob" not in owner.htmx("GET", re.search(r'hx-get="([^"]+/deliveries[^"]*)"', answer)[1]).text
    )


def test_a_customers_name_begins_no_header_and_no_markup(app, owner, mailbox):
    owner.company.name = "Harbor\nBcc: x@y.example"
    nasty = customer(owner.company, "<b>Bea</b>", email=BEA)
    send(owner, invoice(nasty, status=InvoiceStatus.GENERATED), text="<script>alert(1)</script>")
    work(app)
    (letter,) = mailbox.letters
    assert letter.message["Bcc"] is None
    assert "<script>" not in letter.html


def test_a_company_floods_nobody(owner, bill, monkeypatch, clock):
    monkeypatch.setattr(Plan, "mails_a_day", 2)
    assert send(owner, bill).status_code == 303
    assert send(owner, bill).status_code == 303
    answer = send(owner, bill, subject="A third one")
    assert answer.status_code == 422
    assert "2 e-mails were sent in the last 24 hours. That is the most on the Pro plan." in answer.text
    assert "A third one" in answer.text
    clock.advance(hours=25)
    assert send(owner, bill).status_code == 303


def test_two_at_once_never_pass_the_limit(app, owner, buyer, monkeypatch):
    monkeypatch.setattr(Plan, "mails_a_day", 1)
    first, second = (invoice(buyer, status=InvoiceStatus.GENERATED) for _ in range(2))
    letter, second_id = Letter(BEA, "Your invoice", "Here it is.", "1" * 16), second.id
    db.session.commit()

    def send_the_second() -> str:
        with app.app_context():
            try:
                send_by_email(db.session.get_one(Invoice, second_id), letter, person(owner))
            except lifecycle.NotAllowed as refusal:
                return str(refusal)
            db.session.commit()
            return "sent"

    send_by_email(first, letter, person(owner))
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(send_the_second)
        wait_until(lambda: somebody_waits() or other.done(), "the second one waits, or is through")
        db.session.commit()
        assert "1 e-mails were sent in the last 24 hours." in other.result()


def person(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id)


def test_a_letter_is_asked_about_again_when_the_invoice_changed_meanwhile(app, owner, bill, mailbox):
    form = asked(owner, bill)
    owner.post(
        f"/invoices/{bill.id}/edit", typed(bill.customer, {"unit_price": "150"}, due_date="2026-04-01")
    )
    again = owner.post(f"/invoices/{bill.id}/email", form)
    assert again.status_code == 422
    assert "The invoice or its e-mails changed since you opened this form." in again.text
    assert "here it is." in again.text
    now_seen = re.search(r'name="seen"[^>]*value="([^"]+)"', again.text)[1]
    assert owner.post(f"/invoices/{bill.id}/email", form | {"seen": now_seen}).status_code == 303


def test_two_owners_do_not_send_it_twice_unknowingly(app, owner, bill, mailbox):
    other = second_owner(app)
    first, second = asked(owner, bill), asked(other, bill)
    owner.post(f"/invoices/{bill.id}/email", first)
    answer = other.post(f"/invoices/{bill.id}/email", second)
    assert answer.status_code == 422
    assert "The invoice or its e-mails changed since you opened this form." in answer.text
    assert f"An e-mail to {BEA} waits since Mar 2, 2026" in answer.text
    work(app)
    assert len(mailbox.to(BEA)) == 1


def test_the_form_says_that_a_letter_waits_and_what_send_does(owner, bill, mailbox):
    assert "waits since" not in owner.get(f"/invoices/{bill.id}/email").text
    send(owner, bill)
    page = owner.get(f"/invoices/{bill.id}/email").text
    assert f"An e-mail to {BEA} waits since Mar 2, 2026" in page
    assert "<em>Send</em> puts another one beside it." in page
    assert send(owner, bill).status_code == 303


def test_a_letter_that_left_meanwhile_is_asked_about(app, owner, buyer, mailbox):
    paid = invoice(buyer, status=InvoiceStatus.PAID)
    send(owner, paid, "email-again")
    form = asked(owner, paid, "email-again")
    work(app)
    answer = owner.post(f"/invoices/{paid.id}/email-again", form)
    assert answer.status_code == 422
    assert "waits since" not in answer.text


def test_the_letter_of_a_refunded_invoice_says_so(owner, bill):
    bill.status = InvoiceStatus.REFUNDED
    receive(bill, bill.total)
    give_back(bill, bill.total)
    db.session.commit()
    page = owner.get(f"/invoices/{bill.id}/email-again").text
    assert "The $100.00 that you had paid was given back to you." in page
    assert "Thank you" not in page
