"""What of Odoo a connection has to map."""

from ...const import KIND_BY_MOVE_TYPE, LINE_TYPES

KINDS_BY_USE = {
    "sale": ("sale", "sale_refund"),
    "purchase": ("purchase", "purchase_refund"),
}
# Accounts of a company that Odoo fills in by itself on documents: cash discounts, discounts with an
# account of their own, lines whose product says none.
COMPANY_ACCOUNTS = (
    "account_journal_early_pay_discount_gain_account_id",
    "account_journal_early_pay_discount_loss_account_id",
    "account_discount_income_allocation_id",
    "account_discount_expense_allocation_id",
    "income_account_id",
    "expense_account_id",
)


class MappingSources:
    """The journals, taxes, accounts … of Odoo that the documents of a connection can have."""

    def __init__(self, connection):
        # who sets a connection up need not see the records of all its branches
        self._connection = connection.sudo().with_company(connection.company_id)
        self.env = self._connection.env
        self._companies = self._connection._companies_of_records()

    def all(self):
        """Triples (kind of mapping, records, kind of document); an empty set of taxes stands for
        *no tax*."""
        for use, document_kinds in KINDS_BY_USE.items():
            journals = self.journals(use)
            taxes = self.taxes(use)
            for document_kind in document_kinds:
                yield "journal", journals, document_kind
                yield "tax", taxes, document_kind
                yield "tax", taxes.browse(), document_kind
        yield "account", self._accounts(), "any"
        kinds = set(self._connection.master_data_ids.mapped("kind"))
        if "payment_term" in kinds:
            yield "payment_term", self._shared("account.payment.term"), "any"
        if kinds & set(self._connection._cost_kinds()):
            yield "analytic_account", self._analytic_accounts(), "any"

    def journals(self, use):
        """Journals for ``"sale"`` or ``"purchase"``."""
        return self.env["account.journal"].search(
            [("company_id", "in", self._companies.ids), ("type", "=", use)]
        )

    def taxes(self, use):
        """Active taxes for ``"sale"`` or ``"purchase"``; instead of a group of taxes its members,
        for they stand on the lines."""
        taxes = self.env["account.tax"].search(
            [("company_id", "in", self._companies.ids), ("type_tax_use", "=", use)]
        )
        groups = taxes.filtered(lambda tax: tax.amount_type == "group")
        taxes = (taxes - groups) | groups.children_tax_ids
        # A fixed tax (Recupel) becomes a base line and never needs a code.
        return taxes.filtered(lambda tax: tax.amount_type != "fixed")

    def _accounts(self):
        """Accounts on documents, and those Odoo puts there: of journals, products, roundings."""
        company = self._connection.company_id
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "in", company._accountable_branches().ids),
                ("move_type", "in", list(KIND_BY_MOVE_TYPE)),
                ("display_type", "in", LINE_TYPES),
            ],
            ["account_id"],
        )
        accounts = self.env["account.account"].union(*(account for [account] in groups))
        accounts |= (self.journals("sale") | self.journals("purchase")).default_account_id
        for name in COMPANY_ACCOUNTS:
            if name in company._fields:
                accounts |= company[name]
        categories = self.env["product.category"].search([])
        accounts |= categories.property_account_income_categ_id
        accounts |= categories.property_account_expense_categ_id
        accounts |= self._accounts_of_products()
        roundings = self.env["account.cash.rounding"].search([])
        accounts |= roundings.profit_account_id | roundings.loss_account_id
        # Under a fiscal position another account takes the place of one of these.
        positions = self._shared("account.fiscal.position")
        accounts |= positions.account_ids.filtered(
            lambda line: line.account_src_id in accounts
        ).account_dest_id
        party_types = ("asset_receivable", "liability_payable")
        accounts = accounts.filtered(
            lambda account: account.active and account.account_type not in party_types
        )
        # Rows are made in this order and shown in it: the database sorts thousands by the number of
        # an account, which is another one in each company, in as much time as all else takes.
        return accounts.sorted(lambda account: account.code or "")

    def _accounts_of_products(self):
        """Those that a product says itself, instead of its category."""
        accounts = self.env["account.account"]
        for name in ("property_account_income_id", "property_account_expense_id"):
            groups = self.env["product.template"]._read_group([(name, "!=", False)], [name])
            accounts = accounts.union(*(account for [account] in groups))
        return accounts

    def _shared(self, model):
        """Records that belong to one of the companies, or to none."""
        return self.env[model].search([("company_id", "in", [False, *self._companies.ids])])

    def _analytic_accounts(self):
        """Those whose plan feeds cost centres or cost units."""
        return self._shared("account.analytic.account").filtered(
            lambda account: self._connection._cost_kinds_of(account.root_plan_id)
        )
