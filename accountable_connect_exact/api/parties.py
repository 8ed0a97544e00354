"""Neutral party ↔ account (``crm/Accounts``) of Exact Online; pure functions.

Our number stands in ``SearchCode`` as ``ODOO-4711``. A role is added and never taken away, and
nothing the accountant filled in is emptied: only values of ours that differ are sent.
"""

import re
from datetime import date

from odoo.addons.accountable_connect.api.contact_details import (
    email_address,
    phone_number,
    that_fits,
    web_address,
)
from odoo.addons.accountable_connect.api.contract import StoredParty
from odoo.addons.accountable_connect.api.texts import bare, cut, digits, one_line
from odoo.addons.accountable_connect.api.vat_numbers import (
    normal_registry_number,
    normal_vat_number,
    parts,
    registry_in_vat_number,
    vat_country,
    vat_number_of_registry,
)
from odoo.addons.accountable_connect.documents import Party

from .. import const
from . import wire
from .codes import Codes

CUSTOMER, NO_STATUS = "C", "A"
# The account of the division itself is nobody's customer or supplier.
DIVISION = "D"
OUR_PREFIX = "ODOO-"
_OUR_NUMBER = re.compile(rf"{OUR_PREFIX}(\d{{1,10}})", re.IGNORECASE)

ACCOUNT_FIELDS = (
    "ID,Code,Name,Status,IsSupplier,SearchCode,AddressLine1,Postcode,City,Country,Email,Phone,"
    "Website,Language,VATNumber,ChamberOfCommerce,PaymentConditionSales,PaymentConditionPurchase,"
    "SalesCurrency,PurchaseCurrency,Blocked,EndDate,Type"
)


def search_code(party: Party) -> str:
    return f"{OUR_PREFIX}{party.external_number}"


def external_number(row: dict) -> int:
    """Our number on an account, 0 for none."""
    found = _OUR_NUMBER.fullmatch((row.get("SearchCode") or "").strip())
    return int(found[1]) if found else 0


def is_party(row: dict) -> bool:
    return row.get("Type") != DIVISION


# Party → account


def account_payload(party: Party, codes: Codes, stored: dict | None = None) -> dict:
    """What has to be sent: all of a new account, of one that is there (``stored``) what differs;
    empty when nothing does."""
    wanted = _texts(party) | _roles(party, stored) | _conditions(party, codes, stored)
    if stored is None:
        return wanted
    return {name: value for name, value in wanted.items() if not _same(stored.get(name), value)}


def _same(held, value):
    if isinstance(held, str) and isinstance(value, str):
        return held.strip() == value
    return held == value


def _texts(party):
    """A name or a street may be cut; what names or reaches somebody goes whole, or not at all."""
    texts = {
        "Name": cut(party.name, const.NAME_LENGTH),
        "SearchCode": search_code(party),
        "AddressLine1": cut(party.street, const.ADDRESS_LENGTH),
        "Postcode": that_fits(one_line(party.postal_code), const.POSTAL_CODE_LENGTH),
        "City": cut(party.city, const.CITY_LENGTH),
        "Country": party.country,
        "Language": party.language.upper(),
        "VATNumber": that_fits(party.vat_number, const.VAT_NUMBER_LENGTH),
        "ChamberOfCommerce": party.registry_number,
        "Email": email_address(party.email, const.EMAIL_LENGTH),
        "Phone": phone_number(party.phone, const.PHONE_LENGTH),
        "Website": web_address(party.website, const.WEBSITE_LENGTH),
    }
    return {name: text for name, text in texts.items() if text}


def _roles(party, stored):
    roles = {}
    if party.customer:
        roles["Status"] = CUSTOMER
    elif stored is None:
        roles["Status"] = NO_STATUS
    if party.supplier:
        roles["IsSupplier"] = True
    return roles


def _conditions(party, codes, stored):
    """Payment condition and currency of each role. A condition with the same days stays as it is:
    the accountant may have chosen the one for direct debits."""
    values = {}
    condition = codes.payment_term_for(party.payment_days, party.payment_end_of_month)
    for wanted, side in ((party.customer, "Sales"), (party.supplier, "Purchase")):
        if not wanted:
            continue
        held = codes.payment_term((stored or {}).get(f"PaymentCondition{side}"))
        if condition and not _same_days(held, party):
            values[f"PaymentCondition{side}"] = condition
        if party.currency:
            values[f"{side}Currency"] = party.currency
    return values


def _same_days(condition, party):
    return (
        condition.get("days") == party.payment_days
        and bool(condition.get("end_of_month")) == party.payment_end_of_month
    )


# Account → party


def stored_party(
    row: dict, codes: Codes, today: date, iban: str = "", bic: str = ""
) -> StoredParty:
    """An account as Exact gives it. Whether it is a company it does not say."""
    vat_number = bare(row.get("VATNumber"))
    number = digits(row.get("ChamberOfCommerce"))
    condition = codes.payment_term(
        row.get("PaymentConditionSales") or row.get("PaymentConditionPurchase")
    )
    end = wire.read_date(row.get("EndDate"))
    return StoredParty(
        key=row["ID"],
        active=not row.get("Blocked") and (end is None or end >= today),
        party=Party(
            external_number=external_number(row),
            name=row.get("Name") or "",
            customer=row.get("Status") == CUSTOMER,
            supplier=bool(row.get("IsSupplier")),
            vat_number=vat_number,
            registry_number=number or (vat_number[2:] if vat_number.startswith("BE") else ""),
            street=row.get("AddressLine1") or "",
            postal_code=row.get("Postcode") or "",
            city=row.get("City") or "",
            country=(row.get("Country") or "").strip(),
            language=(row.get("Language") or "").strip()[:2].lower(),
            email=row.get("Email") or "",
            phone=row.get("Phone") or "",
            website=row.get("Website") or "",
            iban=iban,
            bic=bic,
            currency=row.get("SalesCurrency") or row.get("PurchaseCurrency") or "EUR",
            payment_days=condition.get("days"),
            payment_end_of_month=bool(condition.get("end_of_month")),
        ),
    )


# Finding


def find_filter(party: Party) -> str:
    """Accounts with our number, or the VAT or registry number as people write it, or the name.
    Exact compares what stands there, so parts of the numbers are looked for too, which no way of
    writing them takes apart."""
    sought = [f"SearchCode eq {wire.text(search_code(party))}"]
    vat_numbers = _vat_numbers(party)
    sought += [f"VATNumber eq {wire.text(number)}" for number in vat_numbers]
    if vat_numbers:
        sought += _holding("VATNumber", parts(normal_vat_number(vat_numbers[0], party.country)))
    if party.registry_number:
        written = {party.registry_number, _dotted(party.registry_number)}
        sought += [f"ChamberOfCommerce eq {wire.text(one)}" for one in sorted(written)]
    country = party.country or vat_country(party.vat_number)
    registry = normal_registry_number(party.registry_number, country)
    registry = registry or registry_in_vat_number(party.vat_number, country)
    sought += _holding("ChamberOfCommerce", parts(registry, country))
    name = cut(party.name, const.NAME_LENGTH)
    if name:
        sought.append(f"Name eq {wire.text(name)}")
    return " or ".join(sought)


def _holding(field, its_parts):
    conditions = [f"substringof({wire.text(part)},{field}) eq true" for part in its_parts]
    return [f"({' and '.join(conditions)})"] if conditions else []


def _vat_numbers(party):
    """The VAT number, and a Belgian one as it is printed."""
    number = party.vat_number or vat_number_of_registry(party.registry_number, party.country)
    if not number:
        return []
    written = [number]
    if re.fullmatch(r"BE\d{10}", number):
        dotted = _dotted(number[2:])
        written += [f"BE{dotted}", f"BE {dotted}", f"BE {number[2:]}"]
    return written


def _dotted(number):
    if not re.fullmatch(r"\d{10}", number):
        return number
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"
