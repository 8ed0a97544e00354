"""Who gives the accountant what: documents that stay here because somebody else does."""

from odoo import fields, models

GIVEN = [
    ("everything", "Nobody: everything goes from here"),
    ("not_peppol", "What travels by Peppol arrives there already: only the rest goes from here"),
    ("nothing", "Somebody else gives all of them: nothing goes from here"),
]


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    sales_given = fields.Selection(
        GIVEN,
        default="everything",
        required=True,
        string="Who already gives your accountant your sales invoices?",
        help="Peppol is mandatory between companies in Belgium since 2026, and access points and"
        " relays such as Billit, Doccle, Banqup or CodaBox may forward what you send to your"
        " accountant too. Ask before you start, else the accountant has them twice.",
    )
    bills_given = fields.Selection(
        GIVEN,
        default="everything",
        required=True,
        string="Who already gives your accountant your bills?",
        help="Bills that suppliers send by Peppol may reach your accountant as well, when the"
        " accounting package or a relay (CodaBox, Billit, Doccle, Banqup) receives or forwards"
        " them. Bills on paper, as PDF or from abroad never do.",
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {"sales_given", "bills_given"}
