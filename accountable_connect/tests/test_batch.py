"""The life of a batch of delivered documents."""

import io
import json
from ast import literal_eval
from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect.models.engine.hand_over_document import (
    PORTION,
    HandOverDocument,
)
from odoo.addons.accountable_connect.models.hand_over.batch_close import in_order
from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from PIL import Image

from .common_hand_over import HandOverCase
from .earlier_version import migrate


class TestBatch(HandOverCase):
    def test_a_posted_document_comes_into_the_open_batch(self):
        move = self.invoice(100)
        self.work()
        batch = self.batches()
        self.assertEqual((batch.state, batch.number, batch.document_count), ("open", 0, 1))
        item = self.items(move)
        self.assertEqual((item.name, item.state), (move.name, "in_batch"))
        self.assertEqual(item.amount_total, 121.0)
        self.assertEqual(item.file_ids.mapped("name"), [move.name.replace("/", "_") + ".xml"])
        self.assertEqual(self.jobs(move).state, "done")
        binding = self.bindings(move)
        self.assertEqual((binding.external_key, binding.stage), (f"item,{item.id}", "in_batch"))
        other = self.invoice(200)
        self.work()
        self.assertEqual(self.batches(), batch)
        self.assertEqual(self.items(other).batch_id, batch)

    def test_an_open_batch_shows_the_days_of_what_stands_in_it(self):
        days = [self.today - timedelta(days=number) for number in (40, 70, 10)]
        moves = [self.invoice(100, date=day) for day in days]
        self.work()
        batch = self.batches()
        self.assertEqual((batch.date_from, batch.date_to), (days[1], days[2]))
        self.items(moves[2])._take_out()
        self.assertEqual((batch.date_from, batch.date_to), (days[1], days[0]))
        # one of an earlier version
        batch.write({"date_from": False, "date_to": False})
        self.env.flush_all()
        migrate(self.env.cr, "19.0.1.8.0", "post-days-of-open-batches")
        self.env.invalidate_all()
        self.assertEqual((batch.date_from, batch.date_to), (days[1], days[0]))
        self.items(moves[0] + moves[1])._take_out()
        self.assertEqual((batch.date_from, batch.date_to), (False, False))

    def test_an_open_batch_that_is_empty_is_not_listed(self):
        move = self.invoice(100)
        self.work()
        batch = self.batches()
        action = self.connection.action_show_batches()
        self.assertEqual(literal_eval(action["context"]), {"search_default_filled": 1})
        search = self.env.ref("accountable_connect.accountable_batch_view_search").arch
        domain = etree.fromstring(search).find(".//filter[@name='filled']").get("domain")
        listed = [*action["domain"], *literal_eval(domain)]
        self.assertEqual(self.env["accountable.batch"].search(listed), batch)
        self.items(move)._take_out()
        self.assertFalse(self.env["accountable.batch"].search(listed))
        self.assertTrue(batch.exists())

    def test_a_large_picture_stays_what_it_was(self):
        """Odoo makes pictures smaller when it stores them as attachments."""
        stream = io.BytesIO()
        Image.new("RGB", (3000, 40)).save(stream, "PNG")
        photo = File(key="p", name="p.png", media_type="image/png", content=stream.getvalue())
        self.invoice(100)
        self.work()
        stored = self.env["accountable.batch.file"].sudo()._store(self.batches(), photo)
        self.assertEqual(stored._read_content(), photo.content)

    def test_numbers_in_their_order_whatever_signs_they_have(self):
        numbers = ["INV/10", "INV/9", "INV/9²3", "²"]
        self.assertEqual(sorted(numbers, key=in_order), ["INV/9", "INV/9²3", "INV/10", "²"])

    def test_closing_gives_a_number_totals_and_a_checksum(self):
        first, second = self.invoice(100), self.invoice(50)
        refund = self.invoice(10, move_type="out_refund")
        bill = self.bill(amount=1000)
        self.work()
        batch = self.close()
        self.assertEqual((batch.state, batch.name), ("closed", "00001"))
        self.assertEqual(batch.document_count, 4)
        self.assertEqual((batch.date_from, batch.date_to), (self.today, self.today))
        self.assertEqual(len(batch.checksum), 64)
        totals = batch.totals
        sales = next(one for one in totals["journals"] if one["kind"] == "sale")
        self.assertEqual(
            (sales["count"], sales["first"], sales["last"]), (2, first.name, second.name)
        )
        self.assertIn(
            {"kind": "sale", "currency": "EUR", "count": 2, "total": "181.50"},
            totals["currencies"],
        )
        self.assertIn(
            {"kind": "sale_refund", "currency": "EUR", "count": 1, "total": "12.10"},
            totals["currencies"],
        )
        vat = next(one for one in totals["vat"] if one["kind"] == "purchase")
        self.assertEqual((vat["code"], vat["base"], vat["vat"]), ("S", "1000.00", "210.00"))
        for move in first | second | refund | bill:
            self.assertEqual(self.bindings(move).number, "00001")
        self.invoice(1)
        self.work()
        self.assertEqual(self.close().name, "00002")

    def test_an_empty_batch_does_not_close(self):
        move = self.invoice()
        self.work()
        move.button_draft()
        batch = self.batches()
        self.assertEqual(batch.document_count, 0)
        with self.assertRaises(UserError):
            batch.action_close()
        self.assertEqual(batch.state, "open")

    def test_the_table_refuses_every_other_move(self):
        self.invoice()
        self.work()
        batch = self.batches()
        for state in ("handing_over", "handed_over", "confirmed", "refused", "open"):
            with self.assertRaises(UserError):
                batch._go(state)
        self.close()
        for state in ("open", "closed", "confirmed", "refused"):
            with self.assertRaises(UserError):
                batch._go(state)
        with self.assertRaises(UserError):
            batch.state = "handed_over"
        batch._go("handing_over")
        batch._go("closed")
        batch._go("handed_over")
        self.assertTrue(batch.handed_over_at)
        for state in ("open", "handing_over"):
            with self.assertRaises(UserError):
                batch._go(state)
        # it came back
        batch._go("closed")
        self.assertFalse(batch.handed_over_at)
        batch._go("handed_over")
        batch._confirm()
        for state in ("closed", "refused"):
            with self.assertRaises(UserError):
                batch._go(state)

    def test_what_closed_never_changes(self):
        self.invoice()
        self.work()
        batch = self.close()
        for record, values in (
            (batch, {"document_count": 7}),
            (batch, {"checksum": "x"}),
            (batch.item_ids, {"amount_total": 7}),
            (batch.item_ids, {"fingerprint": "x"}),
            (batch.file_ids, {"content": b"eA=="}),
        ):
            with self.assertRaises(UserError):
                record.write(values)
        for records in (batch, batch.item_ids, batch.file_ids, self.connection):
            with self.assertRaises(UserError):
                records.unlink()
        with self.assertRaises(UserError):
            batch.item_ids._take_out()

    def test_a_connection_with_closed_batches_stays(self):
        move = self.invoice()
        self.work()
        batch = self.hand_over()
        batch._refuse("no")
        self.assertFalse(self.bindings(move))
        self.jobs(move).unlink()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.connection.sudo().unlink()

    def bytes_of(self, records):
        """The attachments in which the bytes of these records stand."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", records._name),
                    ("res_field", "=", "content"),
                    ("res_id", "in", records.ids),
                ]
            )
        )

    def test_files_of_what_was_taken_out_are_gone(self):
        move = self.invoice()
        self.work()
        files = self.batches().file_ids
        attachments = self.bytes_of(files)
        self.assertEqual(len(attachments), 1)
        move.button_draft()
        self.assertFalse((files | self.batches().file_ids).exists())
        self.assertFalse(attachments.exists())

    def test_no_bytes_stay_when_the_addon_of_its_package_is_removed(self):
        self.invoice()
        self.work()
        batch = self.hand_over()
        self.invoice()
        self.work()
        upload = self.env(su=True)["accountable.upload"].create(
            {"connection_id": self.connection.id, "name": "report.csv", "content": b"eA=="}
        )
        files = (batch | self.batches()).file_ids
        attachments = self.bytes_of(files) | self.bytes_of(upload)
        self.assertEqual(len(attachments), 3)
        self.connection.sudo().with_context(**{MODULE_UNINSTALL_FLAG: True}).unlink()
        self.assertFalse(files.exists() or upload.exists())
        self.assertFalse(attachments.exists())

    def test_who_may_close_it(self):
        self.invoice()
        self.work()
        batch = self.batches()
        reader = new_test_user(self.env, "reader", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            batch.with_user(reader).sudo(False).action_close()
        user = new_test_user(
            self.env,
            "user",
            "accountable_connect.group_user",
            company_ids=[(6, 0, self.company.ids)],
        )
        batch.with_user(user).sudo(False).action_close()
        self.assertEqual(batch.state, "closed")
        with self.assertRaises(AccessError):
            batch.with_user(user).sudo(False).write({"message": "mine"})
        stranger_company = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            "accountable_connect.group_user",
            company_id=stranger_company.id,
            company_ids=[(6, 0, stranger_company.ids)],
        )
        with self.assertRaises(AccessError):
            batch.with_user(stranger).sudo(False).action_close()

    def test_at_once_each_document_has_a_batch_of_its_own(self):
        self.connection.batch_closes = "at_once"
        moves = self.invoice() | self.invoice()
        self.work()
        batches = self.batches()
        self.assertEqual(batches.mapped("state"), ["closed", "closed"])
        self.assertEqual(batches.mapped("name"), ["00001", "00002"])
        self.assertEqual(batches.item_ids.mapped("res_id"), moves.ids)

    def test_a_nightly_batch_closes_once_it_is_due(self):
        self.connection.batch_closes = "nightly"
        local = fields.Datetime.context_timestamp(
            self.env.user.with_context(tz="Europe/Brussels"), fields.Datetime.now()
        )
        self.connection.nightly_hour = (local.hour + 6) % 24
        self.invoice()
        self.work()
        batch = self.batches()
        self.assertEqual(batch.state, "open")
        self.assertGreater(batch.closes_at, fields.Datetime.now())
        self.assertNotIn(self.connection, self.env["accountable.connection"]._due_connections())
        batch.closes_at = fields.Datetime.now()
        self.assertIn(self.connection, self.env["accountable.connection"]._due_connections())
        self.work()
        self.assertEqual(batch.state, "closed")
        self.assertNotIn(self.connection, self.env["accountable.connection"]._due_connections())

    def test_what_opens_at_night_closes_when_nothing_is_left(self):
        self.connection.batch_closes = "nightly"
        local = fields.Datetime.context_timestamp(
            self.env.user.with_context(tz="Europe/Brussels"), fields.Datetime.now()
        )
        self.connection.nightly_hour = local.hour
        moves = self.invoice() | self.invoice()
        self.work()
        self.assertEqual(self.batches().state, "closed")
        self.assertEqual(self.batches().item_ids.mapped("res_id"), moves.ids)

    def test_other_settings_move_the_moment(self):
        self.invoice()
        self.work()
        self.assertFalse(self.batches().closes_at)
        self.connection.batch_closes = "at_once"
        self.work()
        self.assertEqual(self.batches().state, "closed")

    def test_bytes_are_those_of_the_moment_it_entered(self):
        move = self.invoice()
        self.work()
        before = self.contents(self.batches())
        batch = self.close()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        self.work()
        self.assertEqual(self.contents(batch), before)
        self.assertEqual(json.loads(next(iter(before.values())))[0], move.name)
        self.assertEqual(len(self.items(move)), 1)

    def test_what_does_not_go_says_why(self):
        bill = self.invoice(move_type="in_invoice")
        self.work()
        job = self.jobs(bill)
        self.assertEqual((job.state, job.message), ("failed", "It has no file."))
        self.assertFalse(self.items(bill))
        self.assertIn("It has no file.", self.check_text(bill))
        bill.ref = "F-1"
        self.work()
        self.assertEqual(self.jobs(bill).state, "done")
        self.assertTrue(self.items(bill))

    def test_one_kind_that_is_off_stays(self):
        self.connection.send_purchases = False
        bill, sale = self.bill(), self.invoice()
        self.work()
        self.assertFalse(self.jobs(bill).filtered(lambda job: job.state == "done"))
        self.assertFalse(self.items(bill))
        self.assertTrue(self.items(sale))
        self.connection.send_purchases = True
        old = self.invoice(invoice_date="2019-12-31")
        problems = self.connection._precheck(old)[old.id]
        self.assertEqual([one.code for one in problems], ["before_start_date"])

    def test_many_documents_stay_in_one_batch(self):
        moves = self.env["account.move"]
        for _number in range(19):
            moves |= self.invoice()
        self.work()
        self.assertEqual(self.batches().document_count, 19)
        self.assertEqual(self.batches().item_ids.mapped("res_id"), moves.ids)

    def test_what_was_built_goes_though_the_time_is_over(self):
        """Making a document may take a while: built and thrown away, it would take it each run."""
        for _number in range(PORTION + 2):
            self.invoice()
        build = HandOverDocument._build

        def slow(operation, ids):
            build(operation, ids)
            operation.run.deadline = 0

        self.patch(HandOverDocument, "_build", slow)
        self.work()
        self.assertEqual(self.batches().document_count, PORTION)
        self.work()
        self.assertEqual(self.batches().document_count, PORTION + 2)
