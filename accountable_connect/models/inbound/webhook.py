"""Webhooks: a package tells of changes, so that they are looked at within a minute."""

import logging
from functools import partial

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from psycopg2.pool import PoolError

from ...api.errors import PackageError

_logger = logging.getLogger(__name__)
# Somebody waits who archives a connection; what has no answer by then is not worth waiting for.
SECONDS_TO_END = 5


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    has_webhook_secret = fields.Boolean(
        compute="_compute_has_webhook_secret", string="Webhook secret stored"
    )

    def _compute_has_webhook_secret(self):
        for sign_in in self:
            # whether there is one, not which
            stored = sign_in.sudo()
            sign_in.has_webhook_secret = bool(
                sign_in._webhooks() and stored[sign_in._webhook_secret_field()]
            )

    def set_secrets(self, values):
        """The webhook secret proves messages of the package, not us: a new one leaves us signed in,
        and says nothing about the database this sign-in belongs to."""
        # tokens are the system group's
        stored, kept = self.sudo(), {}
        if self._webhooks() and set(values) == {self._webhook_secret_field()} and stored.tokens:
            kept = {name: stored[name] for name in ("tokens", "state", "database_identity")}
        result = super().set_secrets(values)
        stored.write(kept)
        return result

    def _webhooks(self):
        """The ``Webhooks`` (contract) of the package, None where it tells nothing. What proves that
        a notification is the package's is its secret field ``<package>_webhook_secret``."""
        return None

    def _webhook_secret_field(self):
        return f"{self.package}_webhook_secret"

    def _has_signed(self, body):
        """Whether the holder of the webhook secret of this sign-in sent the body."""
        try:
            secret = self._secret(self._webhook_secret_field())
        except UserError as error:
            # the key of the server's configuration is gone or another one: a manager sees that in
            # the next run, whoever calls from outside does not
            _logger.info("Sign-in %s: no webhook secret: %s", self.id, error)
            return False
        return self._webhooks().is_signed(body, secret)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    webhooks = fields.Boolean(
        string="Notified of changes at once",
        copy=False,
        readonly=True,
        help="The accounting package notifies Odoo when something is booked there. Without it Odoo"
        " asks every half hour.",
    )

    def action_webhooks_on(self):
        """Ask the package to tell of changes. What it tells already is left as it is."""
        self.ensure_one()
        if not self.sign_in_id.has_webhook_secret:
            raise UserError(
                self.env._(
                    "Enter the webhook secret of your app on the sign-in %(sign_in)s first.",
                    sign_in=self.sign_in_id.name,
                )
            )
        if self._ask_webhooks(self.sign_in_id._webhooks().subscribe):
            self.sudo().webhooks = True  # the engine's field
        return True

    def action_webhooks_off(self):
        """Odoo asks every half hour again."""
        self.ensure_one()
        if self._ask_webhooks(self.sign_in_id._webhooks().unsubscribe):
            self.sudo().webhooks = False  # the engine's field
        return True

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            subscribed = self.filtered("webhooks")
            subscribed._end_webhooks()
            subscribed.sudo().webhooks = False  # the engine's field
        return super().write(vals)

    def unlink(self):
        self.filtered("webhooks")._end_webhooks()
        return super().unlink()

    def _end_webhooks(self):
        """Nobody listens any more: the package is asked to stop, once that is sure.

        After the commit, so that nobody's row is held while it thinks, and nothing is ended that
        goes on. What cannot be ended is not: what is told then is refused, as from strangers. A
        copy of a database ends nothing: its subscriptions are those of the original.
        """
        for connection in self.filtered(lambda one: one.copy_state == "original"):
            self.env.cr.postcommit.add(
                partial(
                    _end_webhooks,
                    self.env.registry,
                    connection.sign_in_id.id,
                    connection.administration_key,
                    connection._webhook_address(),
                )
            )

    def _webhook_address(self):
        return self.get_base_url() + self.sign_in_id._package_path("webhook")

    def _ask_webhooks(self, ask):
        """True when it was done. Both can be asked a second time, so a repeated request is none."""
        address = self._webhook_address()

        def question(package):
            ask(package.client, address)
            return True

        return self._ask_package(question)

    @api.model
    def _told_by(self, package, body):
        """The connections a notification is for, none when no webhook secret of theirs signed it.

        The administration in the body only says whose secrets are tried.
        """
        webhooks = self.env["accountable.sign.in"].new({"package": package})._webhooks()
        administration = webhooks.administration_of(body) if webhooks else ""
        if not administration:
            return self.browse()
        connections = self.search(
            [("package", "=", package), ("administration_key", "=", administration)]
        )
        return connections.filtered(lambda connection: connection.sign_in_id._has_signed(body))


def _end_webhooks(registry, sign_in_id, administration, address):
    """Called after a commit: whatever goes wrong is logged, and keeps nobody from anything."""
    try:
        with registry.cursor() as cr:
            sign_in = api.Environment(cr, SUPERUSER_ID, {})["accountable.sign.in"].browse(
                sign_in_id
            )
            client = sign_in._open_client(administration, timeout=SECONDS_TO_END)
            try:
                sign_in._webhooks().unsubscribe(client, address)
            finally:
                client.close()
    except (PackageError, UserError, psycopg2.Error, PoolError) as error:
        # a copy of a database, a lost consent, no answer, a database that has no time
        _logger.info("%s goes on telling %s: %s", administration, address, error)
