"""What the set-up tells of a receiver: what it does not take, what has to be done there first."""

from odoo.addons.accountable_connect.tests.common import offer_fake_packages
from odoo.tests import tagged

from .common import UblCase

TO = "uid1@octopus.example"


@tagged("post_install", "-at_install")
class TestReceiverWarnings(UblCase):
    def connected_with(self, receiver="tried", **values):
        """A connection with a receiver that comes with the addon, or the one of these tests."""
        if receiver != "tried":
            self.profile = self.env.ref(f"accountable_connect_ubl.profile_{receiver}")
        connection = self.connected()
        connection.write(values)
        return connection

    def warned(self, connection, *words):
        """The one warning about these words; it is in the step and in the summary."""
        shown = [entry["message"] for entry in (connection.ubl_warnings or {}).values()]
        lines = self.env["accountable.set.up"]._hand_over_lines(connection)
        in_summary = [line.sentence for line in lines if line.kind == "warning"]
        self.assertEqual(in_summary, shown)
        found = [one for one in shown if all(word in one for word in words)]
        self.assertEqual(len(found), 1, shown)
        return found[0]

    def not_warned(self, connection):
        self.assertFalse(connection.ubl_warnings)

    def gaps(self, connection):
        return " ".join(self.env["accountable.set.up"]._hand_over_gaps(connection))

    def test_a_receiver_of_no_mail_address(self):
        connection = self.connected_with("horus", channel="mail", mail_to=TO)
        self.warned(connection, "Horus publishes no e-mail address", "Uploaded by a person")
        connection.channel = "download"
        self.not_warned(connection)

    def test_a_way_that_is_not_known(self):
        connection = self.connected_with("octopus", channel="folder")
        self.warned(
            connection, "not known whether Octopus takes", "Uploaded by a person, By e-mail"
        )
        connection.channel = "sftp"
        self.warned(connection, "not known whether Octopus takes")

    def test_a_way_that_is_known(self):
        connection = self.connected_with()
        for receiver, channel in (("adsolut", "sftp"), ("expertm", "folder"), ("bob50", "folder")):
            profile = self.env.ref(f"accountable_connect_ubl.profile_{receiver}")
            connection.write({"ubl_profile_id": profile.id, "channel": channel})
            self.not_warned(connection)

    def test_nothing_is_told_of_a_receiver_of_which_nothing_is_known(self):
        connection = self.connected_with(mail_to="box@receiver.example")
        for channel in ("download", "folder", "sftp", "mail"):
            connection.channel = channel
            self.not_warned(connection)

    def test_an_address_that_is_not_the_receivers(self):
        connection = self.connected_with("octopus", channel="mail", mail_to=TO)
        self.not_warned(connection)
        connection.mail_to = "info@octopus.example"
        self.warned(connection, "info@octopus.example does not look like", "uid*@*")
        connection.write({"mail_to": TO, "mail_to_bills": "x@octopus.example"})
        self.warned(connection, "x@octopus.example does not look like")

    def test_the_address_of_all_companies_is_the_receivers_too(self):
        self.profile.write({"address_pattern": "*@own.example", "shared_address": "ubl@*"})
        connection = self.connected_with(channel="mail", mail_to="ubl@all.example")
        self.not_warned(connection)

    def test_a_word_that_a_person_gave_stays(self):
        connection = self.connected_with("octopus", channel="mail", mail_to=TO)
        for word in ("SI", "PI"):
            connection.mail_to = f"uid1-{word}@octopus.example"
            self.not_warned(connection)
        connection.mail_to = "uid1-ODOO@octopus.example"
        self.warned(connection, "“ODOO”, which stays")

    def test_both_addresses_are_needed(self):
        self.profile.address_per_kind = True
        connection = self.connected_with(channel="mail", mail_to="a@b.example", mail_from="m@e.be")
        self.assertIn("address for bills too", self.gaps(connection))
        connection.write({"send_purchases": False, "send_purchase_refunds": False})
        self.assertNotIn("address for bills too", self.gaps(connection), "no bills go")
        connection.write({"send_purchases": True, "mail_to_bills": "A@b.example"})
        self.assertNotIn("address for bills too", self.gaps(connection))
        self.not_warned(connection)
        connection.mail_to_bills = "a@b.example"
        self.warned(connection, "Sales and bills go to the same address")
        connection.write({"mail_to_bills": False, "channel": "download"})
        self.assertNotIn("address for bills too", self.gaps(connection))

    def test_the_sender_has_to_be_told(self):
        self.profile.knows_senders = True
        connection = self.connected_with(channel="mail", mail_to=TO, mail_from="books@claes.be")
        sender = self.env["accountable.set.up"]._sender_shown(connection)
        self.assertTrue(sender)
        self.warned(connection, "to take e-mails from", sender)

    def test_a_receiver_that_forwards(self):
        connection = self.connected_with("billit", channel="mail", mail_to=TO)
        self.warned(connection, "Give the address for bills", "Billit sends on to the customers")
        kinds = self.env["accountable.sending.plan"]._kinds(connection)
        self.assertEqual(kinds, {"purchase", "purchase_refund"})

    def test_what_is_known_of_it_is_shown(self):
        connection = self.connected_with("horus")
        self.assertEqual(connection.ubl_notes, self.profile.notes)

    def test_a_program_that_is_connected_itself_too(self):
        offer_fake_packages(self)
        connection = self.connected_with()
        self.walk_to_the_end(connection)
        books = connection.sudo().copy(
            {
                "sign_in_id": connection.sudo()
                .sign_in_id.copy({"package": "fake", "name": "Fake"})
                .id,
                "administration_key": "A1",
                "ubl_profile_id": False,
            }
        )
        books.write({"state": "connected", "step": "done"})
        given = self.env["accountable.withheld"]
        for package, words in (
            ("other_fake", "where both go to one accountant"),
            ("fake", "Fake reaches the program to which the documents for Tried go too"),
        ):
            self.profile.package = package
            for one, expected in ((connection, books), (books.sudo(False), connection)):
                [(other, sentence)] = given._given_twice(one)
                self.assertEqual(other, expected)
                self.assertIn(words, sentence)
