"""The way of documents that are handed over, with mouse and keyboard, at a desk and on a telephone:
choose a receiver, post, close, download, again with a reason, refuse one, corrected."""

from odoo.tests import tagged

from tests.browser.case import BrowserCase, UblMixin
from tests.browser.person import AtPhone, Person
from tests.browser.way import CARD, DIALOGUE, INVOICES, ROW, HandOverWay

CONNECT = "/odoo/action-accountable_connect_ubl.accountable_connect_action"
PDF = b"%PDF-1.4\n%%EOF"
QUEUE = "/odoo/synchronisation-queue"
REASON = "The mailbox was lost"
WORDS = "Customer 1204 is not known"


@tagged("post_install", "-at_install")
class TestUblWay(HandOverWay, UblMixin, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"peppol_eas": "0208", "peppol_endpoint": "0403170701"})
        cls.company.partner_id.write({"street": "Kaai 1", "zip": "9000", "city": "Gent"})

    def setUp(self):
        super().setUp()
        # what a browser prints is no part of these tests
        self.patch(
            self.registry["accountable.delivery"], "_rendered_pdf", lambda _m, move: ("a.pdf", PDF)
        )

    def test_at_a_desk(self):
        self.walk_through(Person)

    def test_on_a_telephone(self):
        self.walk_through(AtPhone)

    def walk_through(self, kind):
        """Each part in a browser of its own: what is stored is read between them."""
        self.kind = kind
        self.visit(self.connect)
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((connection.package, connection.state), ("ubl", "connected"))
        moves = self.sell(100) | self.sell(200)
        self.work(connection.sudo())
        waiting = self.env["accountable.job"].sudo()._of(moves).mapped("message")
        self.assertEqual(self.batches().mapped("document_count"), [2], waiting)
        self.visit(self.download, moves[0])
        [batch] = self.batches()
        self.assertEqual((batch.state, batch.document_count), ("handed_over", 2))
        checksum = batch.checksum
        self.visit(self.again)
        again, first = batch.hand_over_ids
        self.assertEqual((again.state, again.reason), ("done", REASON))
        self.assertEqual((again.checksum, first.checksum), (checksum, checksum))
        self.visit(self.refuse, moves[1])
        self.assertEqual(self.items(moves[1]).mapped("state"), ["refused"])
        self.assertEqual(moves.mapped("accountable_state"), ["handed_over", "error"])
        self.visit(self.correct, moves[1])
        self.work(connection.sudo())
        self.assertEqual(self.items(moves[1]).mapped("state"), ["refused", "in_batch"])
        self.visit(self.hand_over_corrected)
        self.assertEqual(self.batches().mapped("name"), ["00001", "00002"])
        self.assertEqual(moves.mapped("accountable_state"), ["handed_over", "handed_over"])

    # What the person does

    def connect(self, page):
        page.open(CONNECT)
        page.click(f"{DIALOGUE} [name='ubl_profile_id'] input")
        self.choose(page, "Any program")
        page.click(f"{DIALOGUE} footer button", "Continue")
        step = ".o_form_view div[name='step_hand_over']"
        page.see(step)
        self.look(page)
        page.press_text(f"{step} [name='batch_closes'] label", "When somebody closes it")
        self.select(page, f"{step} [name='ubl_sales_moment']", "At once")
        page.click("button[name='action_next_step']")
        page.see(".o_form_view div[name='step_start']")
        self.look(page)
        page.click("button[name='action_next_step']")
        page.see(".o_form_view div[name='step_summary']")
        self.look(page)
        page.click("button[name='action_start']")
        page.see_text(".o_form_view .o_field_widget[name='state']", "Connected")
        self.look(page)

    def download(self, page, move):
        self.close_and_download(page)
        page.open(f"{INVOICES}/{move.id}")
        page.see_text(".o_form_view", "In batch 00001, handed over on")
        self.look(page)

    def again(self, page):
        self.open_batch(page, "Handed over")
        self.press(page, "action_ask_again")
        self.fill(page, "reason", REASON)
        page.click(f"{DIALOGUE} footer button[name='action_hand_over']")
        self.see_downloaded(page, times=2)
        page.see("body:not(.modal-open)")
        row = "[name='hand_over_ids'] :is(.o_data_row, .o_kanban_record)"
        self.see_text(page, row, REASON, "Handed over", tab="Hand-overs")
        self.look(page)

    def refuse(self, page, move):
        self.open_batch(page, "Handed over")
        row = "[name='item_ids'] .o_data_row, [name='item_ids'] .o_kanban_record"
        page.see_text(row, move.name)
        page.click(f":is({row}):nth-child(2) [name='action_ask_refused']")
        self.fill(page, "words", WORDS)
        page.click(f"{DIALOGUE} footer button[name='action_store']")
        page.see_text("[name='item_ids']", WORDS)

    def correct(self, page, move):
        """What the receiver said stands on the invoice; put right, it goes anew."""
        page.open(f"{INVOICES}/{move.id}")
        page.see_text(".o_form_view .alert", WORDS)
        self.look(page)
        page.open(QUEUE)
        page.see_text(ROW, WORDS)
        page.click(f".o_data_row .o_data_cell, {CARD}", WORDS)
        self.press(page, "action_retry")
        page.click(f"{DIALOGUE} footer .btn-primary")
        page.see_text(".o_form_view", "Waiting")

    def hand_over_corrected(self, page):
        self.close_and_download(page)
