"""The documents of ACT, and what the test says of them.

A document is made of the lines that share journal, type, number, book year and period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ..kit.vat import VatCode
from . import layout
from .codes import Finding
from .folder import (
    ACCOUNT_LENGTH,
    CENTRAL_CLASSES,
    DEFAULT_CENTRALS,
    LOCKED,
    Known,
    role_of,
    third_key,
)
from .layout import CUSTOMER, GENERAL, SUPPLIER, ZERO_RATE, number_of, rank_of
from .records import Record
from .seed import CLOSING_ENTRIES, OPENING_ENTRIES
from .thirds import wrong_reference

ZERO = Decimal(0)
VAT_ORDER, FIXED = "VAT", "FIXED"
VAT_CLASSES = ("411", "451")


@dataclass
class ActDocument:
    """One document of the file."""

    journal: str
    kind: str
    number: int
    book_year: int
    period: int
    year: str
    records: list[Record] = field(default_factory=list)

    @property
    def key(self) -> str:
        """Type, journal, short name of the book year, number."""
        return f"{self.kind}/{self.journal}/{self.year}/{self.number}"

    @property
    def place(self) -> tuple[int, str, int]:
        """How the books name it."""
        return self.book_year, self.journal, self.number

    def of_type(self, *types: str) -> list[Record]:
        """Its lines of these types."""
        return [record for record in self.records if record.text("DOCTYPE") in types]


def is_vat(record: Record) -> bool:
    """A line of VAT: of a code, or its opposite where we owe the VAT. A line on any other account
    that names its code without a base is a cost or revenue."""
    if record.text("DOCTYPE") != GENERAL:
        return False
    if record.text("DOCORDER").strip().upper() == VAT_ORDER:
        return True
    account = record.text("ACCOUNTGL").strip()
    on_vat = not account or account.startswith(VAT_CLASSES)
    return bool(record.text("VATCODE").strip()) and (bool(record["VATBASE"]) or on_vat)


@dataclass
class DocumentTest:
    """The test of ACT against a folder. ``wrong``: lines and fields that could not be read;
    ``sent``: keys of the thirds that come along."""

    known: Known
    book_year: int
    period: int
    switches: Mapping[str, Any]
    sent: frozenset[str] = frozenset()
    wrong: frozenset[tuple[int, str]] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)

    def run(self, records: Iterable[Record]) -> list[ActDocument]:
        """The documents in the order of their first lines."""
        documents: dict[tuple, ActDocument] = {}
        kinds: dict[str, str] = {}
        for record in map(self._with_type, records):
            if not self._check_head(record, kinds):
                continue
            self._check_line(record)
            document = self._document_of(record)
            found = documents.setdefault(
                (*document.place, document.kind, document.period), document
            )
            found.records.append(record)
        for document in documents.values():
            self._check(document)
        self._check_numbers(list(documents.values()))
        return list(documents.values())

    def _say(self, code: str, record: Record, text: str, name: str = "", **more: Any) -> None:
        self.findings.append(Finding(code, text, record.file, record.line, name, **more))

    def _missing(self, record: Record, *names: str) -> bool:
        lacking = [name for name in names if not record[name] and not self._is_wrong(record, name)]
        for name in lacking:
            self._say("NOT_FILL", record, f"{name} is empty", name)
        return bool(lacking)

    def _is_wrong(self, record: Record, name: str) -> bool:
        return (record.line, name) in self.wrong

    # One line

    def _with_type(self, record: Record) -> Record:
        journal = self.known.journals.get(record.text("DBKCODE").upper())
        if record["DBKTYPE"] or journal is None or self.switches["without_type"] == "refuse":
            return record
        return Record(record.file, record.line, {**record.values, "DBKTYPE": journal["kind"]})

    def _check_head(self, record: Record, kinds: dict[str, str]) -> bool:
        """Whether it can be told which document it belongs to."""
        if self._missing(record, "DOCTYPE", "DBKCODE", "DBKTYPE", "DOCNUMBER"):
            return False
        if record["DOCTYPE"] not in (CUSTOMER, SUPPLIER, GENERAL, ZERO_RATE):
            self._say("FLD_MISS", record, f"There is no type {record['DOCTYPE']}", "DOCTYPE")
            return False
        number = record["DOCNUMBER"].strip()
        if not (number.isascii() and number.isdigit()):
            self._say("CAR_ERR", record, f"“{number}” is no number", "DOCNUMBER")
            return False
        return self._check_journal(record, kinds)

    def _check_journal(self, record: Record, kinds: dict[str, str]) -> bool:
        code, kind = record["DBKCODE"].upper(), record["DBKTYPE"]
        if code == "REOPEN":
            self._say("DBK_ERR", record, "REOPEN is reserved", "DBKCODE")
            return False
        if kind not in layout.KINDS:
            self._say("DBK_TYP2", record, f"There is no type {kind}", "DBKTYPE")
            return False
        if kinds.setdefault(code, kind) != kind:
            words = f"{code} has type {kinds[code]} on a line before"
            self._say("DBK_EMP", record, words, "DBKTYPE")
            return False
        journal = self.known.journals.get(code)
        if journal is None:
            self._say("DBK_MISS", record, f"There is no journal {code}", "DBKCODE")
            return False
        if journal["kind"] != kind:
            words = f"Journal {code} has type {journal['kind']}"
            self._say("DBK_TYP", record, words, "DBKTYPE")
            return False
        return True

    def _check_line(self, record: Record) -> None:
        kind = record["DOCTYPE"]
        self._missing(record, "DATEDOC")
        if kind in (CUSTOMER, SUPPLIER):
            self._check_third(record, kind)
        self._check_account(record)
        if kind == ZERO_RATE:
            self._missing(record, "VATCODE", "VATBASE")
            if record.amount("AMOUNTEUR"):
                self._say("DOC_BAL", record, "A base of type 4 carries an amount", "AMOUNTEUR")
        else:
            self._missing(record, "AMOUNTEUR")
        self._check_vat_code(record)
        self._check_currency(record)

    def _check_third(self, record: Record, kind: str) -> None:
        if self._missing(record, "ACCOUNTRP"):
            return
        number = record["ACCOUNTRP"]
        wrong = wrong_reference(number, self.switches["symbols"])
        if wrong:
            self._say(*wrong[:1], record, wrong[1], "ACCOUNTRP")
            return
        key = third_key(kind, number)
        if key not in self.known.thirds and key not in self.sent:
            self._say_once("ACC_MISS", record, f"There is no {role_of(kind)} {number}", key)

    def _say_once(self, code: str, record: Record, text: str, subject: str) -> None:
        if (code, subject) not in self.said:
            self.said.add((code, subject))
            self._say(code, record, text, subject=subject)

    def _check_account(self, record: Record) -> None:
        account, kind = record.text("ACCOUNTGL").strip(), record["DOCTYPE"]
        if not account:
            if kind == GENERAL and not record.text("VATCODE"):
                self._missing(record, "ACCOUNTGL")
            elif kind in CENTRAL_CLASSES and not self.known.central(DEFAULT_CENTRALS[kind]):
                words = f"There is no central account of a {role_of(kind)}"
                self._say("ACN_MIS", record, words, "ACCOUNTGL")
            return
        if len(account) != ACCOUNT_LENGTH:
            words = f"{account} has {len(account)} digits, the accounts here {ACCOUNT_LENGTH}"
            self._say("LEN_ACCO", record, words, "ACCOUNTGL")
        elif account not in self.known.accounts:
            words = f"There is no account {account}"
            if self.switches["absent_account"] == "fatal":
                self._say("ACN_MIS", record, words, "ACCOUNTGL")
            else:
                self._say_once("ACC_MISS", record, words, f"account/{account}")
        if kind in CENTRAL_CLASSES and not account.startswith(CENTRAL_CLASSES[kind]):
            words = f"{account} is no central account of a {role_of(kind)}"
            self._say("CID_ERR", record, words, "ACCOUNTGL")

    def _check_vat_code(self, record: Record) -> None:
        for name in ("VATCODE", "VATIMPUT"):
            named = record.text(name).strip()
            if not named or self.known.vat_code(named, side_of(record["DBKTYPE"])):
                continue
            words = f"There is no VAT code {named}"
            if name == "VATCODE" and record["DOCTYPE"] in (GENERAL, ZERO_RATE):
                self._say("FLD_MISS", record, words, name)
            else:
                self._say("", record, words, name)

    def _check_currency(self, record: Record) -> None:
        amount, rate = abs(record.amount("CURRAMOUNT")), record.amount("CURRATE")
        euro = abs(record.amount("AMOUNTEUR"))
        if not (amount and rate and euro and record.text("CURRCODE") not in ("", "EUR")):
            return
        # the rate has five decimals, and which way it goes is not told
        slack = Decimal("0.02") + max(amount, euro) / 10_000
        if min(abs(euro * rate - amount), abs(amount * rate - euro)) > slack:
            self._say("CUR_ERR", record, f"{rate} does not lead from {amount} to {euro}", "CURRATE")

    # Which document

    def _document_of(self, record: Record) -> ActDocument:
        rank, period = record.text("BOOKYEAR").strip(), record.text("PERIOD").strip()
        year = number_of(rank) if rank else self.book_year
        row = self.known.years.get(year or 0)
        return ActDocument(
            record["DBKCODE"].upper(),
            record["DBKTYPE"],
            int(record["DOCNUMBER"]),
            year or 0,
            (int(period) if period.isdigit() else -1) if period else self.period,
            row["data"]["short"] if row else rank,
        )

    # A whole document

    def _check(self, document: ActDocument) -> None:
        first = document.records[0]
        if not self._check_period(document, first):
            return
        self._check_structure(document, first)
        amounts_read = not any(self._is_wrong(one, "AMOUNTEUR") for one in document.records)
        balance = self._balance(document)
        if amounts_read and balance:
            words = f"Debit and credit of {document.key} differ {balance}"
            self._say("DOC_BAL", first, words, "AMOUNTEUR", subject=document.key)
        self._check_matching(document)
        if any(record["ISTEMP"] for record in document.records):
            self._say("DOC_SIM", first, f"{document.key} is a simulation", subject=document.key)
        there = self.known.documents.get(document.place)
        if there is not None and there != document.period:
            words = f"{document.key} is in period {there:02} already"
            self._say("DOC_EXI", first, words, "DOCNUMBER", subject=document.key)
        elif there is not None:
            words = f"{document.key} is there already"
            self._say("DOC_NUM", first, words, "DOCNUMBER", subject=document.key)

    def _balance(self, document: ActDocument) -> Decimal:
        total = sum((record.amount("AMOUNTEUR") for record in document.records), ZERO)
        if not total or self.switches["second_leg"] != "added":
            return total
        return total - sum((leg for *_line, leg in added_legs(document, self.known)), ZERO)

    def _check_period(self, document: ActDocument, first: Record) -> bool:
        rank, year = rank_of(document.book_year) if document.book_year else "", document.book_year
        words = ""
        if year not in self.known.years:
            words = f"There is no book year {first.text('BOOKYEAR')}"
        elif year != self.book_year:
            words = f"Book year {rank} is not the one that is opened"
        elif self.known.years[year]["closed"]:
            words = f"Book year {document.year} is closed"
        elif document.period in (layout.OPENING, layout.CLOSING):
            subtype = self.known.journals[document.journal]["data"]["subtype"]
            wanted = OPENING_ENTRIES if document.period == layout.OPENING else CLOSING_ENTRIES
            if subtype != wanted:
                words = f"Period {document.period:02} is not for journal {document.journal}"
        elif (year, document.period) not in self.known.periods:
            words = f"Book year {document.year} has no period {first.text('PERIOD')}"
        if words:
            self._say("LOCKPER", first, words, "PERIOD", subject=document.key)
            return False
        period = self.known.periods.get((year, document.period))
        if period and period["closed"]:
            code, state = (
                ("LOCKPER", "locked") if period["closed"] == LOCKED else ("DOC_LCK", "validated")
            )
            words = f"Period {document.period:02} of {document.year} is {state}"
            self._say(code, first, words, "PERIOD", subject=document.key)
        day = first["DATEDOC"]
        if period and day and not period["start"] <= day <= period["finish"]:
            words = f"{day} lies outside period {document.period:02} of {document.year}"
            self._say("OUT_DAT", first, words, "DATEDOC", subject=document.key)
        return True

    def _check_structure(self, document: ActDocument, first: Record) -> None:
        if document.kind not in layout.TRADE:
            if len(document.records) < 2:
                self._say("OPE_MIS", first, f"{document.key} is one line", subject=document.key)
            return
        mine, other = (
            (CUSTOMER, SUPPLIER) if document.kind in layout.SALES else (SUPPLIER, CUSTOMER)
        )
        for record in document.of_type(other):
            words = f"A line of a {role_of(other)} in journal {document.journal}"
            self._say("CID_ERR", record, words, "DOCTYPE", subject=document.key)
        thirds = document.of_type(mine)
        if len(thirds) != 1:
            words = f"{document.key} has {len(thirds)} lines of a {role_of(mine)}, one is wanted"
            self._say("OPE_MIS", first, words, "DOCTYPE", subject=document.key)
        if not document.of_type(GENERAL):
            words = f"{document.key} has no line on a general account"
            self._say("OPE_MIS", first, words, "DOCTYPE", subject=document.key)

    def _check_matching(self, document: ActDocument) -> None:
        sets: dict[tuple, list[Record]] = {}
        for record in document.records:
            if record.text("MATCHNO") and record["ISMATCHED"]:
                of = (record.text("ACCOUNTGL"), record.text("ACCOUNTRP"), record["MATCHNO"])
                sets.setdefault(of, []).append(record)
        for records in sets.values():
            if sum((record.amount("AMOUNTEUR") for record in records), ZERO):
                words = f"What is matched as {records[0]['MATCHNO']} is not zero"
                self._say("MAT_ERR", records[0], words, "MATCHNO", subject=document.key)

    # The numbers of the journals

    def _check_numbers(self, documents: list[ActDocument]) -> None:
        periods: dict[tuple, int] = {}
        journals: dict[tuple[int, str], list[ActDocument]] = {}
        for document in documents:
            if document.book_year != self.book_year:
                continue
            before = periods.setdefault(document.place, document.period)
            if before != document.period:
                words = f"{document.key} is in period {before:02} of the same file"
                self._say("DOC_EXI", document.records[0], words, "DOCNUMBER", subject=document.key)
            journals.setdefault((document.book_year, document.journal), []).append(document)
        for of, found in journals.items():
            self._check_sequence(of, found)

    def _check_sequence(self, of: tuple[int, str], documents: list[ActDocument]) -> None:
        there = {number for *place, number in self.known.documents if tuple(place) == of}
        numbers = there | {document.number for document in documents}
        least = min(numbers)
        for document in documents:
            if document.number > least and document.number - 1 not in numbers:
                words = f"{document.number - 1} is missing in journal {document.journal}"
                self._say(
                    "SEQ_RUPT", document.records[0], words, "DOCNUMBER", subject=document.journal
                )
                return


def side_of(kind: str) -> bool | None:
    """Whose VAT codes a type of journal takes: sales, purchases, or both."""
    return kind in layout.SALES if kind in layout.TRADE else None


def code_of(record: Record, document: ActDocument, known: Known) -> VatCode | None:
    """The VAT code that a line of VAT carries. Where both lines of VAT that we owe bear it, only
    the deductible one does."""
    named = record.text("VATCODE").strip()
    if not (named and is_vat(record)):
        return None
    code = known.vat_code(named, side_of(document.kind))
    if code is None or not code.card(document.kind in layout.REFUNDS).reverse_charge:
        return code
    amount = record.amount("AMOUNTEUR")
    twin = any(
        other.text("VATCODE").strip() == named and other.amount("AMOUNTEUR") == -amount
        for other in document.records
        if other is not record
    )
    natural = -1 if document.kind in layout.REFUNDS else 1
    if record.amount("VATBASE") < 0:
        natural = -natural
    return None if twin and amount * natural < 0 else code


def added_legs(document: ActDocument, known: Known) -> Iterator[tuple[Record, VatCode, Decimal]]:
    """The lines of VAT that we owe, with their code and amount: its opposite is due."""
    for record in document.records:
        code = code_of(record, document, known)
        if code and code.card(document.kind in layout.REFUNDS).reverse_charge:
            yield record, code, record.amount("AMOUNTEUR")
