from odoo import models

from ...api.account_use import NATURE_BY_TYPE, UsedAccount


class AccountAccount(models.Model):
    _inherit = "account.account"

    def _accountable_name(self, company=None):
        """Number and name in the books of a company (of the present one), whoever looks: Odoo shows
        the number only to those who may read the accounting."""
        self.ensure_one()
        account = self.with_company(company or self.env.company).sudo()
        return " ".join(filter(None, (account.code, account.name)))

    def _accountable_use(self, company):
        """The :class:`UsedAccount` this account is in the books of a company."""
        self.ensure_one()
        account = self.with_company(company).sudo()  # as above
        return UsedAccount(
            code=account.code or "",
            nature=NATURE_BY_TYPE.get(account.account_type, ""),
            belgian=company.sudo().account_fiscal_country_id.code == "BE",
        )
