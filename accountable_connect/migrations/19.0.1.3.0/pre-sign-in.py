"""Consent in the browser and notifications were the Exact addon's: what they keep is renamed, and
this addon's from now on. Secrets and tokens keep their columns, so that a worker of the version
before still stores what it renewed."""

from odoo.tools.sql import column_exists, rename_column

RENAMED = (
    ("accountable_sign_in", "exact_nonce", "consent_nonce"),
    ("accountable_sign_in", "exact_user_name", "signed_in_as"),
    ("accountable_connection", "exact_webhooks", "webhooks"),
)


def migrate(cr, version):
    for table, old, new in RENAMED:
        if not column_exists(cr, table, old):
            continue
        rename_column(cr, table, old, new)
        cr.execute(
            "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s",
            (new, table.replace("_", "."), old),
        )
        # by its name Odoo knows whose a field is: one that nobody defines any more is dropped
        cr.execute(
            """
            UPDATE ir_model_data SET module = 'accountable_connect', name = %s
             WHERE module = 'accountable_connect_exact' AND name = %s
            """,
            (f"field_{table}__{new}", f"field_{table}__{old}"),
        )
