"""From when documents go, which past ones there are, and how payments come back."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import DOCUMENT_KINDS, KIND_BY_MOVE_TYPE

# Waiting accounts of the Belgian and of other charts; the next free code is taken.
CLEARING_CODE_BE = "499900"
CLEARING_CODE = "199900"


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    past_document_count = fields.Integer(compute="_compute_past_documents", string="Past documents")
    past_document_total = fields.Monetary(
        compute="_compute_past_documents", currency_field="currency_id", string="Their total"
    )
    past_documents = fields.Json(
        compute="_compute_past_documents", help="Count and total for each kind of document."
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    settlement_journal_remark = fields.Char(compute="_compute_settlement_journal_remark")

    @api.depends(
        "start_date",
        "step",
        "opening_items_until",
        "send_sales",
        "send_sale_refunds",
        "send_purchases",
        "send_purchase_refunds",
        "send_receipts",
        "peppol_receiver",
    )
    def _compute_past_documents(self):
        for connection in self:
            groups = {}
            if connection.step in ("start", "summary") and connection.start_date:
                groups = connection._past_document_groups()
            connection.past_document_count = sum(count for count, total in groups.values())
            connection.past_document_total = sum(total for count, total in groups.values())
            connection.past_documents = [
                {"kind": kind, "count": groups[kind][0], "total": groups[kind][1]}
                for kind, label in DOCUMENT_KINDS
                if kind in groups
            ]

    def _past_document_groups(self):
        """``{kind: (count, total)}`` of what would go at the start; credit notes count negative."""
        domain = self.env["accountable.sending.plan"]._domain_to_export(self.sudo())
        rows = (
            self.env["account.move"]
            .sudo()
            ._read_group(domain, ["move_type"], ["__count", "amount_total_signed:sum"])
        )
        groups = {}
        for move_type, count, total in rows:
            kind = KIND_BY_MOVE_TYPE[move_type]
            sign = -1 if kind.startswith("purchase") else 1
            known_count, known_total = groups.get(kind, (0, 0.0))
            groups[kind] = (known_count + count, known_total + sign * total)
        return groups

    def action_past_documents(self):
        """The documents that would go at the start."""
        self.ensure_one()
        self.check_access("read")
        domain = self.env["accountable.sending.plan"]._domain_to_export(self.sudo())
        documents = self.env["account.move"].search(domain)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents that go at the start"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", documents.ids)],
            "context": {"create": False},
        }

    # Payments that come back

    def _needs_settlement_journal(self):
        return (
            self.settlements_back
            and self.bank_owner == "package"
            and self._get_capabilities().settlements
            and not self.settlement_journal_id
        )

    def action_create_settlement_journal(self):
        """A journal of its own with a clearing account, on which payments of the package are
        booked."""
        self.ensure_one()
        self.check_access("write")
        if self.settlement_journal_id:
            raise UserError(self.env._("There is a journal for payments already."))
        company = self.company_id
        accounts = self.env["account.account"].with_company(company)
        is_belgian = company.account_fiscal_country_id.code == "BE"
        account = accounts.create(
            {
                "name": self.env._("Payments in the accounting package"),
                "code": accounts._search_new_account_code(
                    CLEARING_CODE_BE if is_belgian else CLEARING_CODE, cache=set()
                ),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [(6, 0, company.root_id.ids)],
            }
        )
        self.settlement_journal_id = self.env["account.journal"].create(
            {
                "name": self.env._("Payments in the accounting package"),
                "code": self._free_journal_code(),
                "type": "general",
                "company_id": company.id,
                "default_account_id": account.id,
                "show_on_dashboard": False,
            }
        )
        return True

    @api.depends(
        "settlement_journal_id.default_account_id.account_type",
        "settlement_journal_id.default_account_id.reconcile",
    )
    @api.depends_context("lang")
    def _compute_settlement_journal_remark(self):
        """Payments pass through the account: money never stays on it, and is no cost or revenue."""
        for connection in self:
            account = connection.settlement_journal_id.sudo().default_account_id
            passes = account.internal_group in ("asset", "liability") and account.reconcile
            connection.settlement_journal_remark = (
                self.env._(
                    "%(account)s is no clearing account: payments of the package are booked on it"
                    " and reconciled. Choose a journal whose account is a current asset or"
                    " liability that allows reconciliation.",
                    account=account._accountable_name(connection.company_id),
                )
                if account and not passes
                else False
            )

    def _free_journal_code(self):
        codes = set(
            self.env["account.journal"]
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", self.company_id.id)])
            .mapped("code")
        )
        return next(code for number in range(1, 1000) if (code := f"PAP{number}"[:5]) not in codes)

    # Numbers

    def _number_warnings(self):
        """Sentences about journals whose numbers do not run equal with Odoo's.

        Where a package wants consecutive numbers, its number of a sales document is the booking
        number: it equals Odoo's only while both next numbers are the same.
        """
        if not self._get_capabilities().consecutive_numbers:
            return []
        rows = self.mapping_ids.filtered(
            lambda row: (
                row.kind == "journal"
                and row.enabled
                and row.master_data_id
                and row.document_kind.startswith("sale")
            )
        )
        warnings = []
        for counterpart, sharing in rows.grouped("master_data_id").items():
            sequences = {row._odoo_sequence() for row in sharing}
            if len(sequences) > 1:
                warnings.append(
                    self.env._(
                        "%(journal)s takes the documents of %(count)s number sequences of Odoo: the"
                        " numbers cannot be equal.",
                        journal=counterpart.display_name,
                        count=len(sequences),
                    )
                )
            else:
                warnings += [note for row in sharing[:1] if (note := row._number_note())]
        return warnings


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def _odoo_sequence(self):
        """What tells number sequences apart: the journal, and credit notes when they have their
        own."""
        is_refund = self.document_kind.endswith("refund")
        return self.journal_id.id, is_refund and self.journal_id.refund_sequence

    def _number_note(self):
        """A sentence when the next number of both sides differs, or "". Needs no call: the last
        number stands in the master data."""
        self.ensure_one()
        last = (self.master_data_id.details or {}).get("last_number")
        if last is None:
            return ""
        in_package, in_odoo = int(last) + 1, self._next_odoo_number()
        if in_package == in_odoo:
            return ""
        return self.env._(
            "%(journal)s: the next number is %(in_package)s in the package and %(in_odoo)s in"
            " Odoo.",
            journal=self.display_name,
            in_package=in_package,
            in_odoo=in_odoo,
        )

    def _next_odoo_number(self):
        """The number of the first document that has still to go, else of the next one."""
        connection = self.connection_id.sudo()
        own_sequence = self.journal_id.refund_sequence
        domain = [("journal_id", "=", self.journal_id.id), ("state", "=", "posted")]
        if own_sequence:
            types = {
                move_type
                for move_type, kind in KIND_BY_MOVE_TYPE.items()
                if kind == self.document_kind
            }
            domain.append(("move_type", "in", list(types)))
        moves = self.env["account.move"].sudo()
        first = moves.search(
            list(self.env["accountable.sending.plan"]._domain_to_export(connection)) + domain,
            order="sequence_number",
            limit=1,
        )
        if first:
            return first.sequence_number
        year = fields.Date.context_today(self).replace(month=1, day=1)
        last = moves.search([*domain, ("date", ">=", year)], order="sequence_number desc", limit=1)
        return (last.sequence_number or 0) + 1
