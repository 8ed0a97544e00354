"""Files of other programs, as the sandbox of WinBooks on the desktop reads them."""

from __future__ import annotations

import ast
import io
import zipfile
from pathlib import Path

import pytest
import winbooks_files as wf
from winbooks_files import FOLDER, QUARTERS
from winbooks_office import codes, document, import_files, notes, try_out

import sandbox.winbooks_desktop
from sandbox.winbooks_desktop import files


@pytest.mark.parametrize("count", wf.COUNTS)
@pytest.mark.parametrize("write", [wf.quoted, wf.unquoted, wf.comment_quoted])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_any_of_the_shapes_that_are_seen(office, count, write, end):
    sent = wf.files(wf.sale(count=count), wf.purchase(count=count), write=write, end=end)
    assert import_files(office, sent) == 0
    assert office.trial_balance(FOLDER) == {
        "400000": "1210.00",
        "411000": "105.00",
        "440000": "-605.00",
        "451000": "-210.00",
        "604000": "500.00",
        "700000": "-1000.00",
    }
    assert office.vat_boxes(FOLDER) == {
        "03": "1000.00",
        "54": "210.00",
        "59": "105.00",
        "82": "500.00",
    }


def test_a_sale_with_two_rates_written_without_quotation_marks(office):
    """The published example of a real export, line by line, with three decimals."""
    office.winbooks.act(FOLDER, "account", account="700300", name="Verkoop 12 %")
    rows = (
        "1,VEN,2,00123,,,400000,CLIENT,,,,20260115,20260214,Invoice 123,+++090/9337/55493+++,"
        "0.000,1861.400,1747.040,,0.000,,0.000,114.360,,0.00000",
        "3,VEN,2,00123,,,700100,CLIENT,,,,20260115,,Works,,0.000,-1683.440,0.000,,0.000,,0.000,"
        "0.000,211200,0.00000",
        "3,VEN,2,00123,,,700300,CLIENT,,,,20260115,,Food,,0.000,-63.600,0.000,,0.000,,0.000,0.000,"
        "211400,0.00000",
        "3,VEN,2,00123,VAT,FIXED,451000,CLIENT,,,,20260115,,Works,,0.000,-101.010,1683.440,211200,"
        "0.000,,0.000,0.000,,0.00000",
        "3,VEN,2,00123,VAT,FIXED,451000,CLIENT,,,,20260115,,Food,,0.000,-13.350,63.600,211400,"
        "0.000,,0.000,0.000,,0.00000",
    )
    sent = {"act.txt": "\r\n".join(rows).encode()}
    assert import_files(office, sent, {"ACC_MISS": 3}) == 0
    found = document(office, "2/VEN/2026/123")
    assert found["boxes"] == {"01": "1683.44", "03": "63.60", "54": "114.36"}
    assert (found["period"], found["total"], found["third"]) == (1, "1861.40", "1/CLIENT")
    assert found["reference"] == "+++090/9337/55493+++"
    assert found["due_date"] == "2026-02-14"


def test_accounts_that_are_left_blank(office):
    """The account of the third and of the VAT code, period and book year of the operator."""
    rows = wf.document(
        2,
        [
            (1, {"ACCOUNTRP": "ALICE", "AMOUNTEUR": "121"}),
            (3, {"ACCOUNTGL": "700000", "AMOUNTEUR": "-100"}),
            wf.vat("-21", "100", "211400"),
        ],
        count=27,
    )
    row = try_out(office, wf.files(rows), book_year="A", period=4)
    assert codes(row) == ["OUT_DAT"]
    assert import_files(office, wf.files(rows), {"OUT_DAT": 1}, book_year="A", period=4) == 0
    found = document(office, "2/VEN/2026/1")
    assert found["period"] == 4
    assert [line["account"] for line in found["entry"]] == ["400000", "700000", "451000"]


def test_the_central_account_of_a_third(office):
    other = wf.third(NUMBER="SHOP", TYPE=1, NAME1="Shop", CENTRAL="400100")
    rows = wf.document(
        2,
        [
            (1, {"ACCOUNTRP": "SHOP", "AMOUNTEUR": "100"}),
            (3, {"ACCOUNTGL": "700000", "AMOUNTEUR": "-100"}),
        ],
    )
    assert import_files(office, wf.files(rows, thirds=[other])) == 0
    assert document(office, "2/VEN/2026/1")["entry"][0]["account"] == "400100"


def test_user_codes_follow_the_language_of_the_folder(office):
    def bill(code):
        return wf.document(
            0,
            [
                (2, {"ACCOUNTRP": "SUPP", "AMOUNTEUR": "-121"}),
                (3, {"ACCOUNTGL": "612000", "AMOUNTEUR": "100", "VATIMPUT": code}),
                wf.vat("21", "100", code),
            ],
            day="20250715",
        )

    assert import_files(office, wf.files(bill("D21"))) == 0
    assert document(office, "0/ACH/2025/1")["boxes"] == {"59": "21.00", "82": "100.00"}
    assert "FLD_MISS" in codes(try_out(office, wf.files(bill("S21"))))
    assert import_files(office, wf.files(bill("S21")), folder=QUARTERS) == 0
    assert "FLD_MISS" in codes(try_out(office, wf.files(bill("D21")), QUARTERS))


@pytest.mark.parametrize(
    ("day", "year", "period"),
    [
        ("20250715", "2025-26", 1),
        ("20251231", "2025-26", 2),
        ("20260630", "2025-26", 4),
        ("20260701", "2026-27", 1),
    ],
)
def test_a_period_is_a_rank_in_its_book_year(office, day, year, period):
    assert import_files(office, wf.files(wf.sale(day=day)), folder=QUARTERS) == 0
    found = document(office, f"2/VEN/{year}/1", QUARTERS)
    assert found["period"] == period


def test_book_year_and_period_that_are_named(office):
    sent = wf.files(wf.sale(BOOKYEAR="3", PERIOD="03", day="20260110", DATE="20260110"))
    assert import_files(office, sent, folder=QUARTERS) == 0
    assert document(office, "2/VEN/2025-26/1", QUARTERS)["period"] == 3


def test_accents(office):
    name = wf.third(NUMBER="ALICE", TYPE=1, NAME1="Crème Brûlée – €")
    row = try_out(office, wf.files(wf.sale(), thirds=[name]))
    assert (codes(row), notes(row)) == ([], [])
    assert import_files(office, wf.files(wf.sale(), thirds=[name])) == 0
    assert office.books(FOLDER)["thirds"][0]["NAME1"] == "Crème Brûlée – €"
    office.winbooks.reset()
    broken = wf.files(wf.sale(), thirds=[name], encoding="utf-8")
    assert "UTF-8" in notes(try_out(office, broken))[0]
    assert import_files(office, broken) == 0
    assert office.books(FOLDER)["thirds"][0]["NAME1"].startswith("CrÃ¨me")


def test_a_byte_order_mark_is_part_of_the_first_field(office):
    sent = wf.files(wf.sale(), write=wf.unquoted)
    sent["ACT.TXT"] = b"\xef\xbb\xbf" + sent["ACT.TXT"]
    row = try_out(office, sent)
    assert row["status"] == "refused"
    assert "FLD_MISS" in codes(row)


def test_commas_inside_quotation_marks(office):
    sale = wf.sale(COMMENT="Table, oak, 2 m")
    assert import_files(office, wf.files(sale)) == 0
    assert document(office, "2/VEN/2026/1")["comment"] == "Table, oak, 2 m"


def test_a_quotation_mark_inside_a_value(office):
    sent = wf.files(wf.sale(COMMENT='a ""17"" inch'))
    assert "ACC_FLD" in codes(try_out(office, sent))
    office.winbooks.switches.set({"quote_inside": "doubled"})
    assert import_files(office, sent) == 0
    assert document(office, "2/VEN/2026/1")["comment"] == 'a "17" inch'


def test_lines_that_end_with_lf(office):
    sent = wf.files(wf.sale(), end="\n")
    assert "Lines end with LF alone" in notes(try_out(office, sent))
    office.winbooks.switches.set({"line_end": "crlf"})
    assert codes(try_out(office, sent)) == ["ACC_FLD"]


def test_a_line_break_inside_a_value(office):
    assert "ACC_FLD" in codes(try_out(office, wf.files(wf.sale(COMMENT="one\r\ntwo"))))


def test_amounts_with_a_comma(office):
    sent = wf.files(wf.sale())
    sent["ACT.TXT"] = sent["ACT.TXT"].replace(b".00", b",00")
    assert any("comma" in text for text in notes(try_out(office, sent)))
    assert import_files(office, sent) == 0
    assert office.trial_balance(FOLDER)["400000"] == "1210.00"
    office.winbooks.switches.set({"decimal_comma": "refuse"})
    assert "DEC_ERR" in codes(try_out(office, sent))


def test_logicals_and_empty_fields(office):
    sale = wf.sale(ISMATCHED="FALSE", OLDDATE="00000000", CURRAMOUNT="0", CURRATE="0.00000")
    row = try_out(office, wf.files(sale))
    assert (codes(row), notes(row)) == ([], [])


def test_what_is_longer_than_its_column(office):
    sent = wf.files(wf.sale(COMMENT="x" * 41))
    assert "is cut to 40" in " ".join(notes(try_out(office, sent)))
    office.winbooks.switches.set({"too_long": "refuse"})
    assert codes(try_out(office, sent)) == ["CAR_ERR"]


def test_fields_to_ignore(office):
    sent = wf.files(wf.sale(DATE="20260230"))
    assert codes(try_out(office, sent)) == ["BAD_DATE"]
    wrong = wf.files(wf.sale(PERIOD="05"))
    assert codes(try_out(office, wrong)) == ["OUT_DAT"]
    assert codes(try_out(office, wrong, ignored=["PERIOD"])) == []


def test_a_tail_of_csf_that_differs_by_version(office):
    long = wf.third(46, NUMBER="ALICE", TYPE=1, NAME1="Alice BV")
    long[44] = long[45] = "alice@example.com"
    assert import_files(office, wf.files(wf.sale(), thirds=[long])) == 0
    assert codes(try_out(office, wf.files(thirds=[long[:24]]))) == ["ACC_FLD"]


def test_a_program_that_leaves_types_blank(office):
    """Amounts without needless zeros, LF, no VATIMPUT, unquoted, 27 fields."""
    rows = (
        "1,VEN,,12,,,400000,ALICE,,,,20260302,,Alice BV,,,1210,1000.00,,,,,,,,,",
        "3,VEN,,12,,,700000,ALICE,,,,20260302,,Alice BV,,,-1000,,,,,,,,,,",
        "3,VEN,,12,,,451000,ALICE,,,,20260302,,Alice BV,,,-210,1000.00,211400,,,,,,,,",
    )
    sent = wf.files() | {"ACT.TXT": "\n".join([*rows, ""]).encode()}
    assert codes(try_out(office, sent)) == ["NOT_FILL"]
    office.winbooks.switches.set({"without_type": "journal"})
    assert import_files(office, sent) == 0
    assert document(office, "2/VEN/2026/12")["boxes"] == {"03": "1000.00", "54": "210.00"}


def test_a_whole_line_as_a_program_in_production_writes_it(office):
    """37 fields: orders on every line, the third repeated, blanks in dates, a type 4 of VAT."""
    tail = "0.000,,0.000,{tax},{imput},0.00000,0,,    ,T,F,F,T,F, ,F, ,"
    head = "VEN,2,00042,{order},{fixed},{account},77,A,05,20260504,20260504,20260603,,,0.000,"
    lines = [
        f"1,{head}1000.000,1000.000,,{tail}".format(
            order="001", fixed="", account="400000", tax="0.000", imput=""
        ),
        f"3,{head}-1000.000,0.000,,{tail}".format(
            order="002", fixed="", account="700500", tax="0.000", imput="212000"
        ),
        f"4,{head}-0.000,1000.000,212000,{tail}".format(
            order="VAT", fixed="FIXED", account="", tax="0.000", imput=""
        ),
    ]
    assert {line.count(",") for line in lines} == {36}
    customer = wf.third(37, NUMBER="77", TYPE=1, NAME1="Klant", VATCAT=3, CURRENCY="EUR")
    sent = wf.files(thirds=[customer]) | {"ACT.TXT": "\r\n".join(lines).encode()}
    assert import_files(office, sent) == 0
    found = document(office, "2/VEN/2026/42")
    assert (found["period"], found["boxes"]) == (5, {"45": "1000.00"})


def test_files_that_are_chosen():
    act, csf, found = files.choose(
        {"act.Txt": b"a", "CSF.csv": b"c", "ANT.TXT": b"", "ACF.TXT": b"", "cover.pdf": b""}
    )
    assert (act, csf) == (b"a", b"c")
    assert [one.file for one in found] == ["ANT.TXT", "ACF.TXT"]
    with pytest.raises(files.NothingToRead, match=r"ACT\.DBF: this format is not read"):
        files.choose({"ACT.DBF": b""})


def test_a_zip():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("batch/ACT.TXT", b"a")
    assert files.read("b.zip", packed.getvalue()) == {"ACT.TXT": b"a"}
    with pytest.raises(files.NothingToRead):
        files.of_zip(packed.getvalue()[:40])


def test_only_csf(office):
    assert import_files(office, wf.files()) == 0
    assert [row["NUMBER"] for row in office.books(FOLDER)["thirds"]] == ["ALICE", "SUPP"]


def test_a_third_of_both_kinds(office):
    both = [wf.third(NUMBER="BOTH", TYPE=kind, NAME1="Both NV") for kind in (1, 2)]
    sent = wf.files(wf.sale(third="BOTH"), wf.purchase(third="BOTH"), thirds=both)
    assert import_files(office, sent) == 0
    assert [row["party"] for row in office.winbooks.administration(FOLDER).documents()] == [
        "2/BOTH",
        "1/BOTH",
    ]


def test_files_beside_are_put_with_their_documents(office):
    sent = wf.files(wf.sale(12)) | {
        "VEN_03_12_01.pdf": b"%PDF-1",
        "VEN_03_1_01.pdf": b"%PDF-2",
        "cover.pdf": b"%PDF-3",
    }
    assert import_files(office, sent) == 0
    [attached] = office.attachments(FOLDER)
    assert (attached["key"], attached["name"]) == ("2/VEN/2026/12", "VEN_03_12_01.pdf")


def test_nothing_of_the_addon_is_used():
    for path in Path(sandbox.winbooks_desktop.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                module = node.module or ""
                assert node.level or module.partition(".")[0] != "odoo", path
                assert "accountable" not in module, path
            elif isinstance(node, ast.Import):
                names = " ".join(alias.name for alias in node.names)
                assert "odoo" not in names, path
                assert "accountable" not in names, path


def zipped(*entries, spoil=False):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in entries:
            archive.writestr(name, text)
    found = content.getvalue()
    return found[:40] + b"\xff" * 20 + found[60:] if spoil else found


@pytest.mark.parametrize(
    "content",
    [
        zipped(("ACT.TXT", "a" * 5000 + "bcdefghij" * 50), spoil=True),
        zipped(("ACT.TXT", "first"), ("../ACT.TXT", "second")),
        b"PK",
    ],
    ids=["broken", "twice", "no ZIP"],
)
def test_a_zip_that_cannot_be_read(content):
    with pytest.raises(files.NothingToRead):
        files.of_zip(content)


def test_names_of_a_zip_lead_nowhere_else():
    assert files.of_zip(zipped(("../../etc/ACT.TXT", "x"))) == {"ACT.TXT": b"x"}
