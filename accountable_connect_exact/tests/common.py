"""A sign-in of Exact Online with its connection, and a client that answers without a network."""

from unittest.mock import patch

from odoo.addons.accountable_connect.tests import common_consent
from odoo.addons.accountable_connect.tests.common_secrets import manager_and_user
from odoo.addons.accountable_connect_exact.models import accountable_sign_in

CLIENT_SECRET = "Zeer-geheim-7"
WEBHOOK_SECRET = "webhook-secret"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
DIVISION = "500001"
EXACT = "https://start.exactonline.be"


class FakeClient(common_consent.FakeClient):
    @property
    def authorise(self):
        return self.values["site"] + "/api/oauth2/auth"

    def get_me(self):
        if self.error:
            raise self.error
        return {"FullName": self.user, "CurrentDivision": 500001}


class FakePackage(common_consent.FakePackage):
    def test_sign_in(self):
        self.client.get_me()


class ExactMixin(common_consent.FakesMixin):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.user = manager_and_user(cls.env)
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {
                "name": "Kantoor",
                "package": "exact",
                "exact_site": "BE",
                "exact_client_id": CLIENT_ID,
                "company_ids": False,
            }
        )
        cls.sign_in.set_secrets(
            {"exact_client_secret": CLIENT_SECRET, "exact_webhook_secret": WEBHOOK_SECRET}
        )
        cls.connection = cls.env["accountable.connection"].create(
            {"sign_in_id": cls.sign_in.id, "administration_key": DIVISION}
        )

    def setUp(self):
        super().setUp()
        self.patch(accountable_sign_in, "ExactClient", FakeClient)

    def patch_hint(self):
        """Counts the hints to connections."""
        hinted = []
        self.startPatcher(
            patch.object(
                self.env.registry["accountable.connection"],
                "_note_changes_there",
                lambda connections: hinted.extend(connections.ids),
                create=True,
            )
        )
        return hinted
