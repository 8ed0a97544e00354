"""Small files of every sort, as suppliers send them."""

import io
import zipfile

from pypdf import PdfWriter

XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'
)
WITH_DTD = b'<?xml version="1.0"?>\n<!DOCTYPE Invoice SYSTEM "http://127.0.0.1/x.dtd">\n<Invoice/>'
# Entities of entities: a few lines that would become gigabytes.
WITH_ENTITIES = (
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">'
    + b"".join(b'<!ENTITY b%d "%s">' % (n, b"&b;" * 10) for n in range(9))
    + b"]><Invoice>&b8;</Invoice>"
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><Invoice>&b;</Invoice>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 20
TIFF = b"II*\x00" + b"\x00" * 20
GIF = b"GIF89a" + b"\x00" * 20
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
WEBP = b"RIFF\x10\x00\x00\x00WEBPVP8 "
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 40
HTML = b"<!DOCTYPE html>\n<html><body>Your invoice</body></html>"
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'


def pdf(user_password=None, owner_password="owner", algorithm="AES-256"):
    """A page without anything; with ``user_password`` it is locked ("": against changes only)."""
    writer = PdfWriter()
    writer.add_blank_page(width=100, height=100)
    if user_password is not None:
        writer.encrypt(user_password, owner_password, algorithm=algorithm)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def archive(*names):
    """A ZIP with these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as opened:
        for name in names:
            opened.writestr(name, b"content")
    return stream.getvalue()


PDF = pdf()
ZIP = archive("bill.pdf")
DOCX = archive("[Content_Types].xml", "word/document.xml")
XLSX = archive("[Content_Types].xml", "xl/workbook.xml")
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Media type → a file of it.
BY_TYPE = {
    "application/xml": XML,
    "application/pdf": PDF,
    "application/zip": ZIP,
    "application/msword": OLD_WORD,
    "application/vnd.ms-excel": OLD_WORD,
    "image/bmp": b"BM\x1a\x00\x00\x00" + b"\x00" * 20,
    "image/gif": GIF,
    "image/heic": HEIC,
    "image/jpeg": JPEG,
    "image/png": PNG,
    "image/tiff": TIFF,
    "image/webp": WEBP,
    "text/csv": b"a;b\n1;2\n",
    DOCX_TYPE: DOCX,
    XLSX_TYPE: XLSX,
}
