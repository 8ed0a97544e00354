from odoo import fields, models


class AccountableCheck(models.TransientModel):
    """What *Check before export* found of the chosen documents."""

    _name = "accountable.check"
    _description = "Check before export"
    _inherit = ["accountable.guard"]

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    alerts = fields.Json(readonly=True, help="What was found, with the way to where it is cured.")
    left_out = fields.Integer(readonly=True, help="How many more were found than are shown.")
    summary = fields.Char(readonly=True, help="How many documents are ready to be sent.")
