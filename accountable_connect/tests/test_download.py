"""What a person downloads of a batch, and its cover sheet."""

import time
import zipfile
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels.contract import ChannelError
from odoo.addons.accountable_connect.controllers import download
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tests.common import release_test_lock
from odoo.tools import format_date, mute_logger

from .common_hand_over import HandOverCase


@tagged("post_install", "-at_install")
class TestDownload(HandOverCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env,
            "downloader",
            groups="account.group_account_invoice,accountable_connect.group_user",
            company_id=self.company.id,
        )
        self.authenticate("downloader", "downloader")

    @contextmanager
    def worker(self, connection=None):
        """The requests of an HttpCase have cursors of their own anyway."""
        with self.registry.cursor() as cr:
            yield (connection or self.connection).with_env(self.env(cr=cr, su=True, context={}))

    def closed(self, count=1):
        for _number in range(count):
            self.invoice()
        self.work()
        batch = self.close()
        self.env.flush_all()
        return batch

    def address(self, batch, again=False):
        """The address the button gives; again: with a reason."""
        mine = batch.with_user(self.user)
        action = mine.action_hand_over_again("lost") if again else mine.action_download()
        self.env.flush_all()
        self.assertEqual((action["type"], action["target"]), ("ir.actions.act_url", "new"))
        return action["url"]

    def fetch(self, address, status=200):
        response = self.url_open(address, timeout=60)
        self.assertEqual(response.status_code, status, response.text[:500])
        one = self.env["accountable.hand.over"].browse(int(address.rpartition("/")[2]))
        for _look in range(600):
            self.env.invalidate_all()
            if status != 200 or one.state == "done":
                break
            # the last byte is here before the server has stored that it was fetched
            with release_test_lock():
                time.sleep(0.1)
        return response

    def test_the_screen_asks_until_the_download_ended(self):
        batch = self.closed()
        self.assertFalse(batch.is_running)
        address = self.address(batch)
        self.assertTrue(batch.is_running)
        self.fetch(address)
        self.assertFalse(batch.is_running)

    def test_the_screen_waits_for_no_download_that_nobody_ended(self):
        batch = self.closed()
        self.address(batch)
        batch.hand_over_ids.moment -= timedelta(hours=1)
        self.assertFalse(batch.is_running)

    def test_one_file_is_downloaded_as_it_is_and_was_handed_over_then(self):
        batch = self.closed()
        address = self.address(batch)
        self.assertEqual(batch.state, "closed")
        response = self.fetch(address)
        [(name, content)] = self.contents(batch).items()
        self.assertEqual(response.content, content)
        self.assertIn(name, response.headers["Content-Disposition"])
        self.assertEqual(response.headers["Content-Length"], str(len(content)))
        self.assertEqual(response.headers["Content-Type"], "application/xml")
        self.assertEqual(batch.state, "handed_over")
        one = batch.hand_over_ids
        self.assertEqual(
            (one.state, one.channel, one.user_id, one.names, one.checksum),
            ("done", "download", self.user, [name], batch.checksum),
        )
        move = self.env["account.move"].browse(batch.item_ids.res_id)
        self.assertEqual(self.bindings(move).stage, "handed_over")

    def test_several_files_are_one_zip_the_same_each_time(self):
        batch = self.closed(3)
        first = self.fetch(self.address(batch))
        self.assertIn(f"{batch.name}.zip", first.headers["Content-Disposition"])
        with zipfile.ZipFile(BytesIO(first.content)) as archive:
            self.assertEqual(
                {name: archive.read(name) for name in archive.namelist()}, self.contents(batch)
            )
        with self.assertRaises(UserError):
            batch.action_download()
        again = self.fetch(self.address(batch, again=True))
        self.assertEqual(again.content, first.content)
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(batch.hand_over_ids.sorted("id").mapped("reason"), [False, "lost"])

    def test_a_download_that_breaks_off_changes_nothing(self):
        batch = self.closed(2)
        address = self.address(batch)
        served = []

        def breaks_off(pieces, *_arguments):
            served.append(next(iter(pieces.pieces())))
            raise ConnectionResetError

        with patch.object(download, "_until_the_end", breaks_off), mute_logger("odoo.http"):
            self.url_open(address, timeout=60)
        self.env.invalidate_all()
        self.assertTrue(served)
        self.assertEqual((batch.state, batch.hand_over_ids.state), ("closed", "new"))
        # pressed again, it is the same one
        self.assertEqual(self.address(batch), address)
        self.fetch(address)
        self.assertEqual(batch.state, "handed_over")
        self.assertEqual(len(batch.hand_over_ids), 1)

    def test_the_last_byte_counts_not_the_first(self):
        """Whoever closes the browser in between has nothing."""
        batch = self.closed(2)
        self.address(batch)
        [one] = batch.hand_over_ids
        served = one.with_user(self.user)._served()
        pieces = download._until_the_end(served, self.env.cr.dbname, one.id)
        next(pieces)
        pieces.close()
        self.assertEqual((batch.state, one.state), ("closed", "new"))
        for _piece in download._until_the_end(served, self.env.cr.dbname, one.id):
            pass
        self.env.invalidate_all()
        self.assertEqual((batch.state, one.state), ("handed_over", "done"))

    def test_a_file_that_cannot_be_read_any_more_is_said(self):
        batch = self.closed()
        self.address(batch)
        [one] = batch.hand_over_ids
        self.env["ir.attachment"].sudo().search(
            [
                ("res_model", "=", "accountable.batch.file"),
                ("res_field", "=", "content"),
                ("res_id", "in", batch.file_ids.ids),
            ]
        ).unlink()
        self.env.flush_all()
        served = one.with_user(self.user)._served()
        with self.assertRaises(ChannelError):
            for _piece in download._until_the_end(served, self.env.cr.dbname, one.id):
                pass

    def test_an_address_serves_its_user_once(self):
        batch = self.closed()
        address = self.address(batch)
        new_test_user(
            self.env,
            "colleague",
            groups="account.group_account_invoice,accountable_connect.group_user",
            company_id=self.company.id,
        )
        new_test_user(self.env, "stranger", groups="account.group_account_invoice")
        for login in ("colleague", "stranger"):
            with self.subTest(login=login):
                self.authenticate(login, login)
                self.fetch(address, status=404)
        self.authenticate("downloader", "downloader")
        self.fetch(address)
        response = self.fetch(address, status=400)
        self.assertIn("handed over already", response.text)
        self.assertEqual(len(batch.hand_over_ids), 1)
        self.fetch("/accountable_connect/hand_over/2147483647", status=404)
        self.authenticate(None, None)
        self.assertIn(
            "/web/login", self.url_open(address, allow_redirects=False).headers["Location"]
        )

    def test_the_user_of_another_company_gets_nothing(self):
        batch = self.closed()
        address = self.address(batch)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.env.flush_all()
        self.fetch(address, status=404)
        self.assertEqual(batch.state, "closed")

    def test_a_copied_database_gives_nothing(self):
        batch = self.closed()
        address = self.address(batch)
        identity = self.registry["accountable.identity"]
        with patch.object(identity, "_database", lambda _self: "copy"):
            self.env.invalidate_all()
            response = self.fetch(address, status=400)
        self.assertIn("not the one the connection was started in", response.text)
        self.env.invalidate_all()
        self.assertEqual(batch.state, "closed")


class TestCoverSheet(HandOverCase):
    def sheet(self, batch, **context):
        """The text of the page."""
        report = self.env["ir.actions.report"].with_context(**context)
        content, _type = report._render_qweb_html(
            "accountable_connect.batch_cover_sheet", batch.ids
        )
        return " ".join(content.decode().split())

    def test_it_has_the_control_totals_and_the_documents(self):
        invoices = [self.invoice(100), self.invoice(50), self.invoice(30, move_type="out_refund")]
        self.work()
        batch = self.close()
        text = self.sheet(batch)
        self.assertIn(batch.name, text)
        for move in invoices:
            self.assertIn(move.name, text)
        self.assertIn(self.partner_a.name, text)
        lines = {line["kind"]: line for line in batch._sheet_totals()}
        sales = lines["Customer invoice"]
        self.assertEqual(sales["count"], 2)
        self.assertIn("181.50", sales["total"])
        [line] = [one for one in batch._sheet_vat() if one["kind"] == "Customer invoice"]
        self.assertEqual((line["code"], line["rate"]), ("S", "21 %"))
        self.assertIn("150.00", line["base"])
        self.assertIn("31.50", line["vat"])
        [journal] = [one for one in batch._sheet_journals() if one["kind"] == "Customer invoice"]
        self.assertEqual((journal["first"], journal["last"]), (invoices[0].name, invoices[1].name))
        action = batch.action_cover_sheet()
        self.assertEqual(action["report_name"], "accountable_connect.batch_cover_sheet")

    def test_what_was_refused_since_is_still_on_it(self):
        move = self.invoice(100)
        self.work()
        batch = self.hand_over()
        self.assertNotIn("Refused", self.sheet(batch))
        batch._refuse("No.")
        text = self.sheet(batch)
        self.assertIn(move.name, text)
        # it is in the totals of two batches once it went again
        self.assertIn("Refused", text)
        self.assertIn("include what was refused", text)

    def test_it_says_in_which_period_a_late_document_counts(self):
        """What came after the period was closed keeps its date, and counts in a later one."""
        move = self.invoice(100, invoice_date="2026-03-10", date="2026-04-30")
        self.work()
        item = self.items(move)
        self.assertNotEqual(item.document_date, item.accounting_date)
        text = self.sheet(self.close())
        for day in (item.document_date, item.accounting_date):
            self.assertIn(format_date(self.env, day), text)
