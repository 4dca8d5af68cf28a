"""An update names what changed here, keeps what is theirs, and asks where both changed the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.accounts.models import Company, Terms
from app.customers.models import Customer
from app.invoices.models import Invoice, InvoiceLine
from app.lib import exact_json
from app.quickbooks.mapping import adopting, fingerprint, remembering
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.mapping.fields import WORDS
from app.quickbooks.mapping.invoice import invoice_body
from app.quickbooks.mapping.refs import Refs
from app.quickbooks.mapping.updates import AskFirst, changed_there, plan
from app.quickbooks.models import RecordKind
from app.quickbooks.models.memory import Memory

KIND = RecordKind.INVOICE
TAXED = CompanyFacts(uses_sales_tax=True, automated_sales_tax=True, terms={"net 30": "3"}, multicurrency=True)


def line(text: str, amount: int, id_: str = "", **detail) -> dict:
    known = {"Id": id_} if id_ else {}
    own = {"ItemRef": {"value": "8"}, "Qty": Decimal(1), "UnitPrice": Decimal(amount), **detail}
    return {**known, "DetailType": "SalesItemLineDetail", "Description": text, "Amount": Decimal(amount),
            "SalesItemLineDetail": own}  # fmt: skip


WANTED = {
    "DocNumber": "INV-7",
    "TxnDate": "2026-03-02",
    "DueDate": "2026-04-01",
    "SalesTermRef": {"value": "3"},
    "PrivateNote": "",
    "Line": [line("Visit", 100), line("Filter", 30)],
    "TxnTaxDetail": {"TotalTax": Decimal(5)},
}
ANSWER = {
    **WANTED,
    "SalesTermRef": {"value": "3", "name": "Net 30"},
    "Line": [
        line("Visit", 100, "1"),
        line("Filter", 30, "2"),
        {"DetailType": "SubTotalLineDetail", "Amount": 130},
    ],
    "TxnTaxDetail": {"TotalTax": Decimal("5.00"), "TxnTaxCodeRef": {"value": "2"}},
    "TotalAmt": Decimal("135.00"),
    "Balance": Decimal("135.00"),
}
SENT = remembering.confirm(Memory(), KIND, {k: v for k, v in WANTED.items() if v}, ANSWER)


def there(**changes) -> Memory:
    return remembering.learn(SENT, KIND, ANSWER | changes, moved=True)


def test_nothing_changed_nothing_is_sent():
    assert plan(KIND, WANTED, SENT) is None
    assert plan(KIND, WANTED, there(DueDate="2026-05-01", PrivateNote="theirs")) is None


@pytest.mark.parametrize("name", ["DocNumber", "DueDate", "PrivateNote"])
def test_one_field_goes_alone(name: str):
    assert plan(KIND, WANTED | {name: "2026-04-02"}, SENT).body == {name: "2026-04-02"}


@pytest.mark.parametrize("name", ["TxnDate", "SalesTermRef"])
def test_the_due_date_goes_with_what_it_would_follow_from(name: str):
    value = {"value": "4"} if name == "SalesTermRef" else "2026-03-03"
    moved = there(DueDate="2026-05-01")
    assert plan(KIND, WANTED | {name: value}, moved).body == {name: value, "DueDate": "2026-05-01"}


def test_lines_go_with_their_ids_and_the_tax_that_is_there():
    sold = [
        line("Visit", 100, "1", ClassRef={"value": "7"}),
        line("Filter", 30, "2", ServiceDate="2026-02-27"),
    ]
    tax = {"TotalTax": Decimal(6), "TxnTaxCodeRef": {"value": "2"}, "TaxLine": [{"Amount": 6}]}
    moved = there(Line=sold, TxnTaxDetail=tax)
    update = plan(KIND, WANTED | {"Line": [line("Two visits", 100), line("Filter", 30)]}, moved)
    assert update.body["Line"] == [sold[0] | {"Description": "Two visits"}, sold[1]]
    assert update.body["TxnTaxDetail"] == {"TotalTax": Decimal(6), "TxnTaxCodeRef": {"value": "2"}}
    assert "TxnTaxDetail" not in update.ours
    assert [mine["Id"] for mine in update.ours["Line"]] == ["1", "2"]


def test_both_changed_the_same_field_and_it_is_asked():
    with pytest.raises(AskFirst) as asked:
        plan(KIND, WANTED | {"DueDate": "2026-04-20"}, there(DueDate="2026-05-01"))
    (change,) = asked.value.changes
    assert (change.field, change.before, change.after) == ("DueDate", "2026-04-01", "2026-05-01")
    assert asked.value.ours == {"DueDate": "2026-04-20"}


def test_both_changed_it_alike_and_nothing_is_asked():
    changed = {"DueDate": "2026-04-20"}
    assert plan(KIND, WANTED | changed, there(**changed)).body == changed


def test_what_was_never_ours_is_not_overwritten_unasked():
    with pytest.raises(AskFirst):
        plan(KIND, WANTED | {"PrivateNote": "Gate code"}, there(PrivateNote="Call first"))


def test_it_is_remembered_through_reads_until_they_take_it_back_or_we_write_it():
    moved = there(DueDate="2026-05-01")
    again = remembering.learn(
        moved, KIND, ANSWER | {"DueDate": "2026-05-01", "CustomerMemo": {"value": "Hi"}}
    )
    assert [change.field for change in changed_there(KIND, again)] == ["DueDate"]
    assert remembering.learn(again, KIND, ANSWER).before == {}
    written = remembering.confirm(again, KIND, {"DueDate": "2026-04-20"}, ANSWER | {"DueDate": "2026-04-20"})
    assert (written.before, written.moved) == ({}, False)


def test_everything_writes_what_they_changed_and_drops_the_lines_they_added():
    extra = [*ANSWER["Line"][:2], line("Travel", 20, "3"), {"Id": "4", "DetailType": "DescriptionOnly"}]
    moved = there(DueDate="2026-05-01", Line=extra)
    body = plan(KIND, WANTED, moved, everything=True, allowed=True).body
    assert body["DueDate"] == "2026-04-01"
    assert [one.get("Id") for one in body["Line"]] == ["1", "2", "4"]


def test_a_line_that_is_gone_there_and_changed_here_is_asked_about():
    moved = there(Line=[line("Filter", 30, "2")], TotalAmt=Decimal(35))
    with pytest.raises(AskFirst) as asked:
        plan(KIND, WANTED | {"Line": [line("Visit", 120), line("Filter", 30)]}, moved)
    assert [change.words(KIND, "$") for change in asked.value.changes] == [
        "the total from $135.00 to $35.00",
        "line 1 (“Visit”) was removed",
    ]


WROTE = {"ServiceDate": "2026-02-27", "ClassRef": {"value": "7", "name": "Service"}}
WITHOUT_IT = [[line("Filter", 30)], [line("Repair", 200, ItemRef={"value": "9"}), line("Filter", 30)]]


@pytest.mark.parametrize("mine", WITHOUT_IT, ids=["taken out", "replaced"])
def test_what_they_wrote_on_a_line_that_goes_is_asked_about(mine):
    moved = there(Line=[line("Visit", 100, "1", **WROTE), line("Filter", 30, "2")])
    with pytest.raises(AskFirst) as asked:
        plan(KIND, WANTED | {"Line": mine}, moved)
    told = [
        "the service date of line 1 from none to Feb 27, 2026",
        "the class of line 1 from none to Service",
    ]
    assert [change.words(KIND, "$") for change in asked.value.changes] == told
    waiting = replace(moved, asked=asked.value.ours)
    assert [change.words(KIND, "$") for change in changed_there(KIND, waiting)] == told
    body = plan(KIND, WANTED | {"Line": mine}, moved, allowed=True).body
    assert "1" not in [one.get("Id") for one in body["Line"]]


def test_what_they_wrote_on_a_line_that_stays_is_nobodys_question():
    moved = there(Line=[line("Visit", 100, "1"), line("Filter", 30, "2", **WROTE)])
    body = plan(KIND, WANTED | {"Line": [line("Filter", 40)]}, moved).body
    assert [one["SalesItemLineDetail"]["ServiceDate"] for one in body["Line"]] == ["2026-02-27"]
    assert changed_there(KIND, moved) == []


def test_a_class_of_ours_goes_with_its_line():
    coded = WANTED | {"Line": [line("Visit", 100, ClassRef={"value": "7"}), line("Filter", 30)]}
    shown = [line("Visit", 100, "1", ClassRef={"value": "7", "name": "Service"}), line("Filter", 30, "2")]
    sent = remembering.confirm(Memory(), KIND, coded, ANSWER | {"Line": shown})
    assert len(plan(KIND, WANTED | {"Line": [line("Filter", 30)]}, sent).body["Line"]) == 1


def test_the_answer_to_a_question_is_about_what_was_seen():
    moved = there(Line=[line("Visit", 100, "1", **WROTE), line("Filter", 30, "2")])
    later = there(Line=[line("Visit", 100, "1", **WROTE, TaxClass="x"), line("Filter", 30, "2", **WROTE)])
    assert fingerprint.of(moved, KIND) != fingerprint.of(later, KIND)
    assert fingerprint.of(there(), KIND) == fingerprint.of(SENT, KIND)


REPLACED = [line("Visit, agreed", 80, "3"), line("Filter", 30, "2")]


@pytest.mark.parametrize("mine", [line("Visit", 120), line("Repair", 200, ItemRef={"value": "9"})])
def test_a_line_replaced_on_both_sides_is_asked_about_and_charged_once(mine):
    moved = there(Line=REPLACED, TotalAmt=Decimal(115))
    wanted = WANTED | {"Line": [mine, line("Filter", 30)]}
    with pytest.raises(AskFirst) as asked:
        plan(KIND, wanted, moved)
    assert "a line was added (“Visit, agreed”)" in [c.words(KIND, "$") for c in asked.value.changes]
    body = plan(KIND, wanted, moved, allowed=True).body
    assert sorted(one["Amount"] for one in body["Line"]) == sorted([mine["Amount"], 30])


def test_a_line_of_theirs_stays_where_ours_is_not_touched():
    moved = there(Line=REPLACED, TotalAmt=Decimal(115))
    body = plan(KIND, WANTED | {"Line": [line("Visit", 100), line("Filter", 40)]}, moved).body
    assert sorted(one["Amount"] for one in body["Line"]) == [40, 80]


def test_a_line_they_took_out_and_we_did_not_touch_stays_out():
    moved = there(Line=[line("Filter", 30, "2")], TotalAmt=Decimal(35))
    body = plan(KIND, WANTED | {"Line": [line("Visit", 100), line("Filter", 40)]}, moved).body
    assert [(one["Id"], one["Amount"]) for one in body["Line"]] == [("2", 40)]


def test_a_percentage_discount_of_theirs_gives_way_to_our_amount():
    mine = {
        "DetailType": "DiscountLineDetail",
        "Amount": Decimal(10),
        "DiscountLineDetail": {"PercentBased": False},
    }
    account = {"DiscountAccountRef": {"value": "86"}}
    shown = mine | {"DiscountLineDetail": {"PercentBased": False, **account}}
    wanted = WANTED | {"Line": [*WANTED["Line"], mine]}
    sent = remembering.confirm(Memory(), KIND, wanted, ANSWER | {"Line": [*ANSWER["Line"], shown]})
    wanted = wanted | {"Line": [*WANTED["Line"], mine | {"Amount": Decimal(15)}]}
    theirs = {"PercentBased": True, "DiscountPercent": Decimal(10), **account}
    moved = remembering.learn(
        sent, KIND, ANSWER | {"Line": [*ANSWER["Line"], shown | {"Amount": 13, "DiscountLineDetail": theirs}]}
    )
    body = plan(KIND, wanted, moved, allowed=True).body
    assert body["Line"][-1] == {
        **mine,
        "Amount": 15,
        "DiscountLineDetail": {"PercentBased": False, **account},
    }


class TestALostAnswer:
    OURS = {"DueDate": "2026-04-20", "PrivateNote": "Gate code"}

    def doubted(self, versions: int, **shown) -> Memory:
        return remembering.after_lost_answer(SENT, KIND, self.OURS, ANSWER | shown, versions)

    def test_done(self):
        known = self.doubted(1, **self.OURS)
        assert plan(KIND, WANTED | self.OURS, known) is None

    def test_not_done(self):
        assert plan(KIND, WANTED | self.OURS, self.doubted(0)).body == self.OURS

    def test_not_done_and_another_edit_there(self):
        assert plan(KIND, WANTED | self.OURS, self.doubted(1, DocNumber="INV-7b")).body == self.OURS

    @pytest.mark.parametrize(
        ("shown", "told"),
        [
            ({"PrivateNote": "Gate code"}, "the due date from Apr 20, 2026 to Apr 1, 2026"),
            (
                {"DocNumber": "INV-7b"},
                "the due date from Apr 20, 2026 to Apr 1, 2026 (or our change never arrived)",
            ),
            ({"DueDate": "2026-05-01"}, "the due date from Apr 1, 2026 to May 1, 2026"),
        ],
    )
    def test_done_and_taken_back_or_never_done(self, shown: dict, told: str):
        """Only what shows a part of ours, or another value, tells that somebody changed it."""
        assert told in self.asked(self.doubted(2, **shown))

    def test_what_was_unsure_is_changed_once_it_moves_on(self):
        later = remembering.learn(self.doubted(2), KIND, ANSWER | {"DueDate": "2026-05-01"}, moved=True)
        assert self.asked(later)[0] == "the due date from Apr 1, 2026 to May 1, 2026"

    def test_what_was_unsure_is_written_over_with_consent(self):
        taken = plan(KIND, WANTED | self.OURS, self.doubted(2), allowed=True)
        assert (
            remembering.confirm(self.doubted(2), KIND, taken.ours, ANSWER | self.OURS).unsure == frozenset()
        )

    def asked(self, known: Memory) -> list[str]:
        with pytest.raises(AskFirst) as asked:
            plan(KIND, WANTED | self.OURS, known)
        return [change.words(KIND, "$") for change in asked.value.changes]

    def test_a_payment_makes_a_version_too(self):
        paid = {"LinkedTxn": [{"TxnId": "9", "TxnType": "Payment"}]}
        assert plan(KIND, WANTED | self.OURS, self.doubted(2, **paid)).body == self.OURS


def test_adopting_fills_in_and_leaves_alone():
    found = ANSWER | {"DueDate": "2026-05-01"}
    del found["SalesTermRef"]
    known = adopting.adopt(remembering.learn(Memory(), KIND, found), KIND, WANTED)
    assert plan(KIND, WANTED, known).body == {"SalesTermRef": {"value": "3"}, "DueDate": "2026-05-01"}
    with pytest.raises(AskFirst):
        plan(KIND, WANTED | {"DueDate": "2026-04-20"}, known)


def test_the_memory_survives_the_database():
    moved = replace(there(DueDate="2026-05-01"), unsure=frozenset({"DueDate"}))
    assert Memory.from_json(exact_json.loads(exact_json.dumps(moved.to_json()))) == moved


OLD_INVOICE = {
    "doc_number": "INV-7", "total": Decimal(135), "balance": Decimal(100), "customer_id": "4",
    "customer_name": "Rivera", "voided": False, "ours": ["DocNumber", "DueDate", "Line"], "balance_moved": True,
}  # fmt: skip


def test_an_older_snapshot_is_read_and_compared_on_what_it_knows():
    old = Memory.from_json(OLD_INVOICE)
    assert (old.total, old.balance, old.balance_moved, old.over) == (135, 100, True, False)
    assert plan(KIND, {"DocNumber": "INV-7", "DueDate": "2026-04-01"}, old).body == {"DueDate": "2026-04-01"}
    read = remembering.learn(old, KIND, ANSWER | {"DocNumber": "INV-7b", "DueDate": "2026-05-01"})
    assert [change.field for change in changed_there(KIND, read)] == ["DocNumber"]
    assert Memory.from_json({"total": 40, "applied": {"130": 40}, "over": True}).over


def test_an_unknown_field_of_a_later_version_is_passed_over():
    assert Memory.from_json({"seen": {}, "applied": {}, "of_tomorrow": 1}) == Memory()


def test_every_field_of_an_invoice_has_a_word(app):
    customer = Customer(name="Rivera", email="a@b.example", tax_exempt=False)
    invoice = Invoice(
        number="INV-7", issue_date=date(2026, 3, 2), due_date=date(2026, 4, 1), notes="", terms=Terms.NET_30,
        company=Company(currency="USD"), customer=customer, tax_rate=Decimal(8), tax_total=Decimal(8),
        subtotal=Decimal(100), discount_total=Decimal(0),
        lines=[InvoiceLine(item="Visit", description="", quantity=Decimal(1), unit_price=Decimal(100),
                           amount=Decimal(100), discount_percent=Decimal(0))],
    )  # fmt: skip
    body = invoice_body(invoice, Refs("4", {"visit": "8"}), TAXED)
    assert body.keys() <= WORDS[KIND].keys()


PLACE = {"Line1": "3 Lake Road", "City": "Conway", "CountrySubDivisionCode": "NH"}
PLACED = WANTED | {"ShipAddr": PLACE}


def test_a_new_place_takes_the_tax_along_as_it_is_there():
    """QuickBooks would work it out anew by its own rate, and the total would move."""
    sent = remembering.confirm(SENT, KIND, PLACED, ANSWER | {"ShipAddr": PLACE})
    assert plan(KIND, PLACED, sent) is None
    moved = PLACE | {"City": "Berlin"}
    body = plan(KIND, WANTED | {"ShipAddr": moved}, sent).body
    assert body == {"ShipAddr": moved, "TxnTaxDetail": ANSWER["TxnTaxDetail"]}


@pytest.mark.parametrize("there_now", [{}, {"ShipAddr": {"City": "Saco"}}])
def test_an_older_link_that_took_the_place_for_sent_does_not_look_changed(there_now):
    """What migration 0023 leaves of a snapshot that kept only a few fields."""
    older = Memory.from_json({"doc_number": "INV-7", "ours": ["DocNumber"], "sent": {"ShipAddr": PLACE}})
    read = remembering.learn(older, KIND, ANSWER | there_now)
    assert changed_there(KIND, read) == []
    assert plan(KIND, PLACED, read) is None
    theirs = remembering.learn(read, KIND, ANSWER | {"ShipAddr": {"City": "Bath"}})
    assert [change.field for change in changed_there(KIND, theirs)] == ["ShipAddr"]


def test_an_adoption_of_an_older_version_still_asks_about_their_lines():
    stored = {"sent": {"Line": []}, "seen": {"Line": []}, "before": {"Line": None, "DueDate": None}}
    assert Memory.from_json(stored).entered == {"Line"}
    assert Memory.from_json(stored | {"before": {"DueDate": None}}).entered == set()
