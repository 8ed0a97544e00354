"""What the settings of a connection say of its SFTP server."""

from odoo.tests import tagged

from .common_hand_over import HandOverCase


@tagged("post_install", "-at_install")
class TestSftpMissing(HandOverCase):
    def test_what_the_server_needs_is_said_where_it_is_chosen(self):
        server = self.env["accountable.sftp.server"].create(
            {
                "name": "Office",
                "host": "sftp.example.com",
                "user": "dupont",
                "company_id": self.company.id,
            }
        )
        self.assertFalse(self.connection.sftp_missing)
        self.connection.write({"channel": "sftp", "sftp_server_id": server.id})
        self.assertIn("Enter the password or key of Office", self.connection.sftp_missing)
        self.assertIn("Read the key of Office", self.connection.sftp_missing)
        action = self.connection.action_open_sftp_server()
        self.assertEqual((action["res_model"], action["res_id"]), (server._name, server.id))
        server.password_entry = "secret"
        server.sudo().host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5"
        self.assertFalse(self.connection.sftp_missing)
