"""What a rule is: an id, what it says, and what finds where a document breaks it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from odoo.addons.accountable_connect.documents.sentence import Sentence, SentencesOf

from .tree import Ubl

_lt = SentencesOf(__name__)

# Places; of a line its number is added, as in "line 2" (in the order of the document, from 1).
DOCUMENT = "document"
SELLER = "seller"
BUYER = "buyer"
DELIVERY = "delivery"
PAYMENT = "payment"
VAT = "vat"


@dataclass(frozen=True, slots=True)
class Breach:
    """Where and how a document breaks a rule: a sentence for a bookkeeper."""

    message: Sentence
    place: str = DOCUMENT


@dataclass(frozen=True, slots=True)
class Rule:
    """``id`` is the official one, ``says`` what it says in one English sentence; ``breaches`` gives
    what in a document is against it."""

    id: str
    says: str
    breaches: Callable[[Ubl], Iterable[Breach]]


@dataclass(frozen=True, slots=True)
class Finding:
    """A breach as others read it.

    * ``rule``: the official id.
    * ``message``: a sentence; its ``data`` is what is stored and translated.
    * ``place``: ``document``, ``seller``, ``buyer``, ``delivery``, ``payment``, ``vat``, or
      ``line`` with a number, from 1 in the order of the document.
    * ``values``: those of the message.
    * ``refuses``: the document must not leave as it is.
    """

    rule: str
    message: Sentence
    place: str = DOCUMENT
    values: dict = field(default_factory=dict)
    refuses: bool = True


class Table(list):
    """Rules of one subject, in their order."""

    def rule(self, id, says):
        """Adds a function as the rule; it takes the :class:`Ubl` and yields :class:`Breach`."""

        def add(function):
            self.append(Rule(id, says, function))
            return function

        return add

    def row(self, id, says, breaches):
        self.append(Rule(id, says, breaches))


def line_place(number):
    return f"line {number}"


def values_of(message):
    data = message.data
    return dict(data.get("values") or {}) if isinstance(data, dict) else {}


def finding_of(rule, breach):
    """What is said of a line names it."""
    message = breach.message
    kind, _, number = breach.place.partition(" ")
    if kind == "line":
        message = _lt("Line %(line)s: %(reason)s", line=int(number), reason=message)
    return Finding(rule, message, breach.place, values_of(breach.message))
