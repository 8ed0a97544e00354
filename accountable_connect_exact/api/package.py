"""Stand-in until the package is there."""

from odoo.addons.accountable_connect.api.contract import Capabilities


class ExactPackage:
    capabilities = Capabilities()

    def __init__(self, client, *, master=()):
        self.client = client

    def __enter__(self):
        return self

    def __exit__(self, *exception_details):
        self.client.close()

    def test_sign_in(self):
        self.client.get_me()

    def list_administrations(self):
        raise NotImplementedError
