"""Count what is not in QuickBooks

Revision ID: 0040
Revises: 0039
Create Date: 2026-11-26 02:20:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0040'
down_revision = '0039'
branch_labels = None
depends_on = None

WAYS = ('absent', 'coming', 'stuck', 'unsent', 'earlier')
NEW, OLD = "REFERENCING NEW TABLE AS written", "REFERENCING OLD TABLE AS erased"
BOTH = f"{NEW} OLD TABLE AS erased"

OF_INVOICES = "SELECT company_id, id FROM {}"
OF_ROWS = (
    "SELECT company_id, record_id FROM {} AS changed "
    "JOIN quickbooks_connections AS connection ON connection.id = changed.connection_id WHERE kind = 'invoice'"
)
# What was written less what is as before. EXCEPT, for a join of the two has no index and grows with all pairs.
MOVED = """
    SELECT company_id, id FROM (
        SELECT company_id, id, status, total, issue_date, generated_at FROM written
        EXCEPT SELECT company_id, id, status, total, issue_date, generated_at FROM erased
    ) AS moved
"""
# A task that goes from one of the other states to another is counted as before.
COUNTED_AS = "CASE WHEN state IN ('synced', 'skipped', 'error') THEN state END"
ENDED = f"""(
    SELECT connection_id, kind, record_id, {COUNTED_AS} FROM written
    EXCEPT SELECT connection_id, kind, record_id, {COUNTED_AS} FROM erased
)"""
TRIGGERS = {  # by table and what is done to it
    ("invoices", "insert"): (NEW, OF_INVOICES.format("written")),
    ("invoices", "update"): (BOTH, MOVED),
    ("invoices", "delete"): (OLD, OF_INVOICES.format("erased")),
    ("quickbooks_tasks", "insert"): (NEW, OF_ROWS.format("written")),
    ("quickbooks_tasks", "update"): (BOTH, OF_ROWS.format(ENDED)),
    ("quickbooks_tasks", "delete"): (OLD, OF_ROWS.format("erased")),
    ("quickbooks_links", "insert"): (NEW, OF_ROWS.format("written")),
    ("quickbooks_links", "delete"): (OLD, OF_ROWS.format("erased")),
}


def upgrade():
    op.create_table(
        'quickbooks_changed_invoices',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quickbooks_changed_invoices')),
    )
    op.create_index(
        op.f('ix_quickbooks_changed_invoices_company_id'), 'quickbooks_changed_invoices', ['company_id']
    )
    op.create_table(
        'quickbooks_counted_invoices',
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('invoice_id', sa.Integer(), nullable=False),
        sa.Column('total', sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column('generated_at', sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(f'is_{way}', sa.Boolean(), nullable=False) for way in WAYS),
        sa.ForeignKeyConstraint(
            ['company_id'],
            ['companies.id'],
            name=op.f('fk_quickbooks_counted_invoices_company_id_companies'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('company_id', 'invoice_id', name=op.f('pk_quickbooks_counted_invoices')),
    )
    op.create_index(
        'ix_quickbooks_counted_invoices_coming',
        'quickbooks_counted_invoices',
        ['company_id', 'generated_at'],
        postgresql_where=sa.text('is_coming'),
    )
    sums = [
        column
        for way in WAYS
        for column in (
            sa.Column(way, sa.Integer(), nullable=False),
            sa.Column(f'{way}_total', sa.Numeric(precision=14, scale=2), nullable=False),
        )
    ]
    op.create_table(
        'quickbooks_invoice_counts',
        sa.Column('company_id', sa.Integer(), nullable=False),
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('send_from', sa.Date(), nullable=True),
        sa.Column('first_connected_at', sa.DateTime(timezone=True), nullable=False),
        *sums,
        sa.ForeignKeyConstraint(
            ['company_id'],
            ['companies.id'],
            name=op.f('fk_quickbooks_invoice_counts_company_id_companies'),
            ondelete='CASCADE',
        ),
        sa.ForeignKeyConstraint(
            ['connection_id'],
            ['quickbooks_connections.id'],
            name=op.f('fk_quickbooks_invoice_counts_connection_id_quickbooks_connections'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('company_id', name=op.f('pk_quickbooks_invoice_counts')),
    )
    op.create_index(
        op.f('ix_quickbooks_invoice_counts_connection_id'), 'quickbooks_invoice_counts', ['connection_id']
    )
    for (table, when), (tables, changed) in TRIGGERS.items():
        name = f"{table}_recount_{when}"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO quickbooks_changed_invoices (company_id, invoice_id) {changed}; RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {name} AFTER {when} ON {table} {tables} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
        )


def downgrade():
    for table, when in TRIGGERS:
        op.execute(f"DROP TRIGGER {table}_recount_{when} ON {table}")
        op.execute(f"DROP FUNCTION {table}_recount_{when}()")
    op.drop_table('quickbooks_invoice_counts')
    op.drop_table('quickbooks_counted_invoices')
    op.drop_table('quickbooks_changed_invoices')
