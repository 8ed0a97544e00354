"""The client secret, the webhook secret and the tokens of a consent."""

import json

from odoo.addons.accountable_connect.tests.common_secrets import SecretsMixin
from odoo.tests import Form, TransactionCase, tagged

from .common import CLIENT_SECRET, WEBHOOK_SECRET, ExactMixin

REFRESH_TOKEN = "nGvr-refresh"
NONCE = "n0nce"


@tagged("post_install", "-at_install")
class TestExactSecrets(SecretsMixin, ExactMixin, TransactionCase):
    package = "exact"
    secrets = {"exact_client_secret": CLIENT_SECRET, "exact_webhook_secret": WEBHOOK_SECRET}
    hidden = (*secrets, "consent_nonce", "tokens", "database_identity")
    hidden_values = (REFRESH_TOKEN, NONCE)
    tab = ("exact_connection_ids",)

    def setUp(self):
        super().setUp()
        self.sign_in.write(
            {
                "tokens": {"oauth": {"refresh_token": REFRESH_TOKEN}},
                "consent_nonce": NONCE,
                "signed_in_as": "An",
                "state": "valid",
            }
        )

    def readable(self, user):
        records = (self.connection, self.env["accountable.administration"].search([]))
        return super().readable(user) + [one.with_user(user).read() for one in records]

    def test_the_form_forgets_what_was_typed(self):
        form = Form(self.env["accountable.sign.in"].with_user(self.manager))
        form.name = "Nieuw"
        form.package = "exact"
        form.exact_site = "NL"
        form.exact_client_id = "x"
        form.password_entry = CLIENT_SECRET
        form.exact_webhook_secret_entry = WEBHOOK_SECRET
        sign_in = form.save()
        self.assertFalse(sign_in.password_entry or sign_in.exact_webhook_secret_entry)
        self.assertEqual(sign_in._secret("exact_client_secret"), CLIENT_SECRET)
        self.assertEqual(sign_in._secret("exact_webhook_secret"), WEBHOOK_SECRET)
        answer = sign_in.web_save(
            {"exact_webhook_secret_entry": "Ander-8"}, {"exact_webhook_secret_entry": {}}
        )
        self.assertNotIn("Ander-8", json.dumps(answer))
        self.assertEqual(sign_in._secret("exact_webhook_secret"), "Ander-8")

    def test_a_new_client_secret_forgets_the_tokens(self):
        self.sign_in.with_user(self.manager).set_secrets({"exact_client_secret": "Nieuw-9"})
        self.assertFalse(self.sign_in.tokens)
        self.assertEqual(self.sign_in.state, "new")

    def test_a_new_webhook_secret_keeps_the_consent(self):
        self.sign_in.with_user(self.manager).exact_webhook_secret_entry = "Nieuw-9"
        self.assertEqual(self.sign_in._secret("exact_webhook_secret"), "Nieuw-9")
        self.assertEqual(self.sign_in.tokens["oauth"]["refresh_token"], REFRESH_TOKEN)
        self.assertEqual(self.sign_in.state, "valid")

    def test_a_webhook_secret_makes_no_original_of_a_copy(self):
        """Else a copied database would use up the refresh token of the live one."""
        self.sign_in.database_identity = "another database"
        self.sign_in.with_user(self.manager).exact_webhook_secret_entry = "Nieuw-9"
        self.assertEqual(self.sign_in.database_identity, "another database")
        self.assertEqual(self.connection.copy_state, "copied")

    def test_a_copy_of_the_record_is_of_no_application_and_user(self):
        copy = self.sign_in.copy({"name": "Kopie"})
        self.assertFalse(copy.exact_client_id or copy.signed_in_as)

    def test_neutralising_leaves_no_consent_and_no_messages(self):
        self.connection.webhooks = True
        self.neutralise()
        self.assertFalse(self.sign_in.tokens or self.sign_in.exact_client_id)
        self.assertFalse(self.connection.webhooks)

    def test_the_tab_leads_to_the_connection(self):
        company = self.env.company.root_id
        action = company.with_context(accountable_package="exact").action_accountable_connect()
        self.assertEqual(action["res_id"], self.connection.id)
        self.assertEqual(company.exact_connection_ids, self.connection)
