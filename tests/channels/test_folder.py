"""What only a folder has: its errors, links, and what a crash leaves in it."""

import errno
import os
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from odoo.addons.accountable_connect.api.channels import folder as folder_module
from odoo.addons.accountable_connect.api.channels import no_replace
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Outcome
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel

from .cases import FolderCase, FolderOfLinksCase, shipment, through_json

ONE = {"a.xml": b"<Invoice/>"}
TWO = {"a.xml": b"<Invoice/>", "b.xml": b"<CreditNote/>"}


@pytest.fixture(params=[FolderCase, FolderOfLinksCase], ids=lambda case: case.name)
def place(request, monkeypatch):
    """A folder and its channel."""
    case = request.param(monkeypatch, None)
    yield case
    case.close()


def refused(channel, parcel=None):
    """The ChannelError of a hand-over."""
    parcel = parcel or shipment(ONE)
    with pytest.raises(ChannelError) as caught:
        channel.publish(parcel, channel.write(parcel))
    return caught.value


def fail_with(monkeypatch, name, code, when=lambda *arguments: True):
    """Make a function of ``os`` fail as the system does."""
    original = getattr(os, name)

    def failing(*arguments, **options):
        if when(*arguments):
            raise OSError(code, os.strerror(code))
        return original(*arguments, **options)

    monkeypatch.setattr(os, name, failing)


def test_temporary_names_match_no_pattern_of_a_receiver(place):
    place.channel.write(shipment(TWO, apart=True))
    assert len(place.left()) == 2
    for pattern in ("*.xml", "*.zip", "*.pdf", "[!.]*"):
        assert not list(place.folder.glob(pattern))


@pytest.mark.parametrize("emptied", [False, True])
def test_a_directory_that_is_there_is_never_replaced(place, emptied):
    """Not by another batch of the same name either, and not where the receiver took its files."""
    parcel = shipment({"ACT.TXT": b"ours"}, packed=True)
    written = place.channel.write(parcel)
    (place.folder / "00012").mkdir()
    if not emptied:
        (place.folder / "00012" / "ACT.TXT").write_bytes(b"of an earlier one")
    before = place.received()
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written)
    assert (caught.value.code, caught.value.withdrawn) == ("name_taken", True)
    assert place.received() == before
    assert place.left() == []


def test_a_file_may_be_read_by_others_as_the_server_allows(place):
    before = os.umask(0o022)
    try:
        place.channel.publish(shipment(ONE), place.channel.write(shipment(ONE)))
    finally:
        os.umask(before)
    assert stat.S_IMODE((place.folder / "a.xml").stat().st_mode) == 0o644


@pytest.mark.parametrize(
    "code, expected, temporary",
    [
        (errno.ENOSPC, "folder_full", True),
        (errno.EDQUOT, "folder_full", True),
        (errno.EROFS, "folder_read_only", False),
        (errno.EACCES, "folder_no_permission", False),
        (errno.EIO, "folder_unreachable", True),
        (errno.ESTALE, "folder_unreachable", True),
        (errno.EFBIG, "file_too_big", False),
    ],
)
@pytest.mark.parametrize("parcel", [shipment(ONE), shipment(TWO), shipment(TWO, apart=True)])
def test_what_fails_while_writing_leaves_nothing(
    place, monkeypatch, code, expected, temporary, parcel
):
    # the first file is through, the last step is not
    calls = []

    def last(*arguments):
        calls.append(arguments)
        return len(calls) == len(parcel.files)

    fail_with(monkeypatch, "fsync", code, last)
    error = refused(place.channel, parcel)
    assert (error.code, error.temporary) == (expected, temporary)
    assert error.values["folder"] == "invoices"
    assert os.listdir(place.folder) == []


def test_a_full_disk_while_a_file_is_written(place):
    """The real one: /dev/full takes no byte."""

    def full(name, flags, mode=0o777, *, dir_fd=None):
        if str(name).endswith(".part"):
            original(name, flags, mode, dir_fd=dir_fd)
            return original("/dev/full", os.O_WRONLY)
        return original(name, flags, mode, dir_fd=dir_fd)

    original = os.open
    place.monkeypatch.setattr(os, "open", full)
    place.monkeypatch.setattr(os, "supports_dir_fd", {*os.supports_dir_fd, full})
    assert refused(place.channel).code == "folder_full"
    assert os.listdir(place.folder) == []


def test_the_root_is_not_configured(place):
    with pytest.raises(ChannelError) as caught:
        FolderChannel("", "invoices").test()
    assert caught.value.code == "hand_over_root_missing"


def test_a_folder_that_is_missing(place):
    channel = FolderChannel(str(place.root), "elsewhere")
    error = refused(channel)
    assert (error.code, error.values["folder"]) == ("folder_missing", "elsewhere")
    assert refused(FolderChannel(str(place.root / "none"), "invoices")).code == "folder_missing"


@pytest.mark.parametrize("name", ["", ".", "..", "../x", "/etc", "a/b", "a\0b"])
def test_a_path_is_no_folder(place, name):
    with pytest.raises(ChannelError) as caught:
        FolderChannel(str(place.root), name).write(shipment(ONE))
    assert caught.value.code == "folder_outside"


def test_a_link_out_of_the_root_is_not_followed(place, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (place.root / "link").symlink_to(outside)
    assert refused(FolderChannel(str(place.root), "link")).code == "folder_outside"
    assert os.listdir(outside) == []


def test_a_link_in_place_of_a_file_counts_as_a_name_that_is_taken(place, tmp_path):
    (place.folder / "a.xml").symlink_to(tmp_path / "nowhere")
    assert refused(place.channel).code == "name_taken"
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    "name, code",
    [
        ("é" * 127 + ".xml", "file_name_too_long"),
        ("../a.xml", "file_name"),
        ("a\nb.xml", "file_name"),
        (".hidden.xml", "file_name"),
        ("..", "file_name"),
        ("", "file_name"),
        ("a\\b.xml", "file_name"),
        (" a.xml", "file_name"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"z.xml": b"z"}])
def test_what_is_no_file_name_is_refused_before_anything_is_written(place, name, code, more):
    error = refused(place.channel, shipment({name: b"x"} | more))
    assert (error.code, error.values["name"]) == (code, name)
    assert os.listdir(place.folder) == []


def test_two_names_that_are_one_where_capitals_make_no_difference(place):
    error = refused(place.channel, shipment({"A.xml": b"1", "a.XML": b"2"}, apart=True))
    assert (error.code, error.values["name"]) == ("file_name_twice", "a.XML")


def test_of_files_that_go_apart_the_rest_follows_when_a_name_is_free_again(place, monkeypatch):
    parcel = shipment(TWO, apart=True)
    written = through_json(place.channel.write(parcel))
    original = folder_module.give_name

    def receiver_in_between(temporary, name, directory):
        if name == "b.xml" and not (place.folder / name).exists():
            place.occupy("b.xml", b"of somebody else")
        original(temporary, name, directory)

    monkeypatch.setattr(folder_module, "give_name", receiver_in_between)
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written)
    assert not caught.value.withdrawn
    assert caught.value.temporary
    assert place.received() == {"a.xml": b"<Invoice/>", "b.xml": b"of somebody else"}
    place.take()
    monkeypatch.setattr(folder_module, "give_name", original)
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    place.channel.publish(parcel, written)
    # the first one is not made again
    assert place.received() == {"b.xml": b"<CreditNote/>"}
    assert place.left() == []


@pytest.mark.parametrize("parcel", [shipment(TWO), shipment(TWO, apart=True), shipment(ONE)])
def test_what_somebody_removed_before_it_had_its_name_was_not_delivered(place, parcel):
    """A receiver that empties all of its folder while the files are being written."""
    written = through_json(place.channel.write(parcel))
    first = place.folder / written["pairs"][0][0]
    shutil.rmtree(first) if first.is_dir() else first.unlink()
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written, first=True)
    error = caught.value
    assert (error.code, error.temporary, error.withdrawn) == ("written_gone", False, True)
    assert error.values == {"folder": "invoices", "name": written["names"][0]}
    assert os.listdir(place.folder) == []


def test_a_directory_of_that_name_is_not_replaced_though_it_is_empty(place):
    (place.folder / "00012").mkdir()
    assert refused(place.channel, shipment(TWO)).code == "name_taken"
    assert os.listdir(place.folder) == ["00012"]
    assert os.listdir(place.folder / "00012") == []


def test_another_folder_of_that_name_says_nothing_of_what_was_written(place):
    """As when a share is not mounted, and what it is mounted on is there."""
    parcel = shipment(ONE)
    written = through_json(place.channel.write(parcel))
    place.folder.rename(place.root / "moved")
    place.folder.mkdir()
    assert place.channel.settle(parcel, written) is Outcome.UNKNOWN
    place.folder.rmdir()
    with pytest.raises(ChannelError) as caught:
        place.channel.settle(parcel, written)
    assert caught.value.code == "folder_missing"
    (place.root / "moved").rename(place.folder)
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED


def test_the_test_finds_what_keeps_from_writing(place, monkeypatch):
    fail_with(monkeypatch, "fsync", errno.EROFS)
    with pytest.raises(ChannelError) as caught:
        place.channel.test()
    assert caught.value.code == "folder_read_only"
    assert os.listdir(place.folder) == []


# Without the rename of Linux


@pytest.fixture
def links(monkeypatch):
    """A folder whose names are given by hard links."""
    case = FolderOfLinksCase(monkeypatch, None)
    yield case
    case.close()


def test_a_file_system_with_neither_way_is_refused(links, monkeypatch):
    fail_with(monkeypatch, "link", errno.EPERM)
    with pytest.raises(ChannelError) as caught:
        links.channel.test()
    assert caught.value.code == "folder_replaces"
    assert refused(links.channel).code == "folder_replaces"
    assert os.listdir(links.folder) == []


class Killed(BaseException):
    """Ends a worker where no code of it runs any more."""


def killed_at(links, monkeypatch, name, parcel):
    """Write, and die in this step of giving the name; gives what was written."""
    written = through_json(links.channel.write(parcel))
    original = getattr(os, name)

    def killed(*arguments, **options):
        raise Killed

    monkeypatch.setattr(os, name, killed)
    with pytest.raises(Killed):
        links.channel.publish(parcel, written)
    monkeypatch.setattr(os, name, original)
    return written


def test_killed_between_link_and_removal_it_was_delivered(links, monkeypatch):
    parcel = shipment(ONE)
    written = killed_at(links, monkeypatch, "unlink", parcel)
    assert links.channel.settle(parcel, written) is Outcome.DELIVERED
    assert links.received() == ONE
    assert links.left() == []


def test_killed_there_with_the_file_taken_meanwhile_only_a_person_knows(links, monkeypatch):
    parcel = shipment(ONE)
    written = killed_at(links, monkeypatch, "unlink", parcel)
    links.take()
    assert links.channel.settle(parcel, written) is Outcome.UNKNOWN


def test_killed_before_the_rename_it_was_not_delivered(links, monkeypatch):
    parcel = shipment(ONE)
    written = killed_at(links, monkeypatch, "rename", parcel)
    assert links.channel.settle(parcel, written) is Outcome.NOT_DELIVERED


def test_an_answer_that_was_lost_is_recognised_by_the_file_itself(links, monkeypatch):
    """NFS asks again, and then says that the name is taken: by us."""
    original = os.link

    def twice(*arguments, **options):
        original(*arguments, **options)
        original(*arguments, **options)

    monkeypatch.setattr(os, "link", twice)
    links.channel.publish(shipment(ONE), links.channel.write(shipment(ONE)))
    assert links.received() == ONE
    assert links.left() == []


def test_linux_has_the_rename_that_replaces_nothing(tmp_path):
    """Else the other tests would prove the way over links only."""
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    directory = os.open(tmp_path, os.O_RDONLY)
    try:
        with pytest.raises(FileExistsError):
            no_replace._rename_at_once("a", "b", directory)
        assert no_replace._rename_at_once("a", "c", directory)
    finally:
        os.close(directory)
    assert sorted(os.listdir(tmp_path)) == ["b", "c"]


def test_what_lies_in_a_folder_stays_where_files_are_discarded(place):
    place.occupy(".other.part", b"of another hand-over")
    parcel = replace(shipment(TWO), mark="m2")
    place.channel.write(parcel)
    place.channel.discard(parcel)
    assert place.left() == [".other.part"]
    assert Path(place.folder / ".other.part").read_bytes() == b"of another hand-over"
