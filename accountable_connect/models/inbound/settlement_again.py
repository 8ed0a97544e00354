"""What became of a settlement in Odoo: a person may have undone there what was read from the
administration, and has it booked again."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ...api.errors import PackageError
from ...documents.settlement import OTHER, PAYMENT, SET_OFF, TRANSFER, WRITE_OFF
from .settlement import ENTRY_LINE, FAILED, MATCH, TO_UNDO, settlement_from_values

KINDS = [
    (PAYMENT, "Payment"),
    (SET_OFF, "Set off"),
    (WRITE_OFF, "Written off"),
    (TRANSFER, "Moved to another account"),
    (OTHER, "Settled in another way"),
]
STATES = [
    ("booked", "Booked"),
    ("matched", "Matched"),
    ("noted", "Noted, not booked"),
    ("waiting", "Waits"),
    ("to_undo", "To be undone"),
    ("reversed", "Reversed in Odoo"),
    ("draft", "Reset to draft in Odoo"),
    ("cancelled", "Cancelled in Odoo"),
    ("deleted", "Deleted in Odoo"),
    ("opened", "Match undone in Odoo"),
]
LOST = ("reversed", "draft", "cancelled", "deleted", "opened")


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    settlement_kind = fields.Selection(KINDS, compute="_compute_settlement", string="What it is")
    settlement_date = fields.Date(compute="_compute_settlement", string="Date over there")
    settlement_amount = fields.Char(compute="_compute_settlement", string="Amount")
    settlement_text = fields.Char(compute="_compute_settlement", string="Text")
    settled_move_id = fields.Many2one(
        "account.move", compute="_compute_settlement", string="Document"
    )
    settlement_entry_id = fields.Many2one(
        "account.move", compute="_compute_settlement", string="Entry in Odoo"
    )
    settlement_state = fields.Selection(
        STATES, compute="_compute_settlement", string="What became of it"
    )
    settlement_sentence = fields.Char(compute="_compute_settlement", string="In Odoo")
    can_book_again = fields.Boolean(
        compute="_compute_settlement", search="_search_can_book_again", string="Undone in Odoo"
    )

    @api.depends_context("lang", "uid")
    def _compute_settlement(self):
        for binding in self:
            one = binding.sudo()
            values = one.kind == "settlement" and (one.details or {}).get("settlement")
            settlement = settlement_from_values(values) if values else None
            move = settlement and one.connection_id._bound_document(settlement.document_key)
            state = settlement and one._find_settlement_state(settlement, move)
            binding.settlement_kind = settlement and settlement.kind
            binding.settlement_date = settlement and settlement.date
            binding.settlement_amount = settlement and one.connection_id._amount_text(settlement)
            binding.settlement_text = settlement and settlement.text
            binding.settled_move_id = move or False
            binding.settlement_entry_id = settlement and one._settlement_entry()
            binding.settlement_state = state
            binding.settlement_sentence = state and one._settlement_sentence(state, move)
            binding.can_book_again = state in LOST and bool(move)

    @api.depends("kind", "settlement_amount")
    def _compute_display_name(self):
        settlements = self.filtered(lambda binding: binding.kind == "settlement")
        for binding in settlements:
            parts = (binding.settled_move_id.name, binding.settlement_amount)
            binding.display_name = " – ".join(part for part in parts if part)
        return super(AccountableBinding, self - settlements)._compute_display_name()

    def _settlement_line(self):
        """The line that was booked for it, empty when there is none."""
        lines = self.env[ENTRY_LINE]
        return lines.browse(self.res_id).exists() if self.res_model == ENTRY_LINE else lines

    def _settlement_entry(self):
        return self._settlement_line().move_id

    def _find_settlement_state(self, settlement, move):
        """One of ``STATES``.

        :param move: the document it settles, empty when it was deleted
        """
        if self.number in (FAILED, TO_UNDO):
            return "waiting" if self.number == FAILED else "to_undo"
        if self.res_model == MATCH:
            matches = (self.details or {}).get("matches") or [self.res_id]
            found = self.env[MATCH].browse(matches).exists()
            return "matched" if len(found) == len(matches) or not self._are_posted() else "opened"
        if self.res_model != ENTRY_LINE:
            return "noted"
        line = self._settlement_line()
        if not line:
            return "deleted"
        if line.parent_state != "posted":
            return "draft" if line.parent_state == "draft" else "cancelled"
        if any(one.state == "posted" for one in line.move_id.reversal_move_ids):
            return "reversed"
        partials = line.matched_debit_ids | line.matched_credit_ids
        settled = (partials.debit_move_id | partials.credit_move_id).move_id
        return "booked" if move in settled or move.state != "posted" else "opened"

    def _settlement_stands(self):
        """Whether the entry that was booked for it still stands."""
        line = self._settlement_line()
        reversals = line.move_id.reversal_move_ids
        return line.parent_state == "posted" and "posted" not in reversals.mapped("state")

    def _are_posted(self):
        """Whether both documents of a match are posted: one in draft is matched once it is posted
        again."""
        values, connection = self.details["settlement"], self.connection_id
        documents = [
            connection._settled_document(values[name])
            for name in ("document_key", "counterpart_key")
        ]
        return all(documents)

    def _settlement_sentence(self, state, move):
        """What became of it, in words, and what can be done."""
        entry = self._settlement_entry()
        values = {"entry": entry.name or "", "document": move.name or ""}
        sentences = {
            "reversed": self.env._("Its entry %(entry)s was reversed in Odoo.", **values),
            "draft": self.env._("Its entry %(entry)s was reset to draft in Odoo.", **values),
            "cancelled": self.env._("Its entry %(entry)s was cancelled in Odoo.", **values),
            "deleted": self.env._("Its entry was deleted in Odoo."),
            "opened": self.env._("Its match with %(document)s was undone in Odoo.", **values),
            "waiting": self.env._("It could not be booked yet, and is tried again."),
            "to_undo": self.env._(
                "It was undone in the administration and could not be undone in Odoo yet; it is"
                " tried again."
            ),
        }
        if state not in sentences:
            return False
        if state not in LOST:
            return sentences[state]
        if not move:
            more = self.env._("The document it settled was deleted in Odoo, too.")
        elif state == "opened":
            more = self.env._(
                "The administration still has it: the next synchronisation matches it again, or"
                " press “Book it again”."
            )
        else:
            more = self.env._(
                "The administration still has it: press “Book it again”, or undo it there."
            )
        return f"{sentences[state]} {more}"

    def _search_can_book_again(self, operator, value):
        """Those whose entry does not stand any more; a match that was undone is repeated by
        itself."""
        if operator != "in" or set(value) != {True}:
            return NotImplemented
        return Domain(
            "id",
            "in",
            SQL(
                """
                (SELECT b.id FROM accountable_binding b
                   JOIN accountable_binding d ON d.connection_id = b.connection_id
                    AND d.kind = 'document' AND d.res_model = 'account.move'
                    AND d.external_key = b.details #>> '{settlement,document_key}'
                   JOIN account_move m ON m.id = d.res_id
                   LEFT JOIN account_move_line l ON l.id = b.res_id
                  WHERE b.kind = 'settlement' AND b.res_model = %s AND b.number NOT IN %s
                    AND (l.id IS NULL OR l.parent_state != 'posted'
                         OR EXISTS (SELECT 1 FROM account_move r
                                     WHERE r.reversed_entry_id = l.move_id AND r.state = 'posted')))
                """,
                ENTRY_LINE,
                (FAILED, TO_UNDO),
            ),
        )

    def action_book_again(self):
        """Book, or match, again what was undone in Odoo. Whoever presses twice books once."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            raise AccessError(self.env._("Only users of the accounting packages can do this."))
        self.check_access("read")
        lost = self.sudo().exists().filtered("can_book_again")
        if not lost:
            raise UserError(
                self.env._("There is nothing to book again: see what became of it in Odoo.")
            )
        for binding in lost:
            connection = binding.connection_id.with_company(binding.company_id)
            connection._book_again(binding)
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


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    lost_count = fields.Integer(compute="_compute_lost_count", string="Payments undone in Odoo")

    def _compute_lost_count(self):
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

    def _book_again(self, binding):
        """Raises UserError in words when it cannot be booked."""
        settlement = settlement_from_values(binding.details["settlement"])
        move = self._settled_document(settlement.document_key)
        if not move:
            raise UserError(
                self.env._(
                    "%(document)s is not posted: post it first.",
                    document=binding.settled_move_id.display_name,
                )
            )
        state, line = binding.settlement_state, binding._settlement_line()
        if state == "opened" and line:
            self._match_line_again(move, line)
            return
        if state == "draft":
            line.move_id.button_cancel()
        binding.unlink()
        try:
            self._apply_settlement(settlement, move)
        except PackageError as error:
            raise UserError(self._error_sentence(error)) from error

    def _match_line_again(self, move, line):
        open_lines = self._open_lines(move).filtered(lambda one: one.account_id == line.account_id)
        if line.reconciled or not open_lines:
            raise UserError(
                self.env._(
                    "%(entry)s or %(document)s is matched with something else by now. Undo that"
                    " match first.",
                    entry=line.move_id.name,
                    document=move.name,
                )
            )
        (line + open_lines).reconcile()


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
        bindings = self.env["accountable.binding"]
        shown = self.env["accountable.connection"]._shown_ids() if self._origin else ()
        if not shown:
            return bindings
        self.env["accountable.binding"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT s.id FROM accountable_binding d
                  JOIN accountable_binding s ON s.connection_id = d.connection_id
                   AND s.kind = 'settlement'
                   AND s.details #>> '{settlement,document_key}' = d.external_key
                 WHERE d.kind = 'document' AND d.res_model = 'account.move' AND d.res_id = %s
                   AND s.res_model IN %s AND d.connection_id = ANY(%s)
                 ORDER BY s.id
                """,
                self._origin.id,
                (ENTRY_LINE, MATCH),
                list(shown),
            )
        )
        found = bindings.sudo().browse([id_ for [id_] in rows])
        return found.filtered("can_book_again").sudo(False)

    def action_accountable_book_again(self):
        """Book again what a person undid of the payments of this document."""
        self._check_accountable_user()
        return self._accountable_lost().action_book_again()
