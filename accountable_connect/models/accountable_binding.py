from odoo import fields, models


class AccountableBinding(models.Model):
    """The lasting link of an Odoo record with its counterpart in an administration.

    ``kind`` is document, party, file or settlement. ``external_key`` is the package's key, ``number``
    what a bookkeeper calls it. ``fingerprint`` is of what we last sent, ``version`` of what the
    administration held afterwards: a booking that has another version was changed by a person.
    """

    _name = "accountable.binding"
    _description = "Link with an administration"
    _order = "id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("document", "Document"),
            ("party", "Party"),
            ("file", "File"),
            ("settlement", "Settlement"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    external_key = fields.Char(required=True)
    number = fields.Char()
    fingerprint = fields.Char()
    version = fields.Char()
    sent_at = fields.Datetime()
    adopted = fields.Boolean(help="It was in the administration already.")
    details = fields.Json()

    _unique_record = models.Constraint(
        "unique(connection_id, kind, res_model, res_id)", "This record is linked already."
    )
    _unique_external = models.Constraint(
        "unique(connection_id, kind, external_key)", "This counterpart is linked already."
    )
    _record_idx = models.Index("(res_model, res_id)")
