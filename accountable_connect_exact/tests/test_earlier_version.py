"""A database of version 19.0.1.2.0, in which consent and notifications were this addon's."""

from odoo import Command
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

    def test_what_people_wrote_down_names_the_fields_of_now(self):
        """A view of theirs with a name nobody knows would not open any more."""
        view = self.env["ir.ui.view"].create(
            {
                "name": "who",
                "model": "accountable.sign.in",
                "inherit_id": self.env.ref("accountable_connect.accountable_sign_in_view_list").id,
                "arch": "<field name='name' position='after'><field name='signed_in_as'/></field>",
            }
        )
        favourite = self.env["ir.filters"].create(
            {
                "name": "told at once",
                "model_id": "accountable.connection",
                "domain": "[('exact_webhooks', '=', True), ('name', '!=', 'my_exact_webhooks')]",
            }
        )
        export = self.env["ir.exports"].create(
            {
                "resource": "accountable.connection",
                "export_fields": [Command.create({"name": "sign_in_id/exact_user_name"})],
            }
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_ui_view SET arch_db ="
            " replace(arch_db::text, 'signed_in_as', 'exact_user_name')::jsonb WHERE id = %s",
            (view.id,),
        )
        self.migrate()
        self.assertIn('"signed_in_as"', view.arch)
        self.assertEqual(
            favourite.domain, "[('webhooks', '=', True), ('name', '!=', 'my_exact_webhooks')]"
        )
        self.assertEqual(export.export_fields.name, "sign_in_id/signed_in_as")

    def test_what_people_changed_on_a_tab_that_goes_is_kept(self):
        views = self.env["ir.ui.view"]
        company = self.env.ref("base.view_company_form")
        page = "<page string='Exact Online' name='exact_before'/>"
        tab = views.create(
            {
                "name": "tab",
                "model": "res.company",
                "inherit_id": company.id,
                "arch": f"<xpath expr='//notebook' position='inside'>{page}</xpath>",
            }
        )
        custom = views.create(
            {
                "name": "custom",
                "model": "res.company",
                "inherit_id": tab.id,
                "arch": "<page name='exact_before' position='inside'><p>Ours</p></page>",
            }
        )
        self.env["ir.model.data"].create(
            {
                "module": "accountable_connect_exact",
                "name": "view_company_form",
                "model": "ir.ui.view",
                "res_id": tab.id,
            }
        )
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.3.0", "pre-package-tab")
        self.env.invalidate_all()
        tab.with_context(_force_unlink=True).unlink()
        self.assertEqual((custom.exists().active, custom.inherit_id), (False, company))

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
