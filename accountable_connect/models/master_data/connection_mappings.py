"""What a connection has of master data and mappings, and entrances to what is done with them."""

from odoo import api, fields, models

from ...documents import MASTER_DATA_KINDS as KINDS
from ..connection.connection import IN_USE

COST_PLANS = {"cost_centre_plan_id", "cost_unit_plan_id"}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    has_tax_due_on_payment = fields.Boolean(compute="_compute_has_tax_due_on_payment")

    @api.depends("mapping_ids.tax_id.tax_exigibility")
    def _compute_has_tax_due_on_payment(self):
        # who maps need not see the taxes
        mappings = self.env["accountable.mapping"].sudo()
        due = [("tax_id.tax_exigibility", "=", "on_payment")]
        for connection in self:
            # thousands of rows are not read for a yes or no
            connection.has_tax_due_on_payment = bool(
                mappings.search_count([("connection_id", "in", connection.ids), *due], limit=1)
            )

    def _companies_of_records(self):
        """The companies whose journals, taxes and the like stand on documents of this connection:
        those it serves, and those above a branch, which shares theirs."""
        # a person may see only some of them
        company = self.company_id.sudo()
        return company._accountable_branches() | company.parent_ids

    def _refresh_master_data(self, package):
        """Read every kind of master data again, but those that people type, and mark mappings whose
        counterpart changed.

        :param api.contract.Package package: open; only read from
        :return: dict with the counts ``created``, ``changed``, ``vanished`` and ``broken``
        :raises PackageError: as the package does
        """
        self.ensure_one()
        kinds = tuple(kind for kind in KINDS if kind not in self._typed_kinds())
        items = package.fetch_master_data(kinds)
        counts = self.env["accountable.master.data"]._store(self, items, kinds)
        # the engine's field
        self.sudo().master_data_read_at = fields.Datetime.now()
        counts["broken"] = self.env["accountable.mapping"]._check_counterparts(self)
        if counts["created"] or counts["changed"]:
            self._may_go_over_there()
        self.env["accountable.books"]._read_again(self, package)
        return counts

    def _master_items(self, kinds):
        """What was last read of these kinds, ``MasterItem`` by ``MasterItem``, so that a package
        need not ask for it in each run; read when the first one is asked for. Nothing was read for
        a connection that is not stored, as one that a sign-in is tried with."""
        if not self._origin:
            return iter(())
        return self.env["accountable.master.data"]._items(self, kinds)

    def _ensure_mapping_rows(self, kind, records, document_kind="any"):
        """The mapping rows of these records of Odoo; those that are missing are added."""
        self.ensure_one()
        return self.env["accountable.proposal"]._ensure_rows(self, kind, records, document_kind)

    def write(self, vals):
        result = super().write(vals)
        if COST_PLANS & vals.keys():
            self._propose_cost_centres_again()
        return result

    def _propose_cost_centres_again(self):
        """Another plan feeds an axis: what is not confirmed is proposed again, and what was
        confirmed on an axis its plan does not feed any more is asked again. Switching an axis off
        and on touches no row."""
        # what follows from a setting is no choice of a person
        for connection in self.sudo():
            rows = connection.mapping_ids.filtered(lambda row: row.kind == "analytic_account")
            for row in rows.filtered("master_data_id"):
                kinds = row._counterpart_kinds()
                if kinds and row.master_data_id.kind not in kinds:
                    row.write({"master_data_id": False, "state": "proposed", "reason": False})
            open_rows = rows.filtered(lambda row: row.state == "proposed" and not row.without_code)
            self.env["accountable.proposal"]._propose(open_rows)

    def _settle_configuration_state(self):
        """A connection in use with a broken mapping says so; other documents go on."""
        # the engine's field
        for connection in self.sudo():
            if connection.step != "done" or connection.state not in IN_USE:
                continue
            broken = any(row.state == "broken" for row in connection.mapping_ids)
            state = "configuration_needed" if broken else "connected"
            if connection.state != state:
                connection.state = state
