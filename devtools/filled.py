"""A database filled by many companies: rows by INSERT … SELECT, hundreds of thousands in a minute."""

from datetime import timedelta

from sqlalchemy import text

from app.accounts.models import Company
from app.extensions import db, now, secrets_box
from app.invoices.tallies import fold as fold_invoices
from app.quickbooks.mapping.facts import CompanyFacts
from app.quickbooks.models import Connection, ConnectionState, Preferences, RecordKind
from app.quickbooks.outbox.invoice_counting import count_again
from app.quickbooks.outbox.tallies import fold as fold_rows

INVOICES_A_CUSTOMER = 20
WORDS = "(ARRAY['Rivera', 'Casco', 'Bay', 'Harbor', 'Elm', 'Summit', 'Pine', 'Oak', 'Library', 'North'])"

CUSTOMERS = f"""
    INSERT INTO customers (company_id, number, name, kind, contact_given_name, contact_family_name, email, phone,
        tax_exempt, notes, created_at, updated_at)
    SELECT :company, 'C-' || n,
        {WORDS}[1 + n % 10] || ' ' || {WORDS}[1 + n / 10 % 10] || ' ' || lpad(n::text, 6, '0'),
        'company', 'Ann', {WORDS}[1 + n % 10], 'office' || n || '@customer.example',
        '(207) 555-' || lpad((n % 10000)::text, 4, '0'), false, '', :before, :before
    FROM generate_series(1, :customers) AS n
"""  # noqa: S608 - constants alone
INVOICES = """
    INSERT INTO invoices (company_id, customer_id, number, status, issue_date, due_date, discount_kind,
        discount_value, tax_rate, subtotal, discount_total, tax_total, total, paid_total, refunded_total,
        place_street, place_city, place_state, place_postal_code, notes, dispute_reason, generated_at, created_at,
        updated_at)
    SELECT :company, :customer + n % :customers, 'INV-2026-' || lpad(n::text, 7, '0'),
        CASE n % 10 WHEN 0 THEN 'overdue' WHEN 1 THEN 'sent' ELSE 'paid' END,
        date '2020-01-01' + (n * 2000.0 / :invoices)::int, date '2020-01-31' + (n * 2000.0 / :invoices)::int,
        'none', 0, 5, 100, 0, 5, 105, CASE n % 10 WHEN 0 THEN 0 WHEN 1 THEN 0 ELSE 105 END, 0,
        '12 Harbor St', 'Portland', 'ME', '04101', '', '', :before, :before, :before
    FROM generate_series(1, :invoices) AS n
"""
# A few rows of every state, as many in a small company as in a big one; the rest is in QuickBooks.
TASKS = """
    INSERT INTO quickbooks_tasks (connection_id, kind, record_id, state, wanted, sent, reached, by_hand, due_at,
        queued_at, failed_at, attempts, fixes, problem, message, remedy, question, answer, mark, updated_at)
    SELECT :connection, :kind, id, CASE WHEN place > :troubled THEN 'synced'
            ELSE (ARRAY['queued', 'error', 'backoff', 'skipped'])[1 + place % 4] END,
        1, 1, 1, false, :before, :before, :before, 0, 0, '', 'The number is taken.', 'Change it.', '{}', '{}', '',
        :before
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM records_of_company) AS numbered
"""
LINKS = """
    INSERT INTO quickbooks_links (connection_id, kind, record_id, remote_id, sync_token, snapshot, left_different,
        linked_at, pushed_at)
    SELECT connection_id, kind, record_id, record_id::text, '0',
        jsonb_build_object('applied', '{}'::jsonb, 'seen', jsonb_build_object('TotalAmt', 105, 'Balance', 0,
            'DocNumber', record_id::text,
            'ShipAddr', jsonb_build_object('Line1', '12 Harbor St', 'City', 'Portland'))),
        '{}', :before, :before
    FROM quickbooks_tasks WHERE connection_id = :connection AND state = 'synced'
"""


def fill(
    company: Company, invoices: int, troubled: int = 40, connection: Connection | None = None
) -> Connection:
    """A connected company with so many invoices, all but the `troubled` ones in QuickBooks. Commits."""
    connection = connection or _connected(company)
    customers = max(invoices // INVOICES_A_CUSTOMER, 1)
    values = {
        "company": company.id,
        "connection": connection.id,
        "customers": customers,
        "invoices": invoices,
        "before": now() - timedelta(days=1),
    }
    db.session.execute(text(CUSTOMERS), values)
    first = text("SELECT min(id) FROM customers WHERE company_id = :company")
    values["customer"] = db.session.scalar(first, values)
    db.session.execute(text(INVOICES), values)
    _push(values, RecordKind.CUSTOMER, "customers", 0)
    _push(values, RecordKind.INVOICE, "invoices", troubled)
    db.session.execute(text(LINKS), values)
    db.session.commit()
    return connection


def fill_with_others(companies: int, invoices: int, troubled: int = 40) -> None:
    """Companies that have nothing to do with what is looked at. Commits."""
    for place in range(companies):
        other = Company(name=f"Other {place}")
        db.session.add(other)
        db.session.flush()
        fill(other, invoices, troubled)


def settle_down() -> None:
    """What the worker's chores and PostgreSQL's own housekeeping do after a while."""
    db.session.commit()
    fold_rows()
    fold_invoices()
    count_again()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _push(values: dict[str, object], kind: RecordKind, table: str, troubled: int) -> None:
    records = f"(SELECT id FROM {table} WHERE company_id = :company) AS records"  # noqa: S608 - one of two tables
    tasks = TASKS.replace("records_of_company", records)
    db.session.execute(text(tasks), {**values, "kind": kind.value, "troubled": troubled})


def _connected(company: Company) -> Connection:
    day = timedelta(days=1)
    connection = Connection(
        company_id=company.id,
        realm_id=f"91303500{company.id:08}",
        environment="sandbox",
        state=ConnectionState.CONNECTED,
        remote_name=company.name,
        facts=CompanyFacts(name=company.name, automated_sales_tax=True, has_payments=True).as_json(),
        facts_read_at=now(),
        access_token=secrets_box().seal("access"),
        refresh_token=secrets_box().seal("refresh"),
        access_expires_at=now() + day,
        refresh_expires_at=now() + 100 * day,
        first_connected_at=now() - 2 * day,
        connected_at=now() - 2 * day,
        check_due_at=now() + day,
        preferences=Preferences(sync_customers=True, sync_invoices=True, sync_payments=True),
    )
    db.session.add(connection)
    db.session.flush()
    return connection
