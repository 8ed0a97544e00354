"""What of Odoo a connection has to map, and the rows for it."""

import psycopg2
from odoo import models

from ...api.vat_families import normalise
from .mapping import SOURCE_FIELDS, SOURCE_MODELS

SALE_KINDS = ("sale", "sale_refund")
PURCHASE_KINDS = ("purchase", "purchase_refund")
KINDS_BY_USE = {"sale": SALE_KINDS, "purchase": PURCHASE_KINDS}
MOVE_TYPES = (
    "out_invoice",
    "out_refund",
    "out_receipt",
    "in_invoice",
    "in_refund",
    "in_receipt",
)
# Lines that become lines of a document; VAT and the party's own line do not.
LINE_TYPES = (
    "product",
    "rounding",
    "epd",
    "discount",
    "non_deductible_product",
    "non_deductible_product_total",
    "non_deductible_tax",
)
# Accounts of a company that Odoo fills in by itself on documents.
COMPANY_ACCOUNTS = (
    "account_journal_early_pay_discount_gain_account_id",
    "account_journal_early_pay_discount_loss_account_id",
    "account_discount_income_allocation_id",
    "account_discount_expense_allocation_id",
    "income_account_id",
    "expense_account_id",
)


COST_PLANS = {"cost_centre_plan_id", "cost_unit_plan_id"}


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def _is_valid(self):
        """Confirmed, or a journal that is switched off on purpose."""
        self.ensure_one()
        return self.state == "confirmed" or (self.kind == "journal" and not self.enabled)

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


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _ensure_mapping_rows(self, kind, records, document_kind="any"):
        """The rows of these Odoo records; those that are missing are added with a proposal.

        The precheck calls it for what it meets on a document, so a mapping that is missing can be
        opened and cured.

        :param str kind: kind of mapping (``"tax"``)
        :param records: journals, taxes …; an empty set of taxes stands for *no tax*
        :param str document_kind: a kind of document or ``"any"``
        :return: rows of ``accountable.mapping`` (sudo)
        """
        self.ensure_one()
        mappings = self.env["accountable.mapping"].sudo()
        ids = records.ids or [0]
        keys = {f"{SOURCE_MODELS[kind]},{id_}": id_ for id_ in ids}
        rows = mappings.search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", kind),
                ("document_kind", "=", document_kind),
                ("source_key", "in", list(keys)),
            ]
        )
        missing = [id_ for key, id_ in keys.items() if key not in set(rows.mapped("source_key"))]
        if not missing or (kind != "tax" and not records):
            return rows
        values = [
            {
                "connection_id": self.id,
                "kind": kind,
                SOURCE_FIELDS[kind]: id_ or False,
                "document_kind": document_kind,
            }
            for id_ in missing
        ]
        try:
            with self.env.cr.savepoint():
                added = mappings.create(values)
        except psycopg2.errors.UniqueViolation:
            # Somebody else adds them at this moment; they can be seen in the next transaction.
            return rows
        added._propose()
        return rows | added

    def _mapping_sources(self):
        """Triples (kind, records, document kind) of everything this company can put on a
        document."""
        self.ensure_one()
        connection = self.sudo().with_company(self.company_id)
        for use, document_kinds in KINDS_BY_USE.items():
            journals = connection._used_journals(use)
            taxes = connection._used_taxes(use)
            for document_kind in document_kinds:
                yield "journal", journals, document_kind
                yield "tax", taxes, document_kind
                yield "tax", taxes.browse(), document_kind
        yield "account", connection._used_accounts(), "any"
        kinds = set(connection.master_data_ids.mapped("kind"))
        if "payment_term" in kinds:
            yield "payment_term", connection._used_payment_terms(), "any"
        if kinds & set(connection._cost_kinds()):
            yield "analytic_account", connection._used_analytic_accounts(), "any"

    def _companies_of_records(self):
        """The companies whose journals, taxes and the like stand on documents of this connection:
        those it serves, and those above a branch, which shares theirs."""
        company = self.company_id.sudo()
        return company._accountable_branches() | company.parent_ids

    def _used_journals(self, use):
        return self.env["account.journal"].search(
            [("company_id", "in", self._companies_of_records().ids), ("type", "=", use)]
        )

    def _used_taxes(self, use):
        """Active taxes; instead of a group of taxes its members, for they stand on the lines."""
        taxes = self.env["account.tax"].search(
            [("company_id", "in", self._companies_of_records().ids), ("type_tax_use", "=", use)]
        )
        groups = taxes.filtered(lambda tax: tax.amount_type == "group")
        taxes = (taxes - groups) | groups.children_tax_ids
        # A fixed tax (Recupel) becomes a base line and never needs a code.
        return taxes.filtered(lambda tax: tax.amount_type != "fixed")

    def _used_accounts(self):
        """Accounts on documents, and those Odoo puts there: of journals, products, roundings."""
        company = self.company_id
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "in", company._accountable_branches().ids),
                ("move_type", "in", MOVE_TYPES),
                ("display_type", "in", LINE_TYPES),
            ],
            ["account_id"],
        )
        accounts = self.env["account.account"].union(*(account for [account] in groups))
        journals = self._used_journals("sale") | self._used_journals("purchase")
        accounts |= journals.default_account_id
        for name in COMPANY_ACCOUNTS:
            if name in company._fields:
                accounts |= company[name]
        for category in self.env["product.category"].search([]):
            accounts |= category.property_account_income_categ_id
            accounts |= category.property_account_expense_categ_id
        roundings = self.env["account.cash.rounding"].search([])
        accounts |= roundings.profit_account_id | roundings.loss_account_id
        party_types = ("asset_receivable", "liability_payable")
        return accounts.filtered(
            lambda account: account.active and account.account_type not in party_types
        )

    def _used_payment_terms(self):
        return self.env["account.payment.term"].search(
            [("company_id", "in", [False, *self._companies_of_records().ids])]
        )

    def write(self, vals):
        result = super().write(vals)
        if COST_PLANS & vals.keys():
            self._propose_cost_centres_anew()
        return result

    def _propose_cost_centres_anew(self):
        """Another plan feeds an axis: what is not confirmed is proposed anew, and what was
        confirmed on an axis its plan does not feed any more is asked again. Switching an axis off
        and on touches no row."""
        for connection in self.sudo():
            rows = connection.mapping_ids.filtered(lambda row: row.kind == "analytic_account")
            for row in rows.filtered("master_data_id"):
                kinds = row._counterpart_kinds()
                if kinds and row.master_data_id.kind not in kinds:
                    row.write({"master_data_id": False, "state": "proposed", "reason": False})
            rows.filtered(lambda row: row.state == "proposed" and not row.without_code)._propose()

    def _used_analytic_accounts(self):
        """Those whose plan feeds cost centres or cost units."""
        accounts = self.env["account.analytic.account"].search(
            [("company_id", "in", [False, *self._companies_of_records().ids])]
        )
        return accounts.filtered(lambda account: self._cost_kinds_of(account.root_plan_id))
