"""Sign-ins at Exact Online that rest are kept alive."""

from odoo.addons.accountable_connect.tests.common_keep_alive import KeepAliveMixin
from odoo.tests import TransactionCase, tagged

from .common import ExactMixin


@tagged("post_install", "-at_install")
class TestExactKeepAlive(KeepAliveMixin, ExactMixin, TransactionCase):
    def another_sign_in(self):
        other = super().another_sign_in()
        other.set_secrets({"exact_client_secret": "x"})
        return other
