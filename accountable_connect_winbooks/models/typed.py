"""What a folder of WinBooks usually has, and what its codes say, for whoever types it."""

from dataclasses import replace

from odoo import models
from odoo.addons.accountable_connect.api import vat_families
from odoo.addons.accountable_connect.documents import JOURNAL, LEDGER_ACCOUNT, VAT_CODE, MasterItem
from odoo.addons.accountable_connect.documents.sentence import joined
from odoo.addons.accountable_connect.models.sentence import in_language
from odoo.tools.translate import LazyTranslate

from ..api import folder
from ..api.vat_codes import USUAL, details_of
from .precheck import LONGEST

_lt = LazyTranslate(__name__)

JOURNAL_TYPES = {
    folder.PURCHASE: "purchase",
    folder.PURCHASE_REFUND: "purchase_refund",
    folder.SALE: "sale",
    folder.SALE_REFUND: "sale_refund",
    folder.FINANCIAL: "bank",
    folder.MISCELLANEOUS: "misc",
}
# What a VAT code is called: by scope and family, then by class.
NAMES = {
    ("sale", vat_families.DOMESTIC): _lt("Sales"),
    ("sale", vat_families.CO_CONTRACTOR): _lt("Sales to a co-contractor"),
    ("sale", vat_families.INTRA_GOODS): _lt("Intra-Community supplies of goods"),
    ("sale", vat_families.INTRA_SERVICES): _lt("Intra-Community services"),
    ("sale", vat_families.EXPORT): _lt("Export of goods"),
    ("sale", vat_families.SERVICES_OUTSIDE_EU): _lt("Services outside the EU"),
    ("sale", vat_families.EXEMPT): _lt("Exempt sales"),
    ("purchase", vat_families.DOMESTIC): _lt("Purchases"),
    ("purchase", vat_families.CO_CONTRACTOR): _lt("Purchases, co-contractor"),
    ("purchase", vat_families.INTRA_GOODS): _lt("Intra-Community acquisitions"),
    ("purchase", vat_families.INTRA_SERVICES): _lt("Intra-Community services"),
}
CLASS_NAMES = {
    vat_families.GOODS_FOR_RESALE: _lt("goods for resale"),
    vat_families.SERVICES_AND_SUNDRY_GOODS: _lt("services and sundry goods"),
    vat_families.INVESTMENTS: _lt("investments"),
}
LONGEST_CODES = {
    JOURNAL: LONGEST["journal"],
    LEDGER_ACCOUNT: LONGEST["account"],
    VAT_CODE: LONGEST["vat_code"],
}
# Said by the code itself, so that nobody types it.
DERIVED = ("family", "purchase_class")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _journal_types(self):
        if self.package != "winbooks":
            return super()._journal_types()
        return JOURNAL_TYPES

    def _longest_code(self, kind):
        if self.package != "winbooks" or kind not in LONGEST_CODES:
            return super()._longest_code(kind)
        return LONGEST_CODES[kind]

    def _complete_typed(self, item):
        """A VAT code says by its first digits what it is for, so that its mapping is certain."""
        if self.package != "winbooks":
            return super()._complete_typed(item)
        if item.kind != VAT_CODE:
            return item
        told = details_of(item.code, item.name, item.details.get("scope") or "")
        typed = {name: value for name, value in item.details.items() if name not in DERIVED}
        return replace(item, details={**told, **typed})

    def _usual_master_data(self, kind):
        if self.package != "winbooks":
            return super()._usual_master_data(kind)
        if kind != VAT_CODE:
            return []
        return [
            MasterItem(kind=kind, code=code, name=self._winbooks_vat_name(details), details=details)
            for code, details in USUAL.items()
        ]

    def _winbooks_vat_name(self, details):
        """In the language of who asks, as it is stored."""
        name = NAMES[details["scope"], details["family"]]
        by_class = CLASS_NAMES.get(details.get("purchase_class"), "")
        rate = f"{details['rate']} %"
        return str(in_language(self.env, joined(name, by_class, rate)))
