"""Login, tokens, dossiers, limits, and how wrong calls are refused."""

from __future__ import annotations

import re

import pytest
from octopus_client import DOSSIER, SOFTWARE_HOUSE, USER, YEAR, Client

from sandbox.octopus import serve
from sandbox.octopus.calls import HANDLERS
from sandbox.octopus.contract import OPERATIONS
from sandbox.octopus.errors import WORDINGS

JWT = re.compile(r"eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+")


def path_of(operation: str) -> str:
    """A real path for an operation."""
    values = {
        "dossierId": DOSSIER,
        "bookyearId": YEAR,
        "sequenceNumber": 1,
        "journalKey": "F1",
        "journalTypeCode": "D",
        "enveloppeKeyId": 1,
        "paymentListKeyId": 1,
        "language": 1,
    }
    return re.sub(r"\{(\w+)\}", lambda found: str(values[found[1]]), OPERATIONS[operation]["path"])


def test_every_operation_has_a_handler():
    assert set(HANDLERS) == set(OPERATIONS)


def test_three_steps(server):
    client = Client(server, connect=False)
    reply = client.login()
    assert reply.status == 200 and set(reply.json) == {"token"}
    assert JWT.fullmatch(reply.json["token"])
    client.token = reply.json["token"]
    dossiers = client.call("GET", "/dossiers", headers={"TOKEN": client.token})
    assert [row["dossierKey"]["id"] for row in dossiers.json] == [70123, 70124]
    assert dossiers.json[0]["vatNr"] == "BE0999.999.031"
    token = client.connect()
    assert token.status == 200 and list(token.json) == ["Dossiertoken"]
    years = client.call(
        "GET",
        f"/dossiers/{DOSSIER}/bookyears",
        headers={"DOSSIERTOKEN": token.json["Dossiertoken"]},
    )
    assert [row["bookyearKey"]["id"] for row in years.json] == [8, 9]
    assert "set-cookie" not in dossiers.headers


def test_empty_object_is_accepted_when_connecting(client):
    reply = client.call("POST", "/dossiers", {}, {"Token": client.token}, dossierId=DOSSIER)
    assert reply.status == 200


def test_wrong_password_raises_a_counter(server):
    client = Client(server, connect=False)
    for count in (1, 2):
        reply = client.login(password="wrong")
        assert reply.status == 401 and list(reply.json) == ["technicalInfo"]
        assert reply.json["technicalInfo"] == (
            f"Incrementing failed login attempt count for user {USER}, IP address 127.0.0.1. "
        )
        assert failed_logins(server) == count
    assert client.login().status == 200
    assert failed_logins(server) == 0


def failed_logins(server):
    return server.octopus.authentication.users()[USER]["failed"].get("127.0.0.1", 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"user": USER},
        {"password": "secret"},
        {"user": None, "password": None},
        {"user": "", "password": "secret"},
        {"user": USER, "password": ""},
    ],
)
def test_a_login_without_a_field_is_a_failed_one(server, body):
    client = Client(server, connect=False)
    house = {"softwareHouseUuid": SOFTWARE_HOUSE}
    reply = client.call("POST", "/authentication", body, house)
    assert (reply.status, list(reply.json)) == (401, ["technicalInfo"])
    assert failed_logins(server) == (1 if body.get("user") else 0)
    assert client.call("POST", "/authentication", body).code == -68


def test_login_is_blocked_after_the_switch(server):
    server.octopus.switches.set({"failed_logins_before_block": 2})
    client = Client(server, connect=False)
    for _ in range(2):
        client.login(password="wrong")
    assert client.login().status == 401


@pytest.mark.parametrize("uuid", ["", "11111111-1111-1111-1111-111111111111"])
def test_wrong_software_house(server, uuid):
    reply = Client(server, connect=False).login(softwareHouseUuid=uuid)
    assert (reply.status, reply.code) == (401, -68)


def test_wrong_header_name_and_no_token(client):
    for headers in ({}, {"Token": client.token}):
        reply = client.call("GET", f"/dossiers/{DOSSIER}/bookyears", headers=headers)
        assert (reply.status, reply.code) == (401, -79)
        assert reply.json["technicalInfo"] == "Empty access token"


@pytest.mark.parametrize(
    "change", [lambda token: token[:-3] + "AAA", lambda token: "x", lambda token: token + ".x"]
)
def test_false_token(client, change):
    client.dossier_token = change(client.dossier_token)
    reply = client("GET", "/bookyears")
    assert (reply.status, reply.code) == (401, -2)


def test_login_token_is_no_dossier_token(client):
    client.dossier_token = client.token
    assert client("GET", "/bookyears").status == 401


def test_token_of_another_dossier(client):
    client.dossier = 70124
    assert client("GET", "/bookyears").status == 401


def test_tokens_live_ten_minutes(server, client):
    server.octopus.clock.advance(9 * 60 + 50)
    assert client("GET", "/bookyears").status == 200
    server.octopus.clock.advance(20)
    reply = client("GET", "/bookyears")
    assert (reply.status, reply.code) == (401, -2)
    assert client.call("GET", "/dossiers", headers={"Token": client.token}).status == 401
    assert Client(server)("GET", "/bookyears").status == 200


def test_expire_all_tokens(client):
    assert client.control("POST", "/tokens/expire").status == 200
    assert client("GET", "/bookyears").status == 401


def test_who_am_i(client):
    assert client.call("GET", "/authentication", headers={"Token": client.token}).status == 200
    assert client.call("GET", "/authentication").status == 401


def test_webservice_module_of_the_user(client):
    client.control("POST", f"/users/{USER}", {"webservice": False})
    assert (client.login().status, client.login().code) == (401, -1)
    assert client("GET", "/bookyears").status == 401


def test_dossier_without_access_disabled_or_unknown(server, client):
    client.control("POST", f"/users/{USER}", {"dossiers": [70123]})
    assert (client.connect(dossier=70124).status, client.connect(dossier=70124).code) == (403, -3)
    server.octopus.switches.set({"show_disabled_dossier": True})
    assert (client.connect(dossier=70125).status, client.connect(dossier=70125).code) == (403, -5)
    assert client.connect(dossier=1).status == 404
    reply = client.call("POST", "/dossiers", headers={"Token": client.token})
    assert (reply.status, list(reply.json)) == (400, ["technicalInfo"])


def test_disable_a_dossier(client):
    client.control("POST", f"/dossiers/{DOSSIER}", {"disabled": True})
    assert client.connect().code == -5


def test_empty_chart(server):
    server.octopus.switches.set({"show_empty_dossier": True})
    client = Client(server, dossier=70126)
    assert client("GET", "/accounts", bookyearId=9).status == 404


def test_version_and_sample_errors(client):
    version = client.call("GET", "/about/version")
    assert version.headers["content-type"].startswith("text/plain")
    assert re.fullmatch(rb"\d+\.\d+\.\d+", version.content)
    for locale, start in (
        (1, "Het document nummer"),
        (2, "Numéro"),
        (3, "Invalid"),
        (4, "Ungültige"),
    ):
        reply = client.call("GET", "/error", errorCode=-13, localeId=locale)
        assert (reply.status, reply.code) == (400, -13)
        assert reply.json["errorMessage"].startswith(start)
    assert sorted(WORDINGS) == list(range(-79, 1))
    assert all(set(texts) == {"nl", "fr", "en", "de"} for texts in WORDINGS.values())


@pytest.mark.parametrize(
    ("locale", "word"),
    [(0, "Onbekend"), (1, "Onbekend"), (2, "inconnu"), (3, "Unknown"), (4, "Unbekannt")],
)
def test_messages_in_the_language_of_the_token(server, locale, word):
    reply = Client(server, locale=locale)("GET", "/accounts", bookyearId=77)
    assert (reply.status, reply.code) == (400, -9)
    assert word in reply.json["errorMessage"]


def test_dossier_default_language(server):
    assert (
        "inconnu"
        in Client(server, dossier=70124, locale=0)("GET", "/accounts", bookyearId=77).json[
            "errorMessage"
        ]
    )


@pytest.mark.parametrize(
    "operation", sorted(name for name, entry in OPERATIONS.items() if entry.get("token"))
)
def test_every_operation_wants_its_token(server, operation):
    reply = Client(server, connect=False).call(
        OPERATIONS[operation]["method"], path_of(operation), {}
    )
    assert (reply.status, reply.code) == (401, -79)


OUTSIDE = [
    name
    for name, entry in OPERATIONS.items()
    if entry["group"] in ("Invoices", "Delivery Notes", "Payroll administration", "Coda")
]


@pytest.mark.parametrize("operation", OUTSIDE)
def test_modules_the_dossier_does_not_have(client, operation):
    entry = OPERATIONS[operation]
    query = {
        name: {"int32*": 1, "boolean*": "true"}.get(kind, "2026-01-01 00:00:00.000")
        for name, kind in entry.get("query", {}).items()
        if kind.endswith("*")
    }
    bodies = {
        "InvoiceServiceData": {
            "bookyearKey": {"id": 9},
            "journalKey": "V1",
            "documentSequenceNr": 1,
            "bookyearPeriodeNr": 202603,
            "documentDate": "2026-03-01",
            "expiryDate": "2026-03-01",
            "currencyCode": "EUR",
            "exchangeRate": 1.0,
            "relationIdentificationServiceData": {},
        },
        "DocumentSelectionData": {
            "bookyearKey": {"id": 9},
            "journal": "V1",
            "documentSequenceNr": 1,
            "toDocumentSequenceNr": 1,
        },
        "SendInvoiceRequest": {
            "bookyearKey": {"id": 9},
            "journal": "V1",
            "documentSequenceNr": 1,
            "toDocumentSequenceNr": 1,
            "fromMailAddress": "a@b.example",
        },
        "string": "coda",
        "binary": b"x",
    }
    bodies["DeliveryNoteServiceData"] = bodies["InvoiceServiceData"]
    path = path_of(operation).removeprefix(f"/dossiers/{DOSSIER}")
    reply = client(entry["method"], path, bodies.get(entry.get("body", "")), **query)
    assert reply.status == 403
    assert reply.code < 0 and reply.json["errorMessage"]


def test_unknown_path_and_wrong_method(client):
    assert client("GET", "/nothing").status == 404
    assert client("DELETE", "/relations").status == 405
    assert client.call("GET", "/dossiers/x/relations").status == 404


def test_query_names_are_checked(client):
    for query in ({}, {"bookyearKeyId": 9}, {"bookyearId": "x"}):
        reply = client("GET", "/accounts", **query)
        assert reply.status == 400
        assert reply.json == {"technicalInfo": "Invalid or missing parameters passed"}


@pytest.mark.parametrize("year", ["x", "9.0", "9e0", "0x9", "9_0", "٩", str(2**31)])
def test_query_numbers_are_checked(client, year):
    assert client("GET", "/accounts", bookyearId=year).status == 400


def test_the_list_of_dossiers(server, client):
    server.octopus.switches.set({"show_disabled_dossier": True})
    rows = client.call("GET", "/dossiers", headers={"Token": client.token}).json
    assert rows[0] == {
        "city": "Gent",
        "country": "BE",
        "dossierDescription": "Vandersmissen Bureaustoelen BV",
        "dossierKey": {"id": 70123},
        "email": "boekhouding@vandersmissen.example",
        "languageCode": "nl",
        "postalCode": "9000",
        "streetAndNr": "Nijverheidslaan 14",
        "url": "",
        "vatNr": "BE0999.999.031",
    }
    assert rows[1]["languageCode"] == "fr"
    assert set(rows[2]) == set(rows[0])
    assert (rows[2]["city"], rows[2]["email"]) == ("", "")


def test_keys_are_sorted_and_null_left_out(client, relation):
    for path in ("/relations", "/bookyears", "/vatcodes"):
        reply = client("GET", path)
        for row in reply.json:
            assert list(row) == sorted(row)
            assert None not in row.values()
    assert reply.headers["content-type"] == "application/json"


def test_body_that_is_no_json(client):
    for body in (b"", b"{", b"\xff\xfe", b"[1]", b'{"amount": NaN}'):
        reply = client("PUT", "/relations", body)
        assert reply.status == 400 and list(reply.json) == ["technicalInfo"]


def test_daily_limits_and_the_day_turns():
    with serve() as server:
        client = Client(server)
        statuses = [client("GET", "/vatcodes").status for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert "per day" in client("GET", "/vatcodes").json["technicalInfo"]
        server.octopus.clock.advance(24 * 3600)
        assert Client(server)("GET", "/vatcodes").status == 200
        assert server.calls()["getVatCodes"] == 5
        server.octopus.switches.set({"limit_status": 403})
        client = Client(server)
        client("GET", "/vatcodes")
        assert client("GET", "/vatcodes").status == 403
        assert Client(server, dossier=70124)("GET", "/vatcodes").status == 200


def test_relations_have_two_limits():
    with serve() as server:
        client = Client(server)
        client.relation()
        assert [client("GET", "/relations").status for _ in range(3)] == [200, 200, 429]
        assert client("GET", "/relations", relationId=1).status == 200


@pytest.mark.parametrize(
    "query", [{"nonsense": 1}, {"relationid": 1}, {"name": ""}, {"vatNr": "", "x": "y"}]
)
def test_the_whole_list_has_its_limit_under_any_query_name(query):
    with serve() as server:
        client = Client(server)
        client.relation()
        assert [client("GET", "/relations", **query).status for _ in range(3)] == [200, 200, 429]
        assert server.calls() == server.calls() | {"getRelations.without_search_parameter": 3}


def test_unknown_fields_are_ignored_or_refused(server, client):
    body = {
        "relationIdentificationServiceData": {},
        "name": "X",
        "client": True,
        "currencyCode": "EUR",
        "firstname": "old spelling",
    }
    assert client("PUT", "/relations", body).status == 201
    server.octopus.switches.set({"unknown_fields": "refuse"})
    assert client("PUT", "/relations", body).status == 400


def test_software_house_is_not_case_sensitive(server):
    reply = Client(server, connect=False).login(softwarehouseuuid=SOFTWARE_HOUSE.upper())
    assert reply.status == 200
