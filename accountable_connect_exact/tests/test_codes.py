"""What is known of a division's codes leads to the right one."""

import pytest
from odoo.addons.accountable_connect.documents import MasterItem
from odoo.addons.accountable_connect_exact.api.codes import Codes


@pytest.mark.parametrize(
    ("days", "end_of_month", "code"),
    [(30, False, "30"), (30, True, "30E"), (60, False, "60"), (60, True, ""), (None, False, "")],
)
def test_condition_with_the_days_of_the_payment_term(days, end_of_month, code):
    """On credit before others, of one term, and active."""

    def condition(code, days, **details):
        active = details.pop("active", True)
        details = {"days": days, "end_of_month": False} | details
        return MasterItem(kind="payment_term", code=code, name=code, details=details, active=active)

    codes = Codes(
        [
            condition("0I", 30, method="I"),
            condition("0K", 30, method="B", active=False),
            condition("0T", 30, instalments=True),
            condition("30", 30, method="B"),
            condition("30E", 30, end_of_month=True),
            condition("60", 60, method="I"),
        ]
    )
    assert codes.payment_term_for(days, end_of_month) == code
