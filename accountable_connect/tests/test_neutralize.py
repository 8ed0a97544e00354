from odoo.tests import tagged
from odoo.tools import file_open

from .common_setup import SetUpCommon


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNeutralize(SetUpCommon):
    def neutralize(self):
        self.env.flush_all()
        with file_open("accountable_connect/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()

    def test_nothing_is_left_to_sign_in_with(self):
        sign_in = self.sign_in.sudo()
        sign_in.write({"tokens": {"70123": "eyJ"}, "database_identity": "a/b/c", "state": "valid"})
        self.neutralize()
        self.assertFalse(sign_in.tokens)
        self.assertFalse(sign_in.database_identity)
        self.assertEqual(sign_in.state, "new")

    def test_what_it_may_once_send_has_a_mark_of_its_own(self):
        identity = self.env["accountable.identity"]
        connection = self.new_connection(step="done")
        connection.sudo().write({"database_identity": "a/b/c", "unknown_booking": {"key": "1"}})
        identity._keep_mark("0123456789")
        link = self.env["accountable.binding"].sudo()
        link._bind(connection.id, "document", "account.move", 5, {"external_key": "V1/1"})
        self.neutralize()
        self.env.registry.clear_cache("stable")
        self.assertFalse(connection.sudo().database_identity or connection.sudo().unknown_booking)
        self.assertRegex(identity._mark(), "^[0-9a-f]{10}$")
        self.assertNotEqual(identity._mark(), "0123456789")
        self.assertFalse(identity._marked_in())
        link = link.search([("connection_id", "=", connection.id)])
        self.assertEqual(link.details, {"own_reference": "odoo-0123456789-5"})

    def test_a_copy_of_the_version_before_is_neutralised_before_it_is_upgraded(self):
        """The new files are there first; the columns they bring are not."""
        connection = self.new_connection(step="done")
        connection.state = "connected"
        self.sign_in.sudo().tokens = {"70123": "eyJ"}
        self.env.flush_all()
        names = ("database_identity", "unknown_booking", "rest_waits", "channel")
        for name in names:
            self.env.cr.execute(
                f"ALTER TABLE accountable_connection RENAME COLUMN {name} TO later_{name}"
            )
        with file_open("accountable_connect/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        for name in names:
            self.env.cr.execute(
                f"ALTER TABLE accountable_connection RENAME COLUMN later_{name} TO {name}"
            )
        self.env.invalidate_all()
        self.assertEqual(connection.state, "paused")
        self.assertFalse(self.sign_in.sudo().tokens)

    def test_nothing_is_handed_over(self):
        connection = self.new_connection(step="done", channel="folder", state="connected")
        self.env.cr.execute("UPDATE accountable_connection SET folder = 'postbox'")
        batch = self.env["accountable.batch"].sudo()
        batch = batch.create({"connection_id": connection.id, "state": "closed", "number": 1})
        begun = {"batch_id": batch.id, "channel": "folder", "next_try": "2026-03-15 10:00:00"}
        begun = self.env["accountable.hand.over"].sudo().create(begun)
        self.neutralize()
        self.assertEqual((connection.channel, connection.folder), ("download", False))
        self.assertEqual(connection.state, "paused")
        self.assertFalse(begun.next_try)
        self.assertEqual(batch.state, "closed", "what it holds is still there to be looked at")

    def test_nothing_is_mailed_or_put_on_a_server(self):
        server = self.env["accountable.sftp.server"].sudo()
        server = server.create({"name": "S", "host": "sftp.example.com", "user": "u"})
        secrets = ("password", "private_key", "passphrase", "host_key", "shown_key")
        server.write(dict.fromkeys(secrets, "x"))
        connection = self.new_connection(
            step="done",
            channel="sftp",
            mail_to="uid80001@example.com",
            mail_to_bills="uid80001-PI@example.com",
            sftp_server_id=server.id,
        )
        self.neutralize()
        for name in ("mail_to", "mail_to_bills", "sftp_server_id"):
            self.assertFalse(connection[name], name)
        self.assertEqual(connection.channel, "download")
        for name in secrets:
            self.assertFalse(server[name], name)

    def test_connections_in_use_are_paused_others_are_left(self):
        in_use = self.new_connection(step="done")
        in_use.state = "connected"
        self.neutralize()
        self.assertEqual(in_use.state, "paused")
        for state in ("connected", "configuration_needed", "reconnect"):
            in_use.write({"step": "summary", "state": state, "rest_waits": True})
            self.neutralize()
            self.assertEqual(in_use.state, "paused", "a document may be on its way")
        in_use.write({"step": "journals", "state": "configuration_needed", "rest_waits": False})
        self.neutralize()
        self.assertEqual(in_use.state, "configuration_needed")

    def test_a_neutralised_database_asks_nothing(self):
        connection = self.new_connection()
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", "True")
        connection.action_test_sign_in()
        self.assertEqual(self.package.calls, [])
        self.assertIn("neutralised", connection.problem)
        self.assertIn("copy", str(connection.checklist))
