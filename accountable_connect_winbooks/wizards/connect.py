from odoo import fields, models


class AccountableConnect(models.TransientModel):
    """The first step: nothing to sign in to, and nothing that has to be filled in."""

    _inherit = "accountable.connect"

    winbooks_folder = fields.Char(
        string="Folder in WinBooks", help="Its short name, if you know it: your accountant does."
    )
    winbooks_language = fields.Selection(
        [("F", "French"), ("N", "Dutch")], string="Language of the folder"
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {"winbooks_folder", "winbooks_language"}

    def _introduction(self):
        if self.package != "winbooks":
            return super()._introduction()
        return self.env._(
            "The entries of %(company)s are written as the files ACT and CSF, with the PDFs beside"
            " them; your accountant imports them in WinBooks on the desktop. Nothing comes back."
            " You see what would go before anything is handed over. WinBooks on Web is another"
            " program, and takes no such files.",
            company=self.company_id.name,
        )

    def _connection_values(self):
        values = super()._connection_values()
        if self.package == "winbooks":
            values |= {
                "winbooks_folder": self.winbooks_folder,
                "winbooks_language": self.winbooks_language,
            }
        return values
