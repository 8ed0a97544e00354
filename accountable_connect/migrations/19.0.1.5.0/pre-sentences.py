"""What people read of an item was a text in the language of whoever ran it: from now on it is data,
read by each person in their own. A text of before stays as it is."""

from odoo.tools import SQL

COLUMNS = (
    ("accountable_job", "message"),
    ("accountable_connection", "wait_reason"),
    ("accountable_connection", "problem"),
    ("accountable_run", "message"),
    ("accountable_mapping", "reason"),
)


def migrate(cr, version):
    for table, column in COLUMNS:
        cr.execute(
            "SELECT 1 FROM information_schema.columns"
            " WHERE table_name = %s AND column_name = %s AND data_type = 'character varying'"
            " AND table_schema = current_schema",
            (table, column),
        )
        if cr.fetchone():
            names = {"table": SQL.identifier(table), "column": SQL.identifier(column)}
            cr.execute(
                SQL(
                    "ALTER TABLE %(table)s ALTER COLUMN %(column)s"
                    " TYPE jsonb USING to_jsonb(nullif(%(column)s, ''))",
                    **names,
                )
            )
