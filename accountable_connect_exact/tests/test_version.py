"""The version of an entry tells what a bookkeeper changed."""

from decimal import Decimal

import pytest
from odoo.addons.accountable_connect_exact.api import mapping

from .books import CODES, account_guid
from .prepared_package import BILL, entry_rows


@pytest.mark.parametrize(
    "changes",
    [
        {"GLAccount": account_guid("700100")},
        {"AmountFC": Decimal("-1")},
        {"VATCode": "0"},
        {"VATAmountFC": Decimal("0.01")},
        {"CostCenter": "OTHER"},
        {"CostUnit": "OTHER"},
        {"VATNonDeductiblePercentage": Decimal("0.25")},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_version_tells_what_was_changed_on_a_line(changes):
    """As an accountant recodes it; the total may stay the same."""
    side = mapping.side_of(BILL)
    rows = entry_rows(BILL)
    [row], [first, *others] = rows[side.entries], rows[side.lines]

    def version(lines):
        return mapping.stored_document(side, row, lines, CODES).version

    assert version([{**first, **changes}, *others]) != version([first, *others])
