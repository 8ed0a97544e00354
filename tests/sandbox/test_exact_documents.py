"""Documents and their files in the Exact sandbox."""

from __future__ import annotations

import hashlib

import pytest
from exact_books import DELETED, PURCHASES, SALES, Books

from sandbox.exact import inspection
from sandbox.exact.files import content_of
from sandbox.exact.resource import BusinessError, Missing

DOCUMENTS, FILES = "documents/Documents", "documents/DocumentAttachments"
CONTENT = b"%PDF-1.7 sandbox"


@pytest.fixture
def books():
    return Books()


@pytest.fixture
def document(books):
    return books.create(DOCUMENTS, Subject="INV/1", Type=10, Account=books.account())


def test_document(books, document):
    assert (document["HID"], document["TypeDescription"], document["AccountName"]) == (
        1,
        "Sales invoice",
        "Bakkerij Peeters BV",
    )
    assert document["HasEmptyBody"] is True
    assert books.rows(DOCUMENTS, Subject="INV/1")[0]["ID"] == document["ID"]
    for change, name, label in (
        ({"Subject": ""}, "mandatory", "subject"),
        ({"Type": 999}, "invalid_reference", "type"),
        ({"Account": "0"}, "invalid_reference", "account"),
        ({"FinancialTransactionEntryID": "0"}, "invalid_reference", "entry"),
    ):
        with pytest.raises(BusinessError) as error:
            books.create(DOCUMENTS, **{"Subject": "x", "Type": 10, **change})
        assert (error.value.name, error.value.details) == (name, (label,))


def test_file_and_its_bytes(books, document):
    row = books.create(FILES, Document=document["ID"], FileName="INV_1.pdf", Attachment=CONTENT)
    assert (row["FileSize"], row["Attachment"]) == (len(CONTENT), None)
    assert row["Url"].startswith(f"/docs/SysAttachment.aspx?ID={row['ID']}&_Division_=500001")
    assert content_of(books.division, row["ID"]) == CONTENT
    assert [found["ID"] for found in books.rows(FILES, Document=document["ID"])] == [row["ID"]]
    books.delete(FILES, row["ID"])
    with pytest.raises(Missing):
        content_of(books.division, row["ID"])
    assert [(found["EntityType"], found["EntityKey"]) for found in books.rows(DELETED)] == [
        (4, row["ID"])
    ]


@pytest.mark.parametrize(
    "change, label",
    (
        ({"Attachment": b""}, "attachment"),
        ({"FileName": ""}, "file_name"),
        ({"Document": None}, "document"),
    ),
)
def test_incomplete_files(books, document, change, label):
    with pytest.raises(BusinessError) as error:
        books.create(
            FILES,
            **{"Document": document["ID"], "FileName": "a.pdf", "Attachment": CONTENT, **change},
        )
    assert (error.value.name, error.value.details) == ("mandatory", (label,))
    assert books.rows(FILES) == []


def test_entry_with_its_document(books, document):
    books.create(FILES, Document=document["ID"], FileName="INV_1.pdf", Attachment=CONTENT)
    entry = books.sale(books.line(1, "0"), Document=document["ID"])
    assert (entry["DocumentNumber"], entry["DocumentSubject"]) == (1, "INV/1")
    assert books.get(DOCUMENTS, document["ID"])["FinancialTransactionEntryID"] == entry["EntryID"]
    assert inspection.entries(books.division)[0]["files"] == [
        {"name": "INV_1.pdf", "sha256": hashlib.sha256(CONTENT).hexdigest()}
    ]
    with pytest.raises(BusinessError) as error:
        books.delete(DOCUMENTS, document["ID"])
    assert error.value.name == "in_use"


def test_document_made_after_the_entry(books):
    entry = books.sale(books.line(1, "0"))
    made = books.create(
        DOCUMENTS, Subject="Later", Type=10, FinancialTransactionEntryID=entry["EntryID"]
    )
    assert books.get(SALES, entry["EntryID"])["Document"] == made["ID"]
    books.delete(SALES, entry["EntryID"])
    assert books.get(DOCUMENTS, made["ID"]).get("FinancialTransactionEntryID") is None
    books.delete(DOCUMENTS, made["ID"])


def test_a_bill_gets_a_document_by_itself(books, document):
    bill = books.line(1, "A0", "604000")
    entry = books.bill(bill, Description="Papier")
    made = books.get(DOCUMENTS, entry["Document"])
    assert (made["Subject"], made["Type"], made["FinancialTransactionEntryID"]) == (
        "Papier",
        20,
        entry["EntryID"],
    )
    assert (entry["DocumentNumber"], entry["DocumentSubject"]) == (made["HID"], "Papier")
    assert books.bill(bill)["DocumentSubject"] == f"Invoice: {entry['EntryNumber'] + 1}"
    assert books.bill(bill, Document=document["ID"])["Document"] == document["ID"]
    assert books.sale(books.line(1, "0")).get("Document") is None
    assert len(books.rows(DOCUMENTS)) == 3
    books.update(DOCUMENTS, made["ID"], Subject="Papier en inkt")
    assert books.get(PURCHASES, entry["EntryID"])["DocumentSubject"] == "Papier en inkt"
    books.delete(PURCHASES, entry["EntryID"])
    assert books.get(DOCUMENTS, made["ID"]).get("FinancialTransactionEntryID") is None


@pytest.mark.parametrize("made", [True, False])
def test_a_document_by_itself_for_both_sides_or_none(books, made):
    books.switch(automatic_document=made)
    for entry in (books.bill(books.line(1, "A0", "604000")), books.sale(books.line(1, "0"))):
        assert bool(entry.get("Document")) is made


def test_what_a_new_document_reads_back(books, document):
    row = books.get(DOCUMENTS, document["ID"])
    assert (row["Currency"], row["SendMethod"], row["InheritShare"]) == ("EUR", 0, False)
    category = books.get("documents/DocumentCategories", row["Category"])
    assert row["CategoryDescription"] == category["Description"] == "Customers"


def test_lists(books):
    assert {10, 20} <= {row["ID"] for row in books.rows("documents/DocumentTypes")}
    folder = books.create("documents/DocumentFolders", Code="9", Description="Facturen")
    with pytest.raises(BusinessError) as error:
        books.create("documents/DocumentFolders", Code="9", Description="Nog eens")
    assert error.value.name == "exists"
    books.delete("documents/DocumentFolders", folder["ID"])
