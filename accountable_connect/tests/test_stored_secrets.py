"""What the database holds of secrets and tokens, while a key is given, changed, lost or none."""

import json
from unittest.mock import patch

import psycopg2
from cryptography.fernet import Fernet
from odoo import sql_db
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, DataRefusedError
from odoo.addons.accountable_connect.models.sign_in import secret_fields
from odoo.addons.accountable_connect.models.sign_in.stored_secrets import Keys, Unreadable
from odoo.addons.accountable_connect.models.sign_in.token_store import StoredTokens
from odoo.exceptions import UserError
from odoo.tests import BaseCase, get_db_name, tagged

from .common import ConnectionCase

OLD, NEW, THIRD = (Fernet.generate_key().decode() for _key in range(3))
MALFORMED = ("x", "not a key at all", OLD[:-3], "é" * 44)
PAIR = {
    "access_token": "a-1",
    "refresh_token": "r-1",
    "issued_at": "2026-03-01T10:00:00+00:00",
    "expires_in": 600,
    "lost": "consent_expired",
}


@tagged("post_install", "-at_install")
class TestKeys(BaseCase):
    def test_two_keys_while_one_is_changed(self):
        stored = Keys(OLD).encrypted("geheim")
        for text in (f"{NEW},{OLD}", f"{NEW} {OLD}", f" {NEW} ,\n {OLD}\n"):
            with self.subTest(text=text):
                both = Keys(text)
                self.assertEqual(both.plain(stored), "geheim")
                anew = both.anew(stored)
                self.assertEqual(Keys(NEW).plain(anew), "geheim")
                self.assertEqual(both.anew(anew), anew, "it is not written twice")
                with self.assertRaises(Unreadable):
                    Keys(OLD).plain(anew)

    def test_what_was_stored_before_there_was_a_key(self):
        keys = Keys(NEW)
        self.assertEqual(keys.plain("geheim"), "geheim")
        self.assertEqual(keys.plain(keys.anew("geheim")), "geheim")
        for nothing in ("", None, False):
            self.assertEqual(keys.anew(nothing), nothing)

    def test_why_nobody_can_read_it(self):
        stored = Keys(OLD).encrypted("geheim")
        for text, reason in (("", "missing"), (NEW, "other"), ("x", "malformed")):
            with self.subTest(text=text), self.assertRaises(Unreadable) as caught:
                Keys(text).plain(stored)
            self.assertEqual(caught.exception.reason, reason)
            self.assertEqual(Keys(text).anew(stored), stored, "it may be read again one day")

    def test_malformed_key(self):
        for text in MALFORMED:
            with self.subTest(text=text):
                keys = Keys(text)
                self.assertTrue(keys.is_malformed)
                self.assertEqual(keys.plain("geheim"), "geheim")
        typing_error = Keys(f"x,{OLD}")
        self.assertEqual(typing_error.plain(Keys(OLD).encrypted("geheim")), "geheim")

    def test_moments_stay_readable(self):
        """The database is asked which chain of tokens rests for how long."""
        stored = Keys(NEW).values_anew(PAIR)
        self.assertEqual(
            {name for name, value in stored.items() if value == PAIR[name]},
            {"issued_at", "expires_in", "lost"},
        )
        self.assertEqual(Keys(NEW).plain_values(stored), PAIR)


@tagged("post_install", "-at_install")
class TestTokens(BaseCase):
    """With transactions of its own, as the store has."""

    def setUp(self):
        super().setUp()
        self.key = ""
        self.startPatcher(patch.object(secret_fields, "secret_key", lambda: self.key))
        with self.cursor() as cr:
            cr.execute(
                "INSERT INTO accountable_sign_in (name, package, state, active)"
                " VALUES ('Kantoor', 'none', 'new', TRUE) RETURNING id"
            )
            [self.sign_in_id] = cr.fetchone()
        self.addCleanup(self.remove)
        self.store = StoredTokens(self, self.sign_in_id)

    def cursor(self):
        return sql_db.db_connect(get_db_name()).cursor()

    def remove(self):
        with self.cursor() as cr:
            cr.execute("DELETE FROM accountable_sign_in WHERE id = %s", (self.sign_in_id,))

    def row(self):
        with self.cursor() as cr:
            cr.execute("SELECT tokens FROM accountable_sign_in WHERE id = %s", (self.sign_in_id,))
            return cr.fetchone()[0]

    def test_plain_tokens_go_on_and_are_encrypted_when_some_are_saved(self):
        self.store.save("oauth", PAIR)
        self.assertEqual(self.row(), {"oauth": PAIR})
        self.key = NEW
        self.assertEqual(self.store.load("oauth"), PAIR)
        self.store.save("other", {"token": "t-1", "asked_at": "2026"})
        for token in ("a-1", "r-1", "t-1"):
            self.assertNotIn(token, json.dumps(self.row()))
        self.assertEqual(self.row()["oauth"]["issued_at"], PAIR["issued_at"])
        self.assertEqual(self.store.load("oauth"), PAIR)
        self.assertEqual(self.store.load("other"), {"token": "t-1", "asked_at": "2026"})

    def test_key_is_changed(self):
        self.key = OLD
        self.store.save("oauth", PAIR)
        self.key = f"{NEW},{OLD}"
        self.assertEqual(self.store.load("oauth"), PAIR)
        self.store.save("other", {"token": "t-1"})
        self.key = NEW
        self.assertEqual(self.store.load("oauth"), PAIR)

    def test_key_that_is_gone(self):
        self.key = OLD
        self.store.save("oauth", PAIR)
        kept = self.row()
        for self.key in ("", NEW, "x"):
            with self.subTest(key=self.key), self.assertRaises(ConfigurationMissingError) as caught:
                self.store.load("oauth")
            self.assertEqual(caught.exception.code, "unreadable_tokens")
            self.store.save("other", {"token": "t-1"})
            self.assertEqual(self.row()["oauth"], kept["oauth"], "the key may come back")
        self.key = OLD
        self.assertEqual(self.store.load("oauth"), PAIR)

    def test_malformed_key_loses_no_token(self):
        """What the package gave is the only one there is."""
        self.key = "x"
        self.store.save("oauth", PAIR)
        self.assertEqual(self.store.load("oauth"), PAIR)

    def test_secrets_of_the_row_follow(self):
        """So that the earlier key can go after a day's work."""
        store = StoredTokens(self, self.sign_in_id, ["database_identity"])
        with self.cursor() as cr:
            cr.execute(
                "UPDATE accountable_sign_in SET database_identity = %s WHERE id = %s",
                (Keys(OLD).encrypted("geheim"), self.sign_in_id),
            )
        self.key = f"{NEW},{OLD}"
        store.save("oauth", PAIR)
        with self.cursor() as cr:
            cr.execute(
                "SELECT database_identity FROM accountable_sign_in WHERE id = %s",
                (self.sign_in_id,),
            )
            self.assertEqual(Keys(NEW).plain(cr.fetchone()[0]), "geheim")

    def test_row_that_is_gone(self):
        self.remove()
        self.store.save("oauth", PAIR)
        self.assertEqual(self.store.load("oauth"), PAIR)
        with self.cursor() as cr, self.assertRaises(psycopg2.Error):
            cr.execute("SELECT nothing_of_the_kind", log_exceptions=False)


@tagged("post_install", "-at_install")
class TestKeysAndCompanies(ConnectionCase):
    """A key that is none is told in words, and keeps nobody from working who needs none."""

    def setUp(self):
        super().setUp()
        self.key = ""
        self.patch(secret_fields, "secret_key", lambda: self.key)
        model = self.registry["accountable.sign.in"]
        # any text column does
        self.patch(model, "_secret_fields", lambda _sign_in: ["database_identity"])
        self.sign_in.database_identity = "geheim"
        opened = self.registry["accountable.connection"]._open_package

        def _open_package(connection):
            connection.sign_in_id._secret("database_identity")
            connection._get_token_store()
            return opened(connection)

        self.patch(self.registry["accountable.connection"], "_open_package", _open_package)
        self.patch(
            self.registry["accountable.connection"], "_check_may_send", lambda _connection: None
        )

    def test_whoever_needs_no_key_works(self):
        invoice = self.invoice()
        self.key = "x"
        self.work()
        self.assertEqual(self.jobs(invoice).state, "done")

    def test_whoever_needs_it_waits_and_is_told_why(self):
        self.key = OLD
        self.sign_in.name = "Kantoor"
        self.assertTrue(self.sign_in.database_identity.startswith("fernet:"))
        for self.key, words in (("x", "secret_key"), (NEW, "another key"), ("", "no key")):
            with self.subTest(key=self.key):
                invoice = self.invoice()
                self.connection.sudo().write({"wait_until": False, "wait_reason": False})
                self.work()
                self.assertEqual(self.jobs(invoice).state, "pending")
                self.assertIn("Kantoor", self.connection.wait_reason)
                self.assertIn(words, self.connection.wait_reason)
        self.key = OLD
        self.later()
        self.work()
        self.assertEqual(self.jobs(invoice).state, "done")

    def test_tokens_that_cannot_be_read(self):
        self.sign_in.tokens = {"oauth": Keys(OLD).values_anew(PAIR)}
        self.key = ""
        self.assertEqual(self.sign_in._secret("database_identity"), "geheim")
        with self.assertRaises(UserError):
            self.sign_in._check_tokens()
        invoice = self.invoice()
        self.work()
        self.assertEqual(self.jobs(invoice).state, "pending")
        self.assertIn("no key", self.connection.wait_reason)
        # the cure: what was stored is forgotten
        self.sign_in.tokens = False
        self.sign_in._check_tokens()

    def test_malformed_key_is_refused_where_a_password_is_entered(self):
        for key in ("x", f"x,{OLD}", f"{OLD},x"):
            self.key = key
            with self.subTest(key=key), self.assertRaisesRegex(UserError, "secret_key"):
                self.sign_in.set_secrets({"database_identity": "nieuw"})

    def test_store_of_a_sign_in_knows_its_secrets(self):
        self.assertEqual(self.sign_in._get_token_store().secrets, ("database_identity",))

    def test_changed_key_reaches_the_secrets_with_the_next_write(self):
        self.key = OLD
        self.sign_in.name = "Een"
        first = self.sign_in.database_identity
        self.sign_in.tokens = {"oauth": PAIR, "asked": {"asked_at": "2026"}}
        self.assertNotIn("r-1", str(self.sign_in.tokens))
        self.key = f"{NEW},{OLD}"
        self.sign_in.name = "Twee"
        self.assertNotEqual(self.sign_in.database_identity, first)
        self.key = NEW
        self.assertEqual(Keys(NEW).plain_values(self.sign_in.tokens["oauth"]), PAIR)
        self.assertEqual(self.sign_in._secret("database_identity"), "geheim")
        self.sign_in.name = "Drie"
        self.assertEqual(self.sign_in._secret("database_identity"), "geheim")

    def test_item_that_failed_quotes_no_secret(self):
        """Whatever a client let through, the chain of an unexpected error too."""
        self.key = OLD
        self.sign_in.tokens = {"oauth": PAIR | {"refresh_token": "r-1-long"}}

        def fail(_operation, _subject):
            try:
                raise ValueError("header geheim")
            except ValueError as error:
                raise KeyError("token r-1-long") from error

        refused = DataRefusedError("geheim", code="x", technical="Basic geheim, r-1-long, a-1")
        for number, (before, failure) in enumerate((([], refused), ([fail], None))):
            with self.subTest(failure=failure):
                self.books.before[:] = before
                if failure:
                    self.books.fail("create_document", failure)
                invoice = self.invoice(amount=100.0 + number)
                self.work(unexpected=bool(before))
                technical = self.jobs(invoice).technical
                self.assertIn("***", technical)
                for secret in ("geheim", "r-1-long"):
                    self.assertNotIn(secret, technical)
