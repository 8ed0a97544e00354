"""Fiscal positions with a VAT number of ours in another country: VAT that is declared there."""

from odoo import models

from ...api.vat_numbers import normal_vat_number


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    def _accountable_is_foreign(self, company):
        """Whether VAT under this fiscal position is declared with another VAT number than that of
        the books this company's documents belong in. The one-stop shop (OSS) has no such number: it
        is declared at home."""
        number = normal_vat_number(self.foreign_vat, self.country_id.code or "")
        return bool(number) and number != company._accountable_company()._accountable_vat_number()
