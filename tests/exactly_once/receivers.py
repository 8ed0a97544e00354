"""Who reads the folder that documents are handed over in: a package's sandbox, and what it makes of
a document."""

import base64
import hashlib
import smtplib
from contextlib import ExitStack
from pathlib import Path

from tests.exactly_once.bounced_meanwhile import interleaved
from tests.exactly_once.rounds import Rounds
from tests.exactly_once.rounds_folder import FolderRounds
from tests.exactly_once.rounds_mail import MailRounds
from tests.exactly_once.rounds_sftp import SftpRounds
from tests.exactly_once.workers import fresh_environment
from tooling.books import postbox_side
from tooling.demo import by_mail, by_sftp
from tooling.demo.connect import SetUp
from tooling.packages import ubl, winbooks
from tooling.packages.control import Control
from tooling.started_sandbox import start_sandbox


def paper(move_id: int) -> bytes:
    """The file of a bill."""
    return b"%PDF-1.4 bill " + str(move_id).encode()


class Receiver(ExitStack):
    """The sandbox of a package in this process, which looks into its folder when ``receive`` is
    called. ``settings`` are fields of the connection, ``faults`` what its folder can suffer,
    ``rounds`` what goes wrong on the way to it."""

    rounds: type[Rounds] = FolderRounds

    folder: str
    settings: dict = {}
    faults: tuple[str, ...] = ()

    def __init__(self, folders: Path):
        """``folders`` is the one below which all are."""
        super().__init__()
        self.server = self.enter_context(self.serve(str(folders)))

    def serve(self, folders: str):
        """The sandbox, not started yet."""
        raise NotImplementedError

    def connect(self, env, company):
        """The first step; gives the connection of the company."""
        raise NotImplementedError

    def fill_step(self, connection) -> None:
        """What a person does in the step in which the set-up stands."""

    def reach(self, database) -> None:
        """The connection of a database that was prepared hands over to this sandbox."""

    def begin(self, database) -> None:
        """Before the rounds."""

    def look_after(self, database) -> None:
        """What happened meanwhile reaches the database, and a person does what is asked."""

    def more(self, original, copy) -> dict:
        """What else the report says: of nothing anything is right."""
        return {}

    def receive(self) -> None:
        """One look at the folder: whatever looks whole is taken."""
        raise NotImplementedError

    def received(self) -> list[str]:
        """What each document that was taken is called, as ``name_of`` calls it."""
        raise NotImplementedError

    def name_of(self, move_type, name, move_id, _stage, given) -> str:
        """What the receiver calls a document of Odoo; ``given`` is what it got in its batch."""
        raise NotImplementedError

    def refused(self) -> list[str]:
        """What was not taken, in words."""
        raise NotImplementedError

    def lying(self) -> list[str]:
        """What lies in the folder, hidden or not."""
        raise NotImplementedError

    def spoil(self, kind: str, **values) -> None:
        """The folder cannot be used; ValueError where that is not possible on this machine."""

    def mend(self) -> None:
        """The folder works again."""


class UblReceiver(Receiver):
    """A box for e-invoices and other files."""

    folder = ubl.FOLDER
    settings = {"ubl_sales_moment": "posting"}
    faults = ("read_only", "gone", "receiver_off")
    box = int(ubl.PACKAGE.administration)

    def serve(self, folders):
        return ubl.serve(root=folders, watching=False)

    def connect(self, env, company):
        profile = env.ref(f"accountable_connect_ubl.profile_{ubl.PACKAGE.receiver}")
        values = {"company_id": company.id, "package": "ubl", "ubl_profile_id": profile.id}
        env["accountable.connect"].create(values).action_continue()
        return env["accountable.connection"].search(
            [("company_id", "=", company.id), ("package", "=", "ubl")]
        )

    def receive(self):
        self.server.receive()

    def received(self):
        return [self._name(row) for row in self.server.received(self.box)]

    @staticmethod
    def _name(row):
        if row["kind"] == "file":
            return f"bill {row['sha256']}"
        assert postbox_side.kind_of(row) == "sale", row
        return f"sale {row['number']}"

    def name_of(self, move_type, name, move_id, _stage, _given):
        if move_type == "in_invoice":
            return f"bill {hashlib.sha256(paper(move_id)).hexdigest()}"
        return f"sale {name}"

    def refused(self):
        return [f"{row['name']}: {row['reason']}" for row in self.server.refused(self.box)]

    def lying(self):
        return sorted(path.name for path in self.server.folder(self.box).rglob("*"))

    def spoil(self, kind, **values):
        self.server.postbox.faults.add(self.box, kind)

    def mend(self):
        self.server.postbox.faults.clear()


class ServerReceiver(UblReceiver):
    """The same box in a sandbox of its own process, as forks of this one would hold open what a
    server here closes."""

    faults = ()
    way: str

    def __init__(self, folders):
        ExitStack.__init__(self)
        self.control = Control(start_sandbox("postbox", "--folders", str(folders)))

    def reach(self, database):
        with fresh_environment(database) as env:
            connection = env["accountable.connection"].browse(database.connection_id)
            connection.write({"channel": self.way, **self.choices(connection)})

    def choices(self, connection) -> dict:
        """What a manager chooses of the channel."""
        raise NotImplementedError

    def read(self, name):
        """A part of the books of the box."""
        return self.control.get(f"boxes/{self.box}/{name}")

    def receive(self):
        self.control.post(f"boxes/{self.box}/receive")

    def received(self):
        return [self._name(row) for row in self.read("received")]

    def refused(self):
        return [f"{row['name']}: {row['reason']}" for row in self.read("refused")]

    def spoil(self, kind, **values):
        self.control.post("faults", **{"box": self.box, **values}, kind=kind, way=self.way)

    def mend(self):
        self.control.forget_faults()


class MailReceiver(ServerReceiver):
    """The mailbox of the box. A person who does not know what became of a mail looks into it."""

    rounds = MailRounds
    way = "mail"

    def __init__(self, folders):
        super().__init__(folders)
        self.port = by_mail.port_of(self.control.get("state")["mail_server"])
        self.bounces_taken = 0

    def choices(self, connection):
        return by_mail.choices(connection, self.control, ubl.PACKAGE)

    def receive(self):
        """It has whatever was sent."""

    def lying(self):
        return []

    def settle(self):
        """Until the server has worked off what was sent to it by who is dead now."""
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as connection:
            for _time in range(5):
                connection.noop()

    def begin(self, database):
        self.interleaved = interleaved(database, self)

    def look_after(self, database):
        self.settle()
        with fresh_environment(database) as env:
            self.bring_bounces(env)
            connection = env["accountable.connection"].browse(database.connection_id)
            self._decide(connection.with_context(allowed_company_ids=connection.company_id.ids))

    def bring_bounces(self, env):
        """The mail gateway takes what came back since the last time."""
        bounces = self.read("bounces")[self.bounces_taken :]
        files = [self.control.file(f"bounces/{bounce['id']}") for bounce in bounces]
        by_mail.take_bounces(env, [base64.b64encode(file).decode() for file in files])
        self.bounces_taken += len(bounces)

    def _decide(self, connection):
        """A person says what became of mails, and has those sent again that came back."""
        there = {row["message_id"] for row in self.read("mails") if row["outcome"] != "bounced"}
        hand_overs = connection.env["accountable.hand.over"]
        mine = [("connection_id", "=", connection.id)]
        for one in hand_overs.search([*mine, ("state", "=", "unknown")]):
            if one.message_id in there:
                one.action_receiver_has_it()
            else:
                one.action_receiver_has_it_not()
        for one in hand_overs.search([*mine, ("state", "=", "failed"), ("next_try", "=", False)]):
            if one.batch_id.state == "closed":
                one.batch_id.action_hand_over()

    def more(self, original, copy):
        """Every mail that the server took, whatever it did with it, is known where it was to be
        sent from, and to nobody else."""
        with original.registry.cursor() as cr:
            cr.execute("SELECT message_id FROM mail_message WHERE message_id IS NOT NULL")
            known = {message_id for [message_id] in cr.fetchall()}
        mails = self.read("mails")
        return {
            "foreign": [row["message_id"] for row in mails if row["message_id"] not in known],
            "mails": len(mails),
            "bounces": self.bounces_taken,
            "interleaved": self.interleaved,
        }


class SftpReceiver(ServerReceiver):
    """The folder of the box, on an SFTP server."""

    rounds = SftpRounds
    way = "sftp"

    def choices(self, connection):
        return by_sftp.choices(connection, self.control, ubl.PACKAGE)

    def lying(self):
        return [row["name"] for row in self.read("waiting")]


class WinBooksReceiver(Receiver):
    """A folder of WinBooks, whose operator imports whatever lies there."""

    folder = winbooks.FOLDER

    def __init__(self, folders):
        super().__init__(folders)
        self.accountant = winbooks.PACKAGE.accountant(winbooks.PACKAGE.root(self.server))
        self.left_out = []

    def serve(self, folders):
        return winbooks.serve(root=folders, watching=False)

    def connect(self, env, company):
        return SetUp(company).make(winbooks.PACKAGE.sign_in(self.accountant.control.root))

    def fill_step(self, connection):
        if connection.step in ("journals", "vat_codes", "ledger_accounts"):
            connection.action_confirm_mappings()

    def receive(self):
        for done in self.accountant.import_waiting():
            self.left_out += [f"{done['name']}: {row['words']}" for row in done["left_out"]]

    def received(self):
        return [
            f"{booking['kind']} {booking['number']}"
            for booking in self.accountant.read("documents")
        ]

    def name_of(self, move_type, name, _move_id, _stage, given):
        kind = "purchase" if move_type == "in_invoice" else "sale"
        return f"{kind} {given['number']}" if given else f"{name}, in no batch"

    def refused(self):
        return self.left_out

    def lying(self):
        """The office keeps what it imported; nothing else, nothing hidden."""
        imported = {row["source"] for row in self.accountant.read("imports")}
        return sorted(
            path.name
            for path in winbooks.PACKAGE.directory(self.server).iterdir()
            if path.name not in imported
        )


RECEIVERS = {
    "ubl": UblReceiver,
    "winbooks": WinBooksReceiver,
    "ubl_mail": MailReceiver,
    "ubl_sftp": SftpReceiver,
}
