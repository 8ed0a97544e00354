from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.vat_numbers import normal_vat_number
from ...documents.sentence import SentencesOf
from ..sentence import in_language

_lt = SentencesOf(__name__)

# What decides in whose books a company's documents belong.
BOOKS_FIELDS = {"active", "parent_id", "vat", "country_id", "account_fiscal_country_id"}


class ResCompany(models.Model):
    """A branch without a VAT number of its own keeps its books with the company above it. One with
    another number declares its own VAT: its documents belong in books of its own."""

    _name = "res.company"
    _inherit = ["res.company", "accountable.package.view.mixin"]

    accountable_connection_ids = fields.One2many(
        "accountable.connection", "company_id", groups="accountable_connect.group_user"
    )
    accountable_own_books = fields.Boolean(
        compute="_compute_accountable_own_books",
        groups="accountable_connect.group_user",
        help="Its documents do not go with those of a company above it.",
    )

    accountable_connected = fields.Char(
        compute="_compute_accountable_connected",
        groups="accountable_connect.group_user",
        help="The packages its books are connected with, whichever company one works in.",
    )

    def _compute_accountable_connected(self):
        # also those of a company one does not work in now
        connections = self.env["accountable.connection"].sudo()
        for company in self:
            found = connections.search([("company_id", "=", company._accountable_company().id)])
            company.accountable_connected = ",".join(sorted(found.mapped("package")))

    @api.depends("parent_id", "vat", "country_id", "account_fiscal_country_id")
    def _compute_accountable_own_books(self):
        for company in self:
            company.accountable_own_books = company._accountable_company() == company

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        self.env.registry.clear_cache()  # what posting knows of the connections
        return companies

    def write(self, vals):
        result = super().write(vals)
        if BOOKS_FIELDS & vals.keys():
            self.env.registry.clear_cache()  # what posting knows of the connections
        return result

    # In whose books

    def _accountable_company(self):
        """The company in whose books the documents of this one belong: the nearest one, from itself
        upwards, that keeps books of its own."""
        company = self.sudo()  # who works for a branch need not see the companies above it
        while company.parent_id and not company._accountable_keeps_books():
            company = company.parent_id
        return company.with_env(self.env)

    def _accountable_keeps_books(self):
        """Whether a branch has a VAT number other than the companies above it, or a connection from
        a time when it had."""
        self.ensure_one()
        if self._accountable_has_own_number():
            return True
        connections = self.env["accountable.connection"].sudo()  # whoever asks
        return bool(connections.search_count([("company_id", "=", self.id)], limit=1))

    def _accountable_has_own_number(self):
        """Whether a branch has a VAT number other than the companies above it."""
        self.ensure_one()
        number = self._accountable_vat_number()
        above = self.sudo().parent_id  # who works for a branch need not see it
        while above.parent_id and not above._accountable_vat_number():
            above = above.parent_id
        return bool(number) and number != above._accountable_vat_number()

    def _accountable_vat_number(self):
        """Its VAT number in the form in which two of them can be compared, "" without one."""
        self.ensure_one()
        country = self.account_fiscal_country_id or self.country_id
        return normal_vat_number(self.vat, country.code or "")

    def _accountable_branches(self):
        """Those below this company whose documents belong in its books, itself included."""
        self.ensure_one()
        # in whose books a branch belongs does not depend on who looks
        below = self.sudo().with_context(active_test=False).search([("id", "child_of", self.id)])
        return below.filtered(lambda company: company._accountable_company() == self)

    def _accountable_branches_apart(self):
        """Those directly below its books that keep books of their own."""
        self.ensure_one()
        # in whose books a branch belongs does not depend on who looks
        below = self.sudo().search([("id", "child_of", self._accountable_branches().ids)])
        return below.filtered(
            lambda company: (
                company.parent_id
                and company._accountable_company() == company
                and company.parent_id._accountable_company() == self
            )
        )

    def _accountable_left_out_sentence(self):
        """Why the documents of this company do not go with the connection of a company above it."""
        company = self._accountable_company().sudo()  # its name and number stand in the sentence
        sentence = _lt(
            "%(branch)s has a VAT number of its own, %(number)s: its documents do not go with those"
            " of %(company)s. It may have a connection of its own.",
            branch=company.name,
            number=company.vat or "–",
            company=company.parent_id._accountable_company().name,
        )
        return in_language(self.env, sentence)

    def action_accountable_connect(self):
        """The connection of this company with the package named in the context, or the first step
        to one."""
        self.ensure_one()
        package = self.env.context.get("accountable_package")
        company = self._accountable_company()
        if company not in self.env.user.company_ids or company in self.env.companies:
            return self._accountable_door(company, package)
        # one looks at this company while one works in another
        companies = [*self.env.companies.ids, company.id]
        door = self.with_context(allowed_company_ids=companies)._accountable_door(company, package)
        return {
            "type": "ir.actions.client",
            "tag": "accountable_open_in_company",
            "params": {"company_id": company.id, "next": door},
        }

    def _accountable_door(self, company, package):
        """Where a person goes on with this package: the form of the connection, else the first
        step."""
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", company.id), ("package", "=", package)], limit=1
        )
        if connection:
            return connection.action_open()
        if package in (company.accountable_connected or "").split(","):
            raise UserError(
                self.env._(
                    "%(company)s is connected already. Only people who work for that company see "
                    "the connection.",
                    company=company.name,
                )
            )
        return self.env["accountable.connect"]._first_step(company, package)
