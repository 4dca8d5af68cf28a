"""Importing customers: everything is checked and shown, and only then saved."""

import csv
import io
import re

import pytest
from sqlalchemy import func, select

from app.accounts.models import Plan
from app.csv_import.decoding import MAX_BYTES
from app.csv_import.models import CsvUpload
from app.customers.models import Customer
from app.extensions import db
from app.lib.clock import FixedClock
from tests.customers.conftest import Announced, upload
from tests.people import Actor

COLUMNS = [
    "customer_number",
    "display_name",
    "given_name",
    "family_name",
    "address",
    "city",
    "region",
    "postal_code",
    "country",
    "phone",
]
HEADER = ",".join(COLUMNS)
ABROAD = f"""{HEADER}
BERGS,Berglunds snabbköp,Christina,Berglund,Berguvsvägen  8,Luleå,,S-958 22,Sweden,0921-12 34 65
BLONP,Blondesddsl père et fils,Frédérique,Citeaux,"24, place Kléber",Strasbourg,,67000,France,88.60.15.31
BONAP,Bon app',Laurence,Lebihan,"12, rue des Bouchers",Marseille,,13008,France,91.24.45.40
BSBEV,"B's ""Best"" Beverages",Victoria,Ashworth,Fauntleroy Circus,London,,EC2 5NT,UK,(171) 555-1212
,No Number,,,,,,,,
"""


def row(**cells: str) -> str:
    file = io.StringIO()
    csv.writer(file).writerow([{"display_name": "Ada", **cells}.get(name, "") for name in COLUMNS])
    return file.getvalue()


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def problems(page: str) -> list[tuple[int, str, str]]:
    cells = re.findall(
        r'data-label="Line">(\d+)</td><td data-label="Column">(.*?)</td><td[^>]*>(.*?)</td>', page
    )
    return [(int(line), re.sub("<.*?>", "", column), message) for line, column, message in cells]


def test_a_good_file_is_shown_first_and_saved_after_the_confirmation(owner: Actor, announced: Announced):
    answer = upload(owner, ABROAD)
    assert answer.status_code == 303
    preview = owner.get(answer.location).text
    assert "Import 5 customers" in preview
    for words in ("Berglunds snabbköp", "Bon app&#39;", "24, place Kléber, Strasbourg, 67000, France"):
        assert words in preview
    assert (count(Customer), announced) == (0, [])

    confirmed = owner.post(answer.location)
    assert (confirmed.status_code, confirmed.location) == (303, "/customers")
    assert "5 customers were imported." in owner.get("/customers").text
    bergs = db.session.scalar(select(Customer).where(Customer.number == "BERGS"))
    assert (bergs.name, bergs.contact_name, bergs.phone) == (
        "Berglunds snabbköp",
        "Christina Berglund",
        "0921-12 34 65",
    )
    place = bergs.primary_location
    assert (place.street, place.city, place.state, place.postal_code, place.country) == (
        "Berguvsvägen  8",
        "Luleå",
        "",
        "S-958 22",
        "Sweden",
    )
    nobody = db.session.scalar(select(Customer).where(Customer.name == "No Number"))
    assert (nobody.number, nobody.locations) == (None, [])
    assert [len(ids) for _, ids in announced] == [5]


def test_a_confirmation_counts_once(owner: Actor):
    url = upload(owner, ABROAD).location
    assert owner.post(url).status_code == 303
    assert count(CsvUpload) == 0
    assert owner.post(url).status_code == 404
    assert count(Customer) == 5


def test_optional_columns_and_a_byte_order_mark(owner: Actor):
    header = f"{HEADER},email,tax_exempt,notes"
    content = f'{header}\nA,Ada,,,,,,,,,ada@lane.example,YES,"One\nTwo"\nB,Ben,,,,,,,,,,,\n'
    owner.post(upload(owner, content.encode("utf-8-sig")).location)
    ada, ben = db.session.scalars(select(Customer).order_by(Customer.name))
    assert (ada.email, ada.tax_exempt, ada.notes) == ("ada@lane.example", True, "One\nTwo")
    assert (ben.email, ben.tax_exempt, ben.notes) == ("", False, "")


def test_every_problem_is_listed_with_its_line_and_nothing_is_kept(owner: Actor, bakery: Customer):
    content = HEADER + "\n" + row(customer_number="A") + row(customer_number="A", display_name="")
    content += row(customer_number="C-1") + "Z,too,few\n" + row(phone="1" * 41) + row(region="é" * 61)
    answer = upload(owner, content)
    assert answer.status_code == 422
    assert "6 problems in this file" in answer.text
    assert problems(answer.text) == [
        (3, "display_name", "This cell must not be empty."),
        (3, "customer_number", "The number A is on line 2 already."),
        (4, "customer_number", "A customer with the number C-1 exists already."),
        (5, "whole row", "This row has 3 cells; the header has 10."),
        (6, "phone", "This is 41 characters long; 40 fit."),
        (7, "region", "This is 61 characters long; 60 fit."),
    ]
    assert (count(Customer), count(CsvUpload)) == (1, 0)


@pytest.mark.parametrize(
    ("column", "cell", "complaint"),
    [
        ("email", "ada@", "This is not a complete e-mail address."),
        ("email", "ada", "This is not a complete e-mail address."),
        ("tax_exempt", "maybe", "Write yes or no."),
        ("notes", "n" * 4001, "This is 4001 characters long; 4000 fit."),
    ],
)
def test_optional_columns_are_checked_too(owner: Actor, column: str, cell: str, complaint: str):
    answer = upload(owner, f"{HEADER},{column}\nA,Ada,,,,,,,,,{cell}\n")
    assert problems(answer.text) == [(2, column, complaint)]


def test_a_wrong_header_says_what_is_missing_and_what_is_unknown(owner: Actor):
    answer = upload(owner, "whom;fax\nAda;1\n")
    assert answer.status_code == 422
    assert problems(answer.text) == [
        (1, "whole row", "The header lacks: display_name."),
        (1, "whole row", "The header has unknown columns: whom;fax."),
    ]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "This file is empty."),
        (b",,,\n,,,\n", "This file is empty."),
        (ABROAD.encode("latin-1"), "Line 2 has characters that are not UTF-8."),
        (HEADER.encode() + b"\nA,A\0da,,,,,,,,\n", "Line 2 has a NUL byte"),
        (b"x" * (MAX_BYTES + 1), "This file is too large. Files up to 10 MB can be imported."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(owner: Actor, content: bytes, complaint: str):
    answer = upload(owner, content)
    assert answer.status_code == 422
    assert re.search(rf'id="file-note">{re.escape(complaint)}', answer.text)


def test_a_file_beyond_what_the_server_takes(owner: Actor):
    answer = upload(owner, b"x" * (12 * 1024 * 1024))
    assert answer.status_code == 413
    assert "Files up to 10 MB" in answer.text


def test_a_file_must_be_chosen(owner: Actor):
    answer = owner.post("/customers/import")
    assert answer.status_code == 422
    assert "Choose a CSV file first." in answer.text


def test_what_became_wrong_since_the_preview_is_found_on_confirmation(owner: Actor):
    url = upload(owner, HEADER + "\n" + row(customer_number="A")).location
    owner.post("/customers/new", {"name": "Quicker", "kind": "company", "number": "A"})
    answer = owner.post(url)
    assert answer.status_code == 422
    assert problems(answer.text) == [(2, "customer_number", "A customer with the number A exists already.")]
    assert count(Customer) == 1


def test_an_upload_waits_a_day(owner: Actor, clock: FixedClock):
    url = upload(owner, ABROAD).location
    clock.advance(hours=24, seconds=1)
    assert owner.post(url).status_code == 404
    upload(owner, ABROAD)
    assert count(CsvUpload) == 1


def test_another_companys_numbers_are_free(stranger: Actor, bakery: Customer):
    assert upload(stranger, HEADER + "\n" + row(customer_number="C-1")).status_code == 303


def test_cells_are_shown_as_text(owner: Actor):
    page = owner.get(upload(owner, HEADER + "\n" + row(display_name="<b>Bold</b>")).location).text
    assert "<b>Bold" not in page


def test_the_template_can_be_imported_as_it_is(owner: Actor):
    answer = owner.get("/customers/import/template")
    assert answer.mimetype == "text/csv"
    assert "customers-template.csv" in answer.headers["Content-Disposition"]
    assert answer.text.removeprefix("\ufeff").startswith(HEADER)
    owner.post(upload(owner, answer.data).location)
    assert count(Customer) == 1


class TestFreePlan:
    @pytest.fixture(autouse=True)
    def downgrade(self, owner: Actor):
        owner.company.plan = Plan.FREE
        db.session.commit()

    @pytest.mark.parametrize(
        "url", ["/customers/import", "/customers/import/template", "/customers/import/1"]
    )
    def test_the_page_says_who_has_it(self, owner: Actor, url: str):
        answer = owner.get(url)
        assert answer.status_code == 403
        assert "Bulk import is part of Pro and Enterprise" in answer.text
        assert 'class="btn btn-primary" href="/settings/plan"' in answer.text

    def test_a_dispatcher_is_pointed_to_an_owner(self, dispatcher: Actor):
        page = dispatcher.get("/customers/import").text
        assert "An owner of your company can change the plan." in page
        assert "/settings/plan" not in page

    def test_nothing_is_taken(self, owner: Actor):
        assert upload(owner, ABROAD).status_code == 403
        assert count(CsvUpload) == 0
