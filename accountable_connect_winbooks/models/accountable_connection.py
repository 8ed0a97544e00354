from odoo import models
from odoo.addons.accountable_connect.api.contract import Administration

from ..api.package import WinBooksPackage
from ..concerns import CONCERNS
from ..sentences import SENTENCES


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _get_capabilities(self):
        if self.package != "winbooks":
            return super()._get_capabilities()
        return WinBooksPackage.capabilities

    def _open_package(self):
        self.ensure_one()
        if self.package != "winbooks":
            return super()._open_package()
        return WinBooksPackage()

    def _get_sentences(self):
        return SENTENCES if self.package == "winbooks" else super()._get_sentences()

    def _get_concerns(self):
        return CONCERNS if self.package == "winbooks" else super()._get_concerns()

    def _own_administration(self):
        if self.package != "winbooks":
            return super()._own_administration()
        company = self.company_id.sudo()  # its number, whoever connects
        return Administration(
            key=f"winbooks/{company.id}", name=company.name, vat_number=company.vat or ""
        )
