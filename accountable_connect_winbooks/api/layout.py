"""The fields of the two files, in their order: a value is found by its place, never by a name."""

from dataclasses import dataclass

# A code is never cut, a text is; amounts have two decimals, a rate has five.
CODE, TEXT, AMOUNT, RATE, DATE, FLAG = "code", "text", "amount", "rate", "date", "flag"
KINDS = {
    "C": (CODE, 0),
    "T": (TEXT, 0),
    "N": (AMOUNT, 2),
    "R": (RATE, 5),
    "D": (DATE, 0),
    "L": (FLAG, 0),
}


@dataclass(frozen=True, slots=True)
class Field:
    """``width`` is that of the column in WinBooks, point and sign included."""

    name: str
    kind: str
    width: int
    decimals: int


def _fields(table: str) -> tuple[Field, ...]:
    fields = []
    for entry in table.split():
        name, form = entry.split(":")
        kind, decimals = KINDS[form[0]]
        fields.append(Field(name, kind, int(form[1:]), decimals))
    return tuple(fields)


# C code, T text, N amount, R rate, D date, L logical; then the width.
ACT = _fields("""
DOCTYPE:C1 DBKCODE:C6 DBKTYPE:C1 DOCNUMBER:C8 DOCORDER:C3 OPCODE:C5 ACCOUNTGL:C8 ACCOUNTRP:C10
BOOKYEAR:C1 PERIOD:C2 DATE:D8 DATEDOC:D8 DUEDATE:D8 COMMENT:T40 COMMENTEXT:T35 AMOUNT:N17
AMOUNTEUR:N17 VATBASE:N17 VATCODE:C6 CURRAMOUNT:N17 CURRCODE:C3 CUREURBASE:N17 VATTAX:N17
VATIMPUT:C6 CURRATE:R12 REMINDLEV:C1 MATCHNO:C8 OLDDATE:D8 ISMATCHED:L1 ISLOCKED:L1 ISIMPORTED:L1
ISPOSITIVE:L1 ISTEMP:L1 MEMOTYPE:C1 ISDOC:L1 DOCSTATUS:C1 DICFROM:C16 CODAKEY:C11
""")
CSF = _fields("""
NUMBER:C10 TYPE:C1 NAME1:T40 NAME2:T40 CIVNAME1:T10 CIVNAME2:T10 ADRESS1:T40 ADRESS2:T40 VATCAT:C1
COUNTRY:C6 VATNUMBER:C15 PAYCODE:C10 TELNUMBER:T35 FAXNUMBER:T25 BNKACCNT:C40 ZIPCODE:T10 CITY:T40
DEFLTPOST:C8 LANG:C2 CATEGORY:C10 CENTRAL:C8 VATCODE:C10 CURRENCY:C3 LASTREMLEV:C1 LASTREMDAT:D8
""")
