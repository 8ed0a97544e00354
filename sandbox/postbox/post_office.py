"""What comes by mail: which box an address belongs to, the mails that were kept and what became of
each, and what could not be delivered."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from typing import Any

from ..kit.clock import Clock
from ..kit.storage import Store
from . import bounces, mail_books, mail_parts, mailboxes
from .boxes import Box
from .mail_faults import BOUNCE, MailFaults

TABLES = """
CREATE TABLE IF NOT EXISTS mail (
    id INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER, moment TEXT NOT NULL,
    sender TEXT NOT NULL, recipient TEXT NOT NULL, size INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    written_by TEXT NOT NULL, written_to TEXT NOT NULL, subject TEXT NOT NULL,
    message_id TEXT NOT NULL, data TEXT NOT NULL DEFAULT '{}', content BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS mail_box ON mail (box);
CREATE TABLE IF NOT EXISTS bounce (
    id INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER, mail INTEGER NOT NULL, moment TEXT NOT NULL,
    sent_to TEXT NOT NULL, message_id TEXT NOT NULL, words TEXT NOT NULL,
    handed_on TEXT NOT NULL DEFAULT '', content BLOB NOT NULL);
"""
NO_SUCH_BOX = "550 5.1.1 <{recipient}>: Recipient address rejected: User unknown"
NO_RELAY = "550 5.7.1 <{recipient}>: Relay access denied"


class PostOffice:
    """The mails of one sandbox; ``boxes`` and ``box`` give those of the service."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        switches: Any,
        boxes: Callable[[], Iterable[Box]],
        box: Callable[[int], Box],
    ):
        self.store = store
        self.clock = clock
        self.switches = switches
        self.faults = MailFaults(store)
        self.boxes = boxes
        for statement in filter(str.strip, TABLES.split(";")):
            store.run(statement)  # a state of before there were mails
        self.box = box

    # Taking mails

    def find(self, recipient: str) -> mailboxes.Mailbox | str:
        """What an address leads to, or the answer that refuses it. A mailbox without a receiver is
        a person's own."""
        domain = recipient.rpartition("@")[2].lower()
        if self._is_own(domain):
            return mailboxes.Mailbox("", None)
        found = mailboxes.find(self.boxes(), recipient)
        if found is not None:
            return found
        refusal = NO_SUCH_BOX if mailboxes.is_domain(domain) else NO_RELAY
        return refusal.replace("{recipient}", recipient)

    def take(self, sender: str, recipients: list[str], content: bytes) -> list[dict[str, Any]]:
        """Keep a mail for each of its recipients; gives the reports of what cannot be delivered."""
        mail, sender = mail_parts.read(content), mail_parts.readable(sender)
        reports = []
        with self.store.transaction():
            for recipient in recipients:
                mailbox = self.find(recipient)
                if isinstance(mailbox, mailboxes.Mailbox):
                    reports += self._take_one(sender, recipient, mailbox, mail, content)
        return reports

    def _take_one(
        self,
        sender: str,
        recipient: str,
        mailbox: mailboxes.Mailbox,
        mail: mail_parts.Mail,
        content: bytes,
    ) -> list[dict[str, Any]]:
        box = self._box_of(mailbox, mail)
        number = self.store.run(
            "INSERT INTO mail (box, moment, sender, recipient, size, written_by, written_to,"
            " subject, message_id, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            box.number if box else None,
            self.clock.stamp(),
            sender,
            mail_parts.readable(recipient),
            len(content),
            mail.sender,
            mail.to,
            mail.subject,
            mail.message_id,
            content,
        ).lastrowid
        order = self.faults.take("bounce", [box.number if box else None])
        if order:
            self._close(number, mail_books.Outcome("bounced", "It could not be delivered"), mail)
            words = (order["words"] or BOUNCE).replace("{recipient}", recipient)
            return self._report(number, box, sender, recipient, words, content)
        if not mailbox.receiver:
            outcome = mail_books.Outcome("own")
        elif box is None:
            outcome = mail_books.Outcome("no_administration", "No company has this VAT number")
        else:
            outcome = mail_books.deliver(box, mailbox, mail, int(number or 0), self.switches)
        self._close(number, outcome, mail)
        return []

    def _close(
        self, number: int | None, outcome: mail_books.Outcome, mail: mail_parts.Mail | None = None
    ) -> None:
        if mail and not outcome.files:
            outcome.files = [
                {"name": file.name, "media_type": file.media_type, "size": len(file.content)}
                for file in mail.attachments
            ]
        self.store.run(
            "UPDATE mail SET outcome = ?, reason = ?, data = ? WHERE id = ?",
            outcome.code,
            outcome.reason,
            mail_books.as_json(outcome),
            number,
        )

    def _box_of(self, mailbox: mailboxes.Mailbox, mail: mail_parts.Mail) -> Box | None:
        if mailbox.box is not None:
            return self.box(mailbox.box)
        if not mailbox.receiver:
            return None
        mine = [box for box in self.boxes() if box.receiver_key == mailbox.receiver]
        for vat in mail_books.owner(mail.attachments):
            for box in mine:
                if vat and vat == box.vat:
                    return box
        return None

    def _report(
        self,
        number: int | None,
        box: Box | None,
        sender: str,
        recipient: str,
        words: str,
        content: bytes,
    ) -> list[dict[str, Any]]:
        """The report to who sent it; a mail of nobody gets none."""
        if not sender:
            return []
        message = bounces.report(sender, recipient, words, content, self.clock.now())
        found = self.store.run(
            "INSERT INTO bounce (box, mail, moment, sent_to, message_id, words, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            box.number if box else None,
            number,
            self.clock.stamp(),
            sender,
            mail_parts.read(content).message_id,
            words,
            message,
        ).lastrowid
        return [{"id": found, "to": sender, "content": message}]

    def handed_on(self, number: int, how: str) -> None:
        """Note what became of a report that was sent."""
        self.store.run("UPDATE bounce SET handed_on = ? WHERE id = ?", how, number)

    def is_too_large(self, mailbox: mailboxes.Mailbox, size: int) -> bool:
        """Whether a mail is beyond what a receiver takes."""
        largest = mailbox.rules.largest_mail if mailbox.receiver else 0
        return bool(largest) and size > largest

    def _is_own(self, domain: str) -> bool:
        return any(
            fnmatchcase(domain, pattern.strip().lower())
            for pattern in str(self.switches["own_domains"]).split(",")
            if pattern.strip()
        )

    # Looking

    def mails(self, box: int | None = None) -> list[dict[str, Any]]:
        """The mails that came, of one box or all, the first first."""
        rows = self.store.rows(
            "SELECT id, box, moment, sender, recipient, size, outcome, reason, written_by,"
            " written_to, subject, message_id, data FROM mail"
            " WHERE ? IS NULL OR box = ? ORDER BY id",
            box,
            box,
        )
        return [{**dict(row), **json.loads(row["data"])} | {"data": None} for row in rows]

    def mails_without_box(self) -> list[dict[str, Any]]:
        """The mails that came to a person, or to an address that all companies share."""
        return [one for one in self.mails() if one["box"] is None]

    def number(self, box: int) -> int:
        """How many came to a box."""
        return self.store.row("SELECT COUNT(*) number FROM mail WHERE box = ?", box)["number"]

    def mail(self, number: int) -> bytes:
        """A mail as it came. Raises ``ValueError``."""
        return self._content("mail", number)

    def bounces(self, box: int | None = None) -> list[dict[str, Any]]:
        """The reports of what was not delivered."""
        rows = self.store.rows(
            "SELECT id, box, mail, moment, sent_to, message_id, words, handed_on FROM bounce"
            " WHERE ? IS NULL OR box = ? ORDER BY id",
            box,
            box,
        )
        return [dict(row) for row in rows]

    def bounce(self, number: int) -> bytes:
        """A report as it was sent. Raises ``ValueError``."""
        return self._content("bounce", number)

    def _content(self, table: str, number: int) -> bytes:
        row = self.store.row(f"SELECT content FROM {table} WHERE id = ?", number)
        if row is None:
            raise ValueError(f"there is no {table} {number}")
        return row["content"]
