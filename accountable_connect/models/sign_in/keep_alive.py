"""A sign-in that nobody uses stays alive, where its chain of tokens ends after some rest.

A connection that waits (paused, being set up, told to read nothing back) makes no call by itself,
and the first invoice after that rest would need a person to sign in again.
"""

import json
import logging
import time
from datetime import UTC, datetime, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...api.errors import AuthorisationLostError, PackageError
from ...api.oauth_tokens import NAME
from ..connection.server_configuration import LANE_SECONDS

_logger = logging.getLogger(__name__)
# Whatever was answered: calls for tokens are counted, and a lane is called every few seconds.
ASK_EVERY = timedelta(hours=1)
ASKED = "keep_alive"


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    @api.model
    def _keep_alive(self):
        """Renew the tokens of every sign-in with a connection that rested too long, each at most
        once an hour; as many as fit into the time of a lane."""
        end = time.monotonic() + LANE_SECONDS
        for sign_in in self._rested_too_long():
            sign_in._renew_tokens()
            if time.monotonic() >= end:
                break

    @api.model
    def _rested_too_long(self):
        """Those whose tokens are to be renewed now, who waited longest first."""
        now = datetime.now(UTC)
        rests = {
            package: (now - policy.longest_rest).isoformat()
            for package, policy in self._oauth_policies().items()
            if policy.longest_rest
        }
        if not rests:
            return self.browse()
        self.flush_model()
        # inside the JSON of tokens, of which the ORM knows nothing
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM accountable_sign_in s
                 WHERE s.tokens -> %(name)s ->> 'issued_at'
                        < %(rests)s::jsonb ->> s.package
                   AND s.tokens -> %(name)s ->> 'lost' IS NULL
                   AND COALESCE(s.tokens -> %(asked)s ->> 'asked_at', '') < %(asked_before)s
                   AND EXISTS (SELECT 1 FROM accountable_connection c
                                WHERE c.sign_in_id = s.id AND c.active)
                 ORDER BY s.tokens -> %(asked)s ->> 'asked_at' NULLS FIRST, s.id
                """,
                name=NAME,
                rests=json.dumps(rests),
                asked=ASKED,
                asked_before=(now - ASK_EVERY).isoformat(),
            )
        )
        return self.browse([sign_in_id for [sign_in_id] in rows])

    @api.model
    def _oauth_policies(self):
        """``{package: OAuthPolicy}`` of those whose people consent in the browser."""
        packages = [package for package, _label in self._fields["package"].selection]
        consents = {package: self.new({"package": package})._consent() for package in packages}
        return {package: consent.policy for package, consent in consents.items() if consent}

    def _renew_tokens(self):
        """Renew the tokens; connections that work learn of a chain that is broken."""
        self.ensure_one()
        try:
            for connection in self.connection_ids:
                # whose copy may work: one of the two would end the chain of the other
                connection._check_is_no_copy()
            client = self._open_client()
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
