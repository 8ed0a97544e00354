"""The interface of what is known of a package: its sandbox, its sign-in, its books."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from tooling.books.figures import Booking
from tooling.demo.accountant import Accountant
from tooling.packages.control import Control


@dataclass(frozen=True)
class SignIn:
    """How to reach a package's sandbox; ``values`` are fields of the sign-in, ``secrets`` are given
    to ``set_secrets``, ``administration`` is the key of the demo company's books, ``without_tax``
    see :attr:`Package.without_tax`. Where files are handed over there is nothing to sign in to:
    ``first_step`` are the values of the dialogue that connects, ``typed`` what a person pastes of
    the books over there, by kind of master data."""

    package: str
    values: dict[str, Any]
    secrets: dict[str, str]
    administration: str
    without_tax: dict[str, str] = field(default_factory=dict)
    first_step: dict[str, Any] | None = None
    typed: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Aims:
    """Calls to the package that the benchmarks hold it to, and documents a second through a real
    Odoo (``throughput``; None: not measured). ``looked_up`` says what is asked of
    bills that may be there already, ``look_ups``: so many calls more for a run of 40 bills,
    ``numbers``: so many more for any run that books in one journal, to know where to count on;
    ``party`` is part of the name of every operation on parties."""

    invoice: int
    invoice_with_pdf: int
    pdf_afterwards: int
    bill_with_file: int
    party: str
    looked_up: str
    look_ups: int
    numbers: int = 0
    throughput: float | None = None


class Package:
    """One accounting package. ``root`` is always the address of its sandbox, without a path."""

    name: str
    title: str
    # It takes files and answers nothing: they are put into a folder, and a sandbox of another name
    # reads that. Where it keeps books of them, these are compared as those of a service.
    hands_over = False
    keeps_books = True
    # What a person is told to enter or to choose, and the menu that begins.
    where_to = "address to enter"
    sandbox: str = ""
    # The country of the books, and the key of those that the demo company stands in.
    country: str = "BE"
    administration: str
    # The small company of the demo whose documents go this way; "" for the demo's own.
    small: str = ""
    # Options of ``python -m sandbox`` for the demo, the benchmarks and ``./run serve``.
    sandbox_options: tuple[str, ...] = ()
    # Servers of other ways that the sandbox has beside its pages, each with a port of its own.
    sandbox_ways: tuple[str, ...] = ()
    # Belgian tax (end of its external id) → code that a person chooses, because no proposal fits.
    chosen_by_hand: dict[str, str] = {}
    # Code of lines without tax that a person chooses for sales and purchases, where a package needs
    # one and does not propose it.
    without_tax: dict[str, str] = {}
    # The first journal of sales, and the codes of Belgian sales at 21 and 6 %.
    sales_journal: str
    vat_codes: dict[str, str]
    # Cost centres of the demo's departments, as the books name them.
    cost_centres: dict[str, Any] = {}
    accountant_class: type[Accountant]
    aims: Aims
    # Switches that make the sandbox as strict as the service, where limits make work wait.
    real_limits: dict[str, Any] = {}

    def __init__(self):
        self.sandbox = self.sandbox or self.name

    @property
    def menu(self) -> str:
        """The menu that begins the set-up."""
        return f"Connect with {self.title}"

    def of_country(self, country: str) -> Package | None:
        """The same package with books of another country; None where it has none."""
        return self if country == self.country else None

    def serve(self, **switches: Any):
        """A sandbox in this process, without limits unless ``switches`` say so: a context manager
        that gives a server."""
        raise NotImplementedError

    def root(self, server: Any) -> str:
        """The address of a server that ``serve`` gave."""
        return server.root

    def address(self, root: str) -> str:
        """The address that a manager enters: with its path, where the package has one."""
        return root

    def sign_in(self, root: str) -> SignIn:
        """What a manager enters."""
        raise NotImplementedError

    def consent(self, session, sign_in: int, root: str) -> None:
        """What the manager of ``session`` (:class:`tooling.demo.session.Session`) does in the
        browser until the sign-in with this id is signed in. A password is enough unless told
        otherwise."""

    def let_in(self, record, root: str) -> None:
        """The same in a process that has no web server; ``record`` is the ``accountable.sign.in``.
        Tokens are stored in a cursor of their own, so the record has to be committed."""

    def lift_limits(self, control: Control) -> None:
        """The sandbox counts calls without refusing any."""

    def use_clock(self, now: Callable[[], datetime]) -> None:
        """The package's clients of this process take the moment (with its zone) from ``now``."""

    def accountant(
        self, root: str, keys: dict[str, str] | None = None, moves: dict[str, int] | None = None
    ) -> Accountant:
        """Who works in the administration."""
        return self.accountant_class(Control(root), self.administration, keys, moves)

    def bookings(self, books: dict) -> list[Booking]:
        """The sales and purchase bookings out of ``Accountant.books``, with their figures."""
        raise NotImplementedError

    def amounts(self, books: dict) -> Iterator[tuple[dict, str]]:
        """Every amount of ``Accountant.books`` that the comparison reads, as (record, name), so
        that ``record[name]`` can be changed: text."""
        raise NotImplementedError

    def contents(self, books: dict) -> str:
        """What is in the books, in a line of words."""
        raise NotImplementedError

    def key_of(self, delivery) -> str:
        """The key in the books of a document that was handed over, of its :class:`Delivery`."""
        raise NotImplementedError

    def directory(self, server: Any) -> Path:
        """Where the files for the administration are put, of a server that ``serve`` gave."""
        raise NotImplementedError

    def where_else(self, root: str) -> list[str]:
        """What else a person is told who wants to try it by hand, in lines."""
        return []

    def books_page(self, root: str) -> str:
        """Where a person looks into the books."""
        return f"{root.rstrip('/')}/"
