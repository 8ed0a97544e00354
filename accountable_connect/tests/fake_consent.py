"""A package in memory whose people consent in the browser, and that tells of changes."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.accountable_connect.api.contract import Capabilities
from odoo.addons.accountable_connect.api.errors import AUTHORISATION_LOST
from odoo.addons.accountable_connect.api.oauth_tokens import OAuthPolicy
from odoo.addons.accountable_connect.models.sign_in.consent import Consent

from .common import FAKE_PACKAGES
from .common_consent import ADMINISTRATION, FakeClient, FakePackage
from .common_secrets import manager_and_user

SENTENCES = {AUTHORISATION_LOST: "It knows you no more. Sign in again."}


class FakeConsent(Consent):
    policy = OAuthPolicy(
        vendor="Fake", authorise="/authorise", token="/token", longest_rest=timedelta(days=20)
    )

    def make_client(self, *, administration, **values):
        return FakeClient(administration=administration, **values)

    def package(self, client):
        return FakePackage(client)

    def user(self, client):
        return client.user


class FakeWebhooks:
    """The body is ``administration secret``."""

    asked = []

    def administration_of(self, body):
        return body.decode().partition(" ")[0]

    def is_signed(self, body, secret):
        return bool(secret) and body.decode().partition(" ")[2] == secret

    def subscribe(self, client, address):
        self.asked.append(("subscribe", address))

    def unsubscribe(self, client, address):
        self.asked.append(("unsubscribe", address))


class FakeConsentMixin:
    """A sign-in at the package "fake", and its connection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.user = manager_and_user(cls.env)
        field = cls.env["accountable.sign.in"]._fields["package"]
        selection = [*(field.selection or []), *FAKE_PACKAGES.items()]
        cls.classPatch(field, "selection", selection)
        cls.classPatch(field, "_selection", dict(selection))
        cls._give("accountable.sign.in", "_consent", FakeConsent)
        cls._give(
            "accountable.connection",
            "_open_package",
            lambda one: FakePackage(one.sign_in_id._open_client(one.administration_key)),
        )
        cls._give("accountable.connection", "_get_sentences", lambda _one: SENTENCES)
        cls._give("accountable.connection", "_get_capabilities", lambda _one: Capabilities())
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {"name": "Kantoor", "package": "fake", "company_ids": False}
        )
        cls.connection = cls.env["accountable.connection"].create(
            {"sign_in_id": cls.sign_in.id, "administration_key": ADMINISTRATION}
        )

    @classmethod
    def _give(cls, model, method, of_fake):
        """What a method gives for records of the package "fake"."""
        original = getattr(cls.registry[model], method)
        cls.startClassPatcher(
            patch.object(
                cls.registry[model],
                method,
                lambda record: of_fake(record) if record.package == "fake" else original(record),
            )
        )
