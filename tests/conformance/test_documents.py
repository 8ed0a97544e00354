"""Documents of every kind, judged by what they leave in the books, however they got there: entry
and VAT boxes, or, where the document is delivered, total and VAT per category."""

from dataclasses import replace
from decimal import Decimal

import pytest

from .builder import cents


def sales(build):
    """Name → (kind, lines, boxes) in the figures of Belgian offices."""
    codes, line = build.codes, build.line
    revenue, other = codes.revenue, codes.other_revenue
    s21, s6 = codes.sale[21], codes.sale[6]
    return {
        "21 %": ("sale", [line(revenue, s21, "1000", 21)], {"03": "1000", "54": "210"}),
        "two rates": (
            "sale",
            [line(other, s21, "1000", 21), line(revenue, s6, "100", 6)],
            {"01": "100", "03": "1000", "54": "216"},
        ),
        "12 and 21 %": (
            "sale",
            [line(revenue, codes.sale[12], "55.50", 12), line(revenue, s21, "48", 21)],
            {"02": "55.50", "03": "48", "54": "16.74"},
        ),
        "0 %": ("sale", [line(revenue, codes.sale[0], "180")], {"00": "180"}),
        "co-contractor": (
            "sale",
            [line(revenue, codes.sale_co_contractor, "4200")],
            {"45": "4200"},
        ),
        "intra-Community goods": (
            "sale",
            [line(revenue, codes.sale_intra_goods, "2500")],
            {"46L": "2500"},
        ),
        "intra-Community service": (
            "sale",
            [line(revenue, codes.sale_intra_services, "1500")],
            {"44": "1500"},
        ),
        "export": ("sale", [line(revenue, codes.sale_export, "880.40")], {"47": "880.40"}),
        "credit note": (
            "sale_refund",
            [line(revenue, s21, "250", 21)],
            {"49": "250", "64": "52.50"},
        ),
        "credit note, two rates": (
            "sale_refund",
            [line(other, s21, "100", 21), line(revenue, s6, "10", 6)],
            {"49": "110", "64": "21.60"},
        ),
        "credit note, co-contractor": (
            "sale_refund",
            [line(revenue, codes.sale_co_contractor, "420")],
            {"49": "420"},
        ),
        "credit note with a deduction line": (
            "sale_refund",
            [line(revenue, s21, "300", 21), line(other, s21, "-30", 21)],
            {"49": "270", "64": "56.70"},
        ),
        "discount lines per rate": (
            "sale",
            [
                line(revenue, s21, "800", 21),
                line(revenue, s6, "200", 6),
                line(codes.discount, s21, "-40", 21),
                line(codes.discount, s6, "-10", 6),
            ],
            {"01": "190", "03": "760", "54": "171"},
        ),
        "negative line at another rate": (
            "sale",
            [line(revenue, s21, "500", 21), line(revenue, s6, "-50", 6)],
            {"01": "-50", "03": "500", "54": "102"},
        ),
        "advanced cost, no code": (
            "sale",
            [line(other, s21, "600", 21), line(codes.private_account, codes.sale_outside, "85.25")],
            {"03": "600", "54": "126"},
        ),
        "half cents": (
            "sale",
            [line(revenue, s21, "4715.80", 21), line(revenue, s21, "28.10", 21)],
            {"03": "4743.90", "54": "996.22"},
        ),
    }


def purchases(build):
    codes, line = build.codes, build.line
    cost, car = codes.cost, codes.car_cost
    p21, goods = codes.purchase[21], codes.goods_account
    return {
        "services": (
            "purchase",
            [line(cost, p21, "89.90", 21, share=100)],
            {"82": "89.90", "59": "18.88"},
        ),
        "three rates": (
            "purchase",
            [
                line(goods, codes.goods[6], "312.40", 6, share=100),
                line(goods, codes.goods[12], "45.10", 12, share=100),
                line(goods, codes.goods[21], "77.35", 21, share=100),
            ],
            {"81": "434.85", "59": "40.39"},
        ),
        "three classes": (
            "purchase",
            [
                line(goods, codes.goods[21], "500", 21, share=100),
                line(cost, p21, "40", 21, share=100),
                line(codes.asset_account, codes.investment[21], "1200", 21, share=100),
            ],
            {"81": "500", "82": "40", "83": "1200", "59": "365.40"},
        ),
        "co-contractor": (
            "purchase",
            [line(cost, codes.purchase_co_contractor, "3600", 21, owed=True, share=100)],
            {"82": "3600", "87": "3600", "56": "756", "59": "756"},
        ),
        "intra-Community goods": (
            "purchase",
            [line(goods, codes.purchase_intra_goods, "999.96", 21, owed=True, share=100)],
            {"81": "999.96", "86": "999.96", "55": "209.99", "59": "209.99"},
        ),
        "intra-Community service": (
            "purchase",
            [line(cost, codes.purchase_intra_services, "59.99", 21, owed=True, share=100)],
            {"82": "59.99", "88": "59.99", "55": "12.60", "59": "12.60"},
        ),
        "import with deferred VAT": (
            "purchase",
            [line(goods, codes.purchase_import, "5120.75", 21, owed=True, share=100)],
            {"81": "5120.75", "87": "5120.75", "57": "1075.36", "59": "1075.36"},
        ),
        "car, half": (
            "purchase",
            [line(car, p21, "612.39", 21, share=50)],
            {"82": "676.69", "59": "64.30"},
        ),
        "car, half, two accounts": (
            "purchase",
            [line(car, p21, "65.11", 21, share=50), line(cost, p21, "12.40", 21, share=50)],
            {"82": "85.64", "59": "8.14"},
        ),
        "35 %": (
            "purchase",
            [line(car, p21, "333.37", 21, share=35)],
            {"82": "378.88", "59": "24.50"},
        ),
        "85 %, half a cent": (
            "purchase",
            [line(car, p21, "250", 21, share=85)],
            {"82": "257.87", "59": "44.63"},
        ),
        "not deductible": ("purchase", [line(cost, p21, "344.50", 21, share=0)], {"82": "416.85"}),
        "reverse charge, half": (
            "purchase",
            [line(car, codes.purchase_intra_services, "400", 21, owed=True, share=50)],
            {"82": "442", "88": "400", "55": "84", "59": "42"},
        ),
        "no VAT in the return": (
            "purchase",
            [line(cost, codes.purchase[0], "431.20", share=100)],
            {"82": "431.20"},
        ),
        "no code": ("purchase", [line(cost, codes.purchase_outside, "431.20")], {}),
        "private share": (
            "purchase",
            [
                line(cost, p21, "75", 21, share=100),
                line(codes.private_account, codes.purchase_outside, "30.25"),
            ],
            {"82": "75", "59": "15.75"},
        ),
        "final bill less the advance": (
            "purchase",
            [
                line(goods, codes.goods[21], "5000", 21, share=100),
                line(codes.advance_account, codes.goods[21], "-2000", 21, share=100),
            ],
            {"81": "3000", "59": "630"},
        ),
        "credit note": (
            "purchase_refund",
            [line(goods, codes.goods[21], "234.56", 21, share=100)],
            {"81": "-234.56", "85": "234.56", "63": "49.26"},
        ),
        "credit note, co-contractor": (
            "purchase_refund",
            [line(cost, codes.purchase_co_contractor, "600", 21, owed=True, share=100)],
            {"82": "-600", "87": "-600", "85": "600", "62": "126", "63": "126"},
        ),
        "credit note, car": (
            "purchase_refund",
            [line(car, p21, "100", 21, share=50)],
            {"82": "-110.50", "85": "110.50", "63": "10.50"},
        ),
    }


SALES = (
    "21 %",
    "two rates",
    "12 and 21 %",
    "0 %",
    "co-contractor",
    "intra-Community goods",
    "intra-Community service",
    "export",
    "credit note",
    "credit note, two rates",
    "credit note, co-contractor",
    "credit note with a deduction line",
    "discount lines per rate",
    "negative line at another rate",
    "advanced cost, no code",
    "half cents",
)
PURCHASES = (
    "services",
    "three rates",
    "three classes",
    "co-contractor",
    "intra-Community goods",
    "intra-Community service",
    "import with deferred VAT",
    "car, half",
    "car, half, two accounts",
    "35 %",
    "85 %, half a cent",
    "not deductible",
    "reverse charge, half",
    "no VAT in the return",
    "no code",
    "private share",
    "final bill less the advance",
    "credit note",
    "credit note, co-contractor",
    "credit note, car",
)


def test_every_example_is_run(build):
    assert set(SALES) == set(sales(build))
    assert set(PURCHASES) == set(purchases(build))


def check_example(package_case, package, build, receive, example):
    kind, lines, boxes = example
    document = build.document(kind, lines)
    key = receive(document)
    package_case.check(document, key, package)
    if package_case.has_ledger:
        found = package_case.boxes(key)
        assert {box: amount for box, amount in found.items() if amount} == {
            box: cents(amount) for box, amount in boxes.items()
        }
    assert key in package_case.keys()


@pytest.mark.parametrize("example", SALES)
def test_sale(package_case, package, build, receive, example):
    check_example(package_case, package, build, receive, sales(build)[example])


@pytest.mark.parametrize("example", PURCHASES)
def test_purchase(package_case, package, build, receive, example):
    check_example(package_case, package, build, receive, purchases(build)[example])


def dollars(amount):
    return cents(amount / Decimal("1.0850"))


@pytest.mark.parametrize("kind", ["sale", "sale_refund", "purchase", "purchase_refund"])
def test_foreign_currency(package_case, package, build, receive, kind):
    """1 EUR = 1.0850 USD; base and VAT are converted one by one."""
    codes = package_case.codes
    if kind.startswith("sale"):
        account, rates, share = codes.revenue, codes.sale, None
    else:
        account, rates, share = codes.cost, codes.purchase, 100
    lines = [
        build.line(account, rates[21], "1000", 21, share=share, to_company=dollars),
        build.line(account, rates[6], "49.90", 6, share=share, to_company=dollars),
    ]
    document = build.document(kind, lines, currency="USD", rate=Decimal("1.0850"))
    assert document.total_company == Decimal("1163.96")
    package_case.check(document, receive(document), package)


def test_foreign_currency_under_reverse_charge(package_case, package, build, receive):
    line = build.line(
        package_case.codes.goods_account,
        package_case.codes.purchase_import,
        "1237.11",
        21,
        owed=True,
        share=100,
        to_company=dollars,
    )
    document = build.document("purchase", [line], currency="USD", rate=Decimal("1.0850"))
    package_case.check(document, receive(document), package)


@pytest.mark.parametrize("kind", ["sale", "sale_refund", "purchase", "purchase_refund"])
def test_total_of_zero(package_case, package, build, receive, kind):
    if not package.capabilities.zero_total:
        pytest.skip("the package cannot")
    codes = package_case.codes
    if kind.startswith("sale"):
        account, other, code, share = codes.revenue, codes.other_revenue, codes.sale[21], None
    else:
        account, other, code, share = codes.cost, codes.car_cost, codes.purchase[21], 100
    lines = [
        build.line(account, code, "100", 21, share=share),
        build.line(other, code, "-100", 21, share=share),
    ]
    document = build.document(kind, lines)
    package_case.check(document, receive(document), package)


def test_cost_centre(package_case, package, build, receive):
    if not package.capabilities.cost_centre_axes:
        pytest.skip("the package has none")
    codes = package_case.codes
    line = build.line(codes.revenue, codes.sale[21], "100", 21, cost_centres=(codes.cost_centre,))
    key = receive(build.document("sale", [line]))
    assert package_case.cost_centres(key) == {codes.cost_centre}


@pytest.mark.live
def test_an_answer_says_what_was_booked(build, book):
    for document in (build.sale(), build.sale_refund(), build.purchase(), build.purchase_refund()):
        stored = book(document)
        assert (stored.kind, stored.total) == (document.kind, document.total)


@pytest.mark.live
def test_cost_unit_is_the_second_axis(package_case, package, build, book):
    if package.capabilities.cost_centre_axes < 2:
        pytest.skip("the package has no second axis")
    codes = package_case.codes
    both = build.line(
        codes.revenue, codes.sale[21], "100", 21, cost_centres=(codes.cost_centre, codes.cost_unit)
    )
    unit = build.line(codes.revenue, codes.sale[21], "50", 21, cost_centres=("", codes.cost_unit))
    stored = book(build.document("sale", [both]))
    assert package_case.cost_centres(stored.key) == {codes.cost_centre}
    assert package_case.cost_units(stored.key) == {codes.cost_unit}
    alone = book(build.document("sale", [unit]))
    assert package_case.cost_centres(alone.key) == set()
    assert package_case.cost_units(alone.key) == {codes.cost_unit}
    assert package.read_document(stored.key).version == stored.version


@pytest.mark.live
def test_accounting_date_decides_the_period_and_the_paper_its_date(package_case, build, book):
    document = build.purchase()
    moved = replace(document, accounting_date=document.accounting_date.replace(month=4, day=30))
    stored = book(moved)
    assert stored.document_date == document.document_date


@pytest.mark.live
def test_numbers_follow_each_other(package_case, package, build, book):
    if not package.capabilities.consecutive_numbers:
        pytest.skip("the package numbers itself")
    keys = [book(build.sale()).key for _document in range(3)]
    assert package_case.keys() == sorted(keys)
    series = package.number_series(build.sale())
    assert package.last_number(series) == 3
    other = build.sale(journal=package_case.codes.other_sale_journal)
    assert package.number_series(other) != series
    assert package.last_number(package.number_series(other)) == 0


def test_long_texts_and_emoji(package_case, package, build, receive):
    text = "🧾 Prestaties «été» " * 40
    codes = package_case.codes
    line = build.line(codes.revenue, codes.sale[21], "10", 21, text=text)
    document = build.document("sale", [line], text=text, reference="R" * 300)
    key = receive(document)
    assert key in package_case.keys()
    package_case.check(document, key, package)


def test_two_hundred_lines(package_case, package, build, receive):
    codes = package_case.codes
    lines = [
        build.line(codes.revenue, codes.sale[21], f"{number}.07", 21) for number in range(1, 201)
    ]
    document = build.document("sale", lines)
    package_case.check(document, receive(document), package)


def test_large_amounts(package_case, package, build, receive):
    document = build.sale("98765432.10")
    package_case.check(document, receive(document), package)
