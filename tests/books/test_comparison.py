"""The comparison itself: what is equal, what has a name, and that nothing hides behind one."""

from copy import deepcopy
from decimal import Decimal as D

import pytest

from tooling.books.compare import ACCOUNTS, BOXES, NAMED, OPEN, PARTY, PRESENCE, compare
from tooling.books.figures import (
    SUPPLIERS,
    VAT_ACCOUNTS,
    Booking,
    PackageLine,
    TaxPosting,
    booking_from_data,
    to_data,
)
from tooling.books.named import half_up
from tooling.books.table import lines_of


def bill(**values):
    """100.00 + 21 % on 613310, as both sides book it."""
    figures = {
        "key": "9/A1/1",
        "label": "BILL/2026/03/0001",
        "kind": "purchase",
        "accounts": {"613310": D("100.00"), VAT_ACCOUNTS: D("21.00"), SUPPLIERS: D("-121.00")},
        "boxes": {"82": D("100.00"), "59": D("21.00")},
        "party_amount": D("-121.00"),
        "open_amount": D("-121.00"),
        "open_company": D("-121.00"),
        "items": 3,
    }
    return Booking(**{**figures, **values})


def half_deductible(amount_deductible):
    """250.00 + 52.50 of which 85 % is deductible: half a cent to round."""
    cost = D("52.50") - amount_deductible
    return {
        "accounts": {
            "610300": D("250.00") + cost,
            VAT_ACCOUNTS: amount_deductible,
            SUPPLIERS: D("-302.50"),
        },
        "boxes": {"82": D("250.00") + cost, "59": amount_deductible},
        "party_amount": D("-302.50"),
        "open_amount": D("-302.50"),
        "open_company": D("-302.50"),
    }


def odoo_half_deductible(name="IN-V82-D85", deductible="44.62"):
    deductible = D(deductible)
    tax = TaxPosting(
        name,
        "D21",
        False,
        base={"610300": D("250.00")},
        invoiced=D("52.50"),
        deductible=deductible,
        cost={"610300": D("52.50") - deductible},
        base_boxes={"82": 1},
        cost_boxes={"82": 1},
        deductible_boxes={"59": 1},
        items=1,
    )
    return bill(taxes=[tax], **half_deductible(deductible))


def package_half_deductible(deductible="44.63", share="85"):
    line = PackageLine("610300", "D21", D("250.00"), D("52.50"), D(share), D(21))
    return bill(lines=[line], **half_deductible(D(deductible)))


def credit_note(side, tax="IN-V82-21-CC", boxes=None):
    """A credit note of 600.00 under reverse charge."""
    posting = TaxPosting(
        tax,
        "DM21",
        True,
        base={"611000": D("600.00")},
        deductible=D("126.00"),
        owed=D("126.00"),
        base_boxes={"82": -1, "85": 1, "87": -1},
    )
    line = PackageLine("611000", "DM21", D("600.00"), D(0), D(100), D(21), True)
    return bill(
        kind="purchase_refund",
        accounts={"611000": D("-600.00"), SUPPLIERS: D("600.00")},
        boxes={"82": D("-600.00"), "85": D("600.00"), "87": D("-600.00"), **(boxes or {})},
        party_amount=D("600.00"),
        open_amount=D("600.00"),
        open_company=D("600.00"),
        taxes=[posting] if side == "odoo" else [],
        lines=[] if side == "odoo" else [line],
    )


def test_equal_books_agree():
    comparison = compare([bill()], [bill()])
    assert comparison.agrees
    assert not comparison.differences
    assert "The books agree: 1 documents" in lines_of(comparison)[-1]


def changed(name, key, amount):
    """A bill with one figure of a collection changed."""
    booking = bill()
    getattr(booking, name)[key] = D(amount)
    return booking


@pytest.mark.parametrize(
    "section, package",
    [
        (ACCOUNTS, changed("accounts", "613310", "100.01")),
        (ACCOUNTS, changed("accounts", "613320", "0.01")),
        (ACCOUNTS, changed("accounts", VAT_ACCOUNTS, "20.99")),
        (BOXES, changed("boxes", "59", "21.01")),
        (BOXES, changed("boxes", "81", "0.01")),
        (PARTY, bill(party_amount=D("-121.01"))),
        (PARTY, bill(currency="USD")),
        (OPEN, bill(open_amount=D("-120.99"))),
        (PRESENCE, bill(key="9/A1/2")),
    ],
)
def test_a_cent_is_found(section, package):
    comparison = compare([bill()], [package])
    assert not comparison.agrees
    assert section in {row.section for row in comparison.differing}
    assert "DIFFER" in lines_of(comparison)[-1]


def test_two_errors_that_cancel_each_other_are_found():
    first, second = bill(), bill(key="9/A1/2", label="BILL/2026/03/0002")
    wrong_first, wrong_second = deepcopy(first), deepcopy(second)
    wrong_first.accounts["613310"] += D("1.00")
    wrong_second.accounts["613310"] -= D("1.00")
    comparison = compare([first, second], [wrong_first, wrong_second])
    assert {row.subject for row in comparison.differing} == {
        "BILL/2026/03/0001: 613310",
        "BILL/2026/03/0002: 613310",
    }


def test_a_booking_without_document_is_found():
    comparison = compare([bill()], [bill(), bill(key="9/A1/9", label="A1 9")])
    assert [row.subject for row in comparison.differing if row.section == PRESENCE] == ["A1 9"]


def test_half_a_cent_of_a_percentage_has_a_name():
    comparison = compare([odoo_half_deductible()], [package_half_deductible()])
    assert comparison.agrees
    assert {
        (row.subject, str(row.named["R2"])) for row in comparison.rows if row.verdict == NAMED
    } == {("610300", "-0.01"), (VAT_ACCOUNTS, "0.01"), ("59", "0.01"), ("82", "-0.01")}


@pytest.mark.parametrize(
    "package",
    [
        package_half_deductible("44.64"),  # not what the package's arithmetic gives
        package_half_deductible("26.25", share="50"),  # another share was sent
    ],
)
def test_more_than_the_predicted_cent_has_no_name(package):
    assert not compare([odoo_half_deductible()], [package]).agrees


def test_a_whole_share_explains_no_cent():
    odoo = odoo_half_deductible("IN-V82-21-S", "52.50")
    assert not compare([odoo], [package_half_deductible("52.49", share="100")]).agrees


def test_a_credit_note_under_reverse_charge_in_62_and_63():
    package = credit_note("package", boxes={"62": D("126.00"), "63": D("126.00")})
    comparison = compare([credit_note("odoo")], [package])
    assert comparison.agrees
    assert {difference.name for difference in comparison.differences} == {"D3"}


@pytest.mark.parametrize(
    "odoo, boxes",
    [
        (credit_note("odoo"), {"62": D("126.00")}),  # half of it
        (credit_note("odoo"), {"62": D("126.01"), "63": D("126.01")}),  # another amount
        (credit_note("odoo", "IN-V82-21-S"), {"62": D("126.00"), "63": D("126.00")}),  # another tax
    ],
)
def test_a_name_covers_its_taxes_and_amounts_only(odoo, boxes):
    assert not compare([odoo], [credit_note("package", boxes=boxes)]).agrees


def odoo_in_82():
    """100.00 + 21 % that Odoo's tax puts in box 82."""
    tax = TaxPosting(
        "IN-V82-21-S",
        "A21",
        False,
        base={"613310": D("100.00")},
        invoiced=D("21.00"),
        deductible=D("21.00"),
        base_boxes={"82": 1},
        deductible_boxes={"59": 1},
        items=1,
    )
    return bill(taxes=[tax])


def package_by_account(classes, boxes):
    line = PackageLine("613310", "A21", D("100.00"), D("21.00"), D(100), D(21))
    return bill(
        lines=[line],
        purchase_boxes=classes,
        boxes={name: D(amount) for name, amount in boxes.items()},
    )


@pytest.mark.parametrize(
    "classes, boxes, names",
    [
        ({"613310": "82"}, {"82": "100.00", "59": "21.00"}, set()),
        ({"613310": "81"}, {"81": "100.00", "59": "21.00"}, {"E1"}),
        ({"604000": "81"}, {"59": "21.00"}, {"E1"}),  # an account without a class
    ],
)
def test_the_class_of_the_ledger_account_has_a_name(classes, boxes, names):
    comparison = compare([odoo_in_82()], [package_by_account(classes, boxes)])
    assert comparison.agrees
    assert {difference.name for difference in comparison.differences} == names


@pytest.mark.parametrize(
    "classes, boxes",
    [
        (None, {"81": "100.00", "59": "21.00"}),  # a package that takes it from the code
        ({"613310": "81"}, {"82": "100.00", "59": "21.00"}),  # not where its own class puts it
        ({"613310": "81"}, {"81": "100.01", "59": "21.00"}),
        ({"613310": "81"}, {"81": "100.00", "59": "21.01"}),
    ],
)
def test_a_class_explains_its_own_box_only(classes, boxes):
    assert not compare([odoo_in_82()], [package_by_account(classes, boxes)]).agrees


def test_taxes_of_two_classes_on_one_code_are_not_counted_twice():
    """Half a cent on a line of each: what the package rounds goes in the account's box, once."""

    def side(shift):
        cost = {"610300": D("7.88") + shift, "241000": D("7.87")}
        accounts = {
            "610300": D("250.00") + cost["610300"],
            "241000": D("250.00") + cost["241000"],
            VAT_ACCOUNTS: D("89.25") - shift,
            SUPPLIERS: D("-605.00"),
        }
        return {
            "accounts": accounts,
            "party_amount": D("-605.00"),
            "open_amount": D("-605.00"),
            "open_company": D("-605.00"),
            "boxes": {"82": accounts["610300"], "83": accounts["241000"], "59": D("89.25") - shift},
        }

    taxes = [
        TaxPosting(
            name,
            "A21",
            False,
            base={account: D("250.00")},
            invoiced=D("52.50"),
            deductible=D("52.50") - cost,
            cost={account: cost},
            base_boxes={box: 1},
            cost_boxes={box: 1},
            deductible_boxes={"59": 1},
            items=1,
        )
        for name, account, box, cost in (
            ("IN-V82-D85", "610300", "82", D("7.88")),
            ("IN-V83-D85", "241000", "83", D("7.87")),
        )
    ]
    lines = [
        PackageLine(account, "A21", D("250.00"), D("52.50"), D(85), D(21))
        for account in ("610300", "241000")
    ]
    odoo = bill(taxes=taxes, **side(D(0)))
    package = bill(lines=lines, purchase_boxes={"610300": "82", "241000": "83"}, **side(D("-0.01")))
    comparison = compare([odoo], [package])
    assert comparison.agrees, "\n".join(lines_of(comparison))
    assert {difference.name for difference in comparison.differences} == {"R2"}


def test_what_a_miscellaneous_entry_settled_is_named():
    package = bill(open_amount=D(0), open_company=D(0), settled_elsewhere=D("121.00"))
    comparison = compare([bill()], [package])
    assert comparison.agrees
    assert "S1 " in "\n".join(lines_of(comparison))
    package.settled_elsewhere = D("120.00")
    assert not compare([bill()], [package]).agrees


def test_figures_survive_json():
    booking = odoo_half_deductible()
    booking.lines = package_half_deductible().lines
    assert booking_from_data(to_data(booking)) == booking


def test_half_up():
    assert [str(half_up(D(amount))) for amount in ("0.005", "-0.005", "44.625", "2.1049")] == [
        "0.01",
        "-0.01",
        "44.63",
        "2.10",
    ]


def odoo_typed(deductible, typed):
    odoo = odoo_half_deductible(deductible=deductible)
    odoo.taxes[0].typed = D(typed)
    return odoo


def test_vat_typed_over_has_a_name_of_its_own():
    """Never that of computed rounding, be it one cent."""
    for deductible, typed, difference in (("44.00", "0.62", "0.63"), ("44.62", "0.01", "0.01")):
        comparison = compare([odoo_typed(deductible, typed)], [package_half_deductible()])
        assert comparison.agrees
        assert {(one.name, str(one.boxes["59"])) for one in comparison.differences} == {
            ("R3", difference)
        }


@pytest.mark.parametrize(
    "odoo, package",
    [
        (odoo_typed("44.00", "0"), package_half_deductible()),  # nobody typed that much
        (odoo_typed("44.00", "0.10"), package_half_deductible()),
        (
            odoo_typed("44.00", "0.62"),
            package_half_deductible("44.64"),
        ),  # not the package's arithmetic
    ],
)
def test_typed_vat_explains_itself_only(odoo, package):
    assert not compare([odoo], [package]).agrees


def private_service(boxes, **values):
    """An EU service of 100.00, 25 % private: the accounts are the same on both sides."""
    return bill(
        accounts={
            "613310": D("75.00"),
            "416000": D("30.25"),
            VAT_ACCOUNTS: D("-5.25"),
            SUPPLIERS: D("-100.00"),
        },
        boxes={box: D(amount) for box, amount in boxes.items()},
        party_amount=D("-100.00"),
        open_amount=D("-100.00"),
        open_company=D("-100.00"),
        **values,
    )


def odoo_private():
    return private_service(
        {"82": "75.00", "88": "75.00", "55": "21.00", "59": "15.75"},
        taxes=[
            TaxPosting(
                "IN-V82-21-EU-S",
                "DED21",
                True,
                base={"613310": D("75.00")},
                deductible=D("15.75"),
                owed=D("21.00"),
                private={"416000": D("25.00")},
                private_vat=D("5.25"),
                base_boxes={"82": 1, "88": 1},
                deductible_boxes={"59": 1},
                owed_boxes={"55": 1},
                items=2,
            )
        ],
    )


def package_private(**boxes):
    figures = {"82": "105.25", "88": "100.00", "55": "21.00", "59": "15.75"} | boxes
    return private_service(
        figures,
        lines=[
            PackageLine("613310", "DED21", D("75.00"), D(0), D(100), D(21), True),
            PackageLine("416000", "DED21", D("25.00"), D(0), D(0), D(21), True),
        ],
    )


def test_a_private_share_under_reverse_charge_has_a_name():
    comparison = compare([odoo_private()], [package_private()])
    assert comparison.agrees
    [difference] = comparison.differences
    assert difference.name == "E2"
    assert difference.boxes == {"82": D("30.25"), "88": D("25.00"), "55": 0, "59": 0}


@pytest.mark.parametrize("boxes", [{"88": "75.00"}, {"82": "100.00"}, {"55": "15.75"}])
def test_a_private_share_explains_its_own_boxes_only(boxes):
    assert not compare([odoo_private()], [package_private(**boxes)]).agrees


def test_cost_of_goods_is_counted_and_has_a_name():
    """It stands in Odoo's books alone, beside documents that are equal."""
    goods = {"604000": D("40.00"), "340000": D("-40.00")}
    odoo = [
        bill(cost_of_goods=dict(goods)),
        bill(key="9/A1/2", label="B2", cost_of_goods=dict(goods)),
        bill(key="9/A1/3", label="B3"),
    ]
    package = [bill(key=one.key, label=one.label) for one in odoo]
    comparison = compare(odoo, package)
    assert comparison.agrees
    rows = {row.subject: row for row in comparison.rows if row.section == ACCOUNTS}
    assert (rows["604000"].odoo, rows["604000"].package) == (D("80.00"), D(0))
    assert rows["604000"].named == {"C1": D("-80.00")}
    assert rows["340000"].verdict == NAMED
    assert rows["604000"].documents["C1"] == [odoo[0].label, "B2"]
    [line] = [line for line in lines_of(comparison) if line.startswith("C1  not sent")]
    assert "2 documents" in line
    assert "80.00 on 604000" in line
    assert "-80.00 on 340000" in line
    # sent by mistake, it is a difference
    assert not compare(odoo[:1], [bill(accounts={**odoo[0].accounts, **goods})]).agrees
    assert booking_from_data(to_data(odoo[0])) == odoo[0]


def test_cost_of_goods_is_no_difference_of_rates():
    """In foreign currency a package converts the document, and nothing besides."""
    odoo = bill(currency="USD", rate=D("0.9"), cost_of_goods={"604000": D("0.01")})
    found = compare([odoo], [bill(currency="USD", rate=D("0.9"))]).differences
    assert {one.name for one in found if one.accounts.get("604000")} == {"C1"}
