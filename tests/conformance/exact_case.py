"""Exact Online for the conformance suite, on its sandbox."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from odoo.addons.accountable_connect.documents import MASTER_DATA_KINDS, Party
from odoo.addons.accountable_connect_exact.api.client import ExactClient
from odoo.addons.accountable_connect_exact.api.package import ExactPackage

from sandbox.exact import entries, entry_families, serve
from sandbox.exact.identity import CLIENT_ID, CLIENT_SECRET, USER

from . import case
from .sandbox_case import SandboxCase

DIVISION = 500001
REDIRECT_URI = "http://127.0.0.1/return"
NOBODY = "0a000000-0000-4000-8000-000000000000"
OPERATIONS = {
    case.SIGN_IN: "GET current/Me",
    case.CREATE_DOCUMENT: "POST *entry/*Entries",
    case.UPDATE_DOCUMENT: "PUT *entry/*",
    case.ATTACH_FILE: "POST documents/DocumentAttachments",
    case.SAVE_PARTY: "POST crm/Accounts",
    case.FIND_PARTY: "GET crm/Accounts",
    case.SAVE_CONTACT_PERSON: "POST crm/Contacts",
    case.READ_DOCUMENTS: "GET *entry/*Entries",
    case.READ_SETTLEMENTS: "GET sync/Cashflow/PaymentTerms",
    case.READ_MASTER_DATA: "GET vat/VATCodes",
}


class ExactCase(SandboxCase):
    name = "exact"
    administration = DIVISION
    operations = OPERATIONS
    limit = {"kind": "too-many"}
    year = 2026
    unknown_party = NOBODY
    class_of_vat_code = False
    locks_journals = False
    knows_companies = False
    lists_bank_accounts = False
    minds_case = True
    calls_to_read = 10  # an entry and its lines
    tries_of_a_read = 2
    keeps_numbers = True
    guards_matched = True
    codes = case.Codes(
        sale_journal="70",
        other_sale_journal="71",
        purchase_journal="60",
        sale={21: "21", 12: "12", 6: "6", 0: "0"},
        sale_co_contractor="MC",
        sale_intra_goods="IG",
        sale_intra_services="IDV",
        sale_export="EXP",
        purchase={21: "A21", 12: "A12", 6: "A6", 0: "A0"},
        goods={21: "A21", 12: "A12", 6: "A6"},
        investment={21: "A21"},
        purchase_co_contractor="M21",
        purchase_intra_goods="E21",
        purchase_intra_services="S21",
        purchase_import="V21",
        sale_outside="GV",
        purchase_outside="GA",
        revenue="700000",
        other_revenue="700100",
        discount="708000",
        cost="616200",
        goods_account="604000",
        asset_account="240000",
        advance_account="600000",
        car_cost="610220",
        private_account="416000",
        cost_centre="SALES",
        cost_unit="SHOP",
        term_of_two_halves="2T",
        customers="400000",
        suppliers="440000",
        vat_accounts=("411", "451"),
    )

    def __init__(self):
        super().__init__()
        self.act("cost-centre", code="OLD", end_date=f"{self.year - 1}-12-31")
        self._wrong_tokens = case.MemoryTokens()
        # The consent of a person, and the master data of the connection's set-up.
        set_up_budget = case.MemoryBudget()
        with self._package(self.tokens, set_up_budget) as package:
            number = self.service.oauth.consent(USER, [DIVISION])
            package.client.sign_in_with_code(self.service.oauth.code(number, REDIRECT_URI))
            self.master = package.fetch_master_data(MASTER_DATA_KINDS)
        self.service.oauth.expire()
        with self._package(self.tokens, set_up_budget) as package:
            package.test_sign_in()

    def serve(self):
        return serve(
            switches={
                "calls_per_minute": 100_000,
                "calls_per_day": 1_000_000,
                # far below the twelve thousand that were reported as failing
                "longest_address": 2_000,
                **self.switches,
            }
        )

    def open(self, *, password=None, reachable=True):
        if password is None:
            return self._package(self.tokens, self.budget, reachable)
        # There is no password between Exact and us: a refresh token that is not good.
        if not self._wrong_tokens.kept:
            self._wrong_tokens.save(
                "oauth",
                {
                    "access_token": "",
                    "refresh_token": password,
                    "issued_at": "2026-01-01T00:00:00+00:00",
                    "expires_in": 600,
                },
            )
        return self._package(self._wrong_tokens, self.budget, reachable)

    def _package(self, tokens, budget, reachable=True):
        client = ExactClient(
            site=self.server.url if reachable else "http://127.0.0.1:9",
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
            redirect_uri=REDIRECT_URI,
            tokens=tokens,
            budget=budget,
            division=str(DIVISION),
            timeout=10.0,
            now=self.service.clock.now,
        )
        return ExactPackage(client, master=getattr(self, "master", ()))

    def use_up_limits(self):
        for name in list(self.budget.remembered):
            facts = self.budget.recall(name)
            if "day" not in facts:
                continue
            self.budget.remember(name, {**facts, "day": {**facts["day"], "left": 0}})

    # The books

    def _entries(self):
        return {row["entry"]: row for row in self.server.entries(DIVISION)}

    def _entry(self, key):
        return self._entries()[guid(key)]

    def lines(self, key):
        return self._entry(key)["lines"]

    def boxes(self, key):
        return {box: Decimal(amount) for box, amount in self._entry(key)["boxes"].items()}

    def keys(self):
        return sorted(
            f"{row['kind'].partition('_')[0]}/{entry}"
            for entry, row in self._entries().items()
            if row["kind"].startswith(("sale", "purchase"))
        )

    def files(self, key):
        return [(row["name"], row["sha256"]) for row in self._entry(key)["files"]]

    def file_places(self, key):
        with self.server.store.lock:
            rows = self.service.division(DIVISION).all("documents/Documents", parent=guid(key))
        return [row["ID"] for row in rows]

    def cost_centres(self, key):
        return {line["cost_centre"] for line in self.lines(key) if line["cost_centre"]}

    def cost_units(self, key):
        return {line["cost_unit"] for line in self.lines(key) if line["cost_unit"]}

    def party_of(self, key):
        return self._entry(key)["account"]

    def parties(self):
        return {
            row["ID"]: Party(
                external_number=int((row.get("SearchCode") or "0").removeprefix("ODOO-")),
                name=row["Name"],
                customer=row.get("Status") == "C",
                supplier=bool(row.get("IsSupplier")),
                vat_number=row.get("VATNumber") or "",
                street=row.get("AddressLine1") or "",
                city=row.get("City") or "",
                country=row.get("Country") or "",
            )
            for row in self.server.accounts(DIVISION)
            if row.get("Type") != "D"
        }

    def bank_accounts(self, party_key):
        with self.server.store.lock:
            rows = list(self.service.division(DIVISION).all("crm/BankAccounts", parent=party_key))
        rows.sort(key=lambda row: not row.get("Main"))
        return [row["BankAccount"] for row in rows]

    def contact_persons(self, party_key):
        with self.server.store.lock:
            rows = list(self.service.division(DIVISION).all("crm/Contacts", parent=party_key))
        names = ("FirstName", "LastName")
        return {
            " ".join(row[name] for name in names if row.get(name)): row.get("Email") or ""
            for row in rows
        }

    # What people do in the application

    def pay(self, *keys, amount=None, parts=()):
        entries = [{"entry": guid(key)} for key in keys]
        for entry, part in zip(entries, parts, strict=False):
            entry["amount"] = part
        paid = self.act("pay", entries=entries, amount=amount, date=f"{self.year}-04-15")
        return f"entry/{paid['entry']}"

    def set_off(self, invoice, credit_note):
        self.act("set-off", invoice=guid(invoice), credit=guid(credit_note))

    def move_to_doubtful(self, key):
        self.act("doubtful", entry=guid(key), date=f"{self.year}-05-04")

    def write_off(self, key, amount):
        self.act("write-off", entry=guid(key), amount=amount, date=f"{self.year}-05-04")

    def unmatch(self, key):
        assert self.act("unmatch", entry=guid(key))["removed"]

    def recode(self, key, account):
        self.act("recode", entry=guid(key), line=1, account=account)

    def redate(self, key, day, reference):
        with self.server.store.lock:
            entries.change_head(
                self.service.division(DIVISION),
                entry_families.SALES if key.startswith("sale") else entry_families.PURCHASES,
                guid(key),
                {"EntryDate": day, "YourRef": reference, "PaymentReference": reference},
            )

    def speak(self, language):
        self.service.identity.change_user(USER, language=f"{language}-BE")

    def renumber(self, key):
        self.act("renumber", journal=self._entry(key)["journal"], year=self.year)

    def delete(self, key):
        self.act("delete-entry", entry=guid(key), unmatch=True)

    def process(self, key):
        self.act("process", entry=guid(key))

    def book_by_hand(self, journal, party_key, total, day, reference=""):
        # The action takes an amount without the 21 % it adds.
        net = (total / Decimal("1.21")).quantize(Decimal("0.01"), ROUND_HALF_UP)
        booked = self.act(
            "book-by-hand",
            journal=journal,
            account=party_key,
            amount=net,
            date=day.isoformat(),
            reference=reference or None,
        )
        side = "sale" if journal.startswith("7") else "purchase"
        return f"{side}/{booked['entry']}"

    def opening_item(self, party_key, amount):
        self.act(
            "opening-item",
            account=party_key,
            amount=amount,
            reference="F2025/812",
            date=f"{self.year}-01-01",
        )

    def close_period(self, day: date):
        for month in range(1, day.month + 1):
            self.act("period", year=day.year, period=month)

    def open_journal_elsewhere(self, journal, is_open):
        raise NotImplementedError("nobody keeps others out of a journal of Exact")

    def switch_interface_off(self):
        self.service.identity.change_user(USER, blocked=True)

    def disable_administration(self):
        self.service.identity.change_user(USER, divisions=[500002])

    def empty_chart(self):
        with self.server.store.lock:
            division = self.service.division(DIVISION)
            for row in list(division.all("financial/GLAccounts")):
                division.remove("financial/GLAccounts", row["ID"])

    def rename_party(self, key, name):
        self.act("account", account=key, name=name)

    def retype_party(self, key, **values):
        names = {
            "name": "Name",
            "vat_number": "VATNumber",
            "registry_number": "ChamberOfCommerce",
            "country": "Country",
        }
        typed = {names[name]: value or None for name, value in values.items()}
        self.act("account", account=key, SearchCode=None, **typed)

    # Misbehaviour

    def expire_tokens(self):
        self.service.oauth.expire()

    def let_consent_expire(self):
        self.service.oauth.expire(refresh=True)

    def failed_sign_ins(self):
        return self.budget.calls.get("POST oauth2/token", 0)

    def writes(self):
        calls = self.server.calls()
        return sum(
            calls.get(f"POST {entity}", 0)
            for entity in ("salesentry/SalesEntries", "purchaseentry/PurchaseEntries")
        )


def guid(key):
    """The EntryID in a key."""
    return key.partition("/")[2]


class ExactOtherwiseCase(ExactCase):
    """Where the vendor's documents are silent, the service may as well answer like this."""

    name = "exact_otherwise"
    keeps_numbers = False
    switches = {
        "receivable_sign": "negative",
        "automatic_document": True,
        "vat_rounding": "code",
        "honour_entry_number": False,
        "thin_answers": False,
        "early_refresh_status": 401,
        "old_access_token": "dies",
        "delete_matched": "accept",
        "own_number_refused": False,
        "code_of_percentage": False,
        "head_vat_amount": False,
        "webhook_validation": "after",
    }
