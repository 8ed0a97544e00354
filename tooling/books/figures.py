"""What both sides say about a document: plain figures, fit for JSON.

Amounts are ``Decimal``. Accounts: debit positive, in company currency, under the code the account
has in the package; ``customers``, ``suppliers`` and ``VAT accounts`` stand for several accounts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

ZERO = Decimal(0)
CUSTOMERS, SUPPLIERS, VAT_ACCOUNTS = "customers", "suppliers", "VAT accounts"
# A package books VAT on the accounts of its own codes: compared as a group. The current account
# with the State is no part of it.
VAT_PREFIXES = {"BE": ("411", "451"), "NL": ("15",)}
NOT_VAT = ("411200", "451200")

Amounts = dict[str, Decimal]


def is_vat_account(code: str, country: str = "BE") -> bool:
    """Whether an account belongs to the group of VAT accounts in the chart of this country."""
    return code.startswith(VAT_PREFIXES[country]) and code not in NOT_VAT


def add(amounts: Amounts, key: str, amount: Decimal) -> None:
    """Add to one figure of a collection."""
    amounts[key] = amounts.get(key, ZERO) + amount


@dataclass
class TaxPosting:
    """What a document posted for one tax; amounts in company currency, relative to the kind.

    ``deductible``, ``owed`` and ``cost`` (by account) are the legs as posted. The coefficients say
    what a box takes of the base, of VAT that became cost, of deductible VAT and of VAT owed, as the
    tax's own tags do (+1, -1). ``items`` counts the journal items that bear the tax.
    ``elsewhere`` is VAT on accounts that are neither cost nor the State's. ``private`` is the base
    of a private share under reverse charge and ``private_vat`` its VAT: posted without the tax, on
    the same account. ``typed``: how far the legs are from what Odoo computes.
    """

    name: str
    code: str | None
    reverse_charge: bool
    base: Amounts = field(default_factory=dict)
    invoiced: Decimal = ZERO
    deductible: Decimal = ZERO
    owed: Decimal = ZERO
    cost: Amounts = field(default_factory=dict)
    elsewhere: Amounts = field(default_factory=dict)
    private: Amounts = field(default_factory=dict)
    private_vat: Decimal = ZERO
    typed: Decimal = ZERO
    base_boxes: dict[str, int] = field(default_factory=dict)
    cost_boxes: dict[str, int] = field(default_factory=dict)
    deductible_boxes: dict[str, int] = field(default_factory=dict)
    owed_boxes: dict[str, int] = field(default_factory=dict)
    items: int = 0


@dataclass
class PackageLine:
    """A line as the package received it; document currency, relative to the kind.

    ``share`` is the deductible percentage; ``rate`` and ``reverse_charge`` are those of the code.
    """

    account: str
    code: str | None
    base: Decimal
    vat: Decimal
    share: Decimal
    rate: Decimal = ZERO
    reverse_charge: bool = False


@dataclass
class Booking:
    """One document on one side.

    ``party_amount`` and ``open_amount`` are on the party's account, in document currency, debit
    positive; ``…_company`` the same in company currency. ``rate`` is company currency for one unit
    of document currency. ``settled_elsewhere`` is what the package settled by a miscellaneous entry
    (doubtful debtors, write-off), positive, company currency. ``purchase_boxes`` (ledger account →
    box 81, 82 or 83) is there where the package takes that box from the ledger account.
    ``cost_of_goods`` is what Odoo adds to an invoice where it values the stock itself, on accounts
    as ``accounts`` has them: no part of the invoice, and nothing of it is sent.
    """

    key: str
    label: str
    kind: str
    currency: str = "EUR"
    rate: Decimal = Decimal(1)
    accounts: Amounts = field(default_factory=dict)
    boxes: Amounts = field(default_factory=dict)
    cost_of_goods: Amounts = field(default_factory=dict)
    party_amount: Decimal = ZERO
    open_amount: Decimal = ZERO
    open_company: Decimal = ZERO
    settled_elsewhere: Decimal = ZERO
    purchase_boxes: dict[str, str] | None = None
    taxes: list[TaxPosting] = field(default_factory=list)
    lines: list[PackageLine] = field(default_factory=list)
    items: int = 0

    @property
    def all_accounts(self) -> Amounts:
        """``accounts`` and ``cost_of_goods`` together."""
        together = dict(self.accounts)
        for account, amount in self.cost_of_goods.items():
            add(together, account, amount)
        return together

    @property
    def is_sale(self) -> bool:
        return self.kind.startswith("sale")

    @property
    def is_refund(self) -> bool:
        return self.kind.endswith("refund")

    @property
    def side(self) -> int:
        """+1 where an ordinary base line is a debit."""
        return (-1 if self.is_sale else 1) * (-1 if self.is_refund else 1)

    @property
    def party_account(self) -> str:
        return CUSTOMERS if self.is_sale else SUPPLIERS


def to_data(value):
    """Figures as JSON values; amounts as text."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {key: to_data(one) for key, one in value.items()}
    if isinstance(value, list):
        return [to_data(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {name: to_data(getattr(value, name)) for name in value.__dataclass_fields__}
    return value


def booking_from_data(data: dict) -> Booking:
    """The booking that ``to_data`` was given."""
    data = dict(data)
    for name in ("accounts", "boxes", "cost_of_goods"):
        data[name] = _amounts(data[name])
    for name in ("rate", "party_amount", "open_amount", "open_company", "settled_elsewhere"):
        data[name] = Decimal(data[name])
    data["taxes"] = [_tax_from_data(tax) for tax in data["taxes"]]
    data["lines"] = [
        PackageLine(
            **{**line, **{name: Decimal(line[name]) for name in ("base", "vat", "share", "rate")}}
        )
        for line in data["lines"]
    ]
    return Booking(**data)


def _tax_from_data(data: dict) -> TaxPosting:
    data = dict(data)
    for name in ("base", "cost", "elsewhere", "private"):
        data[name] = _amounts(data[name])
    for name in ("invoiced", "deductible", "owed", "private_vat", "typed"):
        data[name] = Decimal(data[name])
    return TaxPosting(**data)


def _amounts(data: dict) -> Amounts:
    return {key: Decimal(amount) for key, amount in data.items()}
