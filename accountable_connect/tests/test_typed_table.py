"""Journals, codes, accounts and book years as people type, paste and save them."""

from datetime import date

import pytest
from odoo.addons.accountable_connect.api.book_years import BookYear, years_of
from odoo.addons.accountable_connect.api.typed_table import (
    COLUMNS,
    JOURNAL_DETAILS,
    TypedTableError,
    read_typed,
)
from odoo.addons.accountable_connect.documents import MASTER_DATA_KINDS

VAT_HEADINGS = {
    "en": ("Code", "Name", "Rate", "Sales/purchases", "User code 1", "User code 2", "Deductible"),
    "nl": (
        "Code",
        "Omschrijving",
        "Tarief",
        "Verkoop/aankoop",
        "Gebruikerscode 1",
        "Gebruikerscode 2",
        "Aftrekbaar",
    ),
    "fr": (
        "Code",
        "Libellé",
        "Taux",
        "Vente/achat",
        "Code utilisateur 1",
        "Code utilisateur 2",
        "Déductible",
    ),
}


def rows(kind, content, **options):
    """``(code, name, details)`` of what is read, where nothing is wrong."""
    table = read_typed(kind, content, **options)
    assert not table.findings
    return [(item.code, item.name, item.details) for item in table.items]


def findings(kind, content, **options):
    table = read_typed(kind, content, **options)
    return [(one.line, one.column, one.code) for one in table.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("language", VAT_HEADINGS)
@pytest.mark.parametrize("heading", [True, False])
def test_as_people_save_or_paste_it(encoding, delimiter, language, heading):
    row = ("221400", '"Dépôt; 21%"', "21", "achats", "21", "V21", "partiel")
    lines = [VAT_HEADINGS[language], row] if heading else [row]
    content = "\r\n".join(delimiter.join(line) for line in lines)
    details = {"rate": "21", "scope": "purchase", "deductible": "part", "user_codes": ["21", "V21"]}
    assert rows("vat_code", content.encode(encoding)) == [("221400", "Dépôt; 21%", details)]


def test_columns_in_another_order_and_some_that_mean_nothing():
    table = read_typed("journal", "Type\tSaldo\tNaam\tCode\nVerkoop\t12\tVerkopen\tV1\n\n")
    assert table.ignored == ("Saldo",)
    [item] = table.items
    assert (item.code, item.name, item.details) == ("V1", "Verkopen", JOURNAL_DETAILS["sale"])


@pytest.mark.parametrize(
    ("words", "type_"),
    [
        ("Sales", "sale"),
        ("verkoopfacturen", "sale"),
        ("Ventes", "sale"),
        ("Sales credit notes", "sale_refund"),
        ("Creditnota's verkoop", "sale_refund"),
        ("Notes de crédit ventes", "sale_refund"),
        ("NC Ventes", "sale_refund"),
        ("aankopen", "purchase"),
        ("Achats", "purchase"),
        ("Creditnota's aankopen", "purchase_refund"),
        ("Creditnota aankopen", "purchase_refund"),
        ("Note de crédit ventes", "sale_refund"),
        ("Note de crédit achat", "purchase_refund"),
        ("Financieel", "bank"),
        ("Diverse verrichtingen", "misc"),
        ("Opérations diverses", "misc"),
        ("3", "sale_refund"),
    ],
)
def test_types_of_journals(words, type_):
    [(_code, _name, details)] = rows(
        "journal", f"X;Name;{words}", journal_types={"3": "sale_refund"}
    )
    assert details == JOURNAL_DETAILS[type_]


def test_every_type_says_for_what_it_is():
    assert {one["type"] for one in JOURNAL_DETAILS.values()} == {"sale", "purchase", "bank", "misc"}
    assert set(COLUMNS) <= set(MASTER_DATA_KINDS)


@pytest.mark.parametrize(
    ("rate", "read"), [("21", "21"), ("21,00 %", "21"), ("5.50", "5.5"), ("0", "0"), ("6%", "6")]
)
def test_rates(rate, read):
    assert rows("vat_code", f'A;B;"{rate}"') == [("A", "B", {"rate": read})]


def test_ledger_accounts_keep_their_zeros():
    content = 'Rekening;Naam\n="0040000";Klanten\n604000;Handelsgoederen'
    assert [row[:2] for row in rows("ledger_account", content)] == [
        ("0040000", "Klanten"),
        ("604000", "Handelsgoederen"),
    ]


def test_each_bad_line_says_what_is_wrong():
    assert findings(
        "vat_code",
        "1;x;21;sales\n;x;21\n3;x;many\n4;x;120;neither\n1;again\n" + "9" * 61 + ";x\n7;\x07",
    ) == [
        (2, "code", "blank"),
        (3, "rate", "rate"),
        (4, "rate", "rate"),
        (4, "scope", "scope"),
        (5, "code", "double"),
        (6, "code", "long"),
        (7, "name", "signs"),
    ]
    assert findings("journal", 'V1;"of two\nlines";sales\nV2;x;sales;\nV3;y') == [
        (4, "type", "blank")
    ]
    assert findings("period", "31/02/2026;2026\n01/01/2026;31/12/2026;0;17;perhaps") == [
        (1, "date_from", "day"),
        (1, "date_to", "day"),
        (2, "months", "months"),
        (2, "year_rank", "year_rank"),
        (2, "closed", "yes_no"),
    ]
    assert findings("vat_code", "1;x;;;;;half") == [(1, "deductible", "deductible")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (" \n", "empty"),
        ("code;name;rate", "empty"),
        (b"PK\x03\x04 a spreadsheet", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0 an old one", "spreadsheet"),
        (b"1;\0", "not_text"),
        ('1;"never ends', "quotes"),
        ("name;rate\nx;21", "columns"),
        (b"1;x\n" * 1_400_000, "too_big"),
        (b"1;x\n" * 100_002, "rows"),
    ],
)
def test_what_cannot_be_read_at_all(content, code):
    with pytest.raises(TypedTableError) as caught:
        read_typed("vat_code", content)
    assert caught.value.code == code
    assert caught.value.missing == (("code",) if code == "columns" else ())


# Book years


def periods(content, **options):
    table = read_typed("period", content, **options)
    assert not table.findings
    return table.items


def test_a_book_year_of_months():
    months = periods("Van;Tot\n01/07/2025;30/06/2026")
    assert [item.details["rank"] for item in months] == [f"{number:02}" for number in range(1, 13)]
    assert months[0].code == "2025-07-01/01"
    assert months[11].details == {
        "date_from": "2026-06-01",
        "date_to": "2026-06-30",
        "book_year": "2025-07-01",
        "rank": "12",
    }


def test_a_long_first_year_and_quarters():
    months = periods("15-03-25;31-08-2026")
    assert (len(months), months[0].details["date_from"]) == (18, "2025-03-15")
    quarters = periods("Premier jour;Dernier jour;Mois;Rang;Clôturé\n2026-01-01;2026-11-30;3;a;non")
    assert [item.details["date_to"] for item in quarters] == [
        "2026-03-31",
        "2026-06-30",
        "2026-09-30",
        "2026-11-30",
    ]
    assert {(one.details["year_rank"], one.details["closed"]) for one in quarters} == {("A", False)}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("2026-12-31;2026-01-01", [(1, "", "order")]),
        ("2026-01-01;2028-01-31", [(1, "", "long_year")]),
        ("0001-01-01;9999-12-31", [(1, "", "long_year")]),
        ("9999-01-01;9999-12-31", [(1, "", "long_year")]),
        (f"2026-01-01;2026-12-31;{'1' * 6000}", [(1, "months", "months")]),
        ("2026-01-01;2026-12-31\n2026-12-31;2027-12-31", [(2, "", "overlap")]),
        ("2027-01-02;2027-12-31\n2026-01-01;2026-12-31", [(1, "", "gap")]),
        ("2026-01-01;2026-12-31;;4\n2027-01-01;2027-12-31;;4", [(2, "", "same_rank")]),
        ("2026-01-01;2026-12-31\n2026-01-01;2026-12-31", [(2, "", "overlap")]),
    ],
)
def test_book_years_that_do_not_follow_one_another(content, found):
    assert findings("period", content) == found
    assert not read_typed("period", content).items


def test_a_book_year_is_typed_anew_beside_those_that_are_there():
    known = years_of(periods("2025-01-01;2025-12-31\n2026-01-01;2026-12-31"))
    assert known[0] == BookYear(first=date(2025, 1, 1), last=date(2025, 12, 31))
    assert len(periods("2026-01-01;2027-06-30", known_years=known)) == 18
    assert findings("period", "2025-01-01;2026-06-30", known_years=known) == [(1, "", "overlap")]
    assert findings("period", "2028-01-01;2028-12-31", known_years=known) == [(1, "", "gap")]


@pytest.mark.parametrize("code", ["VE\u200bN", "\u202eVEN", "VEN\ufeff"])
def test_what_nobody_sees_is_not_part_of_a_code(code):
    [journal] = read_typed("journal", f"{code};Verkopen;sales").items
    assert journal.code == "VEN"


def test_hostile_cells_are_said_to_be_wrong():
    [finding] = read_typed("vat_code", "211400;x;1e-999999;sales").findings
    assert (finding.column, finding.code) == ("rate", "rate")
    assert read_typed("journal", "V\ud800;Verkopen;sales").items[0].code == "V?"
