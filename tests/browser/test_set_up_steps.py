"""The steps of the set-up in real Chromium, by keyboard, on a wide and on a narrow screen."""

from odoo.tests import tagged

from tests.browser import walk
from tests.browser.case import BrowserCase, OctopusMixin
from tooling.demo import connect

WIDE, NARROW = (1280, 900), (390, 844)
STEP = "div[name='step_ledger_accounts']"
ROW = f"{STEP} .o_data_row"
CARD = f"{STEP} .o_kanban_record:not(.o_kanban_ghost)"
CONFIRM = "button[name='action_confirm']"
CONTINUE = ".o_form_view button[name='action_next_step']"
# What a person reads is not cut, and nothing lies beside the screen.
CUT = """[...document.querySelectorAll(
    ".o_data_cell[name='source_name'], .o_data_cell[name='master_data_id']")]
    .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.innerText)"""
TOO_WIDE = "document.documentElement.scrollWidth > window.innerWidth"


@tagged("post_install", "-at_install")
class TestSetUpSteps(OctopusMixin, BrowserCase):
    def setUp(self):
        super().setUp()
        sign_in = self.package.sign_in(self.root)
        set_up = connect.SetUp(self.company.with_user(self.manager))
        connection = set_up.connect(sign_in, start=False)
        connection.change_step([connection.id, "ledger_accounts"])
        self.connection = connection.sudo()
        rows = self.connection.account_mapping_ids.filtered(
            lambda row: row.kind == "account" and row.master_data_id
        )
        self.rows = rows.sorted(lambda row: row.account_id.code)[:4]
        self.rows.write({"state": "proposed", "certain": False})
        self.path = f"/odoo/accountable.connection/{connection.id}"

    def states(self):
        self.env.invalidate_all()
        return self.rows.mapped("state")

    def test_row_after_row_is_confirmed_by_keyboard(self):
        with walk.browser(self, "mia") as page:
            page.resize(*WIDE)
            page.open(self.path)
            page.see(f"{ROW} {CONFIRM}")
            self.assertTrue(page.is_inside(CONTINUE))
            self.assertTrue(page.is_inside(ROW), "what is to be decided is seen at once")
            self.assertEqual(page.value(CUT), [])
            page.focus(f"{STEP} button[name='action_update_records']")
            page.key("Tab")
            for left in (3, 2):
                self.assertTrue(page.value(f'document.activeElement.matches("{CONFIRM}")'))
                self.assertNotEqual(
                    page.value("getComputedStyle(document.activeElement).boxShadow"), "none"
                )
                page.key("Enter")
                page.see_text("[name='mapping_sentence']", f"{left} to look at")
                page.see(f"{CONFIRM}:focus")
        self.assertEqual(self.states(), ["confirmed", "confirmed", "proposed", "proposed"])

    def test_a_counterpart_is_found_by_its_number_and_by_its_name(self):
        codes = self.connection.master_data_ids.filtered(
            lambda item: item.kind == "ledger_account" and item.takes_lines
        ).mapped("code")
        number = next(code for code in codes if code.startswith("61"))
        with walk.browser(self, "mia") as page:
            page.resize(*WIDE)
            page.open(self.path)
            picker = f"{ROW}.o_selected_row [name='master_data_id'] input"
            page.press(f"{ROW} .o_data_cell[name='master_data_id']")
            page.type(picker, number)
            page.see_text(".o-autocomplete--dropdown-item", number)
            page.key("Enter")
            page.key("Enter")
            page.see(f"{ROW}:nth-child(2).o_selected_row input:focus")
            page.type(picker, "verzeker")
            page.see_text(".o-autocomplete--dropdown-item", "Verzeker")
            page.key("Enter")
            page.press(".o_form_button_save")
            page.see_text("[name='mapping_sentence']", "2 to look at")
        self.assertEqual(self.states(), ["confirmed", "confirmed", "proposed", "proposed"])
        self.assertEqual(self.rows[0].master_data_id.code, number)

    def test_on_a_narrow_screen_rows_are_cards(self):
        with walk.browser(self, "mia") as page:
            page.resize(*NARROW)
            page.open(self.path)
            page.see(CARD)
            self.assertFalse(page.value(TOO_WIDE))
            self.assertTrue(page.is_inside(CONTINUE))
            page.press(f"{CARD} [name='action_confirm']")
            page.see_text("[name='mapping_sentence']", "3 to look at")
            page.press(CONTINUE)
            page.see("div[name='step_summary']")
            self.assertFalse(page.value(TOO_WIDE))
            page.press("[name='decisions'] [name^='start'] a")
            page.see("div[name='step_start']")
            page.press(CONTINUE)
            page.see("div[name='step_summary']")
        self.assertEqual(self.states(), ["confirmed", "proposed", "proposed", "proposed"])
