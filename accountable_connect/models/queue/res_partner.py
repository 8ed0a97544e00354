from odoo import api, fields, models
from odoo.fields import Domain

from ..document_conditions import for_readers
from .account_move_export_state import STATES, USER


class ResPartner(models.Model):
    """A change of a partner queues nothing: it is compared when a document needs it, or on
    request. Only a bank account that a person begins to trust goes by itself."""

    _inherit = "res.partner"

    accountable_state = fields.Selection(
        STATES,
        compute="_compute_accountable",
        search="_search_accountable_state",
        string="Export",
        groups=USER,
    )
    accountable_number = fields.Char(
        compute="_compute_accountable",
        search="_search_accountable_number",
        string="Number in the package",
        groups=USER,
    )
    accountable_job_count = fields.Integer(compute="_compute_accountable", groups=USER)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_accountable(self):
        """Contacts below a company show what their company shows. Companies share contacts: only
        what concerns one's own is shown."""
        of_partners = [*self._accountable_shown(), ("res_id", "in", self.commercial_partner_id.ids)]
        # whoever reads contacts may not read every item and link
        jobs, links = self.env["accountable.job"].sudo(), self.env["accountable.binding"].sudo()
        rows = jobs._read_group(of_partners, ["res_id"], ["state:array_agg", "__count"])
        jobs = {id_: (states, count) for id_, states, count in rows}
        rows = links._read_group(
            [*of_partners, ("kind", "=", "party")],
            ["res_id"],
            ["number:array_agg", "external_key:array_agg"],
        )
        numbers = {
            id_: ", ".join(number or key for number, key in zip(numbers, keys, strict=True))
            for id_, numbers, keys in rows
        }
        for partner in self:
            id_ = partner.commercial_partner_id._origin.id
            states, count = jobs.get(id_, ((), 0))
            partner.accountable_number = numbers.get(id_, False)
            partner.accountable_job_count = count
            if {"failed", "unknown"} & set(states):
                partner.accountable_state = "error"
            elif {"pending", "sending"} & set(states):
                partner.accountable_state = "to_export"
            else:
                partner.accountable_state = "exported" if id_ in numbers else "not_exported"

    @api.model
    def _accountable_shown(self):
        """Domain of items and links: those of contacts, in connections the user may see."""
        ids = self.env["accountable.connection"]._shown_ids()
        return [("connection_id", "in", ids), ("res_model", "=", "res.partner")]

    @api.model
    def _accountable_domain(self, model, *conditions):
        """Contacts with an item or a link of this kind."""
        # whoever reads contacts may not read every item and link
        found = self.env[model].sudo()._search([*self._accountable_shown(), *conditions])
        return Domain("commercial_partner_id", "in", found.subselect("res_id"))

    @for_readers("accountable_state")
    def _search_accountable_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        bound = self._accountable_domain("accountable.binding", ("kind", "=", "party"))
        error, waiting = (
            self._accountable_domain("accountable.job", ("state", "in", states))
            for states in (("failed", "unknown"), ("pending", "sending"))
        )
        domains = {
            "error": error,
            "to_export": waiting & ~error,
            "exported": bound & ~error & ~waiting,
            "not_exported": ~bound & ~error & ~waiting,
        }
        return Domain.OR(domains.get(state, Domain.FALSE) for state in value)

    @for_readers("accountable_number")
    def _search_accountable_number(self, operator, value):
        if operator == "in" and set(value) == {False}:
            return Domain.AND([self._search_accountable_state("in", ["not_exported"])])
        numbered = ("kind", "=", "party"), ("number", operator, value)
        return self._accountable_domain("accountable.binding", *numbered)

    def write(self, vals):
        result = super().write(vals)
        # whoever writes a contact need not read companies
        if {"vat", "country_id"} & vals.keys() and self.sudo().ref_company_ids:
            self.env.registry.clear_cache()  # a branch may have a VAT number of its own now
        self._accountable_cause_removed()
        return result

    def _accountable_cause_removed(self, accepted=False):
        """Documents that failed because of a contact go again when it was corrected.

        :param accepted: the administration took the contact as it is
        """
        if not self.ids or not self.env["accountable.sending.plan"]._by_company():
            return
        jobs = self.env["accountable.job"].sudo()  # whoever corrects a contact may not read them
        failed = jobs.search(
            [
                ("state", "=", "failed"),
                ("cause_model", "=", "res.partner"),
                ("cause_id", "in", self.commercial_partner_id.ids),
            ]
        )
        for connection, jobs in failed.grouped("connection_id").items():
            partners = self.browse(set(jobs.mapped("cause_id")))
            connection._cause_removed(partners, accepted)

    def action_accountable_jobs(self):
        """The queue items of these contacts, and of the documents made in their name."""
        partners = self.commercial_partner_id
        action = self.env["accountable.job"]._action_of(partners)
        names = [name for name in partners.mapped("name") if name]
        return {
            **action,
            "domain": ["|", ("partner_name", "in", names), "&", *action["domain"]],
        }

    def action_accountable_update(self):
        """Bring these contacts up to date in the administrations that know them."""
        self.check_access("read")
        jobs = self.env["accountable.job"]
        jobs.check_access("read")
        partners = self.commercial_partner_id
        bindings = partners._accountable_party_bindings(
            ("connection_id.company_id", "parent_of", self.env.companies.ids)
        )
        self.env["accountable.enqueueing"]._enqueue_contacts(bindings)
        self.invalidate_recordset(["accountable_state", "accountable_job_count"], flush=False)
        bindings.connection_id._wake_lanes()
        return True

    def _accountable_party_bindings(self, *conditions):
        """The links of these contacts.

        :param conditions: further parts of the domain
        """
        # whoever changes a contact may not read links
        bindings = self.env["accountable.binding"].sudo()
        of_contacts = ("res_model", "=", "res.partner"), ("kind", "=", "party")
        return bindings.search([*of_contacts, ("res_id", "in", self.ids), *conditions])
