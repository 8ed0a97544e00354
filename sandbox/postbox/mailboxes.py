"""The addresses of each box, in the form that its receiver really has, and what a mail that comes
there is taken by. Written from what the vendors and their integrators say; each row tells what of
it is said where (see the README)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .receivers import BMP, GIF, JPEG, MEGABYTE, PDF, PNG, TIFF, XML

SIDES = ("sale", "purchase")
WORDS = {"sale": "SI", "purchase": "PI"}


@dataclass(frozen=True, kw_only=True)
class MailRules:
    """What a receiver does with a mail.

    * ``domain``: of its addresses; ``local``: the part before it per side ("" for both sides),
      where ``{number}``, ``{code}``, ``{company}`` and ``{name}`` stand for the box.
    * ``words``: ``-WORD`` in capitals after the local part names a sub-folder.
    * ``exact_case``: capitals of the local part matter.
    * ``shared``: a local part for all companies; the VAT number in the e-invoice tells which.
    * ``takes``: kinds of files that become a document; ``unpacks``: a ZIP stands for what is in it.
    * ``largest_file``, ``largest_mail``: in bytes; 0: no limit of its own.
    * ``merges``: an e-invoice and a PDF of one mail with names alike are one document.
    * ``body``: a mail without a file becomes a document itself.
    * ``tags``: text in the subject → side; without one a document is unsorted.
    * ``known_senders``: a mail of anybody else is put aside, and nobody hears of it.
    * ``forwards``: what comes to the address for sales goes on to the customer.
    * ``keeps``: endings of files that are kept and never booked; ``annexes``: that hang on the
      e-invoice of the same mail.
    * ``one_by_one``: several documents of a mail wait until a person accepts each.
    """

    domain: str
    local: dict[str, str]
    words: bool = False
    exact_case: bool = False
    shared: str = ""
    takes: frozenset[str] = frozenset({XML, PDF})
    unpacks: bool = False
    locked_pdf: bool = True
    largest_file: int = 0
    largest_mail: int = 0
    merges: bool = False
    body: bool = False
    tags: tuple[tuple[str, str], ...] = ()
    known_senders: bool = False
    forwards: bool = False
    keeps: tuple[str, ...] = ()
    annexes: tuple[str, ...] = ()
    one_by_one: bool = False


CLEARFACTS = MailRules(
    domain="claes.clearfacts.sandbox",
    local={"sale": "{company}-{number}-Verkoop", "purchase": "{company}-{number}-Aankoop"},
    exact_case=True,
    takes=frozenset({XML, PDF, JPEG}),
    unpacks=True,
    locked_pdf=False,
    largest_mail=20 * MEGABYTE,
    body=True,
)

MAIL_RULES = {
    "octopus": MailRules(
        domain="octopus.sandbox",
        local={"": "uid{number}"},
        words=True,
        takes=frozenset({XML, PDF, JPEG, PNG}),
    ),
    "exact": MailRules(
        domain="exactonline.sandbox",
        local={"sale": "{code}@verkoop", "purchase": "{code}@inkoop"},
        known_senders=True,
    ),
    "yuki": MailRules(
        domain="yukiworks.sandbox",
        local={"": "{name}.{number}"},
        shared="ubl",
        takes=frozenset({XML, PDF, JPEG, PNG}),
        merges=True,
    ),
    "clearfacts": CLEARFACTS,
    # the same service for those who keep their books in BOB
    "cloud_demat": replace(CLEARFACTS, domain="claes.clouddemat.sandbox"),
    "basecone": MailRules(
        domain="mailtobasecone.sandbox",
        local={"": "claes.{number}"},
        takes=frozenset({XML, PDF, JPEG, PNG, GIF, TIFF, BMP}),
        unpacks=True,
        largest_file=15 * MEGABYTE,
        largest_mail=20 * MEGABYTE,
        tags=(
            ("[INK]", "purchase"),
            ("[PNV]", "purchase"),
            ("[VRK]", "sale"),
            ("[SLS]", "sale"),
        ),
        keeps=(".xls", ".xlsx", ".docx", ".txt", ".csv", ".mt940"),
    ),
    "banqup": MailRules(
        domain="banqup.sandbox",
        local={"sale": "{name}.{number}-sales", "purchase": "{name}.{number}"},
        forwards=True,
        annexes=(".xls", ".xlsx", ".doc", ".docx", ".ppt", ".pptx"),
        one_by_one=True,
    ),
    "billit": MailRules(
        domain="billit.sandbox",
        local={"sale": "{company}.{number}.out", "purchase": "{company}.{number}.in"},
        forwards=True,
    ),
    "winbooks": MailRules(
        domain="winbooks.sandbox", local={"": "ubl.{code}"}, takes=frozenset({XML})
    ),
}


@dataclass(frozen=True)
class Mailbox:
    """What an address leads to: ``box`` is None for the address that all companies share, and
    ``side`` "" where the address does not tell."""

    receiver: str
    box: int | None
    side: str = ""
    word: str = ""

    @property
    def rules(self) -> MailRules:
        """What its mails are taken by."""
        return MAIL_RULES[self.receiver]


def has_mail(receiver: str) -> bool:
    """Whether mails can be sent to it."""
    return receiver in MAIL_RULES


def addresses(box: Any) -> dict[str, str]:
    """Side → address; side "" for one that takes both."""
    rules = MAIL_RULES.get(box.receiver_key)
    return (
        {side: _address(box, rules, local) for side, local in rules.local.items()} if rules else {}
    )


def address(box: Any, side: str) -> str:
    """Where a company's sender writes documents of a side to. Raises ``ValueError``."""
    if side not in SIDES:
        raise ValueError(f"side is one of {', '.join(SIDES)}")
    found = addresses(box)
    if not found:
        raise ValueError(f"{box.receiver.name} takes no mails")
    one = found.get(side) or found[""]
    if MAIL_RULES[box.receiver_key].words:
        local, _at, domain = one.partition("@")
        return f"{local}-{WORDS[side]}@{domain}"
    return one


def shared_address(receiver: str) -> str:
    """The address for all companies, where a receiver has one."""
    rules = MAIL_RULES[receiver]
    return f"{rules.shared}@{rules.domain}" if rules.shared else ""


def find(boxes: Iterable[Any], recipient: str) -> Mailbox | None:
    """What an address leads to."""
    local, _at, domain = recipient.rpartition("@")
    for receiver, rules in MAIL_RULES.items():
        if rules.shared and (local.lower(), domain.lower()) == (rules.shared, rules.domain):
            return Mailbox(receiver, None)
    for box in boxes:
        for side, one in addresses(box).items():
            word = _fits(MAIL_RULES[box.receiver_key], one, local, domain)
            if word is not None:
                return Mailbox(box.receiver_key, box.number, side, word)
    return None


def is_domain(domain: str) -> bool:
    """Whether mails for a domain are taken here at all."""
    domain = domain.lower()
    return any(
        domain == rules.domain or domain.endswith(f".{rules.domain}")
        for rules in MAIL_RULES.values()
    )


def _fits(rules: MailRules, one: str, local: str, domain: str) -> str | None:
    """The word in an address that belongs to a mailbox, "" without one, None when it is another."""
    own_local, _at, own_domain = one.partition("@")
    if domain.lower() != own_domain:
        return None
    word = ""
    if rules.words:
        found = re.fullmatch(r"(.+?)(?:-([A-Z0-9]+))?", local)
        if found is None:
            return None
        local, word = found[1], found[2] or ""
    same = local == own_local if rules.exact_case else local.lower() == own_local.lower()
    return word if same else None


def _address(box: Any, rules: MailRules, local: str) -> str:
    code = hashlib.sha256(f"{box.receiver_key}{box.number}".encode()).hexdigest()[:10]
    filled = local.format(
        number=box.number,
        code=code,
        company=re.sub(r"\D", "", box.vat),
        name=re.sub(r"[^a-z0-9]+", "-", box.name.lower()).strip("-").split("-")[0],
    )
    return f"{filled}.{rules.domain}" if "@" in filled else f"{filled}@{rules.domain}"
