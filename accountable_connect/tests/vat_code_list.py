"""A VAT code list as a Belgian office keeps it, in Dutch and in French, for the tests of
proposals."""

from ..documents import MasterItem

RATES = (21, 12, 6, 0)
CLASSES = {
    "H": ("handelsgoederen", "marchandises"),
    "D": ("diensten en diverse goederen", "services et biens divers"),
    "I": ("bedrijfsmiddelen", "investissements"),
}
SALES = {
    "MC": ("Medecontractant", "Cocontractant"),
    "ICD": ("Intracommunautaire diensten", "Prestations de services intracommunautaires"),
    "ICG": ("Intracommunautaire leveringen", "Livraisons intracommunautaires"),
    "ICT": ("ABC-verkoop intracom", "Vente triangulaire UE"),
    "EXP": ("Uitvoer buiten de EU", "Exportation hors UE"),
    "VR": ("Vrijgesteld art. 44", "Exonéré art. 44"),
    "MAR": ("Margeregeling", "Régime de la marge"),
    "GEEN": ("Buiten btw", "Hors TVA"),
}
PURCHASES = {
    "": ("", ""),
    "M": ("verlegd door medecontractant", "autoliquidation cocontractant"),
    "E": ("intracom goederen", "acquisition intracom de biens"),
    "V": ("invoer met verlegging", "importation avec report de perception"),
    "B": ("btw verlegd, buitenlandse leverancier", "autoliquidation, fournisseur étranger"),
}
ONLY_SERVICES = {
    "ED": ("intracom diensten", "intracom services"),
    "XD": ("diensten van buiten EU", "services hors UE"),
}


def vat_codes(language="nl"):
    """``MasterItem`` objects; one code serves invoices and credit notes, as in many packages."""
    words = 0 if language == "nl" else 1
    sale, purchase = (("Verkoop", "Aankoop"), ("Ventes", "Achats"))[words]
    items = [_item(f"{rate:02}", f"{sale} {rate} %", "sale", rate) for rate in RATES]
    items += [_item(code, names[words], "sale", 0) for code, names in SALES.items()]
    for letter, classes in CLASSES.items():
        families = PURCHASES | (ONLY_SERVICES if letter == "D" else {})
        for family, names in families.items():
            for rate in RATES:
                name = f"{purchase} {classes[words]} {rate} % {names[words]}".strip()
                items.append(_item(f"{letter}{family}{rate:02}", name, "purchase", rate))
    return items


# The codes of a live dossier for some of these, and what such a dossier calls them.
ON_RECORD = {
    "ICG": ("CM", "Intracommunautaire leveringen", "Livraisons intracommunautaires"),
    "EXP": ("EX", "Export", "Exportation"),
    "DM21": ("DMC21", "Herstelling van onroerend goed", "Réparation d'immeubles"),
}
OUTSIDE = ("DVR", "Verzekering, huur, erelonen", "Assurance, loyer, honoraires")


def vat_codes_on_record(language="nl", nameless=False):
    """The same list with the codes on record; ``nameless``: these have no other name than
    themselves."""
    place = 1 if language == "nl" else 2
    items = []
    for item in vat_codes(language):
        code, *names = ON_RECORD.get(item.code, (item.code, item.name, item.name))
        renamed = item.code in ON_RECORD
        name = code if nameless and renamed else names[place - 1]
        items.append(MasterItem(kind="vat_code", code=code, name=name, details=item.details))
    name = OUTSIDE[0] if nameless else OUTSIDE[place]
    return [*items, _item(OUTSIDE[0], name, "purchase", 0)]


def _item(code, name, scope, rate):
    return MasterItem(
        kind="vat_code", code=code, name=name, details={"scope": scope, "rate": str(rate)}
    )


# What an accountant would take for each tax of Odoo's Belgian chart; None: a person decides.
SALE_CODES = {
    "OUT-21-L": "21",
    "OUT-21-S": "21",
    "OUT-12-S": "12",
    "OUT-12-L": "12",
    "OUT-06-S": "06",
    "OUT-06-L": "06",
    "OUT-00-S": "00",
    "OUT-00-L": "00",
    "OUT-00-CC": "MC",
    "OUT-00-EU-S": "ICD",
    "OUT-00-EU-L": "ICG",
    "OUT-00-EU-T": "ICT",
    "OUT-00-ROW": "EXP",
}
PURCHASE_CODES = {
    "IN-V82-21-S": "D21",
    "IN-V82-21-G": "D21",
    "IN-V82-12-S": "D12",
    "IN-V82-12-G": "D12",
    "IN-V82-06-S": "D06",
    "IN-V82-06-G": "D06",
    "IN-V82-00-S": "D00",
    "IN-V82-00-G": "D00",
    "IN-V82-CAR-EXC": "D21",
    "IN-V82-D35": "D21",
    "IN-V82-D85": "D21",
    "IN-V83-21-D35": "I21",
    "IN-V82-21-EU-G-D50": "DE21",
    "IN-V82-21-EU-G-D35": "DE21",
    "IN-V82-21-EU-S-D50": "DED21",
    "IN-V82-21-EU-G-D35-ALRD-IN-BE": "DB21",
    "IN-V83-277-ROW-CC": None,
    "IN-V81-21-ND": "H21",
    "IN-V81-12-ND": "H12",
    "IN-V81-06-ND": "H06",
    "IN-V82-S-ND": "D21",
    "IN-V82-12-S-ND": "D12",
    "IN-V82-06-S-ND": "D06",
    "IN-V83-IG-ND": "I21",
    "IN-V83-12-IG-ND": "I12",
    "IN-V83-06-IG-ND": "I06",
}
for _rate in ("21", "12", "06", "00"):
    for _box, _letter in (("81", "H"), ("82", "D"), ("83", "I")):
        if _box != "82":
            PURCHASE_CODES[f"IN-V{_box}-{_rate}"] = f"{_letter}{_rate}"
            PURCHASE_CODES[f"IN-V{_box}-{_rate}-EU"] = f"{_letter}E{_rate}"
            PURCHASE_CODES[f"IN-V{_box}-{_rate}-ROW-CC"] = f"{_letter}V{_rate}"
        PURCHASE_CODES[f"IN-V{_box}-{_rate}-CC"] = f"{_letter}M{_rate}"
    PURCHASE_CODES[f"IN-V82-{_rate}-EU-S"] = f"DED{_rate}"
    PURCHASE_CODES[f"IN-V82-{_rate}-EU-G"] = f"DE{_rate}"
    PURCHASE_CODES[f"IN-V82-{_rate}-ROW-CC"] = f"DXD{_rate}"
EXPECTED = {f"attn_VAT-{name}": code for name, code in (SALE_CODES | PURCHASE_CODES).items()}
EXPECTED["attn_TVA-21-inclus-dans-prix"] = "D21"
