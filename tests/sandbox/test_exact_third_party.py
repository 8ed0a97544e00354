"""Requests as existing clients of Exact Online write them, and the answers they build on."""

from __future__ import annotations

import base64
import json
from decimal import Decimal
from xml.etree import ElementTree

import pytest
import requests
from exact_client import DIVISION, REDIRECT, TIMEOUT, Browser, Client, returned

from sandbox.exact import serve
from sandbox.exact.entities import ENTITIES
from sandbox.exact.identity import CLIENT_ID, CLIENT_SECRET

SALES, PURCHASES = "salesentry/SalesEntries", "purchaseentry/PurchaseEntries"
MIDNIGHT = "/Date(1772668800000)/"
"""5 March 2026 at midnight, local time written as if it were UTC."""


@pytest.fixture(scope="module")
def ledger(app):
    return {
        row["Code"]: row["ID"]
        for row in app.get("bulk/Financial/GLAccounts", **{"$select": "ID,Code"})
    }


@pytest.fixture(scope="module")
def party(app):
    return app.post(
        "crm/Accounts", {"Name": "Bakkerij Peeters BV", "Status": "C", "IsSupplier": True}
    )["ID"]


def sale(party, ledger, *lines, **values):
    return {
        "Customer": party,
        "Journal": "70",
        "EntryDate": "2026-03-05",
        "SalesEntryLines": [
            {"GLAccount": ledger[account], "AmountFC": amount, "VATCode": code, **more}
            for account, amount, code, more in lines
        ],
        **values,
    }


def raw(app, address, **headers):
    """A GET with the query written into the address, as clients that join texts do."""
    return requests.get(
        f"{app.root}/api/v1/{DIVISION}/{address}",
        timeout=TIMEOUT,
        headers={
            "Authorization": f"Bearer {app.tokens['access_token']}",
            "Accept": "application/json",
            **headers,
        },
    )


def rows(app, address):
    answer = raw(app, address)
    assert answer.status_code == 200, answer.text
    content = answer.json()["d"]
    return content if isinstance(content, list) else content["results"]


# Signing in ---------------------------------------------------------------------------------


def test_client_in_the_authorization_header_of_the_token_call(shared_exact):
    """General OAuth libraries leave client id and secret out of the form."""
    address = f"{shared_exact.root}/api/oauth2/token"
    form = {"grant_type": "authorization_code", "redirect_uri": REDIRECT}

    def ask(secret):
        return requests.post(
            address,
            timeout=TIMEOUT,
            auth=(f"{{{CLIENT_ID}}}", secret),
            data={**form, "code": Browser(shared_exact.root).code()},
        )

    answer = ask(CLIENT_SECRET)
    assert (answer.status_code, answer.json()["expires_in"]) == (200, "600")
    assert ask("another").json() == {"error": "invalid_request"}
    body = requests.post(
        address,
        timeout=TIMEOUT,
        json={**form, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "code": "x"},
    )
    assert (body.status_code, body.json()) == (400, {"error": "invalid_request"})


def test_redirect_uri_with_slashes_as_they_are(shared_exact):
    """One client leaves the slashes of the redirect URI unescaped, braces it escapes."""
    browser = Browser(shared_exact.root)
    page = browser.get(
        f"{shared_exact.root}/api/oauth2/auth?client_id=%7B{CLIENT_ID}%7D"
        f"&redirect_uri={REDIRECT.replace(':', '%3A')}&response_type=code"
    )
    page = browser.send(page, "login", user="accountant", password="secret")
    allowed = browser.send(browser.get(shared_exact.root + page.headers["Location"]), "allow")
    assert set(returned(allowed)) == {"code"}


def test_without_limits_nobody_waits():
    """Clients wait by themselves when a header says that no call is left, and suites start over
    between their cases."""
    with serve(switches={"rate_limits": False, "calls_per_minute": 2}) as running:
        for _case in range(2):
            app = Client(running)
            for _call in range(4):
                answer = raw(app, "financial/Journals?$select=Code")
                assert answer.status_code == 200
                assert int(answer.headers["X-RateLimit-Minutely-Remaining"]) > 0
            assert app.control("POST", "/reset", {}).status_code == 200


# Queries ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "$filter=Name+eq+'Bakkerij Peeters BV'",
        "$filter=Name%20eq%20%27Bakkerij+Peeters%20BV%27",
        "$filter=ID eq guid'{GUID}'",
        "$filter=ID eq Guid'{{{GUID}}}'&$orderby=",
        "$filter=Name eq 'Bakkerij Peeters BV' and Created gt DateTime'2020-01-01T00:00:00.000Z'",
        "$filter=Name eq 'Bakkerij Peeters BV'"
        " and Created gt datetime'2020-01-01T00:00:00%2B02:00'",
        "$filter=startswith(Name,'Bakkerij') eq true and year(Created) ge 2020",
        "$filter=substring(Name,0,8) eq 'Bakkerij' and substring(Name,17) eq 'BV'",
        "$filter=concat(Name,'!') eq 'Bakkerij Peeters BV!' and (month(Created) lt 13)",
    ],
)
def test_filters_as_clients_write_them(app, party, query):
    query = query.replace("{{{GUID}}}", f"{{{party.upper()}}}").replace("{GUID}", party.upper())
    found = rows(app, f"crm/Accounts?{query}&$select=ID")
    assert [row["ID"] for row in found] == [party]


def test_options_without_a_value(app):
    """A node that builds its filter from a list sends an empty one for an empty list."""
    everything = rows(app, "financial/Journals")
    assert rows(app, "financial/Journals?$filter=&$select=&$orderby=&$expand=") == everything
    assert rows(app, "financial/Journals?$filter=1 eq 0&$top=") == []
    next_page = raw(app, "financial/GLAccounts?$filter=&$select=Code").json()["d"]["__next"]
    assert "filter" not in next_page and "$select=Code" in next_page


def test_count(app, party):
    """The count comes as plain text, to a client that parses the whole body as a number."""
    answer = raw(app, "financial/Journals/$count?$filter=Type+eq+20", Accept="*/*")
    assert (answer.status_code, answer.text) == (200, "2")
    assert answer.headers["Content-Type"] == "text/plain;charset=utf-8"
    assert raw(app, "purchaseentry/PurchaseEntries/$count").text == "0"
    assert raw(app, f"crm/Accounts(guid'{party}')/BankAccounts/$count").text == "0"
    assert raw(app, f"crm/Accounts(guid'{party}')/$count").status_code == 404
    assert raw(app, "financial/Journals/$count?$filter=Nothing eq 1").status_code == 400


def test_slashes_too_many(app, party):
    for address in ("/crm/Accounts", "crm/Accounts/", f"crm//Accounts(guid'{party}')/"):
        assert raw(app, f"{address}?$select=ID").status_code == 200, address
    assert raw(app, "crm/Accounts(guid'x//y')").status_code == 400


def test_services_in_capitals(app):
    """One client asks for Current/Me; the entity's own name is taken as it is written."""
    answer = requests.get(
        f"{app.root}/api/v1/Current/Me",
        timeout=TIMEOUT,
        headers={
            "Authorization": f"Bearer {app.tokens['access_token']}",
            "Accept": "application/json",
        },
    )
    assert answer.json()["d"]["results"][0]["CurrentDivision"] == DIVISION
    assert (
        len(rows(app, "FINANCIAL/Journals?$select=Code"))
        == len(rows(app, "financial/Journals?$select=Code"))
        > 0
    )
    assert raw(app, "financial/journals").status_code == 404


def test_expanded_lines_by_star(app, party, ledger):
    app.post(SALES, sale(party, ledger, ("700000", 10, "21", {}), YourRef="STAR"))
    found = rows(
        app,
        f"{SALES}?$filter=YourRef eq 'STAR'&$expand=SalesEntryLines"
        "&$select=EntryID,SalesEntryLines/*",
    )
    assert found[0]["SalesEntryLines"]["results"][0]["AmountFC"] == 10


def test_timestamp_of_a_moment_in_utc(app):
    answer = raw(
        app,
        "read/sync/Sync/SyncTimestamp?endPoint='PaymentTerms'"
        "&modified=datetime'2020-01-01T00:00:00.000Z'",
    )
    assert answer.json() == {
        "d": {"TimeStampAsBigInt": "1", "Modified": "/Date(1577836800000)/", "API": "PaymentTerms"}
    }


def test_atom_names_the_types(app, party):
    """A client without Accept takes the types from the XML."""
    answer = raw(app, f"crm/Accounts?$filter=ID eq guid'{party}'", Accept="")
    names = {
        "d": "http://schemas.microsoft.com/ado/2007/08/dataservices",
        "m": "http://schemas.microsoft.com/ado/2007/08/dataservices/metadata",
    }
    found = ElementTree.fromstring(answer.content).find(".//m:properties", names)
    types = {
        name: found.find(f"d:{name}", names).get(f"{{{names['m']}}}type")
        for name in ("ID", "Name", "IsSupplier", "Created", "CreditLineSales")
    }
    assert types == {
        "ID": "Edm.Guid",
        "Name": None,
        "IsSupplier": "Edm.Boolean",
        "Created": "Edm.DateTime",
        "CreditLineSales": "Edm.Double",
    }
    assert found.find("d:Created", names).text[10:11] == "T"


# Bodies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-05",
        "2026-03-05T00:00",
        "2026-03-05T00:00:00",
        "2026-03-05T00:00:00Z",
        "2026-03-05T00:00:00.000Z",
        "2026-03-05T09:30:00.0000000",
        "2026-03-05T00:00:00+01:00",
        "2026-03-04T23:00:00+00:00",
        MIDNIGHT,
    ],
)
def test_dates_of_entries(app, party, ledger, date):
    """Whatever clients send for midnight, with or without zone, is that day."""
    entry = app.post(
        SALES, sale(party, ledger, ("700000", 1, "21", {"From": date, "To": date}), EntryDate=date)
    )
    assert entry["EntryDate"] == MIDNIGHT


def test_numbers_as_text_and_codes_as_numbers(app, party, ledger):
    body = sale(
        party,
        ledger,
        ("700000", "100.00", 21, {"VATAmountFC": "20.99", "Quantity": "2", "AmountDC": "100.00"}),
    )
    body |= {
        "Journal": 70,
        "PaymentCondition": 30,
        "YourRef": 2026001,
        "OrderNumber": "7",
        "ReportingYear": 2026.0,
        "ReportingPeriod": "3",
        "Reversal": 0,
        "Customer": f"{{{party.upper()}}}",
        "Type": 20,
        "VATAmountFC": "20.99",
    }
    entry = app.post(SALES, body)
    assert (
        entry["AmountFC"],
        entry["VATAmountFC"],
        entry["YourRef"],
        entry["OrderNumber"],
        entry["Journal"],
        entry["Customer"],
    ) == (120.99, 20.99, "2026001", 7, "70", party)


def test_every_property_sent_as_nothing(app, party, ledger):
    """A typed client sends all writable properties, null and false where nothing was set."""

    def empty(name):
        return {
            one.name: False if one.type == "Boolean" else None
            for one in ENTITIES[name].properties.values()
            if one.post
        }

    for entity, lines, values, line in (
        (SALES, "SalesEntryLines", {"Customer": party, "Journal": "70"}, ("700000", "21")),
        (PURCHASES, "PurchaseEntryLines", {"Supplier": party, "Journal": "60"}, ("604000", "A21")),
    ):
        service = entity.partition("/")[0]
        entry = app.post(
            entity,
            {
                **empty(entity),
                **values,
                lines: [
                    {
                        **empty(f"{service}/{lines}"),
                        "GLAccount": ledger[line[0]],
                        "AmountFC": 100.0,
                        "VATCode": line[1],
                    }
                ],
            },
        )
        assert (entry["AmountFC"], entry["Status"]) == (121, 20)


@pytest.fixture
def own_number_taken(shared_exact):
    shared_exact.exact.switches.set({"own_number_refused": False})
    yield
    shared_exact.exact.switches.set({"own_number_refused": True})


@pytest.mark.usefixtures("own_number_taken")
def test_what_was_read_is_sent_back(app, party, ledger):
    """A model that saves itself puts everything that it has read, slashes escaped or not."""
    entry = app.post(SALES, sale(party, ledger, ("700000", 100, "21", {})))
    address = entry["__metadata"]["uri"].removeprefix(app.root)
    read = app.call("GET", address).json()["d"] | {"Description": "Gewijzigd"}
    answer = requests.put(
        app.root + address,
        json.dumps(read).replace("/", "\\/"),
        timeout=TIMEOUT,
        headers={
            "Authorization": f"Bearer {app.tokens['access_token']}",
            "Accept": "application/json",
            "Content-Type": "application/json; charset=utf-8",
            "Prefer": "return=representation",
        },
    )
    assert (answer.status_code, answer.content) == (204, b"")
    again = app.call("GET", address).json()["d"]
    assert (again["Description"], again["AmountFC"], again["EntryDate"]) == (
        "Gewijzigd",
        121,
        MIDNIGHT,
    )
    for path in ("financial/Journals?$top=1", "vat/VATCodes?$top=1"):
        row = app.call("GET", path).json()["d"][0]
        answer = app.call("PUT", row["__metadata"]["uri"].removeprefix(app.root), json=row)
        assert answer.status_code == 204, answer.text


def test_a_key_that_is_sent_back_is_a_duplicate_of_itself(app, party, ledger):
    def put(address, values):
        answer = app.call("PUT", address, json=values)
        return answer.status_code, answer.text and answer.json()["error"]["message"]["value"]

    refused = (500, "Gegeven bestaat reeds")
    address = f"crm/Accounts(guid'{party}')"
    row = app.call("GET", address).json()["d"]
    for code in (row["Code"], row["Code"].strip(), int(row["Code"])):
        assert put(address, {"Code": code, "City": "Brugge"}) == refused
    assert put(address, row) == refused
    assert app.call("GET", address).json()["d"]["City"] == row["City"]
    assert put(address, {"Name": row["Name"], "SearchCode": "X"}) == (204, "")
    assert put(address, {"Code": "7777"}) == (204, "")
    for entity, lines in (
        (SALES, sale(party, ledger, ("700000", 100, "21", {}))),
        (
            PURCHASES,
            {
                "Supplier": party,
                "Journal": "60",
                "PurchaseEntryLines": [
                    {"GLAccount": ledger["604000"], "AmountFC": 1, "VATCode": "A21"}
                ],
            },
        ),
    ):
        entry = app.post(entity, lines)
        address = entry["__metadata"]["uri"].removeprefix(app.root)
        assert put(address, app.call("GET", address).json()["d"]) == refused
        assert put(address, {"EntryNumber": entry["EntryNumber"]}) == refused
        assert put(address, {"Journal": entry["Journal"], "YourRef": "7"}) == (204, "")


def test_file_with_line_breaks_and_its_absolute_address(app):
    """Some languages break base64 into lines; the address of a file is used as it comes."""
    document = app.post("documents/Documents", {"Subject": "F", "Type": "20"})
    content = bytes(range(200))
    row = app.post(
        "documents/DocumentAttachments",
        {
            "Document": document["ID"],
            "FileName": "a b&c.pdf",
            "Attachment": base64.encodebytes(content).decode().replace("\n", "\r\n"),
        },
    )
    read = app.get("documents/DocumentAttachments", **{"$filter": f"ID eq guid'{row['ID']}'"})[0]
    assert row["Url"] == read["Url"] and read["Url"].startswith(f"{app.root}/docs/SysAttachment")
    loaded = requests.get(
        read["Url"] + "&Download=1",
        timeout=TIMEOUT,
        headers={"Authorization": f"Bearer {app.tokens['access_token']}"},
    )
    assert loaded.content == content


# The books, as an accountant would look at them -----------------------------------------------

SOLD = (  # lines, header, total including VAT
    ([("700000", 1000, "21"), ("700000", 50, "6")], {}, "1263"),
    ([("700000", "0.03", "21")] * 3, {}, "0.12"),  # rounded per line
    ([("700000", 121, "21I")], {}, "121"),
    ([("700000", "99.99", "21I")], {}, "99.99"),
    ([("700000", 500, "MC")], {}, "500"),
    ([("700000", 500, "IG")], {}, "500"),
    ([("700000", 500, "IDV")], {}, "500"),
    ([("700000", 500, "EXP")], {}, "500"),
    ([("700000", 80, "GV")], {}, "80"),
    ([("700000", -100, "21")], {}, "-121"),
    ([("700000", -100, "IG")], {}, "-100"),
    ([("700000", 1000, "21")], {"Currency": "USD", "Rate": 0.9137}, "1210"),
    (
        [("700000", "33.33", "21"), ("700000", "33.33", "12"), ("700000", -20, "6")],
        {"Currency": "USD"},
        "56.46",
    ),
)
BOUGHT = (
    ([("604000", 1000, "A21", 0)], {}, "1210"),
    ([("616200", 200, "A21", 0.5)], {}, "242"),
    ([("616200", "333.33", "A21", 1)], {}, "403.33"),
    ([("240000", 3000, "M21", 0)], {}, "3000"),
    ([("604000", 700, "E21", 0)], {}, "700"),
    ([("610220", 300, "S21", 0)], {}, "300"),
    ([("604000", -100, "A21", 0)], {}, "-121"),
    ([("604000", -700, "E21", 0)], {}, "-700"),
    ([("604000", 100, "A6", 0), ("604000", 100, "A0", 0), ("616200", 100, "GA", 0)], {}, "306"),
    ([("604000", 1000, "A21", 0)], {"Currency": "USD", "Rate": 0.9137}, "1210"),
)
BOXES = {  # added up by hand from the lists above
    "01": "31.60",
    "02": "30.66",
    "03": "2127.09",
    "44": "500",
    "45": "500",
    "46L": "500",
    "47": "500",
    "48s46L": "100",
    "49": "100",
    "54": "452.28",
    "64": "21",
    "81": "2013.70",
    "82": "924.33",
    "83": "3000",
    "84": "700",
    "85": "100",
    "86": "0",
    "87": "3000",
    "88": "300",
    "55": "210",
    "56": "630",
    "59": "1268.88",
    "62": "147",
    "63": "168",
}


@pytest.fixture(scope="module")
def posted():
    """A sandbox with the entries above, and what came back of each."""
    with serve(switches={"rate_limits": False}) as running:
        app = Client(running)
        ledger = {
            row["Code"]: row["ID"]
            for row in app.get("bulk/Financial/GLAccounts", **{"$select": "ID,Code"})
        }
        party = app.post("crm/Accounts", {"Name": "Peeters", "Status": "C", "IsSupplier": True})[
            "ID"
        ]
        entries = [
            (app.post(SALES, sale(party, ledger, *((*line, {}) for line in lines), **more)), total)
            for lines, more, total in SOLD
        ]
        for lines, more, total in BOUGHT:
            entries.append(
                (
                    app.post(
                        PURCHASES,
                        {
                            "Supplier": party,
                            "Journal": "60",
                            "EntryDate": "2026-03-06",
                            "PurchaseEntryLines": [
                                {
                                    "GLAccount": ledger[account],
                                    "AmountFC": amount,
                                    "VATCode": code,
                                    "VATNonDeductiblePercentage": share,
                                }
                                for account, amount, code, share in lines
                            ],
                            **more,
                        },
                    ),
                    total,
                )
            )
        yield running, app, entries


def money(value):
    return Decimal(str(value)).quantize(Decimal("0.01"))


def test_totals_balance_and_types(posted):
    _server, app, entries = posted
    for entry, total in entries:
        assert money(entry["AmountFC"]) == money(total)
        lines = app.get(
            "financialtransaction/TransactionLines",
            **{
                "$filter": f"EntryID eq guid'{entry['EntryID']}'",
                "$orderby": "LineNumber",
                "$select": "LineNumber,GLAccountCode,AmountDC,AmountFC,VATType,VATCode,Type",
            },
        )
        assert sum(money(line["AmountDC"]) for line in lines) == 0
        assert sum(money(line["AmountFC"]) for line in lines) == 0
        sale_or_bill = 1 if "Customer" in entry else -1
        assert money(lines[0]["AmountDC"]) == sale_or_bill * money(entry["AmountDC"])
        assert lines[0]["GLAccountCode"] == ("400000" if sale_or_bill == 1 else "440000")
        kind = (20 if sale_or_bill == 1 else 30) + (money(total) < 0)
        assert {line["Type"] for line in lines} == {entry["Type"]} == {kind}
        for line in lines[1:]:
            outside = (line["VATCode"] or "").strip() in ("GV", "GA")
            assert (line["VATType"] == "S") is outside, line


def test_boxes_of_the_return(posted):
    server, _app, _entries = posted
    found = {box: Decimal(amount) for box, amount in server.vat_boxes(DIVISION).items()}
    assert found == {box: Decimal(amount) for box, amount in BOXES.items()}


def test_what_is_open_is_what_the_ledger_says(posted):
    server, app, entries = posted
    invoice = entries[0][0]["EntryID"]
    dollars = entries[11][0]["EntryID"]
    server.act(DIVISION, "pay", entries=[{"entry": invoice, "amount": 1000}], date="2026-03-20")
    server.act(DIVISION, "pay", entries=[{"entry": dollars}], date="2026-03-20")

    def of(entry):
        found = app.get(
            "cashflow/Receivables",
            **{
                "$filter": f"TransactionEntryID eq guid'{entry}'",
                "$select": "Status,AmountDC,AmountFC,IsFullyPaid,LastPaymentDate",
            },
        )
        return sorted(
            (row["Status"], money(row["AmountDC"]), money(row["AmountFC"]), row["IsFullyPaid"])
            for row in found
        )

    assert of(invoice) == [(20, 263, 263, False), (50, 1000, 1000, True)]
    assert of(dollars) == [(50, money("1105.58"), 1210, True)]
    server.act(DIVISION, "unmatch", entry=invoice)
    assert of(invoice) == [(20, 263, 263, False), (20, 1000, 1000, False)]
    balance = server.trial_balance(DIVISION)
    for side, account, sign in (("Receivables", "400000", 1), ("Payments", "440000", -1)):
        open_terms = [
            row
            for row in app.get(f"cashflow/{side}", **{"$select": "AmountDC,Status"})
            if row["Status"] != 50
        ]
        assert sum(money(row["AmountDC"]) for row in open_terms) == sign * Decimal(balance[account])


def test_open_receipt_names_the_invoice_it_points_to(posted):
    """A receipt that is matched with nothing is in the list under its own entry number."""
    _server, app, entries = posted
    ledger = app.get(
        "bulk/Financial/GLAccounts", **{"$select": "ID", "$filter": "Code eq '400000'"}
    )[0]["ID"]
    invoice = entries[2][0]
    receipt = app.post(
        "financialtransaction/BankEntries",
        {
            "JournalCode": "50",
            "BankEntryLines": [
                {
                    "GLAccount": ledger,
                    "Account": invoice["Customer"],
                    "AmountFC": 7,
                    "Date": "2026-03-21",
                    "OurRef": invoice["InvoiceNumber"],
                }
            ],
        },
    )
    found = app.get(
        "read/financial/ReceivablesList",
        **{"$filter": f"EntryNumber eq {receipt['EntryNumber']} and JournalCode eq '50'"},
    )
    assert [(row["Amount"], row["InvoiceNumber"], row["YourRef"]) for row in found] == [
        (-7, invoice["InvoiceNumber"], None)
    ]
    lines = app.get(
        "financialtransaction/TransactionLines",
        **{
            "$filter": f"EntryID eq guid'{receipt['EntryID']}' and LineNumber eq 1",
            "$select": "InvoiceNumber",
        },
    )
    assert [line["InvoiceNumber"] for line in lines] == [invoice["InvoiceNumber"]]


def test_what_the_bookkeeper_closed(posted):
    server, app, entries = posted
    body = sale(
        entries[0][0]["Customer"],
        {
            "700000": app.get(
                "bulk/Financial/GLAccounts", **{"$select": "ID", "$filter": "Code eq '700000'"}
            )[0]["ID"]
        },
        ("700000", 1, "21", {}),
    )
    entry = app.post(SALES, body)

    def refused(method, path, json=None):
        answer = app.call(method, path, json=json)
        assert answer.status_code == 500, answer.text
        return answer.json()["error"]["message"]["value"]

    assert refused("POST", SALES, {**body, "EntryNumber": entry["EntryNumber"]}) == (
        "In gebruik: Boekstuknummer"
    )
    server.act(DIVISION, "process", entry=entry["EntryID"])
    place = f"{SALES}(guid'{entry['EntryID']}')"
    assert refused("PUT", place, {"YourRef": "x"}) == refused("DELETE", place) == "Reeds verwerkt"
    server.act(DIVISION, "period", year=2026, period=3, journal="70", closed=True)
    assert refused("POST", SALES, body) == "Periode is afgesloten: [2026] - [3]"
    later = app.post(SALES, {**body, "ReportingYear": 2026, "ReportingPeriod": 4})
    assert (later["EntryDate"], later["ReportingPeriod"]) == (MIDNIGHT, 4)
