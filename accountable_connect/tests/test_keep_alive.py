"""Sign-ins that rest are kept alive, where the vendor's chain of tokens would end."""

import dataclasses

from odoo.tests import TransactionCase, tagged

from .common_consent import FakeClient, FakesMixin
from .common_keep_alive import KeepAliveMixin
from .fake_consent import FakeConsent, FakeConsentMixin


@tagged("post_install", "-at_install")
class TestKeepAlive(KeepAliveMixin, FakesMixin, FakeConsentMixin, TransactionCase):
    def test_tokens_that_do_not_end(self):
        policy = dataclasses.replace(FakeConsent.policy, longest_rest=None)
        self.patch(FakeConsent, "policy", policy)
        self.rested(1000)
        self.keep_alive()
        self.assertEqual(FakeClient.made, [])
