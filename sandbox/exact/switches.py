"""What the reference leaves open, as switches with a default; set over the control endpoint."""

from __future__ import annotations

from typing import Any

from ..kit import switches
from ..kit.storage import Store

SWITCHES: dict[str, tuple[Any, str]] = {
    # sign-in
    "auto_approve": (False, "Consent without pages: the user `accountant` allows every division."),
    "published_app": (
        True,
        "The consent page lets the user choose divisions (published apps); "
        "else every division of the user is granted.",
    ),
    "code_seconds": (180, "Lifetime of an authorization code."),
    "token_seconds": (600, "Lifetime of an access token."),
    "refresh_after_seconds": (570, "A refresh sooner after the last token is refused; 0 never."),
    "refresh_days": (30, "Lifetime of a refresh token."),
    "early_refresh_status": (400, "Status of a refresh that comes too early: 400 or 401."),
    "old_access_token": (
        "lives",
        "After a refresh the old access token `lives` until its end or `dies`.",
    ),
    "token_calls_per_day": (200, "Token calls per app, user and day; 0 no maximum."),
    # rights
    "missing_rights": (
        "refuse",
        "A read without the user's right: `refuse` (403) or `empty` (200 with an empty list).",
    ),
    # limits
    "rate_limits": (True, "Refuse calls beyond the quota with 429 (headers are sent anyway)."),
    "calls_per_minute": (60, "Calls per app, division and minute."),
    "calls_per_day": (5000, "Calls per app, division and day (UTC)."),
    "error_velocity": (
        False,
        "Block an endpoint for an hour after more than ten answers 400, "
        "401, 403 or 404 within an hour.",
    ),
    # protocol
    "longest_address": (
        12_000,
        "Characters of an address with its query; a longer one is refused with 414, 0 never.",
    ),
    "select_mandatory": (True, "Refuse an unselected list where the endpoint is known to."),
    "thin_answers": (
        True,
        "POST of crm entities without `Prefer: return=representation` answers "
        "little more than the key.",
    ),
    # books
    "credit_by_sign": (True, "A negative total alone makes a credit note (Type 21, 31)."),
    "receivable_sign": (
        "positive",
        "AmountDC of an open sales invoice in Receivables and the lists: `positive` or `negative`.",
    ),
    "vat_rounding": ("line", "VAT is rounded per `line` or per `code` of the entry."),
    "honour_entry_number": (True, "A sent EntryNumber is kept; else the next one is taken."),
    "delete_matched": ("refuse", "Deleting an entry with matched terms: `refuse` or `accept`."),
    "automatic_document": (
        "purchases",
        "An entry without document gets one made, with the entry's "
        "description as its subject: `purchases` only, `True` for "
        "sales entries too, `False` for none.",
    ),
    "own_number_refused": (
        True,
        "A PUT that repeats the EntryNumber of its sales or purchase "
        "entry, as one of the whole entry does, is refused as a "
        "duplicate.",
    ),
    "code_of_percentage": (
        True,
        "A VATPercentage above 0 on a line without VATCode finds the code "
        "with that percentage; else the default of the ledger account "
        "counts.",
    ),
    "head_vat_amount": (
        True,
        "VATAmountFC of a sales or purchase entry is its VAT; else the lines "
        "decide, whatever the head says.",
    ),
    "entry_text_lengths": (
        True,
        "Description, YourRef and PaymentReference of a sales or purchase "
        "entry hold 60, 30 and 50 characters; else any number.",
    ),
    "match_our_ref": (
        False,
        "A bank or cash line with OurRef is matched at once with the open "
        "term of that invoice number.",
    ),
    # webhooks
    "webhook_validation": (
        "before",
        "The empty POST to a new address comes `before` the answer, "
        "which it may turn into a refusal, or `after` it: then an "
        "address that does not answer well loses its subscription.",
    ),
    "webhook_same_host": (True, "The callback must have the host of a registered redirect URI."),
    "webhook_retry_minutes": (2, "Base of the wait before retry n (base ** n minutes)."),
}

NO_LIMITS = {
    "rate_limits": False,
    "calls_per_minute": 1_000_000,
    "calls_per_day": 10_000_000,
    "token_calls_per_day": 0,
}
"""No maximum of calls, and headers that say so: a client may keep a quota that is told."""


class Switches(switches.Switches):
    """The switches of one sandbox."""

    def __init__(self, store: Store):
        super().__init__(store, SWITCHES)
