from odoo import fields, models

from ..api.package import UblPackage
from ..concerns import CONCERNS
from ..sentences import SENTENCES


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    ubl_profile_id = fields.Many2one(
        "accountable.ubl.profile", ondelete="restrict", string="Receiver"
    )
    ubl_sales_moment = fields.Selection(
        [
            ("sent", "When the invoice was made for the customer"),
            ("posting", "At once, when it is posted"),
            ("nightly", "Every night"),
            ("manual", "When somebody exports it"),
        ],
        default="sent",
        string="Sales go",
    )
    ubl_wait_days = fields.Integer(
        default=3,
        string="Days to wait",
        help="An invoice that nobody sent to the customer goes so many days after posting.",
    )
    ubl_bills_moment = fields.Selection(
        [("posted", "When they are posted"), ("approved", "When they are approved")],
        default="posted",
        string="Bills go",
    )
    ubl_pdf_allowed = fields.Boolean(
        default=True,
        string="PDF instead",
        help="What cannot be an e-invoice goes as its PDF, where the receiver takes one.",
    )
    ubl_takes_pdf = fields.Boolean(related="ubl_profile_id.pdf_alone", string="Takes a PDF alone")

    def _fields_of_people(self):
        own = {
            "ubl_profile_id",
            "ubl_sales_moment",
            "ubl_wait_days",
            "ubl_bills_moment",
            "ubl_pdf_allowed",
        }
        return super()._fields_of_people() | own

    def _get_capabilities(self):
        if self.package != "ubl":
            return super()._get_capabilities()
        return UblPackage.capabilities

    def _open_package(self):
        self.ensure_one()
        if self.package != "ubl":
            return super()._open_package()
        return UblPackage()

    def _get_sentences(self):
        return SENTENCES if self.package == "ubl" else super()._get_sentences()

    def _get_concerns(self):
        return CONCERNS if self.package == "ubl" else super()._get_concerns()
