"""What a worker carries while it works for one connection: plain values, because a commit empties
Odoo's cache and every field read afterwards would cost a query. And why a job ends without being
sent."""

import time
from collections import namedtuple
from dataclasses import dataclass, field
from datetime import date, datetime

from ...api.contract import Capabilities, Package
from ...api.errors import LimitReachedError
from ...documents import Document, Party, StoredFile

# ``numbers`` identified it when it was last sent, as values of a Party; None: nothing was sent.
KnownParty = namedtuple("KnownParty", "key fingerprint numbers", defaults=(None,))
RefusedParty = namedtuple("RefusedParty", "fingerprint moment code sentence")


@dataclass(slots=True)
class Prepared:
    """What a job will send: the document or the problems, its files, its fingerprint once it was
    needed, and what the move looked like when it was read (``stamp``). ``notes``: what is noted on
    it when it is booked, code → values. ``in_odoo``: what stands for its bookkeeping in Odoo."""

    document: Document | None = None
    problems: list = field(default_factory=list)
    notes: dict[str, dict] = field(default_factory=dict)
    files: tuple[StoredFile, ...] = ()
    file_notes: list[str] = field(default_factory=list)
    fingerprint: str = ""
    stamp: datetime | None = None
    journal_id: int = 0
    in_odoo: str = ""


@dataclass(slots=True)
class Settings:
    """The settings of a connection a job needs, read once a run."""

    parties_to_package: bool
    external_number_offset: int
    send_files: bool
    late_bills_to_open_period: bool
    started_on: date
    hold_later_journals: frozenset[int]
    bookings_known_until: date | None = None
    accepted_bookings: frozenset[str] = frozenset()


@dataclass(slots=True)
class Counts:
    documents_sent: int = 0
    parties_sent: int = 0
    files_sent: int = 0
    settlements_read: int = 0
    failed: int = 0


@dataclass(slots=True)
class RunState:
    """``held``: number series → id of the job that holds it. ``kept``: id of a job → series and
    number it goes again under. ``arriving``: id of a partner → id of the job that saved it without
    an answer. ``earlier``: ids of archived connections with the same administration.
    ``last_numbers``: series → last number given out. ``records``: id of a job of the batch → its
    operation and what names its record. ``deliveries``: id of a document → its PreparedDelivery,
    where it is handed over. ``refused_parties``: id of a partner → what the package
    refused of it. ``content``: the document that is sent, and what is
    stored of it. ``calling``: a call that may book something is under way. ``used_up``: what the
    package takes no more calls for → its LimitReachedError. ``asked_again``: id of a failed job the
    package is asked about once more → what failed alike. ``with_failed``: items had failed before.
    ``stop_reason`` ends the run."""

    connection_id: int
    package: Package
    capabilities: Capabilities
    settings: Settings
    deadline: float
    check_lock: object
    counts: Counts = field(default_factory=Counts)
    prepared: dict[int, Prepared] = field(default_factory=dict)
    deliveries: dict[int, object] = field(default_factory=dict)
    records: dict[int, tuple[str, str, int]] = field(default_factory=dict)
    parties: dict[int, KnownParty] = field(default_factory=dict)
    refused_parties: dict[int, RefusedParty] = field(default_factory=dict)
    held: dict[str, int] = field(default_factory=dict)
    kept: dict[int, tuple[str, int]] = field(default_factory=dict)
    arriving: dict[int, int] = field(default_factory=dict)
    earlier: tuple[int, ...] = ()
    last_numbers: dict[str, int] = field(default_factory=dict)
    used_up: dict[str, LimitReachedError] = field(default_factory=dict)
    asked_again: dict[int, tuple] = field(default_factory=dict)
    content: tuple[Document, dict] | None = None
    calling: bool = False
    with_failed: bool = True
    temporary_in_a_row: int = 0
    refused: int = 0
    stop_reason: str = ""

    @property
    def has_time(self) -> bool:
        return not self.stop_reason and time.monotonic() < self.deadline

    def is_built(self, job) -> bool:
        """Whether what a job hands over was built with that of the jobs before it."""
        return not self.stop_reason and self.record_of(job)[2] in self.deliveries

    @property
    def connection_ids(self) -> tuple[int, ...]:
        """The connection and those it follows."""
        return self.connection_id, *self.earlier

    def record_of(self, job) -> tuple[str, str, int]:
        """``(operation, res_model, res_id)`` of a job, which never change."""
        if job.id not in self.records:
            self.records[job.id] = job.operation, job.res_model, job.res_id
        return self.records[job.id]

    def partner_id_of(self, party: Party) -> int:
        """The partner a neutral party was built from."""
        return party.external_number - self.settings.external_number_offset

    def may_be_there(self, document: Document) -> bool:
        """Whether somebody may have entered it: a bill by hand or by the supplier's e-invoice, a
        sales document only before the connection was made."""
        return not document.is_sale or document.document_date < self.settings.started_on


class Changed(Exception):
    """The record or its item changed between reading and sending: nothing was sent."""


@dataclass(eq=False)
class CannotGo(Exception):
    """Why a job ends here: raised where it is known without asking the package, and what is stored
    of any other failure.

    ``kind`` is an error kind of api/errors.py, ``sentence`` is for people, in their language;
    ``cause``: model and id of the record to correct; ``not_before``: naive UTC moment before which
    trying again is useless; ``refused``: the RefusedParty that the package would refuse again.
    """

    kind: str
    code: str
    sentence: str
    cause: tuple[str, int] = ("", 0)
    candidates: list[dict] = field(default_factory=list)
    technical: str = ""
    not_before: datetime | None = None
    refused: RefusedParty | None = None

    def __str__(self):
        return f"{self.kind}/{self.code}"


class AlreadyThere(Exception):
    """While ``document`` was being booked, it turned out to be there: ``stored``."""

    def __init__(self, stored, document):
        super().__init__(stored.key)
        self.stored = stored
        self.document = document


class NotMadeHere(Exception):
    """``stored`` carries our mark, and this database never made it."""

    def __init__(self, stored):
        super().__init__(stored.key)
        self.stored = stored


class Held(Exception):
    """The job waits until another one is settled. ``job_id`` 0: look again in a minute."""

    def __init__(self, job_id, sentence):
        super().__init__(sentence)
        self.job_id = job_id
        self.sentence = sentence
