"""Neutral documents and parties → payloads, against golden files in ``golden/``."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.accountable_connect.api.contact_matching import is_somebody_else, likeness
from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError, DataRefusedError
from odoo.addons.accountable_connect.api.http.payloads import from_json, to_json
from odoo.addons.accountable_connect.api.matching import (
    could_be,
    same_lines,
)
from odoo.addons.accountable_connect.documents import File, MasterItem, Party
from odoo.addons.accountable_connect_exact import const
from odoo.addons.accountable_connect_exact.api import comparing, mapping, parties
from odoo.addons.accountable_connect_exact.api.codes import Codes

from .books import (
    CODES,
    CUSTOMER,
    DOCUMENTS,
    ENTRY,
    MASTER,
    PARTY,
    PLACE,
    SUPPLIER,
    account_guid,
    document,
    line,
)

GOLDEN = Path(__file__).with_name("golden")
TODAY = date(2026, 3, 10)


def golden(name):
    return json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


def as_sent(payload):
    return json.loads(to_json(payload))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_entry(name):
    assert as_sent(mapping.entry_payload(DOCUMENTS[name], PARTY, CODES)) == golden(name)


@pytest.mark.parametrize(
    ("name", "party"),
    [
        ("customer", CUSTOMER),
        ("supplier", SUPPLIER),
        (
            "private_person",
            Party(external_number=12, name="Émilie Dubois " * 5, is_company=False, customer=True),
        ),
    ],
)
def test_account(name, party):
    assert as_sent(parties.account_payload(party, CODES)) == golden(name)


# What Exact would book otherwise than the document says


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([line("700000", None, "10.00")], "line_without_vat_code"),
        ([line("700000", "21I", "10.00", "2.10")], "vat_code_inclusive"),
        ([line("700000", "A21", "10.00", "2.10")], "vat_code_scope"),
        ([line("700000", "GV", "10.00", "2.10")], "vat_code_takes_no_vat"),
        ([line("700000", "ZZ", "10.00")], "vat_code_unknown"),
        ([line("799999", "21", "10.00")], "account_unknown"),
        ([line("400000", "21", "10.00")], "account_type"),
        ([line("610220", "21", "10.00")], "cost_centre_missing"),
    ],
)
def test_refused_before_the_call(lines, code):
    with pytest.raises(ConfigurationMissingError) as caught:
        mapping.entry_payload(document("sale", *lines), PARTY, CODES)
    assert caught.value.code == code
    assert caught.value.values["document"] == "INV/2026/00042"


def test_vat_we_owe_needs_a_charged_code():
    bill = document("purchase", line("604000", "A21", "100.00", vat_owed="21.00"))
    with pytest.raises(ConfigurationMissingError) as caught:
        mapping.entry_payload(bill, PARTY, CODES)
    assert caught.value.code == "vat_code_not_charged"


@pytest.mark.parametrize(
    ("journal", "code"),
    [("99", "journal_unknown"), ("60", "journal_type"), ("79", "journal_unknown")],
)
def test_journal(journal, code):
    sale = replace(DOCUMENTS["sale"], journal=journal)
    with pytest.raises(ConfigurationMissingError) as caught:
        mapping.entry_payload(sale, PARTY, CODES)
    assert caught.value.code == code


def test_negative_total_would_be_a_credit_note():
    with pytest.raises(DataRefusedError) as caught:
        mapping.entry_payload(document("sale", line("700000", "GV", "-1.00")), PARTY, CODES)
    assert caught.value.code == "negative_total"


def test_date_without_a_period():
    sale = replace(DOCUMENTS["sale"], accounting_date=date(2031, 1, 1))
    with pytest.raises(ConfigurationMissingError) as caught:
        mapping.entry_payload(sale, PARTY, CODES)
    assert caught.value.code == "no_period"


def test_code_of_both_sides_serves_both():
    for kind in ("sale", "purchase"):
        payload = mapping.entry_payload(document(kind, line("604000", "BD", "5.00")), PARTY, CODES)
        (sent,) = payload[mapping.SIDES[kind].collection]
        assert "VATAmountFC" not in sent and sent["VATCode"] == "BD"


def test_account_that_takes_no_cost_centre_gets_none():
    sale = document("sale", line("610230", "GV", "5.00", cost_centres=("SALES", "P1")))
    (sent,) = mapping.entry_payload(sale, PARTY, CODES)["SalesEntryLines"]
    assert "CostCenter" not in sent and sent["CostUnit"] == "P1"


# Totals

CENTS = st.integers(-10_000_00, 10_000_00).map(lambda cents: Decimal(cents).scaleb(-2))
VAT_CENTS = st.integers(-2_100_00, 2_100_00).map(lambda cents: Decimal(cents).scaleb(-2))
KINDS = ("sale", "sale_refund", "purchase", "purchase_refund")


@st.composite
def random_documents(draw):
    kind = draw(st.sampled_from(KINDS))
    sale = kind.startswith("sale")
    lines = []
    for _line in range(draw(st.integers(1, 8))):
        code = draw(st.sampled_from(("21", "6", "IG", "GV") if sale else ("A21", "A0", "M21")))
        with_vat = code in ("21", "6", "A21")
        values = {}
        if code == "M21":
            values["vat_owed"] = draw(VAT_CENTS)
        if not sale:
            values["recoverable_share"] = draw(st.sampled_from(("0", "35", "50", "100")))
        vat = draw(VAT_CENTS) if with_vat else Decimal(0)
        lines.append(line("700000" if sale else "616200", code, draw(CENTS), vat, **values))
    total = sum((one.total for one in lines), Decimal(0))
    if total < 0:
        opposite = "GV" if sale else "A0"
        lines.append(line("743000", opposite, -total + draw(st.integers(0, 500))))
    return document(kind, *lines)


@pytest.mark.parametrize("units", ["1.0850", "155.37", "18243.71", "28911.5"])
def test_rate_of_small_units_loses_no_cent(units):
    company = Decimal("123456.78")
    total = (company * Decimal(units)).quantize(Decimal("0.01"))
    sale = SimpleNamespace(rate=Decimal(units), total=total, total_company=company, lines=())
    rate = mapping.exchange_rate(sale)
    assert (total * rate).quantize(Decimal("0.01")) == company
    assert json.loads(to_json({"Rate": rate}))


@given(random_documents())
def test_lines_add_up_to_the_signed_total(random):
    payload = as_sent(mapping.entry_payload(random, PARTY, CODES))
    lines = payload[mapping.side_of(random).collection]
    cents = sum(
        round(one["AmountFC"] * 100) + round(one.get("VATAmountFC", 0) * 100) for one in lines
    )
    sign = -1 if random.is_refund else 1
    assert cents == sign * int(random.total * 100)


@given(random_documents())
def test_what_is_sent_and_read_back_has_one_version(random):
    payload = mapping.entry_payload(random, PARTY, CODES)
    side = mapping.side_of(random)
    row = booked(random, payload)
    read = from_json(to_json(payload))[side.collection]
    for one in read:
        # what Exact works out itself counts for nothing
        one.setdefault("VATAmountFC", Decimal("12.34"))
        one["VATCode"] += " "
    sent = mapping.stored_document(side, row, payload[side.collection], CODES)
    back = mapping.stored_document(side, row, list(reversed(read)), CODES)
    assert same_lines(sent.lines, back.lines)
    assert replace(sent, lines=()) == replace(back, lines=())
    assert comparing.difference(random, sent, row) == ""
    assert (sent.total, sent.own_reference) == (random.total, random.own_reference)


def booked(random, payload, **changes):
    """The row Exact answers to a booking."""
    side = mapping.side_of(random)
    amount = -random.total if random.is_refund else random.total
    row = {name: value for name, value in payload.items() if name != side.collection}
    row = from_json(to_json(row))
    return {
        "ReportingYear": 2026,
        "ReportingPeriod": 3,
        **row,
        "EntryID": ENTRY,
        "EntryNumber": 26700042,
        "AmountFC": amount,
        "Type": side.types[amount < 0],
        "Status": 20,
        **changes,
    }


# Exchange rate


def test_rate_is_that_which_was_posted():
    sale = DOCUMENTS["sale_in_dollars"]
    assert mapping.exchange_rate(sale) == Decimal("0.9216589862")
    # a total that the rate cannot give: the one that was really used
    other = replace(
        sale,
        lines=(
            replace(
                sale.lines[0],
                base_company=Decimal("950.00"),
                vat_invoiced_company=Decimal("199.50"),
            ),
        ),
        total_company=Decimal("1149.50"),
    )
    assert mapping.exchange_rate(other) == Decimal("0.95")
    assert "Rate" not in mapping.header_payload(DOCUMENTS["sale"], PARTY, CODES)


# Texts


def test_long_references_keep_their_end_and_show_it():
    bill = DOCUMENTS["purchase_refund"]
    assert len(mapping.your_reference(bill)) == 30
    assert mapping.your_reference(bill).startswith("…")
    assert mapping.your_reference(bill).endswith("118")
    assert bill.reference in mapping.description(bill)


def test_long_texts_show_that_they_go_on():
    sale = replace(DOCUMENTS["sale"], text="Prestaties «été» " * 10)
    assert len(mapping.description(sale)) <= 60
    assert mapping.description(sale).endswith("…")
    assert mapping.description(sale).startswith("INV/2026/00042 / ")


@pytest.mark.parametrize("text", ["👩‍👩‍👧‍👦" * 80, "e\u0301" * 90, "🌞" * 61])
def test_no_half_sign(text):
    for length in range(5, 40):
        for short in (mapping.shorten(text, length), mapping.shorten_reference(text, length)):
            assert len(short) <= length
            bare = short.strip("…")
            assert not bare.startswith(("\u200d", "\u0301")) and not bare.endswith("\u200d")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("a/b\\c.pdf", "c.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
        ("a:b?.pdf", "a_b_.pdf"),
        ("", "file"),
    ],
)
def test_file_name(name, expected):
    file = File(key="ir.attachment,1", name=name, media_type="", content=b"x")
    assert mapping.file_name(file) == expected


# Reading an entry back


def stored(name="sale", lines=True, **changes):
    random = DOCUMENTS[name]
    payload = mapping.entry_payload(random, PARTY, CODES)
    side = mapping.side_of(random)
    row = booked(random, payload, **changes)
    return mapping.stored_document(side, row, payload[side.collection] if lines else None, CODES)


def test_stored_document():
    found = stored(Document=PLACE)
    assert found.key == f"sale/{ENTRY}"
    assert found.number == "70 2026/26700042"
    assert found.reference == "+++090/9337/55493+++"
    assert found.file_place == PLACE
    assert stored("purchase_refund").kind == "purchase_refund"
    assert stored(lines=False).version == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"AmountFC": Decimal("1262.98")},
        {"Customer": ENTRY},
        {"ReportingPeriod": 4},
        {"DueDate": "/Date(1775347200000)/"},
        {"Currency": "USD"},
    ],
)
def test_version_tells_what_was_changed(changes):
    assert stored(**changes).version != stored().version


@pytest.mark.parametrize(
    "changes", [{"Status": 50}, {"Description": "x"}, {"Document": PLACE}, {"YourRef": "y"}]
)
def test_version_does_not_tell_what_is_no_change_of_the_books(changes):
    assert stored(**changes).version == stored().version


def test_kind_by_amount_when_the_type_is_left_out():
    assert stored("sale_refund", Type=None).kind == "sale_refund"
    assert stored(Type=0).kind == "sale"


def test_difference():
    sale = DOCUMENTS["sale"]
    assert comparing.difference(sale, stored(AmountFC=Decimal("1262.98")), {}) == "amount_differs"
    assert comparing.difference(sale, stored(Type=21), {}) == "kind_differs"
    zero = DOCUMENTS["sale_refund_of_zero"]
    assert comparing.difference(zero, stored("sale_refund_of_zero"), {}) == ""


@pytest.mark.parametrize(
    ("link", "mark"),
    [
        ("https://odoo.example/odoo/accounting/42#odoo-0a1b2c3d-42", "odoo-0a1b2c3d-42"),
        ("odoo-0a1b2c3d-42", "odoo-0a1b2c3d-42"),
        ("https://web.example/web#id=4#odoo-1", "odoo-1"),
        ("https://odoo.example/odoo", ""),
        (None, ""),
    ],
)
def test_our_mark(link, mark):
    assert mapping.own_reference(link) == mark


# Finding


def test_filter_of_a_sale():
    assert mapping.find_filter(DOCUMENTS["sale"], PARTY) == (
        f"Customer eq guid'{PARTY}' and (EntryDate eq datetime'2026-03-05'"
        " or YourRef eq 'INV/2026/00042')"
    )


def test_filter_of_a_bill_asks_the_digits_people_write_alike():
    assert mapping.find_filter(DOCUMENTS["purchase_reverse_charge"], PARTY) == (
        f"Supplier eq guid'{PARTY}' and (EntryDate eq datetime'2026-03-05'"
        " or substringof('118',YourRef) eq true)"
    )
    without = replace(DOCUMENTS["purchase_reverse_charge"], reference="O'Brien")
    assert "YourRef eq 'O''Brien'" in mapping.find_filter(without, PARTY)


def test_could_be():
    sale = DOCUMENTS["sale"]
    found = stored(ExternalLinkReference=None)
    assert could_be(stored(), sale, PARTY) == 3
    assert could_be(replace(found, own_reference="odoo-other"), sale, PARTY) == 0
    assert could_be(found, sale, PARTY) == 2
    assert could_be(replace(found, total=Decimal(1)), sale, PARTY) == 1
    assert could_be(found, sale, ENTRY) == 0
    assert could_be(replace(found, total=Decimal(1), reference=""), sale, PARTY) == 0


def test_own_number_on_a_sale_is_its_reference():
    row = {"YourRef": "INV/2026/00042"}
    found = replace(stored(), reference="INV/2026/00042")
    assert mapping.as_ours(DOCUMENTS["sale"], found, row).reference == "+++090/9337/55493+++"
    assert mapping.as_ours(DOCUMENTS["sale"], found, {"YourRef": "x"}) == found


# Parties


def account_row(**changes):
    return {
        "ID": PARTY,
        "Name": CUSTOMER.name,
        "Status": "C",
        "IsSupplier": False,
        "SearchCode": "ODOO-4711",
        "VATNumber": "BE 0999.999.130",
        "Country": "BE",
        **changes,
    }


def found_party(row):
    return parties.stored_party(row, CODES, TODAY).party


def test_nothing_is_sent_of_an_account_that_is_the_same():
    row = as_sent(parties.account_payload(CUSTOMER, CODES))
    assert parties.account_payload(CUSTOMER, CODES, row) == {}
    assert parties.account_payload(replace(CUSTOMER, city="Gent"), CODES, row) == {"City": "Gent"}


def test_roles_are_added_and_never_taken_away():
    row = as_sent(parties.account_payload(CUSTOMER, CODES))
    only_supplier = replace(CUSTOMER, customer=False, supplier=True)
    sent = parties.account_payload(only_supplier, CODES, row)
    assert sent["IsSupplier"] is True
    assert "Status" not in sent
    assert parties.account_payload(SUPPLIER, CODES)["Status"] == "A"
    # a supplier who becomes a customer, and a prospect, is raised instead of made once more
    for status in ("A", "P"):
        row = {**as_sent(parties.account_payload(SUPPLIER, CODES)), "Status": status}
        sent = parties.account_payload(replace(SUPPLIER, customer=True), CODES, row)
        assert sent["Status"] == "C"
        assert "IsSupplier" not in sent


def test_condition_of_the_accountant_with_the_same_days_stays():
    collected = MasterItem(
        kind="payment_term", code="I3", name="Domiciliëring", details={"method": "I", "days": 30}
    )
    codes = Codes([*MASTER, collected])
    row = {**as_sent(parties.account_payload(CUSTOMER, codes)), "PaymentConditionSales": "I3"}
    assert parties.account_payload(CUSTOMER, codes, row) == {}


def test_stored_party():
    found = parties.stored_party(account_row(PaymentConditionSales="30"), CODES, TODAY)
    assert found.key == PARTY
    assert found.party.external_number == 4711
    assert found.party.vat_number == "BE0999999130"
    assert found.party.registry_number == "0999999130"
    assert found.party.payment_days == 30
    assert found.active
    ended = account_row(EndDate="/Date(1735689600000)/")
    assert not parties.stored_party(ended, CODES, TODAY).active
    assert not parties.stored_party(account_row(Blocked=True), CODES, TODAY).active


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 0),
        ({"SearchCode": "ODOO-1"}, 1),
        ({"SearchCode": None, "VATNumber": None, "ChamberOfCommerce": "0999.999.130"}, 1),
        ({"SearchCode": "", "VATNumber": "", "Name": "DRUKKERIJ  Meulemans bv"}, 2),
        ({"SearchCode": "", "VATNumber": "", "Name": "Drukkerij"}, None),
    ],
)
def test_likeness(changes, expected):
    assert likeness(found_party(account_row(**changes)), CUSTOMER, const.NAME_LENGTH) == expected


def test_likeness_by_a_foreign_vat_number():
    """It has no registry number in it."""
    german = replace(CUSTOMER, vat_number="DE136695976", registry_number="")
    row = account_row(SearchCode="", Name="M.", ChamberOfCommerce="", VATNumber="DE 136 695 976")
    assert likeness(found_party(row), german, const.NAME_LENGTH) == 1
    other = found_party(row | {"VATNumber": "DE136695977"})
    assert likeness(other, german, const.NAME_LENGTH) is None


def test_somebody_else():
    assert not is_somebody_else(found_party(account_row()), CUSTOMER)
    assert is_somebody_else(found_party(account_row(VATNumber="BE0999999229")), CUSTOMER)
    assert is_somebody_else(found_party(account_row(VATNumber="", Name="Bakkerij")), CUSTOMER)


def test_search_finds_numbers_as_people_write_them():
    condition = parties.find_filter(replace(CUSTOMER, vat_number=""))
    for part in (
        "SearchCode eq 'ODOO-4711'",
        "VATNumber eq 'BE0999.999.130'",
        "ChamberOfCommerce eq '0999.999.130'",
        "Name eq 'Drukkerij Meulemans BV'",
    ):
        assert part in condition


@pytest.mark.parametrize(
    ("numbers", "found"),
    [
        (
            {"registry_number": "999999130", "country": "BE"},
            "substringof('999',VATNumber) eq true and substringof('130',VATNumber)",
        ),
        ({"registry_number": "13585628", "country": "DK"}, "VATNumber eq 'DK13585628'"),
        (
            {"registry_number": "33417522100013", "country": "FR"},
            "substringof('334',ChamberOfCommerce) eq true and substringof('221',ChamberOfCommerce)",
        ),
        (
            {"vat_number": "FR23334175221"},
            "substringof('334',ChamberOfCommerce) eq true and substringof('221',ChamberOfCommerce)",
        ),
    ],
)
def test_search_finds_what_one_number_tells_of_the_other(numbers, found):
    party = replace(CUSTOMER, **{"vat_number": "", "registry_number": "", "country": "", **numbers})
    assert found in parties.find_filter(party)


def test_guids_of_the_chart_are_those_of_the_division():
    assert CODES.account_by_guid(account_guid("700000"))["code"] == "700000"
    assert CODES.account_by_guid(ENTRY) == {}
