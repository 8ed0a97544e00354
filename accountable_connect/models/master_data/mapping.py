"""The mapping of one Odoo record with its counterpart in an administration."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.translate import LazyTranslate

from ...api import proposals
from ...api.vat_families import expected_purchase_class
from ...const import DOCUMENT_KINDS
from ...documents import COST_AXES
from .tax_profile import VatAccounts, recoverable_share, tax_boxes, tax_profile

_lt = LazyTranslate(__name__)

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
REASONS = {
    proposals.SAME_CODE: _lt("Same code %(code)s"),
    proposals.SAME_CODE_PADDED: _lt("Same code but for closing zeros: %(code)s"),
    proposals.SIMILAR_NAME: _lt("Similar name: %(name)s"),
    proposals.SAME_GROUP: _lt("First account of the same group %(group)s"),
    proposals.ONLY_ONE: _lt("The only journal of this type: %(name)s"),
    proposals.SAME_DAYS: _lt("Same term: %(days)s days"),
    proposals.NO_CODE: _lt("A line without tax goes without a VAT code"),
}
REASON_SAME_PROPERTIES = _lt("Same rate %(rate)s %%, kind and class")
REASON_SEVERAL = _lt(
    "Same rate %(rate)s %%, kind and class; other codes that fit as well: %(others)s"
)


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
        help="It has no counterpart on purpose: the line goes without a VAT code, payment term or"
        " cost centre.",
    )
    recoverable_share = fields.Float(
        digits=(5, 2),
        compute="_compute_tax_facts",
        string="Deductible (%)",
        help="As the distribution of the tax says, for each document anew.",
    )
    boxes = fields.Char(
        compute="_compute_tax_facts",
        help="Boxes of the VAT return the tax writes in: base | VAT.",
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
    reason = fields.Char(readonly=True, help="Why this counterpart is proposed, or why it broke.")
    score = fields.Integer(readonly=True, help="How sure the proposal is, 0 to 100.")
    confirmed_meaning = fields.Char(readonly=True)
    source_name = fields.Char(
        compute="_compute_source_name", search="_search_source_name", string="In Odoo"
    )
    warning = fields.Char(compute="_compute_warning")
    note = fields.Char(compute="_compute_note", string="Remark")

    _unique_source = models.Constraint(
        "unique(connection_id, kind, source_key, document_kind)", "This is mapped already."
    )

    def _fields_of_people(self):
        chosen = {"enabled", "hold_later", "master_data_id", "without_code"}
        return super()._fields_of_people() | chosen

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
        plan = self.analytic_account_id.sudo().root_plan_id
        return self.connection_id._cost_kinds_of(plan)

    @api.depends("kind", *SOURCE_FIELDS.values())
    @api.depends_context("lang")
    def _compute_source_name(self):
        for row in self:
            row = row.with_company(row.company_id)
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
        accounts = {company: VatAccounts(company) for company in self.tax_id.sudo().company_id}
        for row in self:
            tax = row.tax_id.sudo()
            base, vat = tax_boxes(tax, row.document_kind) if tax else ("", "")
            row.boxes = f"{base} | {vat}" if vat else base
            share = recoverable_share(tax, row.document_kind, accounts.get(tax.company_id))
            row.recoverable_share = float(share)

    @api.depends("master_data_id", "account_id", "tax_id", "kind", "enabled")
    def _compute_warning(self):
        items = self.env["accountable.master.data"]
        decide = {
            connection: items._accounts_decide_boxes(connection)
            for connection in self.connection_id
        }
        for row in self:
            warning = False
            if row.master_data_id:
                warning = row.master_data_id._why_unusable() or row._find_warning(
                    decide[row.connection_id]
                )
            row.warning = warning

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
            if reason := row.master_data_id._why_unusable():
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
        if not all(row.enabled for row in rows):
            self.env.registry.clear_cache()  # what posting knows of the connection
        return rows

    def write(self, vals):
        """A counterpart that somebody chooses is thereby confirmed."""
        self.check_access("write")
        self._check_fields_of_people(vals)
        chosen = vals.get("master_data_id") or vals.get("without_code")
        if chosen and "state" not in vals:
            vals = {**vals, "state": "confirmed", "reason": False, "score": 0}
            if vals.get("master_data_id"):
                vals.setdefault("without_code", False)
            else:
                vals["master_data_id"] = False
        elif "master_data_id" in vals and not chosen and "state" not in vals:
            vals = {**vals, "state": "proposed", "reason": False, "score": 0}
        result = super(AccountableMapping, self.sudo()).write(vals)
        if "enabled" in vals:
            self.env.registry.clear_cache()  # what posting knows of the connection
        if vals.get("state") == "confirmed" or vals.get("enabled") is False:
            if vals.get("state") == "confirmed":
                self._keep_meaning()
            for connection, rows in self.grouped("connection_id").items():
                connection._cause_removed(rows)
                connection._settle_configuration_state()
        if vals.get("enabled"):
            self.connection_id._enqueue_unsent()
        return result

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
        ready.sudo().write({"state": "confirmed", "reason": False})
        return True

    def action_propose(self):
        """Look for counterparts of those that are not confirmed."""
        self.check_access("write")
        self.sudo().filtered(lambda row: row.state != "confirmed")._propose()
        return True

    # Proposals

    def _propose(self):
        """Fill in a counterpart with its reason where one can be told; confirmed rows stay."""
        for connection, rows in self.grouped("connection_id").items():
            by_kind = connection.sudo().master_data_ids.grouped("kind")
            items = {
                kind: [record._as_item() for record in records] for kind, records in by_kind.items()
            }
            for row in rows:
                best, by_code = None, {}
                for kind in row._counterpart_kinds():
                    proposal = row._find_proposal(items.get(kind, []))
                    if proposal and (best is None or proposal.score > best.score):
                        best = proposal
                        by_code = {record.code: record for record in by_kind.get(kind, ())}
                if row.master_data_id and row.master_data_id.kind not in row._counterpart_kinds():
                    row.write({"master_data_id": False, "state": "proposed"})
                row._store_proposal(best, by_code)

    def _find_proposal(self, items):
        self.ensure_one()
        row = self.with_company(self.company_id)
        if row.kind == "tax":
            if row.tax_id:
                return proposals.propose_vat_code(tax_profile(row.tax_id, row.document_kind), items)
            if row.connection_id._get_capabilities().line_without_vat_code:
                return proposals.Proposal(code="", reason=proposals.NO_CODE, score=90)
            return None
        source = row._as_source()
        if row.kind == "journal":
            return proposals.propose_journal(source, items)
        if row.kind == "account":
            return proposals.propose_ledger_account(source, items)
        if row.kind == "payment_term":
            return proposals.propose_payment_term(source, items)
        return proposals.propose_cost_centre(source, items)

    def _as_source(self):
        source = self[SOURCE_FIELDS[self.kind]]
        if self.kind == "journal":
            return proposals.Source(
                name=source.name,
                code=source.code or "",
                type=source.type,
                currency=(source.currency_id or source.company_id.currency_id).name,
                refund=self.document_kind.endswith("refund"),
            )
        if self.kind == "account":
            return proposals.Source(name=source.name, code=source.code or "")
        if self.kind == "payment_term":
            lines = source.line_ids
            single = lines if len(lines) == 1 else lines.browse()
            return proposals.Source(
                name=source.name,
                days=single.nb_days if single else None,
                end_of_month=bool(single) and single.delay_type == "days_after_end_of_month",
            )
        return proposals.Source(name=source.name, code=source.code or "")

    def _store_proposal(self, proposal, by_code):
        """``state`` is named, so that a proposal never counts as a person's choice."""
        if proposal is None:
            if self.state == "proposed":
                self.write({"state": "proposed", "reason": False, "score": 0})
            return
        self.write(
            {
                "master_data_id": by_code[proposal.code].id if proposal.code else False,
                "without_code": not proposal.code,
                "state": "proposed",
                "reason": self._reason_text(proposal),
                "score": proposal.score,
            }
        )

    def _reason_text(self, proposal):
        if proposal.reason == proposals.SAME_PROPERTIES:
            text = REASON_SEVERAL if proposal.values["others"] else REASON_SAME_PROPERTIES
        else:
            text = REASONS[proposal.reason]
        template = self.env._(text)
        return template % proposal.values

    # What is right and what is not

    def _is_answered(self):
        self.ensure_one()
        is_off = self.kind == "journal" and not self.enabled
        return bool(self.master_data_id or self.without_code or is_off)

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
            and not counterpart._why_unusable()
            and (not self.confirmed_meaning or counterpart._meaning() == self.confirmed_meaning)
        )

    def _broken_reason(self):
        if not self.master_data_id.active:
            return self.env._(
                "%(code)s is no longer in the administration.", code=self.master_data_id.code
            )
        if reason := self.master_data_id._why_unusable():
            return reason
        return self.env._(
            "%(code)s changed in the administration. Look whether it still fits.",
            code=self.master_data_id.code,
        )

    def _keep_meaning(self):
        for row in self:
            meaning = row.master_data_id._meaning() if row.master_data_id else False
            row.sudo().write({"confirmed_meaning": meaning})

    def _find_warning(self, accounts_decide):
        """Class of the VAT return and class of the account do not fit: the amount would land in
        another box, or in none.

        :param accounts_decide: whether the box of a purchase hangs on the ledger account
        """
        counterpart = self.master_data_id
        details = counterpart.details or {}
        if self.kind == "account":
            code = self.with_company(self.company_id).account_id.code
            source = expected_purchase_class(code)
            target = str(details.get("vat_box") or "")
            if source and not target and accounts_decide:
                return self.env._(
                    "Odoo counts it in box %(odoo_box)s, and in the package %(account)s has no box:"
                    " the amount would be missing from the VAT return. Set the box there, or choose"
                    " another account.",
                    odoo_box=source,
                    account=counterpart.display_name,
                )
            target = target or expected_purchase_class(counterpart.code)
        elif self.kind == "tax" and self.tax_id:
            profile = tax_profile(self.tax_id.sudo(), self.document_kind)
            source = profile.purchase_class
            target = str(
                proposals.code_family(counterpart._as_item(), profile.scope).purchase_class
            )
        else:
            return False
        if source and target and source != target:
            return self.env._(
                "Odoo counts it in box %(odoo_box)s, the package in box %(package_box)s.",
                odoo_box=source,
                package_box=target,
            )
        return False
