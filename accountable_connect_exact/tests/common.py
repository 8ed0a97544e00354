"""A sign-in of Exact Online with its connection, and a client that answers without a network."""

from unittest.mock import patch

from odoo.addons.accountable_connect.api.contract import Administration
from odoo.addons.accountable_connect.tests.common_secrets import manager_and_user
from odoo.addons.accountable_connect_exact.models import accountable_sign_in

CLIENT_SECRET = "Zeer-geheim-7"
WEBHOOK_SECRET = "webhook-secret"
CLIENT_ID = "11111111-2222-3333-4444-555555555555"
DIVISION = "500001"
EXACT = "https://start.exactonline.be"


class FakeClient:
    """What the consent needs of a client; every made one and every exchanged code is kept."""

    made = []
    codes = []
    error = None
    me = {"FullName": "An Boekhouder", "CurrentDivision": 500001}

    def __init__(self, **values):
        self.values = values
        self.made.append(self)

    def authorisation_address(self, state):
        return f"{self.values['site']}/api/oauth2/auth?state={state}"

    def sign_in_with_code(self, code):
        if self.error:
            raise self.error
        self.codes.append(code)
        self.values["tokens"].save("oauth", {"access_token": "A-" + code, "refresh_token": "R"})

    def keep_signed_in(self):
        if self.error:
            raise self.error
        self.values["tokens"].save("oauth", {"refresh_token": "R2", "issued_at": "2999"})

    def get_me(self):
        if self.error:
            raise self.error
        return self.me

    def close(self):
        pass


class FakePackage:
    """The package of the connection and of the sign-in."""

    administrations = [Administration(key=DIVISION, name="Vandersmissen")]

    def __init__(self, client, **_values):
        self.client = client

    def __enter__(self):
        return self

    def __exit__(self, *exception_details):
        self.client.close()

    def test_sign_in(self):
        self.client.get_me()

    def list_administrations(self):
        return self.administrations


class ExactMixin:
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
        for name, value in (("made", []), ("codes", []), ("error", None)):
            self.patch(FakeClient, name, value)
        self.patch(FakePackage, "administrations", FakePackage.administrations)
        self.patch(accountable_sign_in, "ExactClient", FakeClient)

    def patch_hint(self):
        """Counts the hints to connections."""
        hinted = []
        self.startPatcher(
            patch.object(
                self.env.registry["accountable.connection"],
                "_hint_changes",
                lambda connections: hinted.extend(connections.ids),
                create=True,
            )
        )
        return hinted
