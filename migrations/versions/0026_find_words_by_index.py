"""Find words by index

Revision ID: 0026
Revises: 0025
Create Date: 2026-11-25 21:40:00

"""
from alembic import op
from migrations.online import create_indexes, drop_indexes

# revision identifiers, used by Alembic.
revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

# Every two and three letters in a row of these texts, in small letters, each once and with the company in front.
GRAMS = """
CREATE OR REPLACE FUNCTION search_grams(company_id integer, texts text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT company_id || ':' || substr(word, place, size)), '{}')
    FROM unnest(texts) AS given, regexp_split_to_table(lower(given), '\\s+') AS word,
        generate_series(2, 3) AS size, generate_series(1, length(word) - size + 1) AS place
$$
"""
SEARCHED = "name, number, email, phone, contact_given_name, contact_family_name"
INDEXES = {
    "ix_customers_search": f"customers USING gin (search_grams(company_id, ARRAY[{SEARCHED}])) WITH (gin_pending_list_limit = 256)",
    "ix_invoices_number": "invoices (company_id, lower(number) text_pattern_ops)",
    "ix_invoices_number_backwards": "invoices (company_id, reverse(lower(number)) text_pattern_ops)",
}


def upgrade():
    op.execute(GRAMS)
    create_indexes(INDEXES)


def downgrade():
    drop_indexes(INDEXES)
    op.execute("DROP FUNCTION search_grams")
