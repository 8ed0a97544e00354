"""Fiscal positions with a VAT number of ours in another country: VAT that is declared there."""

from odoo import api, models

from ...api.vat_numbers import normal_vat_number


class AccountFiscalPosition(models.Model):
    _inherit = "account.fiscal.position"

    def _accountable_is_foreign(self, company):
        """Whether VAT under this fiscal position is declared with another VAT number than that of
        the books this company's documents belong in. The one-stop shop (OSS) has no such number: it
        is declared at home."""
        number = normal_vat_number(self.foreign_vat, self.country_id.code or "")
        return bool(number) and number != company._accountable_company()._accountable_vat_number()


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def _foreign_position(self):
        """A fiscal position with a foreign VAT number, where no other brings the tax of this row
        onto documents; else none."""
        positions = self.tax_id.sudo().fiscal_position_ids
        foreign = positions.filtered(
            lambda position: position._accountable_is_foreign(self.company_id)
        )
        return foreign[:1] if foreign == positions else foreign[:0]

    def _find_proposal(self, items):
        return None if self._foreign_position() else super()._find_proposal(items)

    @api.depends("tax_id")
    def _compute_warning(self):
        result = super()._compute_warning()
        for row in self:
            if position := row._foreign_position():
                row.warning = self.env._(
                    "It belongs to the fiscal position %(position)s with your VAT number"
                    " %(number)s: its VAT is declared there. Documents under it are not sent.",
                    position=position.name,
                    number=position.foreign_vat,
                )
        return result
