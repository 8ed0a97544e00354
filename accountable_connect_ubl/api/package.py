"""Documents delivered as they are: the e-invoice or the original file."""

from odoo.addons.accountable_connect.api.contract import Capabilities
from odoo.addons.accountable_connect.api.file_package import FilePackage, Parcel
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    File,
)


class UblPackage(FilePackage):
    """The files of a batch are those of its documents, made when each of them entered it."""

    capabilities = Capabilities(
        handed_over=frozenset({SALE, SALE_REFUND, PURCHASE, PURCHASE_REFUND}),
        entries=False,
        needs=frozenset(),
        signs_in=False,
        settlements=False,
        reads_parties=False,
        update_document=False,
        files_with_document=False,
        files_afterwards=False,
        cost_centre_axes=0,
    )

    def write(self, parcel: Parcel) -> list[File]:  # pylint: disable=method-required-super
        return [file for delivery in parcel.deliveries for file in delivery.files]
