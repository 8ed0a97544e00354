"""A database of version 19.0.1.2.0, in which consent and notifications were this addon's."""

from odoo.addons.accountable_connect.tests.earlier_version import migrate
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, file_open

from .common import CLIENT_SECRET, ExactMixin

FIELDS = (
    ("accountable.sign.in", "exact_nonce", "consent_nonce"),
    ("accountable.sign.in", "exact_user_name", "signed_in_as"),
    ("accountable.connection", "exact_webhooks", "webhooks"),
)


@tagged("post_install", "-at_install")
class TestEarlierVersion(ExactMixin, TransactionCase):
    def setUp(self):
        super().setUp()
        self.sign_in.write(
            {
                "consent_nonce": "n0nce",
                "signed_in_as": "An Boekhouder",
                "tokens": {"oauth": {"refresh_token": "R"}},
                "state": "valid",
            }
        )
        self.connection.webhooks = True
        self.connection._keep_target()
        self.env.flush_all()
        for model, old, new in FIELDS:
            table = SQL.identifier(model.replace(".", "_"))
            self.env.cr.execute(
                SQL(
                    "ALTER TABLE %s RENAME COLUMN %s TO %s",
                    table,
                    SQL.identifier(new),
                    SQL.identifier(old),
                )
            )
            self.env.cr.execute(
                "UPDATE ir_model_fields SET name = %s WHERE model = %s AND name = %s",
                (old, model, new),
            )
            self.env.cr.execute(
                """
                UPDATE ir_model_data SET module = 'accountable_connect_exact', name = %s
                 WHERE module = 'accountable_connect' AND name = %s
                """,
                (self.row_name(model, old), self.row_name(model, new)),
            )

    def row_name(self, model, field):
        return f"field_{model.replace('.', '_')}__{field}"

    def migrate(self):
        migrate(self.env.cr, "19.0.1.3.0", "pre-sign-in")
        self.env.invalidate_all()

    def test_nobody_signs_in_again(self):
        self.migrate()
        self.assertEqual(self.sign_in.consent_nonce, "n0nce")
        self.assertEqual(self.sign_in.signed_in_as, "An Boekhouder")
        self.assertEqual(self.sign_in.tokens, {"oauth": {"refresh_token": "R"}})
        self.assertEqual(self.sign_in._secret("exact_client_secret"), CLIENT_SECRET)
        self.assertTrue(self.connection.webhooks)
        self.assertTrue(self.connection._has_agreed())

    def test_what_moved_belongs_to_the_core(self):
        """Odoo drops the column of a field that no addon names any more."""
        self.migrate()
        for model, old, new in FIELDS:
            with self.subTest(field=new):
                self.env.cr.execute(
                    """
                    SELECT f.name, d.module, d.name FROM ir_model_fields f
                      JOIN ir_model_data d ON d.model = 'ir.model.fields' AND d.res_id = f.id
                     WHERE f.model = %s AND f.name IN (%s, %s)
                    """,
                    (model, old, new),
                )
                [row] = self.env.cr.fetchall()
                self.assertEqual(row, (new, "accountable_connect", self.row_name(model, new)))

    def test_twice_changes_nothing(self):
        self.migrate()
        self.migrate()
        self.assertEqual(self.sign_in.signed_in_as, "An Boekhouder")

    def test_neutralised_before_it_is_upgraded(self):
        """The new files are there first; the columns they bring are not."""
        for addon in ("accountable_connect", "accountable_connect_exact"):
            with file_open(f"{addon}/data/neutralize.sql") as script:
                self.env.cr.execute(script.read())
        self.migrate()
        self.assertFalse(self.sign_in.consent_nonce or self.sign_in.signed_in_as)
        self.assertFalse(self.sign_in.tokens or self.sign_in.exact_client_secret)
        self.assertFalse(self.connection.webhooks)
