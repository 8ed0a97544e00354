from odoo import models

# What Odoo lets people change on the lines of a posted document, and the administration books.
CHANGED = {"account_id", "analytic_distribution", "tax_tag_ids"}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def write(self, vals):
        """A posted document goes again when it is coded otherwise or a label is corrected."""
        result = super().write(vals)
        if CHANGED & vals.keys():
            self.env["accountable.enqueueing"]._enqueue_changed(self.move_id)
        elif "name" in vals:
            # Odoo itself writes the names of the other lines
            products = self.filtered(lambda line: line.display_type == "product")
            self.env["accountable.enqueueing"]._enqueue_changed(products.move_id)
        return result
