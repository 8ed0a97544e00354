"""The way of entries that WinBooks imports, with mouse and keyboard, at a desk and on a telephone:
connect, paste what the accountant's lists say, map, post, close, download, import, confirm; and a
batch that is refused because its period is closed, booked in the next one."""

import tempfile
from pathlib import Path

from odoo.tests import tagged

from tests.browser.case import BrowserCase, WinBooksMixin
from tests.browser.person import AtPhone, Person
from tests.browser.way import DIALOGUE, HandOverWay
from tooling.packages.winbooks import typed

CONNECT = "/odoo/action-accountable_connect_winbooks.accountable_connect_action"
STEP = ".o_form_view div[name^='step_']:not(.o_invisible_modifier)"
START = "2026-01-01"
# Of a month that the accountant has closed, and of the next one.
CLOSED, OPEN = "2026-02-16", "2026-03-16"
CODE = "LOCKPER"


@tagged("post_install", "-at_install")
class TestWinBooksWay(HandOverWay, WinBooksMixin, BrowserCase):
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
        self.assertEqual((connection.package, connection.state), ("winbooks", "connected"))
        sale, refund = (self.post(kind, OPEN) for kind in ("out_invoice", "out_refund"))
        bill = self.post("in_invoice", OPEN)
        self.work(connection.sudo())

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
        self.paste(page, "Journals", "journal")
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
        self.go_on(page, "summary")
        self.look(page)
        page.click("button[name='action_start']")
        page.see_text(".o_form_view .o_field_widget[name='state']", "Connected")

    def step(self, page, name):
        page.see(f".o_form_view div[name='step_{name}']")

    def go_on(self, page, name):
        page.click(".o_form_view button[name='action_next_step']", "Continue")
        self.step(page, name)

    def paste(self, page, label, kind):
        page.click(f"{STEP} button[name='action_type_master_data']", "Type or paste")
        page.see_text(f"{DIALOGUE} [name='kind'] label", label)
        page.click(f"{DIALOGUE} [name='text'] textarea")
        page.paste(f"{DIALOGUE} [name='text'] textarea", typed()[kind])
        page.see_text(f"{DIALOGUE} [name='summary']", "can be taken over")
        self.look(page)
        page.click(f"{DIALOGUE} footer button[name='action_take_over']")
        page.see("body:not(.modal-open)")
