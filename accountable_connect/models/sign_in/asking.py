"""A question to the package over a sign-in, without any connection: does it know us, what do we
reach?"""

from contextlib import nullcontext

from odoo import models

from ...api.errors import PackageError
from .consent import UncountedCalls
from .secret_fields import keys_of_server


class PassingTokens:
    """A ``TokenStore`` for a sign-in that is being tried: it reads what is stored, and keeps in
    memory what is new, so that the transaction that tries it may still write, or drop, the row.

    Only for tokens that can be asked for again at any time, never for a chain that rotates.
    """

    def __init__(self, stored):
        self.stored = stored
        self.kept = {}

    def load(self, name):
        return self.kept.get(name) or self.stored.load(name)

    def save(self, name, values):
        self.kept[name] = dict(values)

    def lock(self, name):
        return nullcontext()


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def _passing_tokens(self):
        """None where the tokens are a chain: those are stored at once."""
        return None if self._consent() else PassingTokens(self._get_token_store())

    def _keep_tokens(self, kept):
        """Store what a sign-in got while it was tried. Superuser code calls it."""
        self.tokens = keys_of_server().tokens_anew({**(self.tokens or {}), **kept})

    def _list_reached(self, company, tokens=None):
        """The administrations the sign-in reaches (``api.contract.Administration``), asked for now.

        :param company: for which it is asked
        :param tokens: a ``TokenStore`` instead of the stored one
        :raises PackageError: what the package answered, or a copy of the database that asks
        :raises UserError: what is stored cannot be read
        """
        self.ensure_one()
        sign_in = self.sudo()  # the client needs the secrets
        if sign_in._consent():
            with sign_in._consent().package(sign_in._open_client()) as package:
                return package.list_administrations()
        connection = sign_in._any_connection().with_context(
            # a few calls of a person, which no connection's day bears
            accountable_tokens=tokens,
            accountable_call_budget=UncountedCalls(),
        )
        connection.company_id = company
        connection._check_may_send()
        with connection._open_package() as package:
            return package.list_administrations()

    def action_test(self):
        """Ask the package whether it knows the sign-in, and say so."""
        self.ensure_one()
        self.check_access("write")
        if self.by_consent and self.state != "valid":
            return self.action_sign_in()
        company = self.env.company._accountable_company()
        try:
            found = self._list_reached(company, self._passing_tokens())
        except PackageError as error:
            self._learn_from(error)
            self._forget_loss()
            return self._said(self._error_sentence(error), "danger")
        self._set_state("valid")
        # what the package lists is the engine's to store
        listed = self.env["accountable.administration"].sudo()._store(self.sudo(), found)
        names = ", ".join(listed[:5].mapped("name"))
        if not listed:
            return self._said(self.env._("The sign-in reaches no administration."), "warning")
        return self._said(
            self.env._(
                "The sign-in works. It reaches %(count)s administrations: %(names)s.",
                count=len(listed),
                names=names + (" …" if len(listed) > 5 else ""),
            )
        )

    def _said(self, message, kind="success"):
        return self._any_connection()._notify(message, kind)
