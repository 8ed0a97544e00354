"""What a row of the mapping wants of a person, from *choose a counterpart* to *nothing*."""

from odoo import api, fields, models

CHOOSE, REMARK, CHECK = "1_choose", "2_remark", "3_check"
CERTAIN, OPTIONAL, DECIDED = "4_certain", "5_optional", "6_decided"
# These need a person; those that are certain are confirmed by one click, or by the start.
OPEN = (CHOOSE, REMARK, CHECK)
# Proposals that can be confirmed as they are.
READY = (REMARK, CHECK, CERTAIN)


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    # The digit sorts in the database: what needs a decision stands first in every list.
    attention = fields.Selection(
        [
            (CHOOSE, "To choose"),
            (REMARK, "Remark"),
            (CHECK, "To check"),
            (CERTAIN, "Certain"),
            (OPTIONAL, "Not needed"),
            (DECIDED, "Confirmed"),
        ],
        compute="_compute_attention",
        store=True,
        string="To do",
        help="To choose: there is no counterpart, or the one that was confirmed is gone or changed."
        " Remark: something is to be said of the counterpart. To check: it probably fits. Certain:"
        " it needs no second look. Not needed: documents go without it.",
    )

    @api.depends("state", "certain", "enabled", "master_data_id", "without_code", "warning")
    def _compute_attention(self):
        for row in self:
            row.attention = row._find_attention()

    def _find_attention(self):
        self.ensure_one()
        if self._is_valid():
            return DECIDED
        if self.state == "broken" or not self._is_answered():
            return CHOOSE if self._holds_back() else OPTIONAL
        if self.warning:
            return REMARK
        return CERTAIN if self.certain else CHECK

    @api.depends("attention", "kind", "document_kind")
    @api.depends_context("lang")
    def _compute_note(self):
        """The reason of a proposal that needs a second look says what to look at: it reads like
        that of a certain one."""
        result = super()._compute_note()
        for row in self:
            if row.attention != CHECK or not row.master_data_id:
                continue
            if row.kind == "account":
                hint = self.env._("compare the names")
            elif row.kind == "tax" and row.document_kind.startswith("purchase"):
                hint = self.env._("compare class and deductible share")
            else:
                continue
            row.note = f"{row.note} – {hint}" if row.note else hint
        return result

    def _look_again(self):
        """What is to be said of a row hangs on more than the row: on accounts, companies, other
        master data. Asked when people are about to see the rows."""
        rows = self.sudo()  # it is the engine's field
        rows.invalidate_recordset(["warning"])
        self.env.add_to_compute(rows._fields["attention"], rows)
