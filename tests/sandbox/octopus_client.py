"""A small client of the Octopus sandbox for the tests, and the bodies they send."""

from __future__ import annotations

import http.client
import json
import urllib.parse
from typing import Any

from sandbox.octopus.seed import PASSWORD, SOFTWARE_HOUSE, USER

DOSSIER = 70123
YEAR = 9


class Reply:
    """Status, headers and body of an answer."""

    def __init__(self, status: int, headers: dict[str, str], content: bytes):
        self.status = status
        self.headers = headers
        self.content = content

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> int | None:
        return self.json.get("errorCode")


class Client:
    """Calls with a dossier token; every helper gives the raw reply."""

    def __init__(self, server, dossier: int = DOSSIER, locale: int = 3, connect: bool = True):
        self.server = server
        self.dossier = dossier
        self._address = urllib.parse.urlsplit(server.root).netloc
        self._base = urllib.parse.urlsplit(server.url).path
        self.connection = http.client.HTTPConnection(self._address, timeout=20)
        if connect:
            self.token = self.login().json["token"]
            self.dossier_token = self.connect(locale).json["Dossiertoken"]

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict | None = None,
        base: str | None = None,
        **query: Any,
    ) -> Reply:
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        url = (self._base if base is None else base) + path
        if query:
            url += "?" + urllib.parse.urlencode(query)
        try:
            self.connection.request(method, url, data, headers or {})
            response = self.connection.getresponse()
            return Reply(
                response.status,
                {key.lower(): value for key, value in response.getheaders()},
                response.read(),
            )
        except (http.client.HTTPException, OSError):
            self.connection.close()
            raise

    def login(self, user: str = USER, password: str = PASSWORD, **headers: str) -> Reply:
        return self.call(
            "POST",
            "/authentication",
            {"user": user, "password": password},
            headers or {"softwareHouseUuid": SOFTWARE_HOUSE},
        )

    def connect(self, locale: int = 3, dossier: int | None = None) -> Reply:
        return self.call(
            "POST",
            "/dossiers",
            headers={"Token": self.token},
            dossierId=dossier or self.dossier,
            localeId=locale,
        )

    def __call__(
        self, method: str, path: str, body: Any = None, headers: dict | None = None, **query: Any
    ) -> Reply:
        return self.call(
            method,
            f"/dossiers/{self.dossier}{path}",
            body,
            {"dossierToken": self.dossier_token, **(headers or {})},
            **query,
        )

    def control(self, method: str, path: str, body: Any = None) -> Reply:
        return self.call(method, path, body, base="/sandbox/control")

    def relation(self, external: int = 4711, **fields: Any) -> int:
        reply = self(
            "PUT",
            "/relations",
            {
                "relationIdentificationServiceData": {"externalRelationId": external},
                "name": f"Relatie {external}",
                "client": True,
                "supplier": True,
                "currencyCode": "EUR",
                **fields,
            },
        )
        assert reply.status == 201, reply.content
        return reply.json["relationIdentificationServiceData"]["relationKey"]["id"]

    def book(self, booking: dict, files: list[dict] | None = None) -> Reply:
        body: dict = {"buySellBookingServiceData": booking}
        if files is not None:
            body["attachments"] = files
        return self("POST", "/buysellbookings", body)

    def financial(self, journal: str, number: int, lines: list[dict], **fields: Any) -> Reply:
        return self(
            "POST",
            "/financialdiversbookings",
            {
                "financialDiversBookingServiceData": {
                    "bookyearKey": {"id": YEAR},
                    "journalKey": journal,
                    "documentSequenceNr": number,
                    "bookyearPeriodeNr": 202604,
                    "documentDate": "2026-04-09",
                    "exchangeRate": 1.0,
                    "bookingLines": lines,
                    **fields,
                }
            },
        )


def line(
    account: int,
    base: float,
    code: str | None = None,
    vat: float = 0.0,
    share: float | None = None,
    **fields: Any,
) -> dict:
    """A booking line."""
    found = {"accountKey": account, "baseAmount": base, "vatAmount": vat, **fields}
    if code is not None:
        found["vatCodeKey"] = code
    if share is not None:
        found["vatRecupPercentage"] = share
    return found


def booking(
    relation: int,
    number: int = 1,
    journal: str = "V1",
    lines: list[dict] | None = None,
    **fields: Any,
) -> dict:
    """A sales or purchase document; its amount is the sum of its lines."""
    lines = [line(700000, 1000.0, "21", 210.0)] if lines is None else lines
    return {
        "bookyearKey": {"id": YEAR},
        "journalKey": journal,
        "documentSequenceNr": number,
        "relationIdentificationServiceData": {"relationKey": {"id": relation}},
        "bookyearPeriodeNr": 202603,
        "documentDate": "2026-03-12",
        "expiryDate": "2026-04-11",
        "comment": f"INV/2026/{number:05}",
        "reference": "+++090/9337/55493+++",
        "amount": round(sum(row["baseAmount"] + row["vatAmount"] for row in lines), 2),
        "currencyCode": "EUR",
        "exchangeRate": 1.0,
        "bookingLines": lines,
        **fields,
    }


def key(number: int, journal: str = "V1", sequence: int = -1) -> dict:
    """The key of a line for a balancing."""
    return {
        "bookyearKey": {"id": YEAR},
        "journalKey": journal,
        "documentSequenceNr": number,
        "lineSequenceNr": sequence,
    }


def named(number: int, journal: str = "V1") -> dict:
    """The name of a booking on the control endpoint."""
    return {"bookyearId": YEAR, "journalKey": journal, "documentSequenceNr": number}
