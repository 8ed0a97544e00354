from odoo import fields, models

from ..const import DOCUMENT_KINDS, ERROR_KINDS


class AccountableJob(models.Model):
    """One item of the synchronisation queue.

    ::

        posted → pending → sending → done
                     ↑        │  └→ unknown ──(looked up in the administration)──→ done | pending
                     │        └→ failed (error_kind decides: next try, who acts, which button)
                     └── retry, cause removed, changed document          skipped: a person said so

    No foreign key to the record, so that deleting a document never waits for the queue; what people
    read in the list is copied when the job is made.
    """

    _name = "accountable.job"
    _description = "Synchronisation queue item"
    _order = "id"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one("res.company", required=True)
    package = fields.Selection(related="connection_id.package", store=True)
    operation = fields.Selection(
        [
            ("document", "Book the document"),
            ("reverse", "Book the opposite document"),
            ("party", "Update the contact"),
            ("file", "Attach the file"),
        ],
        required=True,
    )
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    # Copied for the list
    name = fields.Char(required=True)
    partner_name = fields.Char()
    document_kind = fields.Selection(DOCUMENT_KINDS)
    document_date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    amount_total = fields.Monetary()

    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("sending", "Sending"),
            ("unknown", "Outcome unknown"),
            ("failed", "Failed"),
            ("done", "Done"),
            ("skipped", "Skipped"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    error_kind = fields.Selection(ERROR_KINDS)
    error_code = fields.Char()
    message = fields.Char(help="What is wrong, in words a bookkeeper understands.")
    technical = fields.Text(groups="accountable_connect.group_manager")
    cause_model = fields.Char()
    cause_id = fields.Many2oneReference(model_field="cause_model")
    candidates = fields.Json(help="What is there already, for a person to decide.")
    attempts = fields.Integer()
    next_try = fields.Datetime(index=True)
    # What is being sent, stored before the call
    series = fields.Char()
    number = fields.Integer()
    fingerprint = fields.Char()
    party_key = fields.Char()
    sent_at = fields.Datetime()
    ended_at = fields.Datetime()

    _one_waiting = models.UniqueIndex(
        "(connection_id, res_model, res_id, operation) WHERE state IN ('pending', 'failed')"
    )
    _due_idx = models.Index("(connection_id, next_try, id) WHERE state = 'pending'")
    _open_idx = models.Index("(connection_id, state) WHERE state IN ('sending', 'unknown', 'failed')")
