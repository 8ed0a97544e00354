"""A folder of an SFTP server, which the receiver empties.

::

    write      .<mark>-0.part                   a name no receiver takes; its size is looked at
    publish    .<mark>-0.part → invoice.xml     RENAME, never posix-rename, and never over something
    settle     .<mark>-0.part there → not delivered; gone → delivered, taken meanwhile or not

RENAME of the protocol (version 3) fails where the name is taken, as OpenSSH does it; some servers
replace. So it is looked first, directly before.
"""

import errno
import os
import stat
from contextlib import contextmanager, suppress

from .content import pieces_of
from .contract import Channel, ChannelError, Outcome
from .sftp_session import NO_ANSWERS, signed_in, words_of
from .temporary_names import TEMPORARY, check_names, pairs_of

LOST = (TimeoutError, ConnectionError, *NO_ANSWERS)


class SftpChannel(Channel):
    """``access`` is an :class:`SftpAccess`; ``folder`` a path there, "" for where one gets to."""

    def __init__(self, access, folder):
        self.access = access
        self.folder = folder
        self._entered = None
        self._client = None

    def test(self):
        """Write a small file, give it a second name that no receiver takes either, remove it."""
        temporary = f".accountable-test-{os.urandom(8).hex()}{TEMPORARY}"
        name = f"{temporary}.named"
        with self._at_work():
            try:
                self._write_file(temporary, [b"test"], 4)
                self._client.rename(self._path(temporary), self._path(name))
            finally:
                self._remove(temporary)
                self._remove(name)

    def write(self, shipment):  # pylint: disable=method-required-super
        check_names(shipment)
        pairs = pairs_of(shipment)
        with self._at_work():
            self._check_free(pairs)
            # of a try whose connection was lost
            self._discard(pairs)
            try:
                if shipment.together:
                    self._write_directory(pairs[0][0], shipment)
                else:
                    for (temporary, name), file in zip(pairs, shipment.files, strict=True):
                        with self._naming(name):
                            self._write_file(temporary, pieces_of(file), file.size)
            except BaseException:
                self._discard(pairs)
                raise
            return {
                "pairs": pairs,
                "names": [name for _temporary, name in pairs],
                "at": self._at(),
            }

    def publish(self, shipment, written, first=False):
        pairs = written["pairs"]
        published = 0
        with self._at_work():
            waiting = [pair for pair in pairs if self._is_there(pair[0])]
            published = len(pairs) - len(waiting)
            try:
                if first and published:
                    published = 0
                    [_temporary, name], *_others = [pair for pair in pairs if pair not in waiting]
                    raise self._error("written_gone", f"{name} is gone", name=name)
                self._check_free(waiting)
                for temporary, name in waiting:
                    self._give_name(temporary, name)
                    published += 1
            except ChannelError as error:
                # what the receiver has can be withdrawn no more: the rest follows
                if not published and error.code != "sftp_lost":
                    self._discard(pairs)
                    error.withdrawn = True
                raise
        return written["names"]

    def settle(self, shipment, written):
        with self._at_work():
            if any(self._is_there(temporary) for temporary, _name in written["pairs"]):
                return Outcome.NOT_DELIVERED
            # in another place nothing of it ever was
            return Outcome.DELIVERED if self._at() == written["at"] else Outcome.UNKNOWN

    def discard(self, shipment):
        with self._at_work():
            self._discard(pairs_of(shipment))

    def close(self):
        entered, self._entered, self._client = self._entered, None, None
        if entered is not None:
            with suppress(Exception):
                entered.__exit__(None, None, None)

    # The session: one for write and publish

    @contextmanager
    def _at_work(self):
        """The session, opened where there is none; what goes wrong in it ends it."""
        try:
            if self._client is None:
                entered = signed_in(self.access)
                self._client = entered.__enter__()
                self._entered = entered
                self._check_folder()
            with self._naming(""):
                yield
        except BaseException:
            self.close()
            raise

    def _check_folder(self):
        with self._naming(""):
            found = self._client.stat(self.folder or ".")
        if not stat.S_ISDIR(found.st_mode or stat.S_IFDIR):
            raise self._error("sftp_folder_missing", f"{self.folder} is no folder", temporary=True)

    def _at(self):
        """Which place it is, as far as the protocol tells: a user may have a home of its own."""
        access = self.access
        return [access.host, access.port, access.user, self._client.normalize(self.folder or ".")]

    # Files

    def _path(self, name):
        return f"{self.folder.rstrip('/')}/{name}" if self.folder else name

    def _is_there(self, name):
        try:
            self._client.lstat(self._path(name))
        except FileNotFoundError:
            self._client.stat(self.folder or ".")  # the folder itself may be what is missing
            return False
        return True

    def _check_free(self, pairs):
        for _temporary, name in pairs:
            with self._naming(name):
                if self._is_there(name):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), name)

    def _give_name(self, temporary, name):
        self._check_free([[temporary, name]])
        with self._naming(name):
            try:
                self._client.rename(self._path(temporary), self._path(name))
            except OSError as error:
                if isinstance(error, TimeoutError | ConnectionError | FileNotFoundError):
                    raise
                # the error itself has no number of its own; some say no, and have done it
                if not self._is_there(temporary):
                    return
                if self._is_there(name):
                    raise FileExistsError(errno.EEXIST, str(error), name) from error
                raise
            if self._is_there(temporary) and not self._is_there(name):
                raise OSError(errno.EIO, f"{name} was not given its name")

    def _write_directory(self, temporary, shipment):
        self._client.mkdir(self._path(temporary))
        for file in shipment.files:
            with self._naming(file.name):
                self._write_file(f"{temporary}/{file.name}", pieces_of(file), file.size)

    def _write_file(self, name, pieces, size):
        # not pipelined: a write that fails would be noticed by the size only, without its reason
        with self._client.open(self._path(name), "wx") as file:
            for piece in pieces:
                file.write(piece)
        written = self._client.stat(self._path(name)).st_size
        if written is not None and written != size:
            raise OSError(errno.EIO, f"{written} of {size} bytes are there")

    def _discard(self, pairs):
        for temporary, _name in pairs:
            self._remove(temporary)

    def _remove(self, name):
        """What a write left, as far as it is there; what cannot be removed no receiver takes."""
        with suppress(OSError, *LOST):
            path = self._path(name)
            if not stat.S_ISDIR(self._client.lstat(path).st_mode or 0):
                self._client.remove(path)
                return
            for one in self._client.listdir(path):
                self._client.remove(f"{path}/{one}")
            self._client.rmdir(path)

    # What goes wrong

    @contextmanager
    def _naming(self, name):
        """Errors of the session as errors of the channel, which name the file."""
        try:
            yield
        except ChannelError:
            raise
        except FileExistsError as error:
            raise self._error("name_taken", error, name=name, temporary=True) from error
        except LOST as error:
            raise self._error("sftp_lost", error, temporary=True) from error
        except OSError as error:
            code, temporary = _meaning(error)
            raise self._error(
                code, error, name=name, words=words_of(error), temporary=temporary
            ) from error

    def _error(self, code, error, temporary=False, **values):
        values = {**self.access.values, "folder": self.folder or "~", **values}
        return ChannelError(
            f"{self.access.host}: {words_of(error)}", code=code, values=values, temporary=temporary
        )


def _meaning(error):
    """The code of an error's sentence, and whether it may pass by itself. The protocol knows a few
    numbers; what else went wrong stands in the words of the server."""
    if error.errno == errno.ENOENT:
        return "sftp_folder_missing", True
    if error.errno == errno.EACCES:
        return "sftp_no_permission", False
    words = str(error).lower()
    if any(word in words for word in ("space", "quota", "disk full")):
        return "sftp_full", True
    if "closed" in words or "not open" in words:  # of the session itself
        return "sftp_lost", True
    return "sftp_failed", True
