"""A Belgian company whose documents are delivered as they are."""

from unittest.mock import patch

from lxml import etree
from odoo import Command, fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.accountable_connect.tests.common import ConnectionCase
from odoo.tests import tagged

from ..api.reading import tree_of

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\n%%EOF"


@tagged("post_install", "post_install_l10n", "-at_install")
class DeliveryCase(AccountTestInvoicingCommon):
    """``connection`` delivers everything to a receiver that takes XML and PDF."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.company = cls.env.company
        belgium = cls.env.ref("base.be")
        address = {"street": "Kouterstraat 1", "zip": "9000", "city": "Gent"}
        cls.company.partner_id.write(
            {
                **address,
                "country_id": belgium.id,
                "vat": "BE0477472701",
                "company_registry": "0477472701",
                "peppol_eas": "0208",
                "peppol_endpoint": "0477472701",
            }
        )
        cls.partner_a.write(
            {
                **address,
                "name": "Klant NV",
                "is_company": True,
                "country_id": belgium.id,
                "vat": "BE0239843188",
                "company_registry": "0239843188",
                "peppol_eas": "0208",
                "peppol_endpoint": "0239843188",
                "invoice_edi_format": "ubl_bis3",
            }
        )
        cls.partner_b.write(
            {
                **address,
                "name": "Leverancier BV",
                "is_company": True,
                "country_id": belgium.id,
                "vat": "BE0897223670",
                "company_registry": "0897223670",
                "peppol_eas": "0208",
                "peppol_endpoint": "0897223670",
                "invoice_edi_format": "ubl_bis3",
            }
        )
        cls.sale_tax = cls.company.account_sale_tax_id
        cls.purchase_tax = cls.company.account_purchase_tax_id
        cls.self_billing = cls.env["account.journal"].create(
            {
                "name": "Self-billing",
                "code": "SB",
                "type": "purchase",
                "is_self_billing": True,
                "default_account_id": cls.company_data["default_account_expense"].id,
            }
        )
        cls.profile = (
            cls.env["accountable.ubl.profile"]
            .sudo()
            .create({"name": "Receiver", "code": "receiver_of_tests"})
        )
        cls.today = fields.Date.today()
        cls.connection = cls._connect()
        cls.env.flush_all()

    @classmethod
    def _connect(cls):
        env = cls.env(su=True)
        sign_in = env["accountable.sign.in"].create({"name": "UBL", "package": "ubl"})
        sign_in.write(
            {"state": "valid", "database_identity": env["accountable.identity"]._current()}
        )
        connection = env["accountable.connection"].create(
            {
                "sign_in_id": sign_in.id,
                "company_id": cls.company.id,
                "administration_key": f"receiver/{cls.company.id}",
                "administration_name": "Receiver",
                "start_date": "2020-01-01",
                "ubl_profile_id": cls.profile.id,
                "send_receipts": True,
            }
        )
        connection.write({"state": "connected", "step": "done"})
        return connection

    # one run of a worker, in cursors of its own
    worker, work = ConnectionCase.worker, ConnectionCase.work

    def setUp(self):
        super().setUp()
        # what a browser prints is no part of these tests
        self.rendered = []
        rendered = self.rendered

        def _rendered_pdf(model, move):
            rendered.append(move)
            return f"{move.name.replace('/', '_')}.pdf", PDF

        self.patch(self.registry["accountable.delivery"], "_rendered_pdf", _rendered_pdf)

    # Documents

    def document(self, move_type="out_invoice", lines=((100.0, None),), post=True, **values):
        """:param lines: ``(price, taxes)``; no taxes: those of the company"""
        is_bill = move_type.startswith("in_")
        tax = self.purchase_tax if is_bill else self.sale_tax
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (self.partner_b if is_bill else self.partner_a).id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Line {place}",
                            "price_unit": price,
                            "tax_ids": [Command.set((tax if taxes is None else taxes).ids)],
                        }
                    )
                    for place, (price, taxes) in enumerate(lines, 1)
                ],
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def attach(self, move, name="bill.pdf", content=PDF, mimetype="application/pdf", main=False):
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": mimetype,
                "res_model": move._name,
                "res_id": move.id,
            }
        )
        if main:
            move.message_main_attachment_id = attachment
        return attachment

    def legal_pdf(self, move, content=PDF):
        """The PDF that Odoo makes when it sends the invoice."""
        attachment = self.env["ir.attachment"].create(
            {
                "name": f"{move.name.replace('/', '_')}.pdf",
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        return attachment

    def pay(self, move, amount=None):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount or move.amount_residual})._create_payments()

    # The queue

    def job(self, move):
        return (
            self.env["accountable.job"]
            .sudo()
            .search([("res_id", "=", move.id), ("operation", "=", "document")], limit=1)
        )

    def item(self, move):
        """The document in its batch."""
        items = self.env["accountable.batch.item"].sudo()
        return items.search([("res_id", "=", move.id), ("state", "=", "in_batch")])

    # Deliveries

    def delivered(self, move, with_files=True):
        """``(Delivery or None, [Problem])`` of one document."""
        return self.env["accountable.delivery"]._deliveries(self.connection, move, with_files)[
            move.id
        ]

    def delivery(self, move, with_files=True):
        delivery, problems = self.delivered(move, with_files)
        self.assertFalse([one.message for one in problems if one.blocking])
        return delivery

    def e_invoice(self, move):
        """The tree of what goes of a document."""
        file = self.delivery(move).files[0]
        self.assertEqual(file.media_type, "application/xml")
        return tree_of(file.content)

    def problem(self, move, with_files=True):
        """The one problem that keeps a document here."""
        _delivery, problems = self.delivered(move, with_files)
        [problem] = [one for one in problems if one.blocking]
        self.assertTrue(self.env[problem.cause_model].browse(problem.cause_id).exists())
        return problem

    def texts(self, root, path):
        """The texts at an XPath whose names have no namespace."""
        steps = [f"*[local-name()='{step}']" for step in path.split("/")]
        return [element.text for element in root.xpath("./" + "/".join(steps))]

    def text(self, root, path):
        [text] = self.texts(root, path)
        return text

    def shown(self, root):
        return etree.tostring(root, pretty_print=True).decode()

    def on(self, model, **values):
        """Settings of the receiver or the connection, for the rest of the test."""
        model.sudo().write(values)

    def no_pdf(self, error):
        def _rendered_pdf(model, move):
            raise error

        return patch.object(self.registry["accountable.delivery"], "_rendered_pdf", _rendered_pdf)
