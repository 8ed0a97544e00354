"""Webhooks: Exact Online tells of changes, so that they are looked at within a minute."""

import logging
from functools import partial

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.accountable_connect.api.errors import PackageError
from odoo.exceptions import UserError
from psycopg2.pool import PoolError

from ..api import webhook
from .accountable_sign_in import WEBHOOK_PATH

_logger = logging.getLogger(__name__)
# Somebody waits who archives a connection; what has no answer by then is not worth waiting for.
SECONDS_TO_END = 5


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    exact_webhooks = fields.Boolean(
        string="Told of changes at once",
        copy=False,
        readonly=True,
        help="Exact Online tells Odoo when something is booked there. Without it Odoo asks every"
        " half hour.",
    )

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
            self.sudo().exact_webhooks = True
        return True

    def action_exact_webhooks_off(self):
        """Odoo asks every half hour again."""
        self.ensure_one()
        if self._ask_exact_webhooks(webhook.unsubscribe):
            self.sudo().exact_webhooks = False
        return True

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            told = self.filtered("exact_webhooks")
            told._exact_end_webhooks()
            told.sudo().exact_webhooks = False
        return super().write(vals)

    def unlink(self):
        self.filtered("exact_webhooks")._exact_end_webhooks()
        return super().unlink()

    def _exact_end_webhooks(self):
        """Nobody listens any more: Exact Online is asked to stop, once that is sure.

        After the commit, so that nobody's row is held while Exact thinks, and nothing is ended that
        goes on. What cannot be ended is not: what Exact tells then is refused, as from strangers.
        A copy of a database ends nothing: its subscriptions are those of the original.
        """
        for connection in self.filtered(lambda one: one.copy_state == "original"):
            self.env.cr.postcommit.add(
                partial(
                    _end_webhooks,
                    self.env.registry,
                    connection.sign_in_id.id,
                    connection.administration_key,
                    connection._exact_webhook_address(),
                )
            )

    def _exact_webhook_address(self):
        return self.get_base_url() + WEBHOOK_PATH

    def _ask_exact_webhooks(self, ask):
        """True when it was done. Both can be asked a second time, so a repeated request is none."""
        address = self._exact_webhook_address()

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


def _end_webhooks(registry, sign_in_id, division, address):
    """Called after a commit: whatever goes wrong is logged, and keeps nobody from anything."""
    try:
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            sign_in = env["accountable.sign.in"].browse(sign_in_id)
            client = sign_in._exact_client(division=division, timeout=SECONDS_TO_END)
            try:
                webhook.unsubscribe(client, address)
            finally:
                client.close()
    except (PackageError, UserError, psycopg2.Error, PoolError) as error:
        # a copy of a database, a lost consent, no answer, a database that has no time
        _logger.info("Division %s goes on telling %s: %s", division, address, error)
