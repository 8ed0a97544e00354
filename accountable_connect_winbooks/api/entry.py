"""The lines of one document: its third, its costs or revenues, its VAT.

Signs are those of the books: debit positive. A sale debits the customer and credits the revenue, a
purchase the other way, credit notes the reverse of either. VATBASE goes by the journal instead:
an ordinary document has positive bases in every journal (in those of credit notes an office may
have them negative), a line that reduces its document reduces its base.

**What balances.** The third bears base and invoiced VAT; every cost its base and the VAT that is
not deducted; a VAT line what is deducted; where we owe the VAT, an opposite line the whole of it::

    sale      third (B + V) = base B + VAT V
    purchase  third (B + V) = base (B + V - d) + VAT d
    owed      third B       = base (B + V - d) + VAT d - owed V

With ``Options.second_leg`` off, WinBooks adds the opposite of each flagged VAT line of such a code,
so the file lacks exactly that: the documents are out of balance by the sum of those VAT lines, and
what we owe beyond them (the part that is not deducted) is still written, as nothing there would
mirror it.

With ``partly_deductible=WHOLE_VAT`` d is V on every purchase whose code is not known to be
deductible in full: the costs are written bare, and WinBooks itself moves what its code does not
deduct.

**VAT that is not deductible at all** leaves no amount for a VAT line, and one of 0.00 is refused.
The cost bears base and VAT, and a line of type 4 carries the code with its base, so that it
reaches the return. That is inferred from how 0 % codes are written; no source shows it.

**VAT that became cost under a code that WinBooks deducts in full** (somebody moved it by hand): the
base of the return includes VAT that is not deducted, and such a code adds none by itself. VATBASE
holds it, as an accountant would type it. Where we owe the VAT, such a document is refused: WinBooks
counts what is owed by the VAT line, which has the deducted part, and would declare too little.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Document,
    Line,
)
from odoo.addons.accountable_connect.documents.amounts import ZERO

from . import folder as types
from .folder import DEDUCTIBLE_IN_FULL, UNKNOWN, Folder
from .given import Given
from .layout import ACT
from .options import NEGATIVE, WHOLE_VAT, Options
from .text import record, shortened, split_in_two

EURO = "EUR"
# Why a document cannot be written at all.
REFUSED = frozenset(
    {
        "currency_decimals",
        "not_in_euro",
        "owed_vat_account",
        "owed_vat_not_deducted",
        "vat_without_code",
        "zero_total",
    }
)
# More are refused as DEC_ERR.
DECIMALS = 2
CUSTOMER, SUPPLIER, GENERAL, WITHOUT_TAX = "1234"
DBKTYPES = {
    PURCHASE: types.PURCHASE,
    PURCHASE_REFUND: types.PURCHASE_REFUND,
    SALE: types.SALE,
    SALE_REFUND: types.SALE_REFUND,
}
# The sign of the third's line where the document's amounts are positive.
SIGNS = {SALE: 1, SALE_REFUND: -1, PURCHASE: -1, PURCHASE_REFUND: 1}
WIDTHS = {field.name: field.width for field in ACT}


@dataclass(frozen=True, slots=True)
class Amounts:
    """One amount in euro and in the currency of the document, relative to its kind."""

    euro: Decimal = ZERO
    currency: Decimal = ZERO

    def __add__(self, other):
        return Amounts(self.euro + other.euro, self.currency + other.currency)

    def __sub__(self, other):
        return Amounts(self.euro - other.euro, self.currency - other.currency)

    def __neg__(self):
        return Amounts(-self.euro, -self.currency)


NOTHING = Amounts()


@dataclass(slots=True)
class Total:
    """Of one VAT code: ``tax`` on the VAT line, ``owed`` what we owe by it."""

    base: Amounts = NOTHING
    tax: Amounts = NOTHING
    owed: Amounts = NOTHING


def third_type(document: Document) -> str:
    return CUSTOMER if document.is_sale else SUPPLIER


def act_lines(
    document: Document, given: Given, options: Options, folder: Folder = UNKNOWN
) -> list[bytes]:
    """The records of a document, third first, no two of them equal in every field.

    :raises DataRefusedError: it cannot be written: one of ``REFUSED``, or a value for its field.
        ``values`` has its ``document``, ``journal``, ``number`` and ``third``
    """
    try:
        return _distinct(Entry(document, given, options, folder).records())
    except DataRefusedError as error:
        error.values |= named(document, given)
        raise


def named(document: Document, given: Given) -> dict[str, str]:
    """What the sentence of a refusal may name, whatever it is about."""
    return {
        "document": document.number,
        "journal": document.journal,
        "number": given.number,
        "third": given.third,
        "file": "ACT",
    }


def _distinct(records):
    """Readers take lines that are equal in every field for one."""
    seen, result = {}, []
    for values in records:
        line, count = record(ACT, values), 1
        while line in seen:
            count += 1
            mark = f" ({count})"
            text = shortened(values.get("COMMENT"), WIDTHS["COMMENT"] - len(mark))
            line = record(ACT, {**values, "COMMENT": f"{text}{mark}"})
        seen[line] = True
        result.append(line)
    return result


class Entry:
    """A document on its way into records."""

    def __init__(self, document: Document, given: Given, options: Options, folder: Folder):
        self.document = document
        self.given = given
        self.options = options
        self.folder = folder
        self.sign = SIGNS[document.kind]
        negative = document.is_refund and options.credit_note_base == NEGATIVE
        self.base_sign = -1 if negative else 1
        self.is_foreign = document.currency != EURO
        self.heading = self._heading()
        self._refuse()

    def records(self) -> list[dict]:
        bases = list(self._bases())
        totals = self._totals()
        vat, without_tax = [], []
        for code, total in totals.items():
            vat += self._vat_lines(code, total)
            if not total.tax.euro and total.base.euro:
                without_tax.append(self._without_tax(code, total))
        self._settle_currency(bases, vat)
        return [self._third(), *bases, *vat, *without_tax]

    # What cannot be written

    def _refuse(self):
        document = self.document
        if document.company_currency != EURO:
            raise self._refused("not_in_euro", currency=document.company_currency)
        if document.currency_decimals > DECIMALS and not all(
            map(_has_two_decimals, document.lines)
        ):
            raise self._refused("currency_decimals", currency=document.currency)
        if not document.total_company:
            raise self._refused("zero_total")
        for line in document.lines:
            if not line.vat_code and (_invoiced(line).euro or _owed(line).euro):
                raise self._refused("vat_without_code", account=line.ledger_account)
        for code, total in self._totals().items():
            missing = total.owed.euro - total.tax.euro
            if total.owed.euro and missing and self._is_deducted_in_full(code):
                raise self._refused("owed_vat_not_deducted", vat_code=code, value=missing)

    def _refused(self, code, **values):
        return DataRefusedError(f"{self.document.number}: {code}", code=code, values=values)

    # Lines

    def _heading(self):
        """What tells the document on every line without a text of its own: a supplier's own number
        stands on the paper, so it comes first. What does not fit is left out by whole words: half
        a number or date would be another one."""
        document = self.document
        text = document.text or document.number
        if not document.is_sale and document.reference not in ("", *text.split(" / ")):
            text = f"{document.reference} / {text}"
        return split_in_two(text, WIDTHS["COMMENT"])[0].removesuffix(" /")

    def _line(self, doctype, amounts=NOTHING, *, sign=1, **values):
        document, given = self.document, self.given
        written = self.options.book_year_and_period
        line = {
            "DOCTYPE": doctype,
            "DBKCODE": document.journal,
            "DBKTYPE": DBKTYPES[document.kind],
            "DOCNUMBER": given.number,
            "BOOKYEAR": given.book_year if written else "",
            "PERIOD": given.period if written else "",
            "DATE": document.accounting_date,
            "DATEDOC": document.document_date,
            "COMMENT": self.heading,
            "AMOUNT": ZERO,
            "AMOUNTEUR": sign * amounts.euro,
            "VATBASE": ZERO,
            "VATTAX": ZERO,
        }
        if self.is_foreign:
            line["CURRAMOUNT"] = sign * amounts.currency
            line["CURRCODE"] = document.currency
            line["CURRATE"] = document.rate
        return {**line, **values}

    def _third(self):
        """One line for the whole, whatever its instalments: it is due when the last of them is."""
        document, options = self.document, self.options
        base, tax = NOTHING, NOTHING
        for line in document.lines:
            base += _base(line)
            tax += _invoiced(line)
        amounts = Amounts(document.total_company, document.total)
        account = options.customer_account if document.is_sale else options.supplier_account
        return self._line(
            third_type(document),
            amounts,
            sign=self.sign,
            ACCOUNTGL=account,
            ACCOUNTRP=self.given.third,
            DUEDATE=document.due_date,
            COMMENTEXT=self._external_text(),
            VATTAX=self.base_sign * tax.euro,
            **self._vat_base(base),
        )

    def _external_text(self):
        """The structured communication goes to what is to be paid: not to the opposite of a sale,
        whose entry has it already and is paid by it. A credit note of ours says here what it
        corrects: in COMMENT that is what is cut."""
        document = self.document
        if document.communication and document.origin_number == document.number:
            return document.origin_number
        return document.communication or document.reference or document.origin_number

    def _bases(self) -> Iterator[dict]:
        for line in self.document.lines:
            amounts = _base(line) + _vat(line) - self._vat_line_share(line)
            if amounts.euro:
                yield self._line(
                    GENERAL,
                    amounts,
                    sign=-self.sign,
                    ACCOUNTGL=line.ledger_account,
                    COMMENT=line.text or self.heading,
                    VATIMPUT=line.vat_code,
                )

    def _totals(self) -> dict[str, Total]:
        """By VAT code, in the order in which the lines use them."""
        totals: dict[str, Total] = {}
        for line in self.document.lines:
            if line.vat_code:
                total = totals.setdefault(line.vat_code, Total())
                total.base += self._base_of_return(line)
                total.tax += self._vat_line_share(line)
                total.owed += _owed(line)
        return totals

    def _base_of_return(self, line) -> Amounts:
        base = _base(line)
        if self._is_deducted_in_full(line.vat_code):
            base += _vat(line) - self._vat_line_share(line)
        return base

    def _vat_line_share(self, line) -> Amounts:
        """What of the VAT of a line stands on the VAT line; the rest is its cost."""
        if self.document.is_sale:
            return _vat(line)
        whole = self.options.partly_deductible == WHOLE_VAT
        if whole and not self._is_deducted_in_full(line.vat_code):
            return _vat(line)
        return _deductible(line)

    def _is_deducted_in_full(self, vat_code) -> bool:
        """Whether it is known to be: WinBooks makes none of its VAT cost."""
        code = self.folder.vat_codes.get(vat_code)
        return bool(code) and not self.document.is_sale and code.deductible == DEDUCTIBLE_IN_FULL

    def _vat_lines(self, code, total) -> Iterator[dict]:
        options = self.options
        marks = {"DOCORDER": "VAT", "OPCODE": options.operation_code}
        account = options.deductible_vat_account
        if self.document.is_sale:
            account = options.owed_vat_account
        if total.tax.euro:
            yield self._line(
                GENERAL,
                total.tax,
                sign=-self.sign,
                ACCOUNTGL=account,
                VATCODE=code,
                **marks,
                **self._vat_base(total.base),
            )
        opposite = total.owed
        if opposite.euro and not options.second_leg:
            opposite = opposite - total.tax
        if opposite.euro:
            if not options.owed_vat_account:
                raise self._refused("owed_vat_account", vat_code=code)
            yield self._line(
                GENERAL, opposite, sign=self.sign, ACCOUNTGL=options.owed_vat_account, **marks
            )

    def _without_tax(self, code, total):
        return self._line(WITHOUT_TAX, VATCODE=code, **self._vat_base(total.base))

    def _vat_base(self, base: Amounts) -> dict:
        values = {"VATBASE": self.base_sign * base.euro}
        if self.is_foreign:
            values["CUREURBASE"] = self.base_sign * base.currency
        return values

    def _settle_currency(self, bases, vat):
        """What is left out because it is nothing in euro may be something in a weaker currency: the
        largest line takes it, so that the document adds up in both."""
        if not self.is_foreign or not self.options.second_leg:
            return
        lines = bases + vat
        rest = self.sign * self.document.total + sum((one["CURRAMOUNT"] for one in lines), ZERO)
        if rest and lines:
            largest = max(lines, key=lambda line: abs(line["AMOUNTEUR"]))
            largest["CURRAMOUNT"] -= rest


def _of(name: str) -> Callable[[Line], Amounts]:
    in_euro = f"{name}_company"

    def amounts(line):
        return Amounts(getattr(line, in_euro), getattr(line, name))

    return amounts


_base, _invoiced, _owed, _deductible = map(
    _of, ("base", "vat_invoiced", "vat_owed", "vat_deductible")
)


def _vat(line: Line) -> Amounts:
    """The whole VAT of a line, invoiced or owed by us."""
    return _invoiced(line) + _owed(line)


def _has_two_decimals(line: Line) -> bool:
    amounts = (line.base, line.vat_invoiced, line.vat_owed, line.vat_deductible)
    return all(amount == round(amount, DECIMALS) for amount in amounts)
