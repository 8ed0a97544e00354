from dataclasses import replace
from functools import cache

from odoo import api, fields, models
from odoo.addons.accountable_connect.api.errors import AUTHORISATION_LOST, DATA_REFUSED
from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PAYMENT_TERM,
    PERIOD,
    VAT_CODE,
)

from ..api.client import remembered_name
from ..api.numbers import NAME as ENTRY_NUMBERS
from ..api.package import ExactPackage
from ..exceptions import LOST, RAW, SENTENCES

OWN_SENTENCES = {**SENTENCES, DATA_REFUSED: RAW, AUTHORISATION_LOST: LOST}
# Read before, so that a document finds its codes without a call.
NAMED_BY_DOCUMENTS = (JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PAYMENT_TERM, PERIOD)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    exact_number_notice = fields.Char(compute="_compute_exact_number_notice", string="Numbers")

    @api.depends("calls", "package", "administration_key")
    @api.depends_context("lang")
    def _compute_exact_number_notice(self):
        for connection in self:
            remembered = (connection.sudo().calls or {}).get("remembered") or {}
            name = remembered_name(ENTRY_NUMBERS, connection.administration_key)
            known = remembered.get(name) or {} if connection.package == "exact" else {}
            connection.exact_number_notice = "booked" in known and self.env._(
                "Exact Online booked an entry as number %(booked)s instead of %(given)s, so a"
                " number keeps no document from being booked twice. Odoo gives none any more: when"
                " no answer comes, it waits and looks the document up before it sends it again. You"
                " need not do anything.",
                booked=str(known["booked"]),
                given=str(known["given"]),
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
        return ExactPackage(client, master=self._master_items(NAMED_BY_DOCUMENTS))

    def _get_sentences(self):
        return OWN_SENTENCES if self.package == "exact" else super()._get_sentences()

    # Signing in happens in the browser

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
        self._agree_with_sign_in()
        if self.package == "exact" and self.sign_in_id.state != "valid":
            return self.sign_in_id.action_exact_sign_in()
        return super().action_test_sign_in()

    def action_reconnect(self):
        """Who has to consent anew is sent to Exact Online: the consent is lost, or does not include
        this administration."""
        self.ensure_one()
        self._agree_with_sign_in()
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
            self.sudo().state = "connecting"
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
        self._go_on_when_signed_in()
        if self.problem:
            return [f"{self.name}: {self.problem}"]
        return []


@cache
def _capabilities(site):
    """Those of the package; a division keeps the VAT return of the country its site is for."""
    return replace(ExactPackage.capabilities, vat_countries=frozenset({site}))
