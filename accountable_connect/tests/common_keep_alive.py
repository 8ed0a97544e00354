"""Sign-ins that rest are kept alive."""

from datetime import UTC, datetime, timedelta

from cryptography.fernet import Fernet
from odoo.addons.accountable_connect.api.errors import AuthorisationLostError, TemporaryError
from odoo.addons.accountable_connect.models.sign_in import keep_alive, secret_fields

from .common_consent import FakeClient


class KeepAliveMixin:
    """For a ``TransactionCase`` that makes ``sign_in`` and its ``connection``, and lets
    ``FakeClient`` answer; the chain of tokens ends after some rest of more than twenty days."""

    def another_sign_in(self):
        return self.sign_in.copy({"name": "Ander"})

    def rested(self, days, **pair):
        moment = datetime.now(UTC) - timedelta(days=days)
        pair = {"refresh_token": "R", "issued_at": moment.isoformat(), **pair}
        self.sign_in.write({"state": "valid", "tokens": {"oauth": pair}})
        # the store of tokens reads and writes in cursors of its own
        self.patch(
            self.env.registry["accountable.sign.in"], "_get_token_store", lambda _sign_in: self
        )
        self.saved = []

    def save(self, name, values):
        self.sign_in.tokens = {**self.sign_in.tokens, name: values}
        if name == "oauth":
            self.saved.append(values)

    def keep_alive(self):
        self.env["accountable.connection"]._cron_lane(1)

    def test_renewed_before_it_ends_whatever_the_connection_does(self):
        self.connection.state = "paused"
        for days, renewed in ((1, 0), (19, 0), (21, 1)):
            with self.subTest(days=days):
                self.rested(days)
                self.keep_alive()
                self.assertEqual(len(self.saved), renewed)
        self.assertEqual(self.connection.state, "paused")

    def test_chain_whose_tokens_are_encrypted(self):
        """When they were issued, and that they are lost, the database is still asked."""
        key = Fernet.generate_key().decode()
        self.patch(secret_fields, "secret_key", lambda: key)
        for pair, renewed in (({}, 1), ({"lost": "consent_expired"}, 0)):
            with self.subTest(pair=pair):
                self.rested(21, **pair)
                self.assertTrue(self.sign_in.tokens["oauth"]["refresh_token"].startswith("fernet:"))
                self.keep_alive()
                self.assertEqual(len(self.saved), renewed)

    def test_left_alone(self):
        self.rested(21, lost="consent_expired")
        self.keep_alive()
        self.rested(21)
        self.sign_in.database_identity = "another database"
        self.keep_alive()
        self.sign_in.database_identity = False
        for values in ({"database_identity": "another"}, {"unknown_booking": {"key": "1"}}):
            # a copy would end the chain of the original
            self.connection.write(values)
            self.keep_alive()
            self.connection.write(dict.fromkeys(values, False))
        self.connection.active = False
        self.keep_alive()
        self.assertEqual(FakeClient.made, [])

    def test_no_answer_changes_nothing(self):
        self.rested(21)
        FakeClient.error = TemporaryError("no answer")
        self.keep_alive()
        self.assertEqual((self.sign_in.state, len(FakeClient.made)), ("valid", 1))

    def test_asked_once_an_hour_whatever_is_answered(self):
        """Lanes are called every few seconds; token calls are counted, and errors blocked."""
        for error in (TemporaryError("no answer"), AuthorisationLostError("x", code="app_refused")):
            with self.subTest(error=error):
                self.rested(21)
                FakeClient.made.clear()
                FakeClient.error = error
                for _call in range(3):
                    self.keep_alive()
                self.assertEqual(len(FakeClient.made), 1)
                hour_ago = datetime.now(UTC) - timedelta(minutes=61)
                self.save(keep_alive.ASKED, {"asked_at": hour_ago.isoformat()})
                self.keep_alive()
                self.assertEqual(len(FakeClient.made), 2)

    def test_many_that_do_not_answer_keep_no_lane_busy(self):
        other = self.another_sign_in()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["accountable.connection"].create(
            {"sign_in_id": other.id, "company_id": company.id}
        )
        self.rested(21)
        other.tokens = self.sign_in.tokens
        self.patch(keep_alive, "LANE_SECONDS", 0)
        self.keep_alive()
        self.assertEqual(len(FakeClient.made), 1)

    def test_broken_chain_is_told(self):
        self.rested(21)
        self.connection.write({"state": "connected", "step": "done", "synchronisation": "manual"})
        FakeClient.error = AuthorisationLostError("gone", code="consent_expired")
        self.keep_alive()
        self.sign_in.invalidate_recordset()
        self.assertEqual((self.sign_in.state, self.connection.state), ("lost", "reconnect"))
        self.assertIn("Sign in again", self.connection.wait_reason)
        self.assertTrue(self.connection.activity_ids)
