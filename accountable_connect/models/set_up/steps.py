"""The initial synchronisation: a form that guides, whose choices are kept at once.

::

    checklist → administration → journals → VAT codes → ledger accounts → contacts
                                                                             │
                       done ← (start) ← summary ← start date and past documents

Nothing is transient: a step is a value on the connection, a choice is a field, a mapping row or a
contact match. It can be left at any point, taken up again, and walked backwards. What a step needs
is done by ``accountable.set.up``.
"""

from odoo import api, fields, models

from ..master_data.mapping import COUNTERPART_KINDS
from ..master_data.mapping_sources import MappingSources

KINDS_BY_STEP = {
    "journals": ("journal",),
    "vat_codes": ("tax",),
    "ledger_accounts": ("account", "payment_term", "analytic_account"),
}
ACCOUNT_KINDS = ("kind", "in", KINDS_BY_STEP["ledger_accounts"])


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    checklist = fields.Html(compute="_compute_checklist", sanitize=False)
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    can_start = fields.Boolean(compute="_compute_summary")
    journal_mapping_ids = fields.One2many(
        "accountable.mapping", "connection_id", domain=[("kind", "=", "journal")]
    )
    open_tax_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[("kind", "=", "tax"), ("state", "!=", "confirmed")],
    )
    valid_tax_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[("kind", "=", "tax"), ("state", "=", "confirmed")],
    )
    open_account_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[ACCOUNT_KINDS, ("state", "!=", "confirmed")],
    )
    valid_account_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[ACCOUNT_KINDS, ("state", "=", "confirmed")],
    )
    valid_count = fields.Integer(compute="_compute_mapping_counts", string="Valid")
    invalid_count = fields.Integer(compute="_compute_mapping_counts", string="Invalid")
    ready_count = fields.Integer(compute="_compute_mapping_counts", string="Can be confirmed")
    past_document_count = fields.Integer(compute="_compute_past_documents", string="Past documents")
    past_document_total = fields.Monetary(
        compute="_compute_past_documents", currency_field="currency_id", string="Their total"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    settlement_journal_remark = fields.Char(compute="_compute_settlement_journal_remark")

    def _fields_of_people(self):
        rows = {
            "journal_mapping_ids",
            "open_account_mapping_ids",
            "open_tax_mapping_ids",
            "valid_account_mapping_ids",
            "valid_tax_mapping_ids",
        }
        return super()._fields_of_people() | rows

    # What people read

    @api.depends("sign_in_id.state", "company_id", "step", "peppol_receiver", "problem", "package")
    def _compute_checklist(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            lines = set_up._checklist(connection) if connection.company_id else []
            connection.checklist = set_up._as_list(lines)

    @api.depends("step", "start_date", "mapping_ids.state", "contact_match_ids.state", "state")
    def _compute_summary(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            lines = set_up._summary(connection) if connection.step == "summary" else []
            connection.summary = set_up._as_list(lines)
            connection.can_start = all(kind != "missing" for kind, text in lines)

    @api.depends("step", "mapping_ids.state", "mapping_ids.enabled", "mapping_ids.master_data_id")
    def _compute_mapping_counts(self):
        for connection in self:
            kinds = connection._kinds_of_step()
            rows = connection.mapping_ids.filtered(lambda row, kinds=kinds: row.kind in kinds)
            valid = rows.filtered(lambda row: row._is_valid())
            connection.valid_count = len(valid)
            connection.invalid_count = len((rows - valid).filtered(lambda row: row._holds_back()))
            connection.ready_count = len(
                (rows - valid).filtered(lambda row: row.state == "proposed" and row._is_answered())
            )

    @api.depends(
        "start_date",
        "step",
        "opening_items_until",
        "send_sales",
        "send_sale_refunds",
        "send_purchases",
        "send_purchase_refunds",
        "send_receipts",
        "peppol_receiver",
    )
    def _compute_past_documents(self):
        for connection in self:
            count, total = 0, 0.0
            if connection.step in ("start", "summary") and connection.start_date:
                count, total = self.env["accountable.set.up"]._past_documents(connection)
            connection.past_document_count = count
            connection.past_document_total = total

    @api.depends(
        "settlement_journal_id.default_account_id.account_type",
        "settlement_journal_id.default_account_id.reconcile",
    )
    @api.depends_context("lang")
    def _compute_settlement_journal_remark(self):
        """Payments pass through the account: money never stays on it, and is no cost or revenue."""
        for connection in self:
            # who connects need not be allowed to see the account
            account = connection.settlement_journal_id.sudo().default_account_id
            passes = account.internal_group in ("asset", "liability") and account.reconcile
            connection.settlement_journal_remark = (
                self.env._(
                    "%(account)s is not a clearing account: payments of the package are booked on "
                    "it and reconciled. Choose a journal whose account is a current asset or "
                    "liability that allows reconciliation.",
                    account=account._accountable_name(connection.company_id),
                )
                if account and not passes
                else False
            )

    # Mapping

    def _kinds_of_step(self):
        """What is mapped in this step; in any other one, all that is mapped."""
        return KINDS_BY_STEP.get(self.step, tuple(COUNTERPART_KINDS))

    def action_propose_mappings(self):
        """Add rows for what is new in Odoo and propose counterparts for what is not confirmed."""
        self.ensure_one()
        self.check_access("write")
        for kind, records, document_kind in MappingSources(self).all():
            self._ensure_mapping_rows(kind, records, document_kind)
        # a proposal is no field of people
        rows = self.sudo().mapping_ids.filtered(lambda row: row.state == "proposed")
        self.env["accountable.proposal"]._propose(rows)
        return True

    def action_update_records(self):
        """Read the master data again and look for counterparts: the button of each step."""
        self.ensure_one()
        notification = self.action_refresh_master_data()
        # Also when the package takes no more calls today: what was read before may fit what is new.
        self.action_propose_mappings()
        return notification

    def action_confirm_mappings(self):
        """Confirm every proposal of the step that has a counterpart."""
        self.ensure_one()
        kinds = self._kinds_of_step()
        self.mapping_ids.filtered(
            lambda row: row.kind in kinds and row.state == "proposed" and row._is_answered()
        ).action_confirm()
        return True

    def action_mappings(self):
        """The rows of the step as a list in which many can be edited or confirmed at once."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_mapping_action"
        )
        kinds = self._kinds_of_step()
        return {
            **action,
            "domain": [("connection_id", "=", self.id), ("kind", "in", kinds)],
            "context": {"search_default_invalid": 1, "search_default_group_kind": len(kinds) > 1},
        }

    # Steps

    def _other_step(self, distance):
        """The step that far from this one; "done" is reached by the start only."""
        steps = [value for value, label in self._fields["step"].selection if value != "done"]
        return steps[min(max(steps.index(self.step) + distance, 0), len(steps) - 1)]

    def action_next_step(self):
        """Go to the next step and prepare it. It asks the package where the step needs that."""
        self.ensure_one()
        self.check_access("write")
        if self.step != "done":
            following = self._other_step(1)
            if self.env["accountable.set.up"]._prepare_step(self, following):
                self.sudo().step = following  # only this button changes it
        return True

    def action_continue(self):
        """Go on from where the set-up stands, and open its form."""
        self.ensure_one()
        if self.step == "checklist":
            self.action_next_step()
        return self.action_open()

    def action_previous_step(self):
        self.ensure_one()
        self.check_access("write")
        if self.step != "done":
            self.sudo().step = self._other_step(-1)  # only this button changes it
        return True

    def action_past_documents(self):
        """The documents that would go at the start."""
        self.ensure_one()
        self.check_access("read")
        # the domain reads mappings and other settings; what is found is what the person may see
        domain = self.env["accountable.sending.plan"]._domain_to_export(self.sudo())
        documents = self.env["account.move"].search(domain)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents that go at the start"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", documents.ids)],
            "context": {"create": False},
        }

    def action_create_settlement_journal(self):
        """A journal of its own with a clearing account, on which payments of the package are
        booked."""
        self.ensure_one()
        self.check_access("write")
        self.env["accountable.set.up"]._create_settlement_journal(self)
        return True

    def action_start(self):
        """Everything is chosen: connect, and put the past documents in the queue."""
        self.ensure_one()
        self.check_access("write")
        self.env["accountable.set.up"]._start(self)
        return True
