"""Keep tallies of the queue

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-25 21:10:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0025'
down_revision = '0024'
branch_labels = None
depends_on = None

INTO = "INSERT INTO quickbooks_tallies (connection_id, kind, state, rows, changes)"
# A connection that is deleted takes its rows along, and its tallies: then there is nothing to count.
COUNT = f"""
CREATE FUNCTION quickbooks_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        {INTO} SELECT connection_id, kind, state, count(*), count(*) FROM written GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        {INTO} SELECT connection_id, kind, state, -count(*), count(*) FROM erased
        WHERE EXISTS (SELECT FROM quickbooks_connections AS known WHERE known.id = erased.connection_id)
        GROUP BY 1, 2, 3;
    ELSE
        {INTO} SELECT connection_id, kind, state, sum(n), count(*) FROM (
            SELECT connection_id, kind, state, 1 AS n FROM written
            UNION ALL SELECT connection_id, kind, state, -1 FROM erased
        ) AS moved GROUP BY 1, 2, 3;
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
        'quickbooks_tallies',
        sa.Column('id', sa.BigInteger(), nullable=False),
        sa.Column('connection_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.String(length=30), nullable=False),
        sa.Column('state', sa.String(length=30), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('changes', sa.BigInteger(), nullable=False),
        sa.Column('is_folded', sa.Boolean(), server_default='false', nullable=False),
        sa.ForeignKeyConstraint(
            ['connection_id'],
            ['quickbooks_connections.id'],
            name=op.f('fk_quickbooks_tallies_connection_id_quickbooks_connections'),
            ondelete='CASCADE',
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quickbooks_tallies')),
    )
    op.create_index(op.f('ix_quickbooks_tallies_connection_id'), 'quickbooks_tallies', ['connection_id'])
    op.create_index(
        'ix_quickbooks_tallies_new', 'quickbooks_tallies', ['connection_id'], postgresql_where=sa.text('NOT is_folded')
    )
    op.execute(COUNT)
    for when, tables in TRIGGERS.items():  # from here on nobody writes rows until this has committed
        op.execute(
            f"CREATE TRIGGER quickbooks_tally_{when} AFTER {when} ON quickbooks_tasks {tables} "
            "FOR EACH STATEMENT EXECUTE FUNCTION quickbooks_tally()"
        )
    op.execute(
        "INSERT INTO quickbooks_tallies (connection_id, kind, state, rows, changes, is_folded) "
        "SELECT connection_id, kind, state, count(*), count(*), true FROM quickbooks_tasks GROUP BY 1, 2, 3"
    )


def downgrade():
    for when in TRIGGERS:
        op.execute(f"DROP TRIGGER quickbooks_tally_{when} ON quickbooks_tasks")
    op.execute("DROP FUNCTION quickbooks_tally()")
    op.drop_table('quickbooks_tallies')
