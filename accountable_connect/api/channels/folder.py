"""A folder of the server, or of a share it has mounted, that the receiver empties.

::

    write      .<mark>-0.part                   a name no receiver takes; content and folder fsynced
    publish    .<mark>-0.part → invoice.xml     a rename that replaces nothing
    settle     .<mark>-0.part there → not delivered; gone → delivered, taken meanwhile or not

One file goes under its own name. Several go as one directory that has the name of the shipment, so
that the receiver sees all of them or none; or each by itself (``apart``), in their order.
"""

import errno
import os
from contextlib import contextmanager, suppress

from .content import pieces_of
from .contract import Channel, ChannelError, Outcome
from .no_replace import LINKING, NotPossibleHere, give_name, is_directory, is_named, is_there
from .temporary_names import TEMPORARY, check_names, pairs_of

# What an error of the system means: the code of its sentence, and whether it may pass by itself.
FULL = ("folder_full", True)
UNREACHABLE = ("folder_unreachable", True)
NO_PERMISSION = ("folder_no_permission", False)
MEANINGS = {
    errno.ENOSPC: FULL,
    errno.EDQUOT: FULL,
    errno.EFBIG: ("file_too_big", False),
    errno.EROFS: ("folder_read_only", False),
    errno.EACCES: NO_PERMISSION,
    errno.EPERM: NO_PERMISSION,
    errno.ENAMETOOLONG: ("file_name_too_long", False),
    errno.EILSEQ: ("file_name", False),
    errno.ENOENT: ("folder_missing", True),
    errno.ENOTDIR: ("folder_missing", True),
    errno.ELOOP: ("folder_outside", False),
}


class FolderChannel(Channel):
    """``root`` is what the server's configuration names; ``folder`` one name below it."""

    def __init__(self, root: str, folder: str):
        self.root = root
        self.folder = folder

    def test(self):
        """Write a small file, give it a second name that no receiver takes either, remove it."""
        temporary = f".accountable-test-{os.urandom(8).hex()}{TEMPORARY}"
        name = f"{temporary}.named"
        with self._opened() as directory:
            try:
                _write_file(temporary, directory, [b"test"])
                give_name(temporary, name, directory)
            finally:
                for one in (temporary, temporary + LINKING, name):
                    _remove(one, directory)

    def write(self, shipment):  # pylint: disable=method-required-super
        check_names(shipment)
        with self._opened() as directory:
            pairs = pairs_of(shipment)
            self._check_free(pairs, directory)
            try:
                if shipment.together:
                    self._write_directory(pairs[0][0], shipment, directory)
                else:
                    for (temporary, name), file in zip(pairs, shipment.files, strict=True):
                        with self._named(name):
                            _write_file(temporary, directory, pieces_of(file))
                _sync(directory)
            except BaseException:
                self._discard(pairs, directory)
                raise
            return {
                "pairs": pairs,
                "names": [name for _temporary, name in pairs],
                "folder": os.fstat(directory).st_ino,
            }

    def publish(self, shipment, written, first=False):
        pairs = written["pairs"]
        with self._opened() as directory:
            waiting = [pair for pair in pairs if is_named(pair[0], directory) is False]
            published = len(pairs) - len(waiting)
            try:
                if first and published:
                    published = 0
                    raise self._gone(pairs, waiting)
                self._check_free(waiting, directory)
                for temporary, name in waiting:
                    with self._named(name):
                        give_name(temporary, name, directory)
                    published += 1
            except ChannelError as error:
                # what the receiver has can be withdrawn no more: the rest follows
                if not published:
                    self._discard(pairs, directory)
                    error.withdrawn = True
                raise
            # It is visible, whatever the disk still has to do.
            with suppress(OSError):
                _sync(directory)
        return written["names"]

    def settle(self, shipment, written):
        with self._opened() as directory:
            named = [is_named(temporary, directory) for temporary, _name in written["pairs"]]
            if None in named:
                return Outcome.UNKNOWN
            if False in named:
                return Outcome.NOT_DELIVERED
            if os.fstat(directory).st_ino != written["folder"]:
                # another folder of this name, as where a share is not mounted
                return Outcome.UNKNOWN
            for temporary, _name in written["pairs"]:
                _remove(temporary + LINKING, directory)
            return Outcome.DELIVERED

    def discard(self, shipment):
        with self._opened() as directory:
            self._discard(pairs_of(shipment), directory)

    # The folder

    @contextmanager
    def _opened(self):
        """The folder as an open directory: whatever becomes of its name meanwhile, everything is
        done in it. A link in its place is not followed. Errors of the system become errors of the
        channel."""
        if os.open not in os.supports_dir_fd:
            raise ChannelError("No folders on this system", code="folder_not_supported")
        if not self.root:
            raise ChannelError("The configuration names no root", code="hand_over_root_missing")
        if self.folder in ("", ".", "..") or "/" in self.folder or "\0" in self.folder:
            raise ChannelError(
                f"No name of a folder: {self.folder!r}", code="folder_outside", values=self._values
            )
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
        root = directory = None
        try:
            with self._named():
                root = os.open(self.root, flags)
                if os.path.islink(os.path.join(self.root, self.folder)):
                    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), self.folder)
                directory = os.open(self.folder, flags | os.O_NOFOLLOW, dir_fd=root)
            with self._named():
                yield directory
        finally:
            for opened in (root, directory):
                if opened is not None:
                    os.close(opened)

    @property
    def _values(self):
        return {"folder": self.folder}

    @contextmanager
    def _named(self, name=""):
        """Errors of the system as errors of the channel, which name the file."""
        values = self._values | ({"name": name} if name else {})
        try:
            yield
        except NotPossibleHere as error:
            raise ChannelError(
                f"{self.folder}: no name without replacing", code="folder_replaces", values=values
            ) from error
        except FileExistsError as error:
            raise ChannelError(
                f"{self.folder}: {name} is there", code="name_taken", values=values, temporary=True
            ) from error
        except OSError as error:
            code, temporary = MEANINGS.get(error.errno, UNREACHABLE)
            raise ChannelError(
                f"{self.folder}: {error}", code=code, values=values, temporary=temporary
            ) from error

    def _gone(self, pairs, waiting):
        """Whoever empties the folder took what had no name yet: it was not delivered."""
        [_temporary, name], *_others = [pair for pair in pairs if pair not in waiting]
        values = self._values | {"name": name}
        return ChannelError(f"{self.folder}: {name} is gone", code="written_gone", values=values)

    def _check_free(self, pairs, directory):
        """Before anything is visible: most often a name was taken long before."""
        for _temporary, name in pairs:
            if is_there(name, directory):
                with self._named(name):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)

    def _write_directory(self, temporary, shipment, directory):
        os.mkdir(temporary, dir_fd=directory)
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        inner = os.open(temporary, flags, dir_fd=directory)
        try:
            for file in shipment.files:
                with self._named(file.name):
                    _write_file(file.name, inner, pieces_of(file))
            _sync(inner)
        finally:
            os.close(inner)

    def _discard(self, pairs, directory):
        for temporary, _name in pairs:
            for one in (temporary, temporary + LINKING):
                _remove(one, directory)


def _write_file(name, directory, pieces):
    """A new file, durably; the receiver may read it as far as the server's mask allows."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(name, flags, 0o666, dir_fd=directory), "wb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def _sync(directory):
    """The names of a directory, durably; some shares have no such step."""
    try:
        os.fsync(directory)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS, errno.EBADF):
            raise


def _remove(name, directory):
    """Remove what a write left, as far as it is there. A disk that fails keeps it: no receiver's
    pattern matches it, and the reason of the failure is what has to be said."""
    with suppress(OSError):
        if not is_directory(name, directory):
            os.unlink(name, dir_fd=directory)
            return
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
        inner = os.open(name, flags, dir_fd=directory)
        try:
            for one in os.listdir(inner):
                os.unlink(one, dir_fd=inner)
        finally:
            os.close(inner)
        os.rmdir(name, dir_fd=directory)
