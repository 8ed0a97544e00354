"""The folder out of master data, the usual VAT codes, and the numbers of thirds by rule."""

from datetime import date
from decimal import Decimal
from itertools import islice

import pytest
from odoo.addons.accountable_connect.api.vat_families import PURCHASE_CLASSES
from odoo.addons.accountable_connect.documents import JOURNAL, PERIOD, VAT_CODE, MasterItem
from odoo.addons.accountable_connect_winbooks import entering
from odoo.addons.accountable_connect_winbooks.api import master_items, third_list, third_number
from odoo.addons.accountable_connect_winbooks.api.vat_codes import USUAL, details_of


def item(kind, code, active=True, **details):
    return MasterItem(kind=kind, code=code, name=code, details=details, active=active)


def periods(*spans, book_year="2026", **details):
    return master_items.periods_of(
        item(PERIOD, first, date_from=first, date_to=last, book_year=book_year, **details)
        for first, last in spans
    )


def test_journals_have_one_type():
    folder = master_items.folder_of(
        [
            item(JOURNAL, "VEN", type="sale", refund=False),
            item(JOURNAL, "NCV", type="sale", refund=True),
            item(JOURNAL, "ACH", type="purchase"),
            item(JOURNAL, "NCA", type="purchase", refund=True),
            item(JOURNAL, "BNK", type="bank"),
            item(JOURNAL, "OD", type="misc"),
            item(JOURNAL, "?", type="other"),
            item(JOURNAL, "OLD", active=False, type="sale"),
        ]
    )
    expected = {"VEN": "2", "NCV": "3", "ACH": "0", "NCA": "1", "BNK": "4", "OD": "5", "?": ""}
    assert folder.journals == expected


def test_vat_codes_know_what_was_typed():
    [code] = master_items.folder_of(
        [item(VAT_CODE, "211400", rate="21", user_codes=["21", "V21"], deductible="full")]
    ).vat_codes.values()
    assert (code.rate, code.users, code.deductible) == (Decimal(21), ("21", "V21"), "full")
    [code] = master_items.folder_of([item(VAT_CODE, "2", rate="?")]).vat_codes.values()
    assert (code.rate, code.users, code.deductible) == (None, (), "")


def test_a_period_is_counted_in_its_book_year():
    found = periods(
        ("2026-10-01", "2026-12-31"), ("2026-07-01", "2026-09-30"), ("2027-01-01", "2027-06-30")
    )
    assert [(one.rank, one.date_from.month) for one in found] == [("01", 7), ("02", 10), ("03", 1)]
    period = master_items.period_of(found, date(2026, 12, 31))
    assert period.rank == "02"
    assert master_items.period_of(found, date(2026, 6, 30)) is None
    assert master_items.part_of(period, True) == "2026/02"
    assert master_items.periods_of_part(found, "2026/02") == [period]
    assert master_items.year_label(found, "2026") == "07/2026-06/2027"
    assert periods(("2026-01-01", "2026-12-31"), rank="05")[0].rank == "05"


def test_a_batch_is_a_book_year_where_its_rank_is_known():
    found = periods(("2026-01-01", "2026-12-31"), year_rank="7")
    assert master_items.part_of(found[0], True) == "2026"
    assert master_items.part_of(found[0], False) == "2026/01"
    assert master_items.year_label(found, "2026") == "2026"
    assert master_items.year_label(found, "2025") == ""


def test_usual_vat_codes_say_what_they_are_for():
    for code, details in USUAL.items():
        assert len(code) == 6
        assert details["scope"] == {"1": "purchase", "2": "sale"}[code[0]]
        assert Decimal(details["rate"]) in (0, 6, 12, 21)
        if details["scope"] == "purchase":
            assert details["purchase_class"] in PURCHASE_CLASSES
    assert USUAL["113304"] == {
        "scope": "purchase",
        "family": "co_contractor",
        "purchase_class": "83",
        "rate": "21",
    }
    # two that differ in what they are for are never taken for one another
    meanings = [tuple(sorted(details.items())) for details in USUAL.values()]
    assert len(meanings) - len(set(meanings)) <= 1  # 123100 and a rate nobody has


def test_other_vat_codes_tell_by_their_first_digit():
    assert details_of("112104", "whatever")["purchase_class"] == "82"
    other = details_of("118904", "Investeringen medecontractant")
    assert (other["scope"], other["family"], other["purchase_class"]) == (
        "purchase",
        "co_contractor",
        "83",
    )
    # the class that it names is of services and of goods
    words = "Diensten en diverse goederen 21 %, intracommunautair, aftrekbaar 50 %"
    assert details_of("122504", words)["family"] == "intra_services"
    assert details_of("124504", words)["family"] == "intra_goods"
    assert details_of("21", "Sales 21 %") == {}
    assert details_of("911400", "Sales 21 %") == {}
    # what somebody typed counts
    assert details_of("21", "Sales 21 %", "sale")["family"] == "domestic"
    assert details_of("211400", "Aankoop", "purchase")["scope"] == "purchase"


@pytest.mark.parametrize(
    ("reference", "vat_number", "name", "expected"),
    [
        ("c-001", "BE0477472701", "Alfa", ["C001", "C0012", "C0013"]),
        ("", "BE0477472701", "Alfa", ["0477472701", "0477472702", "0477472703"]),
        ("A reference of an order", "", "Éléonore & Zoë", ["ELEONOREZO", "ELEONOREZ2"]),
        ("", "FR12345678901", "Société", ["SOCIETE", "SOCIETE2"]),
        ("", "", "株式会社", ["THIRD", "THIRD2"]),
    ],
)
def test_numbers_of_thirds(reference, vat_number, name, expected):
    found = list(islice(third_number.candidates(reference, vat_number, name), len(expected)))
    assert found == expected
    assert all(third_number.is_number(one) for one in found)


def test_a_pasted_list_is_read():
    rows = third_list.rows_of('Number\tName\tVAT\nalfa\tDe "Zaak"\t\n\n12\tBeta\tBE 0477.472.701')
    assert [(row.line, row.number, row.name, row.vat_number) for row in rows] == [
        (2, "ALFA", 'De "Zaak"', ""),
        (4, "12", "Beta", "BE 0477.472.701"),
    ]
    [row] = third_list.rows_of('"A1","Alfa, Beta","BE0477472701"')
    assert (row.number, row.name) == ("A1", "Alfa, Beta")
    # without what the columns are called
    assert len(third_list.rows_of("ALFA1;Alfa\nBETA;Beta")) == 2
    # a quotation mark that never ends hides nothing
    open_quote = third_list.rows_of('1;"Alfa\n2;Beta\n3;"De Zaak" BV')
    assert [(row.number, row.name) for row in open_quote] == [
        ("1", '"Alfa'),
        ("2", "Beta"),
        ("3", '"De Zaak" BV'),
    ]


def test_each_reason_concerns_something():
    assert set(entering.CONCERNS) == set(entering.SENTENCES)
