"""Whatever is booked: entries balance, parties and boxes agree, matches never exceed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kit.amounts import half_up, loaded, stored
from sandbox.kit.ledger import (
    Books,
    Document,
    Line,
    MatchedDocument,
    UnbalancedEntry,
    period_of,
)
from sandbox.kit.matching import Matching, MatchRefused
from sandbox.kit.storage import Store
from sandbox.kit.trade import TradeLine, converter, trade_entry
from sandbox.kit.vat import plausibility, return_boxes
from sandbox.octopus.vat_codes import vat_codes

CODES = vat_codes()
quiet = settings(deadline=None, database=None)
cents = st.integers(-(10**7), 10**7).map(lambda number: Decimal(number) / 100)
rates = st.sampled_from([Decimal(1), Decimal("0.921659"), Decimal("1.1858"), Decimal("0.0061")])


@st.composite
def documents(draw):
    """Side, kind and lines of a document as a careful client sends it."""
    sale = draw(st.booleans())
    codes = [None, *(code for code in CODES if (code.side == "sale") == sale)]
    lines = []
    for index in range(1, draw(st.integers(1, 8)) + 1):
        code, base = draw(st.sampled_from(codes)), draw(cents)
        plain = code is not None and not code.invoice.reverse_charge
        vat = half_up(base * code.rate / 100) if plain else Decimal(0)
        share = Decimal(100) if sale else draw(st.sampled_from([0, 35, 50, 85, 100]))
        lines.append(TradeLine(index, 700000 if sale else 604000, base, vat, code, Decimal(share)))
    return sale, draw(st.booleans()), lines


@quiet
@given(documents(), rates, st.sampled_from(["multiply", "divide"]))
def test_entry_balances_and_party_is_base_and_invoiced_vat(document, rate, direction):
    sale, credit_note, lines = document
    convert = converter(rate, direction)
    entry = trade_entry(lines, sale, credit_note, 1, 400000, convert)
    assert sum(line.amount for line in entry) == 0
    assert sum(line.document_amount for line in entry) == 0
    expected = sum(convert(line.base) + convert(line.vat) for line in lines)
    side = (1 if sale else -1) * (-1 if credit_note else 1)
    assert entry[0].amount == side * expected


@quiet
@given(documents())
def test_an_invoice_and_its_credit_note_leave_nothing(document):
    sale, _credit_note, lines = document
    accounts: dict[int, Decimal] = {}
    boxes: dict[str, Decimal] = {}
    for credit_note in (False, True):
        for line in trade_entry(lines, sale, credit_note, 1, 400000):
            accounts[line.account] = accounts.get(line.account, Decimal(0)) + line.amount
            for box, amount in line.boxes:
                boxes[box] = boxes.get(box, Decimal(0)) + amount
    assert not any(accounts.values())
    shown = return_boxes(boxes)
    assert shown["71"] == shown["72"] == 0


@quiet
@given(documents())
def test_vat_accounts_equal_the_boxes(document):
    sale, credit_note, lines = document
    entry = trade_entry(lines, sale, credit_note, 1, 400000)
    boxes: dict[str, Decimal] = {}
    for line in entry:
        for box, amount in line.boxes:
            boxes[box] = boxes.get(box, Decimal(0)) + amount
    balance = -sum(line.amount for line in entry if line.role in ("deductible", "owed"))
    shown = return_boxes(boxes)
    assert shown["71"] - shown["72"] == balance


@quiet
@given(documents())
def test_what_cannot_be_deducted_is_cost(document):
    sale, credit_note, lines = document
    entry = trade_entry(lines, sale, credit_note, 1, 400000)
    roles = {
        role: sum(abs(line.amount) for line in entry if line.role == role)
        for role in ("deductible", "owed", "cost")
    }
    if all(line.base >= 0 for line in lines) and not sale:
        invoiced = sum(line.vat for line in lines)
        assert roles["deductible"] + roles["cost"] == invoiced + roles["owed"]


@quiet
@given(cents)
def test_amounts_survive_storage(amount):
    assert loaded(stored(amount)) == amount


def books():
    store = Store()
    store.run("INSERT INTO administration (id, name) VALUES (1, 'x')")
    found = Books(store, 1)
    found.add_book_year(
        1, {"nl": "2026"}, "2026-01-01", "2026-12-31", [(1, "2026-01-01", "2026-12-31")]
    )
    found.save_journal(1, "V1", "V", 1, {"nl": "x"})
    return found


def entry(number, amount, party=1):
    amount = Decimal(amount)
    return (
        Document(1, "V1", number, "sale", 1, "2026-01-01", "EUR", Decimal(1), amount),
        [
            Line(-1, "party", 400000, amount, amount, party),
            Line(1, "base", 700000, -amount, -amount),
        ],
    )


def post(found, number, amount, party=1):
    found.post(*entry(number, amount, party))


@settings(quiet, max_examples=25)
@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(1, 30_000)), max_size=30),
    st.randoms(),
)
def test_matches_never_exceed_what_is_open(tries, chance):
    found = books()
    for number, amount in enumerate((100, 250, 7, -80, -200, -77), 1):
        post(found, number, amount)
    matching = Matching(found)
    for first, second, part in tries:
        lines = [matching.line(1, "V1", number, -1) for number in (first, second)]
        try:
            matching.match(*lines, Decimal(part) / 100)
        except MatchRefused:
            continue
        if chance.random() < 0.2:
            matching.remove(matching.matches()[0])
    items = matching.items("e.party IS NOT NULL", only_open=False)
    for item in items:
        assert 0 <= item["open"] / item["amount"] <= 1
    assert sum(item["open"] for item in items) == sum(item["amount"] for item in items)
    assert sum(match["amount"] for match in matching.matches()) == sum(
        item["amount"] - item["open"] for item in items if item["amount"] > 0
    )
    found.store.close()


def test_an_entry_that_does_not_balance_is_refused():
    found = books()
    document = Document(1, "V1", 1, "sale", 1, "2026-01-01", "EUR", Decimal(1), Decimal(5))
    with pytest.raises(UnbalancedEntry):
        found.post(document, [Line(1, "base", 700000, Decimal(5), Decimal(5))])
    assert found.documents() == [] and found.trial_balance() == {}


def test_relations_are_not_matched_with_each_other():
    found = books()
    post(found, 1, 100, party=1)
    post(found, 2, -100, party=2)
    matching = Matching(found)
    with pytest.raises(MatchRefused):
        matching.match(matching.line(1, "V1", 1, -1), matching.line(1, "V1", 2, -1), Decimal(1))


@pytest.mark.parametrize(
    ("amount", "party"),
    [("59.99", 1), ("-100", 1), ("100", 2)],
    ids=["smaller than its matches", "other side", "other party"],
)
def test_a_matched_line_is_not_replaced_by(amount, party):
    found = books()
    post(found, 1, 100)
    post(found, 2, -60)
    matching = Matching(found)
    matching.match(matching.line(1, "V1", 1, -1), matching.line(1, "V1", 2, -1), Decimal(60))
    with pytest.raises(MatchedDocument):
        found.replace(*entry(1, amount, party))
    found.replace(*entry(1, "60.00"))
    assert matching.line(1, "V1", 1, -1)["open"] == 0


def test_period_of_a_day():
    periods = [
        {"number": 1, "start": "2026-01-01", "finish": "2026-01-31"},
        {"number": 2, "start": "2026-02-01", "finish": "2026-02-28"},
    ]
    assert [period_of(periods, day) for day in ("2026-01-31", "2026-02-01", "2026-03-01")] == [
        1,
        2,
        None,
    ]


@pytest.mark.parametrize(
    ("boxes", "failing"),
    [
        ({"03": "1000", "54": "210"}, []),
        ({"03": "1000"}, ["54"]),
        ({"03": "-1"}, ["negative"]),
        ({"86": "1000", "55": "210", "59": "210", "81": "1000"}, []),
        ({"88": "5"}, ["86 or 88"]),
        ({"59": "500", "82": "800"}, ["50 %"]),
        ({"64": "100"}, ["49"]),
        ({"63": "100"}, ["85 ×"]),
        ({"56": "100"}, ["56 + 57"]),
        ({"55": "100"}, ["≥ 55"]),
    ],
)
def test_plausibility_finds_wrong_boxes(boxes, failing):
    amounts = {box: Decimal(amount) for box, amount in boxes.items()}
    failed = [rule for rule, passed in plausibility(amounts) if not passed]
    assert len(failed) == len(failing)
    assert all(part in rule for part, rule in zip(failing, failed, strict=True))


def test_codes_are_unique_and_described_in_two_languages():
    assert len({code.code for code in CODES}) == len(CODES)
    for language in ("nl", "fr"):
        texts = [code.names[language] for code in CODES]
        assert len(set(texts)) == len(texts) and all(texts)
