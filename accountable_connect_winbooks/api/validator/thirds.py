"""The customers and suppliers of CSF."""

import re
from collections.abc import Iterable

from ..folder import Folder
from .fields import COLUMNS
from .physical import CSF, records
from .record import CENTRAL, CUSTOMER, SUPPLIER, check_columns, check_reference

PLACES = {column.name: place for place, column in enumerate(COLUMNS["CSF"])}
LANGUAGES = ("F", "N", "E", "D", "G")
LIABLE = "1"
_OLD_ACCOUNT = re.compile(r"(\d{3})-(\d{7})-(\d{2})")
_BELGIAN = re.compile(r"[01]\d{3}\.\d{3}\.\d{3}")


def read_thirds(lines: Iterable[bytes], folder: Folder, report) -> set[tuple[str, str]]:
    """``{(TYPE, NUMBER)}`` of the records, each checked."""
    rows: dict[tuple[str, str], int] = {}
    for values in records(lines, CSF, report):
        row = {name: values[place].rstrip() for name, place in PLACES.items()}
        check_columns("CSF", values, report)
        _check_reference(row, folder, report)
        _check_names(row, report)
        _check_bank_account(row, report)
        _check_vat(row, report)
        _check_accounts(row, folder, report)
        # a number for a whole row, so that they need not all be kept
        content = hash(tuple(values))
        before = rows.get(report.third)
        if before is not None:
            code = "third_twice" if before == content else "ACC_MOD"
            report.add(code, "NUMBER", value=row["NUMBER"])
        rows[report.third] = content
    report.third = None
    return set(rows)


def known_thirds(folder: Folder) -> dict[str, frozenset[str]]:
    return {CUSTOMER: folder.customers, SUPPLIER: folder.suppliers}


def _check_reference(row, folder, report):
    number, kind = row["NUMBER"], row["TYPE"]
    for name in ("NUMBER", "TYPE"):
        if not row[name].strip():
            report.add("NOT_FILL", name)
    if number.strip():
        check_reference("NUMBER", number, known_thirds(folder).get(kind, ()), report)
    if kind and kind not in (CUSTOMER, SUPPLIER):
        report.add("third_type", "TYPE", value=kind)


def _check_names(row, report):
    if not row["NAME1"].strip():
        report.add("NAM_ERR", "NAME1", value=row["NUMBER"])
    if row["LANG"] and row["LANG"].upper() not in LANGUAGES:
        report.add("LANG_ERR", "LANG", value=row["LANG"])
    if row["CURRENCY"] and not re.fullmatch("[A-Z]{3}", row["CURRENCY"]):
        report.add("currency", "CURRENCY", value=row["CURRENCY"])


def _is_belgian(row):
    return row["COUNTRY"].upper() in ("", "BE")


def _check_bank_account(row, report):
    """Belgian accounts in their old form; IBAN has no column among those that are certain."""
    account = row["BNKACCNT"].strip()
    if not account or not _is_belgian(row):
        return
    found = _OLD_ACCOUNT.fullmatch(account)
    if not found or (int(found[1] + found[2]) % 97 or 97) != int(found[3]):
        report.add("BKC_ERR", "BNKACCNT", value=account)


def _check_vat(row, report):
    number = row["VATNUMBER"].strip()
    if row["VATCAT"] and row["VATCAT"] not in "0123-":
        report.add("vat_category", "VATCAT", value=row["VATCAT"])
    elif number and row["VATCAT"] != LIABLE:
        report.add("vat_category", "VATCAT", value=row["VATCAT"])
    if number and _is_belgian(row):
        digits = number.replace(".", "")
        if not _BELGIAN.fullmatch(number) or 97 - int(digits[:-2]) % 97 != int(digits[-2:]):
            report.add("vat_number", "VATNUMBER", value=number)


def _check_accounts(row, folder, report):
    account, central = row["DEFLTPOST"], row["CENTRAL"]
    if account and folder.accounts and account not in folder.accounts:
        report.add("ACN_MIS", "DEFLTPOST", value=account, account=account)
    expected = CENTRAL.get(row["TYPE"])
    if expected and central.isdigit() and not central.startswith(expected):
        report.add("CID_ERR", "CENTRAL", value=central, expected=expected)
