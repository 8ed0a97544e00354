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
from odoo.addons.accountable_connect.models.actionable import actionable
from odoo.addons.accountable_connect.models.fetching import fetch_only

from ..api.client import remembered_name
from ..api.numbers import NAME as ENTRY_NUMBERS
from ..api.package import ExactPackage
from ..concerns import CONCERNS
from ..sentences import LOST, RAW, SENTENCES

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
            # the calls are the system group's; what is said of them is no secret
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

    @api.depends("exact_number_notice")
    def _compute_alerts(self):
        return super()._compute_alerts()

    def _alerts(self):
        entries = super()._alerts()
        if self.exact_number_notice:
            entries.append(actionable("info", self.exact_number_notice))
        return entries

    def _get_capabilities(self):
        if self.package != "exact":
            return super()._get_capabilities()
        # of any sign-in, also one the user may not see
        sign_in = self.sudo().sign_in_id
        fetch_only(sign_in, ("exact_site",))  # asked of each batch, and of nothing else of it
        return _capabilities(sign_in.exact_site)

    def _open_package(self):
        self.ensure_one()
        if self.package != "exact":
            return super()._open_package()
        client = self.sign_in_id._open_client(
            self.administration_key, budget=self._get_call_budget()
        )
        return ExactPackage(client, master=self._master_items(NAMED_BY_DOCUMENTS))

    def _get_sentences(self):
        return OWN_SENTENCES if self.package == "exact" else super()._get_sentences()

    def _get_concerns(self):
        return CONCERNS if self.package == "exact" else super()._get_concerns()


@cache
def _capabilities(site):
    """Those of the package; a division keeps the VAT return of the country its site is for."""
    return replace(ExactPackage.capabilities, vat_countries=frozenset({site}))
