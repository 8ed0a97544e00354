"""Which files of a bill go to the accountant: what it had when it was posted, and what somebody of
the company adds later."""

import base64

from odoo.addons.mail.tests.common import MailCommon
from odoo.tests import new_test_user

from .common import ConnectionCase

PDF = b"%PDF-1.4 sent in"
MAIL = """\
From: {sender}
To: {to}
Subject: Factuur
Message-ID: <{number}@supplier.example>
References: {references}
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="parts"

--parts
Content-Type: text/plain

Bijgevoegd.
--parts
Content-Type: application/pdf; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
--parts--
"""


class TestFilesFromOutside(ConnectionCase, MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, "leverancier", "base.group_portal", email="leverancier@supplier.example"
        )
        cls.clerk = new_test_user(
            cls.env, "clerk", "account.group_account_invoice", email="clerk@office.example"
        )
        cls.colleague = new_test_user(cls.env, "colleague", "base.group_user")
        cls.reader = new_test_user(cls.env, "onlooker", "account.group_account_readonly")
        cls.public = cls.env.ref("base.public_user").sudo()

    def booked_bill(self):
        bill = self.bill(partner=self.portal.partner_id)
        self.work()
        self.assertTrue(self.bindings(bill))
        return bill

    def upload(self, bill, user, name):
        """As Odoo's controllers do, once they found that the user may post on the document."""
        attachments = self.env["ir.attachment"].with_user(user).sudo()
        return attachments.create(
            {
                "name": name,
                "raw": PDF + name.encode(),
                "mimetype": "application/pdf",
                "res_model": bill._name,
                "res_id": bill.id,
            }
        )

    def post_pending(self, bill, user, name):
        """The chat of the portal: the file is there before its message is."""
        attachments = self.env["ir.attachment"].with_user(user).sudo()
        pending = attachments.create(
            {
                "name": name,
                "raw": PDF + name.encode(),
                "mimetype": "application/pdf",
                "res_model": "mail.compose.message",
                "res_id": 0,
            }
        )
        bill.with_user(user).sudo().message_post(
            body="Zie bijlage", attachment_ids=pending.ids, message_type="comment"
        )
        return pending

    def receive(self, sender, name, to="someone@office.example", references=""):
        mail = MAIL.format(
            sender=sender,
            to=to,
            number=name,
            name=name,
            references=references,
            content=base64.b64encode(PDF + name.encode()).decode(),
        )
        self.env["mail.thread"].message_process("account.move", mail)

    def names_sent(self, bill):
        return self.books.documents[self.bindings(bill).external_key]["files"]

    def test_what_others_add_starts_no_item(self):
        for user in (self.portal, self.public, self.colleague, self.reader):
            for add in (self.upload, self.post_pending):
                with self.subTest(user=user.login, add=add.__name__):
                    bill = self.bill(partner=self.portal.partner_id, ref=f"{user.login} {add}")
                    self.work()
                    add(bill, user, "extra.pdf")
                    self.assertIn("extra.pdf", bill.attachment_ids.mapped("name"))
                    self.assertFalse(self.jobs(bill, "file"))

    def test_what_others_added_does_not_go_with_what_is_ours(self):
        bill = self.booked_bill()
        self.upload(bill, self.portal, "extra.pdf")
        self.post_pending(bill, self.clerk, "scan.pdf")
        self.assertEqual(len(self.jobs(bill, "file")), 1)
        self.work()
        self.assertEqual(self.names_sent(bill), ["scan.pdf"])

    def test_what_the_portal_adds_while_the_bill_waits(self):
        bill = self.bill(partner=self.portal.partner_id, post=False)
        self.upload(bill, self.portal, "before.pdf")
        bill.action_post()
        self.upload(bill, self.portal, "after.pdf")
        self.work()
        self.assertEqual(self.names_sent(bill), ["before.pdf"])
        self.assertEqual(self.jobs(bill, "file"), self.env["accountable.job"])

    def test_people_of_the_company_and_odoo_itself(self):
        for user in (self.clerk, self.env.ref("base.user_root")):
            with self.subTest(user=user.login):
                bill = self.bill(ref=user.login)
                self.work()
                self.upload(bill, user, "scan.pdf")
                self.assertEqual(len(self.jobs(bill, "file")), 1)
                self.work()
                self.assertEqual(self.names_sent(bill), ["scan.pdf"])

    def test_mailed_in_bill_has_its_original(self):
        """Whoever sent it: somebody posts it after looking at it."""
        journal = self.company_data["default_journal_purchase"]
        alias = self.env["mail.alias"].create(
            {
                "alias_name": "bills-in",
                "alias_domain_id": self.mail_alias_domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("account.move"),
                "alias_defaults": repr(
                    {
                        "move_type": "in_invoice",
                        "company_id": self.company.id,
                        "journal_id": journal.id,
                    }
                ),
            }
        )
        known = self.env["account.move"].search([])
        self.receive(self.portal.email, "original.pdf", to=alias.alias_full_name)
        bill = self.env["account.move"].search([]) - known
        self.assertEqual(bill.attachment_ids.mapped("name"), ["original.pdf"])
        bill.write(
            {
                "partner_id": self.portal.partner_id.id,
                "invoice_date": self.today,
                "ref": "F-77",
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": 10, "tax_ids": [self.purchase_tax.id]})
                ],
            }
        )
        bill.action_post()
        self.work()
        self.assertEqual(self.names_sent(bill), ["original.pdf"])

    def test_mail_to_a_booked_bill(self):
        """A sender is easily forged: mail of one of ours starts nothing either."""
        for sender in (self.portal.email, self.clerk.email, "nobody@elsewhere.example"):
            with self.subTest(sender=sender):
                bill = self.bill(ref=sender)
                self.work()
                message = bill.message_post(body="Graag het origineel", message_type="comment")
                self.receive(sender, f"{bill.id}.pdf", references=message.message_id)
                self.assertIn(f"{bill.id}.pdf", bill.attachment_ids.mapped("name"))
                self.assertFalse(self.jobs(bill, "file"))
