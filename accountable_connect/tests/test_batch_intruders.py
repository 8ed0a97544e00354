"""What others reach of batches, their files and dialogues with calls that no screen makes: people
of another company, of no role here, from outside; and what even those who may use them cannot."""

import base64

from odoo.addons.accountable_connect.api.channels.content import pieces_of
from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.models.hand_over.shipment import shipment_of
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common_hand_over import HandOverCase

INVOICING = "base.group_user,account.group_account_invoice"
MANAGER = f"{INVOICING},accountable_connect.group_manager"
USER = f"{INVOICING},accountable_connect.group_user"
BUTTONS = {
    "accountable.batch": (
        "action_close",
        "action_hand_over",
        "action_download",
        "action_ask_refused",
        "action_ask_confirmed",
        "action_ask_again",
        "action_receiver_has_it",
        "action_receiver_has_it_not",
        "action_upload",
    ),
    "accountable.batch.item": (
        "action_open_record",
        "action_ask_refused",
        "action_ask_confirmed",
        "action_put_again",
    ),
    "accountable.batch.file": ("action_download",),
    "accountable.hand.over": ("action_receiver_has_it", "action_receiver_has_it_not"),
    "accountable.batch.answer": ("action_store", "action_store_and_again"),
    "accountable.batch.again": ("action_hand_over",),
    "accountable.upload.dialogue": ("action_read",),
}


@tagged("post_install", "-at_install")
class TestIntruders(HandOverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        cls.user = cls.person("batch_user", USER, cls.company)
        cls.manager = cls.person("batch_manager", MANAGER, cls.company)
        cls.others = [
            cls.person("batch_manager_elsewhere", MANAGER, cls.elsewhere),
            cls.person("batch_clerk", INVOICING, cls.company),
            cls.person("batch_portal", "base.group_portal", cls.company),
            cls.env.ref("base.public_user"),
        ]

    @classmethod
    def person(cls, login, groups, company):
        return new_test_user(cls.env, login, groups, company_id=company.id, company_ids=company.ids)

    def all_there_is(self):
        """Records of every table, the batch handed over once and once more."""
        self.invoice()
        self.work()
        batch = self.close()
        batch._go("handed_over")
        batch.with_user(self.user).action_hand_over_again("lost")
        mine = batch.with_user(self.user)
        dialogues = [
            self.env[action["res_model"]].sudo().browse(action["res_id"])
            for action in (
                mine.action_ask_confirmed(),
                mine.action_ask_again(),
                mine.action_upload(),
            )
        ]
        dialogues[1].reason = "again"
        self.env.flush_all()
        return [batch, batch.item_ids, batch.file_ids, batch.hand_over_ids, *dialogues]

    def test_others_press_no_button_and_read_nothing(self):
        for records in self.all_there_is():
            for user in self.others:
                theirs = records.with_user(user)
                for button in BUTTONS[records._name]:
                    with self.subTest(user=user.id, button=f"{records._name}.{button}"):
                        with self.assertRaises(AccessError):
                            getattr(theirs, button)()
                        self.env.invalidate_all()
                self.assertFalse(theirs.has_access("read"))

    def test_nobody_writes_batches_by_hand(self):
        for records in self.all_there_is()[:4]:
            for user in (self.user, self.manager, *self.others):
                mine = records.with_user(user).with_context(accountable_batch_goes=True)
                # of those who have no right at all, and of those who only lack this one
                with self.assertRaises(UserError):
                    mine.write({"state": "done"} if "state" in mine._fields else {"name": "x"})
                with self.assertRaises(AccessError):
                    mine.unlink()
                with self.assertRaises(AccessError):
                    mine.create({})

    def test_dialogues_of_colleagues_and_their_records_stay(self):
        answer, again, upload = self.all_there_is()[4:]
        other_item = answer.item_ids
        for dialogue, vals in (
            (answer, {"item_ids": [(6, 0, other_item.ids)]}),
            (answer, {"answer": "refused"}),
            (again, {"batch_id": again.batch_id.id}),
            (upload, {"connection_id": self.connection.id}),
        ):
            self.assertFalse(dialogue.with_user(self.manager).has_access("read"))
            with self.assertRaises(AccessError):
                dialogue.with_user(self.user).write(vals)

    # The bytes as attachments

    def test_the_attachment_of_a_file_is_out_of_reach(self):
        file = self.all_there_is()[2]
        domain = [("res_model", "=", file._name), ("res_field", "=", "content")]
        attachment = self.env["ir.attachment"].sudo().search([*domain, ("res_id", "=", file.id)])
        self.assertTrue(attachment)
        other = base64.b64encode(b"<Invoice>other</Invoice>")
        for user in (self.user, self.manager, *self.others):
            mine = attachment.with_user(user)
            for vals in ({"datas": other}, {"public": True}, {"res_id": 1}, {"name": "x"}):
                with self.subTest(user=user.id, vals=vals), self.assertRaises(AccessError):
                    mine.write(vals)
            with self.assertRaises(AccessError):
                mine.unlink()
            with self.assertRaises(AccessError):
                mine.create(
                    {
                        "name": "content",
                        "res_model": file._name,
                        "res_field": "content",
                        "res_id": file.id,
                        "datas": other,
                    }
                )
        for user in self.others:
            theirs = attachment.with_user(user)
            with self.assertRaises(AccessError):
                theirs.read(["datas"])
        manager_elsewhere = self.others[0]
        self.assertNotIn(attachment, attachment.with_user(manager_elsewhere).search(domain))
        self.assertEqual(base64.b64decode(file.content), file._read_content())

    def test_bytes_that_the_administrator_changed_are_not_handed_over(self):
        file = self.all_there_is()[2]
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", file._name),
                    ("res_field", "=", "content"),
                    ("res_id", "=", file.id),
                ]
            )
        )
        attachment.raw = b"<Invoice>other</Invoice>"
        self.env.flush_all()
        self.assertIn("content_lost", self.lost(file.batch_id))

    def lost(self, batch):
        """The code of the error with which its files cannot be read."""
        [file] = shipment_of(batch, "").files
        with self.assertRaises(ChannelError) as caught:
            list(pieces_of(file))
        return caught.exception.code

    # The list of what did not go

    def test_no_context_shows_documents_of_another_company(self):
        self.invoice()
        self.env.flush_all()
        manager = self.others[0]
        rows = self.env["accountable.outstanding"].with_user(manager)
        for ids in (self.connection.ids, [0], False):
            found = rows.with_context(
                accountable_connection_ids=ids, allowed_company_ids=self.elsewhere.ids
            )
            self.assertFalse(found.search([]))
            self.assertFalse(found.search([("connection_id", "=", self.connection.id)]))
