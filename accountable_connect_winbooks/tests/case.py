"""A document that has a file of its own in ``data``, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from odoo.addons.accountable_connect.documents import Document


@dataclass(frozen=True, kw_only=True)
class Case:
    """One document, and how it was asked for.

    * ``entry`` is the sum per account of the lines of its file, debit positive.
    * ``booked``: what the books have of it, where WinBooks itself adds or moves something.
    * ``boxes``: what the VAT return gets of it.

    All are typed, as an accountant writes them down.
    """

    document: Document
    third: str = ""
    entry: dict[str, str]
    booked: dict[str, str] | None = None
    boxes: str = ""
    given: dict = field(default_factory=dict)
    options: dict = field(default_factory=dict)

    @property
    def number(self) -> str:
        """Of its third."""
        return self.third or ("MEULEMANS" if self.document.is_sale else "LEFEVRE")

    def variant(self, entry: dict[str, str] | None = None, **options) -> "Case":
        """The same for an office that chose otherwise; the books end up the same."""
        return replace(self, entry=entry or self.entry, booked=self.entry, options=options)


CASES: dict[str, Callable[[], Case]] = {}


def case(make: Callable[[], Case]) -> Callable[[], Case]:
    """Register it under its name."""
    CASES[make.__name__] = make
    return make


def amounts_of(entry: dict[str, str]) -> dict[str, Decimal]:
    return {account: Decimal(amount) for account, amount in entry.items()}
