"""Documents delivered as they are: a folder that a receiver reads, a box in the postbox sandbox."""

from sandbox.postbox import serve
from sandbox.postbox.seed import number_of
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
    hands_over = True
    keeps_books = False
    where_to = "folder to choose"
    menu = "Deliver e-invoices (UBL)"
    administration = str(number_of(RECEIVER))
    receiver = RECEIVER
    folder = FOLDER
    accountant_class = PostboxAccountant

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


PACKAGE = Ubl()
