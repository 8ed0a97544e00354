"""Exact Online tells that something changed: only its own words wake Odoo."""

import hashlib
import hmac
import json
from datetime import timedelta

from odoo import fields
from odoo.addons.accountable_connect.controllers.webhook import LARGEST_NOTIFICATION
from odoo.tests import HttpCase, tagged

from .common import WEBHOOK_SECRET, ExactMixin
from .webhook_example import CONTENT, notification

ADDRESS = "/accountable_connect_exact/webhook"


@tagged("post_install", "-at_install")
class TestWebhookRoute(ExactMixin, HttpCase):
    def setUp(self):
        super().setUp()
        self.hinted = self.patch_hint()

    def post(self, body):
        return self.url_open(
            ADDRESS,
            data=body,
            headers={"Content-Type": "application/json"},
            method="POST",
        )

    def assert_refused(self, answer, status=403):
        self.assertEqual(answer.status_code, status)
        self.assertEqual(self.hinted, [])

    def test_signed(self):
        answer = self.post(notification())
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertEqual(self.hinted, [self.connection.id])

    def test_trial_of_the_address(self):
        answer = self.post("")
        self.assertEqual((answer.status_code, answer.text), (200, ""))
        self.assertEqual(self.hinted, [])

    def test_signed_by_somebody_else(self):
        self.assert_refused(self.post(notification(code="0" * 64)))
        self.assert_refused(self.post(notification(CONTENT.replace("Update", "Create"))))
        self.sign_in.exact_webhook_secret = "another secret"
        self.env.flush_all()
        answer = self.post(notification())
        self.assert_refused(answer)
        self.assertEqual(answer.text, "", "no word about why")

    def test_no_secret_signs_nothing(self):
        """An empty key is a key everybody knows."""
        self.sign_in.exact_webhook_secret = False
        self.env.flush_all()
        empty = hmac.new(b"", CONTENT.encode(), hashlib.sha256).hexdigest().upper()
        self.assert_refused(self.post(notification(code=empty)))

    def test_a_secret_that_cannot_be_read_signs_nothing(self):
        self.sign_in.exact_webhook_secret = "fernet:xyz"
        self.env.flush_all()
        self.assert_refused(self.post(notification()))

    def test_division_of_nobody(self):
        self.connection.administration_key = "500002"
        self.env.flush_all()
        self.assert_refused(self.post(notification()))

    def test_no_notification_at_all(self):
        for body in ("x", "[]", "1", "{}", '{"Content":1,"HashCode":"x"}', "\x00", "[" * 9000):
            with self.subTest(body=body[:40]):
                self.assert_refused(self.post(body.encode()))
        odd = json.dumps({"Content": {"Division": {"$gt": 1}}, "HashCode": None})
        self.assert_refused(self.post(odd))

    def test_huge(self):
        self.assert_refused(self.post(" " * (LARGEST_NOTIFICATION + 1)), status=413)

    def test_the_other_secret_of_the_same_division(self):
        """Two sign-ins may stand in one database; each connection listens to its own app."""
        other = self.sign_in.copy({"name": "Other"})
        other.set_secrets({"exact_webhook_secret": "another"})
        company = self.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = self.env["accountable.connection"].create(
            {"sign_in_id": other.id, "company_id": company.id}
        )
        elsewhere.administration_key = "500009"
        self.env.flush_all()
        self.post(notification())
        self.assertEqual(self.hinted, [self.connection.id])

    def test_only_posts(self):
        self.assertEqual(self.url_open(ADDRESS).status_code, 405)

    def test_the_secret_is_the_example_s(self):
        self.assertEqual(self.sign_in._secret("exact_webhook_secret"), WEBHOOK_SECRET)


@tagged("post_install", "-at_install")
class TestWebhookWakes(ExactMixin, HttpCase):
    def test_a_reading_becomes_due(self):
        self.connection.write({"state": "connected", "step": "done"})
        now = fields.Datetime.now()
        read_at = now - timedelta(minutes=5)
        self.connection.write({"settlements_read_at": read_at, "parties_read_at": now})
        self.env.flush_all()
        self.assertNotIn(self.connection, self.connection._due_connections())
        self.url_open(ADDRESS, data=notification(), method="POST")
        self.env.invalidate_all()
        self.assertIn(self.connection, self.connection._due_connections())
