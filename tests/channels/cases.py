"""The channels the suite runs against: each brings a receiver, and how to look at it."""

import hashlib
import json
import os
import shutil
import smtplib
import tempfile
import zipfile
from email import message_from_bytes
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

from odoo.addons.accountable_connect.api.channels import no_replace
from odoo.addons.accountable_connect.api.channels.content import pieces_of
from odoo.addons.accountable_connect.api.channels.contract import (
    Channel,
    ChannelError,
    Letter,
    Outcome,
    Shipment,
    ShippedFile,
)
from odoo.addons.accountable_connect.api.channels.download import DownloadChannel
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.api.channels.mail import MailChannel
from odoo.addons.accountable_connect.api.channels.sftp import SftpChannel
from odoo.addons.accountable_connect.api.channels.sftp_session import SftpAccess

# Whose folder the SFTP server leads to.
BOX = 80001

LETTER = Letter(
    message_id="<accountable.0a1b@garage.example>",
    sender="boekhouding@garage.example",
    recipient="Uid80001-PI@kantoor.example",
    subject="Factuur F1",
    body="In bijlage: factuur F1.",
)


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
    """A shipment of ``{name: bytes}``, with a letter for where it goes in one."""
    files = tuple(shipped(name, content) for name, content in contents.items())
    return Shipment(name="00012", mark=mark, files=files, apart=apart, packed=packed, letter=LETTER)


class ChannelCase:
    """``channel``, and a receiver who may take what lies there.

    * ``received()`` is what the receiver can see now, ``{name: bytes}``; of several files together
      the name is that of the batch, a slash and that of the file.
    * ``left()`` are names that lie where the channel works and no receiver's pattern matches.
    * ``take()``: the receiver takes everything away.
    * ``occupy(name, content)``: a file of somebody else has this name.
    * ``lose(when)``: the connection is lost in the next ``publish``, "before" the receiver has it
      or "after", without an answer.

    What a test may need of it:

    * ``settles``: it finds out by itself what became of a hand-over.
    * ``groups``: several files arrive together under the name of the batch.
    * ``apart``: they can go each under its own name.
    * ``shares``: a name may be taken by somebody else.
    * ``loses``: there is a connection to lose.
    * ``keeps``: what was written outlives the session in which it was.
    """

    name = ""
    settles = groups = apart = shares = keeps = True
    loses = False

    def __init__(self, monkeypatch, postbox):
        self.monkeypatch = monkeypatch
        self.postbox = postbox
        self.channel = self.make()

    def make(self):
        """The channel, to a receiver who has nothing."""
        raise NotImplementedError

    def again(self):
        """The same channel as another worker has it."""
        return self.channel

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
            files = {before + file.name: b"".join(pieces_of(file)) for file in shipment.files}
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


class SilentMemoryChannel(MemoryChannel):
    """One whose receiver nobody can ask, as a mail server; what is written ends with a session."""

    def publish(self, shipment, written, first=False):
        if shipment.mark not in self.hidden:
            raise _lost_before()
        return super().publish(shipment, written, first)

    def settle(self, shipment, written):
        return self._do("settle", lambda: Outcome.UNKNOWN)

    def close(self):
        self.hidden.clear()


class MemoryCase(ChannelCase):
    """The test channel itself, held to what it stands for."""

    name = "memory"
    loses = True

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

    def lose(self, when):
        lost = ChannelError("lost", code="lost", temporary=True)
        getattr(self.channel, {"before": "fails", "after": "breaks_after"}[when])["publish"] = lost

    def again(self):
        self.channel.fails.clear()
        self.channel.breaks_after.clear()
        return self.channel


class SilentMemoryCase(MemoryCase):
    """The other one."""

    name = "silent_memory"
    settles = shares = keeps = False

    def make(self):
        return SilentMemoryChannel()

    def lose(self, when):
        if when == "before":
            self.channel.fails["publish"] = _lost_before()
            return
        lost = ChannelError("lost", code="lost")
        lost.unknown = True
        self.channel.breaks_after["publish"] = lost

    def left(self):
        return []


class SftpCase(FolderCase):
    """A folder of an SFTP server, below that of a box; nobody reads it there."""

    name = "sftp"
    loses = True

    def make(self):
        self.root = self.postbox.folder(BOX)
        self.folder = Path(tempfile.mkdtemp(dir=self.root))
        return self.again()

    def again(self):
        access = SftpAccess(
            host="127.0.0.1",
            port=self.postbox.sftp_port,
            user=self.postbox.sftp_user,
            password=self.postbox.sftp_password,
            host_key=self.postbox.sftp_host_key,
            local_allowed=True,
        )
        return SftpChannel(access, f"{self.root.name}/{self.folder.name}")

    def lose(self, when):
        self.fail(f"lost_{when}_rename", count=1)

    def fail(self, kind, **values):
        """Order a fault for this folder."""
        self.postbox.fail_sftp(BOX, kind, **values)

    def close(self):
        self.channel.close()
        self.postbox.postbox.faults.clear()
        shutil.rmtree(self.folder)


class Post:
    """What hands a message to the mail server of the sandbox."""

    envelope = "bounce@garage.example"

    def __init__(self, port):
        self.port = port

    def connect(self, message):
        session = smtplib.SMTP("127.0.0.1", self.port, timeout=20)
        session.ehlo()
        return session, self.envelope, message


class MailCase(ChannelCase):
    """A mailbox behind a mail server."""

    name = "mail"
    settles = groups = shares = keeps = False
    loses = True

    def make(self):
        self.seen = len(self.postbox.mails())
        return self.again()

    def again(self):
        return MailChannel(Post(self.postbox.smtp_port))

    def mails(self):
        """What came since the test began: the row, and the bytes."""
        rows = self.postbox.mails()[self.seen :]
        return [(row, self.postbox.mail(row["id"])) for row in rows]

    def received(self):
        found = {}
        for _row, content in self.mails():
            for part in message_from_bytes(content, policy=SMTP).iter_attachments():
                name, inside = part.get_filename(), part.get_payload(decode=True)
                found |= unpacked(name, inside) if name.endswith(".zip") else {name: inside}
        return found

    def left(self):
        return []

    def take(self):
        self.seen = len(self.postbox.mails())

    def lose(self, when):
        self.fail(f"lost_{when}_dot", count=1)

    def fail(self, kind, **values):
        """Order a fault of the mail server."""
        self.postbox.fail_mails(None, kind, **values)

    def close(self):
        self.channel.close()
        self.postbox.postbox.faults.clear()


class DownloadCase(ChannelCase):
    """A person who fetches what is served, each time into an empty folder."""

    name = "download"
    settles = apart = shares = False

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
        self.fetched |= unpacked(served.name, content)

    def received(self):
        return dict(self.fetched)

    def left(self):
        return []

    def take(self):
        self.fetched.clear()


CASES = (
    FolderCase,
    FolderOfLinksCase,
    MemoryCase,
    SilentMemoryCase,
    SftpCase,
    MailCase,
    DownloadCase,
)


def unpacked(name, content):
    """The files of a ZIP, below its name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {
            f"{name.removesuffix('.zip')}/{inner}": archive.read(inner)
            for inner in archive.namelist()
        }


def _lost_before():
    lost = ChannelError("lost", code="lost", temporary=True)
    lost.withdrawn = True
    return lost


def through_json(written):
    """What ``write`` gave, as the database gives it back."""
    return json.loads(json.dumps(written))
