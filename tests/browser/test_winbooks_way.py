"""The way of entries that WinBooks imports, with mouse and keyboard, at a desk and on a telephone:
connect, paste what the accountant's lists say, map, post, close, download, import, confirm; and a
batch that is refused because its period is closed, booked in the next one."""

import json
import tempfile
import time
from pathlib import Path

from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, WinBooksMixin
from tests.browser.person import AtPhone, Person
from tests.browser.way import DIALOGUE, HandOverWay

CONNECT = "/odoo/action-accountable_connect_winbooks.accountable_connect_action"
STEP = ".o_form_view div[name^='step_']:not(.o_invisible_modifier)"
CONNECTIONS = "/odoo/action-accountable_connect.accountable_connection_action"
START = "2026-01-01"
# Of a month that the accountant has closed, and of the next one.
CLOSED, OPEN = "2026-02-16", "2026-03-16"
NEXT = "2026-03-01"
CODE = "LOCKPER"
# The first answer that each code takes, for what has none yet.
USUAL = (
    "document.querySelectorAll('select').forEach(one => {"
    " if (one.value === '0' && one.options[1]) { one.selectedIndex = 1; } })"
)
# From the menu to the last step but one, with four lists pasted.
MOST_CLICKS = 17


@tagged("post_install", "-at_install")
class TestWinBooksWay(HandOverWay, WinBooksMixin, BrowserCase):
    def setUp(self):
        super().setUp()
        self.sandbox.service.reset()  # the books are those of all tests of the class

    def test_at_a_desk(self):
        self.walk_through(Person)

    def test_on_a_telephone(self):
        self.walk_through(AtPhone)

    def walk_through(self, kind):
        """Each part in a browser of its own: what is stored is read between them."""
        self.kind = kind
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="downloads-")))
        self.visit(self.connect)
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id)]
        )
        connection.start_date = START  # typing a date is no part of this walk
        self.visit(self.start, connection)
        self.assertEqual((connection.package, connection.state), ("winbooks", "connected"))
        moves = [self.post(type_, OPEN) for type_ in ("out_invoice", "out_refund", "in_invoice")]
        self.work(connection.sudo())
        waiting = self.env["accountable.job"].sudo()._of(moves[0] | moves[1] | moves[2])
        self.assertEqual(self.batches().mapped("document_count"), [3], waiting.mapped("message"))
        self.visit(self.download)
        self.visit(self.import_, "Executed", 3)
        self.visit(self.confirm)
        self.assertEqual(self.batches().mapped("state"), ["confirmed"])
        self.visit(self.close_period)
        late = self.post("in_invoice", CLOSED)
        self.work(connection.sudo())
        self.visit(self.download)
        self.visit(self.import_, CODE)
        self.visit(self.refuse)
        self.work(connection.sudo())
        self.assertEqual(self.items(late).mapped("state"), ["refused", "in_batch"])
        first, second = self.items(late)
        self.assertEqual(str(second.accounting_date), NEXT)
        self.assertEqual(first.given["number"], second.given["number"])
        self.visit(self.download)
        self.visit(self.import_, "Executed", 1)
        self.visit(self.confirm)
        self.assertEqual(self.batches().mapped("state"), ["confirmed", "refused", "confirmed"])

    def post(self, kind, day):
        tax = (
            self.company.account_sale_tax_id
            if kind.startswith("out")
            else self.company.account_purchase_tax_id
        )
        move = self._create_invoice_one_line(
            price_unit=100,
            name="Repair",
            partner_id=self.customer,
            tax_ids=tax,
            move_type=kind,
            invoice_date=day,
            date=day,
            ref="R1" if kind.startswith("in") else False,
        )
        move.action_post()
        return move

    # What the person does

    def connect(self, page):
        page.open(CONNECT)
        page.click(f"{DIALOGUE} footer button", "Continue")
        self.step(page, "journals")
        self.paste(page, "Journals", "journal", "Type the book years")
        self.paste(page, "Book years", "period")
        self.look(page)
        self.go_on(page, "vat_codes")
        self.paste(page, "VAT codes", "vat_code")
        self.look(page)
        self.go_on(page, "ledger_accounts")
        self.paste(page, "Ledger accounts", "ledger_account")
        self.look(page)
        self.go_on(page, "hand_over")
        page.press_text("[name='batch_closes'] label", "When somebody closes it")
        self.go_on(page, "start")
        self.assertLessEqual(len(page.done), MOST_CLICKS, page.done)

    def start(self, page, connection):
        page.open(f"{CONNECTIONS}/{connection.id}")
        self.step(page, "start")
        self.go_on(page, "summary")
        self.look(page)
        page.click("button[name='action_start']")
        page.see_text(".o_form_view .o_field_widget[name='state']", "Connected")

    def step(self, page, name):
        page.see(f".o_form_view div[name='step_{name}']")

    def go_on(self, page, name):
        page.click(".o_form_view button[name='action_next_step']", "Continue")
        self.step(page, name)

    def paste(self, page, label, kind, said="Known of"):
        """``said``: how the sentence above the mappings begins when it is there."""
        page.click(f"{STEP} button[name='action_type_master_data']", "Type or paste")
        page.see_text(f"{DIALOGUE} [name='kind'] label", label)
        page.click(f"{DIALOGUE} [name='text'] textarea")
        page.paste(
            f"{DIALOGUE} [name='text'] textarea", self.package.sign_in(self.root).typed[kind]
        )
        page.see_text(f"{DIALOGUE} [name='summary']", "can be taken over")
        self.look(page)
        page.click(f"{DIALOGUE} footer button[name='action_take_over']")
        sentence = f"{STEP} :not(.o_invisible_modifier) > [name='typed_sentence']"
        found = f"[...document.querySelectorAll({json.dumps(sentence)})]"
        said = f"{found}.some(one => one.innerText.startsWith({json.dumps(said)}))"
        page.wait_until(f"{said} && !document.querySelector('.modal')", f"{kind} taken over")

    def download(self, page):
        """Into the folder of downloads, which held nothing of this name."""
        page.keep_downloads(self.folder)
        self.close_and_download(page)
        self.newest()

    def import_(self, page, said, documents=0):
        """The operator uploads what was downloaded last, tests, takes the answers that are usual,
        executes."""
        page.open_at(f"{self.books}/import")
        page.give_file("input[name='file']", self.newest())
        page.press("form.steps button")
        page.see("[role='status'], [role='alert']")
        self.look(page)
        if documents:
            page.value(USUAL)
            page.press("form button")
        page.see_text("[role='status'], [role='alert'], td", said)
        self.look(page)

    def newest(self):
        """The ZIP that was downloaded last, whole."""
        deadline = time.monotonic() + walk.PATIENCE
        while True:
            found = sorted(self.folder.glob("*.zip"), key=lambda one: one.stat().st_mtime)
            if found and not list(self.folder.glob("*.crdownload")):
                return found[-1]
            if time.monotonic() > deadline:
                self.fail(f"nothing was downloaded: {list(self.folder.iterdir())}")
            time.sleep(0.2)

    @property
    def books(self):
        return self.package.books_page(self.root)

    def confirm(self, page):
        self.open_batch(page, "Handed over")
        self.press(page, "action_ask_confirmed")
        page.see(f"{DIALOGUE} footer button[name='action_store']")
        self.look(page)
        page.click(f"{DIALOGUE} footer button[name='action_store']", "Mark as confirmed")
        self.see_state(page, "Confirmed")
        self.look(page)

    def close_period(self, page):
        """The accountant locks February."""
        page.open_at(f"{self.books}/periods")
        page.press("button[aria-label='Lock period 02 of 2026']")
        page.see("button[aria-label='Open period 02 of 2026']")

    def refuse(self, page):
        """With the code that stood on the page of the import."""
        self.open_batch(page, "Handed over")
        self.press(page, "action_ask_refused")
        code = f"{DIALOGUE} [name='code_id'] input"
        page.click(code)
        if self.kind is Person:  # there are more than a list below a field shows
            page.write(code, CODE)
        self.choose(page, CODE)
        page.see_text(f"{DIALOGUE} footer", "Mark as refused")
        self.look(page)
        again = f"{DIALOGUE} footer button[name='action_store_and_again']"
        page.click(again, "Mark as refused, put in a new batch")
        self.see_state(page, "Refused")
        self.look(page)
