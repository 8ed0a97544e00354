"""The channels the suite runs against: each brings a receiver, and how to look at it."""

import hashlib
import json
import os
import shutil
import tempfile
import zipfile
from io import BytesIO
from pathlib import Path

from odoo.addons.accountable_connect.api.channels import no_replace
from odoo.addons.accountable_connect.api.channels.contract import (
    Channel,
    ChannelError,
    Outcome,
    Shipment,
    ShippedFile,
)
from odoo.addons.accountable_connect.api.channels.download import DownloadChannel
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel


def shipped(name, content, media_type="application/xml", piece=3):
    """A file whose bytes are in memory, read so many at a time."""
    return ShippedFile(
        name=name,
        media_type=media_type,
        size=len(content),
        checksum=hashlib.sha256(content).hexdigest(),
        chunks=lambda: (content[place : place + piece] for place in range(0, len(content), piece)),
    )


def shipment(contents, *, mark="m1", apart=False, packed=False):
    """A shipment of ``{name: bytes}``."""
    files = tuple(shipped(name, content) for name, content in contents.items())
    return Shipment(name="00012", mark=mark, files=files, apart=apart, packed=packed)


class ChannelCase:
    """``channel``, and a receiver who may take what lies there.

    * ``received()`` is what the receiver can see now, ``{name: bytes}``; of several files together
      the name is that of the batch, a slash and that of the file.
    * ``left()`` are names that lie where the channel works and no receiver's pattern matches.
    * ``take()``: the receiver takes everything away.
    * ``occupy(name, content)``: a file of somebody else has this name.
    * ``settles``: it finds out by itself what became of a hand-over.
    """

    name = ""
    settles = True

    def __init__(self, monkeypatch):
        self.monkeypatch = monkeypatch
        self.channel = self.make()

    def close(self):
        """Nothing is left of it."""


class FolderCase(ChannelCase):
    """A directory of this machine, with the rename of Linux."""

    name = "folder"

    def make(self):
        self.root = Path(tempfile.mkdtemp(prefix="accountable_channel_"))
        self.folder = self.root / "invoices"
        self.folder.mkdir()
        return FolderChannel(str(self.root), "invoices")

    def close(self):
        shutil.rmtree(self.root)

    def received(self):
        found = {}
        for path in sorted(self.folder.rglob("*")):
            name = path.relative_to(self.folder)
            if path.is_file() and not any(part.startswith(".") for part in name.parts):
                found[str(name)] = path.read_bytes()
        return found

    def left(self):
        return [name for name in os.listdir(self.folder) if name.startswith(".")]

    def take(self):
        for path in self.folder.iterdir():
            if path.name.startswith("."):
                continue
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def occupy(self, name, content):
        (self.folder / name).write_bytes(content)


class FolderOfLinksCase(FolderCase):
    """One on a file system that has hard links, and no rename that replaces nothing."""

    name = "folder_of_links"

    def make(self):
        self.monkeypatch.setattr(no_replace, "_renameat2", lambda: None)
        return super().make()


class MemoryChannel(Channel):
    """Keeps everything in memory and fails on request: ``fails`` maps a method to the error it
    raises instead of doing anything, ``breaks_after`` to one that is raised when it is done."""

    def __init__(self):
        self.hidden = {}
        self.visible = {}
        self.fails = {}
        self.breaks_after = {}
        self.calls = []

    def _do(self, method, work):
        self.calls.append(method)
        if error := self.fails.get(method):
            raise error
        result = work()
        if error := self.breaks_after.get(method):
            raise error
        return result

    def test(self):
        self._do("test", lambda: None)

    def write(self, shipment):  # pylint: disable=method-required-super
        def work():
            before = f"{shipment.name}/" if shipment.together else ""
            files = {before + file.name: b"".join(file.chunks()) for file in shipment.files}
            for file, content in zip(shipment.files, files.values(), strict=True):
                if hashlib.sha256(content).hexdigest() != file.checksum:
                    raise ChannelError("changed", code="content_lost", values={"name": file.name})
            self.hidden[shipment.mark] = files
            return {"names": [shipment.name] if shipment.together else list(files)}

        return self._do("write", work)

    def publish(self, shipment, written, first=False):
        def work():
            if first and shipment.mark not in self.hidden:
                error = ChannelError("gone", code="written_gone")
                error.withdrawn = True
                raise error
            files = self.hidden.get(shipment.mark, {})
            for name in files:
                if name in self.visible:
                    del self.hidden[shipment.mark]
                    error = ChannelError("taken", code="name_taken", values={"name": name})
                    error.withdrawn = True
                    raise error
            self.visible |= self.hidden.pop(shipment.mark, {})
            return written["names"]

        return self._do("publish", work)

    def settle(self, shipment, written):
        there = shipment.mark in self.hidden
        return self._do("settle", lambda: Outcome.NOT_DELIVERED if there else Outcome.DELIVERED)

    def discard(self, shipment):
        self._do("discard", lambda: self.hidden.pop(shipment.mark, None))


class MemoryCase(ChannelCase):
    """The test channel itself, held to what it stands for."""

    name = "memory"

    def make(self):
        return MemoryChannel()

    def received(self):
        return dict(self.channel.visible)

    def left(self):
        return list(self.channel.hidden)

    def take(self):
        self.channel.visible.clear()

    def occupy(self, name, content):
        self.channel.visible[name] = content


class DownloadCase(ChannelCase):
    """A person who fetches what is served, each time into an empty folder."""

    name = "download"
    settles = False

    def make(self):
        self.fetched = {}
        case = self

        class Fetched(DownloadChannel):
            def publish(self, shipment, written, first=False):
                served = self.served(shipment)
                case.keep(served, b"".join(served.pieces()))
                return super().publish(shipment, written, first)

            def write(self, shipment):  # pylint: disable=method-required-super
                for _piece in self.served(shipment).pieces():
                    pass
                return super().write(shipment)

        return Fetched()

    def keep(self, served, content):
        if served.media_type != "application/zip":
            self.fetched[served.name] = content
            return
        with zipfile.ZipFile(BytesIO(content)) as archive:
            assert archive.testzip() is None
            for name in archive.namelist():
                self.fetched[f"{served.name.removesuffix('.zip')}/{name}"] = archive.read(name)

    def received(self):
        return dict(self.fetched)

    def left(self):
        return []

    def take(self):
        self.fetched.clear()


CASES = (FolderCase, FolderOfLinksCase, MemoryCase, DownloadCase)


def through_json(written):
    """What ``write`` gave, as the database gives it back."""
    return json.loads(json.dumps(written))
