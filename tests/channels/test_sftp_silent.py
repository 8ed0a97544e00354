"""A server that signs somebody in, and says nothing after that."""

import socket
import struct
import threading

import paramiko
import pytest
from odoo.addons.accountable_connect.api.channels import sftp_session
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.api.channels.sftp import SftpChannel
from odoo.addons.accountable_connect.api.channels.sftp_session import SftpAccess


class Server(paramiko.ServerInterface):
    def __init__(self, silent_at, over):
        self.silent_at, self.over = silent_at, over

    def get_allowed_auths(self, username):
        return "password"

    def check_auth_password(self, username, password):
        return paramiko.AUTH_SUCCESSFUL

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_subsystem_request(self, channel, name):
        if self.silent_at == "subsystem":
            self.over.wait()
        return True  # and nothing of SFTP follows


@pytest.fixture(params=["subsystem", "version"])
def access(request, monkeypatch):
    monkeypatch.setattr(sftp_session, "PATIENCE", 0.5)
    key, over = paramiko.ECDSAKey.generate(), threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))
    opened = []

    def serve():
        transport = paramiko.Transport(listening.accept()[0])
        opened.append(transport)
        transport.add_server_key(key)
        transport.start_server(event=threading.Event(), server=Server(request.param, over))

    threading.Thread(target=serve, daemon=True).start()
    yield SftpAccess(
        host="127.0.0.1",
        port=listening.getsockname()[1],
        user="office",
        password="secret",
        host_key=f"{key.get_name()} {key.get_base64()}",
        local_allowed=True,
    )
    over.set()
    for transport in opened:
        transport.close()
    listening.close()


def test_nobody_waits_for_it_for_ever(access):
    caught = []

    def try_it():
        try:
            SftpChannel(access, "").test()
        except ChannelError as error:
            caught.append(error)

    trying = threading.Thread(target=try_it, daemon=True)
    trying.start()
    trying.join(30)
    assert [(error.code, error.temporary) for error in caught] == [("sftp_unreachable", True)]


def failing(error):
    """The ChannelError of what a server answers."""

    class Client:
        def stat(self, path):
            raise error

    channel = SftpChannel(SftpAccess(host="office.example", user="office"), "")
    channel._client = Client()
    with pytest.raises(ChannelError) as caught, channel._at_work():
        channel._client.stat("")
    return caught.value


@pytest.mark.parametrize(
    "error",
    [
        paramiko.SFTPError("Garbage packet received"),
        struct.error("unpack requires 4 bytes"),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"),
    ],
)
def test_what_is_no_answer_of_sftp_ends_the_session(error):
    caught = failing(error)
    assert (caught.code, caught.temporary) == ("sftp_lost", True)


def test_words_of_a_server_are_one_line_without_control_characters():
    caught = failing(OSError("No\x00 such\r\n\x1b[31mbox " + "x" * 100_000))
    assert caught.values["words"].startswith("No such [31mbox x")
    assert len(caught.values["words"]) == 300
    assert len(str(caught)) < 400
    assert str(caught).isprintable()
