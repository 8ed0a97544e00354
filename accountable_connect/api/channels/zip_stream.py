"""A ZIP of the files of a batch: the same bytes each time, piece by piece.

The files are stored as they are: what a compression makes of them changes with its version, and
PDFs gain nothing by it. Times and rights are fixed. Of one file at a time what was read is kept on
the disk (in memory while it is small), as its checksum stands before it.
"""

import tempfile
import zipfile

from .content import pieces_of

PIECE = 64 * 1024
IN_MEMORY = 1024 * 1024
# The first moment a ZIP can name; no file of a batch has a time of its own.
MOMENT = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3


def zip_pieces(files):
    """The pieces of a ZIP of these ShippedFiles, in their order. Raises ChannelError where one
    cannot be read."""
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as kept:
        window = _Window(kept)
        with zipfile.ZipFile(window, "w", compression=zipfile.ZIP_STORED) as archive:
            for file in files:
                info = zipfile.ZipInfo(_inside(file.name), date_time=MOMENT)
                info.create_system = UNIX
                info.external_attr = READABLE
                info.file_size = file.size
                with archive.open(info, "w") as entry:
                    for piece in pieces_of(file):
                        entry.write(piece)
                yield from window.drained()
        yield from window.drained()


def _inside(name):
    """A name that leads nowhere, whoever unpacks it."""
    return name.replace("/", "_").replace("\\", "_").lstrip(". ") or "_"


class _Window:
    """What a ZipFile writes, from the head of the present file on: it goes back no further."""

    def __init__(self, kept):
        self.kept = kept
        self.before = 0

    def tell(self):
        return self.before + self.kept.tell()

    def seek(self, offset, whence=0):
        """Only from the beginning, which is all that writing needs."""
        self.kept.seek(offset - self.before)
        return offset

    def write(self, data):  # pylint: disable=method-required-super
        return self.kept.write(data)

    def flush(self):
        """Nothing waits."""

    def drained(self):
        """What was written since the last time, and forgotten with it."""
        self.kept.seek(0)
        while piece := self.kept.read(PIECE):
            self.before += len(piece)
            yield piece
        self.kept.seek(0)
        self.kept.truncate()
