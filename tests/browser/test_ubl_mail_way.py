"""The way of documents that go by e-mail, with mouse and keyboard, at a desk and on a telephone:
choose Octopus, test to oneself and to the receiver, post, see it in the import box; one comes back,
its address is put right, and it goes again."""

from odoo.addons.accountable_connect.tests.common_mail import send_on_this_machine
from odoo.tests import tagged

from sandbox.postbox.seed import VAT
from tests.browser.case import BrowserCase, UblMixin
from tests.browser.person import AtPhone, Person
from tests.browser.way import CARD, DIALOGUE, HandOverWay
from tooling.demo import by_mail

CONNECT = "/odoo/action-accountable_connect_ubl.accountable_connect_action"
CONNECTIONS = "/odoo/action-accountable_connect.accountable_connection_action"
PDF = b"%PDF-1.4\n%%EOF"
STEP = ".o_form_view div[name='step_hand_over']"
PAGE = ".o_form_view .tab-pane.active"
NOTIFICATION = ".o_notification"
EMAIL = "boekhouding@garage.example"


@tagged("post_install", "-at_install")
class TestUblMailWay(HandOverWay, UblMixin, BrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"peppol_eas": "0208", "peppol_endpoint": "0403170701"})
        cls.company.partner_id.write({"street": "Kaai 1", "zip": "9000", "city": "Gent"})
        # that of the box
        cls.company.write({"email": EMAIL, "vat": VAT})
        cls.manager.email = "mia@garage.example"
        by_mail.make(cls.env, cls.company, cls.sandbox.smtp_port)
        cls.box = int(cls.package.administration)
        # as the office gives it; the word for its folder of sales is Odoo's
        cls.to_sales = cls.sandbox.address(cls.box, "sale")
        cls.address = cls.to_sales.replace("-SI@", "@")

    def setUp(self):
        super().setUp()
        # what a browser prints is no part of these tests
        self.patch(
            self.registry["accountable.delivery"], "_rendered_pdf", lambda _m, move: ("a.pdf", PDF)
        )
        send_on_this_machine(self)

    def test_at_a_desk(self):
        self.walk_through(Person)

    def test_on_a_telephone(self):
        self.walk_through(AtPhone)

    def walk_through(self, kind):
        """Each part in a browser of its own: what is stored is read between them."""
        self.kind, before = kind, len(self.sandbox.mails())
        self.visit(self.connect)
        connection = self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual((connection.channel, connection.state), ("mail", "connected"))
        tests = self.sandbox.mails()[before:]
        self.assertEqual([mail["box"] for mail in tests], [None, self.box], tests)
        taken = len(self.sandbox.received(self.box))
        move = self.sell(100)
        self.work(connection.sudo())
        [batch] = self.batches()
        self.assertEqual(batch.state, "handed_over", batch.hand_over_ids.read())
        [document] = self.sandbox.received(self.box)[taken:]
        self.assertEqual(document["subfolder"], "SI", document)
        self.visit(self.look_into_the_box, move)
        self.sandbox.fail_mails(self.box, "bounce", count=1)
        other = self.sell(200)
        self.work(connection.sudo())
        self.bring_bounces()
        failed = self.batches() - batch
        self.assertEqual((failed.state, failed.is_failed), ("closed", True))
        self.visit(self.cure, other)
        self.work(connection.sudo())
        self.assertEqual(failed.state, "handed_over", failed.message)
        self.assertEqual(len(self.sandbox.received(self.box)), taken + 2)
        self.assertEqual(other.accountable_state, "handed_over")

    def bring_bounces(self):
        """As Odoo's incoming mail server does."""
        bounces = self.sandbox.bounces(self.box)
        self.words = bounces[-1]["words"]
        self.env["mail.thread"].message_process(False, bounces[-1]["content"])
        self.env.invalidate_all()

    # What the person does

    def open_stored(self, page):
        """After a test the page draws itself once more, and a click on it may be lost: it is opened
        as it is stored."""
        page.open(page.value("location.pathname"))
        page.see(STEP)

    def connect(self, page):
        page.open(CONNECT)
        page.click(f"{DIALOGUE} [name='ubl_profile_id'] input")
        if self.kind is Person:  # there are more than a list shows; a telephone has a page of them
            page.write(f"{DIALOGUE} [name='ubl_profile_id'] input", "Octo")
        self.choose(page, "Octopus")
        page.click(f"{DIALOGUE} footer button", "Continue")
        page.see(STEP)
        self.select(page, f"{STEP} [name='ubl_sales_moment']", "At once")
        page.press_text(f"{STEP} [name='channel'] label", "E-mail")
        page.click(f"{STEP} [name='mail_to'] input")
        page.write(f"{STEP} [name='mail_to'] input", self.address)
        self.look(page)
        page.press_text(f"{STEP} [name='batch_closes'] label", "At once")
        page.see_text(f"{STEP} [name='mail_seen_from']", EMAIL)
        page.click(f"{STEP} button[name='action_test_channel']", "Send a test to me")
        page.see_text(NOTIFICATION, "mia@garage.example")
        self.open_stored(page)
        page.click(f"{STEP} button[name='action_send_test_to_receiver']")
        page.see_text(f"{DIALOGUE}", "This creates a document")
        page.click(f"{DIALOGUE} footer .btn-primary")
        page.see_text(NOTIFICATION, self.address)
        self.look(page)
        self.open_stored(page)
        page.click("button[name='action_next_step']")
        page.see(".o_form_view div[name='step_start']")
        page.click("button[name='action_next_step']")
        page.see(".o_form_view div[name='step_summary']")
        page.see_text(".o_form_view div[name='step_summary']", self.to_sales)
        self.look(page)
        page.click("button[name='action_start']")
        page.see_text(".o_form_view .o_field_widget[name='state']", "Connected")

    def look_into_the_box(self, page, move):
        page.open_at(f"{self.sandbox.root}/boxes/{self.box}")
        page.see_text("body", move.name)
        page.see_text("body", "SI")

    def cure(self, page, move):
        """What the receiver's server said stands on the batch; the address is put right."""
        self.open_batch(page, "Closed")
        page.see_text(".o_form_view .alert", self.words)
        page.open(CONNECTIONS)
        page.click(f".o_data_row .o_data_cell, {CARD}")
        page.press_text(".o_form_view .nav-link", "Hand-over")
        page.click(f"{PAGE} [name='mail_to'] input")
        page.value("document.activeElement.select()")
        page.write(f"{PAGE} [name='mail_to'] input", self.to_sales)
        self.look(page)
        page.key("Tab")
        page.click(".o_form_button_save")
        page.see(".o_form_status_indicator_buttons.invisible")
