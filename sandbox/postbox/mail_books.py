"""What a receiver makes of a mail: documents in the books of a box, or why there is none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import Any

from . import contents, invoices, paper
from .boxes import Box, base_name
from .mail_parts import Attachment, Mail
from .mailboxes import Mailbox, MailRules
from .receivers import PDF, XML, Receiver
from .refusal import Refused

# Written by office software: some of them are a ZIP by their bytes.
OFFICE = (".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".odt", ".ods", ".odp")


@dataclass(frozen=True)
class MailBox(Box):
    """A box as it takes mails: by the rules for mails, each file by itself. What came before is not
    looked at, so that the same mail is booked as often as it comes. ``mark`` is kept with every
    document."""

    rules: MailRules = field(kw_only=True)
    mark: dict[str, Any] = field(kw_only=True, default_factory=dict)

    @property
    def receiver(self) -> Receiver:
        """What it takes by mail."""
        rules = self.rules
        return replace(
            super().receiver,
            takes=rules.takes,
            unpacks=rules.unpacks,
            locked_pdf=rules.locked_pdf,
            largest=rules.largest_file,
            merges=False,
        )

    def book(self, file: Attachment) -> dict[str, Any]:
        """Book a file of a mail; gives its documents, or why there is none."""
        last = self.store.row("SELECT COALESCE(MAX(id), 0) last FROM received")["last"]
        try:
            with self._savepoint():
                self._book(file.name, file.content)
        except Refused as refusal:
            self.refuse(file.name, file.content, refusal)
            return _row(file, [], refusal)
        documents = self.store.rows(
            "SELECT id FROM received WHERE box = ? AND id > ? ORDER BY id", self.number, last
        )
        return _row(file, [found["id"] for found in documents])

    def book_beside(self, file: Attachment, documents: list[int]) -> dict[str, Any]:
        """Hang a file on the document of another one of the same mail; it stands alone where that
        was refused."""
        if not documents:
            return self.book(file)
        document = self.store.row("SELECT id, data FROM received WHERE id = ?", documents[0])
        self._add_annex(document, file.name, file.content)
        return {**_row(file, documents[:1]), "beside": True}

    def _book(self, name: str, content: bytes) -> None:
        if name.lower().endswith(self.rules.keeps) and content:
            self._keep(name, content, "file", "", "", {"type": "", "kept": True})
        elif name.lower().endswith(OFFICE):  # what is within is no file of its own
            raise Refused("kind", f"{self.receiver.name} takes no files of this kind")
        else:
            super()._book(name, content)

    def _is_there(self, _seller: str, _number: str) -> bool:
        return False

    def _keep(
        self, name: str, content: bytes, kind: str, seller: str, number: str, data: dict
    ) -> None:
        super()._keep(name, content, kind, seller, number, {**data, **self.mark})


def _row(file: Attachment, documents: list[int], refusal: Refused | None = None) -> dict[str, Any]:
    return {
        "name": file.name,
        "media_type": file.media_type,
        "size": len(file.content),
        "code": refusal.code if refusal else "",
        "reason": str(refusal or ""),
        "documents": documents,
    }


@dataclass
class Outcome:
    """What became of a mail, and of each of its files."""

    code: str
    reason: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def deliver(box: Box, mailbox: Mailbox, mail: Mail, number: int, switches: Any) -> Outcome:
    """Book a mail; ``number`` is its own in the books. Called in a transaction."""
    rules = mailbox.rules
    if mail.unread:
        return Outcome("unreadable", mail.unread)
    if rules.known_senders and mail.from_address not in allowed(box):
        return Outcome("blocked", f"{mail.from_address or 'Nobody'} is no allowed sender")
    forwards = rules.forwards and mailbox.side == "sale"
    if forwards and switches["sales_key"] and switches["sales_key"] not in mail.subject:
        return Outcome("no_key", "The subject has no key")
    mark = {"mail": number, "filed": filed(rules, mailbox, mail), **comment(rules, mail)}
    if mailbox.word:
        mark["subfolder"] = mailbox.word
    if forwards:
        mark["sent_to_customer"] = True
    files = mail.attachments
    if not files and rules.body:
        files = [
            Attachment(f"{mail.subject or 'mail'}.pdf", "application/pdf", paper.of(mail.text))
        ]
        mark["from_body"] = True
    if rules.one_by_one and not forwards and len(files) > 1:
        mark["to_accept"] = True
    booking = MailBox(**{**vars(box), "rules": rules, "mark": mark})
    told = {key: value for key, value in mark.items() if key != "mail"}
    outcome = Outcome("taken", files=_book(booking, files), data=told)
    if not any(row["code"] == "" for row in outcome.files):
        outcome.code = "refused" if files else "no_document"
        outcome.reason = "; ".join(row["reason"] for row in outcome.files) or "It has no file"
    elif forwards:
        outcome.code = "sent_to_customer"
    return outcome


def filed(rules: MailRules, mailbox: Mailbox, mail: Mail) -> str:
    """Where a document is put: a side, "unsorted" where a tag is missing, "" where nothing says."""
    if rules.tags:
        return next((side for tag, side in rules.tags if tag in mail.subject), "unsorted")
    return mailbox.side


def comment(rules: MailRules, mail: Mail) -> dict[str, str]:
    """What the text says to the bookkeeper, where a receiver reads that."""
    found = re.search(r"\[\*(.*?)\*\]", mail.text, re.DOTALL) if rules.tags else None
    return {"comment": " ".join(found[1].split())} if found else {}


def allowed(box: Box) -> list[str]:
    """Who may write to a box that knows its senders."""
    return box.store.setting("senders", {}).get(str(box.number), [])


def allow(box: Box, address: str) -> list[str]:
    """One more, from now on."""
    every = box.store.setting("senders", {})
    mine = sorted({*every.get(str(box.number), []), address.strip().lower()})
    box.store.keep("senders", {**every, str(box.number): mine})
    return mine


def owner(content: list[Attachment]) -> list[str]:
    """VAT numbers in the e-invoices of a mail, those of the buyers first."""
    found: list[invoices.Invoice] = []
    for file in content:
        try:
            if contents.kind_of(file.content) == XML:
                found.append(invoices.read(file.content))
        except Refused:
            continue
    return [one.buyer.vat for one in found] + [one.seller.vat for one in found]


def _book(box: MailBox, files: list[Attachment]) -> list[dict[str, Any]]:
    beside = _beside(box.rules, files)
    rows = {number: box.book(file) for number, file in enumerate(files) if number not in beside}
    for number, main in beside.items():
        rows[number] = box.book_beside(files[number], rows[main]["documents"])
    return [rows[number] for number in range(len(files))]


def _pairs(files: list[Attachment]) -> dict[int, int]:
    """The PDF of an e-invoice → that, where their names are alike."""
    kinds = [contents.kind_of(file.content) for file in files]
    found = {}
    for number, kind in enumerate(kinds):
        if kind == PDF:
            for other, other_kind in enumerate(kinds):
                if other_kind == XML and _alike(files[number].name, files[other].name):
                    found[number] = other
                    break
    return found


def _beside(rules: MailRules, files: list[Attachment]) -> dict[int, int]:
    """The files that hang on an e-invoice of the same mail → that."""
    if rules.merges:
        return _pairs(files)
    main = next((n for n, one in enumerate(files) if contents.kind_of(one.content) == XML), None)
    if main is None:
        return {}
    return {n: main for n, one in enumerate(files) if one.name.lower().endswith(rules.annexes)}


def _alike(one: str, other: str) -> bool:
    """Letters and figures are the same, or one goes on where the other ends."""
    short, long = sorted(
        (re.sub(r"[^a-z0-9]", "", base_name(name)) for name in (one, other)), key=len
    )
    return bool(short) and (short == long or (len(short) > 3 and long.startswith(short)))


def as_json(outcome: Outcome) -> str:
    """What is kept of an outcome with its mail."""
    return json.dumps({"files": outcome.files, **outcome.data})
