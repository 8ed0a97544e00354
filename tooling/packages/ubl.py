"""Documents delivered as they are: into a folder that a receiver reads, by e-mail or by SFTP, a box
in the postbox sandbox each."""

from __future__ import annotations

from sandbox.postbox import serve
from sandbox.postbox.seed import OTHER_BOX, number_of
from tooling.books import postbox_side
from tooling.demo.accountant import Accountant
from tooling.packages.package import Package

# Who receives the documents of the demo: e-invoices, PDF files and pictures, each by itself.
RECEIVER = "octopus"
FOLDER = f"vandersmissen-{RECEIVER}"


class PostboxAccountant(Accountant):
    """Keys are ``sale/<number>`` and so on, see ``postbox_side``; there are no ledger accounts."""

    administrations = "boxes"

    def files(self, key):
        return [row for row in self.read("received") if postbox_side.key_of(row) == key]

    def refused(self) -> list[dict]:
        """What the receiver did not take."""
        return self.read("refused")

    def waiting(self) -> list[dict]:
        """What lies in the folder."""
        return self.read("waiting")

    def has_worked(self):
        return False

    def open_items(self):
        return []


class Ubl(Package):
    name = "ubl"
    title = "UBL"
    sandbox = "postbox"
    sandbox_ways = ("smtp", "sftp")
    hands_over = True
    keeps_books = False
    where_to = "folder to choose"
    menu = "Deliver e-invoices (UBL)"
    administration = str(number_of(RECEIVER))
    receiver = RECEIVER
    folder = FOLDER
    channel = "folder"
    accountant_class = PostboxAccountant

    def ways(self) -> list[Ubl]:
        """Each way on which documents go, with the company that takes it."""
        return [self, BY_MAIL, BY_SFTP]

    def box(self, state: dict) -> dict:
        """What the sandbox's state says of the box."""
        [found] = [box for box in state["boxes"] if str(box["number"]) == self.administration]
        return found

    def mail_address(self, state: dict) -> str:
        """That of the box, without a word for the kind of document, which the sender adds."""
        return self.box(state)["addresses"]["sale"].replace("-SI@", "@")

    def of_country(self, country):
        """It keeps no books of any country."""
        return None

    def serve(self, *, watching=True, **switches):
        """``watching`` False: it looks into its folders when ``receive`` is called."""
        return serve(switches=switches, watching=watching)

    def address(self, root):
        return self.folder

    def bookings(self, books):
        return postbox_side.delivered(books)

    def contents(self, books):
        received = books["received"]
        files = sum(row["kind"] == "file" for row in received)
        return (
            f"{len(received) - files} e-invoices, {files} files, {len(books['refused'])} refused, "
            f"{len(books['waiting'])} in the folder"
        )

    def without_address(self, books) -> list[str]:
        """Who has no electronic address in the e-invoices that we wrote: those of bills are their
        sender's."""
        ours = [
            row
            for row in books["received"]
            if row["kind"] != "file" and (row["side"] == "sale") != row["self_billed"]
        ]
        return sorted({name for row in ours for name in row["without_address"]})

    def books_page(self, root):
        return f"{root.rstrip('/')}/boxes/{self.administration}"

    def where_else(self, root):
        """The pages that name servers, addresses and passwords of the other ways."""
        page = self.books_page(root)
        return [
            f"by e-mail          {page}/mail (an administrator adds its mail server to Odoo)",
            f"by SFTP            {page}/sftp",
        ]


class UblByMail(Ubl):
    """The mailbox of another company at the same receiver."""

    title = "UBL by e-mail"
    administration = str(OTHER_BOX)
    folder = f"lambert-{RECEIVER}"
    channel = "mail"
    small = "ubl_mail"


class UblBySftp(Ubl):
    """A folder on the SFTP server of an office, where its program reads e-invoices."""

    title = "UBL by SFTP"
    administration = "80201"
    receiver = "adsolut"
    folder = "claeys-adsolut"
    channel = "sftp"
    small = "ubl_sftp"

    def accountant(self, root, keys=None, moves=None):
        """The office opens the folder, where it is not there yet."""
        found = super().accountant(root, keys, moves)
        known = {str(box["number"]) for box in found.control.get("state")["boxes"]}
        if self.administration not in known:
            found.control.post(
                "boxes",
                number=int(self.administration),
                name="Drukkerij Claeys BV",
                folder=self.folder,
                receiver=self.receiver,
                vat="BE0999999229",
            )
        return found


PACKAGE = Ubl()
BY_MAIL = UblByMail()
BY_SFTP = UblBySftp()
