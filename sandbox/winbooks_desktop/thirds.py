"""The customers and suppliers of CSF, and what the test says of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import layout
from .codes import Finding
from .folder import ACCOUNT_LENGTH, CENTRAL_CLASSES, Known, role_of, third_key
from .records import Record

LANGUAGES = ("F", "N", "E", "D")
BELGIAN = ("", "BE")
LIABLE = "1"
_BELGIAN_ACCOUNT = re.compile(r"(\d{3})-(\d{7})-(\d{2})")


@dataclass(frozen=True)
class SentThird:
    """A record of a customer or supplier as it will be kept."""

    kind: str
    number: str
    record: dict[str, str]
    line: int

    @property
    def key(self) -> str:
        """How the books name it."""
        return third_key(self.kind, self.number)


@dataclass
class ThirdTest:
    """The test of CSF against a folder."""

    known: Known
    switches: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)

    def run(self, records: Iterable[Record]) -> list[SentThird]:
        """The records, in their order."""
        found: list[SentThird] = []
        last: dict[str, Mapping[str, Any]] = dict(self.known.thirds)
        for record in records:
            third = self._checked(record)
            if third is None:
                continue
            before = last.get(third.key)
            changed = before is not None and sorted(
                name
                for name in layout.OF_A_THIRD
                if third.record.get(name, "") != before.get(name, "")
            )
            if changed:
                words = (
                    f"{third.number} differs from the record that is there: {', '.join(changed)}"
                )
                self._say("ACC_MOD", record, words, changed[0], subject=third.key)
            last[third.key] = third.record
            found.append(third)
        return found

    def _say(self, code: str, record: Record, text: str, name: str, **more: Any) -> None:
        self.findings.append(Finding(code, text, record.file, record.line, name, **more))

    def _checked(self, record: Record) -> SentThird | None:
        number, kind = record.text("NUMBER"), record.text("TYPE")
        for name, value in (("NUMBER", number.strip()), ("TYPE", kind)):
            if not value:
                self._say("NOT_FILL", record, f"{name} is empty", name)
                return None
        wrong = wrong_reference(number, self.switches["symbols"])
        if wrong:
            self._say(wrong[0], record, wrong[1], "NUMBER")
            return None
        if kind not in CENTRAL_CLASSES:
            self._say("FLD_MISS", record, f"There is no type {kind}", "TYPE")
            return None
        key = third_key(kind, number)
        kept = {
            name: str(record[name]) for name in layout.OF_A_THIRD if record[name] not in (None, "")
        }
        if not record.text("NAME1").strip():
            self._say("NAM_ERR", record, f"{number} has no name", "NAME1", subject=key)
        self._check_accounts(record, kind)
        self._check_vat(record, kept)
        self._check_tables(record, key)
        return SentThird(kind, number, kept, record.line)

    def _check_accounts(self, record: Record, kind: str) -> None:
        for name in ("DEFLTPOST", "CENTRAL"):
            account = record.text(name).strip()
            if not account:
                continue
            if len(account) != ACCOUNT_LENGTH:
                words = f"{account} has {len(account)} digits, the accounts here {ACCOUNT_LENGTH}"
                self._say("LEN_ACCO", record, words, name)
            elif account not in self.known.accounts:
                fatal = self.switches["absent_account"] == "fatal"
                words, code = f"There is no account {account}", "ACN_MIS" if fatal else "ACC_MISS"
                self._say(code, record, words, name, subject=f"account/{account}")
            if name == "CENTRAL" and not account.startswith(CENTRAL_CLASSES[kind]):
                words = f"{account} is no central account of a {role_of(kind)}"
                self._say("CID_ERR", record, words, name)

    def _check_vat(self, record: Record, kept: dict[str, str]) -> None:
        """A VAT number that is not right is lost; which code tells so is not on record."""
        number = record.text("VATNUMBER").strip()
        if not number:
            return
        words = ""
        if record.text("VATCAT") != LIABLE:
            words = f"VATCAT is not 1: the VAT number {number} is lost"
        elif record.text("COUNTRY").strip().upper() in BELGIAN and not is_belgian_number(number):
            words = f"{number} is no Belgian VAT number, it is lost"
        if words:
            self._say("", record, words, "VATNUMBER")
            del kept["VATNUMBER"]

    def _check_tables(self, record: Record, key: str) -> None:
        language = record.text("LANG").strip().upper()
        if language and language not in LANGUAGES:
            self._say("LANG_ERR", record, f"There is no language {language}", "LANG", subject=key)
        account = record.text("BNKACCNT").strip()
        belgian = record.text("COUNTRY").strip().upper() in BELGIAN
        if account and belgian and not is_belgian_account(account):
            words = f"{account} is no Belgian account as 999-9999999-99"
            self._say("BKC_ERR", record, words, "BNKACCNT", subject=key)
        code = record.text("VATCODE").strip()
        if code and self.known.vat_code(code, None) is None:
            self._say("", record, f"There is no VAT code {code}", "VATCODE")


def wrong_reference(number: str, symbols: str) -> tuple[str, str] | None:
    """What is wrong with the number of a third: code and words."""
    if number.startswith(" "):
        return "CAR_SPA", f"“{number}” begins with a space"
    for letter in number:
        if not (letter.isalnum() or letter == " " or letter in symbols):
            return "CAR_ERR", f"“{number}” holds “{letter}”"
    return None


def is_belgian_number(number: str) -> bool:
    """Ten digits, written with points or without, whose last two are right."""
    digits = number.replace(".", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 10):
        return False
    return 97 - int(digits[:-2]) % 97 == int(digits[-2:])


def is_belgian_account(account: str) -> bool:
    """The old form of a Belgian bank account, whose last two digits are right."""
    found = _BELGIAN_ACCOUNT.fullmatch(account)
    if not found:
        return False
    return (int(found[1] + found[2]) % 97 or 97) == int(found[3])
