"""The bytes of a shipped file, held against what they were when the batch closed."""

import hashlib

from .contract import ChannelError


def pieces_of(file):
    """The pieces of a :class:`ShippedFile`. Raises ChannelError where they cannot be read, and
    after the last one where they are no longer the same."""
    sha, size = hashlib.sha256(), 0
    try:
        for piece in file.chunks():
            sha.update(piece)
            size += len(piece)
            yield piece
    except OSError as error:
        raise _error(file, f"cannot be read: {error}") from error
    if size != file.size or sha.hexdigest() != file.checksum:
        raise _error(file, "is not what it was")


def _error(file, text):
    return ChannelError(f"{file.name} {text}", code="content_lost", values={"name": file.name})
