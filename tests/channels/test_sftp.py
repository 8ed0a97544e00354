"""What only SFTP has: a server that is known by its key, sign-ins, and what a session says."""

import logging
import os
import socket
from dataclasses import replace

import asyncssh
import paramiko
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from odoo.addons.accountable_connect.api.channels.contract import ChannelError, Outcome
from odoo.addons.accountable_connect.api.channels.sftp import SftpChannel
from odoo.addons.accountable_connect.api.channels.sftp_session import (
    fingerprint,
    host_key_of,
    read_private_key,
)

from .cases import SftpCase, shipment, through_json

ONE = {"a.xml": b"<Invoice/>"}
TWO = {"a.xml": b"<Invoice/>", "b.xml": b"<CreditNote/>"}
FORMS = [shipment(ONE), shipment(TWO), shipment(TWO, apart=True), shipment(ONE, packed=True)]


@pytest.fixture
def place(monkeypatch, postbox):
    """A folder of the server and its channel."""
    case = SftpCase(monkeypatch, postbox)
    yield case
    case.close()


def refused(channel, parcel=None):
    """The ChannelError of a hand-over."""
    parcel = parcel or shipment(ONE)
    with pytest.raises(ChannelError) as caught:
        channel.publish(parcel, channel.write(parcel), first=True)
    return caught.value


def asked(place, **values):
    """The channel with another access."""
    return SftpChannel(replace(place.channel.access, **values), place.channel.folder)


# Who it is


def test_the_key_of_the_server_is_read_without_signing_in(place):
    before = len(place.postbox.sftp_log())
    access = replace(place.channel.access, host_key="", password="")
    assert host_key_of(access) == place.postbox.sftp_host_key
    assert len(place.postbox.sftp_log()) == before
    assert fingerprint(host_key_of(access)) == place.postbox.postbox.sftp.fingerprint


def test_another_key_ends_it_before_anything_is_given(place):
    place.postbox.fail_sftp(None, "wrong_host_key", count=1)
    before = len(place.postbox.sftp_log())
    error = refused(place.channel)
    assert (error.code, error.temporary) == ("sftp_host_key_changed", False)
    assert error.values["known"] == fingerprint(place.postbox.sftp_host_key)
    assert error.values["shown"] != error.values["known"]
    assert len(place.postbox.sftp_log()) == before
    other = asyncssh.generate_private_key("ecdsa-sha2-nistp256").export_public_key().decode()
    error = refused(asked(place, host_key=" ".join(other.split()[:2])))
    assert error.code == "sftp_host_key_changed"


def test_without_a_confirmed_key_nobody_signs_in(place):
    assert refused(asked(place, host_key="")).code == "sftp_host_key_missing"


def test_this_machine_is_no_server_unless_it_is_a_sandbox(place):
    assert refused(asked(place, local_allowed=False)).code == "sftp_local"


def test_a_key_signs_in_or_a_password(place):
    asked(place, password="", private_key=place.postbox.sftp_key).test()
    error = refused(asked(place, password="wrong"))
    assert (error.code, error.temporary) == ("sftp_password_refused", False)
    place.postbox.fail_sftp(None, "refuse_key", count=1)
    error = refused(asked(place, private_key=place.postbox.sftp_key))
    assert (error.code, error.temporary) == ("sftp_key_refused", False)


KEYS = {
    "ssh-ed25519": ed25519.Ed25519PrivateKey.generate,
    "ecdsa-sha2-nistp256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "ssh-rsa": lambda: rsa.generate_private_key(65537, 2048),
}


@pytest.mark.parametrize("written_as", ["OpenSSH", "PKCS8"])
@pytest.mark.parametrize("kind", KEYS)
def test_private_keys_with_and_without_a_passphrase(kind, written_as):
    key = KEYS[kind]()
    form = serialization.Encoding.PEM, getattr(serialization.PrivateFormat, written_as)
    plain = key.private_bytes(*form, serialization.NoEncryption()).decode()
    sesame = serialization.BestAvailableEncryption(b"sesame")
    locked = key.private_bytes(*form, sesame).decode()
    assert read_private_key(plain).get_name() == kind
    assert read_private_key(locked, "sesame").asbytes() == read_private_key(plain).asbytes()
    for passphrase, code in (("", "missing"), ("open", "wrong")):
        with pytest.raises(ChannelError) as caught:
            read_private_key(locked, passphrase)
        assert caught.value.code == f"sftp_passphrase_{code}"


@pytest.mark.parametrize(
    "text", ["", "none", "ssh-ed25519 AAAA", "-----BEGIN RSA PRIVATE KEY-----"]
)
def test_what_is_no_private_key(text):
    with pytest.raises(ChannelError) as caught:
        read_private_key(text)
    assert caught.value.code == "sftp_key_format"


def test_a_server_that_does_not_answer(place):
    place.postbox.fail_sftp(None, "off", count=1)
    error = refused(place.channel)
    assert (error.code, error.temporary) == ("sftp_unreachable", True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    error = refused(asked(place, port=port))
    assert (error.code, error.temporary) == ("sftp_unreachable", True)
    error = refused(asked(place, host="nowhere.invalid"))
    assert (error.code, error.temporary) == ("sftp_host", True)


# What a folder says


@pytest.mark.parametrize("parcel", FORMS)
def test_a_full_disk(place, parcel):
    place.fail("full", size=4)
    error = refused(place.channel, parcel)
    assert (error.code, error.temporary) == ("sftp_full", True)
    assert error.values["words"] == "No space left on device"
    assert os.listdir(place.folder) == []


@pytest.mark.parametrize("parcel", FORMS)
def test_a_folder_that_may_not_be_written(place, parcel):
    place.fail("no_permission")
    error = refused(place.channel, parcel)
    assert (error.code, error.temporary) == ("sftp_no_permission", False)
    assert error.values["folder"] == place.channel.folder
    with pytest.raises(ChannelError) as caught:
        place.channel.test()
    assert caught.value.code == "sftp_no_permission"


@pytest.mark.parametrize("parcel", FORMS)
def test_a_folder_that_is_gone(place, parcel):
    place.fail("folder_gone")
    error = refused(place.channel, parcel)
    assert (error.code, error.temporary) == ("sftp_folder_missing", True)
    place.postbox.postbox.faults.clear()
    written = through_json(place.channel.write(parcel))
    place.fail("folder_gone")
    for step in (
        lambda: place.channel.publish(parcel, written),
        lambda: place.channel.settle(parcel, written),
    ):
        with pytest.raises(ChannelError) as caught:
            step()
        assert caught.value.code == "sftp_folder_missing"
        place.channel.close()
    place.postbox.postbox.faults.clear()
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED


def test_a_file_in_the_place_of_the_folder(place):
    place.occupy("file", b"")
    channel = SftpChannel(place.channel.access, f"{place.channel.folder}/file")
    assert refused(channel).code == "sftp_folder_missing"


@pytest.mark.parametrize("parcel", FORMS)
def test_a_connection_lost_while_writing_does_not_hinder_the_next_try(place, parcel):
    place.fail("lost_during_upload", count=1, size=4)
    error = refused(place.channel, parcel)
    assert (error.code, error.temporary) == ("sftp_lost", True)
    assert place.received() == {}
    place.channel.publish(parcel, place.channel.write(parcel), first=True)
    assert len(place.received()) == len(parcel.files)
    assert place.left() == []


def test_a_name_that_is_taken_between_the_look_and_the_rename(place):
    """Whoever looks cannot know what happens right after; RENAME of the protocol does."""
    parcel = shipment(ONE)
    written = place.channel.write(parcel)
    original = paramiko.SFTPClient.rename

    def taken(client, old, new):
        place.occupy("a.xml", b"of somebody else")
        return original(client, old, new)

    place.monkeypatch.setattr(paramiko.SFTPClient, "rename", taken)
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written, first=True)
    assert (caught.value.code, caught.value.withdrawn) == ("name_taken", True)
    assert place.received() == {"a.xml": b"of somebody else"}
    assert place.left() == []


def test_a_server_that_says_no_and_has_done_it(place):
    original = paramiko.SFTPClient.rename

    def lies(client, old, new):
        original(client, old, new)
        raise OSError("Failure")

    place.monkeypatch.setattr(paramiko.SFTPClient, "rename", lies)
    parcel = shipment(ONE)
    written = place.channel.write(parcel)
    assert place.channel.publish(parcel, written, first=True) == ["a.xml"]
    place.channel.close()


def test_a_server_that_says_yes_and_has_not_done_it(place):
    place.monkeypatch.setattr(paramiko.SFTPClient, "rename", lambda *_names: None)
    error = refused(place.channel)
    assert (error.code, error.temporary, error.withdrawn) == ("sftp_failed", True, True)
    assert not os.listdir(place.folder)


def test_a_server_whose_rename_replaces_is_asked_first(place):
    place.postbox.postbox.switches.set({"sftp_rename_replaces": True})
    try:
        parcel = shipment(ONE)
        written = place.channel.write(parcel)
        place.occupy("a.xml", b"of somebody else")
        with pytest.raises(ChannelError) as caught:
            place.channel.publish(parcel, written, first=True)
        assert caught.value.code == "name_taken"
        assert place.received() == {"a.xml": b"of somebody else"}
    finally:
        place.postbox.postbox.switches.set({"sftp_rename_replaces": False})


def test_the_rename_of_openssh_is_never_used(place):
    place.postbox.postbox.switches.set({"sftp_posix_rename": False})
    try:
        place.channel.publish(shipment(ONE), place.channel.write(shipment(ONE)), first=True)
    finally:
        place.postbox.postbox.switches.set({"sftp_posix_rename": True})
    assert place.received() == ONE


def test_of_files_that_go_apart_the_rest_follows(place):
    parcel = shipment(TWO, apart=True)
    written = through_json(place.channel.write(parcel))
    os.rename(place.folder / written["pairs"][0][0], place.folder / "a.xml")
    place.take()
    place.fail("lost_before_rename", count=1)
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written)
    assert not caught.value.withdrawn
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    place.channel.publish(parcel, written)
    assert place.received() == {"b.xml": b"<CreditNote/>"}


@pytest.mark.parametrize("parcel", FORMS)
def test_what_somebody_removed_before_it_had_its_name(place, parcel):
    written = place.channel.write(parcel)
    first = place.folder / written["pairs"][0][0]
    if first.is_dir():
        for one in first.iterdir():
            one.unlink()
        first.rmdir()
    else:
        first.unlink()
    with pytest.raises(ChannelError) as caught:
        place.channel.publish(parcel, written, first=True)
    assert (caught.value.code, caught.value.withdrawn) == ("written_gone", True)
    assert os.listdir(place.folder) == []


def test_one_session_writes_and_publishes(place):
    before = len([row for row in place.postbox.sftp_log() if row["what"] == "session"])
    place.channel.publish(shipment(ONE), place.channel.write(shipment(ONE)), first=True)
    place.channel.close()
    after = len([row for row in place.postbox.sftp_log() if row["what"] == "session"])
    assert after == before + 1


def test_a_broken_connection_is_no_warning_in_the_log(place, caplog):
    caplog.set_level(logging.WARNING)
    place.fail("lost_before_rename", count=1)
    refused(place.channel)
    assert [record for record in caplog.records if record.name.startswith("paramiko")] == []


def test_an_answer_that_does_not_come_in_time_is_a_lost_connection(place):
    """The server may rename later all the same: whoever goes on makes no second one."""
    parcel = shipment(ONE)
    written = through_json(place.channel.write(parcel))
    original = paramiko.SFTPClient.rename

    def impatient(client, old, new):
        client.get_channel().settimeout(0.05)
        return original(client, old, new)

    place.fail("slow", count=1, seconds=60)
    with place.monkeypatch.context() as patched:
        patched.setattr(paramiko.SFTPClient, "rename", impatient)
        with pytest.raises(ChannelError) as caught:
            place.channel.publish(parcel, written, first=True)
    error = caught.value
    assert (error.code, error.temporary, error.withdrawn) == ("sftp_lost", True, False)
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    os.rename(place.folder / written["pairs"][0][0], place.folder / "a.xml")  # by now
    assert place.channel.publish(parcel, written) == ["a.xml"]
    assert place.received() == ONE


def test_without_a_folder_files_go_where_one_gets_to(place):
    """As on a server whose users begin in their folder; here nobody may write there."""
    error = refused(SftpChannel(place.channel.access, ""))
    assert (error.code, error.values["folder"]) == ("sftp_no_permission", "~")


# Another place, and servers that lie


def test_what_lay_elsewhere_is_not_taken_for_delivered(place):
    """Another user of the server has another home: the temporary name never was there."""
    parcel = shipment(ONE)
    written = through_json(place.channel.write(parcel))
    os.mkdir(elsewhere := f"{place.folder}.elsewhere")
    channel = SftpChannel(place.channel.access, f"{place.channel.folder}.elsewhere")
    assert channel.settle(parcel, written) is Outcome.UNKNOWN
    assert place.channel.settle(parcel, written) is Outcome.NOT_DELIVERED
    os.rmdir(elsewhere)


def test_a_rename_that_was_done_and_is_said_to_have_failed(place, monkeypatch):
    """It would go a second time once the receiver has taken the first."""
    rename = paramiko.SFTPClient.rename

    def lying(self, before, after):
        rename(self, before, after)
        raise OSError("Failure")

    monkeypatch.setattr(paramiko.SFTPClient, "rename", lying)
    parcel = shipment(ONE)
    assert place.channel.publish(parcel, place.channel.write(parcel), first=True) == ["a.xml"]
    assert place.received() == ONE


def test_what_somebody_removed_right_before_its_rename_was_not_delivered(place):
    original = paramiko.SFTPClient.rename

    def too_late(client, old, new):
        client.remove(old)
        return original(client, old, new)

    place.monkeypatch.setattr(paramiko.SFTPClient, "rename", too_late)
    error = refused(place.channel)
    assert (error.code, error.temporary, error.withdrawn) == ("sftp_folder_missing", True, True)
    assert place.received() == {}
