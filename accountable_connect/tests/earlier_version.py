"""What earlier versions stored: documents they sent with their fingerprints, and rows of tables."""

import dataclasses
import json
import runpy
from pathlib import Path

DATA = Path(__file__).parent / "data"


def earlier_documents():
    """``{id of a worked document: {"fingerprint", "party", "content"}}``, see ``comparable``."""
    return json.loads((DATA / "documents_of_19.0.1.0.0.json").read_text(encoding="utf-8"))


def earlier_rows(version):
    """``{table: rows}``; records are named by what they are (``booked``, ``partner``) instead of an
    id, and what belongs to a database (companies, users, currencies) is left out."""
    return json.loads((DATA / f"rows_of_{version}.json").read_text(encoding="utf-8"))


def migrate(cr, version, script, addon="accountable_connect"):
    """Run a script of ``migrations``, as an upgrade to that version does; what it defines."""
    path = DATA.parents[2] / addon / "migrations" / version / f"{script}.py"
    names = runpy.run_path(str(path))
    names["migrate"](cr, "19.0.1.1.0")
    return names


def comparable(document, own_reference):
    """The document without what differs between databases: ids, and the day it is made."""
    day = document.document_date
    return dataclasses.replace(
        document,
        own_reference=own_reference,
        address="",
        party=dataclasses.replace(document.party, external_number=1),
        reference="" if document.is_sale else document.reference,
        communication="",
        due_date=day,
        instalments=tuple(dataclasses.replace(one, due_date=day) for one in document.instalments),
    )
