"""Relations and what hangs on them: contacts, bank accounts, addresses, direct debit mandates.

Choices where the reference is silent: a relation's code is up to 18 digits and unique; the VAT
number is kept as sent, without a check of its digits; a country is two letters; a text that is too
long is refused (lengths: those that readers of the service's metadata report); a relation with
entries cannot be removed; removing one removes what hangs on it; CustomerSince is the day it first
became a customer; a contact speaks the language of its relation, else of the division; its
BusinessEmail is its Email until another one is sent.

What a new relation or contact reads back where nothing was sent is on record: zeros, falses, the
division's currency, the day it was made. So is that IsPurchase says what IsSales says, whether or
not it is a supplier, and that a PUT which repeats a relation's own Code is refused as a duplicate.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from ..countries import country_name
from ..division import Division
from ..resource import BusinessError, Hints, Row
from .base import Records

ACCOUNTS, CONTACTS = "crm/Accounts", "crm/Contacts"
BANK_ACCOUNTS, ADDRESSES = "crm/BankAccounts", "crm/Addresses"
STATUSES = ("A", "C", "P", "S", "N")
FULL_NAME = ("FirstName", "MiddleName", "LastName")


class Accounts(Records):
    """Customers, suppliers and prospects."""

    mandatory = (("Name", "name"),)
    defaults = {
        "Status": "P",
        "Type": "A",
        "ConsolidationScenario": 6,
        "InvoiceAttachmentType": 1,
        "SecurityLevel": 10,
        "Source": 2,
        "GlnNumber": "",
        "OINNumber": "",
        **dict.fromkeys(
            (
                "Blocked",
                "CanDropShip",
                "IgnoreDatevWarningMessage",
                "IsBank",
                "IsMember",
                "IsPilot",
                "IsReseller",
                "IsSupplier",
                "RecepientOfCommissions",
            ),
            False,
        ),
        **dict.fromkeys(
            (
                "AutomaticProcessProposedEntry",
                "CostPaid",
                "CreditLinePurchase",
                "CreditLineSales",
                "DiscountPurchase",
                "DiscountSales",
                "InvoicingMethod",
                "IsAccountant",
                "IsAgency",
                "IsAnonymised",
                "IsCompetitor",
                "IsMailing",
                "PurchaseLeadDays",
                "SeparateInvPerProject",
                "SeparateInvPerSubscription",
                "ShippingLeadDays",
            ),
            0,
        ),
    }
    references = (
        ("GLAccountSales", "financial/GLAccounts", "ledger_account"),
        ("GLAccountPurchase", "financial/GLAccounts", "ledger_account"),
        ("GLAR", "financial/GLAccounts", "ledger_account"),
        ("GLAP", "financial/GLAccounts", "ledger_account"),
        ("InvoiceAccount", ACCOUNTS, "invoice_to"),
        ("Parent", ACCOUNTS, "account"),
    )
    codes = (
        ("PaymentConditionSales", "cashflow/PaymentConditions", "payment_condition"),
        ("PaymentConditionPurchase", "cashflow/PaymentConditions", "payment_condition"),
        ("SalesVATCode", "vat/VATCodes", "vat_code"),
        ("PurchaseVATCode", "vat/VATCodes", "vat_code"),
    )
    longest = (("Name", 50, "name"), ("Email", 128, "email"), ("VATNumber", 35, "vat_number"))
    unique_code = True
    own_code_refused = True
    collections = {"BankAccounts": BANK_ACCOUNTS}

    def new_values(self, division: Division, sent: Row) -> Row:
        return {
            **self.defaults,
            "SalesCurrency": division.currency,
            "PurchaseCurrency": division.currency,
            "StartDate": division.today(),
        }

    def shown(self, division: Division, row: Row) -> Row:
        names = {"CountryName": country_name(row.get("Country"))}
        for name, entity in (
            ("SalesCurrency", "general/Currencies"),
            ("PurchaseCurrency", "general/Currencies"),
            ("PaymentConditionSales", "cashflow/PaymentConditions"),
            ("PaymentConditionPurchase", "cashflow/PaymentConditions"),
            ("SalesVATCode", "vat/VATCodes"),
            ("PurchaseVATCode", "vat/VATCodes"),
        ):
            found = division.by_code(entity, row.get(name)) or {}
            names[f"{name}Description"] = found.get("Description")
        return {**row, **names}

    def found(self, division: Division, hints: Hints) -> Iterable[Row]:
        for name in ("SearchCode", "VATNumber"):
            if "ID" not in hints.equals and isinstance(hints.equals.get(name), str):
                return division.having(ACCOUNTS, name, hints.equals[name])
        return super().found(division, hints)

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        code = str(row.get("Code") or "").strip()
        if code and (not code.isdigit() or len(code) > 18):
            raise BusinessError("invalid", "code")
        if row.get("Status") not in STATUSES:
            raise BusinessError("invalid", "status")
        _check_country(row)

    def prepared(self, division: Division, row: Row) -> Row:
        code = str(row.get("Code") or "").strip() or str(_next_code(division))
        # A currency that is not active is dropped without a word.
        for name in ("SalesCurrency", "PurchaseCurrency"):
            if row.get(name) and division.find("general/Currencies", row[name]) is None:
                row = {**row, name: None}
        old = division.find(ACCOUNTS, row.get("ID")) or {}
        is_customer, since = row.get("Status") == "C", {}
        if row.get("Status") != old.get("Status"):
            since["StatusSince"] = division.today()
        if is_customer and not row.get("CustomerSince"):
            since["CustomerSince"] = division.today()
        return {**row, **since, "Code": code, "IsSales": is_customer, "IsPurchase": is_customer}

    def after(self, division: Division, row: Row, old: Row | None) -> None:
        wanted = {
            name: row.get(name)
            for name in (
                "AddressLine1",
                "AddressLine2",
                "AddressLine3",
                "Postcode",
                "City",
                "State",
                "Country",
            )
        }
        if not any(wanted.values()):
            return
        visit = next(
            (
                found
                for found in division.all(ADDRESSES, parent=row["ID"])
                if found.get("Type") == 1 and found.get("Main")
            ),
            None,
        )
        if visit is None:
            division.add(
                ADDRESSES,
                {
                    **wanted,
                    "Account": row["ID"],
                    "Type": 1,
                    "Main": True,
                    "AccountName": row["Name"],
                },
            )
        elif any(visit.get(name) != value for name, value in wanted.items()):
            division.change(ADDRESSES, visit["ID"], **wanted)

    def check_removal(self, division: Division, row: Row) -> None:
        if division.store.row(
            "SELECT 1 FROM entry e JOIN document d ON d.id = e.document"
            " WHERE d.administration = ? AND e.party = ?",
            division.code,
            row["ID"],
        ):
            raise BusinessError("has_transactions")
        for entity in (CONTACTS, BANK_ACCOUNTS, ADDRESSES):
            for found in division.all(entity, parent=row["ID"]):
                division.remove(entity, found["ID"])


def _check_country(row: Row) -> None:
    country = str(row.get("Country") or "").strip()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise BusinessError("invalid_reference", "country")


def _next_code(division: Division) -> int:
    name = f"account.{division.code}"
    number = division.store.setting(name, 1) + 1
    while division.by_code(ACCOUNTS, number):
        number += 1
    division.store.keep(name, number)
    return number


class _OfAccount(Records):
    """A row that hangs on a relation."""

    references = (("Account", ACCOUNTS, "account"),)

    def shown(self, division: Division, row: Row) -> Row:
        account = division.find(ACCOUNTS, row.get("Account")) or {}
        return {**row, "AccountName": account.get("Name")}


class Contacts(_OfAccount):
    """Persons of a relation; the first one is its main contact."""

    mandatory = (("Account", "account"),)
    defaults = {"Gender": "O", "IsMailingExcluded": False, "IsAnonymised": 0}

    def new_values(self, division: Division, sent: Row) -> Row:
        account = division.find(ACCOUNTS, sent.get("Account")) or {}
        return {
            **self.defaults,
            "StartDate": division.today(),
            "Person": str(uuid.uuid4()),
            "Language": account.get("Language") or division.info["language"].upper(),
        }

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if not (row.get("FirstName") or row.get("LastName")):
            raise BusinessError("mandatory", "last_name")

    def prepared(self, division: Division, row: Row) -> Row:
        # The names at birth are the names under another word.
        for name, meant in (("BirthName", "LastName"), ("BirthNamePrefix", "MiddleName")):
            if row.get(name):
                row = {**row, meant: row[name], name: None}
        if row.get("HID"):
            return row
        name = f"contact.{division.code}"
        number = division.store.setting(name, 0) + 1
        division.store.keep(name, number)
        return {**row, "HID": number}

    def after(self, division: Division, row: Row, old: Row | None) -> None:
        account = division.get(ACCOUNTS, row["Account"])
        if not account.get("MainContact"):
            division.change(ACCOUNTS, account["ID"], MainContact=row["ID"])

    def shown(self, division: Division, row: Row) -> Row:
        account = division.find(ACCOUNTS, row.get("Account")) or {}
        return {
            **row,
            "AccountName": account.get("Name"),
            "Code": account.get("Code"),
            "FullName": " ".join(row[name] for name in FULL_NAME if row.get(name)),
            "BirthName": row.get("LastName"),
            "BirthNamePrefix": row.get("MiddleName"),
            "BusinessEmail": row.get("BusinessEmail") or row.get("Email"),
            "AccountIsCustomer": account.get("Status") == "C",
            "AccountIsSupplier": bool(account.get("IsSupplier")),
            "AccountMainContact": account.get("MainContact"),
            "IsMainContact": account.get("MainContact") == row["ID"],
            "AddressStreet": account.get("AddressLine1"),
            "Postcode": account.get("Postcode"),
            "City": account.get("City"),
            "Country": account.get("Country"),
        }


class BankAccounts(_OfAccount):
    """Bank accounts of a relation; the first one is the main account."""

    mandatory = (("Account", "account"), ("BankAccount", "bank_account"))
    longest = (("BankAccount", 50, "bank_account"),)
    defaults = {"Type": "A", "TypeDescription": "Account", "Blocked": False}

    def prepared(self, division: Division, row: Row) -> Row:
        others = [
            found
            for found in division.all(BANK_ACCOUNTS, parent=row["Account"])
            if found["ID"] != row.get("ID")
        ]
        return {
            **row,
            "BankAccount": "".join(str(row["BankAccount"]).split()),
            "Main": bool(row.get("Main")) or not any(found.get("Main") for found in others),
        }

    def after(self, division: Division, row: Row, old: Row | None) -> None:
        if not row.get("Main"):
            return
        for found in division.all(BANK_ACCOUNTS, parent=row["Account"]):
            if found.get("Main") and found["ID"] != row["ID"]:
                division.change(BANK_ACCOUNTS, found["ID"], Main=False)


SAME_ADDRESS = (
    "Account",
    "Type",
    "AddressLine1",
    "AddressLine2",
    "AddressLine3",
    "Postcode",
    "City",
    "State",
    "Country",
    "Contact",
)


class Addresses(_OfAccount):
    """Addresses; a POST of one that exists gives the row that is there."""

    mandatory = (("Account", "account"), ("Type", "type"))
    defaults = {"Main": False}

    def create(self, division: Division, values: Row) -> Row:
        for row in division.all(ADDRESSES, parent=values.get("Account") or ""):
            if all((row.get(name) or None) == (values.get(name) or None) for name in SAME_ADDRESS):
                return self.shown(division, row)
        return super().create(division, values)

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if row["Type"] not in (1, 2, 3, 4):
            raise BusinessError("invalid", "type")
        _check_country(row)


RESOURCES = (
    Accounts(ACCOUNTS),
    Contacts(CONTACTS),
    BankAccounts(BANK_ACCOUNTS),
    Addresses(ADDRESSES),
    Records(
        "cashflow/DirectDebitMandates",
        mandatory=(("Account", "account"), ("BankAccount", "bank_account")),
        references=(
            ("Account", ACCOUNTS, "account"),
            ("BankAccount", BANK_ACCOUNTS, "bank_account"),
        ),
    ),
)
