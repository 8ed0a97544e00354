"""A person signs in at the package in the browser and consents; Odoo keeps what comes of it.

::

    button → start ──► the package: sign in, consent ──► return ──► signed in
             nonce stored, state signed                  │          who it is, what it reaches,
                                                         │          connections go on
                                    state checked, nonce used up, code exchanged

The state is signed, bound to package, user and sign-in, and works once within ten minutes. The
exchange is a request of its own: it stores tokens in cursors of their own and writes nothing else,
so that no request that Odoo repeats exchanges a code twice. What follows can be repeated at will.

The pages are those of ``controllers/consent.py``; what differs from package to package is a
``Consent``.
"""

import secrets
from contextlib import nullcontext
from datetime import timedelta
from urllib.parse import quote, urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import hash_sign, hmac, verify_hash_signed

from ...api.http.addresses import read_address
from ...api.oauth_tokens import NAME, OAuthPolicy
from ..connection.server_configuration import call_bounds
from .agreed_target import digest

ASKED, SIGNED_IN = "asked", "signed_in"
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


class Consent:
    """What a package adds to consenting in the browser, for one sign-in. Sentences for people go
    through ``self.env._``."""

    policy: OAuthPolicy

    def __init__(self, sign_in):
        self.sign_in = sign_in
        self.env = sign_in.env

    def make_client(self, *, administration, **values):
        """A client with the secrets of the sign-in, which is in superuser mode here; only for
        ``_open_client``. It has ``authorisation_address(state)``, ``sign_in_with_code(code)``,
        ``keep_signed_in()`` (renews tokens that are old) and ``close()``; with the policy's
        ``pkce`` the first two take a ``verifier`` too.

        :param str administration: the key of one, "" for none
        :param values: ``tokens``, ``budget`` and ``bounds`` of the contract, and what the package
            itself gave to ``_open_client``
        """
        raise NotImplementedError

    def package(self, client):
        """The ``Package`` behind a client, for what belongs to no administration."""
        raise NotImplementedError

    def user(self, client):
        """What people call the user who signed in. Asks the package."""
        raise NotImplementedError

    def check_app(self):
        """Raises UserError when something is missing without which nobody can consent."""

    def missing_administration_hint(self):
        """What helps who misses an administration, a sentence or ""."""
        return ""


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    by_consent = fields.Boolean(compute="_compute_by_consent")
    redirect_uri = fields.Char(
        compute="_compute_redirect_uri",
        string="Redirect URI",
        help="Register exactly this address with the app.",
    )
    redirect_uri_refused = fields.Boolean(compute="_compute_redirect_uri")
    # Of a consent that was asked and did not come back yet: works once.
    consent_nonce = fields.Char(copy=False, groups="base.group_system")
    signed_in_as = fields.Char(string="Signed in as", copy=False, readonly=True)
    administration_ids = fields.One2many(
        "accountable.administration", "sign_in_id", string="Administrations reached"
    )

    @api.depends("package")
    def _compute_by_consent(self):
        for sign_in in self:
            sign_in.by_consent = bool(sign_in._consent())

    @api.depends(lambda self: tuple(self._target_fields()))
    def _compute_redirect_uri(self):
        for sign_in in self:
            sign_in.redirect_uri = sign_in.get_base_url() + sign_in._package_path("return")
            leads_to = read_address(sign_in._target().get("address"))
            is_sandbox = bool(leads_to and leads_to.is_on_this_machine)
            is_open = urlsplit(sign_in.redirect_uri).scheme != "https"
            sign_in.redirect_uri_refused = is_open and not is_sandbox

    def _target(self):
        return super()._target() | ({"user": self.signed_in_as or ""} if self._consent() else {})

    def _forget_secrets(self):
        # of the system group, like the secrets
        self.sudo().consent_nonce = False
        return super()._forget_secrets()

    def _consent(self):
        """The ``Consent`` of the package, None where people do not consent in the browser."""
        return None

    # Clients

    def _open_client(self, administration="", *, budget=None, tokens=None, **options):
        """The only place that makes a client, so that no copy of a database ever sends a token.

        :raises ConfigurationMissingError: in a neutralised or copied database
        :raises UserError: what is stored is encrypted with a key that is not there
        """
        self.ensure_one()
        sign_in = self.sudo()  # the client needs the secrets, which nobody may read
        sign_in._any_connection()._check_may_send()
        sign_in._check_tokens()
        return sign_in._consent().make_client(
            administration=administration,
            tokens=tokens or sign_in._get_token_store(),
            budget=budget or UncountedCalls(),
            bounds=call_bounds(self.env.context.get("accountable_calls_until")),
            **options,
        )

    def _any_connection(self):
        """For what only connections know (copies, sentences): a sign-in may have none yet."""
        return self.env["accountable.connection"].new({"sign_in_id": self.id})

    def _error_sentence(self, error):
        """What a :class:`PackageError` means, for a page."""
        return self._any_connection()._error_sentence(error)

    # Asking

    def action_sign_in(self):
        """Send the browser to the package, in a tab of its own."""
        self.ensure_one()
        self.check_access("write")
        self._check_can_consent()
        return {
            "type": "ir.actions.act_url",
            "url": self._package_path(f"start/{self.id}"),
            "target": "new",
        }

    def _package_path(self, page):
        """The path of one of our pages. That of ``return`` is registered with apps: it stays."""
        return f"/accountable_connect_{self.package}/{page}"

    def _package_name(self):
        return self._fields["package"].convert_to_export(self.package, self)

    def _check_can_consent(self):
        if not self._consent():
            raise UserError(self.env._("%(name)s is a sign-in with a password.", name=self.name))
        self._consent().check_app()

    def _ask_consent(self):
        """The address at the package that asks for consent. Whoever asks again makes what was asked
        before useless.

        :raises AccessError: when the user may not change the sign-in
        :raises UserError: when the app is not entered
        :raises ConfigurationMissingError: in a neutralised or copied database
        """
        self.ensure_one()
        self.check_access("write")
        self._check_can_consent()
        client = self._open_client()
        nonce = secrets.token_urlsafe(24)
        # what only the system group may read
        self.sudo().write(
            {
                # whoever reads the database cannot make a state of it
                "consent_nonce": digest(nonce),
                "database_identity": self.env["accountable.identity"]._current(),
            }
        )
        return client.authorisation_address(self._signed_state(ASKED, nonce), **self._proof(nonce))

    def _proof(self, nonce):
        """The verifier of PKCE, where the vendor wants it: nobody but this database knows it."""
        if not self._consent().policy.pkce:
            return {}
        # Odoo signs with a parameter of the system
        return {"verifier": hmac(self.sudo().env, "accountable_connect.pkce", nonce)}

    def _signed_state(self, scope, nonce):
        # Odoo signs with a parameter of the system
        env, values = self.sudo().env, [self.id, self.env.uid, nonce]
        return hash_sign(env, _scope(self.package, scope), values, expiration=STATE_LIFE)

    # Coming back

    @api.model
    def _of_state(self, package, scope, state):
        """The sign-in a state was signed for, and its nonce.

        :raises UserError: forged, too old, of another user, or of a sign-in this user may not
            change
        """
        try:
            # Odoo signs with a parameter of the system
            values = verify_hash_signed(self.sudo().env, _scope(package, scope), state or "")
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
        sign_in = self.browse(sign_in_id).exists()
        if user_id != self.env.uid:
            raise UserError(
                self.env._(
                    "Another user of Odoo asked for this. Nothing was changed. Sign in again."
                )
            )
        if not sign_in or not sign_in.has_access("write") or sign_in.package != package:
            raise UserError(self.env._("You may not change this sign-in. Nothing was changed."))
        return sign_in, nonce

    def _use_nonce(self, nonce):
        """Raises UserError unless the nonce is the one of the last question. Committed at once: a
        request that Odoo repeats finds it used."""
        with self.env.registry.cursor() as cr:
            cr.execute(
                """
                UPDATE accountable_sign_in SET consent_nonce = NULL
                 WHERE id = %s AND consent_nonce = %s
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

    def _exchange_code(self, code, nonce):
        """Exchange the code for tokens. Writes nothing but those, in cursors of their own.

        Who does not manage every company of the sign-in consents as its user only: nothing is
        stored before that is known.

        :return: where the browser goes on: it can be loaded as often as one likes
        :raises AccessError: another user consented, and other companies use the sign-in
        """
        self.ensure_one()
        kept = self._get_token_store()
        others = self._companies_of_use() - self.env.user.company_ids
        known = self.signed_in_as or kept.load(NAME)
        tokens = FirstTokens() if others and known else kept
        client = self._open_client(tokens=tokens)
        try:
            client.sign_in_with_code(code, **self._proof(nonce))
            if tokens is not kept:
                if self._consent().user(client) != self.signed_in_as:
                    self._check_manages(others)
                with kept.lock(NAME):
                    kept.save(NAME, tokens.load(NAME))
        finally:
            client.close()
        state = quote(self._signed_state(SIGNED_IN, ""))
        return f"{self._package_path('signed_in')}?state={state}"

    # Going on

    def _read_consent(self):
        """Read who signed in and what is reached; connections that had lost the sign-in go on where
        they stopped.

        :return: sentences of what is not as one would expect
        """
        self.ensure_one()
        client = self._open_client()
        with self._consent().package(client) as package:
            user = self._consent().user(client)
            found = package.list_administrations()
        # what only the engine writes, and connections of other companies
        sign_in = self.sudo()
        reached = sign_in.env["accountable.administration"]._store(sign_in, found)
        if sign_in.signed_in_as != user:
            sign_in.signed_in_as = user
        sign_in._set_state("valid")
        warnings = [] if reached else [self.env._("The sign-in reaches no administration.")]
        for connection in sign_in.connection_ids:
            # an office shares a sign-in: connections of other companies go on too, unmentioned
            sentences = self._go_on_with(connection, set(reached.mapped("key")))
            warnings += sentences if connection.with_env(self.env).has_access("read") else []
        return warnings

    def _go_on_with(self, connection, keys):
        """Somebody signed in: go on where the set-up or the lost consent stopped this connection.

        :param connection: in superuser mode
        :param set keys: the administrations that are reached now
        :return: sentences of what is not as one would expect
        """
        if connection.state == "not_connected":
            connection.state = "connecting"
        if connection.administration_key and connection.administration_key not in keys:
            return [
                self.env._(
                    "%(administration)s of %(connection)s is not among the administrations that"
                    " this person reaches.",
                    administration=connection.administration_name or connection.administration_key,
                    connection=connection.name,
                )
            ]
        if connection.state == "reconnect":
            connection._go_on_when_signed_in()
            if connection.problem:
                return [f"{connection.name}: {connection.problem}"]
        return []

    def _address_in_odoo(self):
        """Where a person goes on in Odoo: the connection that is being set up, else the sign-in."""
        connection = self.connection_ids.filtered(lambda found: found.step != "done")[:1]
        record = connection or self
        return f"/odoo/{record._name}/{record.id}"

    # Consenting again

    def _needs_consent(self, connection):
        """Whether a person has to consent before the connection goes on: nobody did, it is lost, or
        it does not include the administration."""
        if not self.by_consent:
            return False
        return self.state != "valid" or self._lacks_administration(connection)

    def _lacks_administration(self, connection):
        """Whether the package says that the consent does not include the administration."""
        found = connection._ask_package(lambda package: package.list_administrations())
        return found is not None and connection.administration_key not in {one.key for one in found}

    def _forget_loss(self):
        """Nobody signed in yet: nothing was lost."""
        # whether there are tokens, not which
        if self.by_consent and self.state == "lost" and not self.sudo().tokens:
            self._set_state("new")


def _scope(package, scope):
    """What a state is signed for: one of this package, for this purpose."""
    return f"accountable_connect_{package}.{scope}"
