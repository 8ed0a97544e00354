from odoo import fields, models


class AccountableConnection(models.Model):
    """One Odoo company (its branches included) ↔ one administration.

    ::

        not_connected → connecting → configuration_needed ⇄ connected ⇄ paused
                                             │                 │
                                             └── reconnect ←───┘   (authorisation lost)
    """

    _name = "accountable.connection"
    _description = "Connection with an administration"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "company_id, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    sign_in_id = fields.Many2one("accountable.sign.in", required=True, ondelete="restrict", index=True)
    package = fields.Selection(related="sign_in_id.package", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id, index=True
    )
    administration_key = fields.Char(copy=False)
    administration_name = fields.Char(copy=False)
    state = fields.Selection(
        [
            ("not_connected", "Not connected"),
            ("connecting", "Connecting"),
            ("configuration_needed", "Configuration needed"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect"),
            ("paused", "Paused"),
        ],
        default="not_connected",
        required=True,
        copy=False,
        tracking=True,
    )
    step = fields.Selection(
        [
            ("checklist", "Checklist"),
            ("administration", "Administration"),
            ("journals", "Journals"),
            ("vat_codes", "VAT codes"),
            ("ledger_accounts", "Ledger accounts"),
            ("contacts", "Contacts"),
            ("start", "Start date"),
            ("summary", "Summary"),
            ("done", "Done"),
        ],
        default="checklist",
        required=True,
        copy=False,
    )
    # What goes, and when
    start_date = fields.Date(help="Documents with an earlier accounting date are never sent.")
    synchronisation = fields.Selection(
        [("automatic", "Automatic"), ("manual", "Manual")], default="automatic", required=True
    )
    moment = fields.Selection(
        [("posting", "At once, when a document is posted"), ("nightly", "Every night")],
        default="posting",
        required=True,
    )
    nightly_hour = fields.Integer(default=2)
    send_sales = fields.Boolean(default=True)
    send_sale_refunds = fields.Boolean(default=True)
    send_purchases = fields.Boolean(default=True)
    send_purchase_refunds = fields.Boolean(default=True)
    send_receipts = fields.Boolean(default=True)
    send_files = fields.Boolean(default=True)
    group_lines = fields.Boolean(default=True)
    late_bills_to_open_period = fields.Boolean(default=True)
    # What comes back
    settlements_back = fields.Boolean(default=True)
    bank_owner = fields.Selection(
        [("package", "The accounting package"), ("odoo", "Odoo")], default="package", required=True
    )
    peppol_receiver = fields.Selection(
        [("odoo", "Odoo"), ("package", "The accounting package")], default="odoo", required=True
    )
    settlement_journal_id = fields.Many2one("account.journal", check_company=True)
    opening_items_until = fields.Date()
    # Contacts
    contact_direction = fields.Selection(
        [("to_package", "Odoo → package"), ("from_package", "Package → Odoo")],
        default="to_package",
        required=True,
    )
    collective_private_party = fields.Boolean()
    collective_partner_id = fields.Many2one("res.partner")
    external_number_offset = fields.Integer()
    # Reading cursors and moments, written by the engine only
    settlement_cursor = fields.Char(copy=False)
    party_cursor = fields.Char(copy=False)
    settlements_read_at = fields.Datetime(copy=False)
    open_items_read_at = fields.Datetime(copy=False)
    master_data_read_at = fields.Datetime(copy=False)
    worked_at = fields.Datetime(copy=False)
    wait_until = fields.Datetime(copy=False)
    wait_reason = fields.Char(copy=False)
    calls = fields.Json(copy=False)

    master_data_ids = fields.One2many("accountable.master.data", "connection_id")
    mapping_ids = fields.One2many("accountable.mapping", "connection_id")
    job_ids = fields.One2many("accountable.job", "connection_id")
    run_ids = fields.One2many("accountable.run", "connection_id")

    def _compute_name(self):
        for connection in self:
            connection.name = connection.administration_name

    def _open_package(self):
        """The ``api.contract.Package`` of this connection, with its token store and call budget.

        A package addon overrides it: ``if self.package != "octopus": return super()._open_package()``.
        """
        raise NotImplementedError(self.package)
