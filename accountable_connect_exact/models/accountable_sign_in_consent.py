"""A person signs in at Exact Online in the browser and consents; Odoo keeps what comes of it.

::

    button → start ──► Exact Online: sign in, consent ──► return ──► signed in
             nonce stored, state signed                   │          who it is, what it reaches,
                                                          │          connections go on
                                     state checked, nonce used up, code exchanged

The state is signed, bound to user and sign-in, and works once within ten minutes. The exchange is
a request of its own: it stores tokens in cursors of their own and writes nothing else, so that no
request that Odoo repeats exchanges a code twice. What follows can be repeated at will.
"""

import secrets
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import quote

from odoo import models
from odoo.addons.accountable_connect.api.oauth import NAME
from odoo.addons.accountable_connect.models.connection.server_configuration import call_bounds
from odoo.addons.accountable_connect.models.sign_in.target import digest
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, verify_hash_signed

from ..api.client import ExactClient
from ..api.package import ExactPackage

ASKED = "accountable_connect_exact.asked"
SIGNED_IN = "accountable_connect_exact.signed_in"
STATE_LIFE = timedelta(minutes=10)


class UncountedCalls:
    """The ``CallBudget`` of a sign-in: a few calls of a person, which no connection's day bears."""

    def __init__(self):
        self.known = {}

    def spend(self, operation, limit):
        """Calls are not counted."""

    def spent(self, operation):
        return 0

    def remember(self, name, values):
        self.known[name] = values

    def recall(self, name):
        return self.known.get(name)


class FirstTokens:
    """A ``TokenStore`` in memory, for tokens that may not be kept."""

    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, values):
        self.kept[name] = dict(values)

    def lock(self, name):
        return nullcontext()


def _user_name(me):
    """What we call the user who signed in."""
    return me.get("FullName") or me.get("UserName") or me.get("Email") or ""


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def _exact_client(self, budget=None, division="", tokens=None, **options):
        """The only place that makes a client, so that no copy of a database ever sends a token.

        :raises ConfigurationMissingError: in a neutralised or copied database
        :raises UserError: what is stored is encrypted with a key that is not there
        """
        self.ensure_one()
        sign_in = self.sudo()
        sign_in._exact_any_connection()._check_may_send()
        sign_in._check_tokens()
        return ExactClient(
            site=sign_in.exact_address,
            client_id=(sign_in.exact_client_id or "").strip(),
            client_secret=sign_in._secret("exact_client_secret"),
            redirect_uri=sign_in.exact_redirect_uri,
            tokens=tokens or sign_in._get_token_store(),
            budget=budget or UncountedCalls(),
            division=division,
            bounds=call_bounds(self.env.context.get("accountable_calls_until")),
            **options,
        )

    def _exact_any_connection(self):
        """For what only connections know (copies, sentences): a sign-in may have none yet."""
        return self.env["accountable.connection"].new({"sign_in_id": self.id})

    # Asking

    def action_exact_sign_in(self):
        """Send the browser to Exact Online, in a tab of its own."""
        self.ensure_one()
        self.check_access("write")
        self._check_exact_app()
        return {
            "type": "ir.actions.act_url",
            "url": f"/accountable_connect_exact/start/{self.id}",
            "target": "new",
        }

    def _check_exact_app(self):
        """Raises UserError when the app of this sign-in is not entered yet."""
        if self.package != "exact":
            raise UserError(self.env._("%(name)s is no sign-in of Exact Online.", name=self.name))
        if not self.exact_client_id or not self.sudo().exact_client_secret:
            raise UserError(
                self.env._("Enter client ID and client secret of your app at Exact Online first.")
            )

    def _exact_ask(self):
        """The address at Exact Online that asks for consent. Whoever asks again makes what he asked
        before useless.

        :raises AccessError: when the user may not change the sign-in
        :raises UserError: when the app is not entered
        :raises ConfigurationMissingError: in a neutralised or copied database
        """
        self.ensure_one()
        self.check_access("write")
        self._check_exact_app()
        client = self._exact_client()
        nonce = secrets.token_urlsafe(24)
        self.sudo().write(
            {
                # whoever reads the database cannot make a state of it
                "exact_nonce": digest(nonce),
                "database_identity": self.env["accountable.identity"]._current(),
            }
        )
        return client.authorisation_address(self._exact_state(ASKED, nonce))

    def _exact_state(self, scope, nonce):
        return hash_sign(
            self.sudo().env, scope, [self.id, self.env.uid, nonce], expiration=STATE_LIFE
        )

    # Coming back

    def _exact_of_state(self, scope, state):
        """The sign-in a state was signed for, and its nonce.

        :raises UserError: forged, too old, of another user, or of a sign-in this user may not
            change
        """
        try:
            values = verify_hash_signed(self.sudo().env, scope, state or "")
        except ValueError:  # not even of the right shape
            values = None
        if not values:
            raise UserError(
                self.env._(
                    "This answer does not belong to a question of the last ten minutes. Nothing was"
                    " changed. Sign in again."
                )
            )
        sign_in_id, user_id, nonce = values
        if user_id != self.env.uid:
            raise UserError(
                self.env._(
                    "Another user of Odoo asked Exact Online for this. Nothing was changed. Sign in"
                    " again."
                )
            )
        sign_in = self.browse(sign_in_id).exists()
        if not sign_in or not sign_in.has_access("write"):
            raise UserError(self.env._("You may not change this sign-in. Nothing was changed."))
        return sign_in, nonce

    def _exact_use_up(self, nonce):
        """Raises UserError unless the nonce is the one of the last question. Committed at once: a
        request that Odoo repeats finds it used."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_sign_in SET exact_nonce = NULL
                 WHERE id = %s AND exact_nonce = %s
                """,
                (self.id, digest(nonce)),
            )
            used = cr.rowcount
        if not used:
            raise UserError(
                self.env._(
                    "This answer was used already, or somebody asked again after it. Nothing was"
                    " changed. Sign in again when you are not signed in."
                )
            )

    def _exact_receive(self, code):
        """Exchange the code for tokens. Writes nothing but those, in cursors of their own.

        Who does not manage every company of the sign-in consents as its user only: nothing is
        stored before that is known.

        :return: where the browser goes on: it can be loaded as often as one likes
        :raises AccessError: another user consented, and other companies use the sign-in
        """
        self.ensure_one()
        kept = self._get_token_store()
        others = self._companies_of_use() - self.env.user.company_ids
        known = self.exact_user_name or kept.load(NAME)
        tokens = FirstTokens() if others and known else kept
        client = self._exact_client(tokens=tokens)
        try:
            client.sign_in_with_code(code)
            if tokens is not kept:
                if _user_name(client.get_me()) != self.exact_user_name:
                    self._check_manages(others)
                with kept.lock(NAME):
                    kept.save(NAME, tokens.load(NAME))
        finally:
            client.close()
        return "/accountable_connect_exact/signed_in?state=" + quote(
            self._exact_state(SIGNED_IN, "")
        )

    # Going on

    def _exact_go_on(self):
        """Read who signed in and what is reached; connections that had lost the sign-in go on where
        they stopped.

        :return: sentences of what is not as one would expect
        """
        self.ensure_one()
        with ExactPackage(self._exact_client()) as package:
            me = package.client.get_me()
            found = package.list_administrations()
        sign_in = self.sudo()
        reached = self.env["accountable.administration"].sudo()._store(sign_in, found)
        name = _user_name(me)
        if sign_in.exact_user_name != name:
            sign_in.exact_user_name = name
        sign_in._set_state("valid")
        warnings = [] if reached else [self.env._("The sign-in reaches no administration.")]
        for connection in sign_in.connection_ids:
            # an office shares a sign-in: connections of other companies go on too, unmentioned
            sentences = connection._exact_signed_in(set(reached.mapped("key")))
            warnings += sentences if connection.with_env(self.env).has_access("read") else []
        return warnings

    def _exact_sentence(self, error):
        """What a :class:`PackageError` means, for a page."""
        return self._exact_any_connection()._error_sentence(error)

    def _exact_return_address(self):
        """Where a person goes on in Odoo: the connection that is being set up, else the sign-in."""
        connection = self.connection_ids.filtered(lambda found: found.step != "done")[:1]
        record = connection or self
        return f"/odoo/{record._name}/{record.id}"
