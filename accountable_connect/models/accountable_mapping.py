from odoo import fields, models

from ..const import DOCUMENT_KINDS


class AccountableMapping(models.Model):
    """An Odoo journal, tax, account … and its counterpart in an administration.

    ::

        proposed → confirmed ⇄ broken     (broken: the counterpart disappeared or changed)

    ``source_key`` names the Odoo side (``account.tax,12``; ``account.tax,0`` is *no tax*), so that the
    database can keep one row per source and kind. ``document_kind`` is "any" where it does not matter.
    """

    _name = "accountable.mapping"
    _description = "Mapping with an administration"
    _order = "connection_id, kind, source_key, document_kind"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("journal", "Journal"),
            ("tax", "Tax"),
            ("account", "Account"),
            ("payment_term", "Payment term"),
            ("analytic_account", "Analytic account"),
        ],
        required=True,
    )
    source_key = fields.Char(required=True)
    journal_id = fields.Many2one("account.journal", ondelete="cascade")
    tax_id = fields.Many2one("account.tax", ondelete="cascade")
    account_id = fields.Many2one("account.account", ondelete="cascade")
    payment_term_id = fields.Many2one("account.payment.term", ondelete="cascade")
    analytic_account_id = fields.Many2one("account.analytic.account", ondelete="cascade")
    document_kind = fields.Selection(
        [("any", "Any"), *DOCUMENT_KINDS], default="any", required=True
    )
    enabled = fields.Boolean(default=True, help="Documents of a disabled journal are not sent.")
    master_data_id = fields.Many2one("accountable.master.data", ondelete="restrict")
    without_code = fields.Boolean(help="The line goes without a VAT code.")
    recoverable_share = fields.Float(digits=(5, 2), default=100.0)
    hold_later = fields.Boolean(
        help="Numbers must equal Odoo's: a document that fails holds the later ones of its journal."
    )
    state = fields.Selection(
        [("proposed", "Proposed"), ("confirmed", "Confirmed"), ("broken", "Broken")],
        default="proposed",
        required=True,
    )
    reason = fields.Char()

    _unique_source = models.Constraint(
        "unique(connection_id, kind, source_key, document_kind)", "This is mapped already."
    )
