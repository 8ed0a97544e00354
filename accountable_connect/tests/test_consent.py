"""The way to a package in the browser and back."""

import dataclasses

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from .common_consent import ConsentMixin, FakeClient
from .fake_consent import FakeConsent, FakeConsentMixin

MISSING = UserError("Enter the app first.")


@tagged("post_install", "-at_install")
class TestConsent(ConsentMixin, FakeConsentMixin, HttpCase):
    package = "fake"

    def test_the_app_is_missing(self):
        def refuse(_consent):
            raise MISSING

        self.patch(FakeConsent, "check_app", refuse)
        answer = self.url_open(self.start_address(self.sign_in.id))
        self.assertEqual(answer.status_code, 400)
        self.assertIn("Enter the app first.", answer.text)
        self.assertEqual(FakeClient.made, [])

    def test_a_sign_in_with_a_password(self):
        other = self.sign_in.copy({"name": "Other", "package": "other_fake"})
        self.assertFalse(other.by_consent)
        answer = self.url_open(f"/accountable_connect_other_fake/start/{other.id}")
        self.assertEqual(answer.status_code, 400)
        self.assertIn("is a sign-in with a password", answer.text)

    def test_a_state_is_of_one_package(self):
        state = self.start()
        address = f"/accountable_connect_other_fake/return?code=c0de&state={state}"
        self.assert_nothing_stored(self.url_open(address), "does not belong to a question")

    def test_pkce(self):
        """Nobody but this database knows the verifier, and both times it is the same."""
        seen = []
        policy = dataclasses.replace(FakeConsent.policy, pkce=True)
        self.patch(FakeConsent, "policy", policy)
        for name, method in (
            ("authorisation_address", FakeClient.authorisation_address),
            ("sign_in_with_code", FakeClient.sign_in_with_code),
        ):

            def noted(client, text, *, verifier, method=method):
                seen.append(verifier)
                return method(client, text)

            self.patch(FakeClient, name, noted)
        self.come_back(code="c0de", state=self.start())
        self.assertEqual(seen[0], seen[1])
        self.assertGreaterEqual(len(seen[0]), 43)
        self.start()
        self.assertNotEqual(seen[2], seen[0])
