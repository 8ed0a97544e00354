"""One broken file for each code: a sound one with one thing wrong."""

from dataclasses import dataclass, field, replace

from odoo.addons.accountable_connect_winbooks.api.folder import Folder

from .act_csf import (
    DOLLARS,
    FOLDER,
    PURCHASE,
    SALE,
    THIRDS,
    ZERO,
    changed,
    entry,
    third,
)


@dataclass(frozen=True)
class Broken:
    """``column`` and ``line``: where the finding is; ``also``: codes found besides."""

    act: list[bytes] = field(default_factory=lambda: SALE)
    csf: list[bytes] = field(default_factory=lambda: THIRDS)
    folder: Folder = FOLDER
    column: str = ""
    line: int = 1
    also: frozenset[str] = frozenset()


def both(name, **values):
    """Customers and suppliers, the second with other values."""
    return Broken(csf=changed(THIRDS, {1}, **values), column=name, line=2)


def first(lines, before=b"", after=None):
    """The same file with something before its first line, or another end of it."""
    line = lines[0] if after is None else lines[0][:-2] + after
    return [before + line, *lines[1:]]


def sale(name, *also, places=None, line=1, **values):
    lines = changed(SALE, places, **values)
    return Broken(act=lines, column=name, line=line, also=frozenset(also))


LINKER = {
    "ACC_FLD": Broken(act=[*SALE[:4], SALE[4][:-2] + b',""\r\n'], line=5),
    "ACC_MISS": Broken(act=changed(SALE, {0}, ACCOUNTRP="OTHER"), column="ACCOUNTRP"),
    "ACC_MOD": Broken(csf=[*THIRDS, third("CLIENT", "1", "Peeters BV")], column="NUMBER", line=3),
    "ACN_MIS": sale("ACCOUNTGL", places={1}, line=2, ACCOUNTGL="709999"),
    "BAD_DATE": sale("DUEDATE", places={0}, DUEDATE="20260230"),
    "BKC_ERR": both("BNKACCNT", BNKACCNT="310-1234567-00"),
    "CAR_ERR": both("NUMBER", NUMBER="SUPP*"),
    "CAR_SPA": both("NUMBER", NUMBER=" SUPP"),
    "CID_ERR": sale("ACCOUNTGL", places={0}, ACCOUNTGL="440000"),
    "CUR_ERR": Broken(act=changed(DOLLARS, {0, 1}, CURRATE="1.20000"), column="CURRATE"),
    "DBK_EMP": Broken(
        act=[*SALE, *changed(ZERO, DBKTYPE="3")], column="DBKTYPE", line=6,
        also=frozenset({"DBK_TYP", "vat_base_sign"}),
    ),
    "DBK_ERR": sale("DBKCODE", "DBK_MISS", DBKCODE="REOPEN"),
    "DBK_MISS": sale("DBKCODE", DBKCODE="VNT"),
    "DBK_TYP": Broken(
        folder=replace(FOLDER, journals={"VEN": "3"}), column="DBKTYPE",
    ),
    "DBK_TYP2": sale("DBKTYPE", "DBK_TYP", DBKTYPE="7"),
    "DEC_ERR": sale("VATTAX", "third_totals", places={0}, VATTAX="114.365"),
    "DOC_BAL": sale("AMOUNTEUR", "third_totals", places={0}, AMOUNTEUR="1861.41"),
    "DOC_EXI": Broken(
        act=[*changed(SALE, BOOKYEAR="A", PERIOD="11"), *changed(ZERO, BOOKYEAR="A", PERIOD="12",
             DATE="20261201", DATEDOC="20261201", DOCNUMBER="43")], column="DOCNUMBER", line=6,
    ),
    "DOC_NUM": Broken(act=[*SALE, *ZERO, *SALE], column="DOCNUMBER", line=9),
    "FLD_MISS": Broken(act=[b",".join(line.split(b",")[:17]) + b"\r\n" for line in PURCHASE[:2]],
                       column="VATBASE", also=frozenset({"DOC_BAL"})),
    "LANG_ERR": both("LANG", LANG="Q"),
    "LEN_ACCO": Broken(
        act=changed(SALE, {2}, ACCOUNTGL="70030"), column="ACCOUNTGL", line=3,
        folder=replace(FOLDER, accounts=frozenset()),
    ),
    "LOCKPER": sale("PERIOD", DATE="20261005", DATEDOC="20261005"),
    "MAT_ERR": sale("MATCHNO", places={0}, MATCHNO="17"),
    "NAM_ERR": both("NAME1", NAME1=""),
    "NOT_FILL": sale("ACCOUNTRP", places={0}, ACCOUNTRP=""),
    "OPE_MIS": Broken(act=SALE[:1], column="AMOUNTEUR", also=frozenset({"DOC_BAL"})),
    "OUT_DAT": sale("DATEDOC", DATEDOC="20261005"),
}  # fmt: skip

FILES = {
    "byte_order_mark": Broken(act=first(SALE, b"\xef\xbb\xbf")),
    "control_character": Broken(act=[SALE[0], SALE[1].replace(b"Boeken", b"Boe\tken"), *SALE[2:]],
                                line=2),
    "empty_line": Broken(act=[*SALE, b"\r\n"], line=6),
    "header_row": Broken(csf=[b"NUMBER,TYPE,NAME1" + b"," * 22 + b"\r\n", *THIRDS]),
    "line_end": Broken(act=first(SALE, after=b"\n")),
    "no_entries": Broken(act=[], line=0),
    "not_a_flag": sale("ISDOC", places={0}, ISDOC="X"),
    "not_a_number": sale("VATTAX", "third_totals", places={0}, VATTAX="114,36"),
    "not_cp1252": Broken(act=[SALE[0], SALE[1].replace(b"Boeken", b"Boe\x81ken"), *SALE[2:]],
                         line=2),
    "quote": Broken(act=[SALE[0], SALE[1].replace(b"Boeken", b'de ""Boeken"" 12'), *SALE[2:]],
                    line=2),
    "too_long": sale("COMMENT", places={1}, line=2, COMMENT="x" * 41),
    "utf_8": Broken(csf=[THIRDS[0].replace(b"Janssens", "Janssené".encode()), THIRDS[1]]),
}  # fmt: skip

DOCUMENTS = {
    "book_year": sale("BOOKYEAR", "place_changed", BOOKYEAR="0", PERIOD="11"),
    "book_year_or_period": sale("PERIOD", BOOKYEAR="A"),
    "currency": Broken(act=changed(DOLLARS, CURRCODE="us$"), column="CURRCODE"),
    "document_number": sale("DOCNUMBER", DOCNUMBER="99999999"),
    "equal_lines": Broken(act=changed(SALE, {0}, AMOUNTEUR="1925.00", VATBASE="1810.64",
                                      more=[SALE[2]]), line=6),
    "line_not_allowed": Broken(
        act=changed(SALE, more=[entry("2", "VEN/2", "43", "5.00", ACCOUNTRP="SUPP"),
                    entry("3", "VEN/2", "43", "-5.00", ACCOUNTGL="700000")]),
        column="DOCTYPE", line=6),
    "line_type": Broken(
        act=changed(SALE, more=[entry("5", "VEN/2", "43", "5.00", ACCOUNTGL="700000"),
                    entry("3", "VEN/2", "43", "-5.00", ACCOUNTGL="700000")]),
        column="DOCTYPE", line=6),
    "no_third": sale("DOCTYPE", places={0}, DOCTYPE="3"),
    "period": sale("PERIOD", "place_changed", BOOKYEAR="A", PERIOD="1"),
    "place_changed": sale("PERIOD", "OUT_DAT", BOOKYEAR="A", PERIOD="12"),
    "several_book_years": Broken(
        act=[*SALE, *changed(ZERO, DATE="20270105", DATEDOC="20270105")],
        column="BOOKYEAR", line=6),
    "several_periods": Broken(
        act=[*SALE, *changed(ZERO, DATE="20261205", DATEDOC="20261205")],
        column="PERIOD", line=6),
    "third_totals": sale("VATBASE", places={0}, VATBASE="1747.00"),
    "third_twice": Broken(csf=[*THIRDS, THIRDS[0]], column="NUMBER", line=3),
    "third_type": Broken(csf=[*THIRDS, third("X", "3")], column="TYPE", line=3),
    "two_thirds": Broken(
        act=[entry("1", "VEN/2", "43", "-5.00", ACCOUNTRP="CLIENT"),
             entry("1", "VEN/2", "43", "5.00", ACCOUNTRP="CLIENT"), *SALE],
        column="DOCTYPE", line=2),
    "vat_amount": Broken(
        act=[entry("2", "ACH/0", "12", "-600.00", ACCOUNTGL="440000", ACCOUNTRP="SUPP"),
             PURCHASE[1], *changed(PURCHASE[2:], AMOUNTEUR="100.00")],
        column="AMOUNTEUR", line=3),
    "vat_base_sign": sale("VATBASE", places={3}, line=4, VATBASE="-1683.44"),
    "vat_category": both("VATCAT", VATCAT="3"),
    "vat_code_unknown": sale("VATCODE", places={4}, line=5, VATCODE="211499"),
    "vat_number": both("VATNUMBER", VATNUMBER="0477472701"),
    "zero_vat": Broken(act=changed(ZERO, {2}, AMOUNTEUR="1.00"), column="AMOUNTEUR", line=3,
                       also=frozenset({"DOC_BAL"})),
}  # fmt: skip

BROKEN = {**LINKER, **FILES, **DOCUMENTS}
