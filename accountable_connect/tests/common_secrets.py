"""Nothing a manager can read of a sign-in holds a secret, and nothing of it survives in a copy.

What every package's secrets have to stand; a package adds what is its own.
"""

import json
from unittest.mock import patch

from cryptography.fernet import Fernet
from odoo.addons.accountable_connect.models.sign_in import secret_fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import file_open

GROUPS = "base.group_user,base.group_allow_export,accountable_connect."


def manager_and_user(env):
    """A manager of the connections and a mere user, who both may export."""
    return (
        new_test_user(env, "keeper", f"{GROUPS}group_manager"),
        new_test_user(env, "reader", f"{GROUPS}group_user"),
    )


class SecretsMixin:
    """For a ``TransactionCase`` that makes ``sign_in``, ``manager`` and ``user``."""

    package = ""
    # The fields ``set_secrets`` takes, with their values.
    secrets = {}
    # Every field nobody may read or take along, and further values nobody may see.
    hidden = ()
    hidden_values = ()
    # What the tab of the company and the settings shows.
    tab = ()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.key = None
        cls.startClassPatcher(patch.object(secret_fields, "secret_key", lambda: cls.key))

    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "key", None)
        self.sign_in.with_user(self.manager).set_secrets(self.secrets)

    def row(self):
        """The sign-in as the database holds it."""
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM accountable_sign_in WHERE id = %s", [self.sign_in.id])
        return str(self.env.cr.fetchone())

    def assert_no_secret(self, text):
        for secret in (*self.secrets.values(), *self.hidden_values):
            self.assertNotIn(secret, text)

    def assert_known(self):
        for name, secret in self.secrets.items():
            self.assertEqual(self.sign_in._secret(name), secret)

    def readable(self, user):
        """What this user may read."""
        sign_in = self.sign_in.with_user(user)
        return [sign_in.read(), sign_in.export_data(["name", "password_entry"])]

    def test_only_the_clients_read_them(self):
        self.assert_known()
        with self.assertRaises(ValueError):
            self.sign_in._secret("name")

    def test_nobody_reads_them_over_the_interface(self):
        for user in (self.manager, self.user):
            sign_in = self.sign_in.with_user(user)
            sign_in.invalidate_recordset()
            for name in self.hidden:
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
            self.assert_no_secret(json.dumps(self.readable(user), default=str))

    def test_only_a_manager_enters_them(self):
        reader = self.sign_in.with_user(self.user)
        for name in self.secrets:
            for sign_in in (reader, reader.sudo()):
                with self.assertRaises(AccessError):
                    sign_in.set_secrets({name: "x"})
        with self.assertRaises(UserError):
            self.sign_in.with_user(self.manager).set_secrets({"name": "x"})
        self.assert_known()

    def test_a_copy_of_the_record_has_none(self):
        copy = self.sign_in.copy({"name": "Kopie"})
        for name in self.hidden:
            self.assertFalse(copy[name], name)

    def test_encrypted_with_a_key_outside_the_database(self):
        manager = self.sign_in.with_user(self.manager)
        type(self).key = Fernet.generate_key().decode()
        self.assert_known()  # what was stored before there was a key stays readable
        manager.set_secrets(self.secrets)
        row = self.row()
        for secret in self.secrets.values():
            self.assertNotIn(secret, row)
        self.assert_known()
        for other in (Fernet.generate_key().decode(), None):
            type(self).key = other
            for name in self.secrets:
                with self.assertRaises(UserError):
                    self.sign_in._secret(name)

    def neutralise(self):
        self.env.flush_all()
        for module in ("accountable_connect", f"accountable_connect_{self.package}"):
            with file_open(f"{module}/data/neutralize.sql") as script:
                self.env.cr.execute(script.read())
        self.env.invalidate_all()

    def test_neutralising_leaves_no_secret(self):
        self.neutralise()
        self.assert_no_secret(self.row())

    def test_tab_of_the_company_and_of_the_settings(self):
        for model, user in (
            ("res.company", self.manager),
            ("res.company", self.env.ref("base.user_admin")),
            ("res.config.settings", self.env.ref("base.user_admin")),
        ):
            arch = self.env[model].with_user(user).get_view(view_type="form")["arch"]
            for text in self.tab:
                with self.subTest(model=model, user=user.login, text=text):
                    self.assertIn(text, arch)
        plain = new_test_user(self.env, "plain", "base.group_user")
        arch = self.env["res.company"].with_user(plain).get_view(view_type="form")["arch"]
        self.assertNotIn(f"{self.package}_connection_ids", arch)
