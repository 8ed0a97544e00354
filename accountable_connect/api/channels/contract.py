"""What a channel does: write, publish, find out after a crash. Plain Python, no Odoo.

::

    written = channel.write(shipment)        nothing the receiver can see yet
    (state *written* stored, COMMIT)
    channel.publish(shipment, written)       the receiver has it, whole or not at all
    (state *done* stored, COMMIT)

    after a crash before *written*:
    channel.discard(shipment)
    after a crash in *written*:
    channel.settle(shipment, written)        DELIVERED | NOT_DELIVERED | UNKNOWN
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Outcome(Enum):
    """DELIVERED: it reached the receiver · NOT_DELIVERED: it surely did not, it may be published
    again · UNKNOWN: only a person can find out."""

    DELIVERED = "delivered"
    NOT_DELIVERED = "not_delivered"
    UNKNOWN = "unknown"


class ChannelError(Exception):
    """It did not reach the receiver, or not all of it. ``code`` names the sentence for people,
    ``values`` what that names; ``temporary``: it may work later without anybody doing anything. The
    text is English, for the log.

    ``withdrawn``: of what was written nothing is left, and nothing was visible. Where a ``publish``
    cannot say so, what was written stays, and is settled before anything else. ``unknown``: the
    receiver may have it, and only a person can find out. ``sentence``: the one for people, of an
    addon whose codes the core does not know.
    """

    def __init__(self, message: str, *, code: str, values: dict | None = None, temporary=False):
        super().__init__(message)
        self.code = code
        self.values = values or {}
        self.temporary = temporary
        self.withdrawn = False
        self.unknown = False
        self.sentence = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippedFile:
    """A file that is read piece by piece when it is written; ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    checksum: str
    chunks: Callable[[], "object"]  # an iterator over bytes, each time anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """The e-mail in which the files of a shipment go. ``message_id`` has its angle brackets and is
    unique for each try; ``sender`` and ``recipient`` are single addresses, the recipient's capitals
    kept; ``body`` is plain text."""

    message_id: str
    sender: str
    recipient: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What one hand-over brings. ``name`` is that of the batch; ``mark`` is unique for the
    hand-over and part of temporary names; several files go as one directory, or one ZIP, of this
    name, unless ``apart``; ``packed``: a single file too. ``letter``: the e-mail it goes in, if it
    does."""

    name: str
    mark: str
    files: tuple[ShippedFile, ...]
    apart: bool = False
    packed: bool = False
    letter: Letter | None = None

    @property
    def together(self) -> bool:
        """Whether they go as one directory or ZIP."""
        return self.packed or (len(self.files) > 1 and not self.apart)


class Channel(ABC):
    """``automatic``: the core hands over by itself; else a person does (a download)."""

    automatic: ClassVar[bool] = True

    @abstractmethod
    def test(self) -> None:
        """What the test button does. Raises ChannelError."""

    @abstractmethod
    def write(self, shipment: Shipment) -> dict:  # pylint: disable=method-required-super
        """Write everything where no receiver looks, durably; gives JSON values that ``publish`` and
        ``settle`` need, among them ``names``, those the receiver is going to see. Raises
        ChannelError, and leaves nothing behind then."""

    @abstractmethod
    def publish(self, shipment: Shipment, written: dict, first: bool = False) -> list[str]:
        """Make it visible, and never replace what is there; gives the names the receiver sees.
        What is visible already stays so, and is not made again. Raises ChannelError, ``withdrawn``
        where it leaves nothing behind.

        :param first: by the worker that wrote it, right after: nothing of it can be visible yet
        """

    @abstractmethod
    def settle(self, shipment: Shipment, written: dict) -> Outcome:
        """What became of it, after a worker died in between. Raises ChannelError where that cannot
        be asked now."""

    def discard(self, shipment: Shipment) -> None:  # noqa: B027  (most keep nothing)
        """Remove what a ``write`` left whose worker died; it was never published."""

    def close(self) -> None:  # noqa: B027  (most keep nothing open)
        """End what ``write`` opened and ``publish`` has used, as a session with a server. The same
        channel writes and publishes, where no worker dies in between. Raises nothing."""
