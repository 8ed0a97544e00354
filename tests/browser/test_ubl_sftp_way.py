"""Setting up SFTP, with mouse and keyboard: enter the server, read its key and confirm it, test,
post; the document arrives."""

from odoo.addons.accountable_connect.api.channels.sftp_session import fingerprint
from odoo.tests import tagged

from sandbox.postbox.seed import VAT, number_of
from tests.browser.case import BrowserCase, UblMixin
from tests.browser.person import Person
from tests.browser.way import DIALOGUE, HandOverWay

CONNECT = "/odoo/action-accountable_connect_ubl.accountable_connect_action"
PDF = b"%PDF-1.4\n%%EOF"
STEP = ".o_form_view div[name='step_hand_over']"
RECEIVER = "adsolut"


@tagged("post_install", "-at_install")
class TestUblSftpWay(HandOverWay, UblMixin, BrowserCase):
    kind = Person

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"peppol_eas": "0208", "peppol_endpoint": "0403170701"})
        cls.company.partner_id.write({"street": "Kaai 1", "zip": "9000", "city": "Gent"})
        cls.company.vat = VAT  # that of the box

    def test_from_the_key_to_the_first_document(self):
        self.patch(
            self.registry["accountable.delivery"], "_rendered_pdf", lambda _m, move: ("a.pdf", PDF)
        )
        self.visit(self.connect)
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((connection.channel, connection.state), ("sftp", "connected"))
        self.assertEqual(connection.sftp_server_id.host_key, self.sandbox.sftp_host_key)
        self.sell(100)
        self.work(connection.sudo())
        [batch] = self.batches()
        self.assertEqual(batch.state, "handed_over", batch.message)
        self.sandbox.receive()
        self.assertEqual(len(self.sandbox.received(number_of(RECEIVER))), 1)

    # What the person does

    def connect(self, page):
        page.open(CONNECT)
        page.click(f"{DIALOGUE} [name='ubl_profile_id'] input")
        self.choose(page, "Adsolut")
        page.click(f"{DIALOGUE} footer button", "Continue")
        page.see(STEP)
        self.select(page, f"{STEP} [name='ubl_sales_moment']", "At once")
        page.press_text(f"{STEP} [name='channel'] label", "SFTP")
        self.enter_server(page)
        self.confirm_key(page)
        page.click(f"{STEP} [name='sftp_folder'] input")
        page.write(f"{STEP} [name='sftp_folder'] input", f"vandersmissen-{RECEIVER}")
        page.press_text(f"{STEP} [name='batch_closes'] label", "At once")
        self.look(page)
        page.click(f"{STEP} button[name='action_test_channel']", "Test")
        page.see_text(".o_notification", "Files can be put in")
        # as it is stored: the page draws itself once more after a test
        page.open(page.value("location.pathname"))
        page.see(STEP)
        page.click("button[name='action_next_step']")
        page.see(".o_form_view div[name='step_start']")
        page.click("button[name='action_next_step']")
        page.see_text(".o_form_view div[name='step_summary']", f"vandersmissen-{RECEIVER}")
        self.look(page)
        page.click("button[name='action_start']")
        page.see_text(".o_form_view .o_field_widget[name='state']", "Connected")

    def enter_server(self, page):
        page.click(f"{STEP} [name='sftp_server_id'] input")
        page.write(f"{STEP} [name='sftp_server_id'] input", "Office")
        page.press_text(".o-autocomplete--dropdown-item", "Create and edit")
        for name, value in (
            ("host", "127.0.0.1"),
            ("port", str(self.sandbox.sftp_port)),
            ("user", self.sandbox.sftp_user),
            ("password_entry", self.sandbox.sftp_password),
        ):
            page.click(f"{DIALOGUE} [name='{name}'] input")
            page.value("document.activeElement.select()")
            page.write(f"{DIALOGUE} [name='{name}'] input", value)
        self.look(page)
        page.click(f"{DIALOGUE} .o_form_button_save")
        page.see("body:not(:has(.modal))")

    def confirm_key(self, page):
        """What the set-up says is missing leads to the server."""
        page.see_text(f"{STEP} .alert", "Read the key of Office")
        self.look(page)
        page.click(f"{STEP} button[name='action_open_sftp_server']")
        page.click("button[name='action_read_host_key']")
        page.see_text(".o_form_view .alert", fingerprint(self.sandbox.sftp_host_key))
        self.look(page)
        page.click("button[name='action_confirm_shown_key']")
        page.see_text("[name='host_key_fingerprint']", fingerprint(self.sandbox.sftp_host_key))
        page.press(".breadcrumb-item a, .o_back_button")
        page.see(STEP)
        page.see(f"{STEP}:not(:has(button[name='action_open_sftp_server']))")
