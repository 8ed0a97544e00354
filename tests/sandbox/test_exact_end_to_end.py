"""From a browser's consent to paid invoices, as an integrator would do it step by step."""

from __future__ import annotations

import base64
import hashlib
import re
from decimal import Decimal
from urllib.parse import urljoin

import pytest
import requests
from exact_client import DIVISION, TIMEOUT, Integrator

PDF = b"%PDF-1.4 an invoice"
SALES = "salesentry/SalesEntries"
TERMS = "sync/Cashflow/PaymentTerms"


@pytest.fixture
def app(exact):
    return Integrator(exact)


def balanced(server, division=DIVISION):
    """Every entry adds up to zero, and so does the trial balance."""
    for entry in server.entries(division):
        assert sum(Decimal(line["amount"]) for line in entry["lines"]) == 0
    assert sum(map(Decimal, server.trial_balance(division).values())) == 0


def test_from_consent_to_a_booked_and_paid_invoice(exact, app):
    [me] = app.get("/api/v1/current/Me", **{"$select": "CurrentDivision,UserID"})
    divisions = app.get(
        "system/Divisions",
        division=me["CurrentDivision"],
        **{"$select": "Code,Description,Country"},
    )
    assert divisions[0]["Country"].strip() == "BE"
    journals = {row["Code"]: row["Type"] for row in app.get("financial/Journals")}
    assert journals["70"] == 20 and journals["60"] == 22
    codes = {row["Code"].strip(): row for row in app.get("vat/VATCodes")}
    assert codes["21"]["Percentage"] == 0.21
    assert {row["Code"] for row in app.get("cashflow/PaymentConditions")} >= {"00", "30"}

    customer = app.customer(VATNumber="BE0403170701", SearchCode="ODOO-7")
    document = app.post(
        "documents/Documents",
        {"Subject": "INV/1", "Type": 10, "Account": customer, "DocumentDate": "2026-03-05"},
    )["ID"]
    file = app.post(
        "documents/DocumentAttachments",
        {
            "Document": document,
            "FileName": "INV_1.pdf",
            "Attachment": base64.b64encode(PDF).decode(),
        },
    )
    entry = app.sale(
        customer,
        app.line("700000", 1000, "21"),
        app.line("700000", -50, "21"),
        Document=document,
        PaymentCondition="30",
        ExternalLinkReference="https://odoo.example/x#1",
    )
    assert entry["AmountFC"] == 1149.5 and entry["VATAmountFC"] == 199.5 and entry["Type"] == 20
    assert entry["Document"] == document

    found = app.get(
        SALES,
        **{
            "$filter": f"Customer eq guid'{customer}' and (YourRef eq 'INV/1' or "
            "EntryDate eq datetime'2026-03-05')",
            "$select": "EntryID,EntryNumber,AmountDC,Status,ExternalLinkReference",
        },
    )
    assert [(row["EntryID"], row["Status"]) for row in found] == [(entry["EntryID"], 20)]
    lines = app.call("GET", entry["SalesEntryLines"]["__deferred"]["uri"].removeprefix(app.root))
    rows = lines.json()["d"]["results"]
    assert [(row["AmountFC"], row["VATCode"]) for row in rows] == [(1000, "21 "), (-50, "21 ")]

    [booked] = exact.entries(DIVISION)
    assert booked["files"] == [{"name": "INV_1.pdf", "sha256": hashlib.sha256(PDF).hexdigest()}]
    assert exact.vat_boxes(DIVISION) == {"03": "950.00", "54": "199.50"}
    assert exact.trial_balance(DIVISION)["400000"] == "1149.50"
    row = app.get("documents/DocumentAttachments", **{"$filter": f"Document eq guid'{document}'"})
    download = requests.get(
        urljoin(app.root, row[0]["Url"]) + "&Download=1",
        timeout=TIMEOUT,
        headers={"Authorization": f"Bearer {app.tokens['access_token']}"},
    )
    assert download.content == PDF and row[0]["ID"] == file["ID"]

    before = max(
        int(row["Timestamp"])
        for row in app.every(TERMS, **{"$filter": "Timestamp gt 1L", "$select": "Timestamp,Status"})
    )
    paid = exact.act(DIVISION, "pay", entries=[{"entry": entry["EntryID"], "amount": 1000}])
    terms = app.every(TERMS, **{"$filter": f"Timestamp gt {before}L"})
    mine = {row["Status"]: row for row in terms if row["LineType"] == 20}
    assert abs(mine[50]["AmountDC"]) == 1000 and abs(mine[20]["AmountDC"]) == 149.5
    assert {row["TransactionType"] for row in terms if row["Status"] == 50} >= {40}
    assert [row["open"] for row in exact.open_items(DIVISION)] == ["149.50"]
    assert app.call("DELETE", f"{SALES}(guid'{entry['EntryID']}')").status_code == 500
    exact.act(DIVISION, "unmatch", entry=paid["entry"])
    assert app.call("DELETE", f"{SALES}(guid'{entry['EntryID']}')").status_code == 204
    kinds = {
        row["EntityType"] for row in app.every("sync/Deleted", **{"$filter": "Timestamp gt 1L"})
    }
    assert {1, 10} <= kinds
    balanced(exact)


def test_a_credit_note_set_off_with_its_invoice(exact, app):
    customer = app.customer()
    invoice = app.sale(customer, app.line("700000", 200, "21"))
    credit = app.sale(customer, app.line("700000", -200, "21"), YourRef="RINV/1")
    assert credit["Type"] == 21 and credit["AmountFC"] == -242
    exact.act(DIVISION, "set-off", invoice=invoice["EntryID"], credit=credit["EntryID"])
    assert exact.open_items(DIVISION) == []
    assert {term["status"] for term in exact.terms(DIVISION)} == {50}
    boxes = exact.vat_boxes(DIVISION)
    assert boxes == {"03": "200.00", "49": "200.00", "54": "42.00", "64": "42.00"}
    balanced(exact)


def test_bills_with_reverse_charge_and_partly_deductible_vat(exact, app):
    supplier = app.supplier()
    entry = app.purchase(
        supplier,
        app.line("604000", 100, "A21"),
        app.line("616200", 200, "A21", VATNonDeductiblePercentage=0.5),
        app.line("604000", 300, "E21"),
    )
    assert entry["AmountFC"] == -663 or entry["AmountFC"] == 663
    boxes = exact.vat_boxes(DIVISION)
    assert boxes["59"] == "105.00" and boxes["55"] == "63.00" and boxes["86"] == "300.00"
    balanced(exact)


def test_another_currency(exact, app):
    entry = app.sale(app.customer(), app.line("700000", 100, "EXP"), Currency="USD", Rate=0.9)
    assert entry["AmountFC"] == 100 and entry["AmountDC"] == 90
    assert exact.trial_balance(DIVISION)["400000"] == "90.00"
    balanced(exact)


def test_changing_a_booked_entry_line_by_line(exact, app):
    entry = app.sale(app.customer(), app.line("700000", 100, "21"), app.line("700000", 50, "6"))
    key = entry["EntryID"]
    lines = app.get(
        "salesentry/SalesEntryLines",
        **{"$filter": f"EntryID eq guid'{key}'", "$orderby": "LineNumber"},
    )
    first, second = (row["ID"] for row in lines)
    address = "salesentry/SalesEntryLines(guid'{}')"
    assert app.call("PUT", address.format(first), json={"AmountFC": 80}).status_code == 204
    app.post("salesentry/SalesEntryLines", {"EntryID": key, **app.line("700000", 10, "12")})
    assert app.call("DELETE", address.format(second)).status_code == 204
    assert (
        app.call("PUT", f"{SALES}(guid'{key}')", json={"Description": "Anders"}).status_code == 204
    )
    entry = app.get(f"{SALES}(guid'{key}')")
    assert entry["AmountFC"] == 108 and entry["Description"] == "Anders"
    assert exact.vat_boxes(DIVISION) == {"02": "10.00", "03": "80.00", "54": "18.00"}
    exact.act(DIVISION, "process", entry=key)
    assert app.call("PUT", f"{SALES}(guid'{key}')", json={"Description": "x"}).status_code == 500
    balanced(exact)


def test_business_refusals_in_the_language_of_the_user(exact, app):
    customer = app.customer()
    values = {
        "Customer": customer,
        "Journal": "70",
        "EntryDate": "2026-03-05",
        "SalesEntryLines": [app.line("700000", 1, "21")],
    }

    def refused(**changed):
        answer = app.call("POST", SALES, json={**values, **changed})
        assert answer.status_code == 500, answer.text
        return answer.json()["error"]["message"]["value"]

    assert refused(Journal="99").startswith("Ongeldige referentie")
    assert refused(SalesEntryLines=[app.line("400000", 1, "21")]) == (
        "Ongeldig: Grootboekrekeningtype"
    )
    exact.act(DIVISION, "period", year=2026, period=3)
    assert refused() == "Periode is afgesloten: [2026] - [3]"
    exact.exact.identity.change_user("accountant", language="en-GB")
    assert refused(Customer=None) == "Mandatory: Customer"
    assert exact.entries(DIVISION) == []


def test_the_answer_is_lost_and_looked_for(exact, app):
    customer = app.customer()
    exact.exact.faults.add("POST salesentry/SalesEntries", "after")
    with pytest.raises(requests.ConnectionError):
        app.sale(customer, app.line("700000", 100, "21"))
    [found] = app.get(
        SALES,
        **{
            "$filter": f"Customer eq guid'{customer}' and YourRef eq 'INV/1'",
            "$select": "EntryID,AmountDC",
        },
    )
    assert found["AmountDC"] == 121
    number = app.get(f"{SALES}(guid'{found['EntryID']}')")["EntryNumber"]
    answer = app.call(
        "POST",
        SALES,
        json={
            "Customer": customer,
            "Journal": "70",
            "EntryDate": "2026-03-05",
            "EntryNumber": number,
            "SalesEntryLines": [app.line("700000", 100, "21")],
        },
    )
    assert answer.status_code == 500
    assert answer.json()["error"]["message"]["value"] == "In gebruik: Boekstuknummer"


def test_contacts_that_change_in_the_package(exact, app):
    key = app.customer(SearchCode="ODOO-9")
    [row] = app.get(
        "crm/Accounts", **{"$filter": "SearchCode eq 'ODOO-9'", "$select": "ID,Code,Name"}
    )
    assert row["ID"] == key and re.fullmatch(r" +\d+", row["Code"]) and len(row["Code"]) == 18
    assert app.get("crm/Accounts", **{"$filter": f"trim(Code) eq '{row['Code'].strip()}'"})
    version = max(
        int(found["Timestamp"])
        for found in app.every(
            "sync/CRM/Accounts", **{"$filter": "Timestamp gt 1L", "$select": "Timestamp"}
        )
    )
    exact.act(DIVISION, "account", account=key, name="Klant en Zoon")
    [changed] = app.every("sync/CRM/Accounts", **{"$filter": f"Timestamp gt {version}L"})
    assert (changed["ID"], changed["Name"]) == (key, "Klant en Zoon")
    exact.act(DIVISION, "account", account=key, remove=True)
    deleted = app.every("sync/Deleted", **{"$filter": f"Timestamp gt {changed['Timestamp']}L"})
    assert (2, key) in {(found["EntityType"], found["EntityKey"]) for found in deleted}


def test_a_dutch_division(exact):
    app = Integrator(exact, 600001)
    entry = app.sale(app.customer(), app.line("8001", 100, "VH"))
    assert entry["AmountFC"] == 121
    app.purchase(app.supplier(), app.line("7001", 50, "KH"))
    boxes = exact.vat_boxes(600001)
    assert boxes["1a (omzet)"] == "100.00" and boxes["1a (BTW)"] == "21.00"
    assert exact.entries(DIVISION) == []
    balanced(exact, 600001)


def test_the_pages_show_what_was_booked(exact, app):
    customer = app.customer(Name="Klant <&> Zoon")
    entry = app.sale(customer, app.line("700000", 1000, "21"))
    exact.act(DIVISION, "pay", entries=[{"entry": entry["EntryID"], "amount": 210}])
    for tab, text in {
        "entries": "1.210,00",
        "ledger?account=700000": "1.000,00",
        "trial-balance": "1.210,00",
        "vat": "Supplies at 21 %",
        "open-items": "1.000,00",
        "terms": "matched",
        "accounts": "Klant &lt;&amp;&gt; Zoon",
        "files": "Nothing here",
    }.items():
        page = requests.get(f"{exact.root}/divisions/{DIVISION}/{tab}", timeout=TIMEOUT)
        assert page.status_code == 200 and text in page.text, (tab, page.text)
        assert "Klant <&>" not in page.text
