"""The pages: what each box received, its totals, what it refused, what lies in it, its mails."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request

from ..kit import pages
from ..kit.pages import PER_PAGE, Choice, Page, Tab, table
from ..kit.templating import Link, size
from . import inspection, mail_pages, sftp_pages
from .boxes import Box
from .mail_pages import MailPages, folder_choice, place_of
from .sftp_pages import SftpPages

KINDS = {"invoice": "Invoice", "credit_note": "Credit note", "file": "File"}
SIDES = {"sale": "Sale", "purchase": "Purchase"}


def received(box: Box, request: Request) -> Page:
    """What was taken, the last first."""
    side = request.args.get("side", "")
    every = inspection.received(box)
    subfolder = request.args.get("subfolder", "")
    words = sorted({row.get("subfolder", "") for row in every} - {""})
    found = [
        row
        for row in every
        if side in ("", row.get("side")) and subfolder in ("", row.get("subfolder", ""))
    ]
    rows = []
    for row in reversed(found[-PER_PAGE:]):
        other = row.get("buyer" if row.get("side") == "sale" else "seller", {})
        rows.append(
            [
                row["moment"][:16],
                place_of(row),
                SIDES.get(row.get("side", ""), ""),
                KINDS[row["kind"]] + (" (self-billed)" if row.get("self_billed") else ""),
                row["number"],
                row.get("date", ""),
                other.get("name", ""),
                other.get("vat", ""),
                _amount(row, "total"),
                row.get("currency", ""),
                ", ".join(
                    f"{part['category']} {part['rate']} %: {part['base']} + {part['vat']}"
                    for part in row.get("vat", ())
                ),
                ", ".join(annex["name"] for annex in row.get("annexes", ())),
                Link(f"/boxes/{box.number}/files/{row['id']}", row["name"]),
            ]
        )
    return table(
        (
            "~Received",
            "Where",
            "",
            "Kind",
            "Number",
            "~Date",
            "Party",
            "VAT number",
            "#Total",
            "",
            "VAT: base + amount",
            "Inside",
            "File",
        ),
        rows,
        choices=[
            Choice("side", list(SIDES.items()), side, "Both sides"),
            *([folder_choice(words, subfolder)] if words else []),
        ],
    )


def totals(box: Box, _request: Request) -> Page:
    """Base and VAT per category and rate."""
    return table(
        ("", "Kind", "Currency", "Category", "#Rate", "#Documents", "#Base", "#VAT"),
        [
            [
                SIDES[row["side"]],
                KINDS[row["kind"]],
                row["currency"],
                row["category"],
                f"{row['rate']} %",
                row["documents"],
                _amount(row, "base"),
                _amount(row, "vat"),
            ]
            for row in inspection.totals(box)
        ],
    )


def refused(box: Box, _request: Request) -> Page:
    """What was not taken, the last first."""
    return table(
        ("~When", "File", "#Size", "Reason"),
        [
            [row["moment"][:16], row["name"], size(row["size"]), row["reason"]]
            for row in reversed(inspection.refused(box)[-PER_PAGE:])
        ],
    )


def waiting(box: Box, _request: Request) -> Page:
    """What lies in the folder now."""
    return table(
        ("File", "#Size", ""),
        [
            [row["name"], size(row["size"]), "" if row["looked_at"] else "not looked at"]
            for row in inspection.waiting(box)
        ],
    )


def _amount(row: dict, name: str) -> Decimal | None:
    return Decimal(row[name]) if row.get(name) else None


class Pages(MailPages, SftpPages, pages.Pages):
    """The pages of one sandbox."""

    title, folder, one = "Postbox sandbox", "boxes", "box"
    templates = Path(__file__).with_name("templates")
    columns = (
        "#Box",
        "Receiver",
        "Company",
        "VAT number",
        "Folder",
        "",
        "#Taken",
        "#Refused",
        "#Mails",
    )
    tabs = {
        "received": Tab("Received", received),
        "totals": Tab("Totals", totals),
        "refused": Tab("Refused", refused),
        "waiting": Tab("In the folder", waiting),
        "mail": Tab("E-mail", lambda box, request: table((), ())),
        "sftp": Tab("SFTP", lambda box, request: table((), ())),
    }
    missing = (ValueError,)

    def __init__(self, service: Any):
        super().__init__(service)
        for of_a_way in (mail_pages, sftp_pages):
            for rule in of_a_way.rules("/boxes/<int:number>"):
                self.routes.add(rule)

    def administrations(self) -> Iterable[list[Any]]:
        for box in self.service.boxes():
            office = self.service.office
            ways = (office.faults, self.service.sftp.faults)
            faults = {order["kind"] for way in ways for order in way.of(box.number)}
            faults = sorted(self.service.faults.of(box.number) | faults)
            yield [
                box.number,
                Link(f"/boxes/{box.number}", box.receiver.name),
                box.name,
                box.vat,
                box.folder.name,
                ", ".join(faults).replace("_", " "),
                len(box.documents()),
                len(box.refusals()),
                Link(f"/boxes/{box.number}/mail", office.number(box.number)),
            ]

    def administration(self, number: int) -> tuple[str, Box]:
        box = self.service.administration(number)
        return f"{box.name} at {box.receiver.name}", box

    def file(self, number: int, key: str) -> tuple[str, bytes]:
        box = self.service.administration(number)
        found = box.content(int(key)) if key.isdigit() else None
        if found is None:
            raise NotFound
        return found[0].rpartition("/")[2], found[1]
