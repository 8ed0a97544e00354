"""Files as other programs write them for WinBooks, made by hand from the published fields."""

from __future__ import annotations

FOLDER, QUARTERS = 91001, 91002
COUNTS = (19, 27, 36, 38, 45)
PLACES = {
    name: place
    for place, name in enumerate(
        "DOCTYPE DBKCODE DBKTYPE DOCNUMBER DOCORDER OPCODE ACCOUNTGL ACCOUNTRP BOOKYEAR PERIOD"
        " DATE DATEDOC DUEDATE COMMENT COMMENTEXT AMOUNT AMOUNTEUR VATBASE VATCODE CURRAMOUNT"
        " CURRCODE CUREURBASE VATTAX VATIMPUT CURRATE REMINDLEV MATCHNO OLDDATE ISMATCHED".split()
    )
}
THIRD_PLACES = {
    name: place
    for place, name in enumerate(
        "NUMBER TYPE NAME1 NAME2 CIVNAME1 CIVNAME2 ADRESS1 ADRESS2 VATCAT COUNTRY VATNUMBER PAYCODE"
        " TELNUMBER FAXNUMBER BNKACCNT ZIPCODE CITY DEFLTPOST LANG CATEGORY CENTRAL VATCODE"
        " CURRENCY LASTREMLEV LASTREMDAT".split()
    )
}


def line(count=38, **values):
    """One line of ACT as its fields."""
    fields = [""] * count
    for name, value in values.items():
        if PLACES[name] < count:
            fields[PLACES[name]] = str(value)
    return fields


def third(count=25, **values):
    """One line of CSF as its fields."""
    fields = [""] * count
    for name, value in values.items():
        fields[THIRD_PLACES[name]] = str(value)
    return fields


def unquoted(fields):
    """As most exporters of DBF dumps do."""
    return ",".join(fields)


def quoted(fields):
    """Every field between quotation marks."""
    return ",".join(f'"{field}"' for field in fields)


def comment_quoted(fields):
    """Only the text of the line."""
    return ",".join(
        f'"{field}"' if place == PLACES["COMMENT"] else field for place, field in enumerate(fields)
    )


def file_of(lines, write=quoted, end="\r\n", encoding="cp1252"):
    """The bytes of a file."""
    return "".join(f"{write(fields)}{end}" for fields in lines).encode(encoding)


def document(kind, rows, number=1, journal=None, day="20260315", count=38, **more):
    """Lines of one document; a row is DOCTYPE and what else is its own."""
    journal = (
        journal
        or {
            "0": "ACH",
            "1": "NCA",
            "2": "VEN",
            "3": "NCV",
            "4": "FIN",
            "5": "OD",
        }[str(kind)]
    )
    head = {"DBKCODE": journal, "DBKTYPE": kind, "DOCNUMBER": number, "DATEDOC": day, **more}
    return [line(count, DOCTYPE=doctype, **{**head, **row}) for doctype, row in rows]


def vat(amount, base, code, **more):
    """A line of VAT."""
    values = {"DOCORDER": "VAT", "OPCODE": "FIXED"}
    return 3, {**values, "AMOUNTEUR": amount, "VATBASE": base, "VATCODE": code, **more}


def sale(number=1, third="ALICE", base=1000, tax=210, **more):
    """A sale at 21 %."""
    return document(
        2,
        [
            (1, {"ACCOUNTGL": "400000", "ACCOUNTRP": third, "AMOUNTEUR": f"{base + tax:.2f}"}),
            (3, {"ACCOUNTGL": "700000", "AMOUNTEUR": f"{-base:.2f}", "VATIMPUT": "211400"}),
            vat(f"{-tax:.2f}", f"{base:.2f}", "211400", ACCOUNTGL="451000"),
        ],
        number,
        **more,
    )


def purchase(number=1, third="SUPP", **more):
    """A purchase at 21 %, as in another program's tests."""
    return document(
        0,
        [
            (2, {"ACCOUNTGL": "440000", "ACCOUNTRP": third, "AMOUNTEUR": "-605.00"}),
            (3, {"ACCOUNTGL": "604000", "AMOUNTEUR": "500.00", "VATIMPUT": "112104"}),
            vat("105.00", "500.00", "112104", ACCOUNTGL="411000"),
        ],
        number,
        **more,
    )


ALICE = third(NUMBER="ALICE", TYPE=1, NAME1="Alice BV", COUNTRY="BE", LANG="N", VATCAT=1)
SUPP = third(NUMBER="SUPP", TYPE=2, NAME1="Supply NV", COUNTRY="BE", LANG="N", VATCAT=1)


def files(*documents, thirds=(ALICE, SUPP), **how):
    """ACT.TXT and CSF.TXT."""
    found = {"ACT.TXT": file_of([one for lines in documents for one in lines], **how)}
    if thirds:
        found["CSF.TXT"] = file_of(thirds, **how)
    return found
