"""The fields of the text files, as WinBooks' own documentation and other programs have them.

A field is its name, its kind (C text, N number, D date, L logical) and the width of its column.
Position counts: the files have no line of titles.
"""

from __future__ import annotations

from typing import NamedTuple

TEXT, NUMBER, DATE, LOGICAL = "CNDL"


class Field(NamedTuple):
    """One field; ``width`` 0 where nobody knows it."""

    name: str
    kind: str
    width: int


def _fields(table: str) -> tuple[Field, ...]:
    found = []
    for word in table.split():
        name, kind = word.split(":")
        found.append(Field(name, kind[0], int(kind[1:] or 0)))
    return tuple(found)


ACT = _fields(
    """
    DOCTYPE:C1 DBKCODE:C6 DBKTYPE:C1 DOCNUMBER:C8 DOCORDER:C3 OPCODE:C5 ACCOUNTGL:C8 ACCOUNTRP:C10
    BOOKYEAR:C1 PERIOD:C2 DATE:D8 DATEDOC:D8 DUEDATE:D8 COMMENT:C40 COMMENTEXT:C35 AMOUNT:N17
    AMOUNTEUR:N17 VATBASE:N17 VATCODE:C6 CURRAMOUNT:N17 CURRCODE:C3 CUREURBASE:N17 VATTAX:N17
    VATIMPUT:C6 CURRATE:N12 REMINDLEV:N1 MATCHNO:C8 OLDDATE:D8 ISMATCHED:L1 ISLOCKED:L1
    ISIMPORTED:L1 ISPOSITIVE:L1 ISTEMP:L1 MEMOTYPE:C1 ISDOC:L1 DOCSTATUS:C1 DICFROM:C16
    CODAKEY:C11 WOW:C QUANTITY:C DISCDATE:C DISCAMOUNT:C DATESTAMP:C TIMESTAMP:C USERNAME:C
    """
)
ACT_COUNTS = (19, len(ACT))

CSF = _fields(
    """
    NUMBER:C10 TYPE:C1 NAME1:C40 NAME2:C40 CIVNAME1:C10 CIVNAME2:C10 ADRESS1:C40 ADRESS2:C40
    VATCAT:C1 COUNTRY:C6 VATNUMBER:C15 PAYCODE:C10 TELNUMBER:C35 FAXNUMBER:C25 BNKACCNT:C40
    ZIPCODE:C10 CITY:C40 DEFLTPOST:C8 LANG:C2 CATEGORY:C10 CENTRAL:C8 VATCODE:C10 CURRENCY:C3
    LASTREMLEV:N LASTREMDAT:D8
    """
)
# What comes after these stands in another order in every version, and is not read.
CSF_COUNTS = (len(CSF), 999)
# What of a customer or supplier is kept, and compared with a record that comes again.
OF_A_THIRD = tuple(field.name for field in CSF[2:23])

AMOUNTS = ("AMOUNT", "AMOUNTEUR", "VATBASE", "CURRAMOUNT", "CUREURBASE", "VATTAX")

# DOCTYPE
CUSTOMER, SUPPLIER, GENERAL, ZERO_RATE = "1234"
# DBKTYPE
PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND, FINANCIAL, MISCELLANEOUS = "012345"
KINDS = {
    PURCHASE: "purchase",
    PURCHASE_REFUND: "purchase_refund",
    SALE: "sale",
    SALE_REFUND: "sale_refund",
    FINANCIAL: "financial",
    MISCELLANEOUS: "miscellaneous",
}
TRADE = (PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND)
REFUNDS = (PURCHASE_REFUND, SALE_REFUND)
SALES = (SALE, SALE_REFUND)

# Periods that are none of the calendar.
OPENING, CLOSING = 0, 99
RANKS = "123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def rank_of(number: int) -> str:
    """How a book year stands in BOOKYEAR: 1…9, then A…Z."""
    return RANKS[number - 1]


def number_of(rank: str) -> int | None:
    """The book year of a rank, None for what is none."""
    found = RANKS.find(rank.upper()) if len(rank) == 1 else -1
    return found + 1 if found >= 0 else None
