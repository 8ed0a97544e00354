"""From what Exact Online answered to a typed error: status, ``Reason`` header and message.

===== ==================================== =====================================================
400   query, property, value               data refused, or what the message means
401   token missing, expired               renewed once (see tokens), then authorisation lost
403   scope, consent, right                by text and ``Reason``: see ``FORBIDDEN``
404   key or resource unknown              PUT, DELETE: ``not_found``; else a wrong address
429   limit                                see limits
500   **also** a broken rule of the books  what the message means; an unknown one: no usable answer
5xx   maintenance, gateway                 no usable answer
===== ==================================== =====================================================

*No usable answer* to a GET is temporary; to a write nobody knows what was done.
"""

import re
from collections.abc import Callable

from odoo.addons.accountable_connect.api.errors import (
    AuthorisationLostError,
    ConfigurationMissingError,
    DataRefusedError,
    PackageError,
    TemporaryError,
)
from odoo.addons.accountable_connect.api.http.answers import no_usable_answer
from odoo.addons.accountable_connect.api.http.json_client import Call
from odoo.addons.accountable_connect.api.http.payloads import from_json
from odoo.addons.accountable_connect.api.http.transport import Answer

from . import catalogue

LONGEST_DETAIL = 2000

# 403 by the header ``Reason``, in small letters.
FORBIDDEN: dict[str, tuple[type[PackageError], str]] = {
    "nodivisionaccess": (ConfigurationMissingError, "NoDivisionAccess"),
    # a backup or a conversion is under way
    "divisionblocked": (TemporaryError, "DivisionBlocked"),
    "blockeduser": (AuthorisationLostError, "BlockedUser"),
    "inactiveuser": (AuthorisationLostError, "InactiveUser"),
    "blockedcustomer": (AuthorisationLostError, "BlockedCustomer"),
    "licenseexpired": (AuthorisationLostError, "LicenseExpired"),
}
_SCOPE = re.compile(r"application scope violated(.*'(?P<scope>[\w.]+)')?", re.IGNORECASE)
_CONSENT = re.compile(r"not within division scope", re.IGNORECASE)
_NOT_A_REFUSAL = (408,)


def message_in(content: bytes, content_type: str = "") -> str | None:
    """The text of an error body: its message, or the body itself when it is plain text. None for a
    page or anything else that is not Exact's."""
    if not content.strip():
        return ""
    try:
        answer = from_json(content)
    except ValueError:
        text = content[: 4 * LONGEST_DETAIL].decode(errors="replace").strip()
        is_page = text.startswith("<") or "html" in content_type.lower()
        return None if is_page else text
    if isinstance(answer, str):
        return answer.strip()
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message") if isinstance(error, dict) else error
    text = message.get("value") if isinstance(message, dict) else message
    return text.strip() if isinstance(text, str) else None


def refusal(
    call: Call,
    answer: Answer,
    *,
    keyed: bool = False,
    without_secrets: Callable[[str], str] = str,
) -> PackageError:
    """The error for an answer that is no success (401 included, 429 not). What Exact said is added
    to the values of the call as ``detail``, ``without_secrets``. ``keyed``: the call names one
    row."""
    status = answer.status
    message = message_in(answer.content, answer.headers.get("Content-Type", ""))
    message = message and without_secrets(message)
    reason = without_secrets(answer.headers.get("Reason", "").strip())
    detail = (message or reason or f"status {status}")[:LONGEST_DETAIL]
    kwargs = {
        "values": {**call.values, "detail": detail},
        "technical": f"{status} {reason} {detail if message or reason else ''}".strip(),
        "request": call.request,
    }
    text = f"Exact, {call.name}: {detail}"
    if status == 401:
        return AuthorisationLostError(text, code="token_refused", **kwargs)
    if status == 403 and (message is not None or reason):
        return _forbidden(text, message or "", reason, kwargs)
    meant = catalogue.meaning(message) if message and status in (400, 500) else None
    if meant:
        kwargs["values"].update(meant.values)
        return meant.error(text, code=meant.code, **kwargs)
    if status == 413:
        # also as a page of what stands before Exact: it never got there
        return DataRefusedError(text, code="413", **kwargs)
    if message is None or not 400 <= status < 500 or status in _NOT_A_REFUSAL:
        code = "no_json" if message is None else "server_error"
        text = f"Exact, {call.name}: {status} {detail}"
        return no_usable_answer(text, written=call.writes, code=code, **kwargs)
    if status == 404:
        if keyed:
            return DataRefusedError(text, code="not_found", **kwargs)
        return ConfigurationMissingError(text, code="address", **kwargs)
    return DataRefusedError(text, code="bad_request", **kwargs)


def _forbidden(text, message, reason, kwargs):
    scope = _SCOPE.search(message)
    if scope:
        kwargs["values"]["scope"] = scope["scope"] or ""
        return ConfigurationMissingError(text, code="scope_missing", **kwargs)
    if _CONSENT.search(message):
        # only a new consent grants it: somebody signs in again
        return AuthorisationLostError(
            text, code="division_not_granted", only_administration=True, **kwargs
        )
    words = re.findall(r"\w+", f"{reason} {message}".lower())
    known = next((FORBIDDEN[word] for word in words if word in FORBIDDEN), None)
    error, code = known or (ConfigurationMissingError, "no_right")
    return error(text, code=code, **kwargs)
