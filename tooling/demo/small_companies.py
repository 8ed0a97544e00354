"""Two companies with a handful of documents, whose accountants get them otherwise than in a folder
of the server: by e-mail, and by SFTP."""

from dataclasses import dataclass

from tooling.demo.company import DemoCompany
from tooling.demo.documents import Document, bill, cost, goods, sale, sale_refund
from tooling.demo.e_invoices import E_INVOICES, ElectronicInvoice
from tooling.demo.partners import PARTNERS


@dataclass(frozen=True)
class Small:
    """``key`` is part of the names of its records; ``e_invoices`` came from suppliers; ``left`` is
    posted once both sides were compared."""

    key: str
    values: dict[str, str]
    iban: str
    email: str
    past: tuple[Document, ...]
    later: tuple[Document, ...]
    e_invoices: tuple[ElectronicInvoice, ...] = ()
    left: Document | None = None


def _e_invoices(*keys: str) -> tuple[ElectronicInvoice, ...]:
    return tuple(one for one in E_INVOICES if one.key in keys)


BY_MAIL = Small(
    key="ubl_mail",
    values={
        "name": "Atelier Lambert SRL",
        "street": "Rue des Menuisiers 9",
        "zip": "5000",
        "city": "Namur",
        "vat": "BE0999999130",
        "phone": "+32 81 00 00 00",
    },
    iban="BE46999900011136",
    email="compta@lambert.example",
    past=(
        sale("L01", "parc", "2026-01-09", goods(640, "OUT-21-L", text="Rayonnages")),
        sale(
            "L02",
            "papyrus",
            "2026-02-10",
            goods(1000, "OUT-21-L", text="Bibliothèque"),
            goods(100, "OUT-06-L", text="Livres"),
        ),
        sale_refund("L03", "parc", "2026-03-05", goods(64, "OUT-21-L"), corrects="L01"),
        bill("L04", "ardennen", "2026-01-15", cost("Chêne", "604000", 812.4, "IN-V81-21")),
        bill("L05", "telecom", "2026-02-12", cost("Internet", "616200", 59.9, "IN-V82-21-S")),
    ),
    later=(
        sale("L06", "zonnewende", "2026-06-22", goods(420, "OUT-21-L", text="Tables")),
        sale("L07", "parc", "2026-06-23", goods(96.5, "OUT-21-L", text="Étagère")),
        bill("L08", "ardennen", "2026-06-24", cost("Noyer", "604000", 377.2, "IN-V81-21")),
    ),
    left=sale("L09", "papyrus", "2026-06-29", goods(58, "OUT-21-L", text="Tabouret")),
)
BY_SFTP = Small(
    key="ubl_sftp",
    values={
        "name": "Drukkerij Claeys BV",
        "street": "Handelskaai 27",
        "zip": "8500",
        "city": "Kortrijk",
        "vat": "BE0999999229",
        "phone": "+32 56 00 00 00",
    },
    iban="BE35999900011237",
    email="facturen@claeys.example",
    past=(
        sale("C01", "korenbloem", "2026-01-12", goods(380, "OUT-21-L", text="Dozen")),
        sale(
            "C02",
            "papyrus",
            "2026-02-16",
            goods(2400, "OUT-06-L", text="Boeken"),
            goods(150, "OUT-21-L", text="Affiches"),
        ),
        sale_refund("C03", "korenbloem", "2026-03-10", goods(38, "OUT-21-L"), corrects="C01"),
    ),
    later=(
        sale("C04", "zonnewende", "2026-06-22", goods(275, "OUT-06-L", text="Folders")),
        sale_refund("C05", "papyrus", "2026-06-24", goods(24, "OUT-06-L"), corrects="C02"),
    ),
    e_invoices=_e_invoices("E01", "E05"),
)
SMALL = {small.key: small for small in (BY_MAIL, BY_SFTP)}


class SmallCompany(DemoCompany):
    """One of these, made as the demo company is."""

    def __init__(self, env, key: str):
        self.small = small = SMALL[key]
        self.values, self.iban, self.email = small.values, small.iban, small.email
        self.past, self.later = small.past, small.later
        named = {document.partner for document in (*small.past, *small.later)}
        self.partners = tuple(one for one in PARTNERS if one.key in named)
        super().__init__(env, key, papers=True)

    def e_invoices(self):
        return list(self.small.e_invoices)

    def _make_centres(self):
        """It has none."""

    def _make_currencies(self):
        """Everything is in euro."""
