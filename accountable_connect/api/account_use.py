"""Whether a ledger account fits what an Odoo account is used for: sales, bills or both.

Told by the package's own type of account where it has one (its nature), in a Belgian chart by the
class of its number. Deferrals, advances and assets are no mistake: an invoice may be booked on an
advance received (46), on deferred income (49) or on an asset that is sold (26), a bill on a fixed
asset (2), on stock (3), on a deferred charge (49) or on an advance paid (406).
"""

from dataclasses import dataclass

SALE, PURCHASE = "sale", "purchase"

INCOME = "income"
COST = "cost"
ASSET = "asset"
MONEY = "money"  # of an Odoo account: a bank, cash, a credit card
STOCK = "stock"
DEFERRAL = "deferral"
ADVANCE_RECEIVED = "advance_received"
# Every other account of the balance sheet: banks, customers, suppliers, VAT, debts, capital.
BALANCE = "balance"

# Of an Odoo account, by its type; every other type is one of the balance sheet.
NATURE_BY_TYPE = {
    "income": INCOME,
    "income_other": INCOME,
    "expense": COST,
    "expense_other": COST,
    "expense_depreciation": COST,
    "expense_direct_cost": COST,
    "asset_fixed": ASSET,
    "asset_cash": MONEY,
    "liability_credit_card": MONEY,
}

_NATURES = {
    SALE: {INCOME, DEFERRAL, ADVANCE_RECEIVED, ASSET},
    PURCHASE: {COST, ASSET, STOCK, DEFERRAL},
}
_CLASSES = {SALE: ("7", "26", "46", "49"), PURCHASE: ("6", "2", "3", "49", "406")}
_SOLD_ASSETS = "26"
_MONEY_CLASS = "5"
_USES = {INCOME: (SALE,), COST: (PURCHASE,), ASSET: (PURCHASE,)}


@dataclass(frozen=True, slots=True)
class UsedAccount:
    """An Odoo account: its number, its nature (``INCOME``, ``COST``, ``ASSET``, ``MONEY`` or ""
    for another one of the balance sheet), and whether numbers are those of the Belgian chart."""

    code: str
    nature: str = ""
    belgian: bool = False

    @property
    def uses(self) -> tuple[str, ...]:
        return _USES.get(self.nature, (SALE, PURCHASE))


def fits(account: UsedAccount, code: str, nature: str = "") -> bool:
    """Whether a ledger account may be the counterpart without a remark.

    :param code: number of the ledger account
    :param nature: one of the natures above as its package tells it, "" where it does not
    :return: also True where nothing tells
    """
    if nature:
        return _fits_by_nature(account, code, nature)
    if not account.belgian or not code[:1].isdigit():
        return True
    same_class = account.code[:2] == code[:2]
    if account.nature == MONEY:
        return same_class or code.startswith(_MONEY_CLASS)
    return same_class or any(code.startswith(_CLASSES[use]) for use in account.uses)


def _fits_by_nature(account, code, nature):
    if account.nature == MONEY:
        return nature == BALANCE and fits(account, code)
    if nature == BALANCE:
        # a waiting account, an owner's, a deposit paid: on the balance sheet of both sides
        if account.nature == ASSET:
            return bool(code) and account.code[: 1 + account.belgian] == code[: 1 + account.belgian]
        return not account.nature and (not account.belgian or account.code[:2] == code[:2])
    if nature == ASSET and account.uses == (SALE,):
        return not account.belgian or code.startswith(_SOLD_ASSETS)
    return any(nature in _NATURES[use] for use in account.uses)
