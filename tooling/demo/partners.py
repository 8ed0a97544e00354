"""Who the demo company deals with: made-up names, numbers that pass their check digits."""

from dataclasses import dataclass

# Logins, and passwords, of the two people of the demo company.
MANAGER, USER = "manager", "user"


@dataclass(frozen=True)
class Partner:
    """``key`` names the partner in ``documents.py``; ``country`` is ISO 3166 alpha-2."""

    key: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str = "BE"
    vat: str = ""
    iban: str = ""
    is_company: bool = True
    language: str = ""
    email: str = ""
    supplier: bool = False


def _customer(key, name, street, postal_code, city, country="BE", vat="", **others):
    return Partner(
        key,
        name,
        street,
        postal_code,
        city,
        country,
        vat,
        email=f"boekhouding@{key.replace('_', '-')}.example",
        **others,
    )


def _supplier(key, name, street, postal_code, city, country="BE", vat="", iban=""):
    return Partner(
        key,
        name,
        street,
        postal_code,
        city,
        country,
        vat,
        iban,
        email=f"facturatie@{key.replace('_', '-')}.example",
        supplier=True,
    )


CUSTOMERS = (
    _customer(
        "korenbloem", "Bakkerij Korenbloem BV", "Molenstraat 14", "9000", "Gent", vat="BE0799888130"
    ),
    _customer(
        "steenhouwer",
        "Bouwwerken De Steenhouwer NV",
        "Kanaalweg 88",
        "9032",
        "Gent",
        vat="BE0805551247",
    ),
    _customer(
        "papyrus", "Boekhandel Papyrus VOF", "Vrijdagmarkt 7", "9000", "Gent", vat="BE0812045002"
    ),
    _customer(
        "parc",
        "Librairie du Parc SRL",
        "Avenue des Tilleuls 21",
        "5000",
        "Namur",
        vat="BE0833007195",
        language="fr_BE",
    ),
    _customer(
        "zonnewende", "Zorghuis Zonnewende VZW", "Lindelaan 3", "8000", "Brugge", vat="BE0845129920"
    ),
    _customer("wevers", "Dakwerken Wevers BV", "Lindestraat 8", "9000", "Gent"),
    _customer("maes", "Lotte Maes", "Appelstraat 9", "2000", "Antwerpen", is_company=False),
    _customer(
        "dubois",
        "Jean-Pierre Dubois",
        "Rue Haute 112",
        "1000",
        "Bruxelles",
        is_company=False,
        language="fr_BE",
    ),
    _customer(
        "birkenau",
        "Tischlerei Birkenfeld GmbH",
        "Waldweg 5",
        "52062",
        "Aachen",
        "DE",
        "DE299999901",
    ),
    _customer(
        "alpes",
        "Menuiserie des Crêtes SARL",
        "Route du Col 40",
        "74000",
        "Annecy",
        "FR",
        "FR34999888100",
    ),
    _customer(
        "dijk",
        "Meubelhuis Van Dijk B.V.",
        "Havenkade 12",
        "4811 AB",
        "Breda",
        "NL",
        "NL899999001B01",
    ),
    _customer("hudson", "Hudson Woodworks Inc.", "48 Pier Street", "10013", "New York", "US"),
    _customer(
        "thames", "Thames Joinery Ltd", "9 Wharf Road", "SE1 9SG", "London", "GB", "GB888777039"
    ),
    _customer("alpenholz", "Alpenholz AG", "Seestrasse 77", "8002", "Zürich", "CH"),
    _customer("kyoto", "Kyoto Crafts K.K.", "3-2 Nijo", "604-8301", "Kyoto", "JP"),
)

SUPPLIERS = (
    _supplier(
        "ardennen",
        "Houthandel Ardennen NV",
        "Zagerijstraat 2",
        "6900",
        "Marche",
        vat="BE0866773093",
        iban="BE90999900001032",
    ),
    _supplier(
        "kantoor",
        "Kantoor en Papier BV",
        "Industrielaan 41",
        "9820",
        "Merelbeke",
        vat="BE0712345630",
        iban="BE77999900002042",
    ),
    _supplier(
        "telecom",
        "Leie Telecom BV",
        "Sint-Pietersplein 1",
        "9000",
        "Gent",
        vat="BE0690012369",
        iban="BE64999900003052",
    ),
    _supplier(
        "autolease",
        "Schelde Autolease NV",
        "Ring 204",
        "2600",
        "Berchem",
        vat="BE0555012323",
        iban="BE51999900004062",
    ),
    _supplier(
        "tankstation",
        "Tankstation De Wissel BV",
        "Steenweg 310",
        "9080",
        "Lochristi",
        vat="BE0499012342",
        iban="BE38999900005072",
    ),
    _supplier(
        "dakwerken",
        "Dakwerken Peeters BV",
        "Leiestraat 19",
        "9870",
        "Zulte",
        vat="BE0888120122",
        iban="BE25999900006082",
    ),
    _supplier(
        "verzekering",
        "Noordzee Verzekeringen NV",
        "Zeedijk 100",
        "8400",
        "Oostende",
        vat="BE0877165060",
        iban="BE12999900007092",
    ),
    _supplier(
        "restaurant",
        "Restaurant 't Zilte Hoekje BV",
        "Visserskaai 8",
        "8400",
        "Oostende",
        vat="BE0765439074",
        iban="BE96999900008005",
    ),
    _supplier(
        "douane",
        "Douaneagentschap Haven BV",
        "Kaai 730",
        "2030",
        "Antwerpen",
        vat="BE0654321022",
        iban="BE83999900009015",
    ),
    _supplier(
        "schwarzwald",
        "Sägewerk Tannenhof GmbH",
        "Am Bach 3",
        "79098",
        "Freiburg",
        "DE",
        "DE299999910",
        "DE91100000000123456789",
    ),
    _supplier(
        "cloud",
        "Cloudhaven Ireland Ltd",
        "12 Harbour Quay",
        "D02 X285",
        "Dublin",
        "IE",
        "IE9999001F",
        "IE29AIBK93115212345678",
    ),
    _supplier(
        "garage_lux",
        "Garage du Rocher S.à r.l.",
        "Rue du Fort 6",
        "1616",
        "Luxembourg",
        "LU",
        "LU29990059",
        "LU280019400644750000",
    ),
    _supplier(
        "pacific", "Pacific Hand Tools Inc.", "900 Bay Avenue", "94107", "San Francisco", "US"
    ),
)

PARTNERS = CUSTOMERS + SUPPLIERS
