"""Entries as files that WinBooks on the desktop imports."""

from odoo.addons.accountable_connect.api.contract import Capabilities
from odoo.addons.accountable_connect.api.errors import BatchRefusedError
from odoo.addons.accountable_connect.api.file_package import FilePackage, Parcel
from odoo.addons.accountable_connect.documents import (
    JOURNAL,
    LEDGER_ACCOUNT,
    PERIOD,
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    VAT_CODE,
)

from ..remarks import remarks_in_words
from .checked import Remark, checked
from .folder import Folder
from .options import Options


class WinBooksPackage(FilePackage):
    """``folder`` is what is known of the books over there."""

    capabilities = Capabilities(
        handed_over=frozenset({SALE, SALE_REFUND, PURCHASE, PURCHASE_REFUND}),
        entries=True,
        needs=frozenset({"journals", "vat_codes", "ledger_accounts"}),
        signs_in=False,
        computes_owed_vat=False,
        computes_deductible_vat=False,
        settlements=False,
        reads_parties=False,
        update_document=False,
        remove_document=False,
        files_with_document=True,
        files_afterwards=False,
        cost_centre_axes=0,
        zero_total=False,
        types_master_data=frozenset({JOURNAL, VAT_CODE, LEDGER_ACCOUNT, PERIOD}),
    )

    def __init__(self, options: Options | None = None, folder: Folder | None = None):
        self.options = options or Options()
        self.folder = folder or Folder()
        # the batch written last, and what the operator will be asked about it
        self._last: tuple[Parcel | None, tuple[Remark, ...]] = (None, ())

    def write(self, parcel: Parcel):  # pylint: disable=method-required-super
        result = checked(parcel, self.options, self.folder)
        if result.refusals:
            raise BatchRefusedError(result.refusals)
        self._last = parcel, result.remarks
        return result.files

    def remarks(self, parcel: Parcel):
        last, found = self._last
        if last is not parcel:
            found = checked(parcel, self.options, self.folder).remarks
        return remarks_in_words(found)
