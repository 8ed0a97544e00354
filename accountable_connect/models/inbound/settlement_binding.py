"""The link of a settlement: what it is, what is still to do for it, and what became of it in Odoo,
where a person may have undone what was booked for it."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...documents.settlement import (
    OTHER,
    PAYMENT,
    SET_OFF,
    TRANSFER,
    WRITE_OFF,
    settlement_from_values,
)

# Where a settlement went: the line of an entry, a match of two documents, a message for people.
ENTRY_LINE, MATCH, MESSAGE = "account.move.line", "account.partial.reconcile", "mail.message"
# What a later reading has still to do: book, or undo, what could not be before.
BOOK, UNDO = "book", "undo"
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
    """``details`` of a settlement's link hold the ``settlement`` as it was read last, and where
    they apply ``matches`` (ids of what was matched for it), ``known`` (Odoo matched it by itself),
    ``booked`` (how much, where that is less than was paid), ``reason`` (why it is not booked) and
    ``instead`` (the settlement as it is now, repeated once this one is undone)."""

    _inherit = "accountable.binding"

    settlement_kind = fields.Selection(KINDS, string="What it is")
    settlement_to_do = fields.Selection(
        [(BOOK, "Waits"), (UNDO, "To be undone")], index="btree_not_null"
    )
    settlement_date = fields.Date(
        compute="_compute_settlement", string="Date in the administration"
    )
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

    # Payments that are not booked, or not whole
    _not_whole_idx = models.Index(
        "(connection_id) WHERE kind = 'settlement' AND settlement_to_do IS NULL"
        f" AND (res_model = '{MESSAGE}' OR details ? 'booked')"
    )
    # Entries that may have been undone in Odoo
    _entry_line_idx = models.Index(
        "(res_id, id) WHERE kind = 'settlement' AND settlement_to_do IS NULL"
        f" AND res_model = '{ENTRY_LINE}'"
    )

    @api.depends_context("lang", "uid")
    def _compute_settlement(self):
        for binding in self:
            # what its document and its entry are is shown to whoever may read the link
            one = binding.sudo()
            settlement = one._settlement()
            model = one.env["accountable.settlement"]
            move = settlement and model._bound_document(one.connection_id, settlement.document_key)
            state = settlement and one._find_settlement_state(move)
            binding.settlement_date = settlement and settlement.date
            binding.settlement_amount = settlement and model._amount_text(settlement)
            binding.settlement_text = settlement and settlement.text
            binding.settled_move_id = move or False
            binding.settlement_entry_id = settlement and one._settlement_line().move_id
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

    def _settlement(self):
        """The ``Settlement`` it is the link of, as it was read last, or None."""
        values = self.kind == "settlement" and (self.details or {}).get("settlement")
        return settlement_from_values(values) if values else None

    def _settlement_line(self):
        """The line that was booked for it, empty when there is none."""
        lines = self.env[ENTRY_LINE]
        return lines.browse(self.res_id).exists() if self.res_model == ENTRY_LINE else lines

    def _find_settlement_state(self, move):
        """One of ``STATES``.

        :param move: the document it settles, empty when it was deleted
        """
        if self.settlement_to_do:
            return "waiting" if self.settlement_to_do == BOOK else "to_undo"
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
        settlement, model = self._settlement(), self.env["accountable.settlement"]
        return all(
            model._posted_document(self.connection_id, key)
            for key in (settlement.document_key, settlement.counterpart_key)
        )

    def _settlement_sentence(self, state, move):
        """What became of it, in words, and what can be done."""
        entry = self._settlement_line().move_id
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
        # a link names its record by id only: the ORM joins nothing to it; the JSON is asked of
        # those that were undone, not of all settlements
        return Domain(
            "id",
            "in",
            SQL(
                """
                (WITH undone AS MATERIALIZED (
                     SELECT b.id FROM accountable_binding b
                       LEFT JOIN account_move_line l ON l.id = b.res_id
                      WHERE b.kind = 'settlement' AND b.res_model = %s
                        AND b.settlement_to_do IS NULL
                        AND (l.id IS NULL OR l.parent_state != 'posted'
                             OR l.move_id IN (SELECT r.reversed_entry_id FROM account_move r
                                               WHERE r.reversed_entry_id IS NOT NULL
                                                 AND r.state = 'posted'))
                 )
                 SELECT undone.id FROM undone
                  CROSS JOIN LATERAL (
                        SELECT 1 FROM accountable_binding b
                          JOIN accountable_binding d ON d.connection_id = b.connection_id
                           AND d.kind = 'document' AND d.res_model = 'account.move'
                           AND d.external_key = b.details #>> '{settlement,document_key}'
                          JOIN account_move m ON m.id = d.res_id
                         WHERE b.id = undone.id LIMIT 1) AS document)
                """,
                ENTRY_LINE,
            ),
        )
