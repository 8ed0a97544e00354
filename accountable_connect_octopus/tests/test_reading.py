"""What comes back from Octopus → neutral settlements, open items and master data."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.api.http.payloads import from_json
from odoo.addons.accountable_connect_octopus.api import reading

BALANCINGS = from_json(Path(__file__).with_name("data").joinpath("balancings.json").read_bytes())


def misc(*accounts):
    lines = [{"type": "C", "relationId": 28, "amount": -1316.0}]
    lines += [{"type": "A", "accountKey": account, "amount": 1} for account in accounts]
    return {"9/D1/5": {"documentSequenceNr": 5, "bookingLines": lines}}


# name: kind, document, counterpart, date, amount, amount in the company's currency
SETTLEMENTS = {
    "customer_pays": ("payment", "9/V1/43", "9/F1/12", "2026-04-09", "1316.00", "1316.00"),
    "we_pay_a_supplier": ("payment", "8/A1/118", "9/F1/3", "2026-04-20", "496.10", "496.10"),
    "credit_note_set_off": ("set_off", "9/V1/43", "9/V1/44", "2026-03-20", "121.00", "121.00"),
    "supplier_credit_note_set_off": (
        "set_off",
        "9/A1/4",
        "9/A2/1",
        "2026-03-01",
        "60.50",
        "60.50",
    ),
    "part_of_a_dollar_invoice": (
        "payment",
        "9/V1/50",
        "9/F1/13",
        "2026-04-09",
        "500.00",
        "460.00",
    ),
    "credit_note_paid_back": ("payment", "9/V1/44", "9/F1/14", "2026-04-09", "121.00", "121.00"),
    "opening_item_paid": ("payment", "9/D1/1/3", "9/F1/15", "2026-01-15", "250.00", "250.00"),
    "moved_away": ("other", "9/V1/43", "9/D1/5", "2026-06-30", "1316.00", "1316.00"),
}


@pytest.mark.parametrize("name", SETTLEMENTS)
def test_settlement(name):
    settlement = reading.settlement(BALANCINGS[name], {})
    kind, document, counterpart, day, amount, amount_company = SETTLEMENTS[name]
    assert settlement.kind == kind
    assert settlement.document_key == document
    assert settlement.counterpart_key == counterpart
    assert settlement.date == date.fromisoformat(day)
    assert settlement.amount == Decimal(amount)
    assert settlement.amount_company == Decimal(amount_company)


@pytest.mark.parametrize(
    ("comment", "reference", "text"),
    [
        ("2010/V1/1", "", "2010/V1/1"),
        ("Levering", "Levering", "Levering"),
        ("Levering", "+++090/9337/55493+++", "Levering +++090/9337/55493+++"),
        ("", "", ""),
    ],
)
def test_text_of_a_settlement(comment, reference, text):
    balancing = BALANCINGS["customer_pays"]
    settling = balancing["creditDocument"] | {"comment": comment, "reference": reference}
    assert reading.settlement(balancing | {"creditDocument": settling}, {}).text == text


def test_every_example_is_tested():
    assert set(BALANCINGS) == set(SETTLEMENTS)


def test_settlement_keys_name_both_lines():
    assert reading.balancing_key(BALANCINGS["customer_pays"]) == "9/V1/43|9/F1/12/1"
    assert len({reading.balancing_key(one) for one in BALANCINGS.values()}) == len(BALANCINGS)


def test_currency_of_the_document():
    assert reading.settlement(BALANCINGS["part_of_a_dollar_invoice"], {}).currency == "USD"


@pytest.mark.parametrize(
    ("accounts", "kind"),
    [
        ((407000,), "transfer"),
        ((407000, 634000), "transfer"),
        ((657100,), "write_off"),
        ((642000, 411000), "other"),
        ((757000,), "write_off"),
        ((416000,), "other"),
        ((), "other"),
    ],
)
def test_kind_of_a_misc_booking(accounts, kind):
    assert reading.settlement(BALANCINGS["moved_away"], misc(*accounts)).kind == kind


def test_only_misc_bookings_that_settle_a_document_are_read():
    assert reading.misc_bookings_needed(list(BALANCINGS.values())) == {(9, "D1")}
    assert reading.misc_bookings_needed([BALANCINGS["opening_item_paid"]]) == set()


@pytest.mark.parametrize("kind", ["C", "S", "A"])
def test_matches_of_ledger_accounts_are_left_out(kind):
    assert reading.is_of_party({"type": {"type": kind}}) is (kind != "A")


def test_stamp_overlaps():
    moment = datetime(2026, 3, 10, 11, 0, 0, 123456, tzinfo=UTC)
    assert reading.stamp(moment) == "2026-03-10 10:30:00.123"


# Open items


def row(**changes):
    values = {
        "bookyearKey": {"id": 9},
        "journalKey": "V1",
        "documentSequenceNr": 43,
        "lineSequenceNr": -1,
        "documentDate": "2026-03-12",
        "expirationDate": "2026-04-11",
        "relationKey": {"id": 28},
        "debetBookingAmount": Decimal("1316.0"),
        "openBookingAmount": Decimal("816.0"),
        "openDocAmount": Decimal("816.0"),
    }
    return {**values, **changes}


@pytest.mark.parametrize(
    ("customer", "debit", "credit", "shown", "amount"),
    [
        (True, 1316, 0, 816, 816),
        (True, 0, 1316, -816, -816),
        (True, 0, 1316, 816, -816),
        (False, 0, 1316, 816, 816),
        (False, 0, 1316, -816, 816),
        (False, 1316, 0, 816, -816),
        (False, 1316, 0, -816, -816),
    ],
)
def test_sign_of_an_open_item_comes_from_its_side(customer, debit, credit, shown, amount):
    item = reading.open_item(
        row(
            debetBookingAmount=debit,
            creditBookingAmount=credit,
            openDocAmount=shown,
            openBookingAmount=shown,
        ),
        customer,
    )
    assert (item.amount, item.amount_company) == (amount, amount)


def test_open_item_of_an_opening_line():
    item = reading.open_item(row(journalKey="D1", lineSequenceNr=3), True)
    assert item.document_key == "9/D1/43/3"


@pytest.mark.parametrize("journal", ["D1", "F1"])
@pytest.mark.parametrize(
    ("comment", "reference"),
    [("F2025/812", ""), ("F2025/812", "F2025/812"), ("", "F2025/812")],
)
def test_the_one_text_of_a_line_is_its_reference(journal, comment, reference):
    item = reading.open_item(
        row(journalKey=journal, lineSequenceNr=1, comment=comment, reference=reference), True
    )
    assert item.reference == "F2025/812"
    invoice = reading.open_item(row(comment="INV/2026/00043", reference=""), True)
    assert (invoice.reference, invoice.text) == ("", "INV/2026/00043")
    assert item.party_key == "28"
    assert item.due_date == date(2026, 4, 11)


def test_open_query_asks_everything():
    def book_year(number, year):
        periods = [{"bookyearPeriod": year * 100 + month} for month in (1, 2, 12)]
        return {
            "bookyearKey": {"id": number},
            "startDate": f"{year}-01-01",
            "endDate": f"{year}-12-31",
            "periods": periods,
        }

    assert reading.open_query([book_year(9, 2026), book_year(8, 2025)]) == {
        "fromBookyearKey": {"id": 8},
        "toBookyearKey": {"id": 9},
        "fromBookyearPeriodNr": 202501,
        "toBookyearPeriodNr": 202612,
        "relationId": -1,
        "externalRelationId": -1,
    }


# Master data


def codes(*rows):
    return {item.code: item.details for item in reading.vat_code_items(list(rows))}


def test_vat_code_with_its_credit_note_card_is_one_code():
    found = codes(
        {"code": "21", "description": "Verkoop 21 %", "type": 4, "basePercentage": 21.0},
        {"code": "21", "description": "Verkoop 21 %", "type": 2, "basePercentage": 21.0},
    )
    assert found == {"21": {"scope": "sale", "rate": "21", "family": "domestic"}}


def test_vat_code_for_credit_notes_only():
    found = codes({"code": "CN", "description": "Creditnota aankoop", "type": 3})
    assert found["CN"]["refund"] is True
    assert found["CN"]["scope"] == "purchase"
    assert "rate" not in found["CN"]


def test_vat_code_without_type_has_no_scope():
    found = codes({"code": "X", "description": "Vreemd", "basePercentage": Decimal("6.0")})
    assert found == {"X": {"rate": "6"}}


def journal(key, book_year=9, **changes):
    values = {"bookyearKey": {"id": book_year}, "journalKey": key, "name": key, "closed": False}
    return {**values, **changes}


def test_journals():
    items = reading.journal_items(
        [
            journal("V1", 8),
            journal("V1", name="Verkopen", lastBookedDocumentNr=6),
            journal("V2", insertionType=2),
            journal("A1", closed=True),
            journal("F1", currencyCode="USD"),
            journal("D1"),
            journal("L1"),
        ]
    )
    assert {item.code: item.details for item in items} == {
        "V1": {"type": "sale", "last_number": 6},
        "V2": {"type": "other", "last_number": 0},
        "A1": {"type": "purchase", "last_number": 0},
        "F1": {"type": "bank", "currency": "USD", "last_number": 0},
        "D1": {"type": "misc", "last_number": 0},
    }
    assert [item.name for item in items if item.code == "V1"] == ["Verkopen"]
    assert [item.code for item in items if not item.active] == ["A1"]


def test_periods():
    book_years = [
        {
            "bookyearKey": {"id": 9},
            "closed": False,
            "periods": [
                {
                    "bookyearPeriod": 202600 + month,
                    "startDate": f"2026-0{month}-01",
                    "endDate": f"2026-0{month}-28",
                }
                for month in (1, 2, 3)
            ],
        }
    ]
    journals = [
        journal("V1", protectedPeriod=202601),
        journal("A1", closedPeriod=202602, protectedPeriod=0),
        journal("A2", closed=True),
        journal("V1", 8, closed=True),
    ]
    closed = {
        item.code: item.details["closed_journals"]
        for item in reading.period_items(book_years, journals)
    }
    assert closed == {
        "9/202601": ["A1", "A2", "V1"],
        "9/202602": ["A1", "A2"],
        "9/202603": ["A2"],
    }


def test_accounts():
    description = {"description_NL": "Diensten", "description_FR": "Services"}
    items = reading.account_items(
        [
            {
                "accountKey": {
                    "bookyearKey": {"id": 9},
                    "id": 5,
                    "accountNumberKey": {"id": 610220},
                },
                "description": description,
                "vatRecupPercentage": Decimal("50.0"),
                "purchaseVatCode": "D21",
                "costCentreType": 1,
            },
            {"accountKey": {"bookyearKey": {"id": 9}, "id": 700000}, "description": {}},
        ],
        "fr",
    )
    assert [(item.code, item.name) for item in items] == [("610220", "Services"), ("700000", "")]
    assert items[0].details == {
        "cost_centre_required": True,
        "recoverable_share": "50",
        "vat_box": "82",
    }
    assert json.dumps([item.details for item in items])


def test_cost_centres():
    rows = [{"costCentreKey": {"id": 3}, "description": {"description_NL": "Oud"}, "closed": True}]
    (item,) = reading.cost_centre_items(rows, "de")
    assert (item.code, item.name, item.active) == ("3", "Oud", False)
