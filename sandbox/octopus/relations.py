"""Customers and suppliers: upsert on either key, search, changes.

Choices where the reference is silent: a record needs a name; a known key whose other key belongs to
another relation is refused (-7); the internal key wins over the external one; VAT numbers are
compared without dots and blanks; a search with several conditions gives what meets one of them.
"""

from __future__ import annotations

import re
from typing import Any

from .calls import NO_CONTENT, Answer, Call, operation
from .contract import SCHEMAS
from .errors import nothing_found, refused
from .master_data import listed

FIELDS = [
    name for name in SCHEMAS["RelationServiceData"] if name != "relationIdentificationServiceData"
]

DEFAULTS: dict[str, Any] = {
    "active": True,
    "client": False,
    "supplier": False,
    "corporationType": 0,
    "country": "  ",
    "defaultBookingAccountClient": 0,
    "defaultBookingAccountSupplier": 0,
    "expirationDays": 30,
    "expirationType": 2,
    "factLanguage": 0,
    "financialDiscount": False,
    "sddActive": False,
    "sddMandateType": 0,
    "sddSeqtype": 0,
    "supplierPaymentMethod": 0,
    "vatType": 0,
}
# Texts that every answer has, "" where nobody filled them in.
ALWAYS_THERE = (
    "bankAccountNr",
    "bicCode",
    "contactPerson",
    "fax",
    "firstName",
    "ibanAccountNr",
    "mobile",
    "postalCode",
    "remarks",
    "searchField1",
    "searchField2",
    "streetAndNr",
    "telephone",
    "url",
    "vatNr",
)
ALLOWED = {
    "vatType": {0, 1, 4, 6, 7, 8, 9, 10},
    "corporationType": set(range(27)),
    "expirationType": {1, 2},
    "factLanguage": {0, 1, 2, 3},
    "supplierPaymentMethod": set(range(14)),
    "invoiceDeliveryMethod": {0, 1, 2, 3},
}


def relation_data(row: dict) -> dict:
    """A relation as ``RelationServiceData``."""
    return {
        **DEFAULTS,
        **dict.fromkeys(ALWAYS_THERE, ""),
        **row["data"],
        "active": bool(row["active"]),
        "relationIdentificationServiceData": {
            "relationKey": {"id": row["id"]},
            "externalRelationId": row["external_id"],
        },
    }


def compared(vat_number: str) -> str:
    """A VAT number without its punctuation."""
    return re.sub(r"[^0-9A-Z]", "", vat_number.upper())


def stored_vat_number(vat_number: str) -> str:
    """A Belgian number as BE0xxx.xxx.xxx; any other as sent."""
    found = re.fullmatch(r"BE([01]\d{3})(\d{3})(\d{3})", compared(vat_number))
    return f"BE{found[1]}.{found[2]}.{found[3]}" if found else vat_number


def find_relation(call: Call, identification: dict | None) -> dict | None:
    """The relation of a ``relationIdentificationServiceData``: internal key, else external."""
    key = ((identification or {}).get("relationKey") or {}).get("id")
    external = (identification or {}).get("externalRelationId")
    found = call.books.party(int(key)) if key else None
    if found is None and external and not key:
        found = call.books.party_by_external_id(int(external))
    return found


@operation("getRelations")
def search(call: Call) -> Answer:
    """Active relations, or all that meet at least one condition."""
    if not call.query:  # what counts as a search here counts as one in the limits, too
        return listed([relation_data(row) for row in call.books.parties() if row["active"]])
    rows = call.books.store.rows(
        "SELECT id, external_id, json_extract(data, '$.name') name, json_extract(data, '$.vatNr')"
        " vat_number FROM party WHERE administration = ? ORDER BY id",
        call.books.administration,
    )
    return listed([relation_data(call.books.party(row["id"])) for row in rows if _meets(call, row)])


def _meets(call: Call, row: Any) -> bool:
    query = call.query
    name, sought = str(row["name"] or "").casefold(), query.get("name", "").casefold()
    if sought and (
        sought in name if call.switches["relation_name_match"] == "part" else sought == name
    ):
        return True
    number = compared(query.get("vatNr", ""))
    return (
        query.get("relationId") == row["id"]
        or bool(query.get("extRelationId"))
        and query["extRelationId"] == row["external_id"]
        or bool(number)
        and compared(row["vat_number"] or "") == number
    )


@operation("getModifiedRelations")
def modified(call: Call) -> Answer:
    """Relations changed since a moment (all without one), and those removed."""
    since = call.query.get("modifiedTimeStamp", "")
    changed = [relation_data(row) for row in call.books.parties() if row["modified"] >= since]
    deleted = [row["data"] for row in call.books.deletions("party", since)]
    if not changed and not deleted:
        raise nothing_found()
    return Answer(200, {"modified": changed, "deleted": deleted})


@operation("insertUpdateRelation")
def save(call: Call) -> Answer:
    """Change the relation with one of the keys, or make a new one."""
    identification = call.body["relationIdentificationServiceData"]
    before = _existing(call, identification)
    sent = {name: value for name, value in call.body.items() if name in FIELDS}
    data = {**DEFAULTS, **sent}
    if before and call.switches["relation_update"] == "merge":
        data = {**relation_data(before), **sent}
        data.pop("relationIdentificationServiceData")
    _check(data, sent)
    if data.get("vatNr") and call.switches["format_vat_numbers"]:
        data["vatNr"] = stored_vat_number(data["vatNr"])
    external = int(
        identification.get("externalRelationId") or (before["external_id"] if before else 0)
    )
    number = before["id"] if before else call.books.next_party()
    call.books.save_party(number, external, bool(data.pop("active")), data)
    if before:
        return NO_CONTENT
    return Answer(201, relation_data(call.books.party(number)))


def _existing(call: Call, identification: dict) -> dict | None:
    key = (identification.get("relationKey") or {}).get("id")
    external = identification.get("externalRelationId")
    by_key = call.books.party(int(key)) if key else None
    by_external = call.books.party_by_external_id(int(external)) if external else None
    if by_external and key and by_external["id"] != key:
        raise refused(
            -7, f"External relation id {external} belongs to relation {by_external['id']}"
        )
    return by_key or by_external


def _check(data: dict, sent: dict) -> None:
    """Refuse (-7) what no relation can hold."""
    if not str(data.get("name") or "").strip():
        raise refused(-7, "name: may not be empty")
    if not (data["client"] or data["supplier"]):
        raise refused(-7, "client or supplier must be true")
    for field in ("country", "deliveryCountry"):
        if field in sent and not re.fullmatch(r"[A-Z]{2}|  ", sent[field]):
            raise refused(-7, f"{field}: not required but can't be empty; two letters")
    if not re.fullmatch(r"[A-Z]{3}", data["currencyCode"]):
        raise refused(-7, f"currencyCode: unknown currency {data['currencyCode']}")
    for field, allowed in ALLOWED.items():
        if field in data and data[field] not in allowed:
            raise refused(-7, f"{field}: {data[field]} is not allowed")
