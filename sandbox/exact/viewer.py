"""What depends on who asks: ``current/Me`` and the lists of divisions.

Choices where the reference is silent: ``AllDivisions`` gives every division of the licence of the
user, granted or not; the divisions of one country are one licence here, and ``hrm/Divisions`` is
the licence of the division in the address as far as the user may open it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ..kit.clock import Clock, to_belgian_time
from .division import Division
from .resource import Hints, Missing, Resource, Row


@dataclass(frozen=True)
class Viewer:
    """The caller: user name and record, granted divisions, division of the address; ``details``
    gives code → the row of a division in ``system/Divisions``."""

    name: str
    user: dict
    granted: list[int]
    number: int
    clock: Clock
    details: Callable[[], dict[int, Row]]

    def reachable(self) -> list[int]:
        """Divisions that the user may open and has granted to the app."""
        return [code for code in self.user["divisions"] if code in self.granted]

    def offset(self) -> int:
        """Seconds between local time and UTC."""
        now = self.clock.now()
        return int((to_belgian_time(now) - now.replace(tzinfo=None)).total_seconds())


class Me(Resource):
    """``current/Me``: one row, the consenting user."""

    entity = "current/Me"

    def __init__(self, viewer: Viewer):
        self.viewer = viewer

    def rows(self, division: Any, hints: Hints) -> Iterable[Row]:
        """The user."""
        viewer, user = self.viewer, self.viewer.user
        current = viewer.details().get(user["current_division"], {})
        local = to_belgian_time(viewer.clock.now())
        return [
            {
                "UserID": user["id"],
                "UserName": viewer.name,
                "FullName": user["full_name"],
                "FirstName": user["first_name"],
                "LastName": user["last_name"],
                "Email": user["email"],
                "Language": user["language"][:2].upper(),
                "LanguageCode": user["language"],
                "CurrentDivision": user["current_division"],
                "AccountingDivision": user["current_division"],
                "DossierDivision": None,
                "DivisionCustomer": current.get("Customer"),
                "DivisionCustomerCode": current.get("CustomerCode"),
                "DivisionCustomerName": current.get("CustomerName"),
                "DivisionCustomerVatNumber": current.get("VATNumber"),
                "Legislation": int(current.get("Legislation") or 0),
                "ServerTime": local.strftime("%Y-%m-%dT%H:%M:%S"),
                "ServerUtcOffset": viewer.offset(),
                "IsClientUser": False,
                "IsStarterUser": False,
            }
        ]

    def get(self, division: Any, key: Any) -> Row:
        """The user, under the own id only."""
        for row in self.rows(division, Hints()):
            if row["UserID"] == key:
                return row
        raise Missing


class Divisions(Resource):
    """``system/Divisions``: what the user may open and has granted, over every licence."""

    entity = "system/Divisions"

    def __init__(self, viewer: Viewer):
        self.viewer = viewer

    def codes(self) -> Iterable[int]:
        """The divisions of the list."""
        return self.viewer.reachable()

    def rows(self, division: Any, hints: Hints) -> Iterable[Row]:
        """One row for each."""
        details = self.viewer.details()
        return [
            {**details[code], "Code": code, "Current": code == self.viewer.user["current_division"]}
            for code in sorted(self.codes())
            if code in details
        ]

    def get(self, division: Any, key: Any) -> Row:
        """One of them."""
        for row in self.rows(division, Hints()):
            if row["Code"] == key:
                return row
        raise Missing

    def delete(self, division: Any, key: Any) -> None:
        """Nobody deletes a division here."""
        raise Missing


class AllDivisions(Divisions):
    """``system/AllDivisions``: the whole licence."""

    entity = "system/AllDivisions"

    def codes(self) -> Iterable[int]:
        """Those of the same country as a division of the user."""
        details = self.viewer.details()
        countries = {
            details[code]["Country"] for code in self.viewer.user["divisions"] if code in details
        }
        return [code for code, row in details.items() if row["Country"] in countries]


class LicenceDivisions(Divisions):
    """``hrm/Divisions``: the older list, of one licence."""

    entity = "hrm/Divisions"

    def codes(self) -> Iterable[int]:
        """Those of the same country as the division of the address."""
        details = self.viewer.details()
        country = details.get(self.viewer.number, {}).get("Country")
        return [
            code
            for code in self.viewer.reachable()
            if code in details and details[code]["Country"] == country
        ]

    def rows(self, division: Any, hints: Hints) -> Iterable[Row]:
        """With the names that this list has."""
        return [
            {**row, "HID": row.get("Hid"), "Main": row.get("IsMainDivision")}
            for row in super().rows(division, hints)
        ]


LEGISLATIONS = {"BE": "10", "NL": "1"}


def division_row(division: Division) -> Row:
    """A division as ``system/Divisions`` shows it."""
    info = division.info
    moved = info.get("moved_at")
    return {
        "Code": division.code,
        "Description": info["name"],
        "Hid": info["hid"],
        "Country": info["country"],
        "Legislation": LEGISLATIONS.get(info["country"], "0"),
        "Currency": info["currency"],
        "VATNumber": info["vat_number"],
        "ChamberOfCommerceNumber": info["chamber"],
        "Status": info["status"],
        "BlockingStatus": info.get("blocking", 0),
        "IsMainDivision": info["hid"] == 1,
        "AddressLine1": info["street"],
        "Postcode": info["postcode"],
        "City": info["city"],
        "Email": info["email"],
        "StartDate": dt.datetime(2024, 1, 1),
        "DivisionMoveDate": dt.datetime.fromisoformat(moved) if moved else None,
        **licence_owner(info["country"]),
    }


def licence_owner(country: str) -> dict[str, str]:
    """Whose licence the divisions of a country are."""
    return {
        "Customer": str(uuid.uuid5(uuid.NAMESPACE_URL, f"exact-sandbox-customer:{country}")),
        "CustomerCode": "1001" if country == "BE" else "2001",
        "CustomerName": f"Kantoor Vandersmissen {country}",
    }
