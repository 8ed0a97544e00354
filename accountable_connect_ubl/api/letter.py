"""The e-mail in which a document goes: to whom, with which subject and text. Plain Python."""

import fnmatch
import re
from dataclasses import dataclass

from odoo.addons.accountable_connect.api.texts import cut, has_controls, one_line

from .names import PLACE, TYPES

PLACES = frozenset({"type", "number", "word", "company", "party"})
LONGEST = 150
WORD = re.compile(r"[A-Z0-9]{1,20}")
# A word at the end of a local part that a person gave; digits alone are no word.
GIVEN_WORD = re.compile(r"-((?=[A-Z0-9]*[A-Z])[A-Z0-9]+)$")
PATTERN = re.compile(r"[A-Za-z0-9.*_+-]+@[A-Za-z0-9.*-]+")
# A receiver may read what stands in brackets: a tag, a comment.
BRACKETS = str.maketrans("[]", "()")
# What is not a file in an e-mail: its head, its text, what parts them.
HEAD = 16 * 1024
LINE_OF_BASE64, WITH_ITS_END = 76, 78


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRules:
    """What a receiver asks of e-mails.

    * ``subject``, ``note``: patterns with the places of :data:`PLACES`; "": ours.
    * ``word_sales``, ``word_bills``: the ``{word}`` of each side.
    * ``word_in_address``: ``box@receiver`` becomes ``box-WORD@receiver``.
    * ``address_pattern``: what its addresses look like, ``*`` for anything; "": not known.
    * ``address_per_kind``: sales and bills have an address each.
    * ``shared_address``: a pattern of addresses of all its companies: it finds the company in the
      e-invoice, so that nothing else may go there.
    * ``knows_senders``: it has to be told who writes.
    * ``pdf_beside``: as that of the profile, in an e-mail.
    * ``largest``: of a whole e-mail, in bytes; ``per_hour``, ``per_day``: e-mails; 0: no limit.
    """

    subject: str = ""
    note: str = ""
    word_sales: str = ""
    word_bills: str = ""
    word_in_address: bool = False
    address_pattern: str = ""
    address_per_kind: bool = False
    shared_address: str = ""
    knows_senders: bool = False
    pdf_beside: bool = False
    largest: int = 0
    per_hour: int = 0
    per_day: int = 0

    def word(self, kind: str) -> str:
        """The word of a kind of documents."""
        return self.word_bills if is_bill(kind) else self.word_sales


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an e-mail may say of its document."""

    kind: str
    number: str
    company: str = ""
    party: str = ""


def is_bill(kind: str) -> bool:
    """Whether documents of a kind go to the address for bills."""
    return kind.startswith("purchase")


def recipient(rules: MailRules, kind: str, address: str) -> str:
    """The address a document goes to, its capitals kept. One that ends in a word which is none of
    the receiver's two was chosen by a person, and stays.

    :param address: the one of its kind, as a person gave it
    """
    word = rules.word(kind)
    local, at, domain = address.rpartition("@")
    if not (rules.word_in_address and word and at) or given_word(rules, address):
        return address
    for own in (rules.word_sales, rules.word_bills):
        if own and local.endswith(f"-{own}"):
            local = local.removesuffix(f"-{own}")
            break
    return f"{local}-{word}@{domain}"


def given_word(rules: MailRules, address: str) -> str:
    """The word in an address that is none of the receiver's two, "" where there is none."""
    found = GIVEN_WORD.search(address.rpartition("@")[0]) if rules.word_in_address else None
    return found[1] if found and found[1] not in (rules.word_sales, rules.word_bills) else ""


def subject(rules: MailRules, facts: Facts, plain: str) -> str:
    """One line, whatever the values hold. ``plain``: where the receiver asks for no other."""
    return cut(_filled(rules.subject, rules, facts) if rules.subject else plain, LONGEST)


def body(rules: MailRules, facts: Facts, plain: str) -> str:
    """The text, one line."""
    return _filled(rules.note, rules, facts) if rules.note else one_line(plain)


def _filled(pattern, rules, facts):
    values = {
        "type": TYPES.get(facts.kind, ""),
        "number": facts.number,
        "word": rules.word(facts.kind),
        "company": facts.company,
        "party": facts.party,
    }
    return one_line(
        PLACE.sub(lambda place: one_line(values[place[1]]).translate(BRACKETS), pattern)
    )


def looks_like(pattern: str, address: str) -> bool:
    """Whether an address looks like the receiver's; capitals make no difference."""
    return fnmatch.fnmatchcase(address.lower(), pattern.lower())


def largest_file(largest_mail: int) -> int:
    """The size of a file, in bytes, with which an e-mail is as large as it may be."""
    coded = max(largest_mail - HEAD, 0)
    return max(coded * 3 // 4 * LINE_OF_BASE64 // WITH_ITS_END, 1)


def text_fault(pattern: str) -> str:
    """What is wrong with the pattern of a subject or text, as a code; "" when nothing is.

    ``mail_place``: a place we do not know; ``mail_sign``: a control character, an end of a line, or
    more than :data:`LONGEST` characters.
    """
    rest = PLACE.sub("", pattern)
    if set(PLACE.findall(pattern)) - PLACES or "{" in rest or "}" in rest:
        return "mail_place"
    if len(pattern) > LONGEST or has_controls(pattern) or not pattern.isprintable():
        return "mail_sign"
    return ""


def word_fault(rules: MailRules) -> str:
    """What is wrong with the words: ``word_sign``: other than capitals and digits, twenty at most;
    ``word_missing``: one is asked for, and is not there."""
    words = (rules.word_sales, rules.word_bills)
    if any(word and not WORD.fullmatch(word) for word in words):
        return "word_sign"
    asked = rules.word_in_address or "{word}" in rules.subject + rules.note
    return "word_missing" if asked and not all(words) else ""


def is_pattern(text: str) -> bool:
    """Whether it can be the pattern of an address."""
    return len(text) <= LONGEST and PATTERN.fullmatch(text) is not None
