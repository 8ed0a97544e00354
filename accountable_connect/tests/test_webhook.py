"""A package tells that something changed: only its own words wake Odoo, and nothing else comes of
them."""

from unittest.mock import patch

from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, TemporaryError
from odoo.addons.accountable_connect.controllers.webhook import LARGEST_NOTIFICATION
from odoo.addons.accountable_connect.models.inbound import webhook
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from .common_consent import ADMINISTRATION, FakeClient, FakesMixin
from .fake_consent import FakeConsentMixin, FakeWebhooks

ADDRESS = "/accountable_connect_fake/webhook"
SECRET = "Kantoor"
UNREADABLE = UserError("encrypted with another key")


class WebhooksMixin(FakesMixin, FakeConsentMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._give("accountable.sign.in", "_webhooks", lambda _sign_in: FakeWebhooks())
        # a field there is, in the place of a secret
        cls._give("accountable.sign.in", "_webhook_secret_field", lambda _sign_in: "name")
        cls._give("accountable.sign.in", "_secret_fields", lambda _sign_in: ["name"])

    def setUp(self):
        super().setUp()
        self.patch(FakeWebhooks, "asked", [])


@tagged("post_install", "-at_install")
class TestWebhookRoute(WebhooksMixin, HttpCase):
    def setUp(self):
        super().setUp()
        self.hinted = []
        self.patch(
            self.registry["accountable.connection"],
            "_note_changes_there",
            lambda connections: self.hinted.extend(connections.ids),
        )

    def told(self, body, address=ADDRESS):
        """Status and content of our answer."""
        answer = self.url_open(address, data=body, method="POST")
        return answer.status_code, answer.text

    def test_signed(self):
        self.assertEqual(self.told(f"{ADMINISTRATION} {SECRET}"), (200, ""))
        self.assertEqual(self.hinted, [self.connection.id])

    def test_refused_without_a_word(self):
        for body in (f"{ADMINISTRATION} wrong", f"500002 {SECRET}", ADMINISTRATION, " ", " x"):
            with self.subTest(body=body):
                self.assertEqual(self.told(body), (403, ""))
        self.assertEqual(self.hinted, [])

    def test_no_secret_signs_nothing(self):
        self.patch(self.registry["accountable.sign.in"], "_secret", lambda _sign_in, _name: "")
        self.assertEqual(self.told(f"{ADMINISTRATION} "), (403, ""))
        self.assertEqual(self.hinted, [])

    def test_a_secret_that_cannot_be_read_signs_nothing(self):
        def refuse(_sign_in, _name):
            raise UNREADABLE

        self.patch(self.registry["accountable.sign.in"], "_secret", refuse)
        self.assertEqual(self.told(f"{ADMINISTRATION} {SECRET}"), (403, ""))
        self.assertEqual(self.hinted, [])

    def test_trial_of_the_address(self):
        self.assertEqual(self.told(""), (200, ""))
        self.assertEqual(self.hinted, [])

    def test_package_that_tells_nothing(self):
        """Whether there is such a package nobody learns."""
        for package in ("other_fake", "unknown"):
            for body in ("", f"{ADMINISTRATION} {SECRET}"):
                with self.subTest(package=package, body=body):
                    address = f"/accountable_connect_{package}/webhook"
                    self.assertEqual(self.told(body, address), (403, ""))

    def test_huge(self):
        self.assertEqual(self.told(" " * (LARGEST_NOTIFICATION + 1))[0], 413)

    def test_only_posts(self):
        self.assertEqual(self.url_open(ADDRESS).status_code, 405)


@tagged("post_install", "-at_install")
class TestWebhooks(WebhooksMixin, TransactionCase):
    def test_on_and_off(self):
        connection = self.connection.with_user(self.manager)
        connection.action_webhooks_on()
        self.assertTrue(connection.webhooks)
        connection.action_webhooks_off()
        self.assertFalse(connection.webhooks)
        address = connection.get_base_url() + ADDRESS
        self.assertEqual(FakeWebhooks.asked, [("subscribe", address), ("unsubscribe", address)])

    def test_only_a_manager_asks(self):
        with self.assertRaises(AccessError):
            self.connection.with_user(self.user).action_webhooks_off()
        self.assertEqual(FakeWebhooks.asked, [])

    def test_refused(self):
        def refuse(_webhooks, _client, _address):
            raise ConfigurationMissingError("no right", code="?")

        self.patch(FakeWebhooks, "subscribe", refuse)
        self.connection.action_webhooks_on()
        self.assertFalse(self.connection.webhooks)
        self.assertTrue(self.connection.problem)

    def ended(self, change):
        """What is asked once a change of the connection is committed."""
        self.sign_in.write({"state": "valid", "tokens": {"oauth": {"refresh_token": "R"}}})
        self.connection.webhooks = True
        self.env.flush_all()
        change()
        self.assertEqual(FakeWebhooks.asked, [], "the package is asked before the change is sure")
        with self.enter_registry_test_mode():
            self.env.flush_all()
            self.env.cr.postcommit.run()
        return FakeWebhooks.asked

    def test_ended_with_the_connection(self):
        address = self.connection.get_base_url() + ADDRESS
        archive = self.connection.with_user(self.manager).action_archive
        self.assertEqual(self.ended(archive), [("unsubscribe", address)])
        self.assertEqual(FakeClient.made[-1].values["administration"], ADMINISTRATION)
        self.assertFalse(self.connection.webhooks)
        FakeWebhooks.asked.clear()
        delete = self.connection.with_user(self.manager).unlink
        self.assertEqual(self.ended(delete), [("unsubscribe", address)])

    def test_no_answer_keeps_nobody_from_archiving(self):
        def refuse(_webhooks, _client, _address):
            raise TemporaryError("no answer")

        self.patch(FakeWebhooks, "unsubscribe", refuse)
        with patch.object(webhook._logger, "info") as log:
            self.ended(self.connection.action_archive)
        self.assertIn("no answer", str(log.call_args))
        self.assertFalse(self.connection.active)

    def test_a_copy_ends_nothing(self):
        def archive_copy():
            self.sign_in.database_identity = "another database"
            self.connection.action_archive()

        self.assertEqual(self.ended(archive_copy), [])
        self.assertEqual(FakeClient.made, [])
