"""The initial synchronisation: a form that guides, whose choices are kept at once.

::

    checklist → administration → journals → VAT codes → ledger accounts → contacts
                                                                             │
                       done ← (start) ← summary ← start date and past documents

Nothing is transient: a step is a value on the connection, a choice is a field, a mapping row or a
contact match. It can be left at any point, taken up again, and walked backwards.
"""

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..master_data.mapping import COUNTERPART_KINDS

STEPS = (
    "checklist",
    "administration",
    "journals",
    "vat_codes",
    "ledger_accounts",
    "contacts",
    "start",
    "summary",
    "done",
)
KINDS_BY_STEP = {
    "journals": ("journal",),
    "vat_codes": ("tax",),
    "ledger_accounts": ("account", "payment_term", "analytic_account"),
}
ICONS = {
    "good": ("fa-check-circle", "text-success"),
    "warning": ("fa-exclamation-triangle", "text-warning"),
    "missing": ("fa-times-circle", "text-danger"),
}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    checklist = fields.Html(compute="_compute_checklist", sanitize=False)
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    can_start = fields.Boolean(compute="_compute_summary")
    journal_mapping_ids = fields.One2many(
        "accountable.mapping", "connection_id", domain=[("kind", "=", "journal")]
    )
    open_tax_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[("kind", "=", "tax"), ("state", "!=", "confirmed")],
    )
    valid_tax_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[("kind", "=", "tax"), ("state", "=", "confirmed")],
    )
    open_account_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[
            ("kind", "in", ("account", "payment_term", "analytic_account")),
            ("state", "!=", "confirmed"),
        ],
    )
    valid_account_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[
            ("kind", "in", ("account", "payment_term", "analytic_account")),
            ("state", "=", "confirmed"),
        ],
    )
    valid_count = fields.Integer(compute="_compute_mapping_counts", string="Valid")
    invalid_count = fields.Integer(compute="_compute_mapping_counts", string="Invalid")
    ready_count = fields.Integer(compute="_compute_mapping_counts", string="Can be confirmed")

    def _fields_of_people(self):
        rows = {
            "journal_mapping_ids",
            "open_account_mapping_ids",
            "open_tax_mapping_ids",
            "valid_account_mapping_ids",
            "valid_tax_mapping_ids",
        }
        return super()._fields_of_people() | rows

    # Mapping

    @api.depends("step", "mapping_ids.state", "mapping_ids.enabled", "mapping_ids.master_data_id")
    def _compute_mapping_counts(self):
        for connection in self:
            kinds = KINDS_BY_STEP.get(connection.step, tuple(COUNTERPART_KINDS))
            rows = connection.mapping_ids.filtered(lambda row, kinds=kinds: row.kind in kinds)
            valid = rows.filtered(lambda row: row._is_valid())
            connection.valid_count = len(valid)
            connection.invalid_count = len((rows - valid).filtered(lambda row: row._holds_back()))
            connection.ready_count = len(
                (rows - valid).filtered(lambda row: row.state == "proposed" and row._is_answered())
            )

    def action_propose_mappings(self):
        """Add rows for what is new in Odoo and propose counterparts for what is not confirmed."""
        self.ensure_one()
        self.check_access("write")
        for kind, records, document_kind in self._mapping_sources():
            self._ensure_mapping_rows(kind, records, document_kind)
        self.sudo().mapping_ids.filtered(lambda row: row.state == "proposed")._propose()
        return True

    def action_update_records(self):
        """Read the master data again and look for counterparts: the button of each step."""
        self.ensure_one()
        notification = self.action_refresh_master_data()
        # Also when the package takes no more calls today: what was read before may fit what is new.
        self.action_propose_mappings()
        return notification

    def action_confirm_mappings(self):
        """Confirm every proposal of the step that has a counterpart."""
        self.ensure_one()
        kinds = KINDS_BY_STEP.get(self.step, tuple(COUNTERPART_KINDS))
        self.mapping_ids.filtered(
            lambda row: row.kind in kinds and row.state == "proposed" and row._is_answered()
        ).action_confirm()
        return True

    def action_mappings(self):
        """The rows of the step as a list in which many can be edited or confirmed at once."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_mapping_action"
        )
        kinds = KINDS_BY_STEP.get(self.step, tuple(COUNTERPART_KINDS))
        return {
            **action,
            "domain": [("connection_id", "=", self.id), ("kind", "in", kinds)],
            "context": {"search_default_invalid": 1, "search_default_group_kind": len(kinds) > 1},
        }

    # Steps

    def action_next_step(self):
        """Go to the next step and prepare it. It asks the package where the step needs that."""
        self.ensure_one()
        self.check_access("write")
        if self.step == "done":
            return True
        following = STEPS[min(STEPS.index(self.step) + 1, STEPS.index("summary"))]
        if not self._prepare_step(following):
            return True
        self.sudo().step = following
        return True

    def action_previous_step(self):
        self.ensure_one()
        self.check_access("write")
        if self.step != "done":
            self.sudo().step = STEPS[max(STEPS.index(self.step) - 1, 0)]
        return True

    def _prepare_step(self, step):
        """False when the step cannot be entered yet; ``problem`` says why."""
        if step == "administration":
            if not self.env["accountable.administration"].search_count(
                [("sign_in_id", "=", self.sign_in_id.id)], limit=1
            ):
                self.action_choose_administration()
            return not self.problem or self._is_over()
        if step == "journals":
            if not self.administration_key:
                self.sudo().problem = self.env._("Choose an administration first.")
                return False
            if self._books_are_doubted():
                self.sudo().problem = self.env._(
                    "Confirm first that these are the right books, or choose another"
                    " administration."
                )
                return False
            if not self.master_data_read_at:
                self.action_refresh_master_data()
            if self.problem and not self._is_over():
                return False
            self.action_propose_mappings()
            if self.state in ("not_connected", "connecting"):
                self.sudo().state = "configuration_needed"
        elif step == "contacts" and not self.contact_match_ids:
            self.action_match_contacts()
        elif step == "start" and not self.start_date:
            today = fields.Date.context_today(self)
            self.start_date = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return True

    def action_start(self):
        """Everything is chosen: connect, and put the past documents in the queue."""
        self.ensure_one()
        self.check_access("write")
        missing = [text for kind, text in self._summary_lines() if kind == "missing"]
        if missing:
            raise UserError("\n".join(missing))
        self._check_is_original()
        if self._needs_settlement_journal():
            self.action_create_settlement_journal()
        self._bind_matched_contacts()
        connection = self.sudo()
        self.env["accountable.identity"]._make_mark()
        connection.write({"state": "connected", "step": "done", **connection._identity_values()})
        connection._enqueue_documents(
            self.env["account.move"].sudo().search(connection._documents_to_export_domain())
        )
        connection._enqueue_unsent()
        connection._wake_lanes()
        return True

    # What people read

    @api.depends("sign_in_id.state", "company_id", "step", "peppol_receiver", "problem", "package")
    def _compute_checklist(self):
        for connection in self:
            lines = connection._checklist_lines() if connection.company_id else []
            connection.checklist = _as_list(lines)

    @api.depends("step", "start_date", "mapping_ids.state", "contact_match_ids.state", "state")
    def _compute_summary(self):
        for connection in self:
            lines = connection._summary_lines() if connection.step == "summary" else []
            connection.summary = _as_list(lines)
            connection.can_start = all(kind != "missing" for kind, text in lines)

    def _checklist_lines(self):
        """Pairs of a kind (good, warning, missing) and a sentence."""
        _ = self.env._
        company = self.company_id.sudo()
        capabilities = self._get_capabilities()
        lines = [self._sign_in_line()]
        chart = bool(company.root_id.chart_template)
        lines.append(
            ("good", _("%(company)s has a chart of accounts.", company=company.name))
            if chart
            else ("missing", _("%(company)s has no chart of accounts yet.", company=company.name))
        )
        lines.append(self._country_line(company, capabilities))
        lines.append(
            ("good", _("VAT number %(vat)s.", vat=company.vat))
            if company.vat
            else ("warning", _("%(company)s has no VAT number.", company=company.name))
        )
        if company.tax_calculation_rounding_method == "round_globally":
            lines.append(("good", _("VAT is rounded per document.")))
        else:
            lines.append(
                ("warning", _("VAT is rounded per line: a cent may differ from the package."))
            )
        lines += [
            ("warning", branch._accountable_left_out_sentence())
            for branch in company._accountable_branches_apart()
        ]
        lines += self._journal_lines()
        lines.append(self._peppol_line(company))
        if self.copy_state != "original":
            lines.append(("missing", _("This database is a copy: it sends nothing.")))
        return lines

    def _sign_in_line(self):
        """Package addons override it where signing in is not a matter of passwords."""
        lines = {
            "valid": ("good", self.env._("The sign-in works.")),
            "lost": (
                "missing",
                self.env._("The package refuses the sign-in: enter the password again."),
            ),
            "new": (
                "missing",
                self.env._("The sign-in has not worked yet: press “Test the sign-in”."),
            ),
        }
        return lines[self.sign_in_id.state or "new"]

    def _country_line(self, company, capabilities):
        country = company.account_fiscal_country_id
        if country.code in capabilities.vat_countries:
            return "good", self.env._("Fiscal country: %(country)s.", country=country.name)
        return "missing", self.env._(
            "The administration cannot book the VAT of %(country)s.", country=country.name or "?"
        )

    def _journal_lines(self):
        texts = {
            "sale": (self.env._("A sales journal."), self.env._("There is no sales journal.")),
            "purchase": (
                self.env._("A purchase journal."),
                self.env._("There is no purchase journal."),
            ),
        }
        for kind, (good, missing) in texts.items():
            yield ("good", good) if self.sudo()._used_journals(kind) else ("missing", missing)

    def _peppol_line(self, company):
        _ = self.env._
        registered = (
            "account_peppol_proxy_state" in company._fields
            and company.account_peppol_proxy_state == "receiver"
        )
        if self.peppol_receiver == "package" and registered:
            return "warning", _(
                "Odoo is registered to receive Peppol bills, and you say that the package does."
                " Only one of the two may."
            )
        if self.peppol_receiver == "package":
            return "good", _("The package receives Peppol bills; vendor bills of Odoo stay here.")
        return "good", _("Odoo receives Peppol bills; switch the inbox of the package off.")

    def _summary_lines(self):
        _ = self.env._
        lines = [line for line in self._checklist_lines() if line[0] != "good"]
        lines.append(self._administration_line())
        lines += self._mapping_lines()
        lines += self._contact_lines()
        if not self.start_date:
            lines.append(("missing", _("No start date is chosen.")))
        else:
            lines.append(
                (
                    "good",
                    _(
                        "From %(date)s: %(count)s past documents with a total of %(total)s.",
                        date=fields.Date.to_string(self.start_date),
                        count=self.past_document_count,
                        total=self.company_id.currency_id.format(self.past_document_total),
                    ),
                )
            )
        return lines + [("warning", text) for text in self._number_warnings()]

    def _mapping_lines(self):
        _ = self.env._
        labels = dict(
            self.env["accountable.mapping"]._fields["kind"]._description_selection(self.env)
        )
        journals = self.mapping_ids.filtered(lambda row: row.kind == "journal" and row._is_valid())
        if not any(row.enabled for row in journals):
            yield "missing", _("No journal is confirmed: nothing would be sent.")
        for kind, label in labels.items():
            rows = self.mapping_ids.filtered(lambda row, kind=kind: row.kind == kind)
            open_ = rows.filtered(lambda row: not row._is_valid())
            if open_:
                yield (
                    "warning",
                    _(
                        "%(kind)s: %(count)s of %(total)s are not confirmed; documents that use"
                        " them wait.",
                        kind=label,
                        count=len(open_),
                        total=len(rows),
                    ),
                )
            elif rows:
                yield "good", _("%(kind)s: all %(total)s confirmed.", kind=label, total=len(rows))


def _as_list(lines):
    """Sentences with an icon each, as HTML; the sentences are escaped."""
    items = [
        Markup('<li class="mb-1"><i class="fa fa-fw {} {} me-2" role="img"></i>{}</li>').format(
            *ICONS[kind], text
        )
        for kind, text in lines
    ]
    return Markup('<ul class="list-unstyled mb-0">{}</ul>').format(Markup("").join(items))
