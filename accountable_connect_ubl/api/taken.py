"""Whether a receiver takes a file: by what its bytes are, never by what it is called."""

import io
import re
import zipfile

from lxml import etree

from .names import media_type_of
from .reading import LONGEST_PROLOGUE, PIECE, DocumentType, strictly_parsed

OLD_OFFICE = "application/x-ole-storage"
OPEN_XML = "application/vnd.openxmlformats-officedocument."
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
# A file that begins so is one of these.
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
)
PHOTOS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
OF_OLD_OFFICE = {
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-outlook",
    OLD_OFFICE,
}
# Types that say nothing, or that Odoo gives to what it does not know.
SAYS_NOTHING = {"", "application/octet-stream", "binary/octet-stream", "text/plain"}
# What would be seen if it were there.
SEEN = {
    "application/pdf",
    "application/xml",
    "application/zip",
    "image/bmp",
    "image/gif",
    "image/heic",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
}
LOCKED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
# In the list at the end of a ZIP. One of an office program names some hundred files; a list that is
# read takes many times its size in memory.
BEGINS_ENTRY = b"PK\x01\x02"
MOST_ENTRIES = 10_000


def refusal(profile, name: str, media_type: str, content: bytes) -> str:
    """Why the receiver would not take a file, as a code; "" when it takes it.

    * ``file_empty``: there is nothing in it;
    * ``file_too_large``: above the profile's limit;
    * ``file_differs``: it says it is one thing and is another;
    * ``file_type``: no type the receiver takes;
    * ``file_password``: a PDF that asks for a password, where the profile takes none;
    * ``file_dtd``: XML with a document type, which could bring in other files;
    * ``file_damaged``: XML that cannot be read.

    :param name: what it is called; decides nothing
    :param media_type: what it says it is
    """
    if not content or (len(content) < PIECE and not content.strip(b"\x00\t\r\n ")):
        return "file_empty"
    if profile.largest and len(content) > profile.largest:
        return "file_too_large"
    declared, real = media_type_of(media_type), sniffed(content)
    if _differs(declared, real):
        return "file_differs"
    if not profile.media_types & ({declared} if real in ("", OLD_OFFICE) else {real}):
        return "file_type"
    if real == "application/pdf" and not profile.locked_pdf and asks_password(content):
        return "file_password"
    if real == "application/xml":
        return _fault_of_xml(content)
    return ""


def sniffed(content: bytes) -> str:
    """The media type that the bytes show, "" when they show none."""
    for beginning, media_type in BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if content[:2] == b"BM" and int.from_bytes(content[2:6], "little") == len(content):
        return "image/bmp"
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in PHOTOS else ""
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _kind_of_zip(content)
    markup = _kind_of_markup(content[:PIECE])
    # programs put a line or two before the first line of a PDF, and readers take that
    return markup or ("application/pdf" if b"%PDF-" in content[:1024] else "")


def asks_password(content: bytes) -> bool:
    """Whether a PDF opens with a password only. One that is only locked against changes opens."""
    if not LOCKED.search(content):
        return False
    # Odoo's own reader of PDF, whichever of the libraries it has; only what is locked needs it.
    from odoo.tools.pdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        return bool(reader.is_encrypted) and not reader.decrypt("")
    except Exception:  # what cannot be opened does not open without a password
        return True


def _differs(declared, real):
    if declared in SAYS_NOTHING:
        return False
    if real == OLD_OFFICE:
        return declared not in OF_OLD_OFFICE
    if not real:
        return declared in SEEN
    # an e-invoice of its own media type (application/ubl+xml) is XML
    if real == "application/xml" and declared.endswith("+xml"):
        return declared == "image/svg+xml"
    return declared != real


def _kind_of_zip(content):
    """What a ZIP is: a document of an office program, or files put together."""
    if content.count(BEGINS_ENTRY) > MOST_ENTRIES:
        return "application/zip"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "application/zip"
    if names[:1] == ["mimetype"]:
        # stored as it is, as the first entry, so that it can be seen without unpacking
        found = re.search(rb"application/vnd\.oasis\.opendocument\.[a-z]+", content[:200])
        return found[0].decode() if found else "application/zip"
    if "[Content_Types].xml" in names:
        for folder, kind in (
            ("word/", "wordprocessingml.document"),
            ("xl/", "spreadsheetml.sheet"),
            ("ppt/", "presentationml.presentation"),
        ):
            if any(name.startswith(folder) for name in names):
                return f"{OPEN_XML}{kind}"
    return "application/zip"


def _kind_of_markup(beginning):
    if beginning.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = beginning.decode("utf-16", errors="replace")
    else:
        text = beginning.removeprefix(b"\xef\xbb\xbf").decode("latin-1")
    text = text.lstrip()
    if not re.match(r"<[?!A-Za-z_]", text):
        return ""
    if re.match(r"<!doctype html|<html[\s>]", text, re.IGNORECASE):
        return "text/html"
    first = re.search(r"<(?:\w+:)?([A-Za-z_][\w.-]*)", text)
    return "image/svg+xml" if first and first[1] == "svg" else "application/xml"


def _fault_of_xml(content):
    """``file_dtd`` before anything of a document type is used, ``file_damaged``, or ""."""
    try:
        strictly_parsed(content)
    except DocumentType:
        return "file_dtd"
    except etree.XMLSyntaxError:
        return "file_dtd" if b"<!ENTITY" in content[:LONGEST_PROLOGUE] else "file_damaged"
    return ""
