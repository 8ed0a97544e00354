"""Sign-in and connection of Exact Online in Odoo: site, app, sentences, opening the package."""

from unittest.mock import patch

from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.models.inbound import webhook as webhook_module
from odoo.addons.accountable_connect.models.sign_in import sign_in
from odoo.addons.accountable_connect_exact.api import webhook
from odoo.addons.accountable_connect_exact.api.package import ExactPackage
from odoo.addons.accountable_connect_exact.const import SITES
from odoo.addons.accountable_connect_exact.models import accountable_connection
from odoo.addons.accountable_connect_exact.sentences import SENTENCES
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import TransactionCase, tagged

from .common import CLIENT_ID, CLIENT_SECRET, DIVISION, EXACT, ExactMixin, FakeClient, FakePackage


@tagged("post_install", "-at_install")
class TestExactConnection(ExactMixin, TransactionCase):
    def signed_in(self):
        self.sign_in.write(
            {"signed_in_as": "An", "state": "valid", "tokens": {"oauth": {"refresh_token": "R"}}}
        )

    def test_opens_the_package_of_the_division(self):
        with self.connection.with_user(self.user)._open_package() as package:
            self.assertIsInstance(package, ExactPackage)
            values = package.client.values
        self.assertEqual(values["division"], DIVISION)
        self.assertEqual(values["client_id"], CLIENT_ID)
        self.assertEqual(values["client_secret"], CLIENT_SECRET)
        self.assertEqual(values["site"], EXACT)

    def test_a_copy_opens_nothing(self):
        self.sign_in.database_identity = "another database"
        with self.assertRaises(ConfigurationMissingError):
            self.connection._open_package()
        self.sign_in.database_identity = False
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        with self.assertRaises(ConfigurationMissingError):
            self.connection._open_package()
        self.assertEqual(FakeClient.made, [])

    def test_vat_of_the_country(self):
        """A Belgian division takes no Dutch VAT, and the other way round."""
        for site in ("BE", "NL", "DE"):
            self.sign_in.exact_site = site
            capabilities = self.connection._get_capabilities()
            self.assertEqual(capabilities.vat_countries, {site})
            self.assertIs(capabilities, self.connection._get_capabilities())

    def test_a_company_of_another_country_than_the_site(self):
        self.connection.company_id.account_fiscal_country_id = self.env.ref("base.nl")
        self.assertIn("cannot book the VAT of Netherlands", str(self.connection.checklist))
        self.sign_in.exact_site = "NL"
        self.connection.invalidate_recordset(["checklist", "in_order"])
        self.assertIn("Fiscal country: Netherlands", self.connection.in_order)

    def test_a_document_finds_its_codes_without_a_call(self):
        details = {"guid": "g", "bookable": True}
        self.env["accountable.master.data"].create(
            [
                {
                    "connection_id": self.connection.id,
                    "kind": "ledger_account",
                    "code": code,
                    "name": "Sales",
                    "details": details,
                    "active": active,
                }
                for code, active in (("700000", True), ("799999", False))
            ]
        )
        with self.connection._open_package() as package:
            self.assertEqual(package.codes.details("ledger_account", "700000"), details)
            self.assertEqual(package.codes.details("ledger_account", "799999"), {})

    def test_every_country_has_its_site(self):
        for site, _name in self.sign_in._fields["exact_site"].selection:
            self.sign_in.exact_site = site
            self.assertEqual(self.sign_in.exact_address, SITES[site])
        self.assertEqual(len(self.sign_in._fields["exact_site"].selection), len(SITES))

    def test_the_country_of_the_company_is_proposed(self):
        company = self.env.company
        for country, site in (("base.nl", "NL"), ("base.be", "BE"), ("base.it", "BE")):
            company.account_fiscal_country_id = self.env.ref(country)
            self.assertEqual(self.sign_in._default_exact_site(), site)

    # The site is kept

    def test_another_site_forgets_the_secrets(self):
        self.sign_in.with_user(self.manager).exact_site = "NL"
        for name in ("exact_client_secret", "exact_webhook_secret"):
            self.assertEqual(self.sign_in._secret(name), "")

    def test_a_sandbox_forgets_the_secrets(self):
        self.sign_in.with_user(self.manager).exact_sandbox_address = "http://127.0.0.1:8000"
        self.assertEqual(self.sign_in._secret("exact_client_secret"), "")

    def test_the_same_site_keeps_them(self):
        for nothing in (False, ""):
            self.sign_in.write(
                {"exact_site": "BE", "name": "Ours", "exact_sandbox_address": nothing}
            )
        self.assertEqual(self.sign_in._secret("exact_client_secret"), CLIENT_SECRET)

    def test_once_signed_in_the_site_is_kept(self):
        self.signed_in()
        for values in (
            {"exact_site": "NL"},
            {"exact_sandbox_address": "http://localhost:1"},
            # over the interface, so that the next call could change the site
            {"signed_in_as": False},
        ):
            with self.assertRaises(UserError):
                self.sign_in.with_user(self.manager).write(values)
        self.assertEqual(self.sign_in.exact_address, EXACT)
        self.assertTrue(self.sign_in.tokens)

    def test_another_app_forgets_the_tokens(self):
        self.signed_in()
        self.sign_in.with_user(self.manager).exact_client_id = "another"
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(self.sign_in.state, "new")
        self.assertEqual(self.sign_in._secret("exact_client_secret"), CLIENT_SECRET)

    def test_a_sandbox_is_on_this_machine(self):
        for host in ("127.0.0.1", "localhost", "::1"):
            host = f"[{host}]" if ":" in host else host
            self.sign_in.exact_sandbox_address = f"http://{host}:8000"
        refused = ("https://exact.example", "http://exact.example", "ftp://127.0.0.1", "x")
        for address in (*refused, "http://[127.0.0.1"):
            with self.assertRaises(ValidationError):
                self.sign_in.exact_sandbox_address = address

    def test_address_that_is_read_in_two_ways(self):
        with self.assertRaises(ValidationError):
            self.sign_in.exact_sandbox_address = r"http://192.0.2.2:9802\@127.0.0.1"

    def test_sandbox_needs_the_server_configuration(self):
        self.patch(sign_in, "sandboxes_allowed", lambda: False)
        with self.assertRaisesRegex(ValidationError, "allow_sandboxes = True"):
            self.sign_in.exact_sandbox_address = "http://127.0.0.1:8000"

    def test_redirect_uri(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("web.base.url", "https://odoo.example")
        self.sign_in.invalidate_recordset()
        self.assertEqual(
            self.sign_in.redirect_uri,
            "https://odoo.example/accountable_connect_exact/return",
        )
        self.assertFalse(self.sign_in.redirect_uri_refused)
        parameters.set_param("web.base.url", "http://odoo.example")
        self.sign_in.invalidate_recordset()
        self.assertTrue(self.sign_in.redirect_uri_refused)

    # Buttons

    def test_the_browser_is_sent_to_sign_in(self):
        for record, method in (
            (self.sign_in, "action_sign_in"),
            (self.connection, "action_test_sign_in"),
            (self.connection, "action_reconnect"),
        ):
            action = getattr(record.with_user(self.manager), method)()
            self.assertEqual(action["type"], "ir.actions.act_url")
            self.assertEqual(action["url"], f"/accountable_connect_exact/start/{self.sign_in.id}")
        with self.assertRaises(AccessError):
            self.sign_in.with_user(self.user).action_sign_in()
        self.assertEqual(FakeClient.made, [])

    def test_who_lost_one_administration_consents_again(self):
        """Also when nothing is wrong with the sign-in itself."""
        self.signed_in()
        self.patch(accountable_connection, "ExactPackage", FakePackage)
        lost = AuthorisationLostError("403", code="division_not_granted", only_administration=True)
        self.connection.write({"state": "connected", "step": "done"})
        self.connection._lose_authorisation(lost)
        self.assertIn("Permitted companies", self.connection.wait_reason)
        self.assertEqual(self.sign_in.state, "valid")
        self.patch(FakePackage, "administrations", [Administration(key="7", name="Another")])
        action = self.connection.action_reconnect()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertEqual(self.connection.state, "reconnect")
        self.patch(
            FakePackage, "administrations", [Administration(key=DIVISION, name="Vandersmissen")]
        )
        self.connection.action_reconnect()
        self.assertEqual(self.connection.state, "connected")

    def test_signed_in_is_tested(self):
        self.signed_in()
        self.patch(accountable_connection, "ExactPackage", FakePackage)
        self.assertIs(self.connection.action_test_sign_in(), True)
        self.assertFalse(self.connection.problem)
        self.assertEqual(self.connection.state, "connecting")

    def test_the_checklist_speaks_of_signing_in(self):
        self.assertIn("Nobody signed in", str(self.connection.checklist))
        self.sign_in.state = "lost"
        self.assertIn("sign in again", str(self.connection.checklist))
        self.sign_in.state = "valid"
        self.assertIn("The sign-in works", self.connection.in_order)

    def test_asked_before_anybody_signed_in(self):
        def refuse(_package):
            raise AuthorisationLostError("x", code="not_signed_in")

        self.patch(accountable_connection, "ExactPackage", FakePackage)
        self.patch(FakePackage, "list_administrations", refuse)
        self.connection.action_choose_administration()
        self.assertIn("Nobody signed in", self.connection.problem)
        self.assertEqual(self.sign_in.state, "new")
        self.signed_in()
        self.connection.action_choose_administration()
        self.assertEqual(self.sign_in.state, "lost")

    def test_nothing_to_sign_in_with(self):
        self.sign_in.exact_client_id = False
        with self.assertRaises(UserError):
            self.sign_in.action_sign_in()

    # Sentences

    def test_a_sentence_is_read_in_each_language(self):
        """Stored as data; its period is a month, and what only Exact Online says is quoted."""
        for lang in ("nl_BE", "fr_BE"):
            self.env["res.lang"]._activate_lang(lang)
        self.env["accountable.master.data"].create(
            {
                "connection_id": self.connection.id,
                "kind": "period",
                "code": "2026/11",
                "name": "2026/11",
                "details": {"date_from": "2026-11-01", "date_to": "2026-11-30"},
            }
        )
        connection = self.connection.with_context(lang=None)
        connection.problem = connection._error_sentence(
            PeriodClosedError(
                "x", code="period_closed", values={"period": "2026/11", "journal": "V1"}
            )
        )
        for lang, words in (
            ("en_US", "Period November 2026 of journal V1"),
            ("nl_BE", "Periode november 2026 van dagboek V1"),
            ("fr_BE", "La période novembre 2026 du journal V1"),
        ):
            self.assertIn(words, self.connection.with_context(lang=lang).problem)
        connection.problem = connection._error_sentence(
            DataRefusedError("x", code="?", values={"detail": "Vreemd geval, 5 %", "secret": "s"})
        )
        texts = [
            self.connection.with_context(lang=lang).problem for lang in ("en_US", "nl_BE", "fr_BE")
        ]
        self.assertEqual(len(set(texts)), 3)
        self.assertIn("“Vreemd geval, 5 %”", texts[0])
        self.assertNotIn("secret", str(connection.problem.data))

    def test_sentence_without_its_values(self):
        for code, sentence in SENTENCES.items():
            text = self.connection._error_sentence(DataRefusedError("x", code=code))
            self.assertNotIn("%(", text, sentence)

    def test_unknown_codes(self):
        sentence = self.connection._error_sentence
        error = DataRefusedError("x", code="?", values={"detail": "Vreemd geval"})
        self.assertIn("Vreemd geval", sentence(error))
        self.assertIn("Exact Online", sentence(AuthorisationLostError("x", code="?")))
        self.assertTrue(sentence(TemporaryError("x", code="?")).endswith("."))

    # Webhooks on and off

    def test_told_of_changes(self):
        self.signed_in()
        asked = []
        self.patch(accountable_connection, "ExactPackage", FakePackage)
        for name in ("subscribe", "unsubscribe"):
            self.patch(
                webhook, name, lambda client, address, name=name: asked.append((name, address))
            )
        connection = self.connection.with_user(self.manager)
        connection.action_webhooks_on()
        self.assertTrue(connection.webhooks)
        connection.action_webhooks_off()
        self.assertFalse(connection.webhooks)
        address = connection.get_base_url() + "/accountable_connect_exact/webhook"
        self.assertEqual(asked, [("subscribe", address), ("unsubscribe", address)])

    def ended(self, change):
        """The subscriptions that are ended once a change of the connection is committed."""
        self.signed_in()
        self.connection.webhooks = True
        self.env.flush_all()
        asked = []
        self.patch(
            webhook, "unsubscribe", lambda client, address: asked.append((client.values, address))
        )
        change()
        self.assertEqual(asked, [], "Exact Online is asked before the change is sure")
        with self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.cr.postcommit.run()
        return asked

    def test_archived_nobody_is_told_any_more(self):
        [(values, address)] = self.ended(self.connection.with_user(self.manager).action_archive)
        self.assertEqual(values["division"], DIVISION)
        self.assertLessEqual(values["timeout"], 5)
        self.assertTrue(address.endswith("/accountable_connect_exact/webhook"))
        self.assertFalse(self.connection.webhooks)

    def test_deleted_nobody_is_told_any_more(self):
        [(values, _address)] = self.ended(self.connection.with_user(self.manager).unlink)
        self.assertEqual(values["division"], DIVISION)

    def test_what_does_not_answer_keeps_nobody_from_archiving(self):
        def refuse(_client, _address):
            raise TemporaryError("no answer")

        archive = self.connection.action_archive
        with patch.object(webhook_module._logger, "info") as log:
            self.ended(lambda: (self.patch(webhook, "unsubscribe", refuse), archive()))
        self.assertIn("no answer", str(log.call_args))
        self.assertFalse(self.connection.active)

    def test_a_copy_ends_nothing_at_the_live_books(self):
        def archive_copy():
            self.sign_in.database_identity = "another database"
            self.connection.action_archive()

        self.assertEqual(self.ended(archive_copy), [])
        self.assertEqual(FakeClient.made, [])

    def test_told_of_changes_is_refused(self):
        self.signed_in()
        self.patch(accountable_connection, "ExactPackage", FakePackage)

        def refuse(_client, _address):
            raise ConfigurationMissingError("no right", code="?")

        self.patch(webhook, "subscribe", refuse)
        self.connection.action_webhooks_on()
        self.assertFalse(self.connection.webhooks)
        self.assertTrue(self.connection.problem)

    def test_told_of_changes_needs_the_secret(self):
        self.sign_in.exact_webhook_secret = False
        with self.assertRaises(UserError):
            self.connection.action_webhooks_on()
        with self.assertRaises(AccessError):
            self.connection.with_user(self.user).action_webhooks_off()
