"""What is read from the package and repeated in Odoo, and what a connection keeps of it."""

from odoo import fields, models

# One after the other, in this order, in each run.
READ_BACK = ("accountable.settlement", "accountable.contact.import")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    parties_read_at = fields.Datetime(copy=False, readonly=True)
    # a branch sees the connection of its root, not the root's documents
    open_items_differences = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Documents on which Odoo and the administration have different amounts open, as of the"
        " last daily comparison: move_id, name, in_odoo, in_package, reason.",
    )
    lost_count = fields.Integer(compute="_compute_lost_count", string="Payments undone in Odoo")

    def _read_back(self, run):
        """Read what is due. Commits."""
        for name in READ_BACK:
            self.env[name]._read_due(self, run)

    def _reset_settlement_cursor(self):
        """A document was linked that stood in the administration before: what settled it there may
        have been read already, when it concerned nobody. Reading it twice changes nothing."""
        for connection in self:
            if connection.settlement_cursor:
                connection.settlement_cursor = False

    def write(self, vals):
        """What was only noted while Odoo booked the bank is booked by the next run."""
        were_off = self.filtered(
            lambda one: (
                one.step == "done" and (one.bank_owner == "odoo" or not one.settlements_back)
            )
        )
        result = super().write(vals)
        if {"bank_owner", "settlements_back"} & vals.keys():
            # the moment of the last reading is the engine's, whoever changes the setting
            for connection in were_off.sudo().filtered("settlements_back"):
                connection._book_the_bank(vals)
        return result

    def _book_the_bank(self, vals):
        """Odoo booked the bank, or nothing came back, and that is over: what is needed is made, and
        a reading is due."""
        if self.bank_owner != "package":
            return
        if "bank_owner" in vals and self.env["accountable.set.up"]._needs_settlement_journal(self):
            self.action_create_settlement_journal()
        if self.settlements_read_at:
            self.settlements_read_at = False
        self._wake_lanes()

    def _compute_lost_count(self):
        # a count; which ones they are is shown to those who may read them
        bindings = self.env["accountable.binding"].sudo()
        counts = dict(
            bindings._read_group(
                [("connection_id", "in", self._origin.ids), ("can_book_again", "=", True)],
                ["connection_id"],
                ["__count"],
            )
        )
        for connection in self:
            connection.lost_count = counts.get(connection._origin.sudo(), 0)

    def action_lost_settlements(self):
        """The settlements whose entries were undone in Odoo."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "accountable_connect.accountable_binding_action_settlement"
            ),
            "domain": [("connection_id", "=", self.id), ("can_book_again", "=", True)],
        }
