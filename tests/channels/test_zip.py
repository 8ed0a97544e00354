"""The ZIP of a batch: the same bytes each time, in pieces."""

import tracemalloc
import zipfile
from io import BytesIO

from odoo.addons.accountable_connect.api.channels.download import DownloadChannel
from odoo.addons.accountable_connect.api.channels.zip_stream import PIECE, zip_pieces

from .cases import shipment, shipped

FILES = (
    shipped("b.xml", b"<Invoice/>"),
    shipped("facture à payer.pdf", b"%PDF" * 100_000, "application/pdf", PIECE),
    shipped("a.xml", b""),
)


def test_a_zip_has_the_files_in_their_order():
    with zipfile.ZipFile(BytesIO(b"".join(zip_pieces(FILES)))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [file.name for file in FILES]
        for file in FILES:
            assert archive.read(file.name) == b"".join(file.chunks())
        for info in archive.infolist():
            # receivers in Java read no stored file whose size stands behind it
            assert not info.flag_bits & 0x08


def test_a_zip_has_the_same_bytes_each_time(monkeypatch):
    first = b"".join(zip_pieces(FILES))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000)
    assert b"".join(zip_pieces(FILES)) == first


def test_a_zip_is_given_piece_by_piece():
    """What it keeps in memory does not grow with the files."""

    def large(number):
        return shipped(f"{number}.pdf", b"x" * 512 * 1024, "application/pdf", PIECE)

    few, many = [large(number) for number in range(4)], [large(number) for number in range(40)]

    def peak(files):
        tracemalloc.start()
        for piece in zip_pieces(files):
            assert len(piece) <= PIECE
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(many) < peak(few) * 1.5


def test_what_is_served_has_the_name_of_the_batch_or_of_its_only_file():
    channel = DownloadChannel()
    one = channel.served(shipment({"a.xml": b"<Invoice/>"}))
    assert (one.name, one.media_type, one.size) == ("a.xml", "application/xml", 10)
    two = channel.served(shipment({"a.xml": b"1", "b.xml": b"2"}))
    assert (two.name, two.media_type) == ("00012.zip", "application/zip")
    assert b"".join(two.pieces()) == b"".join(two.pieces())


def test_no_name_leads_out_of_the_place_where_it_is_unpacked():
    names = ("../a.xml", "/etc/b.xml", "..\\c.xml", "..", "d.xml")
    files = [shipped(name, b"x") for name in names]
    with zipfile.ZipFile(BytesIO(b"".join(zip_pieces(files)))) as archive:
        assert archive.namelist() == ["_a.xml", "_etc_b.xml", "_c.xml", "_", "d.xml"]
