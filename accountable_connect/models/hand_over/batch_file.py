"""The bytes of a batch, frozen."""

from odoo import fields, models


class AccountableBatchFile(models.Model):
    """A file of one document (``item_id``), or of the whole batch. Nobody writes it after it was
    made."""

    _name = "accountable.batch.file"
    _description = "File of a batch"
    _inherit = ["accountable.guard"]
    _order = "batch_id, sequence, id"

    batch_id = fields.Many2one("accountable.batch", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("accountable.batch.item", ondelete="cascade", index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    sequence = fields.Integer()
    name = fields.Char(required=True)
    media_type = fields.Char(required=True)
    size = fields.Integer()
    checksum = fields.Char(help="SHA-256 of the bytes.")
    content = fields.Binary(attachment=True)
