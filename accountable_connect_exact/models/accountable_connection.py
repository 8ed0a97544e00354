import logging
from dataclasses import replace
from functools import cache

from odoo import api, fields, models
from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    PERIOD,
    VAT_CODE,
    MasterItem,
)
from odoo.exceptions import UserError

from ..api import webhook
from ..api.package import ExactPackage
from ..exceptions import RAW, SENTENCES, Values
from .accountable_sign_in import WEBHOOK_PATH

_logger = logging.getLogger(__name__)
NAMED_BY_DOCUMENTS = (JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PAYMENT_TERM, PERIOD)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    exact_webhooks = fields.Boolean(
        string="Told of changes at once",
        copy=False,
        readonly=True,
        help="Exact Online tells Odoo when something is booked there. Without it Odoo asks every"
        " half hour.",
    )

    def _get_capabilities(self):
        if self.package != "exact":
            return super()._get_capabilities()
        return _capabilities(self.sudo().sign_in_id.exact_site)

    def _open_package(self):
        self.ensure_one()
        if self.package != "exact":
            return super()._open_package()
        client = self.sign_in_id._exact_client(
            budget=self._get_call_budget(), division=self.administration_key
        )
        return ExactPackage(client, master=self._exact_master_data())

    def _exact_master_data(self):
        """What was read before and a document names, so that a run need not ask for it."""
        rows = self.env["accountable.master.data"].search_fetch(
            [("connection_id", "=", self.id), ("kind", "in", NAMED_BY_DOCUMENTS)],
            ["kind", "code", "name", "details"],
        )
        return [
            MasterItem(
                kind=row.kind, code=row.code, name=row.name or "", details=row.details or {}
            )
            for row in rows
        ]

    def _error_sentence(self, error):
        if self.package != "exact":
            return super()._error_sentence(error)
        sentence = SENTENCES.get(error.code)
        if sentence is None and error.kind == "data_refused" and error.values.get("detail"):
            sentence = RAW
        if sentence is None and error.kind == "authorisation_lost":
            return self.env._("Exact Online does not know this sign-in any more. Sign in again.")
        if sentence is None:
            return super()._error_sentence(error)
        text = self.env._(sentence)
        return text % Values(error.values)

    # Signing in happens in the browser

    def _sign_in_line(self):
        lines = {
            "lost": self.env._("Exact Online does not know the sign-in any more: sign in again."),
            "new": self.env._("Nobody signed in at Exact Online yet."),
        }
        if self.package != "exact" or self.sign_in_id.state not in lines:
            return super()._sign_in_line()
        return "missing", lines[self.sign_in_id.state]

    def _ask_package(self, question):
        result = super()._ask_package(question)
        sign_in = self.sudo().sign_in_id
        if self.package == "exact" and sign_in.state == "lost" and not sign_in.tokens:
            # nobody signed in yet: nothing was lost
            sign_in._set_state("new")
        return result

    def action_test_sign_in(self):
        """Who never signed in, or has to do it again, is sent to Exact Online."""
        self.ensure_one()
        if self.package == "exact" and self.sign_in_id.state != "valid":
            return self.sign_in_id.action_exact_sign_in()
        return super().action_test_sign_in()

    def action_reconnect(self):
        """Who has to consent anew is sent to Exact Online: the consent is lost, or does not include
        this administration."""
        self.ensure_one()
        if self.package == "exact" and (
            self.sign_in_id.state != "valid" or self._exact_lacks_administration()
        ):
            return self.sign_in_id.action_exact_sign_in()
        return super().action_reconnect()

    def _exact_lacks_administration(self):
        """Whether Exact Online says that the consent does not include the administration."""
        found = self._ask_package(lambda package: package.list_administrations())
        return found is not None and self.administration_key not in {one.key for one in found}

    def _exact_signed_in(self, keys):
        """Somebody signed in: go on where the set-up or the lost consent stopped this connection.

        :param set keys: the administrations that are reached now
        :return: sentences of what is not as one would expect
        """
        self.ensure_one()
        if self.state == "not_connected":
            self.state = "connecting"
        if self.administration_key and self.administration_key not in keys:
            return [
                self.env._(
                    "%(administration)s of %(connection)s is not among the administrations that"
                    " this person reaches.",
                    administration=self.administration_name or self.administration_key,
                    connection=self.name,
                )
            ]
        if self.state != "reconnect":
            return []
        super().action_reconnect()
        if self.problem:
            return [f"{self.name}: {self.problem}"]
        self.activity_ids.filtered("automated").action_feedback()
        return []

    # Webhooks

    def action_exact_webhooks_on(self):
        """Ask Exact Online to tell of changes. What it tells already is left as it is."""
        self.ensure_one()
        if not self.sign_in_id.exact_has_webhook_secret:
            raise UserError(
                self.env._(
                    "Enter the webhook secret of your app on the sign-in %(sign_in)s first.",
                    sign_in=self.sign_in_id.name,
                )
            )
        if self._ask_exact_webhooks(webhook.subscribe):
            self.exact_webhooks = True
        return True

    def action_exact_webhooks_off(self):
        """Odoo asks every half hour again."""
        self.ensure_one()
        if self._ask_exact_webhooks(webhook.unsubscribe):
            self.exact_webhooks = False
        return True

    def _ask_exact_webhooks(self, ask):
        """True when it was done. Both can be asked a second time, so a repeated request is none."""
        address = self.get_base_url() + WEBHOOK_PATH

        def question(package):
            ask(package.client, address)
            return True

        return self._ask_package(question)

    @api.model
    def _exact_told_by(self, body):
        """The connections a notification is for, none when no webhook secret of theirs signed it.

        The division in the body only says whose secrets are tried.
        """
        division = webhook.division_of(body)
        if not division:
            return self.browse()
        connections = self.search(
            [("package", "=", "exact"), ("administration_key", "=", str(division))]
        )
        return connections.filtered(lambda connection: connection._exact_has_signed(body))

    def _exact_has_signed(self, body):
        try:
            secret = self.sign_in_id._secret("exact_webhook_secret")
        except UserError as error:
            # the key of the server's configuration is gone or another one: a manager sees that in
            # the next run, whoever calls from outside does not
            _logger.info("Sign-in %s: no webhook secret: %s", self.sign_in_id.id, error)
            return False
        return webhook.is_signed(body, secret)


@cache
def _capabilities(site):
    """Those of the package; a division keeps the VAT return of the country its site is for."""
    return replace(ExactPackage.capabilities, vat_countries=frozenset({site}))
