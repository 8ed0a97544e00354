"""A payment or match that a person undid in Odoo, booked again when somebody says so."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

from ...api.errors import PackageError
from .settlement_binding import ENTRY_LINE, MATCH


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    def action_book_again(self):
        """Book, or match, again what was undone in Odoo. Whoever presses twice books once."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            raise AccessError(self.env._("Only users of the accounting packages can do this."))
        self.check_access("read")
        # the user may book again what the engine booked: its links and entries are the engine's
        lost = self.sudo().exists().filtered("can_book_again")
        if not lost:
            raise UserError(
                self.env._("There is nothing to book again: see what became of it in Odoo.")
            )
        for binding in lost:
            connection = binding.connection_id.with_company(binding.company_id)
            connection.env["accountable.settlement"]._book_again(connection, binding)
        return True

    def action_book_again_here(self):
        """From its form: book it again, and show what stands for it now, which is a new record."""
        self.ensure_one()
        same = [
            ("connection_id", "=", self.connection_id.id),
            ("kind", "=", self.kind),
            ("external_key", "=", self.external_key),
        ]
        self.action_book_again()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "accountable_connect.accountable_binding_action_settlement"
            ),
            "views": [
                (
                    self.env.ref("accountable_connect.accountable_binding_view_form_settlement").id,
                    "form",
                )
            ],
            "res_id": self.search(same, limit=1).id,
            "target": "main",  # the form that was left has no record any more
        }


class AccountableSettlement(models.AbstractModel):
    _inherit = "accountable.settlement"

    def _book_again(self, connection, binding):
        """Raises UserError in words when it cannot be booked."""
        settlement = binding._settlement()
        move = self._posted_document(connection, settlement.document_key)
        if not move:
            raise UserError(
                self.env._(
                    "%(document)s is not posted: post it first.",
                    document=binding.settled_move_id.display_name,
                )
            )
        state, line = binding.settlement_state, binding._settlement_line()
        if state == "opened" and line:
            if line.reconciled or not self._restore_match(move, line):
                raise UserError(
                    self.env._(
                        "%(entry)s or %(document)s is now matched with something else. Undo that "
                        "match first.",
                        entry=line.move_id.name,
                        document=move.name,
                    )
                )
            return
        if state == "draft":
            line.move_id.button_cancel()
        binding.unlink()
        try:
            self._repeat(connection, settlement, move)
        except PackageError as error:
            raise UserError(connection._error_sentence(error)) from error


class AccountMove(models.Model):
    _inherit = "account.move"

    accountable_lost = fields.Text(
        compute="_compute_accountable_lost",
        string="Payments undone in Odoo",
        groups="accountable_connect.group_user",
    )

    @api.depends("payment_state", "state")
    @api.depends_context("lang", "uid")
    def _compute_accountable_lost(self):
        for move in self:
            lost = move._accountable_lost()
            move.accountable_lost = (
                "\n".join(
                    f"{one.settlement_amount}, {format_date(self.env, one.settlement_date)}:"
                    f" {one.settlement_sentence}"
                    for one in lost
                )
                or False
            )

    def _accountable_lost(self):
        """The settlements of this document that a person undid in Odoo."""
        shown = self.env["accountable.connection"]._shown_ids() if self._origin else ()
        # of connections the user sees; what became of an entry may be that of another branch
        bindings = self.env["accountable.binding"].sudo()
        documents = bindings.search(
            [
                ("connection_id", "in", shown),
                ("kind", "=", "document"),
                ("res_model", "=", "account.move"),
                ("res_id", "=", self._origin.id),
            ]
        )
        settlements = bindings.env["accountable.settlement"]
        for document in documents if shown else ():
            bindings |= settlements._bindings_of(document.connection_id, document.external_key)
        booked = bindings.filtered(lambda one: one.res_model in (ENTRY_LINE, MATCH))
        return booked.filtered("can_book_again").sorted("id").sudo(False)

    def action_accountable_book_again(self):
        """Book again what a person undid of the payments of this document."""
        self._check_accountable_user()
        return self._accountable_lost().action_book_again()
