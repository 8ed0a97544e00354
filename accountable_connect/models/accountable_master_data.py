from odoo import fields, models

from ..const import MASTER_DATA_KINDS


class AccountableMasterData(models.Model):
    """Master data read from an administration; ``details`` as described in documents/master_data.py."""

    _name = "accountable.master.data"
    _description = "Master data of an administration"
    _order = "kind, code"
    _rec_names_search = ["code", "name"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(MASTER_DATA_KINDS, required=True)
    code = fields.Char(required=True)
    name = fields.Char()
    details = fields.Json()
    active = fields.Boolean(default=True)

    _unique_code = models.Constraint(
        "unique(connection_id, kind, code)", "This code exists already in the administration."
    )
