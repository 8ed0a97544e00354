"""What is said of an error beyond its sentence: the page that comes with the addon."""

from odoo import api, fields, models

from ...api.help_page import help_address

SHOWN_OF = ("failed", "unknown")


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    help_url = fields.Char(
        compute="_compute_help_url", help="Where what to do about the error is told at length."
    )

    @api.depends("state", "error_kind", "error_code", "package")
    def _compute_help_url(self):
        for job in self:
            # which codes a package has a sentence for is no secret of its connection
            codes = job.sudo().connection_id._get_sentences()
            kind = job.state in SHOWN_OF and job.error_kind
            job.help_url = help_address(kind, job.error_code or "", job.package, codes) or False

    def action_help(self):
        """The page of messages at the paragraph for this error, in a tab of its own."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.act_url", "url": self.help_url, "target": "new"}
