"""SFTP servers: their secrets, the key by which they are known, and the channel made of them."""

import io
from contextlib import contextmanager
from unittest.mock import patch

import paramiko
from lxml import etree
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.api.channels.sftp_session import fingerprint
from odoo.addons.accountable_connect.models.hand_over import sftp_server as module
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .common import ConnectionCase


def new_key(passphrase=None):
    """The text of a private key."""
    text = io.StringIO()
    paramiko.RSAKey.generate(1024).write_private_key(text, password=passphrase)
    return text.getvalue()


def host_key():
    """``type base64`` of a server's key."""
    key = paramiko.ECDSAKey.generate()
    return f"{key.get_name()} {key.get_base64()}"


class TestSftpServer(ConnectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager, cls.bookkeeper = (
            new_test_user(
                cls.env,
                f"sftp_{group}",
                f"accountable_connect.group_{group}",
                company_id=cls.company.id,
                company_ids=[cls.company.id],
            )
            for group in ("manager", "user")
        )
        cls.server = cls.env["accountable.sftp.server"].create(
            {
                "name": "Server of the office",
                "company_id": cls.company.id,
                "host": "sftp.example.com",
                "user": "vandersmissen",
            }
        )
        cls.text, cls.locked = new_key(), new_key("geheim")
        cls.host_key, cls.other_key = host_key(), host_key()

    def setUp(self):
        super().setUp()
        self.managed = self.server.with_user(self.manager)

    @contextmanager
    def shows(self, key):
        with patch.object(module, "host_key_of", lambda _access: key):
            yield

    def confirm(self, key):
        with self.shows(key):
            self.managed.action_read_host_key()
        self.managed.action_confirm_host_key(fingerprint(key))

    # Secrets

    def test_none_is_made_of_a_name_alone(self):
        """The database would refuse it: a place is asked for first."""
        form = self.env["accountable.connection"].get_view(view_type="form")["arch"]
        fields = etree.fromstring(form).findall(".//field[@name='sftp_server_id']")
        self.assertEqual(len(fields), 2)
        for field in fields:
            self.assertIn("no_quick_create", field.get("options"))

    def test_a_password_is_kept_and_never_shown(self):
        self.managed.password_entry = "Geheim-1"
        self.assertFalse(self.managed.password_entry)
        self.assertTrue(self.managed.has_secrets)
        self.assertEqual(self.server._access().password, "Geheim-1")
        for name in ("password", "private_key", "passphrase"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.managed.read([name])

    def test_a_key_takes_the_place_of_a_password_and_the_other_way_round(self):
        self.managed.password_entry = "Geheim-1"
        self.managed.key_entry = self.text
        access = self.server._access()
        self.assertEqual((access.password, access.private_key), ("", self.text))
        self.managed.password_entry = "Geheim-2"
        access = self.server._access()
        self.assertEqual((access.password, access.private_key), ("Geheim-2", ""))

    def test_a_key_that_cannot_be_read_is_refused_when_it_is_entered(self):
        texts = ("ssh-rsa AAAA public", "PuTTY-User-Key-File-3: ssh-ed25519", "-----BEGIN x")
        for text in texts:
            with self.subTest(text), self.assertRaisesRegex(UserError, "no private key"):
                self.managed.key_entry = text
        self.assertFalse(self.server.has_secrets)

    def test_a_key_with_a_passphrase_needs_it(self):
        with self.assertRaisesRegex(UserError, "needs its passphrase"):
            self.managed.key_entry = self.locked
        with self.assertRaisesRegex(UserError, "does not open"):
            self.managed.write({"key_entry": self.locked, "passphrase_entry": "anders"})
        self.managed.write({"key_entry": self.locked, "passphrase_entry": "geheim"})
        self.assertEqual(self.server._access().passphrase, "geheim")

    def test_secrets_and_key_are_of_one_place(self):
        for values in ({"host": "sftp.example.org"}, {"port": 2222}, {"user": "other"}):
            with self.subTest(values):
                self.managed.password_entry = "Geheim-1"
                self.confirm(self.host_key)
                self.managed.write(values)
                self.assertFalse(self.server.has_secrets)
                # a user more at the same server is known by the same key
                self.assertEqual(bool(self.server.host_key), "user" in values)

    def test_a_bookkeeper_changes_nothing(self):
        reader = self.server.with_user(self.bookkeeper)
        self.assertEqual(reader.host, "sftp.example.com")
        for name in ("password_entry", "host"):
            with self.subTest(name), self.assertRaises(AccessError):
                reader[name] = "x.example.com"
        with self.assertRaises(AccessError):
            reader.action_read_host_key()

    def test_what_is_no_server(self):
        for host in ("sftp://example.com", "u@example.com", "example.com/in", "exa mple.com", " a"):
            with self.subTest(host), self.assertRaises(ValidationError):
                self.managed.host = host

    # Its key

    def test_a_person_confirms_exactly_what_was_shown(self):
        with self.shows(self.host_key):
            self.managed.action_read_host_key()
        self.assertEqual(self.managed.shown_key_fingerprint, fingerprint(self.host_key))
        self.assertFalse(self.server.host_key)
        with self.assertRaisesRegex(UserError, "asked again"):
            self.managed.action_confirm_host_key(fingerprint(self.other_key))
        self.managed.action_confirm_host_key(fingerprint(self.host_key))
        self.assertEqual(self.server.host_key, self.host_key)
        self.assertFalse(self.server.shown_key)

    def test_another_key_waits_for_a_person(self):
        self.confirm(self.host_key)
        with self.shows(self.other_key):
            self.managed.action_read_host_key()
        self.assertEqual(self.server.host_key, self.host_key)
        self.confirm(self.other_key)
        self.assertEqual(self.server.host_key, self.other_key)

    def test_nobody_writes_a_key(self):
        for name in ("host_key", "shown_key"):
            with self.subTest(name), self.assertRaises(AccessError):
                self.managed[name] = self.other_key

    # The channel

    def use(self, **values):
        self.connection.write({"channel": "sftp", "sftp_server_id": self.server.id, **values})
        return self.connection

    def test_what_is_missing_is_said(self):
        connection = self.use()
        self.assertEqual(len(connection._sftp_gaps()), 2)
        with self.assertRaises(ChannelError) as caught:
            connection._get_channel()
        self.assertEqual(caught.exception.code, "sftp_secret_missing")
        self.managed.password_entry = "Geheim-1"
        with self.assertRaises(ChannelError) as caught:
            connection._get_channel().test()
        self.assertEqual(caught.exception.code, "sftp_host_key_missing")
        self.confirm(self.host_key)
        self.assertEqual(connection._sftp_gaps(), [])

    def test_a_hand_over_goes_on_where_it_began(self):
        other = self.server.copy({"name": "Another", "host": "sftp.example.org"})
        other.set_secrets({"password": "Geheim-2"})
        self.managed.password_entry = "Geheim-1"
        connection = self.use(sftp_folder="in/invoices")
        place = connection._channel_place()
        connection.write({"sftp_server_id": other.id, "sftp_folder": "elsewhere"})
        channel = connection._get_channel("sftp", place)
        self.assertEqual((channel.access.host, channel.folder), ("sftp.example.com", "in/invoices"))

    def test_a_server_of_another_company_cannot_be_chosen(self):
        other = self.env["res.company"].create({"name": "Andere zaak"})
        self.server.company_id = other
        with self.assertRaises(ValidationError):
            self.use()

    def test_a_folder_is_below_where_one_gets_to(self):
        for folder in ("../other", "in/../../x", "a\\b", "in\x07"):
            with self.subTest(folder), self.assertRaises(ValidationError):
                self.use(sftp_folder=folder)

    def test_a_server_in_use_stays_with_its_company(self):
        connection = self.use()
        other = self.env["res.company"].create({"name": "Andere zaak"})
        with self.assertRaisesRegex(ValidationError, "another company"):
            self.server.company_id = other
        connection.write({"channel": "download", "sftp_server_id": False})
        self.server.company_id = other

    def test_a_server_in_use_is_not_archived(self):
        self.use()
        with self.assertRaises(ValidationError):
            self.managed.active = False

    def test_a_server_in_use_is_not_deleted(self):
        self.use()
        with self.assertRaisesRegex(UserError, "is used by"):
            self.managed.unlink()
        batch = self.env["accountable.batch"].sudo().create({"connection_id": self.connection.id})
        place = self.connection._channel_place()
        values = {"batch_id": batch.id, "channel": "sftp", "state": "written", "place": place}
        one = batch.hand_over_ids.create(values)
        self.connection.channel = "download"
        with self.assertRaisesRegex(UserError, "is used by"):
            self.managed.unlink()
        one.state = "failed"
        self.managed.unlink()
        self.assertFalse(self.connection.sftp_server_id)
