"""Consent in the browser and notifications were the Exact addon's: what they keep is renamed, and
this addon's from now on. Secrets and tokens keep their columns, so that a worker of the version
before still stores what it renewed."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, rename_column

RENAMED = (
    ("accountable_sign_in", "exact_nonce", "consent_nonce"),
    ("accountable_sign_in", "exact_user_name", "signed_in_as"),
    ("accountable_connection", "exact_webhooks", "webhooks"),
)
# What people wrote down with the names of before: their own views, favourites, lists to export.
MENTIONED = {old: new for _table, old, new in RENAMED} | {
    "exact_administration_ids": "administration_ids",
    "exact_has_webhook_secret": "has_webhook_secret",
    "exact_redirect_uri": "redirect_uri",
    "exact_redirect_uri_refused": "redirect_uri_refused",
    "action_exact_sign_in": "action_sign_in",
    "action_exact_webhooks_on": "action_webhooks_on",
    "action_exact_webhooks_off": "action_webhooks_off",
}
MENTIONED_IN = (
    ("ir_ui_view", "arch_db", "jsonb"),
    ("ir_filters", "domain", "text"),
    ("ir_filters", "context", "text"),
    ("ir_filters", "sort", "varchar"),
    ("ir_exports_line", "name", "varchar"),
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
    for old, new in MENTIONED.items():
        for table, column, sort in MENTIONED_IN:
            cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s"
                    " = regexp_replace(%(column)s::text, %(old)s, %(new)s, 'g')::%(sort)s"
                    " WHERE %(column)s::text ~ %(old)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    sort=SQL(sort),
                    old=rf"\m{old}\M",
                    new=new,
                )
            )
