"""The query language (contract section 2.6)."""

from decimal import Decimal

import pytest

from simulator import exact_json
from tests.simulator.connected import Connected, line


@pytest.fixture
def books(us: Connected) -> Connected:
    """Three customers, one of them inactive, and three invoices."""
    customers = [us.customer(name) for name in ("Adam's Candy Shop", "Bob's Burgers", "Cool Cars")]
    us.simulator.bookkeeper(us.realm, "Customer", customers[2]["Id"], "deactivate")
    for number, (amount, day) in enumerate(
        [("100", "2026-01-10"), ("250.50", "2026-02-10"), ("9", "2026-03-10")]
    ):
        us.invoice(customers[number % 2], line(amount), DocNumber=f"INV-{number}", TxnDate=day)
    return us


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("", ["Adam's Candy Shop", "Bob's Burgers"]),
        ("WHERE DisplayName = 'adam\\'s candy shop'", ["Adam's Candy Shop"]),
        ("WHERE DisplayName LIKE '%BURG%'", ["Bob's Burgers"]),
        ("WHERE DisplayName LIKE 'burg%'", []),
        ("WHERE DisplayName IN ('Bob\\'s Burgers', 'Nobody')", ["Bob's Burgers"]),
        ("WHERE Active = false", ["Cool Cars"]),
        ("where Active in (true, false)", ["Adam's Candy Shop", "Bob's Burgers", "Cool Cars"]),
        ("ORDERBY DisplayName DESC", ["Bob's Burgers", "Adam's Candy Shop"]),
        ("ORDER BY DisplayName DESC MAXRESULTS 1", ["Bob's Burgers"]),
        ("MAXRESULTS 1 STARTPOSITION 2", ["Bob's Burgers"]),
        ("STARTPOSITION 3", []),
        ("WHERE MetaData.CreateTime > '2020-01-01T00:00:00-08:00'", ["Adam's Candy Shop", "Bob's Burgers"]),
        ("WHERE MetaData.CreateTime < '2020-01-01'", []),
    ],
)
def test_customers_are_found(books: Connected, condition: str, names: list[str]) -> None:
    found = books.query(f"SELECT * FROM Customer {condition}")
    assert [row["DisplayName"] for row in found.get("Customer", [])] == names
    if not names:
        assert found == {}


@pytest.mark.parametrize(
    ("condition", "numbers"),
    [
        ("DocNumber = 'inv-1'", ["INV-1"]),
        ("TotalAmt > '9.00'", ["INV-1", "INV-0"]),
        ("Balance <= '100'", ["INV-2", "INV-0"]),
        ("TxnDate >= '2026-02-01' AND TxnDate < '2026-03-01'", ["INV-1"]),
        ("CustomerRef = '4'", ["INV-2", "INV-0"]),
        ("Id IN ('1', '3')", ["INV-2", "INV-0"]),
    ],
)
def test_invoices_are_found(books: Connected, condition: str, numbers: list[str]) -> None:
    found = books.query(f"SELECT * FROM Invoice WHERE {condition}")
    assert [row["DocNumber"] for row in found["Invoice"]] == numbers


def test_pages_are_told(books: Connected) -> None:
    page = books.query("SELECT * FROM Customer MAXRESULTS 1 STARTPOSITION 2")
    assert (page["startPosition"], page["maxResults"]) == (2, 1)
    assert books.query("select count(*) from Invoice where TotalAmt > '9'") == {"totalCount": 2}


def test_a_hundred_rows_unless_more_are_asked_for(us: Connected) -> None:
    for batch in range(4):
        items = [
            {"bId": str(item), "operation": "create", "Customer": {"DisplayName": f"C {batch}-{item}"}}
            for item in range(30)
        ]
        us.post("batch", {"BatchItemRequest": items})
    assert len(us.query("SELECT * FROM Customer")["Customer"]) == 100
    assert len(us.query("SELECT * FROM Customer MAXRESULTS 1000")["Customer"]) == 120


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("SELECT FROM Customer", "4000"),
        ("SELECT DisplayName, FROM Customer", "4000"),
        ("SELECT * FROM Customer WHERE DisplayName = 'Adam's'", "4000"),
        ("SELECT * FROM Customer WHERE DisplayName = 'Adam\u2019s'", "4000"),
        ("SELECT * FROM Customer WHERE Active = true OR Active = false", "4000"),
        ("SELECT * FROM Customer WHERE", "4000"),
        ("SELECT * FROM Customer GROUP BY Active", "4000"),
        ("SELECT * FROM Invoice WHERE TxnDate > 2026-01-01", "4000"),
        ("SELECT * FROM Customer WHERE DisplayName = Adam", "4000"),
        ("DROP TABLE Customer", "4000"),
        ("", "4000"),
        ("SELECT Shoesize FROM Customer", "4001"),
        ("SELECT * FROM Custmoer", "4001"),
        ("SELECT * FROM Customer WHERE Notes = 'x'", "4001"),
        ("SELECT * FROM Invoice WHERE PrivateNote = 'x'", "4001"),
        ("SELECT * FROM Invoice WHERE TotalAmt > 'much'", "4001"),
        ("SELECT * FROM Customer WHERE Id > '3'", "4001"),
        ("SELECT * FROM Payment WHERE TotalAmt = '100'", "4001"),
        ("SELECT * FROM Payment WHERE PaymentRefNum = '1042'", "4001"),
        ("SELECT * FROM Customer ORDERBY Notes", "4001"),
        ("SELECT * FROM Customer MAXRESULTS 1001", "4001"),
        ("SELECT * FROM Customer STARTPOSITION 0", "4001"),
        (f"SELECT * FROM Customer MAXRESULTS {'9' * 5000}", "4001"),
    ],
)
def test_statements_are_refused(us: Connected, statement: str, code: str) -> None:
    us.invoice(us.customer())
    answer = us.call("GET", "query", params={"query": statement})
    assert answer.status_code == 400
    assert answer.json()["Fault"]["Error"][0]["code"] == code


def test_a_statement_may_be_posted(books: Connected) -> None:
    statement = b"SELECT * FROM Customer WHERE DisplayName = 'Bob\\'s Burgers'"
    answer = books.call("POST", "query", data=statement, headers={"Content-Type": "application/text"})
    row = exact_json.loads(answer.content)["QueryResponse"]["Customer"][0]
    assert row["Balance"] == Decimal("250.50")


@pytest.mark.parametrize(
    "statement",
    [
        "select * from customer where active = true",
        "SELECT * FROM CUSTOMER WHERE metadata.lastupdatedtime > '2020-01-01' and ACTIVE = TRUE",
        "SELECT * FROM Customer WHERE fullyqualifiedname IN ('adam\\'s candy shop', 'bob\\'s burgers')",
        "SELECT * FROM Customer WHERE Active = true ORDERBY metadata.createtime",
    ],
)
def test_names_are_written_in_any_case(books: Connected, statement: str) -> None:
    """node-quickbooks and quickbooks-api send nothing else (contract section 2.6)."""
    assert [row["DisplayName"] for row in books.query(statement)["Customer"]] == [
        "Adam's Candy Shop",
        "Bob's Burgers",
    ]


def test_a_list_of_fields_answers_those_and_the_version(books: Connected) -> None:
    rows = books.query("select displayname, PrimaryEmailAddr.Address from Customer")["Customer"]
    assert set(rows[0]) - {"PrimaryEmailAddr"} == {"Id", "SyncToken", "MetaData", "DisplayName"}
    assert set(books.query("select *, DocNumber from Invoice")["Invoice"][0]) > {"TotalAmt", "Line"}


def test_numbers_need_no_quotes(books: Connected) -> None:
    assert books.query("SELECT COUNT(*) FROM Invoice WHERE TotalAmt > 9") == {"totalCount": 2}
    assert books.query("SELECT COUNT(*) FROM Invoice WHERE Balance = -1.5") == {"totalCount": 0}


def test_a_plus_that_was_not_encoded_is_a_blank(us: Connected) -> None:
    us.customer("A+B")
    statement = "SELECT * FROM Customer WHERE DisplayName = 'A+B'"
    assert us.query(statement)["Customer"]
    answer = us.call("GET", f"query?query={statement}")
    assert answer.json()["QueryResponse"] == {}
