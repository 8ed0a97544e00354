"""What the references leave open, as switches with a default; set over the control endpoint."""

from __future__ import annotations

from typing import Any

from ..kit import switches
from ..kit.storage import Store

SWITCHES: dict[str, tuple[Any, str]] = {
    "line_end": ("any", "Lines end with CRLF or LF (`any`, a note tells of LF), or `crlf` only."),
    "quote_inside": (
        "breaks",
        'A quotation mark inside a value `breaks` the line (ACC_FLD); doubled it is `"`'
        " (`doubled`).",
    ),
    "decimal_comma": ("accept", "`accept` amounts as 12,50 with a note, or `refuse` (DEC_ERR)."),
    "symbols": ("_", "What numbers of thirds may hold besides letters, digits and spaces."),
    "too_long": ("cut", "`cut` a value that is longer than its column, or `refuse` (CAR_ERR)."),
    "without_type": (
        "refuse",
        "A line without DBKTYPE: `refuse` it (NOT_FILL), or take the type of its `journal`; some"
        " programs leave it blank.",
    ),
    "absent_account": (
        "fatal",
        "A general account that is not there is `fatal` (ACN_MIS), or a `warning` (ACC_MISS) whose"
        " answer adds it.",
    ),
    "second_leg": (
        "given",
        "Where we owe the VAT of a purchase both lines are `given`, or the opposite one is `added`"
        " by the program itself.",
    ),
    "operation_code": (
        "obeyed",
        "FIXED keeps the VAT of a line as it is given (`obeyed`), or is `ignored`.",
    ),
    "without_operation_code": (
        "recompute",
        "VAT of a line without FIXED: `recompute` it from VATBASE and rate (what differs goes to"
        " the costs or revenue), or `keep` it.",
    ),
    "credit_note_base": (
        "positive",
        "VATBASE in journals of credit notes is ordinarily `positive` or `negative`.",
    ),
    "share_on_fixed": (
        False,
        "The deductible share of a VAT code is applied to VAT that is FIXED as well.",
    ),
    "files_beside": (
        True,
        "Files beside the import that are named as the archive names them are put with their"
        " documents, as a person would.",
    ),
    "patience": (5, "Seconds that files lie there before a slow operator takes them."),
}


class Switches(switches.Switches):
    """The switches of one sandbox."""

    def __init__(self, store: Store):
        super().__init__(store, SWITCHES)
