"""The documents of the demo company: two quarters of 2026, every kind of line a bookkeeper meets.

Taxes are named by the end of their external id in Odoo's Belgian chart (``OUT-21-L`` is
``attn_VAT-OUT-21-L``); ``21-incl``, ``6-incl`` and ``recupel`` are made by ``company.py``.
Dates are fixed, so that every run books the same.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """``price`` before discount, document currency; ``deductible`` is the business share.

    ``centres`` are analytic accounts with their percentage.
    """

    text: str
    account: str
    price: float
    taxes: tuple[str, ...] = ()
    quantity: float = 1
    discount: float = 0
    deductible: float = 100
    centres: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Document:
    """``corrects`` is the key of the document a credit note belongs to.

    ``accounting_date`` decides the VAT period where it is not the date on the paper;
    ``vat`` is the VAT the supplier put on his bill when it is not what the rates give.
    ``paper`` False: nobody has the file of this bill.
    """

    key: str
    type: str
    partner: str
    date: str
    lines: tuple[Line, ...]
    currency: str = "EUR"
    term: str = ""
    rounding: bool = False
    reference: str = ""
    corrects: str = ""
    accounting_date: str = ""
    vat: float | None = None
    paper: bool = True


def sale(key, partner, date, *lines, **options):
    """A customer invoice."""
    return Document(key, "out_invoice", partner, date, lines, **options)


def sale_refund(key, partner, date, *lines, **options):
    """A customer credit note."""
    return Document(key, "out_refund", partner, date, lines, **options)


def bill(key, partner, date, *lines, **options):
    """A vendor bill; its reference is made from the key when none is given."""
    options.setdefault("reference", f"{date[:4]}-{key}")
    return Document(key, "in_invoice", partner, date, lines, **options)


def bill_refund(key, partner, date, *lines, **options):
    """A vendor credit note."""
    options.setdefault("reference", f"{date[:4]}-{key}")
    return Document(key, "in_refund", partner, date, lines, **options)


def goods(price, *taxes, **options):
    """A line on the turnover of goods."""
    return Line(
        options.pop("text", "Eiken meubel"),
        options.pop("account", "700000"),
        price,
        taxes,
        **options,
    )


def cost(text, account, price, *taxes, **options):
    """A line on a cost or asset account."""
    return Line(text, account, price, taxes, **options)


SALES = (
    sale("V01", "korenbloem", "2026-01-06", goods(1000, "OUT-21-L")),
    sale(
        "V02",
        "papyrus",
        "2026-01-08",
        goods(1000, "OUT-21-L", text="Boekenkast", account="700100"),
        goods(100, "OUT-06-L", text="Vakboeken"),
    ),
    sale(
        "V03",
        "zonnewende",
        "2026-01-12",
        goods(18.5, "OUT-12-L", text="Maaltijden opleiding", quantity=3),
        goods(24, "OUT-21-L", text="Drank opleiding", quantity=2),
    ),
    sale("V04", "papyrus", "2026-01-14", goods(1.8, "OUT-00-L", text="Dagbladen", quantity=100)),
    sale(
        "V05",
        "steenhouwer",
        "2026-01-19",
        goods(4200, "OUT-00-CC", text="Plaatsing binnentrappen", account="700500"),
    ),
    sale(
        "V06",
        "dijk",
        "2026-01-21",
        goods(62.5, "OUT-00-EU-L", text="Stoelen", account="700600", quantity=40),
    ),
    sale(
        "V07",
        "birkenau",
        "2026-01-26",
        goods(1500, "OUT-00-EU-S", text="Ontwerp", account="700610"),
    ),
    sale(
        "V08",
        "alpes",
        "2026-01-28",
        goods(2750, "OUT-00-EU-T", text="Driehoekslevering beuk", account="700600"),
    ),
    sale(
        "V09",
        "alpenholz",
        "2026-02-02",
        goods(880.4, "OUT-00-ROW", text="Uitvoer tafels", account="700700"),
    ),
    sale_refund(
        "V10",
        "korenbloem",
        "2026-02-03",
        goods(250, "OUT-21-L", text="Korting achteraf"),
        corrects="V01",
    ),
    sale_refund(
        "V11",
        "papyrus",
        "2026-02-04",
        goods(100, "OUT-21-L", account="700100"),
        goods(10, "OUT-06-L"),
        corrects="V02",
    ),
    sale_refund(
        "V12",
        "steenhouwer",
        "2026-02-05",
        goods(420, "OUT-00-CC", account="700500"),
        corrects="V05",
    ),
    sale_refund(
        "V13",
        "dijk",
        "2026-02-09",
        goods(62.5, "OUT-00-EU-L", account="700600", quantity=4),
        corrects="V06",
    ),
    sale_refund(
        "V14", "birkenau", "2026-02-10", goods(150, "OUT-00-EU-S", account="700610"), corrects="V07"
    ),
    sale_refund(
        "V15", "alpes", "2026-02-11", goods(275, "OUT-00-EU-T", account="700600"), corrects="V08"
    ),
    sale_refund(
        "V16",
        "alpenholz",
        "2026-02-12",
        goods(88.04, "OUT-00-ROW", account="700700"),
        corrects="V09",
    ),
    sale(
        "V17",
        "zonnewende",
        "2026-02-16",
        goods(49.99, "OUT-21-L", text="Krukje", quantity=3, discount=10),
    ),
    sale(
        "V18",
        "papyrus",
        "2026-02-18",
        goods(800, "OUT-21-L"),
        goods(200, "OUT-06-L"),
        goods(40, "OUT-21-L", text="Korting", account="708000", quantity=-1),
        goods(10, "OUT-06-L", text="Korting", account="708000", quantity=-1),
    ),
    sale("V19", "parc", "2026-02-23", *[goods(10.03, "OUT-21-L", text="Signet en bois")] * 3),
    sale("V20", "maes", "2026-02-25", goods(99.99, "21-incl", text="Bijzettafel")),
    sale(
        "V21",
        "dubois",
        "2026-03-02",
        goods(9.99, "6-incl", text="Livre d'atelier", quantity=3),
        goods(4.5, "21-incl", text="Cire", quantity=2),
    ),
    sale(
        "V22", "korenbloem", "2026-03-04", goods(1000, "OUT-21-L", text="Toonbank"), term="discount"
    ),
    sale(
        "V23",
        "papyrus",
        "2026-03-05",
        goods(1000, "OUT-21-L"),
        goods(333.33, "OUT-06-L"),
        term="discount",
    ),
    sale_refund(
        "V24", "korenbloem", "2026-03-09", goods(100, "OUT-21-L"), term="discount", corrects="V22"
    ),
    sale("V25", "maes", "2026-03-10", goods(9.98, "OUT-21-L", text="Snijplank"), rounding=True),
    sale("V26", "dubois", "2026-03-11", goods(10.01, "OUT-21-L", text="Planche"), rounding=True),
    sale(
        "V27",
        "zonnewende",
        "2026-03-16",
        goods(400, "recupel", "OUT-21-L", text="Werktafel met motor", quantity=2),
    ),
    sale(
        "V28",
        "korenbloem",
        "2026-03-18",
        goods(0.8, "OUT-06-L", text="Flesjes", quantity=24),
        Line("Leeggoed", "488000", 0.1, (), 24),
    ),
    sale(
        "V29",
        "steenhouwer",
        "2026-03-23",
        goods(3000, "OUT-21-L", text="Voorschot 30 %", account="460000"),
    ),
    sale(
        "V30",
        "steenhouwer",
        "2026-04-07",
        goods(10000, "OUT-21-L", text="Maatwerk hal"),
        goods(3000, "OUT-21-L", text="Af: voorschot", account="460000", quantity=-1),
    ),
    sale(
        "V31",
        "hudson",
        "2026-04-09",
        goods(123.45, "OUT-00-ROW", text="Export chairs", account="700700", quantity=7),
        currency="USD",
    ),
    sale(
        "V32",
        "hudson",
        "2026-04-13",
        goods(1000, "OUT-21-L", text="Workshop"),
        goods(49.9, "OUT-06-L", text="Handbook"),
        currency="USD",
    ),
    sale(
        "V33",
        "thames",
        "2026-04-15",
        goods(333.33, "OUT-21-L"),
        *[goods(333.33, "OUT-21-L", account="700100")] * 2,
        currency="GBP",
    ),
    sale_refund(
        "V34", "hudson", "2026-04-20", goods(100, "OUT-21-L"), currency="USD", corrects="V32"
    ),
    sale(
        "V35",
        "kyoto",
        "2026-04-22",
        goods(184500, "OUT-00-ROW", text="Joinery", account="700700"),
        currency="JPY",
    ),
    sale(
        "V36",
        "maes",
        "2026-04-27",
        goods(100, "OUT-21-L", text="Herstelling"),
        goods(100, "OUT-21-L", text="Onder waarborg", quantity=-1),
    ),
    sale(
        "V37",
        "papyrus",
        "2026-04-29",
        goods(500, "OUT-21-L"),
        goods(50, "OUT-06-L", text="Terugname boek", quantity=-1),
    ),
    sale(
        "V38",
        "steenhouwer",
        "2026-05-04",
        goods(600, "OUT-21-L", text="Advies", account="700100"),
        Line("Voorgeschoten kosten", "416000", 85.25),
    ),
    Document(
        "V39",
        "out_receipt",
        "dubois",
        "2026-05-06",
        (goods(24.2, "21-incl"), goods(10.6, "6-incl")),
    ),
    sale(
        "V40",
        "parc",
        "2026-05-11",
        goods(1000.01, "OUT-21-L", text="Rayonnages"),
        term="instalments",
    ),
    sale_refund(
        "V41",
        "parc",
        "2026-05-18",
        goods(300, "OUT-21-L"),
        goods(30, "OUT-21-L", text="Frais", account="743000", quantity=-1),
        corrects="V40",
    ),
    sale("V42", "zonnewende", "2026-05-20", *[goods(0.07, "OUT-21-L", text="Schroef")] * 40),
    sale(
        "V44",
        "thames",
        "2026-05-21",
        *[goods(33.33, "OUT-00-ROW", text="Drawer", account="700700")] * 3,
        currency="GBP",
    ),
    sale(
        "V43",
        "korenbloem",
        "2026-05-27",
        goods(8000, "OUT-21-L", text="Verkoop bestelwagen", account="763000"),
    ),
)

PURCHASES = (
    bill("A01", "ardennen", "2026-01-07", cost("Eik", "604000", 1234.56, "IN-V81-21")),
    bill(
        "A02",
        "telecom",
        "2026-01-13",
        cost("Internet", "616200", 89.9, "IN-V82-21-S", centres=(("Atelier", 60), ("Verkoop", 40))),
    ),
    bill("A03", "kantoor", "2026-01-20", cost("Zaagmachine", "240000", 2499, "IN-V83-21")),
    bill(
        "A04",
        "ardennen",
        "2026-01-22",
        cost("Boeken", "604000", 312.4, "IN-V81-06"),
        cost("Bio-olie", "604000", 45.1, "IN-V81-12"),
        cost("Lijm", "604000", 77.35, "IN-V81-21"),
    ),
    bill(
        "A05",
        "kantoor",
        "2026-01-27",
        cost("Handelsgoederen", "604000", 500, "IN-V81-21"),
        cost("Papier", "616505", 40, "IN-V82-21-S"),
        cost("Laptop", "240000", 1200, "IN-V83-21"),
    ),
    bill("A06", "dakwerken", "2026-02-03", cost("Dakherstel", "611000", 3600, "IN-V82-21-CC")),
    bill(
        "A07",
        "schwarzwald",
        "2026-02-05",
        cost("Buchenholz", "604000", 83.33, "IN-V81-21-EU", quantity=12),
    ),
    bill("A08", "cloud", "2026-02-09", cost("Hosting", "613310", 59.99, "IN-V82-21-EU-S")),
    bill(
        "A09", "schwarzwald", "2026-02-12", cost("Hobelmaschine", "230000", 18500, "IN-V83-21-EU")
    ),
    bill("A10", "pacific", "2026-02-17", cost("Hand tools", "604000", 5120.75, "IN-V81-21-ROW-CC")),
    bill("A11", "pacific", "2026-02-19", cost("Online course", "613310", 240, "IN-V82-21-ROW-CC")),
    bill("A12", "autolease", "2026-02-24", cost("Lease wagen", "610220", 612.39, "IN-V82-CAR-EXC")),
    bill(
        "A13",
        "tankstation",
        "2026-03-03",
        cost("Brandstof", "612901", 65.11, "IN-V82-CAR-EXC"),
        cost("Onderhoud", "611201", 12.4, "IN-V82-CAR-EXC"),
    ),
    bill("A14", "autolease", "2026-03-05", cost("Lease wagen", "610220", 333.37, "IN-V82-CAR-EXC")),
    bill("A15", "autolease", "2026-03-10", cost("Lease 35 %", "610220", 333.37, "IN-V82-D35")),
    bill("A16", "autolease", "2026-03-12", cost("Lichte vracht", "610300", 250, "IN-V82-D85")),
    bill("A17", "autolease", "2026-03-17", cost("Personenwagen", "241000", 32000, "IN-V83-21-D35")),
    bill(
        "A18",
        "restaurant",
        "2026-03-19",
        cost("Maaltijd", "616580", 84.2, "IN-V82-12-S-ND"),
        cost("Drank", "616580", 31.4, "IN-V82-S-ND"),
    ),
    bill("A19", "cloud", "2026-03-24", cost("Route planner", "610220", 400, "IN-V82-21-EU-S-D50")),
    bill("A20", "garage_lux", "2026-03-26", cost("Pneus", "611201", 333.37, "IN-V82-21-EU-G-D50")),
    bill("A21", "garage_lux", "2026-03-31", cost("Voiture", "241000", 28000, "IN-V83-277-ROW-CC")),
    bill(
        "A22",
        "verzekering",
        "2026-04-02",
        cost("Brandverzekering", "614000", 431.2, "IN-V82-00-S", centres=(("Atelier", 100),)),
    ),
    bill("A23", "verzekering", "2026-04-03", cost("Taksen", "640800", 18.4)),
    bill(
        "A24",
        "douane",
        "2026-04-08",
        cost("Invoer basis", "499000", 2620, "IN-V81-21"),
        cost("Invoer basis", "499000", 2620, quantity=-1),
        cost("Douanerechten", "640800", 120),
        cost("Dossier", "613290", 75, "IN-V82-21-S"),
    ),
    bill(
        "A25",
        "telecom",
        "2026-04-14",
        cost("Gsm, deels privé", "616200", 100, "IN-V82-21-S", deductible=75),
    ),
    bill(
        "A26",
        "telecom",
        "2026-04-16",
        cost("Gsm, deels privé", "616200", 89.97, "IN-V82-21-S", deductible=75),
        cost("Vast toestel", "616200", 10, "IN-V82-21-S"),
    ),
    bill(
        "A27",
        "autolease",
        "2026-04-21",
        cost("Wagen, deels privé", "610220", 500, "IN-V82-CAR-EXC", deductible=80),
    ),
    bill(
        "A28", "ardennen", "2026-04-23", cost("Eik", "604000", 1000, "IN-V81-21"), term="discount"
    ),
    bill(
        "A29",
        "pacific",
        "2026-04-28",
        cost("Planes", "604000", 412.37, "IN-V81-21-ROW-CC", quantity=3),
        currency="USD",
    ),
    bill(
        "A30",
        "cloud",
        "2026-05-05",
        cost("Licence", "613310", 99, "IN-V82-21-EU-S"),
        currency="USD",
    ),
    bill(
        "A31",
        "ardennen",
        "2026-05-07",
        *[cost("Latten", "604000", 10.03, "IN-V81-21")] * 3,
        vat=6.33,
    ),
    bill(
        "A32",
        "ardennen",
        "2026-05-12",
        cost("Bier voor verkoop", "604000", 640, "IN-V81-21"),
        cost("Korting", "608000", 32, "IN-V81-21", quantity=-1),
        cost("Leeggoed terug", "604000", 2.1, quantity=-12),
    ),
    bill(
        "A45",
        "kantoor",
        "2026-03-30",
        cost("Late factuur", "616505", 64.2, "IN-V82-21-S"),
        accounting_date="2026-05-13",
    ),
    bill("A33", "ardennen", "2026-05-14", cost("Voorschot", "360000", 2000, "IN-V81-21")),
    bill(
        "A34",
        "ardennen",
        "2026-05-21",
        cost("Partij eik", "604000", 5000, "IN-V81-21"),
        cost("Af: voorschot", "360000", 2000, "IN-V81-21", quantity=-1),
    ),
    bill(
        "A44",
        "schwarzwald",
        "2026-05-22",
        cost("Dübel", "604000", 10.03, "IN-V81-21-EU"),
        cost("Leim", "600000", 10.03, "IN-V81-21-EU"),
    ),
    bill_refund(
        "A35",
        "ardennen",
        "2026-05-26",
        cost("Terugname", "604000", 234.56, "IN-V81-21"),
        corrects="A01",
    ),
    bill_refund(
        "A36",
        "dakwerken",
        "2026-05-28",
        cost("Meerprijs terug", "611000", 600, "IN-V82-21-CC"),
        corrects="A06",
    ),
    bill_refund(
        "A37",
        "schwarzwald",
        "2026-06-02",
        cost("Rückgabe", "604000", 83.33, "IN-V81-21-EU"),
        corrects="A07",
    ),
    bill_refund(
        "A38", "cloud", "2026-06-04", cost("Credit", "613310", 10, "IN-V82-21-EU-S"), corrects="A08"
    ),
    bill_refund(
        "A39",
        "pacific",
        "2026-06-09",
        cost("Return", "604000", 120.75, "IN-V81-21-ROW-CC"),
        corrects="A10",
    ),
    bill_refund(
        "A40",
        "autolease",
        "2026-06-11",
        cost("Credit lease", "610220", 100, "IN-V82-CAR-EXC"),
        corrects="A12",
    ),
    bill_refund(
        "A41",
        "restaurant",
        "2026-06-16",
        cost("Teruggave", "616580", 84.2, "IN-V82-12-S-ND"),
        corrects="A18",
    ),
    bill_refund(
        "A42",
        "cloud",
        "2026-06-18",
        cost("Credit", "610220", 400, "IN-V82-21-EU-S-D50"),
        corrects="A19",
    ),
)

# Posted after the connection started: they travel by themselves.
LATER = (
    sale("V50", "korenbloem", "2026-06-22", goods(640, "OUT-21-L", text="Wandrek")),
    sale(
        "V51",
        "parc",
        "2026-06-23",
        goods(275.5, "OUT-21-L", text="Présentoir"),
        goods(42, "OUT-06-L", text="Catalogue"),
    ),
    sale("V52", "zonnewende", "2026-06-24", goods(1850, "OUT-21-L", text="Eettafels", discount=5)),
    sale_refund("V53", "zonnewende", "2026-06-25", goods(185, "OUT-21-L"), corrects="V52"),
    bill("A50", "ardennen", "2026-06-25", cost("Notelaar", "604000", 743.9, "IN-V81-21")),
    bill("A51", "tankstation", "2026-06-26", cost("Brandstof", "612901", 71.08, "IN-V82-CAR-EXC")),
)
