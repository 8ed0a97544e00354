"""What the reference leaves open, as switches with a default; set over the control endpoint."""

from __future__ import annotations

from typing import Any

from ..kit import switches
from ..kit.storage import Store

SWITCHES: dict[str, tuple[Any, str]] = {
    "daily_limits": (True, "Refuse calls beyond the maximum per day of an operation."),
    "limit_status": (429, "Status of the answer beyond a limit (the real one is not known)."),
    "token_minutes": (10, "Lifetime of both tokens."),
    "failed_logins_before_block": (
        0,
        "Failed logins of a user from one address before every further login is refused; 0 never.",
    ),
    "unknown_fields": ("ignore", "`ignore` or `refuse` fields the schemas do not have."),
    "total_check": (True, "Refuse (-24) a total more than half a cent off the sum of its lines."),
    "line_without_vat_code": ("accept", "`accept` (outside the VAT return) or `refuse` (-22)."),
    "reverse_charge_vat": (
        "refuse",
        "VAT given on a reverse-charge line: `refuse` (-24) or "
        "`ignore` (only the code's own VAT is booked).",
    ),
    "exchange_rate_direction": (
        "multiply",
        "EUR = document amount × rate (`multiply`, the rate is EUR per unit) or ÷ rate (`divide`).",
    ),
    "document_date_outside_book_year": ("accept", "`accept` or `refuse` (-17)."),
    "control_accounts_bookable": (False, "Lines directly on 400000 or 440000; else -50."),
    "relation_role": ("any", "`any` relation, or only a `matching` client or supplier (else -16)."),
    "relation_update": ("merge", "`merge` sent fields, or `replace` the whole record."),
    "relation_name_match": ("whole", "Search by name: `whole` or `part`, case ignored."),
    "format_vat_numbers": (True, "Store a Belgian VAT number as BE0xxx.xxx.xxx."),
    "divers_sign": ("debit", "A positive amount in a D journal is `debit` or `credit`."),
    "supplier_open_sign": (
        "positive",
        "An open bill in the supplier report is `positive` or `negative`.",
    ),
    "match_on_reference": (
        False,
        "Match a new F booking with the open invoice of the same relation and reference.",
    ),
    "attachment_limit": (0, "Largest file in bytes; 0 no limit. Larger: 400."),
    "time_zone": ("Europe/Brussels", "Zone of modification stamps: `Europe/Brussels` or `UTC`."),
    "show_disabled_dossier": (False, "The login also sees dossier 70125, which is disabled."),
    "show_empty_dossier": (False, "The login also sees dossier 70126, which has no accounts."),
}


class Switches(switches.Switches):
    """The switches of one sandbox."""

    def __init__(self, store: Store):
        super().__init__(store, SWITCHES)
