"""Keep tallies of invoices

Revision ID: 0039
Revises: 0038
Create Date: 2026-11-26 02:05:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0039'
down_revision = '0038'
branch_labels = None
depends_on = None

OWED = "('generated', 'sent', 'partially_paid', 'partially_refunded', 'overdue', 'disputed')"
IS_OPEN = f"status IN {OWED} AND total > paid_total"
KEY = f"company_id, status, CASE WHEN {IS_OPEN} THEN due_date END"
BALANCE = f"CASE WHEN {IS_OPEN} THEN total - paid_total ELSE 0 END"
INTO = "INSERT INTO invoice_tallies (company_id, status, open_due, number, total, balance, is_folded)"
ADDED = f"SELECT {KEY}, count(*), sum(total), sum({BALANCE})"
# A company that is deleted takes its invoices along, and its tallies: then there is nothing to count.
COUNT = f"""
CREATE FUNCTION invoice_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {INTO} {ADDED}, false FROM written GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        {INTO} SELECT {KEY}, -count(*), -sum(total), -sum({BALANCE}), false FROM erased
        WHERE EXISTS (SELECT FROM companies AS known WHERE known.id = erased.company_id)
        GROUP BY 1, 2, 3;
    ELSE
        {INTO} SELECT company_id, status, open_due, sum(n), sum(amount), sum(balance), false FROM (
            SELECT {KEY} AS open_due, 1 AS n, total AS amount, {BALANCE} AS balance FROM written
            UNION ALL SELECT {KEY}, -1, -total, -({BALANCE}) FROM erased
        ) AS moved GROUP BY 1, 2, 3 HAVING sum(n) <> 0 OR sum(amount) <> 0 OR sum(balance) <> 0;
    END IF;
    RETURN NULL;
END $$
"""
TRIGGERS = {
    "insert": "REFERENCING NEW TABLE AS written",
    "update": "REFERENCING NEW TABLE AS written OLD TABLE AS erased",
    "delete": "REFERENCING OLD TABLE AS erased",
}


def upgrade():
    op.create_table(
        'invoice_tallies',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('status', sa.String(length=30), nullable=False),
        sa.Column('open_due', sa.Date(), nullable=True),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('total', sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column('balance', sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column('is_folded', sa.Boolean(), server_default='false', nullable=False),
        sa.ForeignKeyConstraint(
            ['company_id'],
            ['companies.id'],
            name=op.f('fk_invoice_tallies_company_id_companies'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_tallies')),
    )
    op.create_index(op.f('ix_invoice_tallies_company_id'), 'invoice_tallies', ['company_id'])
    op.create_index(
        'ix_invoice_tallies_new', 'invoice_tallies', ['company_id'], postgresql_where=sa.text('NOT is_folded')
    )
    op.execute(COUNT)
    for when, tables in TRIGGERS.items():  # from here on nobody writes invoices until this has committed
        op.execute(
            f"CREATE TRIGGER invoice_tally_{when} AFTER {when} ON invoices {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION invoice_tally()"
        )
    op.execute(f"{INTO} {ADDED}, true FROM invoices GROUP BY 1, 2, 3")


def downgrade():
    for when in TRIGGERS:
        op.execute(f"DROP TRIGGER invoice_tally_{when} ON invoices")
    op.execute("DROP FUNCTION invoice_tally()")
    op.drop_table('invoice_tallies')
