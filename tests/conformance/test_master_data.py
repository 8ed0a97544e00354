"""Master data: kinds, codes, neutral details."""

from decimal import Decimal

import pytest
from odoo.addons.accountable_connect.api.errors import LimitReachedError, TemporaryError
from odoo.addons.accountable_connect.documents import MASTER_DATA_KINDS

from . import case as words

# About answers: it has no meaning where nothing answers.
pytestmark = pytest.mark.live


def of_kind(package, kind):
    return {item.code: item for item in package.fetch_master_data({kind})}


def test_every_item_has_a_code_of_its_own(package):
    items = package.fetch_master_data(set(MASTER_DATA_KINDS))
    codes = [(item.kind, item.code) for item in items]
    assert len(set(codes)) == len(codes)
    assert all(item.code and item.name for item in items)


def test_only_the_kinds_asked(package):
    assert {item.kind for item in package.fetch_master_data({"journal"})} == {"journal"}


def test_journals(package, package_case):
    journals = of_kind(package, "journal")
    assert journals[package_case.codes.sale_journal].details["type"] == "sale"
    assert journals[package_case.codes.purchase_journal].details["type"] == "purchase"
    assert {"bank", "misc"} <= {item.details["type"] for item in journals.values()}


def test_vat_codes(package, package_case):
    found = of_kind(package, "vat_code")
    codes = package_case.codes
    for rate, code in codes.sale.items():
        assert found[code].details["scope"] == "sale"
        assert Decimal(found[code].details["rate"]) == rate
    for rate, code in codes.purchase.items():
        assert found[code].details["scope"] == "purchase"
        assert Decimal(found[code].details["rate"]) == rate
    families = {
        codes.sale_co_contractor: "co_contractor",
        codes.sale_intra_goods: "intra_goods",
        codes.sale_intra_services: "intra_services",
        codes.sale_export: "export",
        codes.purchase_co_contractor: "co_contractor",
        codes.purchase_intra_goods: "intra_goods",
        codes.purchase_intra_services: "intra_services",
        codes.purchase_import: "import",
    }
    assert {code: found[code].details["family"] for code in families} == families


def test_classes_of_purchases(package, package_case):
    codes = package_case.codes
    if package_case.class_of_vat_code:
        found, name = of_kind(package, "vat_code"), "purchase_class"
        of_class = {"82": codes.purchase[21], "81": codes.goods[21], "83": codes.investment[21]}
    else:
        found, name = of_kind(package, "ledger_account"), "vat_box"
        of_class = {"82": codes.cost, "81": codes.goods_account, "83": codes.asset_account}
    assert {found[code].details[name] for code in of_class.values()} == {"81", "82", "83"}
    for number, code in of_class.items():
        assert found[code].details[name] == number


def test_accounts_the_package_books_itself_take_no_lines(package, package_case):
    accounts = of_kind(package, "ledger_account")
    codes = package_case.codes
    assert accounts[codes.revenue].takes_lines
    if any(not item.takes_lines for item in accounts.values()):
        assert not accounts[codes.customers].takes_lines
        assert not accounts[codes.suppliers].takes_lines


def test_ledger_accounts(package, package_case):
    accounts = of_kind(package, "ledger_account")
    codes = package_case.codes
    assert {codes.revenue, codes.cost, codes.asset_account, codes.car_cost} <= set(accounts)


def test_empty_chart(package, package_case):
    package_case.empty_chart()
    assert package.fetch_master_data({"ledger_account"}) == []


def test_periods_cover_the_year_without_a_gap(package, package_case):
    periods = [
        item.details
        for item in of_kind(package, "period").values()
        if item.details["date_from"].startswith(str(package_case.year))
    ]
    periods.sort(key=lambda details: details["date_from"])
    assert periods[0]["date_from"] == f"{package_case.year}-01-01"
    assert periods[-1]["date_to"] == f"{package_case.year}-12-31"
    assert not any(details["closed"] for details in periods)
    assert len({details["book_year"] for details in periods}) == 1


def test_period_that_is_closed_for_a_journal(package, package_case, build):
    package_case.close_period(build.sale().accounting_date)
    march = [
        item.details
        for item in of_kind(package, "period").values()
        if item.details["date_from"] == f"{package_case.year}-03-01"
    ]
    assert package_case.codes.sale_journal in march[0]["closed_journals"] or march[0]["closed"]


def test_cost_centres(package, package_case):
    if not package.capabilities.cost_centre_axes:
        pytest.skip("the package has none")
    centres = of_kind(package, "cost_centre")
    assert centres[package_case.codes.cost_centre].active
    assert not all(item.active for item in centres.values())


def test_limit_of_the_service_says_when_to_come_back(package_case, package):
    package_case.fault(words.READ_MASTER_DATA, words.LIMIT)
    with pytest.raises(LimitReachedError) as caught:
        package.fetch_master_data({"vat_code"})
    assert caught.value.not_before.tzinfo is None
    package_case.pass_time(120)
    assert package.fetch_master_data({"vat_code"})


def test_limit_that_is_counted_here_costs_no_call(package_case, package):
    package.fetch_master_data({"vat_code"})
    package_case.use_up_limits()
    before = package_case.budget.total
    with pytest.raises(LimitReachedError):
        package.fetch_master_data({"vat_code"})
    assert package_case.budget.total == before


@pytest.mark.parametrize("kind", [words.HTML, words.GARBAGE, words.EMPTY, words.HUGE])
def test_senseless_answer(package_case, package, kind):
    package_case.fault(words.READ_MASTER_DATA, kind)
    with pytest.raises(TemporaryError):
        package.fetch_master_data({"vat_code"})


def test_server_error_is_temporary(package_case, package):
    tries = package_case.tries_of_a_read
    package_case.fault(words.READ_MASTER_DATA, words.SERVER_ERROR, tries)
    with pytest.raises(TemporaryError):
        package.fetch_master_data({"vat_code"})
