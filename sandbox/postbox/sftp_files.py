"""What an SFTP session does with the folders of one company, as OpenSSH does it."""

from __future__ import annotations

import asyncio
import os
import posixpath
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncssh
from asyncssh import SFTPAttrs, SFTPName

from .boxes import Box
from .sftp_office import SftpOffice, User

FAILURE, OWN = "Failure", 0o777
CHANGES = asyncssh.FXF_WRITE | asyncssh.FXF_CREAT | asyncssh.FXF_TRUNC | asyncssh.FXF_APPEND


class Upload:
    """A file that is being written; ``space``: bytes that it may still take, ``lasts``: those after
    which the connection breaks."""

    def __init__(self, box: Box, path: bytes, space: int | None, lasts: int | None):
        self.box = box
        self.path = path
        self.space = space
        self.lasts = lasts


class Files(asyncssh.SFTPServer):
    """One session. ``/`` holds the folders of the company's boxes and nothing else."""

    def __init__(self, channel: Any, office: SftpOffice, root: Path):
        super().__init__(channel, os.fsencode(root))
        self.office = office
        self.faults = office.faults
        self.name = channel.get_extra_info("username")
        # whose it is, as it was at the sign-in
        self.user = office.user(self.name) or User(self.name, {})
        self._uploads: dict[object, Upload] = {}
        office.note(self.name, "session")

    # Where

    def _box(self, path: bytes) -> Box | None:
        """The box a path leads into; None for ``/`` itself."""
        parts = posixpath.normpath(posixpath.join(b"/", path)).strip(b"/").split(b"/")
        if parts == [b""]:
            return None
        box = self.user.boxes.get(os.fsdecode(parts[0]))
        if box is None or self.faults.is_ordered("folder_gone", box.number):
            raise asyncssh.SFTPNoSuchFile("No such file or directory")
        return box

    def map_path(self, path: bytes) -> bytes:
        """Where a path lies in truth. Nothing leads out of the folders, no link either."""
        box = self._box(path)
        found = super().map_path(path)
        if box is not None:
            folder = os.path.realpath(os.fsencode(box.folder))
            real = os.path.realpath(os.path.dirname(found)) + b"/"
            if found != os.fsencode(box.folder) and not real.startswith(folder + b"/"):
                raise asyncssh.SFTPNoSuchFile("No such file or directory")
        return found

    def _changing(self, path: bytes) -> Box:
        """The box in which something is changed; the folders themselves are nobody's."""
        inner = posixpath.normpath(posixpath.join(b"/", path)).strip(b"/")
        box = self._box(path) if b"/" in inner else None
        if box is None or self.faults.take("no_permission", box.number):
            raise asyncssh.SFTPPermissionDenied("Permission denied")
        return box

    async def scandir(self, path: bytes) -> AsyncIterator[SFTPName]:
        """What lies there."""
        if self._box(path) is not None:
            async for one in super().scandir(path):
                yield one
            return
        for name, box in self.user.boxes.items():
            gone = self.faults.is_ordered("folder_gone", box.number)
            if box.folder.is_dir() and not gone:
                attrs = SFTPAttrs.from_local(box.folder.stat())
                yield SFTPName(name.encode(), attrs=attrs)

    # Writing

    async def open(self, path: bytes, pflags: int, attrs: SFTPAttrs) -> object:
        """Open a file. One that is written has a limit where that is ordered."""
        if not pflags & CHANGES:
            return super().open(path, pflags, attrs)
        box = self._changing(path)
        await self._wait(box)
        with _plain_failure(FileExistsError):
            file = super().open(path, pflags, attrs)
        full = self.faults.take("full", box.number)
        lost = self.faults.take("lost_during_upload", box.number)
        self._uploads[file] = Upload(
            box, path, full and full["size"], lost["size"] if lost else None
        )
        return file

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        """Write a piece."""
        upload = self._uploads.get(file_obj)
        if upload is None:
            return super().write(file_obj, offset, data)
        for limit in (upload.lasts, upload.space):
            if limit is not None and offset + len(data) > limit:
                super().write(file_obj, offset, data[: max(limit - offset, 0)])
                if limit == upload.lasts:
                    raise self._lost(upload.box, path=_shown(upload.path))
                raise asyncssh.SFTPFailure("No space left on device")
        return super().write(file_obj, offset, data)

    def close(self, file_obj: object) -> None:
        """Close a file. Whatever closes it, the session's end too, an upload is noted."""
        size = os.fstat(file_obj.fileno()).st_size
        super().close(file_obj)
        upload = self._uploads.pop(file_obj, None)
        if upload is not None:
            self._note("upload", upload.box, path=_shown(upload.path), size=size)

    # Names

    async def rename(self, oldpath: bytes, newpath: bytes) -> None:
        """RENAME of the protocol: not over anything, unless the switch says so."""
        await self._rename(oldpath, newpath, bool(self.office.switches["sftp_rename_replaces"]))

    async def posix_rename(self, oldpath: bytes, newpath: bytes) -> None:
        """The rename that replaces, which a server need not have."""
        if not self.office.switches["sftp_posix_rename"]:
            raise asyncssh.SFTPOpUnsupported("Operation unsupported")
        await self._rename(oldpath, newpath, True)

    async def _rename(self, oldpath: bytes, newpath: bytes, replaces: bool) -> None:
        box = self._changing(oldpath)
        self._changing(newpath)
        await self._wait(box)
        names = {"path": _shown(oldpath), "name": _shown(newpath)}
        if self.faults.take("lost_before_rename", box.number):
            raise self._lost(box, **names)
        lost = self.faults.take("lost_after_rename", box.number)
        with _plain_failure(OSError):
            _give_name(self.map_path(oldpath), self.map_path(newpath), replaces)
        self._note("rename", box, **names)
        if lost:
            raise self._lost(box, **names)

    def mkdir(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Make a directory."""
        self._changing(path)
        with _plain_failure(FileExistsError):
            os.mkdir(self.map_path(path), attrs.permissions or OWN)

    def remove(self, path: bytes) -> None:
        """Remove a file."""
        self._changing(path)
        super().remove(path)

    def rmdir(self, path: bytes) -> None:
        """Remove a directory."""
        self._changing(path)
        super().rmdir(path)

    def setstat(self, path: bytes, attrs: SFTPAttrs) -> None:
        """Change mode or times."""
        self._changing(path)
        super().setstat(path, attrs)

    def symlink(self, oldpath: bytes, newpath: bytes) -> None:
        """None is made."""
        raise asyncssh.SFTPOpUnsupported("Operation unsupported")

    link = symlink

    # What goes wrong

    async def _wait(self, box: Box) -> None:
        slow = self.faults.take("slow", box.number)
        await asyncio.sleep(slow["seconds"] if slow else 0)

    def _lost(self, box: Box, **data: Any) -> asyncssh.SFTPError:
        """Break the connection; what is raised reaches nobody."""
        self._note("lost", box, **data)
        self.connection.abort()
        return asyncssh.SFTPConnectionLost("lost")

    def _note(self, what: str, box: Box, **data: Any) -> None:
        self.office.note(self.name, what, box.number, **data)


class _plain_failure(suppress):  # noqa: N801  (read as a statement)
    """What OpenSSH says no more about than that it failed."""

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        if super().__exit__(kind, error, trace):
            if isinstance(error, FileNotFoundError | PermissionError):
                return False
            raise asyncssh.SFTPFailure(FAILURE) from error
        return False


def _give_name(old: bytes, new: bytes, replaces: bool) -> None:
    """As OpenSSH: a file gets its second name before it loses the first."""
    if replaces:
        os.replace(old, new)
    elif stat.S_ISREG(os.lstat(old).st_mode):
        os.link(old, new, follow_symlinks=False)
        os.unlink(old)
    elif os.path.lexists(new):
        raise FileExistsError(os.fsdecode(new))
    else:
        os.rename(old, new)


def _shown(path: bytes) -> str:
    return posixpath.join(b"/", path).decode("utf-8", "replace")
