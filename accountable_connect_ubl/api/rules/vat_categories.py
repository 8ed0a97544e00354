"""VAT categories of EN 16931: S, Z, E, AE, K, G and O.

Each category has the same ten rules, with what differs between them in one row of ``CATEGORIES``:
-01 the breakdown has the category when something stands under it, -02 to -04 which VAT numbers it
asks for, -05 to -07 its rate, -08 its base, -09 its VAT, -10 its exemption reason. After the
schematron of EN 16931 for UBL. Of category S the base may differ by less than 1.00, of the others
it is equal.

Not here: L and M (Canary Islands, Ceuta and Melilla; BR-AF, BR-AG) and B (split payment in Italy),
which no Belgian or Dutch seller can write.
"""

from dataclasses import dataclass

from odoo.addons.accountable_connect.documents.sentence import Amount, SentencesOf

from .rule import BUYER, DELIVERY, DOCUMENT, SELLER, VAT, Breach, Table, line_place
from .totals import near, summed, vat_of_base
from .tree import (
    all_found,
    category_of,
    category_of_line,
    decimal_at,
    found,
    is_allowance,
    is_charge,
    text_at,
)

_lt = SentencesOf(__name__)

VAT_CATEGORIES = Table()
rule = VAT_CATEGORIES.rule


@dataclass(frozen=True, slots=True)
class Category:
    """* ``code`` as in the e-invoice, ``rules`` the middle of the official ids.
    * ``seller_vat``: the seller's VAT number is asked for, not any number of the seller.
    * ``buyer``: "" | "vat" | "any": what is asked for of the buyer.
    """

    code: str
    rules: str
    name: str
    seller_vat: bool = False
    buyer: str = ""


CATEGORIES = (
    Category("S", "S", "standard rate"),
    Category("Z", "Z", "zero rate"),
    Category("E", "E", "exempt"),
    Category("AE", "AE", "reverse charge", buyer="any"),
    Category("K", "IC", "intra-Community supply", seller_vat=True, buyer="vat"),
    Category("G", "G", "export", seller_vat=True),
    Category("O", "O", "not subject to VAT"),
)


def items_under(ubl, code):
    """Lines whose item stands under a category, with their numbers."""
    return [
        (number, line)
        for number, line in enumerate(ubl.lines, 1)
        if category_of_line(line)[0] == code
    ]


def under(elements, code):
    return [one for one in elements if category_of(one)[0] == code]


def parts_under(ubl, code):
    return [part for part in ubl.subtotals if category_of(part)[0] == code]


def vat_number_of(party):
    """The number of a party's VAT, "" where it has none."""
    for scheme in all_found(party, "cac:PartyTaxScheme"):
        if text_at(scheme, "cac:TaxScheme/cbc:ID").upper() == "VAT":
            return text_at(scheme, "cbc:CompanyID")
    return ""


def has_tax_number(party):
    return any(
        found(scheme, "cbc:CompanyID") is not None
        for scheme in all_found(party, "cac:PartyTaxScheme")
    )


def representative_has_vat_number(ubl):
    return bool(vat_number_of(ubl.find("cac:TaxRepresentativeParty")))


def every_allowance(ubl, wanted):
    """Allowances or charges of the document and of its lines, which the official test reads too."""
    return [one for one in ubl.named("cac:AllowanceCharge") if wanted(one)]


def _in_breakdown(category):
    def breaches(ubl):
        used = items_under(ubl, category.code) or under(
            ubl.named("cac:AllowanceCharge"), category.code
        )
        count = len(parts_under(ubl, category.code))
        # of the others the breakdown itself is enough: their base then says what is missing
        right = bool(count) == bool(used) if category.code == "S" else count == 1
        if (used or count) and not right:
            yield Breach(
                _lt(
                    "The lines and the breakdown of the VAT do not agree about category"
                    " %(category)s.",
                    category=category.code,
                ),
                VAT,
            )

    return breaches


def _numbers(category, used):
    """:param used: whether something of the document stands under the category"""

    def breaches(ubl):
        if not used(ubl):
            return
        if category.code == "O":
            yield from _no_numbers(ubl)
            return
        seller = (
            vat_number_of(ubl.seller) if category.seller_vat else has_tax_number(ubl.seller)
        ) or representative_has_vat_number(ubl)
        if not seller:
            yield Breach(
                _lt(
                    "VAT category %(category)s needs the VAT number of the seller.",
                    category=category.code,
                ),
                SELLER,
            )
        if not category.buyer or vat_number_of(ubl.buyer):
            return
        if category.buyer == "any" and (
            found(ubl.buyer, "cac:PartyLegalEntity/cbc:CompanyID") is not None
        ):
            return
        yield Breach(
            _lt(
                "VAT category %(category)s needs the VAT number of the buyer.",
                category=category.code,
            ),
            BUYER,
        )

    return breaches


def _no_numbers(ubl):
    for party, place in ((ubl.seller, SELLER), (ubl.buyer, BUYER)):
        if vat_number_of(party):
            yield Breach(
                _lt("What is not subject to VAT (category O) goes without VAT numbers."), place
            )
    if representative_has_vat_number(ubl):
        yield Breach(
            _lt("What is not subject to VAT (category O) goes without VAT numbers."), SELLER
        )


def _wrong_rate(category, rate):
    if category.code == "O":
        return rate is not None
    if category.code == "S":
        return rate is None or rate <= 0
    return rate != 0


def _rate_breach(category, rate, place):
    return Breach(
        _lt(
            "A rate of %(rate)s %% does not go with VAT category %(category)s.",
            rate="–" if rate is None else rate,
            category=category.code,
        ),
        place,
    )


def _rate_of_lines(category):
    def breaches(ubl):
        for number, line in items_under(ubl, category.code):
            rate = category_of_line(line)[1]
            if _wrong_rate(category, rate):
                yield _rate_breach(category, rate, line_place(number))

    return breaches


def _rate_of(category, wanted):
    def breaches(ubl):
        for one in under(every_allowance(ubl, wanted), category.code):
            rate = category_of(one)[1]
            if _wrong_rate(category, rate):
                yield _rate_breach(category, rate, DOCUMENT)

    return breaches


def base_of(ubl, code, rate=None):
    """What stands under a category: lines, less allowances, plus charges of the document.

    :param rate: only what has this rate
    """

    def kept(found_category):
        return found_category[0] == code and (rate is None or found_category[1] == rate)

    return (
        summed(
            [line for line in ubl.lines if kept(category_of_line(line))], "cbc:LineExtensionAmount"
        )
        + summed([one for one in ubl.charges if kept(category_of(one))])
        - summed([one for one in ubl.allowances if kept(category_of(one))])
    )


def _base(category):
    def breaches(ubl):
        for part in parts_under(ubl, category.code):
            said = decimal_at(part, "cbc:TaxableAmount")
            rate = category_of(part)[1]
            if said is None or category.code == "S" and rate is None:
                continue
            calculated = base_of(ubl, category.code, rate if category.code == "S" else None)
            agree = abs(said - calculated) < 1 if category.code == "S" else said == calculated
            if not agree:
                yield Breach(
                    _lt(
                        "What stands under VAT category %(category)s comes to %(calculated)s, its"
                        " base says %(said)s.",
                        category=category.code,
                        calculated=Amount(calculated, ubl.currency),
                        said=Amount(said, ubl.currency),
                    ),
                    VAT,
                )

    return breaches


def _vat(category):
    def breaches(ubl):
        for part in parts_under(ubl, category.code):
            vat = decimal_at(part, "cbc:TaxAmount")
            base, rate = decimal_at(part, "cbc:TaxableAmount"), category_of(part)[1]
            if vat is None or base is None:
                continue
            if category.code == "S":
                right = rate is None or near(vat, vat_of_base(base, rate))
            else:
                right = vat == 0
            if not right:
                yield Breach(
                    _lt(
                        "Under VAT category %(category)s, %(vat)s is not the VAT of %(base)s.",
                        category=category.code,
                        vat=Amount(vat, ubl.currency),
                        base=Amount(base, ubl.currency),
                    ),
                    VAT,
                )

    return breaches


def _reason(category):
    wanted = category.code not in ("S", "Z")

    def breaches(ubl):
        for part in parts_under(ubl, category.code):
            element = category_of(part)[2]
            has = (
                found(element, "cbc:TaxExemptionReason") is not None
                or found(element, "cbc:TaxExemptionReasonCode") is not None
            )
            if has and not wanted:
                yield Breach(
                    _lt(
                        "VAT category %(category)s has no exemption reason.", category=category.code
                    ),
                    VAT,
                )
            elif wanted and not has:
                yield Breach(
                    _lt(
                        "VAT category %(category)s needs an exemption reason: fill it in on the"
                        " tax.",
                        category=category.code,
                    ),
                    VAT,
                )

    return breaches


def _rows_of(category):
    code, row = category.code, VAT_CATEGORIES.row
    of = f"({category.name}, {code})"
    whose = {
        "": "the seller's number",
        "any": "the seller's number and one of the buyer",
        "vat": "the VAT numbers of seller and buyer",
    }[category.buyer]
    if category.seller_vat and not category.buyer:
        whose = "the seller's VAT number"
    numbers = "goes without VAT numbers" if code == "O" else f"needs {whose}"
    rate = {"S": "a rate above 0", "O": "no rate"}.get(code, "the rate 0")

    def id(number):
        return f"BR-{category.rules}-{number:02d}"

    row(
        id(1), f"What stands under it has its place in the breakdown {of}.", _in_breakdown(category)
    )
    row(
        id(2),
        f"A line {of} {numbers}.",
        _numbers(category, lambda ubl: items_under(ubl, code)),
    )
    row(
        id(3),
        f"An allowance {of} {numbers}.",
        _numbers(category, lambda ubl: under(every_allowance(ubl, is_allowance), code)),
    )
    row(
        id(4),
        f"A charge {of} {numbers}.",
        _numbers(category, lambda ubl: under(every_allowance(ubl, is_charge), code)),
    )
    row(id(5), f"A line {of} has {rate}.", _rate_of_lines(category))
    row(id(6), f"An allowance {of} has {rate}.", _rate_of(category, is_allowance))
    row(id(7), f"A charge {of} has {rate}.", _rate_of(category, is_charge))
    row(id(8), f"The base {of} is the sum of what stands under it.", _base(category))
    row(
        id(9),
        f"The VAT {of} is " + ("base times rate." if code == "S" else "0."),
        _vat(category),
    )
    reason = "no exemption reason" if code in ("S", "Z") else "an exemption reason"
    row(id(10), f"The breakdown {of} has {reason}.", _reason(category))


for _category in CATEGORIES:
    _rows_of(_category)


@rule("BR-IC-11", "An intra-Community supply says the date of delivery or the period.")
def delivery_date(ubl):
    if parts_under(ubl, "K") and not (
        len(ubl.text("cac:Delivery/cbc:ActualDeliveryDate")) > 1
        or ubl.find("cac:InvoicePeriod/*") is not None
    ):
        yield Breach(
            _lt("An intra-Community supply needs a date of delivery or a period."), DELIVERY
        )


@rule("BR-IC-12", "An intra-Community supply says the country of delivery.")
def delivery_country(ubl):
    path = "cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode"
    if parts_under(ubl, "K") and len(ubl.text(path)) < 2:
        yield Breach(_lt("An intra-Community supply needs the country of delivery."), DELIVERY)


def _only_o(id, says, others):
    def breaches(ubl):
        if parts_under(ubl, "O") and others(ubl):
            yield Breach(
                _lt("What is not subject to VAT (category O) stands on an invoice of its own."), VAT
            )

    VAT_CATEGORIES.row(id, says, breaches)


def _other(category):
    code = category[0]
    return category[2] is not None and code != "O"


_only_o(
    "BR-O-11",
    "With category O the breakdown has no other category.",
    lambda ubl: any(_other(category_of(part)) for part in ubl.subtotals),
)
_only_o(
    "BR-O-12",
    "With category O no line has another category.",
    lambda ubl: any(_other(category_of_line(line)) for line in ubl.lines),
)
_only_o(
    "BR-O-13",
    "With category O no allowance has another category.",
    lambda ubl: any(_other(category_of(one)) for one in every_allowance(ubl, is_allowance)),
)
_only_o(
    "BR-O-14",
    "With category O no charge has another category.",
    lambda ubl: any(_other(category_of(one)) for one in every_allowance(ubl, is_charge)),
)
