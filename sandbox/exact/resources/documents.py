"""Documents, their attachments, types, categories and folders.

A document hangs on an entry through ``FinancialTransactionEntryID`` or through the entry's
``Document``; setting either sets both. The content of an attachment is never in an answer; it is
served at its ``Url``. A document that an entry uses cannot be removed [choice].

A new document reads back a category, the division's currency and SendMethod 0, as on record. Of the
categories only ``Customers`` for what is sold is; the others are made up.
"""

from __future__ import annotations

from typing import Any

from ..division import Division
from ..resource import BusinessError, Row
from .base import Computed, Records

DOCUMENTS, ATTACHMENTS = "documents/Documents", "documents/DocumentAttachments"
ENTRIES = ("salesentry/SalesEntries", "purchaseentry/PurchaseEntries")
# Id, name, category: note, sales, purchase …
TYPES = (
    (1, "Note", 1),
    (2, "Attachment", 1),
    (5, "Miscellaneous", 1),
    (10, "Sales invoice", 2),
    (11, "Sales credit note", 2),
    (15, "Quotation", 2),
    (20, "Purchase invoice", 3),
    (21, "Purchase credit note", 3),
    (40, "Bank statement", 4),
    (55, "Contract", 1),
    (183, "E-mail", 1),
)
TYPE_CATEGORIES = {number: category for number, _name, category in TYPES}
CATEGORIES = ((1, "General"), (2, "Sales"), (3, "Purchase"), (4, "Financial"))


class Documents(Records):
    """Documents; ``HID`` is the number people see."""

    mandatory = (("Subject", "subject"), ("Type", "type"))
    references = (
        ("Account", "crm/Accounts", "account"),
        ("Contact", "crm/Contacts", "account"),
        ("Category", "documents/DocumentCategories", "type"),
        ("DocumentFolder", "documents/DocumentFolders", "document"),
    )
    collections = {"Attachments": ATTACHMENTS}
    defaults = {"SendMethod": 0, "InheritShare": False}

    def new_values(self, division: Division, sent: Row) -> Row:
        category = {2: "Customers", 3: "Suppliers", 4: "Financial"}.get(
            TYPE_CATEGORIES.get(sent.get("Type")), "General"
        )
        return {
            **self.defaults,
            "Currency": division.currency,
            "Category": division.guid("documents/DocumentCategories", category),
        }

    def check(self, division: Division, row: Row, old: Row | None) -> None:
        super().check(division, row, old)
        if row["Type"] not in TYPE_CATEGORIES:
            raise BusinessError("invalid_reference", "type")
        if row.get("FinancialTransactionEntryID"):
            _entry(division, row["FinancialTransactionEntryID"])

    def prepared(self, division: Division, row: Row) -> Row:
        number = row.get("HID")
        if not number:
            name = f"document.{division.code}"
            number = division.store.setting(name, 0) + 1
            division.store.keep(name, number)
        return {"DocumentDate": division.today(), **row, "HID": number}

    def after(self, division: Division, row: Row, old: Row | None) -> None:
        key = row.get("FinancialTransactionEntryID")
        if key:
            entity, head = _entry(division, key)
            shown = {
                "Document": row["ID"],
                "DocumentNumber": row["HID"],
                "DocumentSubject": row["Subject"],
            }
            if any(head.get(name) != value for name, value in shown.items()):
                division.change(entity, key, **shown)

    def shown(self, division: Division, row: Row) -> Row:
        account = division.find("crm/Accounts", row.get("Account")) or {}
        category = division.find("documents/DocumentCategories", row.get("Category")) or {}
        return {
            **row,
            "CategoryDescription": category.get("Description"),
            "AccountCode": account.get("Code"),
            "AccountName": account.get("Name"),
            "HasEmptyBody": not row.get("Body"),
            "TypeDescription": {number: name for number, name, _category in TYPES}[row["Type"]],
            "DocumentViewUrl": f"/docs/DocViewContent.aspx?ID={row['ID']}"
            f"&_Division_={division.code}&Stamp={row['Timestamp']}",
        }

    def check_removal(self, division: Division, row: Row) -> None:
        if row.get("FinancialTransactionEntryID"):
            raise BusinessError("in_use", "document")
        for found in division.all(ATTACHMENTS, parent=row["ID"]):
            remove_attachment(division, found["ID"])


def _entry(division: Division, key: str) -> tuple[str, Row]:
    for entity in ENTRIES:
        head = division.find(entity, key)
        if head:
            return entity, head
    raise BusinessError("invalid_reference", "entry")


class Attachments(Records):
    """Files of a document: made, read and removed, never changed."""

    mandatory = (("Document", "document"), ("FileName", "file_name"))
    references = (("Document", DOCUMENTS, "document"),)

    def create(self, division: Division, values: Row) -> Row:
        content = values.get("Attachment")
        if not content:
            raise BusinessError("mandatory", "attachment")
        with division.store.transaction():
            self.check(division, values, None)
            row = division.add(
                ATTACHMENTS,
                {
                    "Document": values["Document"],
                    "FileName": values["FileName"],
                    "FileSize": len(content),
                },
            )
            division.store.run("INSERT INTO file_content VALUES (?, ?)", row["ID"], content)
        return self.shown(division, row)

    def delete(self, division: Division, key: Any) -> None:
        remove_attachment(division, key)

    def shown(self, division: Division, row: Row) -> Row:
        return {
            **row,
            "Attachment": None,
            "Url": f"/docs/SysAttachment.aspx?ID={row['ID']}&_Division_={division.code}"
            f"&Stamp={row['Timestamp']}",
        }


def remove_attachment(division: Division, key: str) -> None:
    """Remove a file with its content. Raises ``Missing``."""
    with division.store.transaction():
        division.remove(ATTACHMENTS, key)
        division.store.run("DELETE FROM file_content WHERE id = ?", str(key).lower())


def add_document(division: Division, values: Row) -> Row:
    """A document as the service itself makes it."""
    return RESOURCES[0].create(division, values)


def _types(division: Division) -> list[Row]:
    return [
        {
            "ID": number,
            "Description": name,
            "TypeCategory": category,
            "DocumentIsCreatable": True,
            "DocumentIsDeletable": True,
            "DocumentIsUpdatable": True,
            "DocumentIsViewable": True,
        }
        for number, name, category in TYPES
    ]


def _categories(division: Division) -> list[Row]:
    return [{"ID": number, "Description": name} for number, name in CATEGORIES]


RESOURCES = (
    Documents(DOCUMENTS),
    Attachments(ATTACHMENTS),
    Computed("documents/DocumentTypes", ("ID",), _types),
    Computed("documents/DocumentTypeCategories", ("ID",), _categories),
    Records("documents/DocumentCategories"),
    Records(
        "documents/DocumentFolders",
        unique_code=True,
        mandatory=(("Code", "code"), ("Description", "description")),
        references=(("ParentFolder", "documents/DocumentFolders", "document"),),
    ),
)
