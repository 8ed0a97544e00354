"""What leaves by e-mail for each receiver: to whom, with which words, with which files."""

from odoo.addons.accountable_connect.tests.common_memory_mail import MemoryServer
from odoo.exceptions import UserError

from ..api.letter import largest_file
from ..api.profile_file import MEDIA_TYPES
from . import files
from .common_documents import DeliveryCase
from .test_originals import e_invoice


def _bought_by(number, content):
    """An e-invoice for the company of that VAT number."""
    buyer = (
        "<cac:AccountingCustomerParty><cac:Party><cac:PartyTaxScheme>"
        f"<cbc:CompanyID>{number}</cbc:CompanyID>"
        "</cac:PartyTaxScheme></cac:Party></cac:AccountingCustomerParty>"
    )
    supplier = "<cac:AccountingSupplierParty/>"
    return content.decode().replace(supplier, supplier + buyer).encode()


class TestLetters(DeliveryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.write(
            {
                "moment": "posting",
                "ubl_sales_moment": "posting",
                "batch_closes": "at_once",
                "channel": "mail",
                "mail_from": "books@claes.example",
                "mail_to": "Box.1@Receiver.example",
            }
        )

    def setUp(self):
        super().setUp()
        self.server = MemoryServer()
        model = self.registry["accountable.connection"]
        automatic = model._automatic_channels
        self.patch(model, "_get_channel", lambda _self, *_arguments: self.server.channel())
        self.patch(model, "_automatic_channels", lambda own: list({*automatic(own), "mail"}))

    def receiver_is(self, code, **values):
        """The receiver of the connection asks what one that comes with the addon does."""
        shipped = self.env.ref(f"accountable_connect_ubl.profile_{code}")._file_values()
        types = [MEDIA_TYPES[ending] for ending in shipped.pop("files")]
        values |= {"media_types": ",".join(types), "code": "receiver_of_tests"}
        self.on(self.profile, **{**shipped, **values})

    def sent(self, *moves):
        """``[(Letter, {name: bytes})]`` of these documents, in their order."""
        self.work()  # into batches
        self.work()  # and away
        self.assertEqual(
            set(self.item(move).batch_id.state for move in moves),
            {"handed_over"},
            [self.job(move).message for move in moves],
        )
        sent = {letter.message_id: (letter, kept) for letter, kept in self.server.sent}
        hand_overs = [self.item(move).batch_id.hand_over_ids for move in moves]
        return [sent[one.message_id] for one in hand_overs]

    def refused(self, move):
        """The code of why a document does not go; nothing went."""
        self.work()
        job = self.job(move)
        self.assertEqual(job.state, "failed", job.message)
        self.assertFalse(self.server.sent)
        return job.error_code

    def bill(self, name="bill.pdf", content=None, **values):
        move = self.document("in_invoice", post=False, **values)
        self.attach(move, name, content or files.PDF, MEDIA_TYPES[name.rpartition(".")[2]])
        move.action_post()
        return move

    def test_octopus_files_by_the_word_in_the_address(self):
        self.receiver_is("octopus")
        self.connection.mail_to = "uid80001@octopus.example"
        sale, bill = self.sent(self.document(), self.bill())
        self.assertEqual(sale[0].recipient, "uid80001-SI@octopus.example")
        self.assertEqual(bill[0].recipient, "uid80001-PI@octopus.example")
        self.assertEqual([len(kept) for _letter, kept in (sale, bill)], [1, 1])
        self.assertEqual(
            self.connection._mail_addresses(),
            ["uid80001-PI@octopus.example", "uid80001-SI@octopus.example"],
        )

    def test_an_address_for_each_kind_with_its_capitals(self):
        self.receiver_is("clearfacts")
        self.connection.write(
            {"mail_to": "1-Ab@x.clearfacts.example", "mail_to_bills": "1-aB@x.clearfacts.example"}
        )
        sale, bill = self.sent(self.document(), self.bill())
        self.assertEqual(sale[0].recipient, "1-Ab@x.clearfacts.example")
        self.assertEqual(bill[0].recipient, "1-aB@x.clearfacts.example")
        self.assertEqual(sale[0].sender, "books@claes.example")

    def test_basecone_reads_a_tag_and_a_comment(self):
        self.receiver_is("basecone")
        invoice, entered = self.document(), self.bill()
        sale, bill = self.sent(invoice, entered)
        self.assertEqual(sale[0].subject, f"[VRK] INV {invoice.name} {self.company.name}")
        self.assertEqual(bill[0].subject, f"[INK] BILL {entered.name} {self.company.name}")
        self.assertEqual(bill[0].body, f"[*BILL {entered.name} Leverancier BV*]")

    def test_pictures_beside_a_bill_become_no_documents(self):
        self.receiver_is("basecone")
        bill = self.document("in_invoice", post=False)
        self.attach(bill, "bill.pdf", files.PDF, main=True)
        self.attach(bill, "logo.png", files.BY_TYPE["image/png"], "image/png")
        bill.action_post()
        [(_letter, kept)] = self.sent(bill)
        self.assertEqual(list(kept.values()), [files.PDF])

    def test_yuki_puts_two_files_of_one_name_together(self):
        self.receiver_is("yuki")
        invoice = self.document()
        [(_letter, kept)] = self.sent(invoice)
        xml, pdf = kept
        self.assertEqual(pdf, xml.replace(".xml", ".pdf"))
        self.connection.channel = "download"
        self.assertEqual(len(self.delivery(self.document()).files), 1, "by e-mail only")

    def test_where_the_company_is_found_in_the_e_invoice_only_e_invoices_go(self):
        self.receiver_is("yuki")
        self.connection.mail_to = "ubl@yukiworks.be"
        bill = self.bill()
        self.assertEqual(self.refused(bill), "shared_address")
        self.assertIn("ubl@yukiworks.be", self.job(bill).message)
        [(letter, kept)] = self.sent(self.document())
        self.assertEqual(letter.recipient, "ubl@yukiworks.be")
        self.assertTrue(next(iter(kept)).endswith(".xml"))
        self.connection.mail_to_bills = "claes.1@yuki.example"
        self.assertTrue(self.delivery(bill).files)
        self.connection.write({"mail_to_bills": False, "channel": "download"})
        self.assertTrue(self.delivery(bill).files)

    def test_where_the_company_is_found_in_the_e_invoice_it_has_to_be_in_it(self):
        self.receiver_is("yuki")
        self.connection.mail_to = "ubl@yukiworks.be"
        for number, buyer, code in (
            ("F-1", "BE0897223670", "shared_address_other"),
            ("F-2", "", "shared_address_other"),
            ("F-3", "be 477.472.701", ""),
        ):
            bill = self.document("in_invoice", post=False, ref=number)
            content = _bought_by(buyer, e_invoice(number, 121))
            self.attach(bill, f"{number}.xml", content, "application/xml")
            bill.action_post()
            if code:
                self.assertEqual(self.problem(bill).code, code)
                self.connection.mail_to_bills = "claes.1@yuki.example"
                self.assertTrue(self.delivery(bill).files)
                self.connection.mail_to_bills = False
            else:
                self.assertEqual(self.delivery(bill).files[0].content, content)

    def test_no_test_goes_to_the_address_of_all_companies(self):
        self.receiver_is("yuki")
        self.connection.mail_to = "ubl@yukiworks.be"
        with self.assertRaisesRegex(UserError, "address of all companies"):
            self.connection.action_send_test_to_receiver()

    def test_an_address_of_all_companies_that_is_given_later(self):
        self.receiver_is("yuki")
        bill = self.bill()
        self.sent(bill)
        batch = self.item(bill).batch_id
        batch.hand_over_ids._bounced(batch.hand_over_ids.message_id, "550 No such box")
        self.on(self.connection, mail_to="ubl@yukiworks.be")
        self.work()
        self.assertEqual((batch.state, len(self.server.sent)), ("closed", 1))
        self.assertIn("ubl@yukiworks.be", batch.message)
        self.assertIn("own company", batch.message)

    def test_clearfacts_takes_no_png(self):
        self.receiver_is("clearfacts")
        picture = self.bill("bill.png", files.BY_TYPE["image/png"])
        self.assertEqual(self.refused(picture), "file_type")

    def test_a_file_that_does_not_fit_in_an_e_mail_stays_here(self):
        self.receiver_is("clearfacts", largest_mail_mb=1)
        limit = largest_file(1 << 20)
        self.assertEqual(self.connection._largest_mail(), 1 << 20)
        bill = self.bill(content=files.PDF.ljust(limit + 1))
        self.assertEqual(self.refused(bill), "file_too_large")
        self.connection.channel = "download"
        self.assertTrue(self.delivery(bill).files, "20 MB may be uploaded")

    def test_what_is_forwarded_to_the_customer_does_not_go(self):
        for code in ("billit", "banqup"):
            self.receiver_is(code)
            self.assertEqual(self.problem(self.document()).code, "forwards_sales")
        [(letter, _kept)] = self.sent(self.bill())
        self.assertEqual(letter.recipient, "Box.1@Receiver.example")

    def test_winbooks_takes_the_e_invoice_with_the_pdf_inside(self):
        self.receiver_is("winbooks")
        self.assertEqual(self.refused(self.bill()), "file_type")
        bill = self.document("in_invoice", post=False, ref="F-1")
        self.attach(bill, "F-1.xml", e_invoice("F-1", 121), "application/xml")
        bill.action_post()
        [(_letter, kept)] = self.sent(bill)
        self.assertEqual(list(kept.values()), [e_invoice("F-1", 121)])

    def test_how_many_e_mails_the_receiver_takes(self):
        self.assertEqual(self.connection._mail_limits(), (0, 0))
        self.on(self.profile, mails_per_hour=60, mails_per_day=200)
        self.assertEqual(self.connection._mail_limits(), (60, 200))
