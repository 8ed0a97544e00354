"""The way to Exact Online and back, in requests as a browser makes them."""

from unittest.mock import patch

from odoo.addons.accountable_connect.tests.common_consent import ConsentMixin
from odoo.addons.accountable_connect_exact.models import accountable_connection, accountable_sign_in
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common import (
    CLIENT_ID,
    CLIENT_SECRET,
    EXACT,
    WEBHOOK_SECRET,
    ExactMixin,
    FakeClient,
    FakePackage,
)


@tagged("post_install", "-at_install")
class TestExactConsent(ConsentMixin, ExactMixin, HttpCase):
    package = "exact"
    authorise = EXACT + "/api/oauth2/auth"
    secrets = (CLIENT_SECRET, WEBHOOK_SECRET)
    missing_hint = "Permitted companies"

    def setUp(self):
        super().setUp()
        self.patch(accountable_sign_in, "ExactPackage", FakePackage)
        self.patch(accountable_connection, "ExactPackage", FakePackage)

    def test_the_addresses_are_those_registered_with_apps(self):
        self.assertEqual(self.return_address, "/accountable_connect_exact/return?")

    def test_the_client_knows_site_app_and_return(self):
        self.start()
        values = FakeClient.made[-1].values
        self.assertEqual(values["site"], EXACT)
        self.assertEqual(values["client_id"], CLIENT_ID)
        self.assertEqual(values["client_secret"], CLIENT_SECRET)
        self.assertEqual(
            values["redirect_uri"], self.base_url() + "/accountable_connect_exact/return"
        )

    def test_the_app_is_missing(self):
        self.sign_in.exact_client_id = False
        answer = self.url_open(self.start_address(self.sign_in.id))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("client ID and client secret", answer.text)

    def test_words_of_the_package_are_translated(self):
        """They stand in a plain class."""
        self.env["res.lang"]._activate_lang("nl_BE")
        self.sign_in.exact_client_id = False
        with self.assertRaisesRegex(UserError, "Geef eerst"):
            self.sign_in.with_context(lang="nl_BE").action_sign_in()

    def test_who_manages_one_of_them_changes_no_app(self):
        self.share()
        sign_in = self.sign_in.with_user(self.manager)
        for values in (
            {"exact_client_id": "other"},
            {"exact_site": "NL"},
            {"exact_sandbox_address": "http://127.0.0.1:9"},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                sign_in.write(values)
        sign_in.set_secrets({"exact_client_secret": "a new one of the same app"})

    def test_the_secret_cannot_be_read(self):
        self.sign_in.exact_client_secret = "fernet:xyz"
        self.env.flush_all()
        with patch.object(
            type(self.sign_in), "_secret_fields", lambda _self: ["exact_client_secret"]
        ):
            answer = self.url_open(self.start_address(self.sign_in.id))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("is encrypted", answer.text)
