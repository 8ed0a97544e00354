from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..conditions import for_readers
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
        ids = self.commercial_partner_id.ids or [0]
        shown = self._accountable_connections_shown()
        jobs = {
            id_: (states, count)
            for id_, states, count in self.env.execute_query(
                SQL(
                    """
                    SELECT res_id, array_agg(state), count(*) FROM accountable_job
                     WHERE res_model = 'res.partner' AND res_id IN %s AND %s GROUP BY res_id
                    """,
                    tuple(ids),
                    shown,
                )
            )
        }
        numbers = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT res_id, string_agg(COALESCE(number, external_key), ', ')
                      FROM accountable_binding
                     WHERE res_model = 'res.partner' AND kind = 'party' AND res_id IN %s AND %s
                     GROUP BY res_id
                    """,
                    tuple(ids),
                    shown,
                )
            )
        )
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
    def _accountable_connections_shown(self):
        """A condition on jobs and links: those of connections the user may see."""
        ids = self.env["accountable.connection"]._shown_ids()
        return SQL("connection_id IN %s", tuple(ids or [0]))

    @for_readers("accountable_state")
    def _search_accountable_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        shown = self._accountable_connections_shown()

        def with_job(condition):
            jobs = SQL(
                "(SELECT res_id FROM accountable_job WHERE res_model = 'res.partner' AND %s"
                " AND %s)",
                condition,
                shown,
            )
            return Domain("commercial_partner_id", "in", jobs)

        bound = Domain(
            "commercial_partner_id",
            "in",
            SQL(
                "(SELECT res_id FROM accountable_binding"
                " WHERE res_model = 'res.partner' AND kind = 'party' AND %s)",
                shown,
            ),
        )
        error = with_job(SQL("state IN ('failed', 'unknown')"))
        waiting = with_job(SQL("state IN ('pending', 'sending')"))
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
        bindings = (
            self.env["accountable.binding"]
            .sudo()
            ._search(
                [
                    ("connection_id", "in", self.env["accountable.connection"]._shown_ids()),
                    ("res_model", "=", "res.partner"),
                    ("kind", "=", "party"),
                    ("number", operator, value),
                ]
            )
        )
        return Domain("commercial_partner_id", "in", bindings.subselect("res_id"))

    def write(self, vals):
        result = super().write(vals)
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
        failed = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("state", "=", "failed"),
                    ("cause_model", "=", "res.partner"),
                    ("cause_id", "in", self.commercial_partner_id.ids),
                ]
            )
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
        bindings = (
            self.env["accountable.binding"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "res.partner"),
                    ("kind", "=", "party"),
                    ("res_id", "in", partners.ids),
                    ("connection_id.company_id", "parent_of", self.env.companies.ids),
                ]
            )
        )
        self.env["accountable.enqueueing"]._enqueue_contacts(bindings)
        self.invalidate_recordset(["accountable_state", "accountable_job_count"], flush=False)
        bindings.connection_id._wake_lanes()
        return True
