"""A table of what became of documents, as receivers and people write it."""

import pytest
from odoo.addons.accountable_connect.api import import_report, table_text
from odoo.addons.accountable_connect.api.import_report import Answer, ReportError, read_report


def answer(number, outcome, words=""):
    return Answer(number=number, outcome=outcome, words=words)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
def test_as_spreadsheets_save_it(encoding, delimiter, ending):
    rows = (("Numéro", "Résultat", "Motif"), ("F1", "refusé", "Client inconnu à Liège"))
    text = ending.join(delimiter.join(row) for row in rows)
    assert read_report(text.encode(encoding)) == [answer("F1", "refused", "Client inconnu à Liège")]


def test_columns_go_by_their_heading():
    content = b"date;Message ;amount; STATUS:;number\n2026;a;1;ok;F1\n2026;b\n;;;;\n;;;ok;F2;more"
    assert read_report(content) == [answer("F1", "confirmed", "a"), answer("F2", "confirmed")]


def test_without_a_column_of_words():
    assert read_report(b"number,outcome\nF1,error") == [answer("F1", "refused")]


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("OK", "confirmed"),
        ("Geboekt", "confirmed"),
        (" confirmé ", "confirmed"),
        ("KO", "refused"),
        ("Not  OK", "refused"),
        ("", ""),
        ("maybe", ""),
        ("not confirmed", ""),
    ],
)
def test_words_of_the_outcome(word, outcome):
    content = f"number;outcome\nF1;{word}".encode()
    assert read_report(content) == [answer("F1", outcome)]


def test_two_outcomes_of_one_document_are_none():
    content = b"number;outcome;words\nF1;ok;\nF2;ok;first\nF1;refused;x\nF2;ok;second\nF1;ok;"
    assert read_report(content) == [answer("F1", ""), answer("F2", "confirmed", "first")]


def test_a_cell_is_text_whatever_a_spreadsheet_makes_of_it():
    content = (
        b'number;outcome;words\n"=""00012""";ok;=HYPERLINK("x")\n@SUM(1);ok;"a\r\nb;c"\n+1;ok;\x01x'
    )
    assert read_report(content) == [
        answer("00012", "confirmed", '=HYPERLINK("x")'),
        answer("@SUM(1)", "confirmed", "a b;c"),
        answer("+1", "confirmed", "x"),
    ]


def test_long_cells_are_cut():
    [found] = read_report(f"number;outcome;words\n{'1' * 900};ok;{'x' * 9000}".encode())
    assert len(found.number) == import_report.LONGEST_NUMBER
    assert len(found.words) == import_report.LONGEST_WORDS


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n \n", "empty"),
        (b"number;outcome\n" + b"x" * table_text.MOST_BYTES, "too_big"),
        (b"number;outcome\n" + b"1;ok\n" * (table_text.MOST_ROWS + 1), "rows"),
        (b"PK\x03\x04 rest of an xlsx", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0 rest of an xls", "spreadsheet"),
        (b"number;outcome\n\x00\x00", "not_text"),
        (b"\xff\xfeodd", "not_text"),
        (b"number;outcome\n\x81\x8d", "not_text"),
        (b'number;outcome\n"' + b"x" * 200_000, "quotes"),
        (b'number;outcome\nF1;ok\n"F2;ok\nF3;refused', "quotes"),
        (b'number;outcome;words\nF1;ok;"a "b" c"', "quotes"),
        (b"<?xml version='1.0'?><report/>", "columns"),
        (b"number;words\n1;ok", "columns"),
        (b"outcome;words\nok;1", "columns"),
        (b"F1;ok;no headings", "columns"),
    ],
)
def test_what_cannot_be_read_is_said(content, code):
    with pytest.raises(ReportError) as caught:
        read_report(content)
    assert caught.value.code == code


def test_the_template_can_be_read():
    confirmed, refused = read_report(import_report.TEMPLATE)
    assert (confirmed.outcome, refused.outcome) == ("confirmed", "refused")
    assert refused.words
