"""The mapping of one Odoo record with its counterpart in an administration."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...api.vat_families import normalise
from ...const import DOCUMENT_KINDS
from ...documents import COST_AXES
from ...documents.sentence import SentencesOf
from ..sentence import SentenceField, written_for
from .tax_profile import VatAccounts, recoverable_share, tax_boxes

_lt = SentencesOf(__name__)

SOURCE_FIELDS = {
    "journal": "journal_id",
    "tax": "tax_id",
    "account": "account_id",
    "payment_term": "payment_term_id",
    "analytic_account": "analytic_account_id",
}
SOURCE_MODELS = {
    "journal": "account.journal",
    "tax": "account.tax",
    "account": "account.account",
    "payment_term": "account.payment.term",
    "analytic_account": "account.analytic.account",
}
# Of an analytic account the kind is also the axis: its plan may feed cost centres or cost units.
COUNTERPART_KINDS = {
    "journal": ("journal",),
    "tax": ("vat_code",),
    "account": ("ledger_account",),
    "payment_term": ("payment_term",),
    "analytic_account": COST_AXES,
}
# What a proposal says of a row, where there is none.
NO_PROPOSAL = {"reason": False, "score": 0, "certain": False}


class AccountableMapping(models.Model):
    """An Odoo journal, tax, account … and its counterpart in an administration.

    ::

        proposed → confirmed ⇄ broken     (broken: the counterpart disappeared or changed)

    ``source_key`` names the Odoo side (``account.tax,12``; ``account.tax,0`` is *no tax*), so that
    the database can keep one row per source and kind. ``document_kind`` is "any" where it does not
    matter. A counterpart chosen by hand is confirmed by that choice; a proposed one needs a
    person's yes.
    """

    _name = "accountable.mapping"
    _description = "Mapping with an administration"
    _inherit = ["accountable.guard"]
    _order = "connection_id, kind, journal_id, tax_id, source_key, document_kind"

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
    source_key = fields.Char(
        required=True, compute="_compute_source_key", store=True, precompute=True, index=True
    )
    journal_id = fields.Many2one("account.journal", ondelete="cascade", index="btree_not_null")
    tax_id = fields.Many2one("account.tax", ondelete="cascade", index="btree_not_null")
    account_id = fields.Many2one("account.account", ondelete="cascade", index="btree_not_null")
    payment_term_id = fields.Many2one(
        "account.payment.term", ondelete="cascade", index="btree_not_null"
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account", ondelete="cascade", index="btree_not_null"
    )
    document_kind = fields.Selection(
        [("any", "Any"), *DOCUMENT_KINDS], default="any", required=True, string="For"
    )
    enabled = fields.Boolean(
        default=True, string="Send", help="Documents of a disabled journal are not sent."
    )
    counterpart_kind = fields.Char(compute="_compute_counterpart_kind")
    other_counterpart_kind = fields.Char(
        compute="_compute_counterpart_kind",
        help="Where two kinds may be the counterpart, the second one; else the same.",
    )
    master_data_id = fields.Many2one(
        "accountable.master.data", string="In the package", ondelete="restrict", index=True
    )
    without_code = fields.Boolean(
        string="No code",
        help="It has no counterpart on purpose: the line is sent without a VAT code, payment term "
        "or cost centre.",
    )
    recoverable_share = fields.Float(
        digits=(5, 2),
        compute="_compute_tax_facts",
        string="Deductible (%)",
        help="As the distribution of the tax says, read for each document.",
    )
    boxes = fields.Char(
        compute="_compute_tax_facts",
        help="Boxes of the VAT return the tax writes in: base | VAT.",
    )
    due_on_payment = fields.Boolean(compute="_compute_due_on_payment")
    declared_on_payment = fields.Boolean(
        string="Declared on payment",
        help="The tax is due on payment in Odoo. Tick it when the administration declares this VAT"
        " code on payment by itself; until then documents with this tax wait.",
    )
    declared_on_payment_by_id = fields.Many2one(
        "res.users", string="Confirmed by", readonly=True, copy=False
    )
    hold_later = fields.Boolean(
        string="Hold later ones",
        help="Numbers must equal Odoo's: a document that fails holds the later ones of its"
        " journal.",
    )
    state = fields.Selection(
        [("proposed", "To confirm"), ("confirmed", "Confirmed"), ("broken", "Broken")],
        default="proposed",
        required=True,
        readonly=True,
    )
    reason = SentenceField(readonly=True, help="Why this counterpart is proposed, or why it broke.")
    score = fields.Integer(readonly=True, help="How sure the proposal is, 0 to 100.")
    certain = fields.Boolean(readonly=True, help="The proposal needs no second look.")
    confirmed_meaning = fields.Char(readonly=True)
    template_key = fields.Char(
        compute="_compute_template_key",
        help="Which record of Odoo's chart an account or a tax was made from.",
    )
    source_name = fields.Char(
        compute="_compute_source_name", search="_search_source_name", string="In Odoo"
    )
    warning = fields.Char(compute="_compute_warning")
    note = fields.Char(compute="_compute_note", string="Remark")

    _unique_source = models.Constraint(
        "unique(connection_id, kind, source_key, document_kind)", "This is mapped already."
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {
            "declared_on_payment",
            "enabled",
            "hold_later",
            "master_data_id",
            "without_code",
        }

    def _fields_of_people_at_creation(self):
        source = {"connection_id", "kind", "document_kind", *SOURCE_FIELDS.values()}
        return super()._fields_of_people_at_creation() | source

    @api.depends("kind", *SOURCE_FIELDS.values())
    def _compute_source_key(self):
        for row in self:
            if row.kind:
                source = row[SOURCE_FIELDS[row.kind]]
                row.source_key = f"{SOURCE_MODELS[row.kind]},{source.id or 0}"

    @api.depends(
        "kind",
        "analytic_account_id",
        "connection_id.send_cost_centres",
        "connection_id.send_cost_units",
        "connection_id.cost_centre_plan_id",
        "connection_id.cost_unit_plan_id",
    )
    def _compute_counterpart_kind(self):
        for row in self:
            kinds = row._counterpart_kinds()
            row.counterpart_kind = kinds[0] if kinds else False
            row.other_counterpart_kind = kinds[-1] if kinds else False

    def _counterpart_kinds(self):
        """Kinds of master data that may be the counterpart of this row."""
        self.ensure_one()
        if self.kind != "analytic_account":
            return COUNTERPART_KINDS.get(self.kind, ())
        plan = self.analytic_account_id.sudo().root_plan_id  # analytic rights are others
        return self.connection_id._cost_kinds_of(plan)

    @api.depends("kind", *SOURCE_FIELDS.values())
    @api.depends_context("lang")
    def _compute_source_name(self):
        for row in self:
            row = row.with_company(row.company_id)
            # who maps need not be allowed to read each record
            source = row.kind and row[SOURCE_FIELDS[row.kind]].sudo()
            if row.kind == "tax" and not source:
                row.source_name = self.env._("No tax")
            elif row.kind == "account" and source:
                row.source_name = source._accountable_name(row.company_id)
            else:
                row.source_name = source.display_name if source else False

    @api.depends("source_name", "document_kind")
    def _compute_display_name(self):
        labels = dict(self._fields["document_kind"]._description_selection(self.env))
        for row in self:
            label = labels.get(row.document_kind) if row.document_kind != "any" else ""
            row.display_name = f"{row.source_name} ({label})" if label else row.source_name

    @api.depends("tax_id", "document_kind")
    def _compute_tax_facts(self):
        taxes = self.tax_id.sudo()  # who maps need not see the taxes
        accounts = {company: VatAccounts(company) for company in taxes.company_id}
        for row in self:
            tax = row.tax_id.sudo()
            base, vat = tax_boxes(tax, row.document_kind) if tax else ("", "")
            row.boxes = f"{base} | {vat}" if vat else base
            share = recoverable_share(tax, row.document_kind, accounts.get(tax.company_id))
            row.recoverable_share = float(share)

    @api.depends("tax_id.tax_exigibility")
    def _compute_due_on_payment(self):
        """Odoo declares nothing of such a tax before it is paid. What the administration does
        depends on its VAT code, and no package tells that."""
        for row in self:
            # who maps need not see the taxes
            row.due_on_payment = row.tax_id.sudo().tax_exigibility == "on_payment"

    @api.depends(
        "kind",
        "enabled",
        "account_id.account_type",
        "tax_id.tax_exigibility",
        "declared_on_payment",
        "master_data_id.code",
        "master_data_id.details",
    )
    def _compute_warning(self):
        items = self.env["accountable.master.data"]
        decide = {
            connection: items._accounts_decide_boxes(connection)
            for connection in self.connection_id
        }
        remarks = self.env["accountable.mapping.remark"]
        for row in self:
            row.warning = remarks._find(row, decide.get(row.connection_id, False)) or False

    @api.depends("reason", "warning")
    def _compute_note(self):
        for row in self:
            row.note = " – ".join(filter(None, (row.warning, row.reason))) or False

    @api.constrains("state", "master_data_id", "without_code", "enabled")
    def _check_confirmed(self):
        for row in self:
            if row.state == "confirmed" and not row._is_answered():
                raise ValidationError(
                    self.env._(
                        "%(name)s needs a counterpart before it can be confirmed.",
                        name=row.display_name,
                    )
                )

    @api.constrains("state", "master_data_id", "enabled")
    def _check_takes_lines(self):
        for row in self.filtered(lambda row: row.state == "confirmed" and row.master_data_id):
            if reason := row._why_unusable():
                raise ValidationError(
                    self.env._("%(name)s: %(reason)s", name=row.display_name, reason=reason)
                )

    @api.constrains("master_data_id", "kind", "connection_id")
    def _check_counterpart(self):
        for row in self.filtered("master_data_id"):
            counterpart = row.master_data_id
            if (
                counterpart.connection_id != row.connection_id
                or counterpart.kind not in COUNTERPART_KINDS[row.kind]
            ):
                raise ValidationError(
                    self.env._(
                        "%(counterpart)s cannot be the counterpart of %(name)s.",
                        counterpart=counterpart.display_name,
                        name=row.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.filtered(lambda row: row.state == "confirmed")._keep_meaning()
        rows.filtered("declared_on_payment")._keep_confirmer()
        if not all(row.enabled for row in rows):
            self.env.registry.clear_cache()  # what posting knows of the connection
        return rows

    def write(self, vals):
        self.check_access("write")
        self._check_fields_of_people(vals)
        if "declared_on_payment" not in vals and "master_data_id" in vals:
            self._forget_declared_on_payment(vals["master_data_id"])
        vals = self._with_state(vals)
        # what a person may write is checked above; the state that follows from it is ours
        result = super(AccountableMapping, self.sudo()).write(vals)
        if "enabled" in vals:
            self.env.registry.clear_cache()  # what posting knows of the connection
        if vals.get("state") == "confirmed":
            self._keep_meaning()
        if "declared_on_payment" in vals:
            self._keep_confirmer()
        settled = vals.get("state") == "confirmed" or vals.get("enabled") is False
        if settled or vals.get("declared_on_payment"):
            for connection, rows in self.grouped("connection_id").items():
                connection._cause_removed(rows)
                if settled:
                    connection._settle_configuration_state()
        if vals.get("enabled"):
            self.env["accountable.enqueueing"]._enqueue_unsent(self.connection_id)
        return result

    def _with_state(self, vals):
        """The values with the state that follows: a counterpart that somebody chooses is thereby
        confirmed."""
        if "state" in vals:
            return vals
        if vals.get("master_data_id"):
            return {
                "without_code": False,
                **vals,
                "state": "confirmed",
                **NO_PROPOSAL,
            }
        if vals.get("without_code"):
            return {
                **vals,
                "master_data_id": False,
                "state": "confirmed",
                **NO_PROPOSAL,
            }
        if "master_data_id" in vals:
            return {**vals, "state": "proposed", **NO_PROPOSAL}
        return vals

    def _forget_declared_on_payment(self, counterpart_id):
        """Another VAT code is another question: what was said of the one before does not hold."""
        changed = self.filtered(
            lambda row: row.declared_on_payment and row.master_data_id.id != counterpart_id
        )
        changed.sudo().write({"declared_on_payment": False})  # it follows from the choice

    def _keep_confirmer(self):
        """Who confirmed, which nobody else may say."""
        for row in self.sudo():
            row.declared_on_payment_by_id = row.declared_on_payment and self.env.uid

    # Buttons

    def action_confirm(self):
        """Confirm these rows; those without counterpart are left as they are."""
        self.check_access("write")
        ready = self.filtered(
            lambda row: (
                row.state == "proposed"
                and row._is_answered()
                or row.state == "broken"
                and row.master_data_id.active
            )
        )
        # A form stores what was chosen before it presses the button, which confirms it already.
        if not ready and not all(row._is_valid() for row in self):
            raise UserError(
                self.env._("Choose a counterpart first: none of these can be confirmed as it is.")
            )
        # people choose a counterpart, the state follows
        ready.sudo().write({"state": "confirmed", "reason": False})
        return True

    def action_propose(self):
        """Look for counterparts of those that are not confirmed."""
        self.check_access("write")
        # a proposal writes what people may not
        rows = self.sudo().filtered(lambda row: row.state != "confirmed")
        self.env["accountable.proposal"]._propose(rows)
        return True

    # The Odoo side

    def _search_source_name(self, operator, value):
        """By the beginning of the name as it is shown (of an account: its number), or by words of
        the rest; of an account no digits within its number."""
        if operator != "ilike" or not isinstance(value, str):
            return NotImplemented
        typed = normalise(value)
        found = self.search([]).filtered(lambda row: row._is_named(typed))
        return [("id", "in", found.ids)]

    def _is_named(self, typed):
        name = normalise(self.source_name)
        if name.startswith(typed):
            return True
        words = name.partition(" ")[2] if self.kind == "account" else name
        return all(word in words for word in typed.split())

    def _foreign_position(self):
        """A fiscal position with a foreign VAT number, where no other brings the tax of this row
        onto documents; else none."""
        # who maps need not see the fiscal positions
        positions = self.tax_id.sudo().fiscal_position_ids
        foreign = positions.filtered(
            lambda position: position._accountable_is_foreign(self.company_id)
        )
        return foreign[:1] if foreign == positions else foreign[:0]

    # What is right and what is not

    def _is_answered(self):
        self.ensure_one()
        is_off = self.kind == "journal" and not self.enabled
        return bool(self.master_data_id or self.without_code or is_off)

    def _is_valid(self):
        """Confirmed, or a journal that is switched off on purpose."""
        self.ensure_one()
        return self.state == "confirmed" or (self.kind == "journal" and not self.enabled)

    def _holds_back(self):
        """Whether a document may wait for this row. A payment term without a counterpart keeps
        nothing back: the document carries its due date."""
        self.ensure_one()
        return self.kind != "payment_term" or self.state == "broken" or bool(self.master_data_id)

    def _counterpart_fits(self):
        """The counterpart is there and stands for what it stood for when it was confirmed."""
        self.ensure_one()
        counterpart = self.master_data_id
        return (
            counterpart.active
            and not self._why_unusable()
            and (not self.confirmed_meaning or counterpart._meaning() == self.confirmed_meaning)
        )

    def _broken_reason(self):
        code = self.master_data_id.code
        if not self.master_data_id.active and self.master_data_id.origin == "typed":
            return _lt(
                "%(code)s was taken out of its list. Choose another one, or add it.", code=code
            )
        if not self.master_data_id.active:
            return _lt("%(code)s is no longer in the administration.", code=code)
        return self._why_unusable() or _lt(
            "%(code)s changed in the administration. Check whether it still fits.", code=code
        )

    @api.model
    def _check_counterparts(self, connection):
        """Break the mappings of a connection whose counterpart is gone or means something else;
        mend those whose counterpart is back as it was when a person confirmed it.

        :return: how many broke
        """
        rows = connection.sudo().mapping_ids  # the engine's fields
        broken, mended = [], []
        for row in rows.filtered("master_data_id"):
            fits = row._counterpart_fits()
            if row.state == "confirmed" and not fits:
                broken.append(row)
            elif row.state == "broken" and fits:
                mended.append(row)
            elif row.state == "proposed" and (not row.master_data_id.active or row._why_unusable()):
                row.write({"master_data_id": False, **NO_PROPOSAL})
        for row in broken:
            row.write({"state": "broken", "reason": row._broken_reason(), "certain": False})
        # Writing "confirmed" tells the engine that what waited for them may go.
        rows.browse().union(*mended).write({"state": "confirmed", "reason": False})
        if broken:
            names = ", ".join(sorted({row.source_name for row in broken})[:10])
            # whoever reads the master data need not be allowed to post there
            text = _lt(
                "%(count)s mappings are broken because their counterpart disappeared or changed"
                " in the administration: %(names)s. Their documents wait.",
                count=len(broken),
                names=names,
            )
            company = connection.company_id.partner_id
            connection.sudo().message_post(body=written_for(company, text))
        connection._settle_configuration_state()
        return len(broken)

    def _keep_meaning(self):
        # many rows, few meanings: most ledger accounts have none
        for meaning, rows in self.grouped(
            lambda row: row.master_data_id._meaning() if row.master_data_id else False
        ).items():
            rows.sudo().write({"confirmed_meaning": meaning})  # the engine's field
