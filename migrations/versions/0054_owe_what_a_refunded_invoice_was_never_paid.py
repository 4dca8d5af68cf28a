"""Owe what a refunded invoice was never paid

Revision ID: 0054
Revises: 0053
Create Date: 2026-11-28 01:35:00

"""
from alembic import op


# revision identifiers, used by Alembic.
revision = '0054'
down_revision = '0053'
branch_labels = None
depends_on = None

BEFORE = "('generated', 'sent', 'partially_paid', 'partially_refunded', 'overdue', 'disputed')"
OWED = "('generated', 'sent', 'partially_paid', 'partially_refunded', 'refunded', 'overdue', 'disputed')"
INTO = "INSERT INTO invoice_tallies (company_id, status, open_due, number, total, balance, is_folded)"


def upgrade():
    op.execute("LOCK TABLE invoices IN SHARE ROW EXCLUSIVE MODE")  # nobody writes one until this has committed
    op.execute(_function(OWED))
    _move(1)


def downgrade():
    op.execute("LOCK TABLE invoices IN SHARE ROW EXCLUSIVE MODE")
    op.execute(_function(BEFORE))
    _move(-1)


def _function(owed):
    """As in migration 0039."""
    is_open = f"status IN {owed} AND total > paid_total"
    key = f"company_id, status, CASE WHEN {is_open} THEN due_date END"
    balance = f"CASE WHEN {is_open} THEN total - paid_total ELSE 0 END"
    return f"""
CREATE OR REPLACE FUNCTION invoice_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {INTO} SELECT {key}, count(*), sum(total), sum({balance}), false FROM written GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        {INTO} SELECT {key}, -count(*), -sum(total), -sum({balance}), false FROM erased
        WHERE EXISTS (SELECT FROM companies AS known WHERE known.id = erased.company_id)
        GROUP BY 1, 2, 3;
    ELSE
        {INTO} SELECT company_id, status, open_due, sum(n), sum(amount), sum(balance), false FROM (
            SELECT {key} AS open_due, 1 AS n, total AS amount, {balance} AS balance FROM written
            UNION ALL SELECT {key}, -1, -total, -({balance}) FROM erased
        ) AS moved GROUP BY 1, 2, 3 HAVING sum(n) <> 0 OR sum(amount) <> 0 OR sum(balance) <> 0;
    END IF;
    RETURN NULL;
END $$
"""


def _move(sign):
    """What is counted already, from owed by nobody to open."""
    op.execute(f"""
{INTO} SELECT company_id, status, open_due, sum(n), sum(amount), sum(owed), false FROM (
    SELECT company_id, status, due_date AS open_due, {sign} AS n, {sign} * total AS amount,
        {sign} * (total - paid_total) AS owed
    FROM invoices WHERE status = 'refunded' AND total > paid_total
    UNION ALL SELECT company_id, status, NULL, -({sign}), -({sign}) * total, 0
    FROM invoices WHERE status = 'refunded' AND total > paid_total
) AS moved GROUP BY 1, 2, 3
""")
