"""What a person downloads: one file, or all of a batch as one ZIP."""

from collections.abc import Callable
from dataclasses import dataclass

from .content import pieces_of
from .contract import Channel, Outcome
from .zip_stream import zip_pieces

ZIP = "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """``size`` in bytes, None where it is not known before; ``pieces`` gives them anew."""

    name: str
    media_type: str
    size: int | None
    pieces: Callable[[], "object"]


class DownloadChannel(Channel):
    """The browser fetches what ``served`` gives; it was handed over once the last piece was."""

    automatic = False

    def test(self):
        """There is nothing that could fail."""

    def served(self, shipment) -> Served:
        """The same bytes each time. Raises ChannelError while its pieces are read."""
        if not shipment.together:
            [file] = shipment.files
            return Served(
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                pieces=lambda: pieces_of(file),
            )
        return Served(
            name=f"{shipment.name}.zip",
            media_type=ZIP,
            size=None,
            pieces=lambda: zip_pieces(shipment.files),
        )

    def write(self, shipment):  # pylint: disable=method-required-super
        return {"names": [self.served(shipment).name]}

    def publish(self, shipment, written, first=False):
        return written["names"]

    def settle(self, shipment, written):
        """Whoever began it sees whether the file is there."""
        return Outcome.UNKNOWN
