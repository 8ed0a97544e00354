"""What is said of batches and hand-overs, on a wide and on a narrow screen, in two languages."""

from odoo.addons.accountable_connect.tests.common_batches import BatchesMixin
from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, OctopusMixin
from tooling.demo import connect

PAST_EXPORTS = "/odoo/past-exports"
INVOICES = "/odoo/action-account.action_move_out_invoice"
DASHBOARD = "/odoo/action-account.open_account_journal_dashboard_kanban"
SIZES = {1280: 900, 390: 844}
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"
ROW = ".o_data_row, .o_kanban_record:not(.o_kanban_ghost)"
FORM = ".o_form_view .o_form_sheet"
# Of the buttons in the head, on a narrow screen.
MENU = ".o_statusbar_buttons .oi-ellipsis-v"
DIALOGUE = ".modal .o_form_view"


@tagged("post_install", "-at_install")
class TestPastExports(BatchesMixin, OctopusMixin, BrowserCase):
    # the longer words where there is less room
    languages = {1280: "nl_NL", 390: "fr_FR"}

    def setUp(self):
        super().setUp()
        sign_in = self.package.sign_in(self.root)
        connection = connect.SetUp(self.company.with_user(self.manager)).connect(sign_in)
        self.connection = connection.sudo()
        self.connection.channel = "folder"
        self.today = "2026-03-15"

    def sell(self, price):
        move = self._create_invoice_one_line(
            price_unit=price,
            name="Repair",
            partner_id=self.customer,
            tax_ids=self.company.account_sale_tax_id,
            move_type="out_invoice",
            invoice_date="2026-03-15",
        )
        move.action_post()
        return move

    def jobs(self, moves):
        return self.env["accountable.job"].sudo()._of(moves)

    def fill(self):
        """A batch in each state; the one that was handed over."""
        moves = [self.sell(price) for price in range(100, 1100, 100)]
        browse = self.env["account.move"].concat
        confirmed = self.new_batch(browse(*moves[:2]), "confirmed", 1)
        handed_over = self.new_batch(browse(*moves[2:6]), "handed_over", 2)
        failed = self.new_batch(browse(*moves[6:8]), "closed", 3)
        self.new_batch(browse(*moves[8:9]), "open")
        for batch, values in (
            (confirmed, {"state": "done"}),
            (handed_over, {"state": "done", "user_id": self.manager.id}),
            (handed_over, {"state": "done", "reason": "The mailbox of the accountant was lost"}),
            (failed, {"state": "failed", "message": "The folder is full. Make place in it."}),
        ):
            self.env["accountable.hand.over"].sudo().create(
                {"batch_id": batch.id, "channel": "folder", **values}
            )
        failed.message = "The folder is full. Make place in it, then press “Hand over now”."
        upload = {"confirmed": 2, "refused": 1, "missing": 3, "unknown": 1}
        self.env["accountable.upload"].sudo().create(
            {
                "connection_id": self.connection.id,
                "name": "imported.csv",
                "counts": upload,
                "unknown_numbers": "INV/1999/1",
                "message": "Confirmed: 2. Refused: 1. Handed over, and not in the file: 3.",
            }
        )
        return handed_over, moves[2]

    def look(self, page, name):
        """The screen is there: nothing of it lies beside the window."""
        self.assertFalse(page.value(TOO_WIDE), name)

    def visit(self, page, width, language, batch, move):
        def open_(name, path, selector):
            page.open(path)
            page.see(selector)
            self.look(page, f"{name}-{width}-{language}")

        action = "/odoo/action-accountable_connect.accountable"
        open_("list", PAST_EXPORTS, ROW)
        open_("items", f"{action}_batch_item_action", ROW)
        open_("uploads", f"{action}_upload_action", ROW)
        open_("dashboard", DASHBOARD, "a[name='action_accountable_handed_over']")
        open_("batch", f"{PAST_EXPORTS}/{batch.id}", FORM)
        for name in ("files", "hand_overs"):
            page.press(f".nav-link[name='{name}']")
            page.see(f".nav-link.active[name='{name}']")
            self.look(page, f"{name}-{width}-{language}")
        self.look_at_dialogues(page, width, language, batch)
        open_("move", f"{INVOICES}/{move.id}", FORM)
        open_("moves", INVOICES, ROW)

    def look_at_dialogues(self, page, width, language, batch):
        for name in ("action_ask_refused", "action_ask_again", "action_upload"):
            page.open(f"{PAST_EXPORTS}/{batch.id}")
            page.see(FORM)
            self.press(page, name)
            page.see(DIALOGUE)
            self.look(page, f"{name}-{width}-{language}")
            page.press(".modal .btn-close")
            page.see("body:not(.modal-open)")

    def press(self, page, name):
        """A button of the head; where there is no room for it, it is in the menu beside them."""
        button = f".o_statusbar_buttons button[name='{name}'], .o-dropdown--menu [name='{name}']"
        found = f'document.querySelector("{button}")'
        if not page.value(f"Boolean({found})"):
            page.press(MENU)
        page.press(button)

    def test_nothing_lies_beside_the_screen(self):
        for language in self.languages.values():
            self.env["res.lang"]._activate_lang(language)
        with walk.browser(self, "mia") as page:
            page.resize(*next(iter(SIZES.items())))
            page.open(PAST_EXPORTS)
            page.see(".o_view_nocontent")
            self.look(page, "empty-1280")
        batch, move = self.fill()
        for width, height in SIZES.items():
            language = self.languages[width]
            self.manager.lang = language
            with self.subTest(width=width, language=language):
                self.env.flush_all()
                with walk.browser(self, "mia") as page:
                    page.resize(width, height)
                    self.visit(page, width, language, batch, move)
