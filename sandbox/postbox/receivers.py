"""What each receiver takes, as data of this sandbox's own: a sender has another table. Both were
written from what the vendors and their integrators say."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
XML, PDF = "xml", "pdf"
JPEG, PNG, GIF, TIFF, BMP = "jpeg", "png", "gif", "tiff", "bmp"


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """* ``watched``: patterns of the names that it looks at, capitals or not; it never sees others.
    * ``takes``: kinds of files that become a document.
    * ``unpacks``: a ZIP stands for what is in it; else a ZIP that it looks at is refused.
    * ``looks_below``: it looks into folders within its folder, too.
    * ``merges``: a PDF with the base name of an e-invoice belongs to that, and is no document.
    * ``largest``: of one file, in bytes; 0: no limit.
    * ``locked_pdf``: a PDF with a password is taken.
    * ``vat_on_lines``: an e-invoice without VAT on each of its lines is refused.
    * ``negative``: an invoice below zero is taken, as if it were a credit note.
    """

    name: str
    watched: tuple[str, ...] = ("*.xml", "*.pdf", "*.zip")
    takes: frozenset[str] = frozenset({XML, PDF})
    unpacks: bool = False
    looks_below: bool = False
    merges: bool = False
    largest: int = 0
    locked_pdf: bool = True
    vat_on_lines: bool = False
    negative: bool = False


PICTURES = ("*.jpg", "*.jpeg", "*.png")

RECEIVERS = {
    # to-do box of the document import, from a mailbox per dossier
    "octopus": Receiver(
        name="Octopus",
        watched=("*.xml", "*.pdf", *PICTURES, "*.zip"),
        takes=frozenset({XML, PDF, JPEG, PNG}),
        looks_below=True,
    ),
    "exact": Receiver(name="Exact Online", watched=("*.xml", "*.pdf", "*.zip"), looks_below=True),
    "yuki": Receiver(
        name="Yuki",
        watched=("*.xml", "*.pdf", *PICTURES, "*.zip"),
        takes=frozenset({XML, PDF, JPEG, PNG}),
        merges=True,
        looks_below=True,
        negative=True,
    ),
    "clearfacts": Receiver(
        name="ClearFacts",
        watched=("*.xml", "*.pdf", *PICTURES, "*.gif", "*.zip"),
        takes=frozenset({XML, PDF, JPEG}),
        unpacks=True,
        looks_below=True,
        largest=20 * MEGABYTE,
        locked_pdf=False,
    ),
    "basecone": Receiver(
        name="Basecone",
        watched=("*.xml", "*.pdf", *PICTURES, "*.gif", "*.tif", "*.tiff", "*.bmp", "*.zip"),
        takes=frozenset({XML, PDF, JPEG, PNG, GIF, TIFF, BMP}),
        unpacks=True,
        looks_below=True,
        largest=15 * MEGABYTE,
    ),
    # one e-invoice a file, the PDF inside; nothing else is seen
    "horus": Receiver(
        name="Horus", watched=("*.xml", "*.zip"), takes=frozenset({XML}), unpacks=True
    ),
    "adsolut": Receiver(
        name="Adsolut", watched=("*.xml",), takes=frozenset({XML}), vat_on_lines=True
    ),
    "expertm": Receiver(
        name="Expert/M", watched=("*.xml",), takes=frozenset({XML}), vat_on_lines=True
    ),
    # BOB Demat's folder
    "bob50": Receiver(name="BOB 50", watched=("*.xml", "*.pdf"), takes=frozenset({XML, PDF})),
    # by mail only
    "banqup": Receiver(name="Banqup (Billtobox)", watched=()),
    "billit": Receiver(name="Billit", watched=()),
    "winbooks": Receiver(name="WinBooks", watched=()),
    "cloud_demat": Receiver(name="Cloud Demat", watched=()),
}
