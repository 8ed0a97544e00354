"""From what the service answered to a typed error: the table of return codes and the status rules.

The codes are those of the older SOAP service; REST puts them in ``errorCode``.
"""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    LimitReachedError,
    NumberTakenError,
    PackageError,
    PeriodClosedError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http import answers
from odoo.addons.accountable_connect.api.http.json_client import Call

from .operations import READ, UPSERT, WRITE, Operation

BELGIUM = ZoneInfo("Europe/Brussels")

ERROR_BY_CODE: dict[int, type[PackageError]] = {
    -1: AuthorisationLostError,  # wrong user or password, or no webservice module
    -2: AuthorisationLostError,  # not authenticated
    -3: ConfigurationMissingError,  # no access to the dossier
    -4: TemporaryError,  # dossier could not be opened
    -5: ConfigurationMissingError,  # dossier disabled
    -6: TemporaryError,  # no dossier open
    -7: DataRefusedError,  # relation not saved
    -9: ConfigurationMissingError,  # unknown book year
    -10: ConfigurationMissingError,  # unknown journal
    -11: PeriodClosedError,  # journal closed
    -12: TemporaryError,  # journal open in somebody's desktop program; nothing was stored
    -13: NumberTakenError,  # not the next number of the journal
    -14: PeriodClosedError,  # unknown period
    -15: PeriodClosedError,  # protected period
    -16: DataRefusedError,  # unknown relation
    -17: DataRefusedError,  # document date
    -18: DataRefusedError,  # due date
    -19: ConfigurationMissingError,  # unknown currency
    -20: DataRefusedError,  # exchange rate
    -21: ConfigurationMissingError,  # unknown account
    -22: ConfigurationMissingError,  # unknown VAT code
    -23: DataRefusedError,  # base and VAT of a line have opposite signs
    -24: DataRefusedError,  # booking not inserted
    -29: ConfigurationMissingError,  # journal takes invoices, not bookings
    -30: DataRefusedError,  # recoverable share
    -34: DataRefusedError,  # booking does not exist
    -35: DataRefusedError,  # booking not updated
    -38: ConfigurationMissingError,  # journal of the wrong type
    -40: ConfigurationMissingError,  # unknown cost centre
    -41: ConfigurationMissingError,  # cost centre closed
    -50: ConfigurationMissingError,  # account cannot be booked on
    -51: TemporaryError,  # too many connections
    -68: AuthorisationLostError,  # unknown software house
    -75: ConfigurationMissingError,  # VAT code of the wrong type
}

# No journal has more digits, and no column takes more.
_LAST_NUMBER = re.compile(r"Last Document\s*[:=]\s*(-?[0-9]{1,9})(?![0-9])", re.IGNORECASE)
# Seconds; nothing of it waits for longer than a few days.
_SECONDS = re.compile(r"[0-9]{1,6}")
_CODE = re.compile(r"-?[0-9]{1,6}")
# What is kept of a text of Octopus.
LONGEST_DETAIL = 2000


def last_number_in(technical: str) -> int | None:
    """The last number of the journal that a refused number's ``technicalInfo`` names."""
    found = _LAST_NUMBER.search(technical or "")
    return int(found[1]) if found else None


def next_belgian_midnight(now: datetime) -> datetime:
    """The naive UTC moment at which the Belgian day turns. When the real counters start again is
    not documented; midnight in Belgium is the likely moment."""
    tomorrow = (now.astimezone(BELGIUM) + timedelta(days=1)).date()
    midnight = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=BELGIUM)
    return midnight.astimezone(UTC).replace(tzinfo=None)


def limit_reached(call: Call, now: datetime, retry_after: str) -> LimitReachedError:
    """The error for a used-up limit; ``retry_after`` is the header's text in seconds, if any."""
    not_before = next_belgian_midnight(now)
    if _SECONDS.fullmatch(retry_after.strip()):
        not_before = now.astimezone(UTC).replace(tzinfo=None) + timedelta(seconds=int(retry_after))
    return LimitReachedError(
        f"Octopus: no more {call.name} today",
        not_before=not_before,
        code=429,
        values=call.values,
        request=call.request,
    )


def no_usable_answer(operation: Operation, message: str, **kwargs) -> PackageError:
    """The error when something was sent and no usable answer came back."""
    text = f"Octopus, {operation.name}: {message}"
    return answers.no_usable_answer(text, written=operation.nature == WRITE, **kwargs)


def refusal(
    operation: Operation,
    call: Call,
    status: int,
    content: dict,
    without_secrets: Callable[[str], str],
) -> PackageError:
    """The error for an answer outside ``operation.success``. ``content`` is the ErrorResult, empty
    when the body was none; what it says is quoted ``without_secrets``."""
    code = str(content.get("errorCode") or "")
    code = int(code) if _CODE.fullmatch(code) else 0
    technical = str(content.get("technicalInfo") or "")
    last_number = last_number_in(technical)
    # masked before it is cut, which might go through a secret
    technical = without_secrets(technical)[:LONGEST_DETAIL]
    said = without_secrets(str(content.get("errorMessage") or ""))[:LONGEST_DETAIL]
    message = said or technical or f"status {status}"
    kwargs = {
        "code": code or status,
        "values": {**call.values, "detail": message},
        "technical": f"{status} {code or ''} {message} {technical}".strip(),
        "request": call.request,
    }
    text = f"Octopus, {operation.name}: {message}"
    if status >= 500:
        return no_usable_answer(operation, f"server error {status}: {message}", **kwargs)
    if status == 401:
        return AuthorisationLostError(text, **kwargs)
    error = ERROR_BY_CODE.get(code)
    if error is NumberTakenError:
        return NumberTakenError(text, last_number=last_number, **kwargs)
    if error is not None:
        return error(text, **kwargs)
    if status == 403:
        # Without a code: a booking's journal is open elsewhere, or a right is missing.
        error = TemporaryError if operation.nature == WRITE else ConfigurationMissingError
        return error(text, **kwargs)
    if status == 408:
        return TemporaryError(text, **kwargs)
    if 400 <= status < 500 and (content or operation.nature in (READ, UPSERT) or status == 413):
        return DataRefusedError(text, **kwargs)
    return no_usable_answer(operation, f"unexpected status {status}", **kwargs)
