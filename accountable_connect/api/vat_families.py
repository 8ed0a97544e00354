"""Which kind of VAT a code stands for, read from the words an office gives it.

Few packages say more of a VAT code than its code, its name and its rate. Belgian offices name their
codes with a small set of Dutch and French words; this table knows them. It is used for proposals
only: a person confirms every code before anything is booked with it.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

DOMESTIC = "domestic"
EXEMPT = "exempt"
CO_CONTRACTOR = "co_contractor"
FOREIGN_SUPPLIER = "foreign_supplier"  # delivers goods that are in the country already
INTRA_GOODS = "intra_goods"
INTRA_SERVICES = "intra_services"
TRIANGULAR = "triangular"
DISTANCE_SALES = "distance_sales"  # installation in, or sales to consumers of another Member State
EXPORT = "export"
IMPORT = "import"
SERVICES_OUTSIDE_EU = "services_outside_eu"
NEVER_PROPOSE = "never_propose"

# We owe the VAT ourselves on purchases of these families.
REVERSE_CHARGE = frozenset(
    {
        CO_CONTRACTOR,
        FOREIGN_SUPPLIER,
        INTRA_GOODS,
        INTRA_SERVICES,
        IMPORT,
        SERVICES_OUTSIDE_EU,
    }
)

GOODS_FOR_RESALE = "81"
SERVICES_AND_SUNDRY_GOODS = "82"
INVESTMENTS = "83"
PURCHASE_CLASSES = (GOODS_FOR_RESALE, SERVICES_AND_SUNDRY_GOODS, INVESTMENTS)

_OUTSIDE_EU = r"(buiten (de )?|hors (de )?(l )?|outside (the )?|non |niet )(eu|eg|ue|cee|europa)\b"
_NEVER = re.compile(
    r"\bmarge|\boss\b|buiten (de )?btw|geen btw|hors tva|margin scheme|\bmoss\b"
    r"|prive ?gebruik|usage prive|private use"  # once a year, by the accountant
)
_TRIANGULAR = re.compile(r"driehoek|\babc\b|triangul")
_FOREIGN_SUPPLIER = re.compile(
    r"buitenlandse leverancier|(al|reeds) in belgie|fournisseur etranger|deja en belgique"
    r"|foreign supplier|already in belgium"
)
_CO_CONTRACTOR = re.compile(r"medecontract|co ?contract|\bcocont\b")
_SHIFTED = re.compile(r"verleg|autoliquid|report de perception|reverse charge|referred vat")
_INTRA = re.compile(r"\bintra|\bic[vlpd]?\b|\beu\b|\beg\b|\bue\b|\bcee\b")
_INTRA_SERVICES = re.compile(r"\bicd\b")
_DISTANCE = re.compile(r"installatie|afstandsverk|installation|remote sales|distance sales")
_WITHIN = re.compile(r"\b(binnen|within|inside) (de |the )?(eu|eg)\b")
_OUTSIDE = re.compile(_OUTSIDE_EU + r"|\bderde land|pays tiers")
_EXPORT = re.compile(r"\buitvoer|\bexport")
_IMPORT = re.compile(r"\binvoer|\bimport")
_SERVICES = re.compile(r"dienst|service|prestation")
_GOODS = re.compile(r"goed|biens?\b|goods|marchandis|handels")
_RESALE = re.compile(
    r"handelsgoed|grondstof|hulpstof|marchandis|matieres? premieres?|for resale|raw material"
)
_INVESTMENT = re.compile(r"invest|bedrijfsmiddel|immobilis|capital goods|fixed asset")
_SUNDRY = re.compile(r"dienst|divers|kosten|service|frais|sundry|expense")
_NOT_DEDUCTIBLE = re.compile(
    r"\b(niet|non|not|nicht|n) ?(aftr|ded\b|deduct|recup|abzugsf|abziehb)|\bprive\b|\bnd\b|\bnab\b"
)
_DEDUCTIBLE = r"(?:aftr|deduc|ded\b|recup|abzug|abziehb|zakelijk|beroeps|prof(?:ess)?\b)"
_PER_CENT = r"(\d{1,2})(?: 0+)? ?(?:%|pct|procent|percent|pour cent|pc\b)? ?"
_SHARES = (
    # 50 % aftrek, 50 % deductible, 50 % prive
    re.compile(_PER_CENT + r"(?:(?:niet|non|not) ?)?(?:prive|" + _DEDUCTIBLE + ")"),
    # deductible a (concurrence de) 50 %, aftrekbaar voor 50 %
    re.compile(
        _DEDUCTIBLE
        + r"\w* ?(?:(?:tva|btw|vat|a|voor|for|tot|to|at|of|concurrence|de)\b ?)*"
        + _PER_CENT
    ),
)
# Rates of the three countries: "21 % aftrekbaar" is VAT at 21 % that is deductible.
_RATES = frozenset((3, 6, 8, 9, 12, 14, 16, 17, 19, 21))
_CREDIT_NOTE = re.compile(
    r"\bcn\b|\bnc\b|creditnota|credit ?note|notes? de credit|\bavoirs?\b|gutschrift|\brefund"
)
# Abbreviations of the classes; see class_in_short.
_SHORT_CLASSES = (
    (
        re.compile(
            r"\bbiens? d? ?inv|\binv\b|\binvest|\bimmo\b|bedrijfsmid|\bbedr ?mid|vaste activa"
            r"|\bb ?m\b|anlageverm|\bactiva\b|biens? d equip"
        ),
        INVESTMENTS,
    ),
    (
        re.compile(
            r"\bmarch|\bmat prem|\bhandels|\bhgd\b|grondst|\bhulpst|revente|wederverk|\bstocks?\b"
            r"|\bwaren\b|\bconsommables|\bvoorraad"
        ),
        GOODS_FOR_RESALE,
    ),
    (
        re.compile(
            r"\bbiens? div|\bserv\b|\bfrais\b|\bdienst|\bdiv(erse)? goed|\bs ?b ?d\b|\bkosten"
            r"|\bd ?d ?g\b|\bd ?(en|et)? ?d ?g\b|frais gen|overhead|\bprest|\buitgaven|\bdienstverl"
        ),
        SERVICES_AND_SUNDRY_GOODS,
    ),
)
_EXEMPT = re.compile(r"vrijgesteld|vrijstelling|\bart ?44|exempt|exoner")
_CO_CONTRACTOR_IN_SHORT = re.compile(
    r"\bmede ?c(on)?tr|\bmedec|\bcoc\b|\bco ?contr|art(ikel|icle)? ?20\b|\bverl\b|autoliq"
)
_SHORT_FAMILIES = {
    "sale": (
        (re.compile(r"\bvert? ?koop op afstand|vente a distance|\bafstandsv"), DISTANCE_SALES),
        (re.compile(r"\btriang|\bdrieh|25 (ter|quinquies)"), TRIANGULAR),
        (
            re.compile(r"art(ikel|icle)? ?39 ?bis|\bintrac|lidsta|etats? membre|europese unie"),
            INTRA_GOODS,
        ),
        (
            re.compile(
                r"art(ikel|icle)? ?39\b|rest (van|of|du)|\bmonde\b|\bworld|drittland|ausfuhr"
            ),
            EXPORT,
        ),
        (_CO_CONTRACTOR_IN_SHORT, CO_CONTRACTOR),
        (re.compile(r"\bvrijg|\bexon|steuerfrei|56 ?bis|franchise|kleine ?ondernem"), EXEMPT),
    ),
    "purchase": (
        (
            re.compile(r"verwerving|\bacq(uis)?\b|\bintrac|lidsta|etats? membre|innergem"),
            INTRA_GOODS,
        ),
        (re.compile(r"\bet ?14|\beinfuhr|drittland|\bderde ?land"), IMPORT),
        (_CO_CONTRACTOR_IN_SHORT, CO_CONTRACTOR),
    ),
}
# VAT that no document of a customer or supplier bears.
_OF_THE_RETURN = re.compile(
    r"\bherzien|\bregularis|\bdecompte|\bafrekening|\baangifte|\bdeclaration|\bsuppletie"
    r"|\bvoorschot btw"
)
# How the classes are called: "diensten" in the name of class 82 does not make it a service.
_CLASS_NAME = re.compile(
    r"diensten en (diverse|andere) goederen|services et biens divers"
    r"|services and (sundry|other) goods"
)
# H, D and I before a rate: handelsgoederen, diensten en diverse goederen, investeringen.
_CLASS_LETTER = re.compile(r"^([HDI])[ .-]?\d")
_CLASS_BY_LETTER = {
    "H": GOODS_FOR_RESALE,
    "D": SERVICES_AND_SUNDRY_GOODS,
    "I": INVESTMENTS,
}

# Codes that offices use under names that tell nothing ("Herstelling gebouwen", or the code again).
_CODES = {
    "sale": (
        (re.compile(r"^MC\d*$"), CO_CONTRACTOR),
        (re.compile(r"^CM\d*$"), INTRA_GOODS),
        (re.compile(r"^EXP?\d*$"), EXPORT),
    ),
    "purchase": (
        (re.compile(r"^[HDI]?MC\d*$"), CO_CONTRACTOR),
        (re.compile(r"^DVR$"), NEVER_PROPOSE),
    ),
}
_CLASS_OF_CO_CONTRACTOR = re.compile(r"^([HDI])MC\d")
# Bills that no VAT return counts: a person chooses the code for lines without VAT.
_OUTSIDE_RETURN = re.compile(r"verzekering|assurance|insurance")


@dataclass(frozen=True, slots=True)
class VatFamily:
    """What the words of a VAT code say.

    ``family`` is one of the constants of this module, ``purchase_class`` "81", "82", "83" or ""
    when the words do not say, ``recoverable_share`` a percentage that the code itself names or
    None.
    """

    family: str
    purchase_class: str = ""
    recoverable_share: Decimal | None = None


def normalise(text):
    """Lower case, without accents and punctuation, ligatures as two letters, one blank between
    words."""
    text = (text or "").casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in text if not unicodedata.combining(letter)).casefold()
        text = text.replace("œ", "oe").replace("æ", "ae")
    return " ".join(re.sub(r"[^\w%]+", " ", text).split())


def recognise_vat_family(code, name, scope):
    """The :class:`VatFamily` of a code of an administration or of an Odoo tax.

    :param str code: the code (``D21``); its letter counts only when the name does not tell the
    class
    :param str name: the name or description, Dutch, French or English
    :param str scope: ``"sale"`` or ``"purchase"``. The rate tells no families apart: 0 % occurs in
    all of them
    """
    words = normalise(name)
    purchase = scope == "purchase"
    if _NEVER.search(words):
        return VatFamily(NEVER_PROPOSE)
    family = _family(words, purchase)
    if not purchase:
        return VatFamily(family)
    return VatFamily(family, _purchase_class(code, words), _recoverable_share(words))


def family_of_code(code, name, scope):
    """What the code itself or an abbreviation says where the words of its name say nothing: its
    family, or "".

    It is no part of what :func:`recognise_vat_family` reads, which is kept with the master data and
    compared: what an office confirmed stays confirmed.
    """
    if scope == "purchase" and _OUTSIDE_RETURN.search(normalise(name)):
        return NEVER_PROPOSE
    words = normalise(name)
    if _OF_THE_RETURN.search(words):
        return NEVER_PROPOSE
    plain = "".join(letter for letter in (code or "").upper() if letter.isalnum())
    by_code = next((family for form, family in _CODES[scope] if form.match(plain)), "")
    return by_code or _family_in_short(words, scope)


def _family_in_short(words, scope):
    """By abbreviations and articles of law, "" where there are none."""
    family = next((one for form, one in _SHORT_FAMILIES[scope] if form.search(words)), "")
    return INTRA_SERVICES if family == INTRA_GOODS and is_of_services(words) else family


def class_of_code(code):
    """The class of a purchase that the first letter of a co-contractor's code tells (``DMC21``),
    or ""."""
    letter = _CLASS_OF_CO_CONTRACTOR.match((code or "").upper())
    return _CLASS_BY_LETTER[letter.group(1)] if letter else ""


def _family(words, purchase):
    """The first group of words that decides; the order is from the special to the general."""
    words = _CLASS_NAME.sub(" ", words)
    outside = bool(_OUTSIDE.search(words))
    if _TRIANGULAR.search(words):
        return TRIANGULAR
    if _CO_CONTRACTOR.search(words):
        return CO_CONTRACTOR
    if purchase and _FOREIGN_SUPPLIER.search(words):
        return FOREIGN_SUPPLIER
    if _WITHIN.search(words):
        # "import binnen de EU": a word of trade, not of customs
        words = _EXPORT.sub(" ", _IMPORT.sub(" ", words))
    if purchase and (_IMPORT.search(words) or outside):
        only_services = _SERVICES.search(words) and not _GOODS.search(words)
        return SERVICES_OUTSIDE_EU if only_services else IMPORT
    if not purchase and (_EXPORT.search(words) or outside):
        return EXPORT
    if not purchase and _DISTANCE.search(words):
        return DISTANCE_SALES
    if _INTRA.search(words):
        services = _SERVICES.search(words) or _INTRA_SERVICES.search(words)
        return INTRA_SERVICES if services else INTRA_GOODS
    if _SHIFTED.search(words):
        return CO_CONTRACTOR
    if _EXEMPT.search(words):
        return EXEMPT
    return DOMESTIC


def _purchase_class(code, words):
    if _INVESTMENT.search(words):
        return INVESTMENTS
    if _RESALE.search(words):
        return GOODS_FOR_RESALE
    if _SUNDRY.search(words):
        return SERVICES_AND_SUNDRY_GOODS
    letter = _CLASS_LETTER.match((code or "").upper())
    return _CLASS_BY_LETTER[letter.group(1)] if letter else ""


def _recoverable_share(words):
    found = [int(share) for form in _SHARES for share in form.findall(words)]
    shares = [Decimal(share) for share in found if share not in _RATES]
    if _NOT_DEDUCTIBLE.search(words):
        return 100 - shares[0] if shares else Decimal(0)
    return shares[0] if shares else None


def is_for_credit_notes(name):
    """Whether a name says that a code is for credit notes."""
    return bool(_CREDIT_NOTE.search(normalise(name)))


def class_in_short(name):
    """The class of a purchase that abbreviations of its name tell ("March. et mat. prem."), or "".

    No part of what :func:`recognise_vat_family` reads, as for :func:`family_of_code`."""
    words = normalise(name)
    return next((one for form, one in _SHORT_CLASSES if form.search(words)), "")


def is_of_services(name):
    """Whether a name speaks of services alone."""
    words = normalise(name)
    return bool(_SERVICES.search(words)) and not _GOODS.search(words)


def expected_purchase_class(account_code):
    """The class of the VAT return that an account of the Belgian minimum chart belongs to.

    60 goods, 61 to 65 services and sundry goods, 2 fixed assets; "" for every other account.
    """
    code = (account_code or "").strip()
    if code.startswith("60"):
        return GOODS_FOR_RESALE
    if code[:2] in {"61", "62", "63", "64", "65"}:
        return SERVICES_AND_SUNDRY_GOODS
    if code.startswith("2"):
        return INVESTMENTS
    return ""
