from odoo import fields, models


class AccountableNumberSeries(models.Model):
    """The last number we know of in a series of an administration with consecutive numbers."""

    _name = "accountable.number.series"
    _description = "Number series of an administration"
    _inherit = ["accountable.guard"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    key = fields.Char(required=True)
    last_number = fields.Integer(required=True)

    _unique_key = models.Constraint("unique(connection_id, key)", "This series exists already.")
