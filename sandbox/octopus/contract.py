"""The operations and schemas of the service (contract.json).

A date that cannot be parsed is 500 for the operations that document 500, and 400 for the others
(``status_of_unparsable``). Unknown fields are ignored unless the switch ``unknown_fields`` says
``refuse``. Fields whose absence has an answer of its own (document date -17, user and password 401
…) are left to the handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ..kit.operations import OperationTable

_BOOKING_HEAD = {
    "bookyearKey",
    "journalKey",
    "documentSequenceNr",
    "bookyearPeriodeNr",
    "documentDate",
    "exchangeRate",
}
HANDLED_BY_CODE = {
    "BuySellBookingServiceData": _BOOKING_HEAD
    | {"relationIdentificationServiceData", "expiryDate", "currencyCode"},
    "FinancialDiversBookingServiceData": _BOOKING_HEAD,
    "FinancialDiversBookingLineServiceData": {"type"},
    "Credentials": {"user", "password"},
}
NEEDED_IN_PRACTICE = {
    "BuySellBookingAndAttachmentRequest": {"buySellBookingServiceData"},
    "FinancialDiversBookingAndAttachmentRequest": {"financialDiversBookingServiceData"},
    "BalancingServiceData": {"debetKey", "creditKey", "balanceAmount"},
    "AttachementData": {"fileName", "fileData"},
    "BalancingKeyServiceData": {
        "bookyearKey",
        "journalKey",
        "documentSequenceNr",
        "lineSequenceNr",
    },
}
TABLE = OperationTable(
    Path(__file__).with_name("contract.json"),
    left_to_handler=HANDLED_BY_CODE,
    needed=NEEDED_IN_PRACTICE,
)
OPERATIONS, SCHEMAS = TABLE.operations, TABLE.schemas


def status_of_unparsable(operation: Mapping) -> int:
    """500 where the operation documents it, else 400."""
    return 500 if 500 in operation["errors"] else 400
