"""What an answer is compressed with, taken apart in small pieces.

Libraries decompress what they received at once, however much comes out of it: in urllib3 1.26 some
64 kB of a body that was compressed twice become gigabytes before anybody can count them. Here no
step gives more than one piece, so that whoever counts them stops in time.
"""

import zlib
from collections.abc import Iterable, Iterator

# What a request asks for; an answer in anything else is refused.
ACCEPTED = "gzip, deflate"
_GZIP = ("gzip", "x-gzip")
_DEFLATE = "deflate"
_PIECE = 64 * 1024


class UnknownCompression(ValueError):
    """An answer is compressed more than once, or in a way that nobody asked for."""


class DamagedCompression(ValueError):
    """What is compressed is damaged, or ends too soon."""


def unpacked(pieces: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The body out of its pieces as they were received, each at most 64 kB; ``encoding`` is the
    header ``Content-Encoding``. Raises ``UnknownCompression`` before anything is read, and
    ``DamagedCompression``."""
    names = [name.strip().lower() for name in encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if not names:
        return iter(pieces)
    if len(names) > 1 or names[0] not in (*_GZIP, _DEFLATE):
        raise UnknownCompression(
            f"the answer is compressed in a way that nobody asked for: {names}"
        )
    return _decompressed(pieces, names[0])


def _decompressed(pieces, name):
    unpacker = None
    for piece in pieces:
        while piece:
            if unpacker and unpacker.eof:
                # zeros fill up a block; zlib would keep all of them
                if piece.strip(b"\0"):
                    raise DamagedCompression("something follows the compressed answer")
                break
            unpacker = unpacker or zlib.decompressobj(_window(name, piece[0]))
            try:
                yield unpacker.decompress(piece, _PIECE)
            except zlib.error as error:
                raise DamagedCompression("the compressed answer is damaged") from error
            piece = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if unpacker:
        # what the last step still held: less than one more of them
        yield unpacker.flush()
        if not unpacker.eof:
            raise DamagedCompression("the compressed answer ends too soon")


def _window(name, first):
    """What zlib has to expect. "deflate" means its own form with a header, and some servers send it
    without one."""
    if name in _GZIP:
        return 16 + zlib.MAX_WBITS
    has_header = first & 0x0F == zlib.DEFLATED
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
