"""Any sound document: kinds, VAT of every sort, currencies, several lines, lines that reduce it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st
from odoo.addons.accountable_connect.documents import Document, Line, Party
from odoo.addons.accountable_connect.documents.document import KINDS
from odoo.addons.accountable_connect_winbooks.api.folder import Folder, Period, VatCode
from odoo.addons.accountable_connect_winbooks.api.options import (
    DEDUCTIBLE_PART,
    NEGATIVE,
    POSITIVE,
    WHOLE_VAT,
    Options,
)

from .entries import CENT, DAY, delivery, document, given_to

# What people type in names and texts, and what goes wrong in files.
TEXTS = st.text(
    st.one_of(
        st.sampled_from("abcdeXYZ 019,;\"'\t\r\n\x00\x1aéëçñß€œ“”–…łőșΑθήνα日本🧾👩‍💻\u200b\u2028"),
        st.characters(codec="utf-8"),
    ),
    max_size=90,
)
CENTS = st.one_of(st.integers(1, 99), st.integers(100, 10**6), st.integers(10**9, 10**13 - 1))
RATES = {"EUR": Decimal(1), "USD": Decimal("1.0850"), "JPY": Decimal("161.23"),
         "GBP": Decimal("0.8532"), "KWD": Decimal("0.333"), "IDR": Decimal("17250.5")}  # fmt: skip


@dataclass(frozen=True)
class Vat:
    """A VAT code of a folder; ``owed``: reverse charge, ``share``: what of the VAT is deducted."""

    code: str
    rate: int
    owed: bool = False
    share: int = 100


SOLD = [Vat("211400", 21), Vat("211200", 6), Vat("221000", 0), Vat("212000", 0)]
BOUGHT = [
    Vat("112104", 21), Vat("112102", 6), Vat("113304", 21, owed=True), Vat("112504", 21, share=50),
    Vat("112903", 12, share=0), Vat("122604", 21, owed=True, share=35), Vat("121101", 0),
]  # fmt: skip


FOLDER = Folder(
    journals={"VEN": "2", "ACH": "0", "NCV": "3", "NCA": "1"},
    vat_codes={
        vat.code: VatCode(code=vat.code, rate=Decimal(vat.rate)) for vat in (*SOLD, *BOUGHT)
    },
    accounts=frozenset({"700000", "700100", "600000", "610000"}),
    periods=(
        Period(
            date_from=date(2026, 3, 1),
            date_to=date(2026, 3, 31),
            rank="03",
            book_year="2026",
            year_rank="A",
        ),
    ),
)


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@st.composite
def lines(draw, is_sale, rate):
    vat = draw(st.sampled_from([*(SOLD if is_sale else BOUGHT), None]))
    base = Decimal(draw(CENTS)) / 100 * draw(st.sampled_from([1, 1, 1, -1]))
    # a cent beside base × rate now and then, as Odoo rounds per line or per document
    beside = draw(st.sampled_from([0, 0, 0, 1, -1])) * CENT if vat and vat.rate else Decimal(0)
    tax = rounded(base * vat.rate / 100) + beside if vat else Decimal(0)
    share = vat.share if vat and not is_sale else 0
    amounts = {
        "base": base,
        "vat_invoiced": Decimal(0) if vat and vat.owed else tax,
        "vat_owed": tax if vat and vat.owed else Decimal(0),
        "vat_deductible": rounded(tax * share / 100),
    }
    company = {f"{name}_company": rounded(value / rate) for name, value in amounts.items()}
    account = draw(st.sampled_from(["700000", "700100"] if is_sale else ["600000", "610000"]))
    text = draw(TEXTS)
    return Line(ledger_account=account, vat_code=vat and vat.code, text=text, **amounts, **company)


@st.composite
def documents(draw, number: int, kinds=KINDS) -> Document:
    kind = draw(st.sampled_from(kinds))
    is_sale = kind.startswith("sale")
    currency = draw(st.sampled_from(sorted(RATES)))
    rate = RATES[currency]
    of_document = draw(st.lists(lines(is_sale, rate), min_size=1, max_size=6))
    late = draw(st.sampled_from([0, 0, 40]))
    return document(
        kind,
        number,
        *of_document,
        party=Party(external_number=1, name=draw(TEXTS), street=draw(TEXTS), city=draw(TEXTS),
                    country=draw(st.sampled_from(["BE", "NL", "GR", ""]))),
        currency=currency,
        rate=rate,
        document_date=DAY - timedelta(days=late),
        communication=draw(st.sampled_from(["", "+++090/9337/55493+++"])),
        text=draw(TEXTS),
    )  # fmt: skip


OPTIONS = st.builds(
    Options,
    second_leg=st.booleans(),
    partly_deductible=st.sampled_from([DEDUCTIBLE_PART, WHOLE_VAT]),
    credit_note_base=st.sampled_from([POSITIVE, NEGATIVE]),
    operation_code=st.sampled_from(["FIXED", ""]),
)


def is_writable(built: Document) -> bool:
    """Not one that comes to zero: it is refused, as another test says."""
    return bool(built.total_company)


@st.composite
def batches(draw):
    """Deliveries of one period, with customers and suppliers in common."""
    count = draw(st.integers(1, 4))
    built = [draw(documents(number + 1).filter(is_writable)) for number in range(count)]
    thirds = [draw(st.sampled_from(["CLIENT", "0477472701", "X"])) for _one in built]
    ranks = draw(st.sampled_from([{}, {"book_year": "A", "period": "03"}]))
    return [
        delivery(one, given_to(one, third, **ranks))
        for one, third in zip(built, thirds, strict=True)
    ]
