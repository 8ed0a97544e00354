"""What an Odoo tax does, read from its repartition lines at run time.

Names, external ids and tags differ between installations of different age; the lines decide what is
posted. Only where they leave a question open (co-contractor or import at 0 %) the words of the tax
help.
"""

from decimal import Decimal
from functools import cached_property

from odoo.tools import html2plaintext

from ...api.proposals import TaxProfile
from ...api.vat_families import (
    CO_CONTRACTOR,
    DISTANCE_SALES,
    DOMESTIC,
    EXEMPT,
    EXPORT,
    FOREIGN_SUPPLIER,
    IMPORT,
    INTRA_GOODS,
    INTRA_SERVICES,
    INVESTMENTS,
    NEVER_PROPOSE,
    PURCHASE_CLASSES,
    SERVICES_AND_SUNDRY_GOODS,
    SERVICES_OUTSIDE_EU,
    TRIANGULAR,
    recognise_vat_family,
)

_SALE_FAMILY_BY_BOX = {
    "00": DOMESTIC,
    "01": DOMESTIC,
    "02": DOMESTIC,
    "03": DOMESTIC,
    "44": INTRA_SERVICES,
    "45": CO_CONTRACTOR,
    "46L": INTRA_GOODS,
    "46T": TRIANGULAR,
    "47": EXPORT,
}


_DUTCH_SALE_FAMILIES = {
    "1a": DOMESTIC,
    "1b": DOMESTIC,
    "1c": DOMESTIC,
    "1d": DOMESTIC,
    "3a": EXPORT,
    "3bg": INTRA_GOODS,
    "3bs": INTRA_SERVICES,
    "3bt": TRIANGULAR,
    "3c": DISTANCE_SALES,
}


def repartition_lines(tax, document_kind):
    """The repartition lines that count for a kind of document, base line included."""
    if document_kind.endswith("refund"):
        return tax.refund_repartition_line_ids
    return tax.invoice_repartition_line_ids


def tax_boxes(tax, document_kind):
    """The boxes of the VAT return: ``("81 87", "56 59")`` for base and VAT."""
    base, vat = [], []
    for line in repartition_lines(tax, document_kind):
        boxes = base if line.repartition_type == "base" else vat
        boxes += line.tag_ids.mapped("name")
    return " ".join(sorted(set(base))), " ".join(sorted(set(vat)))


class VatAccounts:
    """The accounts on which a company's taxes post VAT of the return, looked up once for a batch.

    ``company``: the one whose taxes count, with those of its branches.
    """

    def __init__(self, company):
        self._company = company.root_id

    def is_deductible(self, line):
        """Whether VAT posted by this repartition line is claimed from the State.

        Without an account, or on one of profit and loss or a fixed asset, it is part of the cost.
        On another account of the balance sheet it is deductible when the line has a tag of VAT, or
        when lines with such a tag use that account: the lines of many credit notes have no tags,
        and which of the State's accounts they use does not matter, so that a template that swaps
        them still gives the right shares.
        """
        return not is_cost(line) and (_has_vat_tag(line) or line.account_id.id in self._tagged)

    def holds(self, account):
        """Whether an account is the State's: VAT of the return is posted on it by some tax."""
        return account.id in self._tagged

    @cached_property
    def _tagged(self):
        lines = (
            # whoever looks at a document need not see the taxes of every branch
            self._company.env["account.tax.repartition.line"]
            .sudo()
            .search(
                [
                    ("company_id", "child_of", self._company.id),
                    ("repartition_type", "=", "tax"),
                    ("account_id", "!=", False),
                    ("tag_ids", "!=", False),
                ]
            )
        )
        taxes = lines.tax_id
        every = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        # the tags of their bases are asked of each tax: read them all together
        every.fetch(["repartition_type", "tag_ids"])
        return {line.account_id.id for line in lines if not is_cost(line) and _has_vat_tag(line)}


def is_cost(line):
    """Whether a repartition line posts VAT with the cost: without account, or on an account of
    profit and loss or of a fixed asset."""
    return not line.account_id or is_cost_account(line.account_id)


def is_cost_account(account):
    """Whether an account is one of profit and loss or of a fixed asset."""
    return account.internal_group in ("income", "expense") or account.account_type in (
        "asset_fixed",
        "asset_non_current",
    )


def goes_with_base(line):
    """Whether the code of the base covers the VAT this line posts with the cost: on an account of
    its own without a tag it is in no box of the return."""
    return is_cost(line) and bool(line.tag_ids or not line.account_id)


def _has_vat_tag(line):
    """A tag of the VAT itself: one that the bases of the tax have too is none."""
    return bool(line.tag_ids - base_tags(line.tax_id))


def base_tags(tax):
    """The tax grids of the bases of a tax, invoices and credit notes together."""
    lines = tax.invoice_repartition_line_ids | tax.refund_repartition_line_ids
    return lines.filtered(lambda one: one.repartition_type == "base").tag_ids


def recoverable_share(tax, document_kind, vat_accounts=None):
    """Percentage of the VAT that is deductible: neither part of the cost nor somebody else's.

    Credit notes take the invoice's share: some templates post the legs of a credit note on each
    other's accounts, but never another share.

    :param vat_accounts: the :class:`VatAccounts` of a batch
    """
    deductible, _cost = _deductible_and_cost(tax, vat_accounts)
    return deductible.normalize() + Decimal(0)


def _deductible_and_cost(tax, vat_accounts=None):
    """Percentages of the VAT; what is missing to the whole goes to somebody else's account."""
    if not tax.amount or not _has_charged_vat(tax):
        return Decimal(100), Decimal(0)
    vat_accounts = vat_accounts or VatAccounts(tax.company_id)
    deductible = cost = Decimal(0)
    for line in tax.invoice_repartition_line_ids:
        if line.repartition_type == "tax" and line.factor_percent > 0:
            factor = Decimal(str(line.factor_percent))
            if goes_with_base(line):
                cost += factor
            elif vat_accounts.is_deductible(line):
                deductible += factor
    return deductible, cost


def _share_of_code(tax):
    """The deductible share of the VAT that goes with the tax's code: what goes to somebody else's
    account has no code."""
    deductible, cost = _deductible_and_cost(tax)
    if deductible + cost in (0, 100):
        return deductible.normalize() + Decimal(0)
    return round(deductible / (deductible + cost) * 100, 2).normalize() + Decimal(0)


def _has_charged_vat(tax):
    return any(
        line.account_id or line.tag_ids
        for line in tax.invoice_repartition_line_ids
        if line.repartition_type == "tax"
    )


def tax_profile(tax, document_kind):
    """The :class:`TaxProfile` of a tax for a kind of document.

    The family is read from the invoice's lines for credit notes too: it is the same operation.
    """
    scope = scope_of(document_kind)
    family, purchase_class = family_and_class(tax, scope)
    return TaxProfile(
        name=_words(tax),
        code=tax.name or "",
        scope=scope,
        refund=document_kind.endswith("refund"),
        rate=Decimal(str(tax.amount)) if tax.amount_type in ("percent", "division") else None,
        family=NEVER_PROPOSE if tax.amount_type in ("fixed", "group") else family,
        purchase_class=purchase_class,
        recoverable_share=_share_of_code(tax),
        has_classes=not _is_dutch(tax),
    )


def scope_of(document_kind):
    return "purchase" if document_kind.startswith("purchase") else "sale"


def family_and_class(tax, scope):
    """Family of VAT and class of purchases of a tax; asks nothing of other taxes."""
    words = _words(tax)
    # the sections of a return are spelled the same for everybody, whoever looks
    base, vat = (set(boxes.split()) for boxes in tax_boxes(tax.with_context(lang="en_US"), "sale"))
    if tax.country_id.code == "BE" and (base or vat):
        return _belgian_family(tax, scope, words, base, vat)
    if _is_dutch(tax) and (base or vat):
        return _dutch_family(scope, words, base, vat), ""
    return _family_by_words(tax, scope, words)


def _words(tax):
    return " ".join(filter(None, (tax.name, _plain_text(tax.description), tax.invoice_label)))


def _is_dutch(tax):
    return tax.country_id.code == "NL"


def _dutch_family(scope, words, base, vat):
    """Family by the sections of the Dutch return, whose tags read ``3bs (omzet)``, ``5b (BTW)``.

    Where a section holds more than one kind of operation (1e, 3b of older databases, 4a, 4b), the
    words of the tax decide.
    """
    sections = {tag for tag in base | vat if tag[0].isdigit()}
    if scope == "sale":
        families = {_DUTCH_SALE_FAMILIES[one] for one in sections if one in _DUTCH_SALE_FAMILIES}
        if len(families) == 1:
            return families.pop()
        read = recognise_vat_family("", words, scope).family
        if "3b" in sections:
            return INTRA_SERVICES if read == INTRA_SERVICES else INTRA_GOODS
        if sections == {"1e"}:
            return read if read in (CO_CONTRACTOR, EXEMPT) else DOMESTIC
        return NEVER_PROPOSE
    services = _is_service(words)
    if "4a" in sections:
        return SERVICES_OUTSIDE_EU if services else IMPORT
    if "4b" in sections:
        return INTRA_SERVICES if services else INTRA_GOODS
    return CO_CONTRACTOR if "2a" in sections else DOMESTIC


def _is_service(words):
    words = words.lower()
    return "service" in words or "dienst" in words


def _belgian_family(tax, scope, words, base, vat):
    if scope == "sale":
        families = {_SALE_FAMILY_BY_BOX[box] for box in base if box in _SALE_FAMILY_BY_BOX}
        return (families.pop() if len(families) == 1 else NEVER_PROPOSE), ""
    purchase_class = next((box for box in PURCHASE_CLASSES if box in base), "")
    if tax.tax_scope == "invest" and purchase_class != INVESTMENTS:
        # A car from another Member State in box 82: the template, not what an accountant books.
        return NEVER_PROPOSE, purchase_class
    if "86" in base:
        return INTRA_GOODS, purchase_class
    if "88" in base:
        return INTRA_SERVICES, purchase_class
    if "87" not in base:
        return DOMESTIC, purchase_class
    if "57" in vat:
        return _outside_eu(purchase_class, words), purchase_class
    read = recognise_vat_family("", words, scope).family
    if read == FOREIGN_SUPPLIER:
        return FOREIGN_SUPPLIER, purchase_class
    if "56" in vat:
        return CO_CONTRACTOR, purchase_class
    # At 0 % no box tells who owes nothing to whom.
    if read in (IMPORT, SERVICES_OUTSIDE_EU):
        return _outside_eu(purchase_class, words), purchase_class
    return (CO_CONTRACTOR if read == CO_CONTRACTOR else NEVER_PROPOSE), purchase_class


def _outside_eu(purchase_class, words):
    is_services = "service" in words.lower() and purchase_class == SERVICES_AND_SUNDRY_GOODS
    return SERVICES_OUTSIDE_EU if is_services else IMPORT


def _family_by_words(tax, scope, words):
    read = recognise_vat_family(tax.name, words, scope)
    if scope == "purchase" and tax.has_negative_factor and read.family == DOMESTIC:
        return CO_CONTRACTOR, ""
    return read.family, read.purchase_class


def _plain_text(html):
    """The description of a tax is HTML."""
    return html2plaintext(html) if html else ""
