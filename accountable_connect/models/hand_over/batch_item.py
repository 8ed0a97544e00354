"""One document of a batch, as it was when it entered."""

from odoo import fields, models

from ...const import DOCUMENT_KINDS
from ..sentence import SentenceField

# States in which a document stands in its batch: it is in no other one then.
STANDING = ("in_batch", "confirmed")


class AccountableBatchItem(models.Model):
    """``operation`` is ``document``, or ``reverse``: the opposite of an entry that went before."""

    _name = "accountable.batch.item"
    _description = "Document of a batch"
    _inherit = ["accountable.guard"]
    _order = "batch_id desc, id"

    batch_id = fields.Many2one("accountable.batch", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(related="batch_id.connection_id", store=True, index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    operation = fields.Char(required=True, default="document")
    name = fields.Char(required=True, help="What the document is called in Odoo.")
    journal = fields.Char(help="Code of its journal in Odoo.")
    document_kind = fields.Selection(DOCUMENT_KINDS)
    partner_name = fields.Char()
    document_date = fields.Date()
    accounting_date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    amount_total = fields.Monetary(help="Signed relative to the kind of document.")
    vat_totals = fields.Json(help="Base and VAT per code, amounts as text.")
    content = fields.Json(
        groups="accountable_connect.group_manager",
        help="The neutral document as it was, where entries go.",
    )
    fingerprint = fields.Char(help="Tells whether the document changed since.")
    state = fields.Selection(
        [
            ("in_batch", "In the batch"),
            ("taken_out", "Taken out"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
        ],
        default="in_batch",
        required=True,
    )
    message = SentenceField(help="What the receiver said of it.")
    file_ids = fields.One2many("accountable.batch.file", "item_id")

    _one_standing = models.UniqueIndex(
        "(connection_id, res_model, res_id, operation) WHERE state IN ('in_batch', 'confirmed')"
    )
    _record_idx = models.Index("(res_model, res_id)")
