"""The dialogue that takes a file which came back from the receiver of a batch."""

import base64

from odoo import fields, models
from odoo.exceptions import UserError

from ..api.import_report import TEMPLATE

TEMPLATE_NAME = "import-report.csv"


class AccountableUploadDialogue(models.TransientModel):
    """The button that opens it says for what; a person gives the file."""

    _name = "accountable.upload.dialogue"
    _description = "Upload an import report"
    _inherit = ["accountable.batch.dialogue"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, readonly=True, ondelete="cascade"
    )
    batch_id = fields.Many2one("accountable.batch", readonly=True, ondelete="cascade")
    content = fields.Binary(string="File", attachment=False)
    file_name = fields.Char()
    template = fields.Binary(compute="_compute_template")
    template_name = fields.Char(compute="_compute_template", string="Name of the template")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"content", "file_name"}

    def _compute_template(self):
        for dialogue in self:
            dialogue.template = base64.b64encode(TEMPLATE)
            dialogue.template_name = TEMPLATE_NAME

    def action_read(self):
        """Read the file, and show what became of it."""
        self.ensure_one()
        self.env["accountable.batch"]._for_button()
        if not self.content:
            raise UserError(self.env._("Choose a file first."))
        # nobody but the engine writes uploads; whose dialogue it is, its rule said
        connection, batch = self.connection_id.sudo(), self.batch_id.sudo()
        name = self.file_name or self.env._("Import report")
        content = base64.b64decode(self.content)
        upload, is_new = connection.env["accountable.upload"]._take(
            connection, batch, name, content
        )
        action = {
            "type": "ir.actions.act_window",
            "name": upload.name,
            "res_model": upload._name,
            "res_id": upload.id,
            "views": [(False, "form")],
        }
        if is_new:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._("This file was read before; nothing changed."),
                "next": action,
            },
        }
