"""Master data as neutral items, and how the package asks for it."""

from datetime import date
from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError
from odoo.addons.accountable_connect_exact.api import reading

from .books import account_guid
from .prepared_package import OTHER, package

TODAY = date(2026, 3, 10)


def only(items):
    (item,) = items
    return item


# VAT codes


def vat_code(**changes):
    row = {
        "Code": "21 ",
        "Description": "Verkoop binnenland 21 %",
        "Type": "E",
        "Percentage": Decimal("0.21"),
        "VATTransactionType": "S",
        "Charged": False,
        "EUSalesListing": "N",
    }
    return only(reading.vat_code_items([{**row, **changes}]))


def test_vat_code():
    item = vat_code()
    assert (item.code, item.active) == ("21", True)
    assert item.details == {
        "type": "E",
        "charged": False,
        "rate": "21",
        "scope": "sale",
        "family": "domestic",
    }
    assert not vat_code(IsBlocked=True).active


@pytest.mark.parametrize(
    ("changes", "family"),
    [
        ({"EUSalesListing": "L", "Type": "B", "Percentage": 0}, "intra_goods"),
        ({"EUSalesListing": "S", "Type": "B", "Percentage": 0}, "intra_services"),
        ({"EUSalesListing": "T", "Type": "B", "Percentage": 0}, "triangular"),
        ({"Description": "Uitvoer buiten EU", "Type": "B", "Percentage": 0}, "export"),
        ({"Description": "Verkoop buiten btw-aangifte", "Type": "N"}, "never_propose"),
        ({"VATTransactionType": "P", "Charged": True, "IntraStat": True}, "intra_goods"),
        ({"VATTransactionType": "P", "Charged": True}, "co_contractor"),
        (
            {"VATTransactionType": "P", "Charged": True, "Description": "IC diensten EU"},
            "intra_services",
        ),
        ({"VATTransactionType": "P", "Description": "Medecontractant 21"}, "never_propose"),
        ({"VATTransactionType": "P", "Description": "Invoer", "Percentage": 0}, "import"),
    ],
)
def test_family(changes, family):
    assert vat_code(**changes).details["family"] == family


def test_code_that_serves_both_sides_has_no_scope():
    both = vat_code(VATTransactionType="B", Description="Vrijgesteld art 44", Type="B")
    assert "scope" not in both.details
    assert both.details["family"] == "exempt"
    # export for a sale and import for a purchase: nothing both agree on
    outside = vat_code(VATTransactionType="B", Description="Buiten EU", Type="B")
    assert "family" not in outside.details


def test_code_with_vat_inside_takes_no_lines():
    assert not vat_code(Type="I").takes_lines
    assert vat_code().takes_lines


# Accounts


def account(**changes):
    row = {"ID": account_guid("616200"), "Code": "616200", "Description": "Diverse", "Type": 121}
    return only(reading.account_items([{**row, **changes}]))


@pytest.mark.parametrize(("letter", "box"), [("G", "81"), ("D", "82"), ("I", "83"), (None, None)])
def test_vat_box(letter, box):
    assert account(VATGLAccountType=letter).details.get("vat_box") == box


@pytest.mark.parametrize(
    ("type_", "bookable"), [(20, False), (22, False), (24, False), (121, True)]
)
def test_accounts_no_line_may_name(type_, bookable):
    assert account(Type=type_).takes_lines is bookable


@pytest.mark.parametrize(
    ("type_", "nature"),
    [
        (110, "income"),
        (121, "cost"),
        (30, "asset"),
        (40, "stock"),
        (26, "deferral"),
        (21, "advance_received"),
        (12, "balance"),
        (55, "balance"),
        (90, None),
        (None, None),
    ],
)
def test_what_the_type_of_an_account_says(type_, nature):
    assert account(Type=type_).details.get("nature") == nature


def test_account():
    details = account(
        BalanceType="W",
        VATNonDeductiblePercentage=Decimal("0.65"),
        UseCostcenter=1,
        UseCostunit=2,
        Costcenter="SALES",
    ).details
    assert details["guid"] == account_guid("616200")
    assert details["recoverable_share"] == "35"
    assert (details["cost_centre_required"], details["cost_unit_required"]) == (True, False)
    assert details["cost_unit_allowed"] is False and "cost_centre_allowed" not in details
    assert (details["cost_centre"], details["result"]) == ("SALES", True)


# The other kinds


def test_journals():
    rows = [
        {"Code": "70", "Description": "Verkopen", "Type": 20, "Currency": "EUR"},
        {"Code": "71", "Type": 20, "Currency": "USD", "AllowVariableCurrency": False},
        {"Code": "21", "Description": "Retour", "Type": 21, "IsBlocked": True},
    ]
    sales, dollars, returns = reading.journal_items(rows)
    assert sales.details == {"type": "sale"}
    assert (dollars.name, dollars.details) == ("71", {"type": "sale", "currency": "USD"})
    assert (returns.details["type"], returns.active) == ("other", False)


def test_payment_conditions():
    rows = [
        {"Code": "30", "Description": "30 dagen", "PaymentDays": 30, "PaymentMethod": "B"},
        {"Code": "EM", "Description": "Einde maand", "PaymentEndOfMonths": 1, "PaymentDays": 15},
        {"Code": "2M", "Description": "Twee maanden", "PaymentEndOfMonths": 2},
        {"Code": "3X", "Description": "Drie keer", "Percentage": Decimal("0.33")},
        {"Code": "2X", "Description": "Twee keer", "PaymentDays": 30},
        {"Code": "2X", "Description": "Twee keer", "PaymentDays": 60},
    ]
    plain, end, two, three, twice = (item.details for item in reading.payment_condition_items(rows))
    assert plain == {"method": "B", "days": 30, "end_of_month": False}
    assert (end["days"], end["end_of_month"]) == (15, True)
    assert "days" not in two
    assert three == twice == {"method": "B", "instalments": True}


def test_cost_centres():
    rows = [
        {"Code": "A", "Description": "A"},
        {"Code": "B", "Description": "B", "EndDate": "/Date(1735603200000)/"},
        {"Code": "C", "Description": "C", "Active": False},
    ]
    items = reading.cost_items("cost_centre", rows, TODAY)
    assert [item.active for item in items] == [True, False, False]


def test_periods():
    rows = [
        {
            "FinYear": 2026,
            "FinPeriod": 3,
            "StartDate": "/Date(1772323200000)/",
            "EndDate": "/Date(1774915200000)/",
        }
    ]
    statuses = [
        {"Journal": "70", "Year": 2026, "Period": 3, "Status": 1},
        {"Journal": "60", "Year": 2026, "Period": 3, "Status": 0},
        {"Journal": "60", "Year": 2026, "Period": 2, "Status": 1},
    ]
    item = only(reading.period_items(rows, statuses))
    assert (item.code, item.details["date_from"], item.details["date_to"]) == (
        "2026/3",
        "2026-03-01",
        "2026-03-31",
    )
    assert item.details["closed_journals"] == ["70"]


# The package


def test_no_journal_is_a_right_that_is_missing():
    with pytest.raises(ConfigurationMissingError) as caught:
        package().fetch_master_data({"journal"})
    assert caught.value.code == "no_right"


def test_what_was_read_is_known():
    row = {"ID": OTHER, "Code": "799000", "Description": "Nieuw", "Type": 110}
    exact = package({"bulk/Financial/GLAccounts": [row]})
    exact.fetch_master_data({"ledger_account"})
    assert exact.codes.account_by_guid(OTHER)["code"] == "799000"


def test_divisions():
    rows = [
        {
            "Code": 500001,
            "Description": "Vandersmissen",
            "VATNumber": "BE 0999.999.031",
            "ChamberOfCommerceNumber": "0999.999.031",
            "Country": "BE ",
            "Status": 1,
        },
        {"Code": 500009, "Description": "Oud", "Status": 2},
    ]
    exact = package({"system/Divisions": rows})
    (administration,) = exact.list_administrations()
    assert (administration.key, administration.vat_number) == ("500001", "BE0999999031")
    assert (administration.registry_number, administration.country) == ("0999999031", "BE")
    with exact:
        pass
    assert exact.client.calls[-1][0] == "close"
