"""Whatever sound documents are written, the validator finds nothing fatal in their files."""

from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.addons.accountable_connect_winbooks.api.folder import Folder, Period, VatCode
from odoo.addons.accountable_connect_winbooks.api.options import (
    DEDUCTIBLE_PART,
    NEGATIVE,
    POSITIVE,
    WHOLE_VAT,
    Options,
)
from odoo.addons.accountable_connect_winbooks.api.package import WinBooksPackage

from .entries import parcel
from .random_documents import BOUGHT, SOLD, batches

FOLDER = Folder(
    journals={"VEN": "2", "ACH": "0", "NCV": "3", "NCA": "1"},
    vat_codes={
        vat.code: VatCode(code=vat.code, rate=Decimal(vat.rate)) for vat in (*SOLD, *BOUGHT)
    },
    accounts=frozenset({"700000", "700100", "600000", "613000"}),
    periods=(
        Period(date_from=date(2026, 3, 1), date_to=date(2026, 3, 31), rank="03", book_year="2026"),
    ),
)
OPTIONS = st.builds(
    Options,
    second_leg=st.booleans(),
    partly_deductible=st.sampled_from([DEDUCTIBLE_PART, WHOLE_VAT]),
    credit_note_base=st.sampled_from([POSITIVE, NEGATIVE]),
    operation_code=st.sampled_from(["FIXED", ""]),
)


@given(batches(), OPTIONS)
@settings(max_examples=60, deadline=None)
def test_any_batch_passes(deliveries, options):
    files = list(WinBooksPackage(options, FOLDER).write(parcel(*deliveries)))
    assert [one.name for one in files] == ["CSF.TXT", "ACT.TXT"]
