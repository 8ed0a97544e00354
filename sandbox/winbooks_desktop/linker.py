"""The import, as the program beside WinBooks runs it.

Log in, open a folder, open a book year, set files, default period and fields to ignore; then test,
give each warning a resolution, and execute. Calls answer with a number, 0 when all is well.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..kit.matching import delete_booking
from . import files, layout
from .booking import entry_of
from .codes import ACCEPT, BLANK, IGNORE, REPLACE, Finding
from .documents import ActDocument, DocumentTest
from .folder import Folder, UnknownFolder, third_key
from .records import Reader, Record
from .seed import PASSWORD, USER
from .thirds import SentThird, ThirdTest

# Answers of open_folder, open_book_year and execute.
OK = 0
NOT_LOGGED_IN, WRONG_PASSWORD, NO_SUCH_FOLDER, FOLDER_LOCKED = 3, 4, 5, 6
NO_FOLDER, NO_BOOK_YEAR, NO_SUCH_BOOK_YEAR = 1, 2, 3
NOT_TESTED, UNRESOLVED, FATAL_ERRORS, OUT_OF_STEP = 1, 2, 3, 4
EXECUTED = {
    OK: "executed",
    NOT_TESTED: "not tested",
    UNRESOLVED: "warnings without a resolution",
    FATAL_ERRORS: "fatal errors",
    OUT_OF_STEP: "resolutions out of step with the test",
}
Answers = Mapping[str, int]


@dataclass
class Tested:
    """What a test found."""

    findings: list[Finding] = field(default_factory=list)
    documents: list[ActDocument] = field(default_factory=list)
    thirds: list[SentThird] = field(default_factory=list)

    @property
    def fatal(self) -> list[Finding]:
        """What stops the import."""
        return [finding for finding in self.findings if finding.is_fatal]

    @property
    def warnings(self) -> list[tuple[int, Finding]]:
        """What wants an answer, with its number."""
        return [
            (number, finding)
            for number, finding in enumerate(self.findings, 1)
            if finding.is_warning
        ]

    def as_data(self) -> list[dict[str, Any]]:
        """The findings as plain data."""
        return [finding.as_data(number) for number, finding in enumerate(self.findings, 1)]


@dataclass
class Linker:
    """One run of the program. ``folders`` gives a folder by its short name; ``locked`` tells that
    somebody else has it."""

    folders: Any
    switches: Mapping[str, Any]
    locked: Any = None
    user: str = ""
    folder: Folder | None = None
    book_year: int = 0
    period: int = 1
    ignored: frozenset[str] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)
    tested: Tested | None = None
    answers: dict[str, int] = field(default_factory=dict)

    def log_in(self, user: str = USER, password: str = PASSWORD) -> int:
        """0, or 4 for a wrong password."""
        if (user.upper(), password) != (USER, PASSWORD):
            return WRONG_PASSWORD
        self.user = user
        return OK

    def open_folder(self, short: str) -> int:
        """0, or 3 not logged in, 5 not found, 6 locked."""
        if not self.user:
            return NOT_LOGGED_IN
        try:
            folder = self.folders(short)
        except UnknownFolder:
            return NO_SUCH_FOLDER
        if self.locked is not None and self.locked(folder.administration):
            return FOLDER_LOCKED
        self.folder = folder
        return OK

    def open_book_year(self, named: str | int) -> int:
        """By short name or rank: 0, or 1 no folder, 2 no book year named, 3 not found."""
        if self.folder is None:
            return NO_FOLDER
        if not named:
            return NO_BOOK_YEAR
        try:
            self.book_year = self.folder.year_named(named)["number"]
        except UnknownFolder:
            return NO_SUCH_BOOK_YEAR
        return OK

    def set(
        self, content: Mapping[str, bytes], period: int = 1, ignored: Iterable[str] = ()
    ) -> None:
        """Files, default period, and fields of ACT that are read as if they were empty."""
        self.files, self.period = dict(content), int(period)
        self.ignored, self.tested = frozenset(ignored), None

    def test(self) -> Tested:
        """Look at the files; nothing is booked. Raises ``NothingToRead``."""
        self.tested = self._test()
        self.answers = {}
        return self.tested

    def resolve(self, answers: Answers) -> None:
        """Answers by code, or by the number of a finding, which goes before its code."""
        self.answers.update({str(name): int(answer) for name, answer in answers.items()})

    def execute(self) -> int:
        """Book what was tested: 0, or 1 not tested, 2 warnings without an answer, 3 fatal errors,
        4 answers that do not fit the test, or a folder that is no more as it was tested."""
        if self.tested is None or self.folder is None:
            return NOT_TESTED
        if self.tested.fatal:
            return FATAL_ERRORS
        if not self._answers_fit():
            return OUT_OF_STEP
        if any(not self.answer(number, one) for number, one in self.tested.warnings):
            return UNRESOLVED
        now = self._test()
        if now.as_data() != self.tested.as_data():
            self.tested = now
            return OUT_OF_STEP
        self.tested = now
        with self.folder.store.transaction():
            self._book()
        return OK

    def answer(self, number: int, finding: Finding) -> int:
        """The answer to a finding, 0 where there is none."""
        return self.answers.get(str(number), self.answers.get(finding.code, 0))

    # Testing

    def _test(self) -> Tested:
        if self.folder is None or not self.book_year:
            raise UnknownFolder("open a folder and a book year first")
        act, csf, notes = files.choose(self.files)
        known = self.folder.known(self.book_year)
        third_reader = self._reader("CSF", layout.CSF, layout.CSF_COUNTS)
        third_test = ThirdTest(known, self.switches)
        sent = third_reader.records(csf)
        thirds = third_test.run(sent)
        reader = self._reader("ACT", layout.ACT, layout.ACT_COUNTS)
        records = [self._without_ignored(record) for record in reader.records(act)]
        document_test = DocumentTest(
            known,
            self.book_year,
            self.period,
            self.switches,
            frozenset(third_key(one.text("TYPE"), one.text("NUMBER")) for one in sent),
            frozenset((one.line, one.field) for one in reader.findings if one.is_fatal),
        )
        documents = document_test.run(records)
        found = [
            *notes,
            *by_line(third_reader.findings + third_test.findings),
            *by_line(reader.findings + document_test.findings),
        ]
        return Tested(found, documents, thirds)

    def _reader(
        self, name: str, fields: tuple[layout.Field, ...], counts: tuple[int, int]
    ) -> Reader:
        return Reader(name, fields, counts, self.switches)

    def _without_ignored(self, record: Record) -> Record:
        if not self.ignored:
            return record
        kept = {name: value for name, value in record.values.items() if name not in self.ignored}
        return Record(record.file, record.line, kept)

    def _answers_fit(self) -> bool:
        tested = self.tested
        by_number = {str(number): finding for number, finding in enumerate(tested.findings, 1)}
        for name, answer in self.answers.items():
            about = (
                [by_number[name]]
                if name in by_number
                else [finding for finding in tested.findings if finding.code == name]
            )
            if not about or any(answer and answer not in one.answers for one in about):
                return False
        return True

    # Booking

    def _book(self) -> None:
        answers = {
            (finding.code, finding.subject): self.answer(number, finding)
            for number, finding in self.tested.warnings
        }
        of_lines = {
            (finding.code, finding.line): self.answer(number, finding)
            for number, finding in self.tested.warnings
            if finding.file == "CSF"
        }
        for third in self.tested.thirds:
            self._keep_third(third, of_lines)
        for (code, subject), _answer in answers.items():
            if code == "ACC_MISS":
                self._add_blank(subject)
        known = self.folder.known(self.book_year)
        for document in self.tested.documents:
            if IGNORE in (
                answers.get(("DOC_NUM", document.key)),
                answers.get(("DOC_SIM", document.key)),
            ):
                continue
            self._post(document, known, answers.get(("DOC_NUM", document.key)))

    def _keep_third(self, third: SentThird, answers: Mapping[tuple[str, int], int]) -> None:
        changed = answers.get(("ACC_MOD", third.line))
        if changed and changed != REPLACE:
            return
        record = dict(third.record)
        for code, name in (("BKC_ERR", "BNKACCNT"), ("LANG_ERR", "LANG")):
            if answers.get((code, third.line)) == BLANK:
                record.pop(name, None)
        if changed or self.folder.third(third.kind, third.number) is None:
            self.folder.save_third(third.kind, third.number, record)

    def _add_blank(self, subject: str) -> None:
        kind, _slash, number = subject.partition("/")
        if kind == "account":
            self.folder.save_account(self.book_year, number, {"nl": "", "fr": ""})
        elif self.folder.third(kind, number) is None:
            self.folder.save_third(kind, number, {})

    def _post(self, document: ActDocument, known: Any, answer: int | None) -> None:
        entry = entry_of(document, known, self.switches)
        there = self.folder.document(*document.place)
        if there and answer == REPLACE:
            delete_booking(self.folder, *document.place, release_number=False)
            there = None
        if there and answer == ACCEPT:
            self.folder.add_lines(there, entry.lines)
        else:
            self.folder.post(entry.document, entry.lines)
        if self.switches["files_beside"]:
            self._attach(document)

    def _attach(self, document: ActDocument) -> None:
        """Files whose names begin as the archive's do: journal, period, number."""
        head = self.folder.document(*document.place)
        start = f"{document.journal}_{document.period:02}_"
        for name, content in self.files.items():
            rest = name.upper().removeprefix(start)
            number = rest.partition(".")[0].partition("_")[0]
            if rest != name.upper() and number.isdigit() and int(number) == document.number:
                self.folder.attach(head["id"], name, content)


def by_line(findings: Iterable[Finding]) -> list[Finding]:
    """In the order of the file."""
    return sorted(findings, key=lambda finding: finding.line)


def guess(folder: Folder, content: Mapping[str, bytes], switches: Mapping[str, Any]) -> tuple:
    """Book year and period that an operator would open for these files: those the first line
    names, else those of its date; the last of the folder where nothing tells."""
    act, _csf, _notes = files.choose(content)
    records = Reader("ACT", layout.ACT, layout.ACT_COUNTS, switches).records(act)
    years = folder.book_years()
    first = next(iter(records), None)
    if first is None:
        return years[-1]["number"], 1
    number = layout.number_of(first.text("BOOKYEAR").strip())
    day = first["DATE"] or first["DATEDOC"] or ""
    year = next(
        (row for row in years if row["number"] == number),
        next((row for row in years if row["start"] <= day <= row["finish"]), years[-1]),
    )
    period = next(
        (
            row["number"]
            for row in folder.periods(year["number"])
            if row["start"] <= day <= row["finish"]
        ),
        1,
    )
    return year["number"], period


def answers_of(text: str) -> dict[str, int]:
    """Answers as they are stored."""
    return {str(name): int(value) for name, value in json.loads(text or "{}").items()}
