from odoo import fields, models

from ..models.sentence import SentenceField

# Closes the dialogue, and reads the screen below again.
SHOW_AGAIN = {"type": "ir.actions.client", "tag": "soft_reload"}


class AccountableDecision(models.TransientModel):
    """A document of Odoo beside what the administration holds already, for a person to decide."""

    _name = "accountable.decision"
    _description = "Decide about a duplicate"
    _inherit = ["accountable.guard"]

    job_id = fields.Many2one("accountable.job", required=True, ondelete="cascade", readonly=True)
    # With the user's own rights: whoever may make a dialogue may name any item in it.
    name = fields.Char(related="job_id.name", related_sudo=False)
    partner_name = fields.Char(related="job_id.partner_name", related_sudo=False)
    document_date = fields.Date(related="job_id.document_date", related_sudo=False)
    currency_id = fields.Many2one(related="job_id.currency_id", related_sudo=False)
    amount_total = fields.Monetary(related="job_id.amount_total", related_sudo=False)
    message = SentenceField(related="job_id.message", related_sudo=False)
    can_remove = fields.Boolean(related="job_id.can_remove", related_sudo=False)
    question = fields.Selection(related="job_id.question", related_sudo=False)
    lines = fields.Char(readonly=True, string="Accounts")
    candidate_ids = fields.One2many("accountable.decision.candidate", "decision_id", readonly=True)

    def action_book_anyway(self):
        """None of them: send Odoo's version, whatever is there."""
        self.job_id.action_book_anyway()
        return SHOW_AGAIN

    def action_skip(self):
        """Nothing is to be sent."""
        self.job_id.action_skip()
        return SHOW_AGAIN


class AccountableDecisionCandidate(models.TransientModel):
    _name = "accountable.decision.candidate"
    _description = "What the administration holds already"
    _inherit = ["accountable.guard"]

    decision_id = fields.Many2one("accountable.decision", required=True, ondelete="cascade")
    key = fields.Char(required=True, readonly=True)
    number = fields.Char(readonly=True)
    date = fields.Char(readonly=True)
    partner = fields.Char(readonly=True)
    reference = fields.Char(readonly=True)
    text = fields.Char(readonly=True)
    total = fields.Char(string="Amount", readonly=True)
    lines = fields.Char(string="Accounts", readonly=True)

    def action_remove(self):
        """This one is too many: the queue removes it."""
        self.decision_id.job_id.action_remove(self.key)
        return SHOW_AGAIN

    def action_adopt(self):
        """It is this one: link the document with it, send nothing."""
        self.decision_id.job_id.action_adopt(key=self.key)
        return SHOW_AGAIN
