"""Nothing a manager can read holds a secret, and nothing of it survives in a copy."""

import json
from unittest.mock import patch

from cryptography.fernet import Fernet
from odoo.addons.accountable_connect.models import accountable_sign_in
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import file_open

from .common import CLIENT_SECRET, WEBHOOK_SECRET, ExactMixin

HIDDEN = (
    "exact_client_secret",
    "exact_webhook_secret",
    "exact_nonce",
    "tokens",
    "database_identity",
)
REFRESH_TOKEN = "nGvr-refresh"
NONCE = "n0nce"


@tagged("post_install", "-at_install")
class TestExactSecrets(ExactMixin, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = None
        cls.startClassPatcher(
            patch.object(accountable_sign_in, "_configured_key", lambda path: cls.key)
        )

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "key", None)
        self.sign_in.write(
            {
                "tokens": {"oauth": {"refresh_token": REFRESH_TOKEN}},
                "exact_nonce": NONCE,
                "exact_user_name": "An",
                "state": "valid",
            }
        )

    def assert_no_secret(self, text):
        for secret in (CLIENT_SECRET, WEBHOOK_SECRET, REFRESH_TOKEN, NONCE):
            self.assertNotIn(secret, text)

    def test_nobody_reads_them_over_the_interface(self):
        for user in (self.manager, self.user):
            sign_in = self.sign_in.with_user(user)
            sign_in.invalidate_recordset()
            for name in HIDDEN:
                with self.subTest(user=user.login, name=name):
                    self.assertNotIn(name, sign_in.fields_get())
                    with self.assertRaises(AccessError):
                        sign_in.read([name])
                    with self.assertRaises(AccessError):
                        sign_in.search([(name, "!=", False)])
                    with self.assertRaises(AccessError):
                        sign_in.export_data([name])
                    with self.assertRaises(AccessError):
                        sign_in.write({name: "stolen"})
            readable = [
                record.with_user(user).read()
                for record in (
                    self.sign_in,
                    self.connection,
                    self.env["accountable.administration"].search([]),
                )
            ]
            self.assert_no_secret(json.dumps(readable, default=str))

    def test_the_form_forgets_what_was_typed(self):
        form = Form(self.env["accountable.sign.in"].with_user(self.manager))
        form.name = "Nieuw"
        form.package = "exact"
        form.exact_site = "NL"
        form.exact_client_id = "x"
        form.password_entry = CLIENT_SECRET
        form.exact_webhook_secret_entry = WEBHOOK_SECRET
        sign_in = form.save()
        self.assertFalse(sign_in.password_entry or sign_in.exact_webhook_secret_entry)
        self.assertEqual(sign_in._secret("exact_client_secret"), CLIENT_SECRET)
        self.assertEqual(sign_in._secret("exact_webhook_secret"), WEBHOOK_SECRET)
        answer = sign_in.web_save(
            {"exact_webhook_secret_entry": "Ander-8"}, {"exact_webhook_secret_entry": {}}
        )
        self.assertNotIn("Ander-8", json.dumps(answer))
        self.assertEqual(sign_in._secret("exact_webhook_secret"), "Ander-8")

    def test_a_new_client_secret_forgets_the_tokens(self):
        self.sign_in.with_user(self.manager).set_secrets({"exact_client_secret": "Nieuw-9"})
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(self.sign_in.state, "new")

    def test_a_new_webhook_secret_keeps_the_consent(self):
        self.sign_in.with_user(self.manager).exact_webhook_secret_entry = "Nieuw-9"
        self.assertEqual(self.sign_in._secret("exact_webhook_secret"), "Nieuw-9")
        self.assertEqual(self.sign_in.tokens["oauth"]["refresh_token"], REFRESH_TOKEN)
        self.assertEqual(self.sign_in.state, "valid")

    def test_a_webhook_secret_makes_no_original_of_a_copy(self):
        """Else a copied database would use up the refresh token of the live one."""
        self.sign_in.database_identity = "another database"
        self.sign_in.with_user(self.manager).exact_webhook_secret_entry = "Nieuw-9"
        self.assertEqual(self.sign_in.database_identity, "another database")
        self.assertEqual(self.connection.copy_state, "copied")

    def test_only_a_manager_enters_them(self):
        reader = self.sign_in.with_user(self.user)
        for sign_in in (reader, reader.sudo()):
            with self.assertRaises(AccessError):
                sign_in.set_secrets({"exact_webhook_secret": "x"})
        self.assertEqual(self.sign_in._secret("exact_webhook_secret"), WEBHOOK_SECRET)

    def test_a_copy_of_the_record_has_none(self):
        copy = self.sign_in.copy({"name": "Kopie"})
        for name in (*HIDDEN, "exact_client_id", "exact_user_name"):
            self.assertFalse(copy[name], name)

    def test_encrypted_with_a_key_outside_the_database(self):
        type(self).key = Fernet.generate_key().decode()
        self.sign_in.with_user(self.manager).set_secrets(
            {"exact_client_secret": CLIENT_SECRET, "exact_webhook_secret": WEBHOOK_SECRET}
        )
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM accountable_sign_in WHERE id = %s", [self.sign_in.id])
        row = str(self.env.cr.fetchone())
        self.assertNotIn(CLIENT_SECRET, row)
        self.assertNotIn(WEBHOOK_SECRET, row)
        self.assertEqual(self.sign_in._secret("exact_webhook_secret"), WEBHOOK_SECRET)
        type(self).key = None
        with self.assertRaises(UserError):
            self.sign_in._secret("exact_webhook_secret")

    def test_neutralising_leaves_no_secret(self):
        self.connection.exact_webhooks = True
        self.env.flush_all()
        with file_open("accountable_connect_exact/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.env.cr.execute("SELECT * FROM accountable_sign_in WHERE id = %s", [self.sign_in.id])
        self.assert_no_secret(str(self.env.cr.fetchone()))
        self.assertFalse(self.sign_in.tokens or self.sign_in.exact_client_id)
        self.assertFalse(self.connection.exact_webhooks)

    def test_tab_of_the_company_and_of_the_settings(self):
        for model, user in (
            ("res.company", self.manager),
            ("res.company", self.env.ref("base.user_admin")),
            ("res.config.settings", self.env.ref("base.user_admin")),
        ):
            arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
            with self.subTest(model=model, user=user.login):
                self.assertIn("exact_connection_ids", arch)
        plain = new_test_user(self.env, "plain", "base.group_user")
        arch = self.env["res.company"].with_user(plain).get_view(view_type="form")["arch"]
        self.assertNotIn("exact_connection_ids", arch)

    def test_the_tab_leads_to_the_connection(self):
        company = self.env.company.root_id
        action = company.with_context(accountable_package="exact").action_accountable_connect()
        self.assertEqual(action["res_id"], self.connection.id)
        self.assertEqual(company.exact_connection_ids, self.connection)
