"""Which counterpart an Odoo journal, tax, account … probably has. Pure functions, no Odoo.

Every function takes the Odoo side as a small frozen description and the master data of one kind,
and gives the best :class:`Proposal` or None. A proposal is never more than that: a person confirms
it. Whoever asks for many records hands over the master data as :class:`Counterparts`.

Order of trust: equal code, then equal properties (rate, scope, type, family of VAT), then similar
name. Never across sale and purchase, invoice and credit note where codes differ, reverse charge and
not, or the classes 81, 82 and 83 of the VAT return, however equal the rate or the name.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from ..documents import MasterItem
from .account_template import AccountTemplate
from .account_use import UsedAccount
from .counterparts import Counterpart, Counterparts, plain_code, with_likeness
from .texts import plain_number
from .vat_families import (
    DOMESTIC,
    IMPORT,
    NEVER_PROPOSE,
    REVERSE_CHARGE,
    SERVICES_AND_SUNDRY_GOODS,
    SERVICES_OUTSIDE_EU,
    VatFamily,
    class_in_short,
    class_of_code,
    family_of_code,
    is_for_credit_notes,
    is_of_services,
    normalise,
    recognise_vat_family,
)

# Reasons; the model layer turns them into sentences.
SAME_CODE = "same_code"
SAME_CODE_PADDED = "same_code_padded"
SAME_PROPERTIES = "same_properties"
SIMILAR_NAME = "similar_name"
SUB_ACCOUNT = "sub_account"
ONLY_ONE = "only_one"
SAME_DAYS = "same_days"
NO_CODE = "no_code"
LEARNED = "learned"

SIMILAR_ENOUGH = 80
_PLAIN_JOURNAL = re.compile(
    r"\d+|(ver|aan|in)koo?p(en|s)?(facturen|factuur|dagboek|boek|journaal)?|facturen|factuur"
    r"|uitgaande|inkomende|binnenkomende|klant(en)?(facturen)?|leveranciers?(facturen)?|dagboek"
    r"|journaa?l|ventes?|achats?|factures?|clients?|fournisseurs?|sortantes?|entrantes?|des?|du|d|l"
    r"|sales?|purchases?|customers?|vendors?|suppliers?|bills?|invoices?|van|en|et|and|of"
    r"|verkau(f|fe)|einkau(f|fe)|(ausgangs|eingangs|kunden|lieferanten)?rechnung(en)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """``code`` of the counterpart ("" = goes without a code), ``reason`` one of this module's
    constants, ``score`` 0 to 100, ``certain`` whether it needs no second look, ``values`` what the
    sentence names."""

    code: str
    reason: str
    score: int
    certain: bool = False
    values: dict = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxProfile:
    """An Odoo tax for one kind of document, as its repartition lines say.

    ``rate`` is a percentage, ``family`` and ``purchase_class`` as in vat_families.py,
    ``recoverable_share`` the percentage that is deductible (purchases), ``reverse`` whether we owe
    the VAT ourselves. ``name`` holds every word that helps: name and description.
    ``has_classes``: the VAT return it belongs to counts purchases by class, as the Belgian one
    does; else the words of a code that sound like a class mean nothing.
    """

    name: str
    code: str = ""
    scope: str
    refund: bool = False
    rate: Decimal | None = None
    family: str = DOMESTIC
    purchase_class: str = ""
    recoverable_share: Decimal = Decimal(100)
    has_classes: bool = True

    @property
    def reverse(self):
        return self.scope == "purchase" and self.family in REVERSE_CHARGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An Odoo account, journal, payment term or analytic account.

    ``type`` is the journal's type, ``days`` and ``end_of_month`` belong to a payment term with one
    instalment, ``discount`` says that it gives one for early payment, ``refund`` asks for the
    journal of credit notes, ``account`` is what an account is used for, None when nothing is known
    of it.

    Of an account ``template`` is the one of the company's chart and ``country`` whose chart its
    number belongs to (``"BE"``); where it was made from the template, ``xml_id`` and ``names`` are
    what it has there, in all languages, and ``renamed`` says whether ``name`` is none of them."""

    name: str
    code: str = ""
    type: str = ""
    currency: str = ""
    refund: bool = False
    days: int | None = None
    end_of_month: bool = False
    discount: bool = False
    account: UsedAccount | None = None
    names: tuple[str, ...] = ()
    xml_id: str = ""
    renamed: bool = False
    template: AccountTemplate | None = None
    country: str = ""


def code_family(item: MasterItem, scope: str) -> VatFamily:
    """Family of a VAT code: what the package says, completed by what the words say, and by the code
    where both are silent."""
    details = item.details
    read = recognise_vat_family(item.code, item.name, scope)
    family = details.get("family") or read.family
    if family == DOMESTIC:
        family = family_of_code(item.code, item.name, scope) or family
    if NEVER_PROPOSE in (read.family, family):
        return VatFamily(NEVER_PROPOSE)
    purchase_class = str(details.get("purchase_class") or read.purchase_class)
    if scope == "purchase":
        purchase_class = purchase_class or class_of_code(item.code) or class_in_short(item.name)
    return VatFamily(family, purchase_class, read.recoverable_share)


def propose_vat_code(tax: TaxProfile, items: list[MasterItem]) -> Proposal | None:
    """The VAT code for a tax on one kind of document, or None when there is no reason for one."""
    chart = Counterparts.of(items)
    scores = [(_vat_score(tax, one), one) for one in chart.all]
    highest = max((score for score, _one in scores), default=0)
    if not highest:
        return None
    best = [one for score, one in scores if score == highest]
    alike, chosen = _most_alike(tax.name, best)
    if _is_for_all_of_it(tax, chosen, chart):
        return None
    others = len(best) - 1
    certain = not others and _is_certain_code(tax, chosen, chart)
    if tax.code and plain_code(tax.code) == chosen.plain_code:
        return _same_code(chosen, certain)
    return Proposal(
        code=chosen.code,
        reason=SAME_PROPERTIES,
        score=min(99, highest - min(30, 10 * others) + alike // 20),
        certain=certain,
        values={"rate": _rate_text(tax.rate), "name": chosen.name, "others": others},
    )


def _is_certain_code(tax, one, chart):
    """Whether rate, use and kind are known to be the tax's, and for a purchase the class too, where
    some code of the same kind has one: else it is that of the ledger account."""
    details, family = one.item.details, one.family(tax.scope, code_family)
    if _rate(details.get("rate")) is None or tax.rate is None or not details.get("scope"):
        return False
    if family.family != tax.family:
        return False
    if tax.scope != "purchase":
        return True
    return (
        not tax.has_classes
        or family.purchase_class == tax.purchase_class
        or not any(other.purchase_class for other in _of_same_kind(tax, chart))
    )


def _is_for_all_of_it(tax, one, chart):
    """Whether VAT that is not deductible, or in part, would go to a code that names no share,
    although others of its kind do: it is the one for what is deductible."""
    return (
        tax.scope == "purchase"
        and tax.recoverable_share != 100
        and one.family(tax.scope, code_family).recoverable_share is None
        and any(other.recoverable_share is not None for other in _of_same_kind(tax, chart))
    )


def _of_same_kind(tax, chart):
    """What is known of all codes for the same kind of operation."""
    found = (
        one.family(tax.scope, code_family)
        for one in chart.all
        if one.item.details.get("scope") in (None, "", tax.scope)
    )
    return [one for one in found if one.family == tax.family]


def fits_tax(tax: TaxProfile, counterpart: Counterpart) -> bool:
    """Whether a VAT code may stand for a tax: nothing that is known of both differs."""
    return _vat_score(tax, counterpart) > 0


def _same_code(one, certain):
    return Proposal(
        code=one.code, reason=SAME_CODE, score=100, certain=certain, values={"code": one.code}
    )


def _names_agree(name, one):
    return bool(with_likeness(name, [one], SIMILAR_ENOUGH))


def _most_alike(name, candidates, at_least=0):
    """``(likeness, counterpart)`` of the name most like this one, ``(0, None)`` without any; of
    equal ones the last code."""
    found = with_likeness(name, candidates, at_least)
    return max(found, key=lambda entry: (entry[0], entry[1].code), default=(0, None))


def _vat_score(tax: TaxProfile, counterpart) -> int:
    """0 when the code may not be proposed, else how many of its properties are known to agree."""
    item = counterpart.item
    if not item.takes_lines:
        return 0
    family = counterpart.family(tax.scope, code_family)
    if NEVER_PROPOSE in (family.family, tax.family) or not _same_use(tax, item):
        return 0
    if not _same_family(tax, family):
        return 0
    rate = _rate(item.details.get("rate"))
    if rate is not None and tax.rate is not None and rate != tax.rate.normalize():
        return 0
    share = _share_score(tax, family)
    purchase_class = _class_score(tax, family)
    if share is None or purchase_class is None:
        return 0
    same_code = 40 if tax.code and plain_code(tax.code) == counterpart.plain_code else 0
    known_rate = 10 if rate is not None else 0
    exact = 5 if family.family == tax.family else 0
    own = 3 if tax.refund and _is_for_credit_notes(item) else 0
    # one for services beside one for all sales: what is sold is not said of most taxes
    services = 2 if _says_services(tax.name) == is_of_services(item.name) else 0
    return 53 + known_rate + exact + share + purchase_class + same_code + own + services


def _same_use(tax, item):
    scope = item.details.get("scope")
    if scope and scope != tax.scope:
        return False
    refund = item.details.get("refund")
    if refund is None:
        return tax.refund or not _is_for_credit_notes(item)
    return bool(refund) == tax.refund


def _is_for_credit_notes(item):
    refund = item.details.get("refund")
    return is_for_credit_notes(item.name) if refund is None else bool(refund)


def _says_services(name):
    """Also as Odoo's taxes are called: ``17% S``."""
    return is_of_services(name) or "S" in name.split()


def _same_family(tax, family):
    """Class 82 holds services and sundry goods: a tax for purchases outside the EU may be
    either."""
    if family.family == tax.family:
        return True
    outside = {IMPORT, SERVICES_OUTSIDE_EU}
    return (
        tax.purchase_class == SERVICES_AND_SUNDRY_GOODS
        and tax.family in outside
        and family.family in outside
    )


def _share_score(tax, family):
    """None: the code says another deductible share than the tax has."""
    if tax.scope != "purchase":
        return 0
    if family.recoverable_share is None:
        # An ordinary code takes the share of the line; one with the share in its name fits better.
        return 10 if tax.recoverable_share == 100 else 5
    return 10 if family.recoverable_share == tax.recoverable_share else None


def _class_score(tax, family):
    """None: the code belongs to another class of the VAT return."""
    if tax.scope != "purchase" or not tax.has_classes:
        return 0
    if tax.purchase_class and family.purchase_class:
        return 10 if tax.purchase_class == family.purchase_class else None
    # A code without class takes it from the ledger account; a tax without class fits only such
    # codes.
    return 0 if not family.purchase_class else None


def propose_journal(source: Source, items: list[MasterItem]) -> Proposal | None:
    """The journal: same type and currency, then code, then the only one, then the name.

    Where the administration has a journal for credit notes, or named after them, credit notes go
    there and invoices do not; nothing goes to a journal that is known to be for the others.
    """
    fitting = [one for one in Counterparts.of(items).all if _journal_fits(source, one.item)]
    if not fitting:
        return None
    for one in fitting:
        if not source.refund and one.plain_code == plain_code(source.code):
            return _same_code(one, certain=not _is_refund_journal(one))
    named = [one for one in fitting if _is_refund_journal(one) == source.refund]
    chosen = named or fitting
    plain = [one for one in chosen if is_plain_journal(one.plain_name)]
    if len(plain) == 1 and is_plain_journal(normalise(source.name)):
        # beside others for the till or a shop it is the only one without a special purpose
        [best] = plain
        return Proposal(
            code=best.code,
            reason=ONLY_ONE if len(chosen) == 1 else SIMILAR_NAME,
            score=90,
            certain=True,
            values={"name": best.name},
        )
    alike, best = max(
        with_likeness(source.name, chosen), key=lambda entry: (entry[0], -len(entry[1].code))
    )
    if len(chosen) == 1:
        return Proposal(
            code=best.code,
            reason=ONLY_ONE,
            score=90,
            certain=True,
            values={"name": best.name},
        )
    return Proposal(
        code=best.code,
        reason=SIMILAR_NAME,
        score=40 + alike // 2,
        certain=_is_named(source.name, best) and _has_only_this_name(source.name, chosen),
        values={"name": best.name},
    )


def _has_only_this_name(name, candidates):
    """Whether exactly one of them bears a name."""
    return [one.plain_name for one in candidates].count(normalise(name)) == 1


def _journal_fits(source, item):
    type_ = item.details.get("type")
    currency = item.details.get("currency")
    return (
        type_ == source.type
        and takes_refund(item.details, source.refund)
        and (not currency or not source.currency or currency == source.currency)
    )


def takes_refund(details: dict, refund: bool) -> bool:
    """Whether a journal with these details takes credit notes (``refund``), or all but these."""
    return details.get("refund") in (None, refund)


def is_plain_journal(words: str) -> bool:
    """Whether the normalised name of a journal says nothing but that it is for sales or bills:
    "Verkoopfacturen", "Ventes", "Vendor Bills"."""
    tokens = words.split()
    return bool(tokens) and all(_PLAIN_JOURNAL.fullmatch(token) for token in tokens)


def _is_refund_journal(counterpart):
    refund = counterpart.item.details.get("refund")
    if refund is not None:
        return refund
    words = counterpart.plain_name
    return any(word in words for word in ("credit", "creditnota", "refund", "note de credit"))


def propose_payment_term(source: Source, items: list[MasterItem]) -> Proposal | None:
    """The payment term with the same days, counted from the same day; one with a discount is to be
    looked at, as nothing is known of discounts in the administration."""
    same = [
        item
        for item in items
        if source.days is not None
        and item.details.get("days") is not None
        and int(item.details["days"]) == source.days
        and bool(item.details.get("end_of_month")) == source.end_of_month
    ]
    if not same:
        return _by_name(source, items)
    return Proposal(
        code=same[0].code,
        reason=SAME_DAYS,
        score=95,
        certain=len(same) == 1 and not source.discount,
        values={"days": source.days},
    )


def propose_cost_centre(source: Source, items: list[MasterItem]) -> Proposal | None:
    """The cost centre with the same code, else with a similar name."""
    candidates = Counterparts.of(items)
    code = plain_code(source.code)
    if source.code and (same := candidates.with_code(code)):
        return _same_code(same[0], certain=_names_agree(source.name, same[0]))
    return _by_name(source, candidates)


def _by_name(source, items):
    candidates = Counterparts.of(items).all
    alike, best = _most_alike(source.name, candidates, SIMILAR_ENOUGH)
    if not best:
        return None
    return Proposal(
        code=best.code,
        reason=SIMILAR_NAME,
        score=40 + alike // 2,
        certain=_is_named(source.name, best) and _has_only_this_name(source.name, candidates),
        values={"name": best.name},
    )


def _is_named(name, one):
    return normalise(name) == one.plain_name


def _rate(value):
    if value in (None, ""):
        return None
    try:
        return Decimal(str(value)).normalize()
    except InvalidOperation:
        return None


def _rate_text(rate):
    return "" if rate is None else plain_number(rate)
