"""The page of the mails of a box: where they are written to, what came and what became of it, what
was put aside, reports, and what is to go wrong."""

from __future__ import annotations

from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.routing import Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from ..kit.pages import PER_PAGE, Choice, download
from ..kit.templating import Link, lines, size
from . import mail_books, mailboxes
from .boxes import Box

KINDS = {
    "greylist": "Greylisting",
    "too_large": "Too large",
    "unknown_sender": "Unknown sender",
    "lost_before_dot": "Lost before the dot",
    "lost_after_dot": "Lost after the dot",
    "bounce": "Bounces later",
    "slow": "Slow",
    "service_off": "Service off",
    "full": "Mailbox full",
}
OUTCOMES = {
    "taken": "Taken",
    "refused": "No document",
    "no_document": "No document",
    "blocked": "Blocked",
    "no_key": "Not sent on",
    "sent_to_customer": "Sent to the customer",
    "bounced": "Bounced",
    "unreadable": "Not read",
    "no_administration": "Nobody's",
    "own": "In a mailbox",
}
FILED = {"sale": "Sales", "purchase": "Purchases", "unsorted": "Unsorted"}
FOR = {"": "Sales and purchases", "sale": "Sales", "purchase": "Purchases"}
SIDES = {"sale": "Sales", "purchase": "Purchases"}


def rules(place: str) -> list[Rule]:
    """The routes below a box."""
    return [
        Rule(f"{place}/mail", endpoint="mail", methods=["GET"]),
        Rule(f"{place}/mail", endpoint="order", methods=["POST"]),
        Rule(f"{place}/mails/<int:key>", endpoint="message", methods=["GET"]),
        Rule("/mails/<int:key>", endpoint="message", methods=["GET"]),
        Rule(f"{place}/bounces/<int:key>", endpoint="report", methods=["GET"]),
    ]


class MailPages:
    """What the pages of a postbox do with mails; mixed into them."""

    service: Any
    tabs: Any

    def _index(self, _request: Request) -> Response:
        mails = reversed(self.service.office.mails_without_box())
        return self._html(
            "boxes.html",
            title=self.title,
            columns=self.columns,
            rows=list(self.administrations()),
            server=self.service.mail_server,
            sftp_server=self.service.sftp_server,
            fingerprint=self.service.sftp.fingerprint,
            mail_columns=COLUMNS,
            mails=[_row("/mails/", one) for one in mails],
        )

    def _mail(self, request: Request, number: int, wrong: str = "") -> Response:
        name, box = self.administration(number)
        return self._html(
            "mail.html",
            400 if wrong else 200,
            title=f"{name} · box {number}",
            back="All boxes",
            tabs=self.tabs,
            base=f"/boxes/{number}/",
            here="mail",
            wrong=wrong,
            server=self.service.mail_server,
            **self._values(box, request),
        )

    def _values(self, box: Box, request: Request) -> dict[str, Any]:
        office = self.service.office
        mails = list(reversed(office.mails(box.number)))
        words = sorted({one.get("subfolder", "") for one in mails} - {""})
        chosen = request.args.get("subfolder", "")
        shown = [one for one in mails if chosen in ("", one.get("subfolder", ""))]
        blocked = [one for one in shown if one["outcome"] == "blocked"]
        rules = mailboxes.MAIL_RULES.get(box.receiver_key)
        tables = [
            (
                "Mails",
                COLUMNS,
                [_row(f"/boxes/{box.number}/mails/", one) for one in shown[:PER_PAGE]],
            )
        ]
        if rules and rules.known_senders:
            tables.append(
                (
                    "Blocked e-mails",
                    COLUMNS,
                    [_row(f"/boxes/{box.number}/mails/", one) for one in blocked],
                )
            )
        if bounces := office.bounces(box.number):
            tables.append(("Bounces", BOUNCES, [_bounce(box, one) for one in reversed(bounces)]))
        return {
            "addresses": _addresses(box),
            "senders": mail_books.allowed(box) if rules and rules.known_senders else None,
            "kinds": KINDS.items(),
            "orders": [_order(one) for one in office.faults.of(box.number)],
            "choices": [folder_choice(words, chosen)] if words else [],
            "tables": tables,
        }

    def _order(self, request: Request, number: int) -> Response:
        """Do what a form of the page asks for."""
        origin = request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != request.host:
            raise Forbidden
        _name, box = self.administration(number)
        asked, faults = request.form, self.service.office.faults
        try:
            with self.service.store.transaction():
                if asked.get("kind"):
                    kind = asked["kind"]
                    seconds = float(asked.get("seconds") or 0) if kind == "slow" else 0
                    faults.add(number, kind, count=int(asked.get("count") or 0), seconds=seconds)
                elif asked.get("do") == "clear":
                    faults.clear()
                elif asked.get("do") == "allow":
                    mail_books.allow(box, asked.get("address", ""))
        except ValueError as error:
            return self._mail(request, number, str(error))
        return redirect(f"/boxes/{number}/mail", 303)

    def _message(self, _request: Request, key: int, number: int | None = None) -> Response:
        office = self.service.office
        if number and key not in {one["id"] for one in office.mails(number)}:
            raise NotFound
        return download(f"mail-{key}.eml", office.mail(key))

    def _report(self, _request: Request, number: int, key: int) -> Response:
        office = self.service.office
        if key not in {one["id"] for one in office.bounces(number)}:
            raise NotFound
        return download(f"bounce-{key}.eml", office.bounce(key))


COLUMNS = ("~Received", "From", "Subject", "Files", "What became of it")
BOUNCES = ("~When", "Sent to", "Message-ID of the mail", "What was said", "")


def _row(place: str, mail: dict[str, Any]) -> list[Any]:
    writer = parseaddr(mail["written_by"])[1]
    other = "" if writer.lower() == mail["sender"].lower() else mail["sender"] or "nobody"
    return [
        Link(f"{place}{mail['id']}", mail["moment"][:16]),
        lines([mail["written_by"], f"sent by {other}" if other else ""]),
        lines([mail["subject"], f"to {mail['recipient']}", mail["message_id"]]),
        Markup("<br>").join(_file(mail["box"], file) for file in mail.get("files", ())),
        lines([OUTCOMES.get(mail["outcome"], mail["outcome"]), *_details(mail), mail["reason"]]),
    ]


def _file(box: int | None, file: dict[str, Any]) -> Markup:
    found = Markup("{} ({})").format(file["name"], size(file["size"]))
    if file.get("documents"):
        address = f"/boxes/{box}/files/{file['documents'][0]}"
        found = Markup('<a href="{}">{}</a>').format(address, found)
    if file.get("beside"):
        return Markup("{}, inside another").format(found)
    return Markup("{}: {}").format(found, file["reason"]) if file.get("reason") else found


def folder_choice(words: list[str], chosen: str) -> Choice:
    """The sub-folders of a box to choose from."""
    return Choice("subfolder", [(word, word) for word in words], chosen, "All folders")


def place_of(document: dict[str, Any]) -> str:
    """Where a receiver put what came by mail; "" for what lay in the folder."""
    if document.get("sent_to_customer"):
        return "Sent to the customer"
    return document.get("subfolder", "") or FILED.get(document.get("filed", ""), "")


def _details(mail: dict[str, Any]) -> list[str]:
    return [
        f"folder {mail['subfolder']}" if mail.get("subfolder") else "",
        FILED.get(mail.get("filed", ""), ""),
        "made of the text" if mail.get("from_body") else "",
        "each to be accepted" if mail.get("to_accept") else "",
        f"comment: {mail['comment']}" if mail.get("comment") else "",
    ]


def _bounce(box: Box, bounce: dict[str, Any]) -> list[Any]:
    return [
        Link(f"/boxes/{box.number}/bounces/{bounce['id']}", bounce["moment"][:16]),
        bounce["sent_to"],
        bounce["message_id"],
        bounce["words"],
        bounce["handed_on"],
    ]


def _addresses(box: Box) -> list[tuple[str, str]]:
    found = {side: mailboxes.address(box, side) for side in SIDES} if _has_mail(box) else {}
    if len(set(found.values())) == 1:
        found = {"": found["sale"]}
    shown = [(FOR[side], one) for side, one in found.items()]
    if _has_mail(box) and (shared := mailboxes.shared_address(box.receiver_key)):
        shown.append(("All companies", shared))
    return shown


def _has_mail(box: Box) -> bool:
    return mailboxes.has_mail(box.receiver_key)


def _order(order: dict[str, Any]) -> str:
    often = f"the next {order['count']} mails" if order["count"] else "until it is ended"
    whose = "" if order["box"] else ", of all boxes"
    return f"{KINDS[order['kind']]}: {often}{whose}"
