"""Neutral documents and parties → payloads, against golden files in ``data/``."""

import base64
import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.api.http.payloads import from_json, to_json
from odoo.addons.accountable_connect.api.texts import bare
from odoo.addons.accountable_connect.documents import Document, File, Line, Party
from odoo.addons.accountable_connect_octopus.api import mapping

DATA = Path(__file__).with_name("data")

CUSTOMER = Party(
    external_number=4711,
    name="Drukkerij Meulemans BV",
    customer=True,
    vat_number="BE0999999130",
    registry_number="0999999130",
    street="Kaai 12",
    postal_code="8400",
    city="Oostende",
    country="BE",
    language="nl",
    email="boekhouding@meulemans.example",
    phone="059 70 00 00",
    iban="BE68539007547034",
    bic="HBKABE22",
    payment_days=30,
    electronic_address="0208:0999999130",
)
PRIVATE = Party(
    external_number=12,
    name="Émilie Dubois",
    is_company=False,
    customer=True,
    vat_status="domestic_private",
    language="fr",
    payment_days=15,
    payment_end_of_month=True,
)
DUTCH = Party(
    external_number=13,
    name="Van Dijk Techniek B.V.",
    supplier=True,
    vat_status="eu_business",
    vat_number="NL163392705B01",
    country="NL",
    language="es",
)


def line(account, base, vat="0.00", **more):
    values = {"base": Decimal(base), "base_company": Decimal(base)}
    values |= {"vat_invoiced": Decimal(vat), "vat_invoiced_company": Decimal(vat)}
    return Line(ledger_account=account, **{**values, **more})


def document(kind, *lines, **changes):
    values = {
        "kind": kind,
        "own_reference": "odoo-0a1b2c3d-440",
        "number": "INV/2026/00043",
        "journal": "V1",
        "document_date": date(2026, 3, 12),
        "accounting_date": date(2026, 3, 12),
        "due_date": date(2026, 4, 11),
        "party": CUSTOMER,
        "currency": "EUR",
        "company_currency": "EUR",
        "reference": "+++090/9337/55493+++",
        "lines": lines,
        "total": sum((one.total for one in lines), Decimal(0)),
        "total_company": sum((one.total_company for one in lines), Decimal(0)),
    }
    return Document(**{**values, **changes})


SALE_LINES = (
    line("700000", "1000.00", "210.00", vat_code="21", text="Advies"),
    line("700100", "100.00", "6.00", vat_code="06", text="Boek"),
)
DOCUMENTS = {
    "sale": document("sale", *SALE_LINES),
    "sale_refund": document(
        "sale_refund",
        line("700000", "1000.00", "210.00", vat_code="21"),
        line("708000", "-10.00", "-2.10", vat_code="21"),
        number="RINV/2026/00005",
        origin_number="INV/2026/00043",
    ),
    "sale_refund_of_zero": document(
        "sale_refund",
        line("700000", "100.00", "21.00", vat_code="21"),
        line("700100", "-100.00", "-21.00", vat_code="21"),
    ),
    "sale_in_dollars": document(
        "sale",
        line(
            "700700",
            "864.15",
            vat_code="EXP",
            base_company=Decimal("796.45"),
        ),
        currency="USD",
        rate=Decimal("1.085"),
    ),
    "purchase_reverse_charge": document(
        "purchase",
        line(
            "611000",
            "3600.00",
            vat_code="DM21",
            recoverable_share=Decimal(100),
            vat_owed=Decimal("756.00"),
            vat_owed_company=Decimal("756.00"),
            vat_deductible=Decimal("756.00"),
            vat_deductible_company=Decimal("756.00"),
            cost_centres=("2",),
        ),
        number="BILL/2026/03/0001",
        journal="A1",
        reference="F-2026-118",
        text="BILL/2026/03/0001 / levering maart",
    ),
    "purchase_partly_deductible": document(
        "purchase",
        line("610220", "612.39", "128.60", vat_code="D21", recoverable_share=Decimal("50.00")),
        line("416000", "30.25"),
        number="BILL/2026/03/0002",
        journal="A1",
        reference="2026/77",
    ),
}
PARTIES = {"customer": CUSTOMER, "private_person": PRIVATE, "dutch_supplier": DUTCH}


def golden(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_booking_payload(name):
    payload = mapping.booking_payload(DOCUMENTS[name], "28", 9, 202603, 43)
    assert json.loads(to_json(payload)) == golden(name)


@pytest.mark.parametrize("name", PARTIES)
def test_relation_payload(name):
    assert json.loads(to_json(mapping.relation_payload(PARTIES[name]))) == golden(name)


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ({}, ("BE68539007547034", "HBKABE22")),
        ({"ibanAccountNr": ""}, ("BE68539007547034", "HBKABE22")),
        ({"ibanAccountNr": "BE71096123456769", "bicCode": "GKCCBEBB"},
         ("BE71096123456769", "GKCCBEBB")),
        ({"ibanAccountNr": "BE71 0961 2345 6769"}, ("BE71 0961 2345 6769", None)),
        ({"ibanAccountNr": "BE68 5390 0754 7034"}, ("BE68 5390 0754 7034", "HBKABE22")),
        ({"bankAccountNr": "539-0075470-34"}, (None, None)),
    ],
)  # fmt: skip
def test_bank_account_that_is_there_stays(there, kept):
    """The accountant pays to it."""
    [party] = [one for one in PARTIES.values() if one.iban][:1]
    for iban, bic in ((party.iban, party.bic), ("", "")):
        payload = mapping.relation_payload(replace(party, iban=iban, bic=bic), "28", there)
        if not iban and not there.get("ibanAccountNr"):
            assert "ibanAccountNr" not in payload
        elif iban:
            assert (payload.get("ibanAccountNr"), payload.get("bicCode")) == kept
        else:
            assert payload["ibanAccountNr"] == there["ibanAccountNr"]
        assert payload.get("bankAccountNr") == there.get("bankAccountNr")


def test_every_golden_file_is_used():
    used = {*DOCUMENTS, *PARTIES, "balancings"}
    assert {path.stem for path in DATA.glob("*.json")} == used


@pytest.mark.parametrize("name", DOCUMENTS)
def test_payload_reads_back_as_the_document(name):
    """What we send is what the service keeps: the same kind, total, mark and version."""
    sent = mapping.booking_payload(DOCUMENTS[name], "28", 9, 202603, 43)
    stored = mapping.stored_document(from_json(to_json(sent)))
    expected = DOCUMENTS[name]
    # a credit note of zero cannot be told from an invoice of zero
    if expected.total:
        assert stored.kind == expected.kind
    assert stored.total == expected.total
    assert stored.own_reference == expected.own_reference
    assert stored.version == mapping.version(sent)
    assert stored.key == f"9/{expected.journal}/43"
    assert stored.party_key == "28"


def test_credit_note_total_is_negative_and_lines_are_positive():
    payload = mapping.booking_payload(DOCUMENTS["sale_refund"], "28", 9, 202603, 43)
    assert payload["amount"] == Decimal("-1197.90")
    assert [one["baseAmount"] for one in payload["bookingLines"]] == [1000, -10]


def test_lines_add_up_to_the_total():
    for example in DOCUMENTS.values():
        payload = mapping.booking_payload(example, "28", 9, 202603, 43)
        lines = payload["bookingLines"]
        total = sum(one["baseAmount"] + one["vatAmount"] for one in lines)
        assert abs(payload["amount"]) == abs(total)


CHANGES = {
    "account": lambda booking: booking["bookingLines"][0].update(accountKey=700999),
    "code": lambda booking: booking["bookingLines"][0].update(vatCodeKey="12"),
    "base": lambda booking: booking["bookingLines"][0].update(baseAmount=Decimal("999.99")),
    "vat": lambda booking: booking["bookingLines"][0].update(vatAmount=Decimal("209.99")),
    "cost centre": lambda booking: booking["bookingLines"][0].update(costCentreKey={"id": 3}),
    "line": lambda booking: booking["bookingLines"].pop(),
    "relation": lambda booking: booking["relationIdentificationServiceData"].update(
        relationKey={"id": 29}
    ),
    "date": lambda booking: booking.update(documentDate="2026-03-13"),
    "due date": lambda booking: booking.update(expiryDate="2026-05-11"),
    "period": lambda booking: booking.update(bookyearPeriodeNr=202604),
    "amount": lambda booking: booking.update(amount=Decimal("1316.01")),
    "currency": lambda booking: booking.update(currencyCode="USD"),
    "rate": lambda booking: booking.update(exchangeRate=Decimal("0.9217")),
}
SAME = {
    "comment": lambda booking: booking.update(comment="INV/2026/00043, betwist"),
    "order of lines": lambda booking: booking["bookingLines"].reverse(),
    "empty cost centre": lambda booking: booking["bookingLines"][0].update(costCentreKey=None),
    "external number": lambda booking: booking["relationIdentificationServiceData"].update(
        externalRelationId=4711
    ),
    "share on a sale": lambda booking: booking["bookingLines"][0].update(vatRecupPercentage=100),
    "trailing zeros": lambda booking: booking.update(amount=Decimal("1316.0")),
    "payment method": lambda booking: booking.update(paymentMethod=4),
}


@pytest.mark.parametrize("change", CHANGES)
def test_version_changes_with(change):
    booking = mapping.booking_payload(DOCUMENTS["sale"], "28", 9, 202603, 43)
    before = mapping.version(booking)
    CHANGES[change](booking)
    assert mapping.version(booking) != before


@pytest.mark.parametrize("change", SAME)
def test_version_does_not_change_with(change):
    booking = mapping.booking_payload(DOCUMENTS["sale"], "28", 9, 202603, 43)
    before = mapping.version(booking)
    SAME[change](booking)
    assert mapping.version(booking) == before


def test_share_counts_on_a_purchase_only_where_there_is_a_code():
    """Without a code Octopus fills in the account's share, which nobody decided."""
    booking = mapping.booking_payload(DOCUMENTS["purchase_partly_deductible"], "28", 9, 202603, 1)
    before = mapping.version(booking)
    booking["bookingLines"][1]["vatRecupPercentage"] = 50.0
    assert mapping.version(booking) == before
    booking["bookingLines"][0]["vatRecupPercentage"] = 35.0
    assert mapping.version(booking) != before


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("BE0999999031", "BE0999.999.031"),
        ("BE1000000021", "BE1000.000.021"),
        ("NL163392705B01", "NL1633.92.705 B01"),
        ("FR40303265045", "FR40303265045"),
        ("", ""),
    ],
)
def test_vat_number(number, written):
    assert mapping.vat_number_in_octopus(number) == written
    assert bare(written) == number


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Drukkerij Meulemans BV", 9),
        ("Drukkerij Meulemans b.v.", 9),
        ("BVBA Oud", 2),
        ("Garage Lefèvre SRL", 21),
        ("S.A. Brasserie", 20),
        ("B. V. De Smet", 9),
        ("Brouwerij NV", 1),
        ("Vrienden van het Park vzw", 8),
        ("Les Amis ASBL", 8),
        ("Peeters Comm. V", 5),
        ("Müller GmbH", 11),
        ("Smith & Sons Ltd.", 16),
        ("Maatschap Peeters", None),
        ("Nvidia Onderhoud", None),
        ("Sable Blanc", None),
        ("", None),
    ],
)
def test_corporation_type(name, number):
    assert mapping.corporation_type(replace(CUSTOMER, name=name)) == number


def test_corporation_type_of_a_natural_person():
    person = replace(PRIVATE, name="Jan Peeters BV")
    assert mapping.corporation_type(person) == 0
    assert mapping.relation_payload(person)["corporationType"] == 0


def test_a_form_that_is_not_in_the_name_is_not_taken_away():
    stored = {"corporationType": 7, "client": False, "supplier": True}
    payload = mapping.relation_payload(replace(CUSTOMER, name="Peeters"), "28", stored)
    assert payload["corporationType"] == 7
    assert (payload["client"], payload["supplier"]) == (True, True)


def test_no_role_is_taken_away():
    """What is sold to a supplier of ours is the accountant's knowledge."""
    supplier = replace(CUSTOMER, customer=False, supplier=True)
    for there in (True, False):
        payload = mapping.relation_payload(supplier, "28", {"client": there, "supplier": not there})
        assert (payload["client"], payload["supplier"]) == (there, True)


def test_what_the_accountant_added_goes_back():
    stored = {
        "relationIdentificationServiceData": {"relationKey": {"id": 28}, "externalRelationId": 0},
        "name": "Meulemans",
        "defaultBookingAccountClient": 700100,
        "remarks": "Betaalt laat",
        "country": "  ",
        "financialDiscount": False,
        "email": "oud@meulemans.example",
    }
    party = replace(CUSTOMER, country="", email="")
    payload = mapping.relation_payload(party, "28", stored)
    assert payload["relationIdentificationServiceData"] == {
        "relationKey": {"id": 28},
        "externalRelationId": 4711,
    }
    assert payload["name"] == "Drukkerij Meulemans BV"
    assert payload["defaultBookingAccountClient"] == 700100
    assert payload["remarks"] == "Betaalt laat"
    assert payload["financialDiscount"] is False
    assert payload["email"] == "oud@meulemans.example"
    assert "country" not in payload


@pytest.mark.parametrize("status", ["domestic_business", "not_subject", "other_private"])
def test_vat_type_is_always_sent(status):
    assert "vatType" in mapping.relation_payload(replace(CUSTOMER, vat_status=status))


def test_no_empty_text_is_sent():
    payload = mapping.relation_payload(Party(external_number=1, name="X", customer=True))
    assert "" not in payload.values()
    assert "country" not in payload


def test_comment_holds_our_number_and_the_origin():
    assert mapping.comment(DOCUMENTS["sale"]) == "INV/2026/00043"
    refund = mapping.comment(DOCUMENTS["sale_refund"])
    assert refund == "RINV/2026/00005 / INV/2026/00043"
    same = replace(DOCUMENTS["sale_refund"], number="RINV/2026/00043")
    assert mapping.comment(same) == "RINV/2026/00043 / INV/2026/00043"
    bill = mapping.comment(DOCUMENTS["purchase_reverse_charge"])
    assert bill == "BILL/2026/03/0001 / levering maart"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("factuur.pdf", "factuur.pdf"),
        ("map/factuur.pdf", "factuur.pdf"),
        ("C:\\map\\factuur.pdf", "factuur.pdf"),
        ("x" * 200 + ".xml", "x" * 96 + ".xml"),
        ("", "file"),
    ],
)
def test_attachment(name, sent):
    file = File(key="1", name=name, media_type="application/pdf", content=b"\x00\xff")
    payload = mapping.attachment_payload(file)
    assert payload["fileName"] == sent
    assert base64.b64decode(payload["fileData"]) == b"\x00\xff"


@pytest.mark.parametrize("key", ["", "9/V1", "9/V1/43/1", "a/V1/3", "9/V1/x"])
def test_key_of_another_kind(key):
    with pytest.raises(ValueError):
        mapping.split_key(key)


def test_exchange_rate_is_euro_per_unit():
    assert mapping.exchange_rate(DOCUMENTS["sale"]) == 1
    assert mapping.exchange_rate(DOCUMENTS["sale_in_dollars"]) == Decimal("0.9216589862")


def test_exchange_rate_of_small_units_has_the_digits_it_needs():
    total = Decimal("1195061728.41")
    [line] = DOCUMENTS["sale_in_dollars"].lines
    amounts = {
        "base": Decimal("987654321.00"),
        "vat_invoiced": Decimal("207407407.41"),
        "base_company": Decimal("51289.51"),
        "vat_invoiced_company": Decimal("10770.80"),
    }
    sale = replace(
        DOCUMENTS["sale_in_dollars"],
        currency="IDR",
        rate=Decimal("19256.4567"),
        lines=(replace(line, **amounts),),
        total=total,
        total_company=Decimal("62060.31"),
        instalments=(),
    )
    for kind in ("sale", "sale_refund"):
        rate = mapping.exchange_rate(replace(sale, kind=kind))
        for name in ("base", "vat_invoiced"):
            assert (amounts[name] * rate).quantize(mapping.CENT) == amounts[f"{name}_company"]


def test_vat_of_another_sign_than_its_base_goes_beside_it():
    """Octopus refuses such a line; both amounts are booked all the same."""
    sale = DOCUMENTS["sale"]
    odd = replace(
        sale.lines[0],
        base=Decimal("0.01"),
        vat_invoiced=Decimal("-0.01"),
        base_company=Decimal("0.01"),
        vat_invoiced_company=Decimal("-0.01"),
    )
    nothing = {"total": Decimal(0), "total_company": Decimal(0), "instalments": ()}
    lines = mapping.line_payloads(replace(sale, lines=(odd,), **nothing))
    assert [(line["baseAmount"], line["vatAmount"]) for line in lines] == [
        (Decimal("0.01"), 0),
        (0, Decimal("-0.01")),
    ]
    assert {line["vatCodeKey"] for line in lines} == {odd.vat_code}


def test_currency_with_three_decimals_keeps_them():
    assert mapping.money(Decimal("1.234")) == Decimal("1.234")
    assert str(mapping.money(Decimal("5"))) == "5.00"


def test_what_reaches_somebody_goes_whole_or_not_at_all():
    party = replace(
        CUSTOMER,
        email='"Boekhouding" <a@x.example>; b@x.example',
        phone="+32 9 123 45 67 (secretariat, in the morning)",
        website="https://x.example/" + "a" * 150,
        postal_code="somewhere near the church of 9000",
    )
    sent = mapping.relation_payload(party)
    assert (sent["email"], sent["telephone"]) == ("a@x.example", "+32 9 123 45 67")
    assert not {"url", "postalCode"} & sent.keys()
    held = {"email": "kept@x.example", "telephone": "09 123 45 67"}
    party = replace(CUSTOMER, email=f"{'a' * 150}@x.example", phone="1" * 40)
    kept = mapping.relation_payload(party, "28", held)
    assert (kept["email"], kept["telephone"]) == ("kept@x.example", "09 123 45 67")
