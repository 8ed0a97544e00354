"""Totals: EN 16931, BR-CO-10 to BR-CO-18 and BR-DEC-*.

After the schematron of EN 16931 for UBL (ConnectingEurope/eInvoicing-EN16931), whose tolerances
these are: figures are equal to the cent, VAT may differ from base × rate by less than 1.00.
"""

from decimal import Decimal

from odoo.addons.accountable_connect.documents.sentence import Amount, SentencesOf

from .rule import DOCUMENT, VAT, Breach, Table, line_place
from .tree import (
    all_found,
    category_of,
    decimal_at,
    decimal_of,
    is_allowance,
    is_charge,
    rounded,
    text_of,
)

_lt = SentencesOf(__name__)

TOTALS = Table()
rule = TOTALS.rule


def differs(ubl, message, said, calculated, place=DOCUMENT):
    """A breach with both figures, in the currency of the document."""
    return Breach(
        message(said=Amount(said, ubl.currency), calculated=Amount(calculated, ubl.currency)), place
    )


def summed(elements, name="cbc:Amount"):
    return sum((decimal_at(one, name) or Decimal(0) for one in elements), Decimal(0))


@rule("BR-CO-10", "The total of the lines is the sum of the net amounts of the lines.")
def lines_add_up(ubl):
    said = ubl.total("LineExtensionAmount")
    calculated = rounded(summed(ubl.lines, "cbc:LineExtensionAmount"))
    if said is not None and said != calculated:
        yield differs(
            ubl,
            lambda **values: _lt(
                "The lines add up to %(calculated)s, their total says %(said)s.", **values
            ),
            said,
            calculated,
        )


@rule("BR-CO-11", "The total of the allowances is the sum of the document's allowances.")
def allowances_add_up(ubl):
    said = ubl.total("AllowanceTotalAmount")
    if said is None and not ubl.allowances:
        return
    calculated = rounded(summed(ubl.allowances))
    if said != calculated:
        yield differs(
            ubl,
            lambda **values: _lt(
                "The discounts of the invoice add up to %(calculated)s, their total says %(said)s.",
                **values,
            ),
            said or Decimal(0),
            calculated,
        )


@rule("BR-CO-12", "The total of the charges is the sum of the document's charges.")
def charges_add_up(ubl):
    said = ubl.total("ChargeTotalAmount")
    if said is None and not ubl.charges:
        return
    calculated = rounded(summed(ubl.charges))
    if said != calculated:
        yield differs(
            ubl,
            lambda **values: _lt(
                "The charges of the invoice add up to %(calculated)s, their total says %(said)s.",
                **values,
            ),
            said or Decimal(0),
            calculated,
        )


@rule(
    "BR-CO-13",
    "The total without VAT is the total of the lines less allowances plus charges.",
)
def total_without_vat(ubl):
    said, lines = ubl.total("TaxExclusiveAmount"), ubl.total("LineExtensionAmount")
    if said is None or lines is None:
        return
    charges, allowances = ubl.total("ChargeTotalAmount"), ubl.total("AllowanceTotalAmount")
    calculated = lines + (charges or 0) - (allowances or 0)
    if charges is not None or allowances is not None:
        calculated = rounded(calculated)
    if said != calculated:
        yield differs(
            ubl,
            lambda **values: _lt(
                "Lines, discounts and charges come to %(calculated)s without VAT, the total says"
                " %(said)s.",
                **values,
            ),
            said,
            calculated,
        )


@rule("BR-CO-14", "The total of the VAT is the sum of the VAT of each rate.")
def vat_adds_up(ubl):
    for total in ubl.all("cac:TaxTotal"):
        parts = all_found(total, "cac:TaxSubtotal")
        if not parts:
            continue
        said, calculated = (
            decimal_at(total, "cbc:TaxAmount"),
            rounded(summed(parts, "cbc:TaxAmount")),
        )
        if said != calculated:
            yield differs(
                ubl,
                lambda **values: _lt(
                    "The VAT of the rates adds up to %(calculated)s, the total of the VAT says"
                    " %(said)s.",
                    **values,
                ),
                said or Decimal(0),
                calculated,
                VAT,
            )


@rule("BR-CO-15", "The total with VAT is the total without VAT plus the VAT.")
def total_with_vat(ubl):
    amounts = ubl.tax_totals_in(ubl.currency)
    if not ubl.currency:
        return
    if len(amounts) != 1:
        yield Breach(
            _lt(
                "The e-invoice has %(count)s totals of VAT in %(currency)s, there must be one.",
                count=len(amounts),
                currency=ubl.currency,
            ),
            VAT,
        )
        return
    said, without, vat = (
        ubl.total("TaxInclusiveAmount"),
        ubl.total("TaxExclusiveAmount"),
        decimal_of(amounts[0]),
    )
    if None in (said, without, vat):
        return
    if said != rounded(without + vat):
        yield differs(
            ubl,
            lambda **values: _lt(
                "The total without VAT and the VAT come to %(calculated)s, the total with VAT says"
                " %(said)s.",
                **values,
            ),
            said,
            rounded(without + vat),
        )


@rule(
    "BR-CO-16",
    "The amount due is the total with VAT less what was paid plus the rounding.",
)
def amount_due(ubl):
    said, total = ubl.total("PayableAmount"), ubl.total("TaxInclusiveAmount")
    if said is None or total is None:
        return
    paid, rounding = ubl.total("PrepaidAmount"), ubl.total("PayableRoundingAmount")
    left = rounded(said - rounding) if rounding is not None else said
    right = rounded(total - paid) if paid is not None else total
    if left != right:
        yield differs(
            ubl,
            lambda **values: _lt(
                "Total, prepayment and rounding come to %(calculated)s, the amount to pay says"
                " %(said)s.",
                **values,
            ),
            said,
            right + (rounding or 0),
        )


def vat_of_base(base, rate):
    """VAT of a base as the rules calculate it: without sign, to the cent."""
    return rounded(abs(base) * rate / 100)


def near(amount, calculated):
    """Less than one unit of currency apart, signs aside."""
    return abs(abs(amount) - calculated) < 1


@rule("BR-CO-17", "The VAT of a rate is its base times the rate (less than 1.00 may differ).")
def vat_of_each_rate(ubl):
    for part in ubl.subtotals:
        vat = decimal_at(part, "cbc:TaxAmount")
        base = decimal_at(part, "cbc:TaxableAmount")
        _code, rate, element = category_of(part)
        if vat is None or base is None or element is None:
            continue
        none_due = rate is None or rounded_to_unit(rate) == 0
        if (
            none_due
            and rounded_to_unit(vat) != 0
            or not none_due
            and not near(vat, vat_of_base(base, rate))
        ):
            yield Breach(
                _lt(
                    "VAT of %(rate)s %% on %(base)s is not %(vat)s.",
                    rate=rate or Decimal(0),
                    base=Amount(base, ubl.currency),
                    vat=Amount(vat, ubl.currency),
                ),
                VAT,
            )


def rounded_to_unit(amount):
    return rounded(amount / 100) * 100


@rule("BR-CO-18", "There is a VAT breakdown.")
def has_breakdown(ubl):
    if not ubl.subtotals:
        yield Breach(_lt("The e-invoice does not say the VAT per rate."), VAT)


# ---------------------------------------------------------------------------
# Decimals: two at most
# ---------------------------------------------------------------------------


def too_many_decimals(elements):
    for element, place in elements:
        if len(text_of(element).partition(".")[2]) > 2:
            yield Breach(
                _lt("The amount %(amount)s has more than two decimals.", amount=text_of(element)),
                place,
            )


def decimals(id, says, elements):
    TOTALS.row(
        id,
        f"{says} has two decimals at most.",
        lambda ubl: too_many_decimals(elements(ubl)),
    )


def of_document(kind, name):
    def elements(ubl):
        for one in ubl.allowances if kind == "allowance" else ubl.charges:
            for element in all_found(one, name):
                yield element, DOCUMENT

    return elements


def of_totals(name):
    return lambda ubl: [(one, DOCUMENT) for one in all_found(ubl.totals, name)]


def of_breakdown(name):
    def elements(ubl):
        for part in ubl.subtotals:
            for element in all_found(part, name):
                yield element, VAT

    return elements


def of_lines(path, name, kept=None):
    def elements(ubl):
        for number, line in enumerate(ubl.lines, 1):
            for holder in all_found(line, path) if path else [line]:
                if kept is None or kept(holder):
                    for element in all_found(holder, name):
                        yield element, line_place(number)

    return elements


def of_tax_total(currency):
    return lambda ubl: [
        (one, VAT) for one in ubl.tax_totals_in(getattr(ubl, currency)) if getattr(ubl, currency)
    ]


decimals("BR-DEC-01", "An allowance of the document", of_document("allowance", "cbc:Amount"))
decimals("BR-DEC-02", "The base of an allowance", of_document("allowance", "cbc:BaseAmount"))
decimals("BR-DEC-05", "A charge of the document", of_document("charge", "cbc:Amount"))
decimals("BR-DEC-06", "The base of a charge", of_document("charge", "cbc:BaseAmount"))
decimals("BR-DEC-09", "The total of the lines", of_totals("cbc:LineExtensionAmount"))
decimals("BR-DEC-10", "The total of the allowances", of_totals("cbc:AllowanceTotalAmount"))
decimals("BR-DEC-11", "The total of the charges", of_totals("cbc:ChargeTotalAmount"))
decimals("BR-DEC-12", "The total without VAT", of_totals("cbc:TaxExclusiveAmount"))
decimals("BR-DEC-13", "The total of the VAT", of_tax_total("currency"))
decimals("BR-DEC-14", "The total with VAT", of_totals("cbc:TaxInclusiveAmount"))
decimals(
    "BR-DEC-15", "The total of the VAT in the company's currency", of_tax_total("tax_currency")
)
decimals("BR-DEC-16", "What was paid", of_totals("cbc:PrepaidAmount"))
decimals("BR-DEC-17", "The rounding", of_totals("cbc:PayableRoundingAmount"))
decimals("BR-DEC-18", "The amount to pay", of_totals("cbc:PayableAmount"))
decimals("BR-DEC-19", "The base of a VAT rate", of_breakdown("cbc:TaxableAmount"))
decimals("BR-DEC-20", "The VAT of a rate", of_breakdown("cbc:TaxAmount"))
decimals("BR-DEC-23", "The net amount of a line", of_lines("", "cbc:LineExtensionAmount"))
decimals(
    "BR-DEC-24",
    "An allowance of a line",
    of_lines("cac:AllowanceCharge", "cbc:Amount", is_allowance),
)
decimals(
    "BR-DEC-25",
    "The base of an allowance of a line",
    of_lines("cac:AllowanceCharge", "cbc:BaseAmount", is_allowance),
)
decimals(
    "BR-DEC-27", "A charge of a line", of_lines("cac:AllowanceCharge", "cbc:Amount", is_charge)
)
decimals(
    "BR-DEC-28",
    "The base of a charge of a line",
    of_lines("cac:AllowanceCharge", "cbc:BaseAmount", is_charge),
)
