"""Mark our payments and refunds; say for which name another one is used

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-25 18:20:00

"""
from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('quickbooks_tasks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mark', sa.String(length=16), server_default='', nullable=False))
    # A name for QuickBooks only goes with the name here; from now on another name here ends it.
    op.execute(
        "UPDATE quickbooks_tasks SET answer = answer || jsonb_build_object('name_for', customers.name) "
        "FROM customers WHERE quickbooks_tasks.kind = 'customer' AND customers.id = record_id AND answer ? 'name'"
    )


def downgrade():
    with op.batch_alter_table('quickbooks_tasks', schema=None) as batch_op:
        batch_op.drop_column('mark')
