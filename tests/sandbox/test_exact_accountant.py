"""What people do in the application, and looking inside the books of the Exact sandbox."""

from __future__ import annotations

import json

import pytest
from exact_books import SALES, Books

from sandbox.exact import inspection
from sandbox.exact.accountant import ACTIONS
from sandbox.exact.resource import BusinessError, Missing

UNKNOWN = "00000000-0000-0000-0000-000000000001"


@pytest.fixture(params=(500001, 600001))
def books(request):
    return Books(request.param)


def vat(books):
    return "VH" if books.dutch else "21"


def test_all_promised_actions_exist():
    assert {
        "pay",
        "set-off",
        "write-off",
        "doubtful",
        "unmatch",
        "select-for-collection",
        "process-payment",
        "process",
        "recode",
        "delete-entry",
        "renumber",
        "book-by-hand",
        "opening-item",
        "period",
        "journal",
        "gl-account",
        "vat-code",
        "account",
        "move-division",
        "block",
    } <= set(ACTIONS)


@pytest.mark.parametrize(
    "name",
    (
        "write-off",
        "doubtful",
        "unmatch",
        "select-for-collection",
        "process-payment",
        "process",
        "delete-entry",
    ),
)
def test_unknown_entry(books, name):
    with pytest.raises(Missing):
        books.act(name, entry=UNKNOWN)


@pytest.mark.parametrize(
    "journal, kind",
    (("70", "sale"), ("60", "purchase"), ("50", "bank"), ("30", "cash"), ("90", "general")),
)
def test_book_by_hand_in_every_journal(books, journal, kind):
    for amount in (100, -100):
        books.act("book-by-hand", journal=journal, amount=amount, date="2026-03-05", reference="R1")
    first, second = inspection.entries(books.division)
    assert (first["kind"], first["date"]) == (kind, "2026-03-05")
    assert second["kind"] == (f"{kind}_refund" if kind in ("sale", "purchase") else kind)
    assert all(float(amount) == 0 for amount in inspection.trial_balance(books.division).values())


def test_opening_item_can_be_paid(books):
    customer = books.account()
    entry = books.act("opening-item", account=customer, amount=500, reference="2025/7")["entry"]
    assert inspection.entries(books.division)[0]["type"] == 10
    [item] = inspection.open_items(books.division)
    assert (item["entry"], item["open"], item["account"]) == (entry, "500.00", customer)
    books.act("pay", entries=[{"entry": entry}])
    assert inspection.open_items(books.division) == []


def test_every_movement_balances_open_items_and_terms(books):
    customer = books.account()
    entries = [
        books.sale(books.line(amount, vat(books)), customer=customer)["EntryID"]
        for amount in (100, 200, -50)
    ]
    books.act("pay", entries=[{"entry": entries[0], "amount": 60}])
    books.act("set-off", invoice=entries[1], credit=entries[2])
    books.act("write-off", entry=entries[0], amount=1)
    books.act("unmatch", entry=entries[2])
    open_now: dict[str, float] = {}
    for term in inspection.terms(books.division):
        if term["status"] != 50:
            open_now[term["entry"]] = open_now.get(term["entry"], 0) + float(term["amount"])
    assert {
        row["entry"]: float(row["open"]) for row in inspection.open_items(books.division)
    } == pytest.approx(open_now)
    balance = inspection.trial_balance(books.division)["1100" if books.dutch else "400000"]
    assert float(balance) == pytest.approx(sum(open_now.values()))


def test_recode(books):
    entry = books.sale(books.line(100, vat(books)))
    other = ("8005", "VL") if books.dutch else ("705000", "6")
    if not books.dutch:
        books.act("gl-account", code="705000", type=110)
    books.act(
        "recode", entry=entry["EntryID"], account=other[0], vat_code=other[1], cost_center="SALES"
    )
    [found] = inspection.entries(books.division)
    base = next(line for line in found["lines"] if line["role"] == "base")
    assert (base["account"], base["vat_code"], base["cost_centre"]) == (*other, "SALES")
    with pytest.raises(ValueError):
        books.act("recode", entry=entry["EntryID"], colour="red")


def test_renumber_closes_gaps(books):
    entries = [books.act("book-by-hand", journal="70")["entry"] for _ in range(3)]
    books.act("delete-entry", entry=entries[0])
    year = books.division.today().year
    assert books.act("renumber") == {"changed": 2}
    start = year % 100 * 1_000_000 + 700_000
    assert [row["entry_number"] for row in inspection.entries(books.division)] == [
        start + 1,
        start + 2,
    ]
    assert [books.get(SALES, key)["EntryNumber"] for key in entries[1:]] == [start + 1, start + 2]


def test_delete_entry_may_unmatch_first(books):
    entry = books.act("book-by-hand", journal="70")["entry"]
    books.act("pay", entries=[{"entry": entry}])
    with pytest.raises(BusinessError):
        books.act("delete-entry", entry=entry)
    books.act("delete-entry", entry=entry, unmatch=True)
    assert [row["kind"] for row in inspection.entries(books.division)] == ["bank"]


def test_process_and_back(books):
    entry = books.act("book-by-hand", journal="70")["entry"]
    version = books.division.version
    books.act("process", entry=entry)
    assert {
        row["Status"] for row in books.rows("sync/Financial/TransactionLines", after=version)
    } == {50}
    assert {
        row["TransactionStatus"] for row in books.rows("sync/Cashflow/PaymentTerms", after=version)
    } == {50}
    books.act("process", entry=entry, processed=False)
    books.delete(SALES, entry)


def test_account_and_block(books):
    key = books.act("account", name="Nieuw", status="C")["account"]
    books.act("account", account=key, blocked=True)
    with pytest.raises(BusinessError) as error:
        books.sale(books.line(1, vat(books)), customer=key)
    assert error.value.name == "blocked"
    books.act("account", account=key, remove=True)
    assert key not in {row["ID"] for row in inspection.accounts(books.division)}
    books.act("block", status=2)
    assert books.division.info["blocking"] == 2


def test_everything_is_plain_data(books):
    entry = books.act("book-by-hand", journal="70")["entry"]
    books.act("pay", entries=[{"entry": entry}])
    found = json.loads(json.dumps(inspection.everything(books.division)))
    assert set(found) == {
        "entries",
        "trial_balance",
        "boxes",
        "boxes_per_period",
        "open_items",
        "terms",
        "attachments",
        "accounts",
        "vat_codes",
        "purchase_boxes",
    }
    assert all(sum(float(line["amount"]) for line in row["lines"]) == 0 for row in found["entries"])
    assert json.dumps(inspection.vat_codes(books.division))
