"""A sign-in that nobody uses stays alive: its chain of tokens ends after thirty days of rest.

A connection that waits (paused, being set up, told to read nothing back) makes no call by itself,
and the first invoice after that rest would need a person at Exact Online again.
"""

import logging
import time
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.addons.accountable_connect.api.errors import AuthorisationLostError, PackageError
from odoo.addons.accountable_connect.api.oauth import NAME
from odoo.addons.accountable_connect.models.connection.server_configuration import LANE_SECONDS
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
# Leaves ten days for a server that was off, or an Exact Online that does not answer.
LONGEST_REST = timedelta(days=20)
# Whatever was answered: calls for tokens are counted, and a lane is called every few seconds.
ASK_EVERY = timedelta(hours=1)
ASKED = "keep_alive"


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    @api.model
    def _cron_lane(self, lane):
        result = super()._cron_lane(lane)
        if lane == 1:
            self.env["accountable.sign.in"]._exact_keep_alive()
        return result


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    @api.model
    def _exact_keep_alive(self):
        """Renew the tokens of every sign-in with a connection that rested too long, each at most
        once an hour; as many as fit into the time of a lane."""
        self.flush_model()
        now = datetime.now(UTC)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM accountable_sign_in s
                 WHERE s.package = 'exact'
                   AND s.tokens -> %(name)s ->> 'issued_at' < %(before)s
                   AND s.tokens -> %(name)s ->> 'lost' IS NULL
                   AND COALESCE(s.tokens -> %(asked)s ->> 'asked_at', '') < %(asked_before)s
                   AND EXISTS (SELECT 1 FROM accountable_connection c
                                WHERE c.sign_in_id = s.id AND c.active)
                 ORDER BY s.tokens -> %(asked)s ->> 'asked_at' NULLS FIRST, s.id
                """,
                name=NAME,
                before=(now - LONGEST_REST).isoformat(),
                asked=ASKED,
                asked_before=(now - ASK_EVERY).isoformat(),
            )
        )
        end = time.monotonic() + LANE_SECONDS
        for [sign_in_id] in rows:
            self.browse(sign_in_id)._exact_renew()
            if time.monotonic() >= end:
                break

    def _exact_renew(self):
        """Renew the tokens; connections that work learn of a chain that is broken."""
        self.ensure_one()
        try:
            for connection in self.connection_ids:
                # whose copy may work: one of the two would end the chain of the other
                connection._check_is_no_copy()
            client = self._exact_client()
            try:
                asked_at = datetime.now(UTC).isoformat()
                self._get_token_store().save(ASKED, {"asked_at": asked_at})
                client.keep_signed_in()
            finally:
                client.close()
        except AuthorisationLostError as error:
            self._learn_from(error)
            for connection in self.connection_ids.filtered(lambda one: one.state == "connected"):
                connection._lose_authorisation(error)
        except (PackageError, UserError) as error:
            # a copy of a database, a key that is not there, no answer: asked again after an hour
            _logger.info("Sign-in %s is not renewed: %s", self.id, error)
