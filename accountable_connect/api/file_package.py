"""A package that takes files and answers nothing."""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..documents import Delivery, Document, File, MasterItem, Party, SettlementChanges, StoredFile
from ..documents.sentence import Sentence
from .contract import Administration, Package, PartyChanges, StoredDocument, StoredParty


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """The documents of one closed batch. ``name`` is what the batch is called, as part of a file
    name: ASCII, without spaces; ``closed_at`` naive UTC. ``deliveries`` may be gone through more
    than once, and are read as one goes: whoever writes them holds none longer than it needs."""

    name: str
    closed_at: datetime
    deliveries: Sequence[Delivery]


class FilePackage(Package):
    """What a package of files brings is its writer; everything a service is asked for is left out.

    ``capabilities.handed_over`` names the kinds of documents that go this way; for these the core
    asks none of the methods about documents.
    """

    @abstractmethod
    def write(self, parcel: Parcel) -> Iterable[File | StoredFile]:  # pylint: disable=method-required-super
        """The files of a batch, in the order in which a receiver should see them. Pure: the same
        parcel gives the same bytes and the same names each time. Each file is stored before the
        next one is asked for. Raises BatchRefusedError, before the first file, when some of the
        documents cannot be written."""

    def remarks(self, parcel: Parcel) -> list[Sentence | str]:
        """Sentences for the receiver, on the cover sheet of a batch that was written: what it has
        to know of some documents. Asked once, right after ``write`` gave its last file."""
        return []

    def test_sign_in(self) -> None:
        """There is nothing to sign in to."""

    def list_administrations(self) -> list[Administration]:
        return []

    def fetch_master_data(self, kinds: Collection[str]) -> list[MasterItem]:
        return []

    def find_parties(self, party: Party) -> list[StoredParty]:
        return []

    def save_party(
        self, party: Party, key: str | None, *, sent: Party | None = None
    ) -> StoredParty:
        raise NotImplementedError

    def parties_changed_since(self, cursor: str) -> PartyChanges:
        return PartyChanges(cursor=cursor)

    def find_document(self, document: Document, party_key: str, number=None):
        return []

    def create_document(self, document: Document, party_key: str, number=None, *, again=False):
        raise NotImplementedError

    def read_document(self, key: str) -> StoredDocument | None:
        return None

    def attach_file(self, key: str, file: File, *, place: str = "", again: bool = False) -> str:
        raise NotImplementedError

    def settlements_since(self, cursor: str) -> SettlementChanges:
        return SettlementChanges()

    def open_items(self):
        return []
