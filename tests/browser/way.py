"""What a person does, and sees, of documents that are handed over: batches and their dialogues."""

import json
import time
from tempfile import TemporaryDirectory

from odoo import fields

from tests.browser import walk

INVOICES = "/odoo/action-account.action_move_out_invoice"
PAST_EXPORTS = "/odoo/past-exports"
DIALOGUE = ".modal:not(.o_inactive_modal)"
CARD = ".o_kanban_record:not(.o_kanban_ghost)"
ROW = f".o_data_row, {CARD}"
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
# Of the buttons in the head: on a narrow screen the others are in a menu.
HEAD = ".o_statusbar_buttons"
MORE = f"{HEAD} .dropdown-toggle"
# How many hand-overs came to their end. The file is fetched in a window of its own, which a page
# that is asked for anew may never open.
DONE = """(() => {
    const request = new XMLHttpRequest();
    request.open("POST", "/web/dataset/call_kw", false);
    request.setRequestHeader("Content-Type", "application/json");
    request.send(JSON.stringify({params: {
        model: "accountable.hand.over", method: "search_count",
        args: [[["state", "=", "done"]]], kwargs: {},
    }}));
    return JSON.parse(request.responseText).result;
})()"""


class HandOverWay:
    """For a ``BrowserCase``; ``kind`` is who walks (:mod:`tests.browser.person`)."""

    def visit(self, part, *arguments):
        self.env.flush_all()
        with TemporaryDirectory() as folder, walk.browser(self, "mia", self.kind) as page:
            # a browser that keeps no file breaks the download off
            page.keep_downloads(folder)
            part(page, *arguments)
            page.check_console()
        self.env.invalidate_all()

    def choose(self, page, name):
        """One of the records that a field offers: below it, or on a page of its own."""
        offered = ".o-autocomplete--dropdown-item, .modal .o_kanban_record"
        page.see_text(offered, name)
        page.press_text(offered, name)

    def select(self, page, field, label):
        page.click(f"{field} input, {field} select")
        page.press_text(".o_select_menu_item", label)

    def press(self, page, name, text=""):
        """A button of the head, wherever it is."""
        button = f"{HEAD} button[name='{name}'], .o-dropdown--menu [name='{name}']"
        page.see(HEAD)
        if not page.value(f"Boolean(document.querySelector({json.dumps(button)}))"):
            page.click(MORE)
        page.click(button, text)

    def open_batch(self, page, state):
        page.open(PAST_EXPORTS)
        page.see_text(ROW, state)
        self.look(page)
        page.click(f".o_data_row .o_data_cell[name='display_name'], {CARD}", "atch")
        page.see(".o_form_view .o_form_sheet")
        self.look(page)

    def close_and_download(self, page):
        self.open_batch(page, "Open")
        self.press(page, "action_close")
        page.click(f"{DIALOGUE} footer .btn-primary")
        self.see_state(page, "Closed")
        self.press(page, "action_download")
        self.see_downloaded(page)
        self.see_state(page, "Handed over")

    def see_downloaded(self, page, times=1):
        """So many hand-overs came to their end."""
        page.wait_until(f"{DONE} >= {times}", "a download that came to its end")

    def see_state(self, page, state):
        """Of the batch, which the page may have to be asked for again."""
        self.see_text(page, f"{HEAD.replace('buttons', 'status')} [aria-checked='true']", state)

    def see_text(self, page, selector, *texts, tab=""):
        """What is stored a moment later: the page is asked for until one element shows it all."""
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        shown = f"{json.dumps(texts)}.every(text => one.innerText.includes(text))"
        deadline = time.monotonic() + walk.PATIENCE
        while True:
            if tab:
                page.press_text(".o_form_view .nav-link", tab)
            if page.value(f"{found}.some(one => {shown})"):
                return
            if time.monotonic() > deadline:
                self.fail(f"{texts} were not seen: {page.text}")
            time.sleep(1)
            page.value("location.reload()")
            page.see(".o_form_view .o_form_sheet")

    def fill(self, page, name, text):
        field = f"{DIALOGUE} [name='{name}'] :is(input, textarea)"
        page.click(field)
        self.look(page)
        page.write(field, text)

    def look(self, page):
        self.assertFalse(page.value(TOO_WIDE), page.text)

    def sell(self, price):
        move = self._create_invoice_one_line(
            price_unit=price,
            name="Repair",
            partner_id=self.customer,
            tax_ids=self.company.account_sale_tax_id,
            move_type="out_invoice",
            invoice_date=fields.Date.today(),
        )
        move.action_post()
        return move

    def batches(self):
        return self.env["accountable.batch"].sudo().search([], order="id")

    def items(self, move):
        return (
            self.env["accountable.batch.item"].sudo().search([("res_id", "=", move.id)], order="id")
        )
