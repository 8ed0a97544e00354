"""E-mails through the mail servers of Odoo: what arrives, from whom, and what keeps it from it."""

from email.utils import parseaddr
from unittest.mock import patch

from odoo.addons.accountable_connect.models.hand_over import post
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import config, mute_logger

from .common_mail import PostboxCase, send_on_this_machine

CLOSED_PORT = 9  # discard: nobody listens


class TestMailWay(PostboxCase):
    def closed(self):
        move = self.invoice()
        self.work()
        return self.close(self.items(move).batch_id)

    def test_helper_sends_nothing_elsewhere(self):
        send_on_this_machine(self)
        self.mail_server.smtp_host = "mail.example.com"
        with self.assertRaisesRegex(AssertionError, r"mail\.example\.com"):
            self.connection.action_test_channel()

    def test_a_document_arrives_as_it_is(self):
        """Without the postbox having it, nothing here is true."""
        batch = self.closed()
        self.work()
        row, message = self.mail()
        self.assertEqual(batch.state, "handed_over", batch.message)
        self.assertEqual(row["recipient"], self.address)
        self.assertEqual(message["To"], self.address)
        one = batch.hand_over_ids
        self.assertEqual(message["Message-Id"], one.message_id)
        self.assertEqual((message["From"], one.sent_to), (one.sent_from, self.address))
        self.assertEqual(
            {file.get_filename(): file.get_content() for file in message.iter_attachments()},
            self.contents(batch),
        )
        self.assertFalse(self.env["mail.mail"].sudo().search([("email_to", "=", self.address)]))

    def test_what_the_receivers_server_says_is_told(self):
        self.connection.mail_to = self.address.replace("Verkoop", "verkoop")
        batch = self.closed()
        self.work()
        self.assertEqual((batch.state, self.mails()), ("closed", []))
        self.assertIn("550 5.1.1", batch.message)
        self.assertIn(self.connection.mail_to, batch.message)
        self.connection.mail_to = self.address
        self.work()
        self.assertEqual(batch.state, "handed_over", batch.message)
        self.mail()

    # From whom

    @mute_logger("odoo.addons.base.models.ir_mail_server")
    def test_receivers_see_what_is_shown(self):
        """The From and the envelope as they are foretold, without a connection, are those of the
        mail."""
        own, other = "garage.example", "cloud.example"
        for from_filter, domain, differs in (
            (False, None, False),
            (own, None, False),
            (other, None, False),
            (False, own, False),
            (own, own, False),
            (own, other, False),
            (other, other, True),
            (f"notifications@{other}", other, True),
            (False, other, True),
        ):
            with self.subTest(from_filter=from_filter, domain=domain):
                self.company.alias_domain_id = False
                if domain:
                    self.have_domain(domain)
                self.mail_server.from_filter = from_filter
                self.postbox.postbox.reset()
                self.env.invalidate_all()
                foretold, envelope = post.Post(self.company).seen(self.connection.mail_from)
                said = self.connection.action_test_channel()["params"]["message"]
                row, message = self.mail()
                self.assertEqual(message["From"], foretold)
                self.assertEqual(row["sender"], envelope)
                self.assertEqual(self.connection.mail_seen_from, foretold)
                self.assertIn(parseaddr(foretold)[1], said)
                self.assertIn(parseaddr(foretold)[1], message.get_body().get_content())
                really = parseaddr(foretold)[1] != "Boeken@garage.example"
                self.assertEqual(self.connection.mail_seen_differs, really)
                if differs:
                    self.assertTrue(really)

    def test_whether_mails_come_back_to_odoo(self):
        def words():
            return self.connection.mail_bounces

        self.assertIn("does not learn", words())
        self.assertIn("Boeken@garage.example", words())
        self.have_domain("garage.example")
        self.mail_server.from_filter = "Boeken@garage.example"
        self.env.invalidate_all()
        self.assertIn("allows no other sender", words())
        self.mail_server.from_filter = "garage.example"
        incoming = self.env["fetchmail.server"].sudo()
        incoming.search([]).state = "draft"
        self.env.invalidate_all()
        self.assertIn("bounce@garage.example. No incoming", words())
        incoming.create({"name": "In", "server": "in.example", "state": "done"})
        self.env.invalidate_all()
        self.assertIn("fetches its mails", words())

    # Tests

    def test_a_test_to_oneself(self):
        batches = self.batches()
        said = self.connection.action_test_channel()["params"]["message"]
        row, message = self.mail()
        self.assertEqual(row["recipient"], "mia@garage.example")
        self.assertIn("mia@garage.example", said)
        [file] = message.iter_attachments()
        self.assertEqual(file.get_filename(), "TEST.pdf")
        self.assertTrue(file.get_content().startswith(b"%PDF"))
        self.assertEqual(self.batches(), batches)
        self.assertFalse(self.env["accountable.hand.over"].sudo().search([]))

    def test_a_test_to_the_receiver(self):
        said = self.connection.action_send_test_to_receiver()["params"]["message"]
        row, message = self.mail()
        self.assertEqual(row["recipient"], self.address)
        self.assertIn(self.address, said)
        self.assertIn("TEST", message["Subject"])
        self.assertEqual(
            [one.get_content_type() for one in message.iter_attachments()], ["application/pdf"]
        )
        self.assertFalse(self.batches())

    def test_a_test_to_each_address_of_the_receiver(self):
        bills = self.postbox.address(80004, "purchase")
        self.connection.mail_to_bills = bills
        said = self.connection.action_send_test_to_receiver()["params"]["message"]
        self.assertEqual(
            [row["recipient"] for row, _message in self.mails()], [self.address, bills]
        )
        self.assertIn(f"{self.address}, {bills}", said)

    def test_only_managers_test_and_only_in_the_original(self):
        user = new_test_user(
            self.env, "reader", "base.group_user,accountable_connect.group_user", email="a@b.be"
        )
        for name in ("action_test_channel", "action_send_test_to_receiver"):
            with self.assertRaises(AccessError):
                getattr(self.connection.with_user(user).sudo(False), name)()
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", "true")
        for name in ("action_test_channel", "action_send_test_to_receiver"):
            with self.assertRaises(UserError):
                getattr(self.connection, name)()
        self.assertFalse(self.mails())

    def test_a_manager_needs_no_right_to_read_mail_servers(self):
        user = new_test_user(
            self.env,
            "mia",
            "base.group_user,accountable_connect.group_manager",
            email="m@b.example",
        )
        connection = self.connection.with_user(user).sudo(False)
        with self.assertRaises(AccessError):
            connection.env["ir.mail_server"].search([]).mapped("smtp_host")
        self.assertEqual(connection.mail_seen_from, "Boeken@garage.example")
        connection.action_test_channel()
        self.assertEqual(self.mail()[0]["recipient"], "m@b.example")

    # What keeps it from going

    def said(self):
        with self.assertRaises(UserError) as caught:
            self.connection.action_send_test_to_receiver()
        self.assertFalse(self.mails())
        return str(caught.exception)

    def test_servers_that_do_not_do(self):
        server = self.mail_server
        for values, words in (
            ({"smtp_port": CLOSED_PORT}, "cannot be reached"),
            ({"smtp_user": "odoo", "smtp_pass": "x"}, "refuses the user name or password"),
            ({"smtp_encryption": "starttls"}, "do not agree on encryption"),
            ({"smtp_encryption": "ssl"}, "do not agree on encryption"),
        ):
            with self.subTest(words):
                before = server.read(list(values))[0]
                before.pop("id")
                server.write(values)
                said = self.said()
                self.assertIn(words, said)
                self.assertIn("127.0.0.1", said)
                server.write(before)

    def test_no_server_at_all(self):
        self.mail_server.active = False
        with patch.dict(config.options, {"smtp_server": ""}):
            self.assertIn("no outgoing mail server for Boeken@garage.example", self.said())

    def test_too_large_for_odoos_server(self):
        self.mail_server.max_email_size = 0.001
        self.assertIn("0.0 MB are allowed", self.said())

    def test_a_server_that_waits_or_refuses(self):
        for kind, words in (("greylist", "later: “450"), ("unknown_sender", "from Boeken@")):
            with self.subTest(kind):
                self.postbox.postbox.reset()
                self.postbox.fail_mails(80004, kind, count=1)
                self.assertIn(words, self.said())

    # What people type

    def test_addresses_are_single_ones_and_keep_their_capitals(self):
        self.connection.mail_to = "  Uid80001-ODOO+x@Octopus.example\n"
        self.assertEqual(self.connection.mail_to, "Uid80001-ODOO+x@Octopus.example")
        for name in ("mail_from", "mail_to", "mail_to_bills"):
            for wrong in (
                "kantoor",
                "a@b.example, c@d.example",
                "Box <a@b.example>",
                "a@b\nx@c.be",
            ):
                with self.subTest(wrong), self.assertRaisesRegex(ValidationError, "no e-mail"):
                    self.connection[name] = wrong

    def test_the_company_is_the_sender_where_its_address_is_one(self):
        other = self.env["res.company"].create({"name": "Elsewhere", "email": "x@other.example"})
        model = self.env["accountable.connection"].with_company(other)
        for email, sender in (
            ("info@garage.example ", "info@garage.example"),
            ('"Garage" <info@garage.example>', False),
            ("a@b.example; c@d.example", False),
            (False, False),
        ):
            self.company.email = email
            new = model.new({"company_id": self.company.id})
            self.assertEqual(new.mail_from or False, sender)

    def test_what_is_missing(self):
        gaps = self.connection._of_channel("gaps")
        self.assertEqual(gaps, [])
        self.connection.write({"mail_from": False, "mail_to": False})
        self.assertEqual(len(self.connection._of_channel("gaps")), 2)
        self.assertIn("?", self.connection._of_channel("in_words"))
