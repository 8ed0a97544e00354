"""Authentication, dossiers, version and sample errors."""

from __future__ import annotations

import json

from .calls import Answer, Call, operation
from .errors import LANGUAGES, Refusal

API_VERSION = b"51.9.17"


@operation("getApiVersion")
def version(call: Call) -> Answer:
    """The version of the interface, plain text."""
    return Answer(200, API_VERSION, "text/plain;charset=UTF-8")


@operation("generateSampleError")
def sample_error(call: Call) -> Answer:
    """Always 400: the official wording of a code."""
    call.language = LANGUAGES.get(call.query.get("localeId", 0), "nl")
    raise Refusal(400, call.query["errorCode"], "Sample error")


@operation("authenticateUser")
def login(call: Call) -> Answer:
    """Step 1: user and password for a token."""
    call.authentication.check_software_house(call.headers.get("softwareHouseUuid"))
    return Answer(200, {"token": call.authentication.login(call.body, call.address)})


@operation("whoami")
def whoami(call: Call) -> Answer:
    """The token again, when it is good."""
    return Answer(200, {"token": call.headers["Token"]})


@operation("getDossiers")
def dossiers(call: Call) -> Answer:
    """Step 2: the dossiers the user may see."""
    visible = call.authentication.visible_dossiers(call.claims["user"])
    rows = call.authentication.store.rows("SELECT * FROM administration ORDER BY id")
    return Answer(200, [_dossier(row) for row in rows if row["id"] in visible])


def _dossier(row) -> dict:
    """A dossier as ``DossierServiceData``: texts that are not filled in are empty, and no recorded
    answer names the legal form."""
    data = json.loads(row["data"])
    fields = ("vatNr", "streetAndNr", "postalCode", "city", "country", "url", "email")
    return {
        "dossierKey": {"id": row["id"]},
        "dossierDescription": row["name"],
        "languageCode": data.get("language", "nl"),
        **{name: data.get(name) or "" for name in fields},
    }


@operation("connectDossier")
def connect(call: Call) -> Answer:
    """Step 3: the token of one dossier in a language."""
    token = call.authentication.connect(
        call.claims["user"], call.query["dossierId"], call.query.get("localeId", 0)
    )
    return Answer(200, {"Dossiertoken": token})
