from odoo import models


class Objections:
    """What Odoo objects to in a document it makes an e-invoice of: ``{its key: its sentence}``."""

    def __init__(self):
        self.by_key = {}


class AccountEdiXmlUblBis3(models.AbstractModel):
    """The e-invoice as it is delivered to the accountant; with ``accountable_objections`` in the
    context only, so that what goes to customers stays Odoo's own."""

    _inherit = "account.edi.xml.ubl_bis3"

    def _add_invoice_config_vals(self, vals):
        """A self-billed credit note is one: Odoo writes an invoice of the same, positive, amounts,
        which an accountant would book as another invoice. Peppol knows no debit note: it is an
        invoice."""
        result = super()._add_invoice_config_vals(vals)
        if self.env.context.get("accountable_objections") is not None:
            refund = vals["invoice"].move_type.endswith("_refund")
            vals["document_type"] = "credit_note" if refund else "invoice"
        return result

    def _export_invoice_constraints(self, invoice, vals):
        """Kept with their keys, which tell what each of them concerns."""
        constraints = super()._export_invoice_constraints(invoice, vals)
        objections = self.env.context.get("accountable_objections")
        if objections is not None:
            objections.by_key.update({key: text for key, text in constraints.items() if text})
        return constraints
