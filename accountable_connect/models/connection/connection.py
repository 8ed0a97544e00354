"""The connection of a company with its administration: settings, state, what it can do."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...api.contract import Capabilities
from ...api.errors import ConfigurationMissingError, PackageError
from ...documents import COST_AXES, COST_CENTRE, COST_UNIT
from ..sentence import SentenceField

# What a person chooses. Where the connection belongs stays once an administration is chosen.
PLACE = {"company_id", "sign_in_id"}
SETTINGS = PLACE | {
    "active",
    "administration_id",
    "bank_owner",
    "collective_partner_id",
    "collective_private_party",
    "contact_direction",
    "cost_centre_plan_id",
    "cost_unit_plan_id",
    "external_number_offset",
    "group_lines",
    "late_bills_to_open_period",
    "moment",
    "nightly_hour",
    "opening_items_until",
    "peppol_receiver",
    "send_cost_centres",
    "send_cost_units",
    "send_files",
    "send_purchase_refunds",
    "send_purchases",
    "send_receipts",
    "send_sale_refunds",
    "send_sales",
    "settlement_journal_id",
    "settlements_back",
    "start_date",
    "synchronisation",
}
# States in which it works: with a broken mapping the documents that do not need it go on.
IN_USE = ("connected", "configuration_needed")


class AccountableConnection(models.Model):
    """One Odoo company (its branches included) ↔ one administration.

    ::

        not_connected → connecting → configuration_needed ⇄ connected ⇄ paused
                                             │                 │
                                             └── reconnect ←───┘   (authorisation lost)
    """

    _name = "accountable.connection"
    _description = "Connection with an administration"
    _inherit = ["accountable.guard", "mail.thread", "mail.activity.mixin"]
    _order = "company_id, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True)
    active = fields.Boolean(default=True)
    sign_in_id = fields.Many2one(
        "accountable.sign.in", required=True, ondelete="restrict", index=True, string="Sign-in"
    )
    package = fields.Selection(
        related="sign_in_id.package", store=True, string="Accounting package"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company._accountable_company(),
        index=True,
    )
    administration_key = fields.Char(copy=False, readonly=True)
    administration_name = fields.Char(copy=False, readonly=True, string="Administration")
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
        readonly=True,
    )
    step = fields.Selection(
        [
            ("checklist", "Checklist"),
            ("administration", "Administration"),
            ("journals", "Journals"),
            ("vat_codes", "VAT codes"),
            ("ledger_accounts", "Ledger accounts"),
            ("contacts", "Contacts"),
            ("hand_over", "Hand-over"),
            ("start", "Start date"),
            ("summary", "Summary"),
            ("done", "Done"),
        ],
        default="checklist",
        required=True,
        readonly=True,
        copy=False,
    )
    rest_waits = fields.Boolean(
        readonly=True,
        copy=False,
        help="Documents went one by one from the last step; the others wait until a person sends "
        "the rest.",
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
    nightly_hour = fields.Integer(default=2, help="Hour of the night, 0 to 23, Belgian time.")
    send_sales = fields.Boolean(default=True, string="Customer invoices")
    send_sale_refunds = fields.Boolean(default=True, string="Customer credit notes")
    send_purchases = fields.Boolean(default=True, string="Vendor bills")
    send_purchase_refunds = fields.Boolean(default=True, string="Vendor credit notes")
    send_receipts = fields.Boolean(default=True, string="Receipts")
    send_files = fields.Boolean(
        default=True, string="Files", help="The PDF and the e-invoice go with the document."
    )
    group_lines = fields.Boolean(
        default=True,
        help="Lines with the same account, VAT code and cost centres become one line.",
    )
    late_bills_to_open_period = fields.Boolean(
        default=True,
        string="Late bills to the first open period",
        help="A vendor bill of a closed period is booked in the first open one, with its own date.",
    )
    # Cost centres and cost units
    send_cost_centres = fields.Boolean(
        default=True, string="Cost centres", help="Analytic accounts go as cost centres."
    )
    send_cost_units = fields.Boolean(
        default=True, string="Cost units", help="Analytic accounts go as cost units."
    )
    cost_centre_plan_id = fields.Many2one(
        "account.analytic.plan",
        domain=[("parent_id", "=", False)],
        string="Plan of the cost centres",
        help="Only accounts of this analytic plan become cost centres; empty: those of every plan.",
    )
    cost_unit_plan_id = fields.Many2one(
        "account.analytic.plan",
        domain=[("parent_id", "=", False)],
        string="Plan of the cost units",
        help="Only accounts of this analytic plan become cost units; empty: those of every plan.",
    )
    cost_centre_axes = fields.Integer(compute="_compute_cost_centre_axes")
    # What comes back
    settlements_back = fields.Boolean(
        default=True,
        string="Payments come back",
        help="What the administration matched is reconciled in Odoo.",
    )
    bank_owner = fields.Selection(
        [("package", "The accounting package"), ("odoo", "Odoo")],
        default="package",
        required=True,
        string="Who books the bank",
        help="Only one of the two: what Odoo has already is not booked a second time.",
    )
    peppol_receiver = fields.Selection(
        [("odoo", "Odoo"), ("package", "The accounting package")],
        default="odoo",
        required=True,
        string="Who receives Peppol bills",
        help="An enterprise number is registered with one receiver only. When the package receives"
        " the bills, those that came as e-invoices are not sent; others go.",
    )
    settlement_journal_id = fields.Many2one(
        "account.journal", check_company=True, domain=[("type", "=", "general")]
    )
    opening_items_until = fields.Date(
        help="Documents up to this date are in the administration as opening items: they are "
        "never sent, and their payments come back too."
    )
    # Contacts
    contact_direction = fields.Selection(
        [("to_package", "Odoo → package"), ("from_package", "Package → Odoo")],
        default="to_package",
        required=True,
        string="Contacts go",
    )
    collective_private_party = fields.Boolean(
        string="One party for private customers",
        help="Private customers without VAT number are booked on one collective party.",
    )
    collective_partner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        string="Collective party",
        help="Receipts without a contact are booked on it, and private customers where you say so.",
    )
    external_number_offset = fields.Integer(
        help="Added to the number of a contact in Odoo, where another program numbers in the same"
        " administration."
    )
    # Reading cursors and moments, written by the engine only
    settlement_cursor = fields.Char(copy=False, readonly=True)
    party_cursor = fields.Char(copy=False, readonly=True)
    settlements_read_at = fields.Datetime(copy=False, readonly=True)
    open_items_read_at = fields.Datetime(copy=False, readonly=True)
    master_data_read_at = fields.Datetime(copy=False, readonly=True)
    hinted_at = fields.Datetime(
        copy=False, readonly=True, help="When the package last reported a change."
    )
    worked_at = fields.Datetime(copy=False, readonly=True)
    requested_by_id = fields.Many2one(
        "res.users", copy=False, readonly=True, help="Who pressed Synchronise now."
    )
    wait_until = fields.Datetime(copy=False, readonly=True)
    wait_reason = SentenceField(copy=False, readonly=True)
    calls = fields.Json(copy=False, readonly=True, groups="base.group_system")
    problem = SentenceField(
        copy=False, readonly=True, help="Why the last question to the package had no answer."
    )
    problem_until = fields.Datetime(
        copy=False, readonly=True, help="From then on the package answers again."
    )

    master_data_ids = fields.One2many("accountable.master.data", "connection_id")
    mapping_ids = fields.One2many("accountable.mapping", "connection_id")
    sign_in_state = fields.Selection(related="sign_in_id.state", string="Signed in")

    _one_per_company = models.UniqueIndex(
        "(company_id, package) WHERE active IS TRUE",
        "This company has a connection with this package already.",
    )
    _one_per_administration = models.UniqueIndex(
        "(package, administration_key) WHERE active IS TRUE AND administration_key IS NOT NULL",
        "This administration is connected with another company already.",
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | SETTINGS

    def _has_begun(self):
        """Whether documents went, or may go: it keeps its administration."""
        return self.step == "done" or self.rest_waits

    @api.depends("company_id.name", "package", "administration_name")
    def _compute_name(self):
        labels = dict(self._fields["package"]._description_selection(self.env))
        for connection in self:
            company = connection.company_id.name or ""
            package = labels.get(connection.package, "")
            administration = connection.administration_name
            if not administration or administration == company:
                connection.name = " ↔ ".join(filter(None, (company, package)))
            else:
                connection.name = f"{company} ↔ {administration} ({package})"

    @api.depends("package", "master_data_read_at")
    def _compute_cost_centre_axes(self):
        for connection in self:
            axes = connection._get_capabilities().cost_centre_axes if connection.package else 0
            connection.cost_centre_axes = axes

    def _cost_kinds(self):
        """The axes of ``COST_AXES`` the package has and the connection sends, in their order."""
        self.ensure_one()
        wanted = {COST_CENTRE: self.send_cost_centres, COST_UNIT: self.send_cost_units}
        axes = COST_AXES[: self._get_capabilities().cost_centre_axes]
        return tuple(kind for kind in axes if wanted[kind])

    def _cost_kinds_of(self, plan):
        """What an analytic account of this plan may stand for: the axis the plan was chosen for,
        else every axis no plan was chosen for."""
        plans = {COST_CENTRE: self.cost_centre_plan_id, COST_UNIT: self.cost_unit_plan_id}
        kinds = self._cost_kinds()
        chosen = tuple(kind for kind in kinds if plan and plans[kind] == plan)
        return chosen or tuple(kind for kind in kinds if not plans[kind])

    @api.constrains("company_id")
    def _check_root_company(self):
        for connection in self:
            company = connection.company_id.sudo()  # its root may be none of the user's
            if company.parent_id and not company._accountable_has_own_number():
                raise ValidationError(
                    self.env._(
                        "%(company)s is a branch without a VAT number of its own: its documents go"
                        " with the connection of %(root)s.",
                        company=company.name,
                        root=company.parent_id._accountable_company().name,
                    )
                )

    def write(self, vals):
        self._check_place_stays(vals)
        if "problem" in vals:
            vals = {"problem_until": False, **vals}
        stopped = self.filtered(lambda connection: connection.state == "reconnect")
        result = super().write(vals)
        if vals.get("state", "reconnect") != "reconnect" or not vals.get("active", True):
            stopped._end_activities()
        if PLACE & vals.keys():
            # nobody puts a connection out of their own reach
            self.check_access("write")
        return result

    def _check_place_stays(self, vals):
        """Raises UserError when a person moves a connection that has its administration: what was
        sent is linked by keys of that one, and another company's documents would go there."""
        if self.env.su:
            return
        for connection in self.filtered("administration_key"):
            if any(vals[name] != connection[name].id for name in PLACE & vals.keys()):
                raise UserError(
                    self.env._(
                        "%(connection)s has an administration and keeps its company and its "
                        "sign-in. Archive it and create another connection.",
                        connection=connection.name,
                    )
                )

    @api.constrains("company_id", "sign_in_id")
    def _check_sign_in_company(self):
        for connection in self:
            allowed = connection.sign_in_id.sudo().company_ids  # those of others count too
            if allowed and connection.company_id not in allowed:
                raise ValidationError(
                    self.env._(
                        "The sign-in may not be used for %(company)s.",
                        company=connection.company_id.name,
                    )
                )

    @api.constrains("nightly_hour")
    def _check_nightly_hour(self):
        for connection in self:
            if not 0 <= connection.nightly_hour <= 23:
                raise ValidationError(self.env._("The hour of the night is between 0 and 23."))

    @api.ondelete(at_uninstall=False)
    def _unlink_only_unused(self):
        # what was sent counts whoever asks
        links, jobs = self.env["accountable.binding"].sudo(), self.env["accountable.job"].sudo()
        for connection in self:
            if links.search_count([("connection_id", "=", connection.id)], limit=1):
                raise UserError(
                    self.env._(
                        "Documents were sent with %(connection)s: archive it instead.",
                        connection=connection.name,
                    )
                )
            jobs._unsettled_of(connection)._check_nothing_arrives()

    def unlink(self):
        # Mappings keep their counterpart from being deleted, so they go first; with the connection,
        # whatever rights the user has on them.
        self.sudo().mapping_ids.unlink()
        return super().unlink()

    # Overridden by package addons

    def _open_package(self):
        """The ``api.contract.Package`` of this connection, with its token store and call budget.

        A package addon overrides it and calls super for other packages than its own.
        """
        raise NotImplementedError(self.package)

    def _get_capabilities(self):
        """The :class:`Capabilities` of the package, without any call. Package addons override
        it."""
        self.ensure_one()
        return Capabilities()

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Messages name documents: a branch that sees the connection of its root reads none. Asked
        for any connection, so the company is read as superuser."""
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        return {
            connection: operation if connection.sudo().company_id in self.env.companies else "write"
            for connection, operation in operations.items()
        }

    def _get_token_store(self):
        """The ``TokenStore`` a package's client gets; a sign-in that is being tried has its own.
        Raises UserError as ``_check_tokens``."""
        self.ensure_one()
        tried = self.env.context.get("accountable_tokens")
        if hasattr(tried, "lock"):  # what a request brings in its context is no store
            return tried
        sign_in = self.sudo().sign_in_id  # tokens are the system group's
        sign_in._check_tokens()
        return sign_in._get_token_store()

    # Hooks of the set-up

    def _cause_removed(self, cause, accepted=False):
        """A mapping was confirmed or mended: what waited for it may go. The engine overrides it."""

    def _check_may_send(self):
        """Raises ConfigurationMissingError in a neutralised or copied database, while nobody said
        whether a copy works, and when the company did not agree with where the sign-in leads."""
        self._check_is_no_copy()
        if not self._has_agreed():
            raise ConfigurationMissingError("The sign-in was changed", code="sign_in_changed")

    def _ask_package(self, question):
        """The result of ``question(package)``, or None with the reason in ``problem``.

        Only for questions: a button's request may be replayed, so nothing here may book anything.
        """
        self.ensure_one()
        self.check_access("write")
        connection = self.sudo()  # secrets are read, and fields of the engine written
        try:
            connection._check_may_send()
            with connection._open_package() as package:
                result = question(package)
        except PackageError as error:
            connection.problem = connection._error_sentence(error)
            connection.problem_until = getattr(error, "not_before", None)
            connection.sign_in_id._learn_from(error)
            connection.sign_in_id._forget_loss()
            return None
        if connection.problem:  # else a lane that works meanwhile would collide with it for nothing
            connection.write({"problem": False, "problem_until": False})
        connection.sign_in_id._set_state("valid")
        return result
