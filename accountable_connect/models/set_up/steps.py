"""The initial synchronisation: a form that guides, whose choices are kept at once.

::

    checklist → administration → journals → VAT codes → ledger accounts → contacts → hand-over
                                                                                         │
                                   done ← (start) ← summary ← start date and past documents

What the package needs no choice for is no step of it (``needs`` of its capabilities), and only what
is handed over as files has the step *Hand-over*. A step in which nobody has anything to decide is
skipped and stands on the summary, from where *Change* leads to it. Nothing is transient: a step is
a value on the connection, a choice is a field, a mapping row or a contact match. It can be left at
any point, taken up again, and walked backwards. What a step needs is done by
``accountable.set.up``.
"""

from odoo import api, fields, models

from ...api.contract import SET_UP_NEEDS


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    # what the widget actionable_errors shows
    checklist = fields.Json(compute="_compute_checklist")
    in_order = fields.Char(compute="_compute_checklist")
    summary = fields.Json(compute="_compute_summary")
    decisions = fields.Json(compute="_compute_summary")
    can_start = fields.Boolean(compute="_compute_summary")
    past_document_count = fields.Integer(compute="_compute_past_documents", string="Past documents")
    past_document_total = fields.Monetary(
        compute="_compute_past_documents", currency_field="currency_id", string="Their total"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    settlement_journal_remark = fields.Char(compute="_compute_settlement_journal_remark")

    # What people read

    @api.depends("sign_in_id.state", "company_id", "step", "peppol_receiver", "problem", "package")
    @api.depends_context("lang", "uid")
    def _compute_checklist(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            shown = connection.company_id and connection.step == "checklist"
            lines = set_up._checklist(connection) if shown else []
            good, other = set_up._by_kind(lines)
            connection.checklist = set_up._as_entries(connection, other)
            sentences = " ".join(line[1] for line in good)
            connection.in_order = bool(good) and self.env._(
                "%(count)s things are in order: %(sentences)s",
                count=len(good),
                sentences=sentences,
            )

    @api.depends("step", "start_date", "mapping_ids.attention", "contact_match_ids.state", "state")
    @api.depends_context("lang", "uid")
    def _compute_summary(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            lines = set_up._summary(connection) if connection.step == "summary" else []
            good, other = set_up._by_kind(lines)
            connection.summary = set_up._as_entries(connection, other)
            connection.decisions = set_up._as_entries(connection, good)
            connection.can_start = all(line[0] != "missing" for line in other)

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
    @api.depends_context("uid")
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

    # Steps

    def _steps(self):
        """Those this package has, but "done", which is reached by the start only."""
        capabilities = self._get_capabilities()
        left_out = {"done", *(SET_UP_NEEDS - capabilities.needs)}
        if not capabilities.handed_over:
            left_out.add("hand_over")
        return [value for value, _label in self._fields["step"].selection if value not in left_out]

    def action_continue(self):
        """From where the connection stands to the first step that needs a person; a step that
        needs nobody is skipped. Gives the form of the connection, or what leads to the consent of
        its sign-in. It asks the package where a step needs that."""
        self.ensure_one()
        self.check_access("write")
        if self.step != "done" and not self.env["accountable.set.up"]._needs_person(
            self, self.step
        ):
            consent = self._leave_step()
            if consent:
                return consent
        return self.action_open()

    def action_next_step(self):
        """*Continue*: the person is done with this step; on to the next one that needs somebody.
        ``problem`` says why it cannot be left."""
        self.ensure_one()
        self.check_access("write")
        return (self.step != "done" and self._leave_step()) or True

    def _leave_step(self):
        """Go to the next step that needs a person, at the end to the summary. Gives an action where
        somebody has to consent first."""
        set_up = self.env["accountable.set.up"]
        if self.step == "checklist":
            if self.sign_in_state != "valid" and (consent := self._sign_in_first()):
                return consent
            if any(line[0] == "missing" for line in set_up._checklist(self)):
                return None
        steps, reached = self._steps(), self.step
        for step in steps[steps.index(reached) + 1 :]:
            if not set_up._prepare_step(self, step):
                break
            reached = step
            if set_up._needs_person(self, step):
                break
        self._stand_on(reached)
        return None

    def _sign_in_first(self):
        """Test the sign-in; the action where somebody has to consent, else None."""
        answer = self.action_test_sign_in()
        self.invalidate_recordset(["sign_in_state"])
        return answer if isinstance(answer, dict) else None

    def _stand_on(self, step):
        self.env["accountable.set.up"]._preset(self, step)
        self._look_again_at_mappings(step)
        self.sudo().step = step  # only the buttons change it

    def action_previous_step(self):
        """*Back*: also to a step that was skipped; it stays open until *Continue*."""
        self.ensure_one()
        self.check_access("write")
        if self.step != "done":
            steps = self._steps()
            self._stand_on(steps[max(steps.index(self.step) - 1, 0)])
        return True

    @api.model
    def change_step(self, choice):
        """*Change* on the summary: back to a step, which stays open until *Continue*.

        :param list choice: id of the connection, value of a step that lies before the present one
        """
        connection_id, step = choice
        connection = self.browse(connection_id)
        connection.check_access("write")
        steps = connection._steps()
        if connection.step != "done" and step in steps[: steps.index(connection.step)]:
            connection._stand_on(step)
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
