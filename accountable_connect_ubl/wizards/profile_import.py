import base64
import binascii

from odoo import fields, models
from odoo.exceptions import UserError


class AccountableUblProfileImport(models.TransientModel):
    """Takes the file of a receiver that another database exported."""

    _name = "accountable.ubl.profile.import"
    _description = "Import of a receiver"
    _inherit = ["accountable.guard"]

    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True
    )
    content = fields.Binary(string="File", required=True, attachment=False)
    content_name = fields.Char()

    def _fields_of_people(self):
        return super()._fields_of_people() | {"content", "content_name"}

    def action_import(self):
        """Make the row and open it."""
        self.ensure_one()
        try:
            content = base64.b64decode(self.content or b"", validate=True)
        except binascii.Error as error:
            raise UserError(self.env._("Choose a file.")) from error
        profiles = self.env["accountable.ubl.profile"].with_company(self.company_id)
        profile = profiles._import_file(content)
        return {
            "type": "ir.actions.act_window",
            "res_model": profile._name,
            "res_id": profile.id,
            "view_mode": "form",
            "name": profile.name,
        }
