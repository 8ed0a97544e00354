import json
from unittest.mock import patch

from cryptography.fernet import Fernet
from odoo.addons.accountable_connect.models import accountable_sign_in
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import file_open

PASSWORD = "Zeer-geheim-7"
SOFTWARE_HOUSE = "00000000-1111-2222-3333-444444444444"


@tagged("post_install", "-at_install")
class TestSecrets(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "keeper",
            "base.group_user,base.group_allow_export,accountable_connect.group_manager",
        )
        cls.user = new_test_user(
            cls.env,
            "reader",
            "base.group_user,base.group_allow_export,accountable_connect.group_user",
        )
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {
                "name": "Kantoor",
                "package": "octopus",
                "octopus_user": "U1",
                "company_ids": False,
            }
        )
        cls.key = None
        cls.startClassPatcher(
            patch.object(accountable_sign_in, "_configured_key", lambda path: cls.key)
        )

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "key", None)
        self.sign_in.with_user(self.manager).set_secrets(
            {"octopus_password": PASSWORD, "octopus_software_house_uuid": SOFTWARE_HOUSE}
        )

    def stored(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT octopus_password FROM accountable_sign_in WHERE id = %s", [self.sign_in.id]
        )
        return self.env.cr.fetchone()[0]

    def test_only_the_clients_read_them(self):
        self.assertEqual(self.sign_in._secret("octopus_password"), PASSWORD)
        with self.assertRaises(ValueError):
            self.sign_in._secret("octopus_user")

    def test_nobody_reads_them_over_the_interface(self):
        for user in (self.manager, self.user):
            sign_in = self.sign_in.with_user(user)
            sign_in.invalidate_recordset()
            for name in ("octopus_password", "octopus_software_house_uuid"):
                with self.subTest(user=user.login, name=name):
                    self.assertNotIn(name, sign_in.fields_get())
                    with self.assertRaises(AccessError):
                        sign_in.read([name])
                    with self.assertRaises(AccessError):
                        sign_in.search([(name, "=like", "Zeer%")])
                    with self.assertRaises(AccessError):
                        sign_in.export_data([name])
            everything = json.dumps(
                [sign_in.read(), sign_in.export_data(["name", "password_entry"])], default=str
            )
            self.assertNotIn(PASSWORD, everything)
            self.assertNotIn(SOFTWARE_HOUSE, everything)

    def test_the_form_forgets_what_was_typed(self):
        form = Form(self.env["accountable.sign.in"].with_user(self.manager))
        form.name = "Nieuw"
        form.package = "octopus"
        form.octopus_user = "U2"
        form.password_entry = PASSWORD
        form.octopus_software_house_entry = SOFTWARE_HOUSE
        sign_in = form.save()
        self.assertFalse(sign_in.password_entry)
        self.assertEqual(sign_in._secret("octopus_password"), PASSWORD)
        answer = sign_in.web_save(
            {"password_entry": "Ander-geheim-8"}, {"name": {}, "password_entry": {}}
        )
        self.assertNotIn("Ander-geheim-8", json.dumps(answer))
        self.assertEqual(sign_in._secret("octopus_password"), "Ander-geheim-8")

    def test_only_a_manager_enters_them(self):
        with self.assertRaises(AccessError):
            self.sign_in.with_user(self.user).set_secrets({"octopus_password": "x"})
        with self.assertRaises(AccessError):
            self.sign_in.with_user(self.user).sudo().set_secrets({"octopus_password": "x"})
        with self.assertRaises(AccessError):
            self.sign_in.with_user(self.manager).write({"octopus_password": "x"})
        with self.assertRaises(UserError):
            self.sign_in.with_user(self.manager).set_secrets({"name": "x"})
        self.assertEqual(self.sign_in._secret("octopus_password"), PASSWORD)

    def test_new_secrets_forget_the_tokens_and_know_their_database(self):
        self.sign_in.write({"tokens": {"1": "eyJ"}})
        self.sign_in.with_user(self.manager).set_secrets({"octopus_password": "Nieuw-9"})
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(
            self.sign_in.database_identity, self.env["accountable.identity"]._current()
        )
        self.assertEqual(self.sign_in.state, "new")

    def test_a_copy_of_the_record_has_none(self):
        self.assertFalse(self.sign_in.copy({"name": "Kopie"}).octopus_password)

    def test_encrypted_with_a_key_outside_the_database(self):
        type(self).key = Fernet.generate_key().decode()
        self.sign_in.with_user(self.manager).set_secrets({"octopus_password": PASSWORD})
        self.assertNotIn(PASSWORD, self.stored())
        self.assertEqual(self.sign_in._secret("octopus_password"), PASSWORD)
        self.assertEqual(
            self.sign_in._secret("octopus_software_house_uuid"),
            SOFTWARE_HOUSE,
            "what was stored before there was a key stays readable",
        )
        type(self).key = Fernet.generate_key().decode()
        with self.assertRaises(UserError):
            self.sign_in._secret("octopus_password")
        type(self).key = None
        with self.assertRaises(UserError):
            self.sign_in._secret("octopus_password")

    def test_neutralising_leaves_no_secret(self):
        self.env.flush_all()
        for module in ("accountable_connect", "accountable_connect_octopus"):
            with file_open(f"{module}/data/neutralize.sql") as script:
                self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.env.cr.execute("SELECT * FROM accountable_sign_in WHERE id = %s", [self.sign_in.id])
        row = str(self.env.cr.fetchone())
        self.assertNotIn(PASSWORD, row)
        self.assertNotIn(SOFTWARE_HOUSE, row)

    def test_tab_of_the_company_and_of_the_settings(self):
        for model, user in (
            ("res.company", self.manager),
            ("res.company", self.env.ref("base.user_admin")),
            ("res.config.settings", self.env.ref("base.user_admin")),
        ):
            arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
            with self.subTest(model=model, user=user.login):
                self.assertIn("octopus_connection_ids", arch)
                self.assertIn("Do the initial synchronisation", arch)
        plain = new_test_user(self.env, "plain", "base.group_user")
        arch = self.env["res.company"].with_user(plain).get_view(view_type="form")["arch"]
        self.assertNotIn("octopus_connection_ids", arch)

    def test_the_tab_leads_to_the_connection(self):
        company = self.env.company.root_id
        action = company.with_context(accountable_package="octopus").action_accountable_connect()
        self.assertFalse(action["res_id"])
        self.assertEqual(action["context"]["default_sign_in_id"], self.sign_in.id)
        connection = self.env["accountable.connection"].create({"sign_in_id": self.sign_in.id})
        action = company.with_context(accountable_package="octopus").action_accountable_connect()
        self.assertEqual(action["res_id"], connection.id)
        self.assertEqual(company.octopus_connection_ids, connection)
