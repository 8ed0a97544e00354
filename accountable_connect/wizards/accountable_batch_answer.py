"""Dialogues about a batch: what the receiver said of it, and why it goes again."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..models.sentence import in_language
from .accountable_decision import SHOW_AGAIN


class AccountableBatchDialogue(models.AbstractModel):
    _name = "accountable.batch.dialogue"
    _description = "Dialogue about a batch"
    _inherit = ["accountable.guard"]

    def _action(self, title):
        """A window action: this dialogue."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class AccountableBatchAnswer(models.TransientModel):
    """The button that opens it says which documents and which answer; a person gives the words."""

    _name = "accountable.batch.answer"
    _description = "What the receiver of a batch said"
    _inherit = ["accountable.batch.dialogue"]

    answer = fields.Selection(
        [("confirmed", "Confirmed"), ("refused", "Refused")], required=True, readonly=True
    )
    item_ids = fields.Many2many("accountable.batch.item", readonly=True, string="Documents")
    item_count = fields.Integer(compute="_compute_item_count", string="Number of documents")
    code_ids = fields.One2many("accountable.batch.answer.code", "answer_id", string="Codes")
    has_codes = fields.Boolean(compute="_compute_has_codes")
    code_id = fields.Many2one(
        "accountable.batch.answer.code",
        domain="[('answer_id', '=', id)]",
        help="The code with which the receiver's program refuses documents, where it says one.",
    )
    words = fields.Char(string="What the receiver said")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"words", "code_id"}

    def _compute_has_codes(self):
        for dialogue in self:
            dialogue.has_codes = bool(dialogue.code_ids)

    def _offer_codes(self):
        """The codes that their receiver may say, of documents of one connection."""
        connection = self.item_ids.connection_id
        if len(connection) == 1:
            self.env["accountable.batch.answer.code"].create(
                [
                    {
                        "answer_id": self.id,
                        "code": code,
                        "name": f"{code}: {in_language(self.env, meaning)}",
                    }
                    for code, meaning in connection._receiver_codes()
                ]
            )

    def _compute_item_count(self):
        for dialogue in self:
            dialogue.item_count = len(dialogue.item_ids)

    def action_store(self):
        """Store the answer; refused documents go back to the queue, and wait there for a person."""
        self._store()
        return SHOW_AGAIN

    def action_store_and_again(self):
        """They are refused, and correct in Odoo by now: they go into a new batch at once."""
        self._store().action_put_again()
        return SHOW_AGAIN

    def _store(self):
        """The documents that were answered, with the reader's rights."""
        self.ensure_one()
        items = self.item_ids
        items.batch_id._for_button()
        items.check_access("read")
        words = (self.words or "").strip()
        # one of this dialogue: its codes are those of the connection
        code = self.code_id.filtered(lambda one: one.answer_id == self).code or ""
        if self.answer == "refused" and not code and len(items.connection_id) == 1:
            # typed as it stands in the window of the receiver's program
            code, words = items.connection_id._code_of_words(words)
        if self.answer == "refused" and not words and not code:
            raise UserError(self.env._("Write what the receiver said: it stays with the document."))
        items.sudo()._answer(self.answer, words, code)  # nobody but the engine writes items
        return items


class AccountableBatchAnswerCode(models.TransientModel):
    """One of the codes to choose from."""

    _name = "accountable.batch.answer.code"
    _description = "Code with which a receiver refuses"
    _inherit = ["accountable.guard"]
    _order = "id"

    answer_id = fields.Many2one("accountable.batch.answer", required=True, ondelete="cascade")
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)


class AccountableBatchAgain(models.TransientModel):
    """The same bytes once more, with a reason."""

    _name = "accountable.batch.again"
    _description = "Hand a batch over again"
    _inherit = ["accountable.batch.dialogue"]

    batch_id = fields.Many2one(
        "accountable.batch", required=True, readonly=True, ondelete="cascade"
    )
    # With the user's own rights: what is shown is what this person may see.
    handed_over_at = fields.Datetime(related="batch_id.handed_over_at", related_sudo=False)
    item_count = fields.Integer(related="batch_id.item_count", related_sudo=False)
    reason = fields.Char()

    def _fields_of_people(self):
        return super()._fields_of_people() | {"reason"}

    def action_hand_over(self):
        """Hand it over again."""
        self.ensure_one()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Write why it goes again: the receiver has it already."))
        action = self.batch_id.action_hand_over_again(reason) or SHOW_AGAIN
        if action["type"] == "ir.actions.act_url":
            # the dialogue would stay open, and could fetch it a third time
            action["close"] = True
        return action
