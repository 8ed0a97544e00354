"""The columns of the two files, in their order: what the import takes a value for."""

from typing import NamedTuple

TEXT, NUMBER, DAY, FLAG = "CNDL"


class Column(NamedTuple):
    """``width`` 0: not known. ``decimals``: how many may be other than zero."""

    name: str
    type: str
    width: int
    decimals: int = 0


def _columns(text):
    """``NAME:C6`` or ``NAME:N17.2`` per column; a name alone is a column nothing is known of."""
    for word in text.split():
        name, _colon, form = word.partition(":")
        width, _point, decimals = form[1:].partition(".")
        yield Column(name, form[:1] or TEXT, int(width or 0), int(decimals or 0))


COLUMNS = {
    "ACT": tuple(
        _columns(
            """
            DOCTYPE:C1 DBKCODE:C6 DBKTYPE:C1 DOCNUMBER:C8 DOCORDER:C3 OPCODE:C5 ACCOUNTGL:C8
            ACCOUNTRP:C10 BOOKYEAR:C1 PERIOD:C2 DATE:D8 DATEDOC:D8 DUEDATE:D8 COMMENT:C40
            COMMENTEXT:C35 AMOUNT:N17.2 AMOUNTEUR:N17.2 VATBASE:N17.2 VATCODE:C6 CURRAMOUNT:N17.2
            CURRCODE:C3 CUREURBASE:N17.2 VATTAX:N17.2 VATIMPUT:C6 CURRATE:N12.5 REMINDLEV:N1
            MATCHNO:C8 OLDDATE:D8 ISMATCHED:L1 ISLOCKED:L1 ISIMPORTED:L1 ISPOSITIVE:L1 ISTEMP:L1
            MEMOTYPE:C1 ISDOC:L1 DOCSTATUS:C1 DICFROM:C16 CODAKEY:C11
            WOW QUANTITY DISCDATE DISCAMOUNT DATESTAMP TIMESTAMP USERNAME
            """
        )
    ),
    # What stands after the 25th depends on the version of WinBooks.
    "CSF": tuple(
        _columns(
            """
            NUMBER:C10 TYPE:C1 NAME1:C40 NAME2:C40 CIVNAME1:C10 CIVNAME2:C10 ADRESS1:C40 ADRESS2:C40
            VATCAT:C1 COUNTRY:C6 VATNUMBER:C15 PAYCODE:C10 TELNUMBER:C35 FAXNUMBER:C25 BNKACCNT:C40
            ZIPCODE:C10 CITY:C40 DEFLTPOST:C8 LANG:C2 CATEGORY:C10 CENTRAL:C8 VATCODE:C10
            CURRENCY:C3 LASTREMLEV:N1 LASTREMDAT:D8
            """
        )
    )
    + tuple(Column(f"{place}", TEXT, 0) for place in range(26, 59)),
}
NAMES = {file: [column.name for column in columns] for file, columns in COLUMNS.items()}
# Fewer cannot be: a column that must be filled is not there then.
FEWEST = {"ACT": 19, "CSF": 3}
