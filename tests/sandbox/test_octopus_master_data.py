"""Book years, journals, accounts, VAT codes, cost centres, relations."""

from __future__ import annotations

import pytest
from octopus_client import YEAR, Client, booking, line

from sandbox.octopus.vat_codes import ON_RECORD

UNSET_TEXTS = (
    "fax",
    "mobile",
    "telephone",
    "url",
    "vatNr",
    "bankAccountNr",
    "bicCode",
    "contactPerson",
    "firstName",
    "ibanAccountNr",
    "postalCode",
    "remarks",
    "searchField1",
    "searchField2",
    "streetAndNr",
)
SINCE = "1980-01-01 00:00:00.000"


def test_book_years_and_periods(client):
    years = client("GET", "/bookyears").json
    assert [
        (row["bookyearKey"]["id"], row["startDate"], row["endDate"], row["closed"]) for row in years
    ] == [(8, "2025-01-01", "2025-12-31", False), (9, "2026-01-01", "2026-12-31", False)]
    periods = years[1]["periods"]
    assert [row["bookyearPeriod"] for row in periods] == list(range(202601, 202613))
    assert periods[1] == {
        "bookyearPeriod": 202602,
        "startDate": "2026-02-01",
        "endDate": "2026-02-28",
    }
    assert years[1]["bookyearDescription"] == "Book year 2026"


def test_book_year_detail_and_unknown(client):
    detail = client("GET", "/bookyears/9").json
    assert detail["bookingPeriodType"] == "MONTH" and detail["fromDate"] == "2026-01-01"
    assert {row["language"] for row in detail["names"]} == {"NL", "FR", "EN", "DE"}
    assert client("GET", "/bookyears/99").code == -9


@pytest.mark.parametrize(("kind", "periods"), [("MONTH", 12), ("QUARTER", 4), ("YEAR", 1)])
def test_new_book_year_takes_over_chart_and_journals(client, kind, periods):
    body = {
        "names": [{"language": "NL", "value": "2027"}],
        "bookingPeriodType": kind,
        "fromDate": "2027-01-01",
        "toDate": "2027-12-31",
        "proRataTemporis": False,
        "declarantType": "QUARTERLY",
    }
    reply = client("POST", "/bookyears", body)
    assert reply.status == 200 and reply.json["bookyearKey"] == {"id": 10}
    assert len(client("GET", "/bookyears").json[2]["periods"]) == periods
    assert client("GET", "/accounts", bookyearId=10).json == [
        {**row, "accountKey": {**row["accountKey"], "bookyearKey": {"id": 10}}}
        for row in client("GET", "/accounts", bookyearId=9).json
    ]
    journals = client("GET", "/bookyears/10/journals").json
    assert {row["lastBookedDocumentNr"] for row in journals} == {0} and len(journals) == 8
    assert (
        client(
            "POST", "/bookyears", {**body, "fromDate": "2029-01-01", "toDate": "2029-12-31"}
        ).status
        == 400
    )
    assert client("POST", "/bookyears", {"names": []}).status == 400


def test_change_and_close_a_book_year(client, relation):
    reply = client(
        "PUT",
        "/bookyears",
        {"bookyearKey": {"id": 8}, "names": [{"language": "EN", "value": "Old year"}]},
    )
    assert reply.status == 200
    assert client("GET", "/bookyears").json[0]["bookyearDescription"] == "Old year"
    assert client("POST", "/bookyears/book", {"bookyearKey": {"id": 8}}).status == 204
    assert client("POST", "/bookyears/8/close", copyAllAccountDescriptions="true").status == 204
    assert client("GET", "/bookyears").json[0]["closed"] is True
    reply = client.book(booking(relation, bookyearKey={"id": 8}, bookyearPeriodeNr=202512))
    assert (reply.status, reply.code) == (403, -11)


def test_journals(client, relation):
    client.book(booking(relation))
    journals = {row["journalKey"]: row for row in client("GET", "/bookyears/9/journals").json}
    assert set(journals) == {"V1", "V2", "V3", "A1", "A2", "F1", "D1", "D2"}
    assert {row["insertionType"] for row in journals.values()} == {1}
    assert journals["V1"]["lastBookedDocumentNr"] == 1
    assert journals["F1"]["currencyCode"] == "EUR" and "currencyCode" not in journals["V1"]
    assert set(journals["V1"]) == {
        "bookyearKey",
        "closed",
        "closedPeriod",
        "insertionType",
        "journalKey",
        "lastBookedDocumentNr",
        "name",
        "protectedPeriod",
    }
    assert client("GET", "/bookyears/99/journals").code == -9


@pytest.mark.parametrize(
    ("letter", "fields", "extra"),
    [
        ("A", {}, {}),
        ("D", {}, {}),
        ("F", {"account": 550002, "currencyCode": "USD"}, {"account": 550002, "currency": "USD"}),
        ("V", {"sellJournalInsertionType": "VAT_EXCLUSIVE"}, {"insertionType": "VAT_EXCLUSIVE"}),
        (
            "L",
            {"deliveryJournalInsertionType": "VAT_INCLUSIVE"},
            {"insertionType": "VAT_INCLUSIVE"},
        ),
    ],
)
def test_journal_life(client, letter, fields, extra):
    common = {
        "bookyearKey": {"id": YEAR},
        "sequenceNumber": 7,
        "names": [{"language": "NL", "value": "Nieuw"}],
    }
    made = client(
        "POST", f"/journals/{letter}", {"commonJournalInsertRequestData": common, **fields}
    )
    assert made.status == 200, made.content
    read = client("GET", f"/bookyears/9/journals/{letter}/7").json
    assert read == made.json and read["commonJournalServiceData"]["nextDocumentNumber"] == 1
    assert {name: read[name] for name in extra} == extra
    changed = client(
        "PUT",
        f"/journals/{letter}",
        {
            "commonJournalUpdateRequestData": {
                "bookyearKey": {"id": YEAR},
                "sequenceNumber": 7,
                "nextDocumentNumber": 40,
                "protectedPeriod": 202602,
            }
        },
    )
    assert changed.json["commonJournalServiceData"]["nextDocumentNumber"] == 40
    assert changed.json["commonJournalServiceData"]["protectedPeriod"] == 202602
    assert (
        client(
            "POST", f"/journals/{letter}", {"commonJournalInsertRequestData": common, **fields}
        ).code
        == -38
    )
    assert client("DELETE", f"/bookyears/9/journals/{letter}/7").status == 204
    assert client("GET", f"/bookyears/9/journals/{letter}/7").code == -10
    removed = client("GET", "/journals/modified", modifiedTimeStamp=SINCE).json
    assert removed["deletedJournalList"][0]["journalTypeCode"] == letter
    client("POST", f"/journals/{letter}", {"commonJournalInsertRequestData": common, **fields})
    assert (
        client("GET", "/journals/modified", modifiedTimeStamp=SINCE).json["deletedJournalList"]
        == []
    )


def test_journal_with_bookings_stays(client, relation):
    client.book(booking(relation))
    assert client("DELETE", "/bookyears/9/journals/V/1").code == -38


def test_insertion_type_refuses_bookings(client, relation):
    client.control(
        "POST", f"/dossiers/{client.dossier}/journal", {"journalKey": "V1", "insertion_type": 2}
    )
    assert client.book(booking(relation)).code == -29


def test_financial_journal_account_range(client):
    body = {
        "commonJournalInsertRequestData": {
            "bookyearKey": {"id": 9},
            "sequenceNumber": 8,
            "names": [{"language": "NL", "value": "x"}],
        },
        "account": 400000,
        "currencyCode": "EUR",
    }
    assert client("POST", "/journals/F", body).code == -21


def test_bank_balance(client, relation):
    client.financial("F1", 1, [{"type": "C", "relationId": relation, "amount": 100.5}])
    assert client("GET", "/bookyears/9/journals/F1").json == {
        "balance": 100.5,
        "bookyearKey": {"id": 9},
        "journalKey": "F1",
    }
    assert client("GET", "/bookyears/9/journals/V1").code == -38


def test_accounts(client):
    accounts = client("GET", "/accounts", bookyearId=9).json
    numbers = {row["accountKey"]["id"] for row in accounts}
    assert len(numbers) == len(accounts) and all(100000 <= number <= 999999 for number in numbers)
    assert {
        400000,
        440000,
        411000,
        451000,
        451055,
        451056,
        451057,
        407000,
        409000,
        416000,
        460000,
        488000,
        499000,
        550001,
        588888,
        604000,
        700000,
        764000,
    } <= numbers
    first = accounts[0]
    assert first["accountKey"]["bookyearKey"] == {"id": 9}
    assert first["description"]["description_NL"] and first["description"]["description_FR"]
    texts = [row["description"]["description_NL"] for row in accounts]
    assert len(set(texts)) == len(texts)


DEFAULT_CODES = {
    "purchaseVatCode": {
        602000: "H21",
        604000: "H00",
        604001: "H06",
        604002: "H12",
        604003: "H21",
        611100: "D06",
        611900: "D21",
        613000: "DVR",
        616000: "D00",
    },
    "salesVatCode": {
        700000: "00",
        700100: "06",
        700200: "12",
        700300: "21",
        700500: "MC",
        700600: "CM",
        700700: "EX",
    },
}


def test_what_octopus_keeps_with_an_account(client):
    rows = {row["accountKey"]["id"]: row for row in client("GET", "/accounts", bookyearId=9).json}
    codes = {row["code"]: row for row in client("GET", "/vatcodes").json}
    for field, expected in DEFAULT_CODES.items():
        found = {number: row[field] for number, row in rows.items() if field in row}
        assert found == expected and set(found.values()) <= set(codes)
    shares = {
        number: row["vatRecupPercentage"]
        for number, row in rows.items()
        if row["vatRecupPercentage"] != 100
    }
    assert shares == {
        610300: 50.0,
        610800: 50.0,
        612500: 50.0,
        616500: 50.0,
        616900: 0.0,
        619500: 0.0,
    }
    kinds = {number: row["costCentreType"] for number, row in rows.items() if row["costCentreType"]}
    assert kinds == {140000: 2, 708000: 2}
    assert rows[140000] == {
        "accountKey": {"bookyearKey": {"id": 9}, "id": 140000},
        "costCentreType": 2,
        "description": {
            "description_EN": "",
            "description_FR": "Bénéfice reporté",
            "description_NL": "Overgedragen winst",
        },
        "fiscProfessionalPercentage": 100.0,
        "fiscRecupPercentage": 100.0,
        "vatRecupPercentage": 100.0,
    }
    assert {
        code: row["defaultSellBookingAccountNr"]
        for code, row in codes.items()
        if "defaultSellBookingAccountNr" in row
    } == {
        "00": 700000,
        "06": 700100,
        "12": 700200,
        "21": 700300,
        "MC": 700500,
        "CM": 700600,
        "EX": 700700,
    }


def test_german_only_where_somebody_wrote_it(client):
    key = {"bookyearKey": {"id": 9}, "id": 140000}
    client("PUT", "/accounts", {"accountKey": key, "description": {"description_DE": "Vortrag"}})
    rows = {row["accountKey"]["id"]: row for row in client("GET", "/accounts", bookyearId=9).json}
    assert rows[140000]["description"]["description_DE"] == "Vortrag"
    assert client("GET", "/costcentres").json[0]["description"] == {
        "description_EN": "",
        "description_FR": "Ventes",
        "description_NL": "Verkoop",
    }


def test_a_line_without_share_takes_its_accounts(client, relation):
    shares = {610300: 50.0, 619500: 0.0, 604003: 100.0}
    client.book(
        booking(
            relation,
            journal="A1",
            lines=[
                *(line(account, 100.0, "D21", 21.0) for account in shares),
                line(610300, 100.0, "D21", 21.0, share=100.0),
            ],
        )
    )
    read = client("GET", "/buysellbookings", bookyearId=YEAR, journalKey="A1", documentSeqNr=1).json
    assert [row["vatRecupPercentage"] for row in read["bookingLines"]] == [50.0, 0.0, 100.0, 100.0]
    assert client.server.bookings(client.dossier)[0]["boxes"] == {"59": "52.50", "82": "431.50"}


def test_an_account_may_want_a_cost_centre(client, relation):
    for number in (700000, 657200):
        client.control(
            "POST", f"/dossiers/{client.dossier}/account", {"number": number, "cost_centre_type": 1}
        )
    without, closed, with_one = (
        line(700000, 1000.0, "21", 210.0, **more)
        for more in ({}, {"costCentreKey": {"id": 3}}, {"costCentreKey": {"id": 2}})
    )
    assert client.book(booking(relation, lines=[without])).code == -40
    assert client.book(booking(relation, lines=[closed])).code == -41
    assert client.book(booking(relation, lines=[with_one])).status == 201
    assert client("PUT", "/buysellbookings", booking(relation, lines=[without])).code == -40
    bank = {"type": "A", "accountKey": 657200, "amount": -1.0}
    assert client.financial("F1", 1, [bank]).code == -40
    assert client.financial("F1", 1, [{**bank, "costCentreKey": {"id": 1}}]).status == 201
    # 2 leaves it open, and a default serves where none is given
    assert client.book(booking(relation, 2, lines=[line(708000, -10.0), with_one])).status == 201
    client.control(
        "POST", f"/dossiers/{client.dossier}/account", {"number": 700000, "cost_centre": 1}
    )
    assert client.book(booking(relation, 3, lines=[without])).status == 201
    assert client.server.bookings(client.dossier)[-1]["entry"][1]["costCentreId"] == 1
    read = client("GET", "/buysellbookings", bookyearId=9, journalKey="V1", documentSeqNr=3).json
    assert read["bookingLines"][0]["costCentreKey"] == {"id": 1}
    assert (
        client.control(
            "POST", f"/dossiers/{client.dossier}/account", {"number": 700000, "colour": 1}
        ).status
        == 400
    )


def test_account_upsert_and_modified(server, client):
    server.octopus.clock.advance(60)
    since = server.octopus.clock.stamp()
    body = {
        "accountKey": {"bookyearKey": {"id": 9}, "id": 611950},
        "description": {"description_NL": "Auto"},
        "vatRecupPercentage": 50.0,
    }
    assert client("PUT", "/accounts", body).status == 201
    again = client(
        "PUT",
        "/accounts",
        {"accountKey": body["accountKey"], "description": {"description_FR": "Voiture"}},
    )
    assert (again.status, again.content) == (204, b"")
    changed = client("GET", "/accounts/modified", modifiedTimeStamp=since).json
    assert [row["accountKey"]["id"] for row in changed["modified"]] == [611950]
    assert changed["modified"][0]["vatRecupPercentage"] == 50.0
    assert changed["modified"][0]["description"]["description_NL"] == "Auto"
    client.control(
        "POST",
        f"/dossiers/{client.dossier}/account",
        {"number": 611950, "bookyearId": 9, "remove": True},
    )
    deleted = client("GET", "/accounts/modified", modifiedTimeStamp=since).json["deleted"]
    assert deleted[0]["accountKey"]["id"] == 611950
    assert client("PUT", "/accounts", body).status == 201
    found = client("GET", "/accounts/modified", modifiedTimeStamp=since).json
    assert (len(found["modified"]), found["deleted"]) == (1, [])
    assert client("PUT", "/accounts", {**body, "vatRecupPercentage": 101}).code == -30
    assert (
        client(
            "PUT", "/accounts", {**body, "accountKey": {"bookyearKey": {"id": 9}, "id": 6119}}
        ).code
        == -27
    )


def test_account_amounts(client, relation):
    assert client("GET", "/accounts/amounts/modified").status == 404
    client.book(booking(relation))
    rows = client("GET", "/accounts/amounts/modified").json["modified"]
    amounts = {row["accountAmountKey"]["accountKey"]["id"]: row["balance"] for row in rows}
    assert amounts == {400000: 1210.0, 451000: -210.0, 700000: -1000.0}
    assert rows[0]["accountAmountKey"]["bookyearPeriodKey"]["bookyearPeriodNr"] == 202603


def test_vat_codes_in_two_languages(server, client):
    codes = {row["code"]: row for row in client("GET", "/vatcodes").json}
    assert ON_RECORD <= set(codes)
    # invented in the same manner, for what a company needs besides
    assert {"D12", "I06", "DM12", "HM21", "HE21", "DED21", "HV21", "ICD", "GEEN"} <= set(codes)
    assert not {"ICG", "EXP", "DM" + "21", "DGEEN"} & set(codes)
    assert (codes["21"]["type"], codes["21"]["basePercentage"]) == (2, 21.0)
    assert (codes["D06"]["type"], codes["D06"]["basePercentage"]) == (1, 6.0)
    french = {row["code"]: row for row in Client(server, locale=2)("GET", "/vatcodes").json}
    assert "cocontractant" in french["DMC21"]["description"]
    dutch = {row["code"]: row for row in Client(server, locale=1)("GET", "/vatcodes").json}
    assert "medecontractant" in dutch["DMC21"]["description"]


def test_cost_centres(client):
    assert [row["closed"] for row in client("GET", "/costcentres").json] == [False, False, True]
    assert len(client("GET", "/costcentres/active").json) == 2
    body = {"costCentreKey": {"id": 4}, "description": {"description_NL": "Nieuw"}, "closed": False}
    assert client("PUT", "/costcentres", body).status == 201
    assert client("PUT", "/costcentres", {**body, "closed": True}).status == 204
    assert client("PUT", "/costcentres", {**body, "costCentreKey": {"id": 0}}).code == -76
    assert client("PUT", "/costcentres", {"closed": True}).status == 400


def test_small_lists(client):
    assert "EUR" in client("GET", "/currencies").json
    for path in ("/customfields", "/products", "/productgroups", "/relations"):
        reply = client("GET", path)
        assert reply.status == 404 and reply.json["technicalInfo"]
    assert client("GET", "/bank/invoices").json == []


# Relations ------------------------------------------------------------------------------------


def save(caller, identification=None, **fields):
    return caller(
        "PUT",
        "/relations",
        {
            "relationIdentificationServiceData": identification or {},
            "name": "Meulemans BV",
            "client": True,
            "currencyCode": "EUR",
            **fields,
        },
    )


def test_new_relation_gets_defaults(client):
    made = save(client, {"externalRelationId": 4711}, vatNr="BE0123456749", country="BE").json
    assert made["relationIdentificationServiceData"] == {
        "externalRelationId": 4711,
        "relationKey": {"id": 1},
    }
    assert made["vatNr"] == "BE0123.456.749"
    assert {
        name: made[name]
        for name in (
            "expirationDays",
            "expirationType",
            "active",
            "corporationType",
            "factLanguage",
            "vatType",
            "defaultBookingAccountClient",
            "supplier",
        )
    } == {
        "expirationDays": 30,
        "expirationType": 2,
        "active": True,
        "corporationType": 0,
        "factLanguage": 0,
        "vatType": 0,
        "defaultBookingAccountClient": 0,
        "supplier": False,
    }
    assert {name: made[name] for name in UNSET_TEXTS} == {
        **dict.fromkeys(UNSET_TEXTS, ""),
        "vatNr": "BE0123.456.749",
    }
    assert (made["sddMandateType"], made["sddSeqtype"]) == (0, 0)
    assert not {"invoiceDeliveryMethod", "email", "city", "participantId"} & set(made)
    assert client("GET", "/relations", relationId=1).json == [made]
    assert client("GET", "/relations/modified").json["modified"] == [made]
    other = save(client).json
    assert other["country"] == "  "
    assert other["relationIdentificationServiceData"]["externalRelationId"] == 0


def test_relations_kept_by_an_earlier_sandbox_have_the_texts_too(server, client):
    save(client)
    for name in (*UNSET_TEXTS, "sddSeqtype"):
        server.store.run("UPDATE party SET data = json_remove(data, ?)", f"$.{name}")
    row = client("GET", "/relations", relationId=1).json[0]
    assert {row[name] for name in UNSET_TEXTS} == {""} and row["sddSeqtype"] == 0
    assert save(client, {"relationKey": {"id": 1}}, fax="09").status == 204


def test_update_on_either_key(client):
    save(client, {"externalRelationId": 4711}, email="a@b.example")
    for identification in ({"externalRelationId": 4711}, {"relationKey": {"id": 1}}):
        reply = save(client, identification, city="Oostende")
        assert (reply.status, reply.content) == (204, b"")
    row = client("GET", "/relations", relationId=1).json[0]
    assert (row["city"], row["email"]) == ("Oostende", "a@b.example")
    assert save(client, {"externalRelationId": 4712}).status == 201
    assert save(client, {"relationKey": {"id": 1}, "externalRelationId": 4712}).code == -7
    assert save(client, {"relationKey": {"id": 1}, "externalRelationId": 99}).status == 204
    assert client("GET", "/relations", extRelationId=99).json[0]["name"] == "Meulemans BV"


def test_update_can_replace(server, client):
    server.octopus.switches.set({"relation_update": "replace"})
    save(client, {"externalRelationId": 1}, email="a@b.example")
    save(client, {"externalRelationId": 1})
    assert "email" not in client("GET", "/relations", relationId=1).json[0]


def test_search_meets_one_condition_active_or_not(client):
    save(client, {"externalRelationId": 1}, name="Eén", vatNr="BE0999.999.031")
    save(client, {"externalRelationId": 2}, name="Twee", active=False)
    assert [row["name"] for row in client("GET", "/relations").json] == ["Eén"]
    assert [
        row["name"] for row in client("GET", "/relations", name="twee", vatNr="BE0999999031").json
    ] == ["Eén", "Twee"]
    assert client("GET", "/relations", name="wee").status == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"country": ""},
        {"country": "Belgium"},
        {"client": False},
        {"name": " "},
        {"currencyCode": ""},
        {"vatType": 5},
        {"corporationType": 27},
        {"factLanguage": 4},
    ],
)
def test_relations_that_are_refused(client, fields):
    reply = save(client, **fields)
    assert (reply.status, reply.code) == (400, -7)


def test_relation_types_are_checked(client):
    for fields in (
        {"expirationDays": "30"},
        {"client": "true", "supplier": "FALSE"},
        {"vatType": "1", "corporationType": " 9 "},
        {"sddSignatureDate": "2026-03-01"},
    ):
        made = save(client, **fields)
        assert made.status == 201 and not isinstance(made.json["expirationDays"], str)
    for fields in (
        {"expirationDays": "a month"},
        {"expirationDays": ""},
        {"client": "yes"},
        {"client": 1},
        {"sddSignatureDate": "soon"},
        {"sddSignatureDate": 20260301},
    ):
        assert save(client, **fields).status == 400, fields
    assert client("PUT", "/relations", {"name": "x", "client": True}).status == 400


def test_modified_relations_and_deleted(server, client):
    assert client("GET", "/relations/modified").status == 404
    save(client, name="😀" * 300)
    assert client("GET", "/relations/modified").json["modified"][0]["name"] == "😀" * 300
    server.octopus.clock.advance(60)
    since = server.octopus.clock.stamp()
    assert client("GET", "/relations/modified", modifiedTimeStamp=since).status == 404
    client.control(
        "POST", f"/dossiers/{client.dossier}/relation", {"relationId": 1, "remove": True}
    )
    changed = client("GET", "/relations/modified", modifiedTimeStamp=since).json
    assert changed["modified"] == [] and len(changed["deleted"]) == 1


def test_account_share_is_the_default_of_a_line(client, relation):
    client.control(
        "POST", f"/dossiers/{client.dossier}/account", {"number": 610220, "deductible": 50}
    )
    client.book(booking(relation, journal="A1", lines=[line(610220, 100.0, "D21", 21.0)]))
    held = client.server.bookings(client.dossier)[0]
    assert held["boxes"] == {"59": "10.50", "82": "110.50"}
