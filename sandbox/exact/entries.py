"""Sales and purchase entries: checks, VAT per line, the ledger entry, terms, changes and removal.

An entry is kept as a record of its head, records of its lines and a document of the neutral books;
all three are written together. AmountDC is AmountFC × Rate, line by line.

Choices where the reference is silent: an entry without lines is refused; PrivateUsePercentage is
kept and shown but not booked; VATNonDeductiblePercentage is a fraction and its VAT is booked on the
line's account, or on the account's VATNonDeductibleGLAccount; an entry is matched when one of its
terms is matched or in a processed batch, and then neither changes nor goes. How long the texts of a
head may be is not published: a switch (``entry_text_lengths``); those of lines may have any length.
VATAmountFC of a head, which is documented as writable, is the entry's VAT (switch
``head_vat_amount``): the largest line whose VAT nobody sent takes the difference, and where there
is none, or a line is changed by itself later, the lines count. A PUT that repeats the entry's own
EntryNumber, as one of the whole entry does, is a duplicate (switch ``own_number_refused``); with
another one the entry takes it, if it is free, and its InvoiceNumber follows. The document that a
purchase entry gets by itself (switch ``automatic_document``) stays when the entry goes.
"""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable

from ..kit.amounts import ZERO, half_up
from ..kit.ledger import Document, Line
from ..kit.matching import delete_booking
from ..kit.trade import TradeLine, converter, trade_entry
from . import heads, terms
from .division import NAMESPACE, Division, as_day
from .entry_families import Family
from .entry_lines import CheckedLine, account_code, checked_line, round_per_code, with_head_vat
from .resource import BusinessError, Row, check_lengths

LEDGER_LINES = "financialtransaction/TransactionLines"


NEW_HEAD: Row = {"ProcessNumber": 0, "Reversal": False}
PURCHASES_ONLY = "purchases"
LONGEST = (
    ("Description", 60, "description"),
    ("YourRef", 30, "reference"),
    ("PaymentReference", 50, "payment_reference"),
)


# Head ---------------------------------------------------------------------------------------


def _head(division: Division, family: Family, values: Row, kept: Row | None = None) -> Row:
    """The checked head; ``kept`` is the present one on a change: year and journal stay."""
    row = {**(kept or {}), **values}
    if "VATAmountFC" in values:
        row["sent_vat"] = values["VATAmountFC"]
    if division.switch("entry_text_lengths"):
        check_lengths(values, LONGEST)
    journal = heads.journal_of(division, row.get("Journal"), (family.journal,))
    if kept and journal["Code"] != kept["Journal"]:
        raise BusinessError("not_allowed", "journal")
    party = heads.party_of(division, row.get(family.party), family.sale)
    _check_control_account(division, family, party, journal)
    day = as_day(row.get("EntryDate")) or division.today()
    moved = kept and "EntryDate" in values and "ReportingPeriod" not in values
    year, period = heads.period_of(
        division,
        day,
        None if moved else row.get("ReportingYear"),
        None if moved else row.get("ReportingPeriod"),
        journal["Code"],
    )
    if kept and year != kept["ReportingYear"]:
        raise BusinessError("not_allowed", "year")
    if kept:
        heads.check_period_open(
            division, journal["Code"], kept["ReportingYear"], kept["ReportingPeriod"]
        )
    currency, rate = heads.currency_of(
        division,
        journal,
        row.get("Currency"),
        values.get("Rate") if "Currency" in values else row.get("Rate"),
        day,
    )
    row.update(_condition(division, family, party, row, day, kept, values))
    number = _number(division, journal["Code"], year, values.get("EntryNumber"), kept)
    if kept and kept["InvoiceNumber"] == kept["EntryNumber"] and "InvoiceNumber" not in values:
        row["InvoiceNumber"] = number
    row.update(
        {
            "Journal": journal["Code"],
            "JournalDescription": journal["Description"],
            family.party: party["ID"],
            f"{family.party}Name": party["Name"],
            "EntryDate": day,
            "ReportingYear": year,
            "ReportingPeriod": period,
            "Currency": currency,
            "Rate": rate,
            "EntryNumber": number,
            "InvoiceNumber": row.get("InvoiceNumber") or number,
            "Status": row.get("Status") or heads.OPEN,
        }
    )
    row.update(_document(division, row.get("Document")))
    return row


def _number(division: Division, journal: str, year: int, sent: int | None, kept: Row | None) -> int:
    """The number of an entry; on a change it stays unless another one is sent. in_use."""
    if kept and (
        sent in (None, 0, kept["EntryNumber"]) or not division.switch("honour_entry_number")
    ):
        return kept["EntryNumber"]
    return heads.number_of(division, journal, year, sent)


def _condition(
    division: Division, family: Family, party: Row, row: Row, day, kept: Row | None, values: Row
) -> Row:
    default = "PaymentConditionSales" if family.sale else "PaymentConditionPurchase"
    conditions = heads.conditions_of(division, row.get("PaymentCondition") or party.get(default))
    sent = as_day(row.get("DueDate"))
    if kept and "DueDate" not in values and {"EntryDate", "PaymentCondition"} & set(values):
        sent = None
    due = heads.instalments(day, conditions, sent)
    return {
        "PaymentCondition": conditions[0]["Code"],
        "PaymentConditionDescription": conditions[0]["Description"],
        "PaymentConditionPaymentMethod": conditions[0].get("PaymentMethod") or "B",
        "DueDate": sent or max(date for date, _share in due),
    }


def _check_control_account(division: Division, family: Family, party: Row, journal: Row) -> None:
    own = party.get("GLAR" if family.sale else "GLAP")
    if own and own != journal["GLAccount"]:
        raise BusinessError("ledger_account_type")


def _document(division: Division, key: str | None) -> Row:
    if not key:
        return {"Document": None, "DocumentNumber": None, "DocumentSubject": None}
    found = division.reference("documents/Documents", key, "document")
    return {
        "Document": found["ID"],
        "DocumentNumber": found["HID"],
        "DocumentSubject": found["Subject"],
    }


# Writing ------------------------------------------------------------------------------------


def create(division: Division, family: Family, values: Row) -> Row:
    """Book an entry with its lines; gives the head. Raises ``BusinessError``."""
    lines = values.get(family.collection) or []
    if not lines:
        raise BusinessError("mandatory", "lines")
    with division.store.transaction():
        head = _head(
            division,
            family,
            {name: value for name, value in values.items() if name != family.collection},
        )
        if not head.get("Document") and _gets_document(division, family):
            head.update(_automatic_document(division, family, head))
        head = {**NEW_HEAD, **{name: value for name, value in head.items() if value is not None}}
        return _book(division, family, str(uuid.uuid4()), head, lines, None)


def _gets_document(division: Division, family: Family) -> bool:
    """Whether an entry of this family gets a document by itself."""
    wanted = division.switch("automatic_document")
    return not family.sale if wanted == PURCHASES_ONLY else bool(wanted)


def _automatic_document(division: Division, family: Family, head: Row) -> Row:
    from .resources.documents import add_document

    made = add_document(
        division,
        {
            "Subject": head.get("Description") or f"Invoice: {head['EntryNumber']}",
            "Type": 10 if family.sale else 20,
            "Account": head[family.party],
            "DocumentDate": head["EntryDate"],
        },
    )
    return {
        "Document": made["ID"],
        "DocumentNumber": made["HID"],
        "DocumentSubject": made["Subject"],
    }


def change_head(division: Division, family: Family, key: str, values: Row) -> None:
    """Change the head; lines are computed again. Missing, processed, matched …"""
    with division.store.transaction():
        kept = changeable(division, family.entity, key)
        if values.get("EntryNumber") == kept["EntryNumber"] and division.switch(
            "own_number_refused"
        ):
            raise BusinessError("exists")
        head = _head(division, family, values, kept)
        lines = [as_sent(row) for row in lines_of(division, family, key)]
        _book(
            division,
            family,
            kept["EntryID"],
            head,
            lines,
            division.books.document_by_identity(kept["EntryID"]),
        )


def lines_of(division: Division, family: Family, key: str) -> list[Row]:
    """The lines of an entry in order."""
    rows = division.all(family.line_entity, parent=str(key).lower())
    return sorted(rows, key=lambda row: row["LineNumber"])


def change_lines(
    division: Division, family: Family, key: str, edit: Callable[[list[Row]], list[Row]]
) -> None:
    """Replace the lines of an entry by what ``edit`` makes of them; none left removes it."""
    with division.store.transaction():
        head = changeable(division, family.entity, key)
        heads.check_period_open(
            division, head["Journal"], head["ReportingYear"], head["ReportingPeriod"]
        )
        lines = edit([as_sent(row) for row in lines_of(division, family, key)])
        if not lines:
            remove(division, family.entity, family.line_entity, key)
            return
        _book(
            division,
            family,
            head["EntryID"],
            {**head, "sent_vat": None},
            lines,
            division.books.document_by_identity(head["EntryID"]),
        )


def as_sent(row: Row) -> Row:
    """A kept line as if it were sent: VAT only where it was given."""
    return {**row, "VATAmountFC": row.get("sent_vat"), "VATPercentage": None}


def changeable(division: Division, entity: str, key: str) -> Row:
    """The head of an entry that may change. Missing, processed, matched."""
    head = division.get(entity, key)
    if head["Status"] == heads.PROCESSED:
        raise BusinessError("processed")
    if terms.is_touched(division, division.books.document_by_identity(head["EntryID"])["id"]):
        raise BusinessError("matched")
    return head


def _book(
    division: Division, family: Family, key: str, head: Row, values: list[Row], existing: Row | None
) -> Row:
    lines = [
        checked_line(division, family, head, row, number) for number, row in enumerate(values, 1)
    ]
    if division.switch("vat_rounding") == "code":
        lines = round_per_code(lines)
    if head.get("sent_vat") is not None and division.switch("head_vat_amount"):
        lines = with_head_vat(lines, half_up(head["sent_vat"]))
    total = sum((line.trade.base + line.trade.vat for line in lines), ZERO)
    refund = total < 0 and division.switch("credit_by_sign")
    convert = converter(head["Rate"], "multiply")
    journal = division.by_code("financial/Journals", head["Journal"])
    control = account_code(division)(journal["GLAccount"])
    entry = named(
        division,
        key,
        trade_entry(
            [_signed(line.trade, -1 if refund else 1) for line in lines],
            family.sale,
            refund,
            head[family.party],
            control,
            convert,
        ),
        [line.row["ID"] for line in lines],
    )
    head.update(
        {
            "AmountFC": total,
            "Type": family.kinds[int(refund)],
            "AmountDC": entry[0].amount * (1 if family.sale else -1),
            "VATAmountFC": sum((line.trade.vat for line in lines), ZERO),
            "VATAmountDC": sum((convert(line.trade.vat) for line in lines), ZERO),
        }
    )
    _write_records(division, family, key, head, lines, convert, existing is None)
    kind = ("sale" if family.sale else "purchase") + ("_refund" if refund else "")
    document = Document(
        head["ReportingYear"],
        head["Journal"],
        head["EntryNumber"],
        kind,
        head["ReportingPeriod"],
        str(head["EntryDate"]),
        head["Currency"],
        head["Rate"],
        total,
        str(head["DueDate"]),
        head[family.party],
        head.get("Description"),
        head.get("YourRef"),
        identity=key,
    )
    store_entry(division, document, entry, existing)
    conditions = heads.conditions_of(division, head["PaymentCondition"])
    stored = division.books.document_by_identity(key)
    terms.schedule(
        division,
        stored["id"],
        {
            "sequence": -1,
            "line_type": family.line_type,
            "account": control,
            "party": head[family.party],
            "amount": entry[0].amount,
            "document_amount": entry[0].document_amount,
        },
        heads.instalments(head["EntryDate"], conditions, head["DueDate"]),
    )
    return division.get(family.entity, key)


def _signed(line: TradeLine, sign: int) -> TradeLine:
    if sign == 1:
        return line
    return dataclasses.replace(
        line, base=-line.base, vat=-line.vat, owed=None if line.owed is None else -line.owed
    )


def named(division: Division, key: str, entry: list[Line], ids: list[str]) -> list[Line]:
    """Ledger lines with their guids and row versions; base lines have the guid of their line."""
    first = division.next_version(len(entry))
    return [
        dataclasses.replace(
            line,
            version=first + index,
            identity=ids[line.sequence - 1]
            if line.role in ("base", "line") and 0 < line.sequence <= len(ids)
            else str(uuid.uuid5(NAMESPACE, f"{key}/{line.sequence}")),
        )
        for index, line in enumerate(entry)
    ]


def store_entry(
    division: Division, document: Document, entry: list[Line], existing: Row | None
) -> None:
    """Post or replace a document of the neutral books; lines that went are told as removed."""
    if existing is None:
        division.books.post(document, entry)
        return
    if document.number != existing["number"]:
        division.store.run(
            "UPDATE document SET number = ? WHERE id = ?", document.number, existing["id"]
        )
    before = {line["identity"] for line in division.books.lines(existing["id"])}
    division.books.replace(document, entry)
    division.tell_removed(LEDGER_LINES, sorted(before - {line.identity for line in entry}))


def _write_records(
    division: Division,
    family: Family,
    key: str,
    head: Row,
    lines: list[CheckedLine],
    convert,
    new: bool,
) -> None:
    kept = {row["ID"]: row for row in ([] if new else lines_of(division, family, key))}
    for line in lines:
        row = {
            **line.row,
            "EntryID": key,
            "Type": head["Type"],
            "AmountDC": convert(line.row["AmountFC"]),
            "VATAmountDC": convert(line.row["VATAmountFC"]),
            "VATBaseAmountDC": convert(line.row["VATBaseAmountFC"]),
        }
        if kept.pop(row["ID"], None) is None:
            division.add(family.line_entity, row, row["ID"])
        else:
            division.change(family.line_entity, row["ID"], **row)
    for gone in kept:
        division.remove(family.line_entity, gone)
    head["EntryID"] = key
    if new:
        division.add(family.entity, head, key)
    else:
        division.change(family.entity, key, **head)
    link_document(division, key, head.get("Document"))


def link_document(division: Division, key: str, document: str | None) -> None:
    """The document of an entry names the entry too."""
    for row in division.all("documents/Documents", parent=key):
        if row["ID"] != document:
            division.change("documents/Documents", row["ID"], FinancialTransactionEntryID=None)
    if (
        document
        and division.get("documents/Documents", document).get("FinancialTransactionEntryID") != key
    ):
        division.change("documents/Documents", document, FinancialTransactionEntryID=key)


def remove(division: Division, entity: str, line_entity: str, key: str) -> None:
    """Remove an entry with its lines and terms. Missing, processed, matched, period_closed."""
    head = division.get(entity, key)
    document = division.books.document_by_identity(head["EntryID"])
    if head["Status"] == heads.PROCESSED:
        raise BusinessError("processed")
    heads.check_period_open(
        division, document["journal"], document["book_year"], document["period"]
    )
    with division.store.transaction():
        if terms.is_touched(division, document["id"]):
            if division.switch("delete_matched") == "refuse":
                raise BusinessError("matched")
            terms.unmatch(division, document)
        gone = [line["identity"] for line in division.books.lines(document["id"])]
        terms.remove_all(division, document["id"])
        delete_booking(
            division.books,
            document["book_year"],
            document["journal"],
            document["number"],
            release_number=False,
        )
        division.tell_removed(LEDGER_LINES, gone)
        for row in division.all(line_entity, parent=head["EntryID"]):
            division.remove(line_entity, row["ID"])
        link_document(division, head["EntryID"], None)
        division.remove(entity, head["EntryID"])
