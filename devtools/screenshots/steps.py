"""Pictures of what is looked at before something is sent, and of what takes long: a part of bin/screenshots."""

from decimal import Decimal
from pathlib import Path

import requests
from playwright.sync_api import expect
from sqlalchemy import select

from app.accounts.models import Company
from app.customers.records import CustomerData, create_customers
from app.extensions import db
from app.invoices.dates import today
from app.invoices.models import Invoice, InvoiceStatus
from app.invoices.records import InvoiceData, LineData, create_imported
from devtools import under_way
from devtools.screenshots.studio import PATIENCE, Studio

QUICKBOOKS = "/settings/integrations/quickbooks"
PHONE = "(207) 555-0188"
LONG_NAME = "Saint Bartholomew's Regional Hospital & Rehabilitation Center of Greater Portland"
LONG_TEXT = "Replaced the condensate pump; flushed the drain line and tested the float switch " * 2
# As QuickBooks exports invoices.
FILE = f"""*InvoiceNo,*Customer,*InvoiceDate,*DueDate,Memo,Item(Product/Service),ItemQuantity,ItemRate,Service Date
7001,{{name}},3/2/2026,4/1/2026,Gate 4711,Tune-up,2,74.50,3/1/2026
7002,{{name}},3/2/2026,4/1/2026,,{LONG_TEXT},1,149.00,3/1/2026
"""


def there_already(studio: Studio) -> None:
    """Before the first sync, which reads QuickBooks' customers: one that ours will look like."""
    studio.simulator(
        f"companies/{studio.realm()}/Customer",
        DisplayName=f"{LONG_NAME}, East Wing LLC",
        PrimaryPhone={"FreeFormNumber": PHONE},
        BillAddr={"Line1": "9 Wharf St", "City": "Portland", "PostalCode": "04101"},
    )


def matching(studio: Studio) -> None:
    studio.take("matching-empty", f"{QUICKBOOKS}/matching")
    person = CustomerData(name=LONG_NAME, phone=PHONE)
    studio.write(lambda company: create_customers(company, [person]))
    studio.page.goto(QUICKBOOKS)
    studio.wait_for("may be in QuickBooks already")
    studio.take("matching", f"{QUICKBOOKS}/matching")
    studio.page.get_by_role("button", name="Same customer").click()
    studio.wait_for("Nobody waits.")


def earlier(studio: Studio) -> None:
    """Invoices from before the connection; one of them is in QuickBooks, under another number."""
    studio.take("earlier", f"{QUICKBOOKS}/earlier")
    studio.write(lambda company: _type_in(studio, company))
    studio.page.get_by_role("button", name="Look for them in QuickBooks").click()
    same = studio.page.get_by_role("button", name="Same invoice")
    expect(same).to_be_visible(timeout=PATIENCE)
    studio.page.locator("[data-select]").first.check()
    studio.take("earlier-found")
    same.click()


def rehearsal(studio: Studio) -> None:
    page = studio.page
    studio.take("rehearsal-first", f"{QUICKBOOKS}/rehearsal")
    page.goto(QUICKBOOKS)
    page.get_by_role("button", name="Pause sending").click()
    studio.write(_work_on)
    page.get_by_role("link", name="Rehearse first").click()
    page.get_by_role("button", name="Rehearse").click()
    expect(page.get_by_role("button", name="Start sending")).to_be_visible(timeout=PATIENCE)
    studio.take("rehearsal")
    studio.picture("rehearsing", "section[aria-labelledby=rehearsed-title]", f"{QUICKBOOKS}/rehearsal")
    page.get_by_role("link", name="See all records").click()
    studio.take("rehearsal-records")
    studio.write(under_way.half_a_rehearsal)
    studio.take("rehearsal-running", f"{QUICKBOOKS}/rehearsal")
    page.goto(QUICKBOOKS)
    page.get_by_role("button", name="Start sending").click()


def columns(studio: Studio) -> None:
    """Of a file that another product wrote."""
    names: list[str] = []
    studio.write(lambda company: names.append(_unsent(company).customer.name))
    file = studio.folder / "quickbooks.csv"
    file.write_text(FILE.format(name=names[0]), encoding="utf-8")
    _check(studio, file)
    studio.take("import-columns")
    studio.picture("importing", "#csv-columns .surface", studio.page.url)
    studio.page.get_by_role("button", name="Check the file").click()
    studio.take("import-preview")


def progress(studio: Studio) -> None:
    asked: list[str] = []
    studio.write(lambda company: asked.append(under_way.half_an_import(company)))
    studio.write(lambda company: asked.append(under_way.half_an_export(company)))
    studio.take("import-progress", asked[0])
    studio.take("export-progress", asked[1])


def _check(studio: Studio, file: Path) -> None:
    studio.page.goto("/invoices/import")
    studio.page.get_by_label("CSV file").set_input_files(file)
    studio.page.get_by_role("button", name="Check the file").click()
    studio.wait_for("Which column is which?")


def _work_on(company: Company) -> None:
    """While nothing is sent: invoices that would go, and others whose tax QuickBooks does not know."""
    day = today(company)
    for place, name in enumerate(("Casco Bay Marina", "Portland Pier North", "Higgins Beach Inn")):
        (customer,) = create_customers(company, [CustomerData(name=name)])
        lines = [LineData("Service call", Decimal(1), Decimal(95 + 1000 * place))]
        tax_rate = Decimal(place * 3)
        data = InvoiceData(customer.id, issue_date=day, due_date=day, tax_rate=tax_rate, lines=lines)
        create_imported(company, [(f"R-{place}{number}", data) for number in range(3)])


def _unsent(company: Company) -> Invoice:
    """The oldest one that is open."""
    query = select(Invoice).where(Invoice.company_id == company.id, Invoice.status == InvoiceStatus.OVERDUE)
    return db.session.scalars(query.order_by(Invoice.id).limit(1)).one()


def _type_in(studio: Studio, company: Company) -> None:
    """Somebody enters that invoice in QuickBooks by hand."""
    invoice = _unsent(company)
    url = f"{studio.stack.simulator_url}/_simulator/books/{studio.realm()}"
    books = requests.get(url, timeout=30).json()
    customer = next(one["Id"] for one in books["Customer"] if one["DisplayName"] == invoice.customer.name)
    item = next(one["Id"] for one in books["Item"] if one["Name"] == "Services")
    amount = float(invoice.total)
    detail = {"ItemRef": {"value": item}, "Qty": 1, "UnitPrice": amount}
    studio.simulator(
        f"companies/{studio.realm()}/Invoice",
        DocNumber="1042",
        CustomerRef={"value": customer},
        TxnDate=invoice.issue_date.isoformat(),
        Line=[{"Amount": amount, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": detail}],
    )
