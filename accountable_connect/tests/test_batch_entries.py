"""Batches of entries: what the package writes, opposites, documents it cannot write."""

from dataclasses import replace

from odoo.addons.accountable_connect.api.channels.download import DownloadChannel
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect.documents.sentence import SentencesOf
from odoo.addons.accountable_connect.models.hand_over import batch_close, deliveries
from odoo.addons.accountable_connect.models.hand_over.shipment import shipment_of
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common_hand_over import ENTRIES, FakeFilePackage, HandOverCase

# Another name than _lt: what the tests say is translated by nobody.
say = SentencesOf(__name__)


class TestEntries(HandOverCase):
    capabilities = ENTRIES

    def setUp(self):
        super().setUp()
        type(self).unwritten = frozenset()

    def texts(self, batch):
        return [content.decode() for content in self.contents(batch).values()]

    def test_the_package_writes_the_batch(self):
        self.connection.send_files = True
        bill = self.bill(amount=10, post=False)
        self.attach(bill)
        bill.action_post()
        move = self.invoice(100)
        self.work()
        item = self.items(move)
        self.assertEqual(item._document().total, item._delivery().total)
        self.assertEqual(
            item.vat_totals, [{"code": "21", "rate": None, "base": "100.00", "vat": "21.00"}]
        )
        annex = self.items(bill).file_ids
        self.assertEqual((annex.name, annex.annex), ("bill.pdf", True))
        batch = self.close()
        self.assertEqual(
            self.contents(batch),
            {"00001.txt": f"sale {move.name} 121.00\npurchase {bill.name} 12.10\n".encode()},
        )
        parcel = batch._parcel()
        self.assertEqual(parcel.name, "00001")
        self.assertEqual([len(one.files) for one in parcel.deliveries], [0, 1])
        self.assertTrue(parcel.deliveries[1].files[0].content.startswith(b"%PDF"))

    def test_what_an_entry_is_made_of_is_read_where_it_is_written(self):
        for amount in (1, 2, 3):
            self.invoice(amount)
        self.work()
        items, content = (
            self.batches().item_ids,
            self.env["accountable.batch.item"]._fields["content"],
        )
        self.env.invalidate_all()
        items.mapped("name")
        self.assertFalse(content._get_cache(items.env))
        batch, costs = self.batches(), []
        for _again in range(2):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertTrue(list(batch._parcel().deliveries))
            costs.append(self.env.cr.sql_log_count - before)
            self.invoice(4)
            self.work()
        self.assertEqual(costs[0], costs[1])

    def test_the_documents_of_a_batch_are_read_as_one_goes(self):
        self.patch(deliveries, "PORTION", 2)
        moves = [self.invoice(amount) for amount in (1, 2, 3, 4, 5)]
        self.work()
        found = self.batches()._parcel().deliveries
        names = [move.name for move in moves]
        self.assertEqual(len(found), 5)
        for _again in range(2):
            self.assertEqual([one.number for one in found], names)
        self.assertEqual([one.number for one in found[1:4]], names[1:4])
        self.assertEqual((found[0].number, found[-1].number), (names[0], names[-1]))
        self.assertRaises(IndexError, lambda: found[5])
        content = self.env["accountable.batch.item"]._fields["content"]
        self.assertFalse(content._get_cache(self.batches().env), "what was read is kept nowhere")

    def test_each_file_is_stored_before_the_next_one_is_asked_for(self):
        self.invoice(1)
        self.work()
        batch, stored = self.batches(), []

        def write(package, parcel):
            for number in range(3):
                name = f"{number}.txt"
                stored.append(batch._files().mapped("name"))
                yield File(key=name, name=name, media_type="text/plain", content=b"x" * 40)

        self.patch(FakeFilePackage, "write", write)
        self.patch(batch_close, "MOST_HELD", 50)
        self.close()
        self.assertEqual(stored, [[], ["0.txt"], ["0.txt", "1.txt"]])
        self.assertEqual(batch._files().mapped("name"), ["0.txt", "1.txt", "2.txt"])

    def test_an_annex_is_not_read_again(self):
        self.connection.send_files = True
        bill = self.bill(amount=10, post=False)
        self.attach(bill)
        bill.action_post()
        self.work()
        batch, item = self.batches(), self.items(bill)
        frozen, reads = item.file_ids, []
        attachments = type(self.env["ir.attachment"])
        read = attachments._file_read

        def counted(attachment, name, *rest, **options):
            reads.append(name)
            return read(attachment, name, *rest, **options)

        def write(package, parcel):
            for one in parcel.deliveries:
                for file in one.files:
                    yield replace(file, name="KOP_11_1_01.pdf")

        self.patch(FakeFilePackage, "write", write)
        self.patch(attachments, "_file_read", counted)
        # printing it reads the company's logo
        self.patch(type(batch), "_store_cover_sheet", lambda batch: False)
        self.close()
        self.assertFalse(reads)
        kept = batch._files()
        self.assertEqual(
            (kept.name, kept.size, kept.checksum, kept.item_id, kept.annex),
            ("KOP_11_1_01.pdf", frozen.size, frozen.checksum, item.browse(), False),
        )
        self.assertEqual(self.contents(batch), {"KOP_11_1_01.pdf": frozen._read_content()})
        self.assertEqual(kept.content, frozen.content)
        self.assertEqual(kept._attachment().mimetype, frozen._attachment().mimetype)

    def test_where_attachments_are_in_the_database_an_annex_is_read(self):
        self.env["ir.config_parameter"].set_param("ir_attachment.location", "db")
        self.connection.send_files = True
        bill = self.bill(amount=10, post=False)
        self.attach(bill)
        bill.action_post()
        self.work()
        batch, frozen = self.batches(), self.items(bill).file_ids
        self.patch(FakeFilePackage, "write", lambda package, parcel: parcel.deliveries[0].files)
        self.patch(type(batch), "_store_cover_sheet", lambda batch: False)
        self.close()
        self.assertEqual(list(self.contents(batch).values()), [frozen._read_content()])

    # The cover sheet

    def test_the_cover_sheet_is_the_last_file(self):
        self.invoice(1)
        self.work()
        seen = []

        def print_it(reports, report, ids):
            batch = reports.env["accountable.batch"].browse(ids)
            seen.append(
                (reports.env.lang, batch.name, batch._sheet_remarks(), batch.document_count)
            )
            return b"%PDF", "pdf"

        late = say("%(count)s documents are late.", count=1)
        self.patch(FakeFilePackage, "remarks", lambda package, parcel: [late])
        self.patch(type(self.env["ir.actions.report"]), "_render_qweb_pdf", print_it)
        batch = self.close()
        self.assertEqual(seen, [("en_US", "00001", ["1 documents are late."], 1)])
        self.assertEqual(list(self.contents(batch)), ["00001.txt", "cover-sheet.pdf"])
        self.assertEqual(batch.checksum, batch._checksum())
        page, _type = self.env["ir.actions.report"]._render_qweb_html(
            "accountable_connect.batch_cover_sheet", batch.ids
        )
        self.assertIn("1 documents are late.", page.decode())

    @mute_logger("odoo.addons.accountable_connect.models.hand_over.cover_sheet")
    def test_without_a_printer_the_batch_goes_without_it(self):
        cannot_print = "Unable to find Wkhtmltopdf on this system."

        def print_it(reports, report, ids):
            raise UserError(cannot_print)

        self.patch(type(self.env["ir.actions.report"]), "_render_qweb_pdf", print_it)
        self.invoice(1)
        self.work()
        batch = self.close()
        self.assertEqual((batch.state, list(self.contents(batch))), ("closed", ["00001.txt"]))
        self.assertIn("could not print", batch.message)

    def test_they_go_as_one_of_a_name_that_stays(self):
        batches = type(self.env["accountable.batch"])
        self.patch(batches, "_shipment_name", lambda batch: f"Bœken van Zoë/{batch.name}")
        self.invoice(1)
        self.work()
        batch = self.close()
        self.patch(batches, "_shipment_name", lambda batch: "other")
        shipment = shipment_of(batch, "m1")
        self.assertEqual((shipment.name, shipment.together), ("Bken-van-Zoe-00001", True))
        self.assertEqual(DownloadChannel().served(shipment).name, "Bken-van-Zoe-00001.zip")

    def test_what_cannot_be_written_waits_and_the_others_close(self):
        self.connection.batch_closes = "manual"
        odd, good = self.invoice(1), self.invoice(2)
        self.work()
        batch = self.batches()
        type(self).unwritten = frozenset({odd.name})
        batch.closes_at = "2020-01-01"
        self.work()
        self.assertEqual((batch.state, batch.name, batch.document_count), ("closed", "00001", 1))
        self.assertEqual(self.texts(batch), [f"sale {good.name} 2.42\n"])
        job = self.jobs(odd).filtered(lambda job: job.state == "failed")
        self.assertEqual((job.error_kind, job.error_code), ("data_refused", "fake"))
        self.assertEqual(self.items(odd).state, "taken_out")
        self.later()
        self.work()
        self.assertEqual(job.state, "failed", "it is still the same")
        type(self).unwritten = frozenset()
        job.action_retry()
        self.work()
        self.assertEqual(job.state, "done")

    def test_what_cannot_be_written_at_once_fails_by_itself(self):
        self.connection.batch_closes = "at_once"
        odd, good = self.invoice(1), self.invoice(2)
        type(self).unwritten = frozenset({odd.name})
        self.work()
        self.assertEqual(self.jobs(odd).state, "failed")
        self.assertFalse(self.items(odd))
        self.assertEqual(self.batches().mapped("name"), ["00001"])
        self.assertEqual(self.items(good).batch_id, self.batches())
        self.later()
        self.work()
        self.assertEqual(self.jobs(odd).state, "failed")

    def test_changed_after_it_closed_its_opposite_goes_with_it(self):
        bill = self.bill(amount=100)
        self.work()
        first = self.hand_over()
        self.change(bill, 200)
        self.work()
        document, opposite, anew = self.items(bill)
        self.assertTrue(document.undone)
        self.assertEqual(
            (opposite.operation, opposite.document_kind), ("reverse", "purchase_refund")
        )
        second = self.close()
        self.assertEqual(second.item_ids, opposite | anew)
        self.assertEqual(
            self.texts(second),
            [f"purchase_refund {bill.name} 121.00\npurchase {bill.name} 242.00\n"],
        )
        self.assertEqual(self.texts(first), [f"purchase {bill.name} 121.00\n"])
        self.assertEqual(self.bindings(bill).external_key, f"item,{anew.id}")
        second._go("handed_over")
        second._confirm()
        self.assertEqual(self.bindings(bill).stage, "booked")
        self.change(bill, 300)
        self.work()
        self.assertEqual(len(self.items(bill)), 5)

    def test_cancelled_after_it_closed_its_opposite_goes(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.jobs(move, "reverse").state, "done")
        self.assertFalse(self.bindings(move))
        batch = self.close()
        self.assertEqual(self.texts(batch), [f"sale_refund {move.name} 121.00\n"])
        # posted again it is new
        move.button_draft()
        move.action_post()
        self.work()
        self.assertEqual(self.items(move).mapped("operation"), ["document", "reverse", "document"])
        batch = self.hand_over()
        self.assertEqual(self.texts(batch), [f"sale {move.name} 121.00\n"])
        # and its next cancellation too
        move.button_draft()
        move.button_cancel()
        self.work()
        self.assertEqual(self.items(move).mapped("state"), ["in_batch"] * 4)

    def test_a_sale_that_its_customer_has_is_not_rewritten(self):
        move = self.invoice(100)
        self.work()
        self.hand_over()
        self.change(move, 200)
        move.is_move_sent = True
        self.work()
        job = self.jobs(move).filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "sent_to_customer")
        job.action_book_anyway()
        self.work()
        self.assertEqual(len(self.items(move)), 3)

    def test_only_words_changed(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        bill.button_draft()
        bill.ref = "F-2026/13"
        bill.action_post()
        self.work()
        self.assertEqual(len(self.items(bill)), 1)
        self.assertIn("words_reference", self.bindings(bill).notes)

    def test_another_mapping_is_no_change(self):
        bill = self.bill(amount=100)
        self.work()
        self.hand_over()
        self.master_item("ledger_account", "600000")
        row = (
            self.env["accountable.mapping"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.connection.id),
                    ("source_key", "=", f"account.account,{bill.invoice_line_ids.account_id.id}"),
                ]
            )
        )
        row.master_data_id = (
            self.env["accountable.master.data"]
            .sudo()
            .search([("code", "=", "600000"), ("connection_id", "=", self.connection.id)])
        )
        row.state = "confirmed"
        bill.button_draft()
        bill.action_post()
        self.work()
        self.assertEqual(len(self.items(bill)), 1)

    def test_a_refused_opposite_goes_again_as_it_was(self):
        move = self.invoice(100)
        self.work()
        first = self.hand_over()
        move.button_draft()
        move.button_cancel()
        self.work()
        second = self.hand_over()
        with self.assertRaisesRegex(Exception, "refuse that one first"):
            first._refuse("no")
        second._refuse("Unknown journal.")
        job = self.jobs(move, "reverse").filtered(lambda job: job.state == "failed")
        self.assertEqual(job.error_code, "receiver_refused")
        self.assertIn("Unknown journal.", job.message)
        job.action_retry()
        self.work()
        third = self.close()
        self.assertEqual(third.name, "00003")
        self.assertEqual(self.texts(third), [f"sale_refund {move.name} 121.00\n"])
        third._go("handed_over")
        third._refuse("Again.")
        first._refuse("That one neither.")
        self.work()
        self.assertNotIn("failed", self.jobs(move, "reverse").mapped("state"))
