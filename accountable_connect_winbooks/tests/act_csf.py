"""Files of entries written by hand, for the validator: sound ones, and what breaks them."""

from datetime import date
from decimal import Decimal

from odoo.addons.accountable_connect_winbooks.api.folder import Folder, Period, VatCode
from odoo.addons.accountable_connect_winbooks.api.options import Options
from odoo.addons.accountable_connect_winbooks.api.validator import findings
from odoo.addons.accountable_connect_winbooks.api.validator.fields import NAMES

FIELDS = 38
ROW = 25


def record(file, count, **values):
    """A record with all values in quotation marks; what is not named is empty."""
    names = NAMES[file][:count]
    assert set(values) <= set(names)
    return ",".join(f'"{values.get(name, "")}"' for name in names).encode("cp1252") + b"\r\n"


def entry(kind, journal, number, amount, **values):
    """``journal``: DBKCODE/DBKTYPE."""
    code, journal_type = journal.split("/")
    common = {
        "DOCTYPE": kind,
        "DBKCODE": code,
        "DBKTYPE": journal_type,
        "DOCNUMBER": number,
        "DATE": "20261105",
        "DATEDOC": "20261105",
        "AMOUNTEUR": amount,
    }
    return record("ACT", FIELDS, **common | values)


def third(number, kind, name="Janssens BV", **values):
    return record("CSF", ROW, **{"NUMBER": number, "TYPE": kind, "NAME1": name} | values)


def vat(journal, number, amount, base, code, account, **values):
    own = {"VATBASE": base, "VATCODE": code, "ACCOUNTGL": account, "DOCORDER": "VAT"}
    return entry("3", journal, number, amount, **own | {"OPCODE": "FIXED"} | values)


SALE = [
    entry("1", "VEN/2", "43", "1861.40", ACCOUNTGL="400000", ACCOUNTRP="CLIENT", VATBASE="1747.04",
          VATTAX="114.36", DUEDATE="20261205", COMMENTEXT="+++090/9337/55493+++"),
    entry("3", "VEN/2", "43", "-1683.44", ACCOUNTGL="700100", VATIMPUT="211200", COMMENT="Boeken"),
    entry("3", "VEN/2", "43", "-63.60", ACCOUNTGL="700500", VATIMPUT="211400"),
    vat("VEN/2", "43", "-101.01", "1683.44", "211200", "451000"),
    vat("VEN/2", "43", "-13.35", "63.60", "211400", "451000"),
]  # fmt: skip
PURCHASE = [
    entry("2", "ACH/0", "12", "-605.00", ACCOUNTGL="440000", ACCOUNTRP="SUPP"),
    entry("3", "ACH/0", "12", "500.00", ACCOUNTGL="600000"),
    vat("ACH/0", "12", "105.00", "500.00", "112104", "411000"),
]
ZERO = [
    entry("1", "VEN/2", "44", "50.00", ACCOUNTGL="400000", ACCOUNTRP="CLIENT"),
    entry("3", "VEN/2", "44", "-50.00", ACCOUNTGL="700000"),
    entry("4", "VEN/2", "44", "0.00", VATBASE="50.00", VATCODE="221000"),
]
SALE_REFUND = [
    entry("1", "NCV/3", "7", "-121.00", ACCOUNTGL="400000", ACCOUNTRP="CLIENT"),
    entry("3", "NCV/3", "7", "100.00", ACCOUNTGL="700000"),
    vat("NCV/3", "7", "21.00", "100.00", "211400", "451000"),
]
PURCHASE_REFUND = [
    entry("2", "NCA/1", "3", "121.00", ACCOUNTGL="440000", ACCOUNTRP="SUPP"),
    entry("3", "NCA/1", "3", "-100.00", ACCOUNTGL="600000"),
    vat("NCA/1", "3", "-21.00", "100.00", "112104", "411000"),
]
CO_CONTRACTOR = [
    entry("2", "ACH/0", "13", "-1000.00", ACCOUNTGL="440000", ACCOUNTRP="SUPP"),
    entry("3", "ACH/0", "13", "1000.00", ACCOUNTGL="611000"),
    vat("ACH/0", "13", "210.00", "1000.00", "113304", "411000"),
    vat("ACH/0", "13", "-210.00", "", "", "451000"),
]
DOLLARS = [
    entry("1", "VEN/2", "45", "921.66", ACCOUNTGL="400000", ACCOUNTRP="CLIENT",
          CURRAMOUNT="1000.00", CURRCODE="USD", CURRATE="1.08500"),
    entry("3", "VEN/2", "45", "-921.66", ACCOUNTGL="700000", CURRAMOUNT="-1000.00", CURRCODE="USD",
          CURRATE="1.08500"),
    entry("4", "VEN/2", "45", "0.00", VATBASE="921.66", VATCODE="231000"),
]  # fmt: skip
RECEIPT = [
    entry("3", "KBC/4", "5", "100.00", ACCOUNTGL="550000", DOCORDER="001"),
    entry("1", "KBC/4", "5", "-100.00", ACCOUNTGL="400000", ACCOUNTRP="CLIENT", DOCORDER="002"),
]
SOUND = {
    "sale of two rates": SALE,
    "purchase": PURCHASE,
    "sale at 0 %": ZERO,
    "credit note of a sale": SALE_REFUND,
    "credit note of a purchase": PURCHASE_REFUND,
    "co-contractor": CO_CONTRACTOR,
    "in dollars": DOLLARS,
    "bank receipt": RECEIPT,
}
THIRDS = (
    third("CLIENT", "1", VATCAT="1", COUNTRY="BE", VATNUMBER="0477.472.701", LANG="N"),
    third("SUPP", "2", "Crayons & Cie", VATCAT="1", VATNUMBER="0477.472.701", LANG="F",
          BNKACCNT="310-1234567-37"),
)  # fmt: skip

CODES = {
    "211200": 6, "211400": 21, "221000": 0, "231000": 0, "112104": 21, "113304": 21,
}  # fmt: skip
FOLDER = Folder(
    journals={"VEN": "2", "ACH": "0", "NCV": "3", "NCA": "1", "KBC": "4"},
    vat_codes={
        code: VatCode(code=code, rate=Decimal(rate), deductible="full", users=(f"U{code[-3:]}",))
        for code, rate in CODES.items()
    },
    accounts=frozenset({"700000", "700100", "700500", "600000", "611000", "550000"}),
    periods=(
        Period(date_from=date(2026, 10, 1), date_to=date(2026, 10, 31), rank="10",
               book_year="2026", year_rank="A", closed=True),
        Period(date_from=date(2026, 11, 1), date_to=date(2026, 11, 30), rank="11",
               book_year="2026", year_rank="A"),
        Period(date_from=date(2026, 12, 1), date_to=date(2026, 12, 31), rank="12",
               book_year="2026", year_rank="A"),
        Period(date_from=date(2027, 1, 1), date_to=date(2027, 1, 31), rank="01",
               book_year="2027", year_rank="B"),
    ),
)  # fmt: skip


def changed(lines, places=None, drop=(), more=(), **values):
    """Records with other values.

    :param places: which of them, from 0; all where none is named
    :param drop: places of records that go; ``more``: those that come at the end
    """
    result = []
    for place, line in enumerate(lines):
        if place in drop:
            continue
        if values and (places is None or place in places):
            old = line[1:-3].decode("cp1252").split('","')
            names = NAMES["CSF" if len(old) == ROW else "ACT"][: len(old)]
            new = dict(zip(names, old, strict=True)) | values
            line = ",".join(f'"{value}"' for value in new.values()).encode("cp1252") + b"\r\n"
        result.append(line)
    return [*result, *more]


def check(act, csf=THIRDS, folder=FOLDER, options=None):
    return findings(act, csf, folder, options or Options())
