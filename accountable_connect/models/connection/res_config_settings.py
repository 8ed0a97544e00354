from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    """The block of each package, and what an administrator enters once for this database."""

    _name = "res.config.settings"
    _inherit = ["res.config.settings", "accountable.package.view.mixin"]

    accountable_connection_ids = fields.One2many(related="company_id.accountable_connection_ids")
    accountable_connected = fields.Char(related="company_id.accountable_connected")

    def action_accountable_connect(self):
        """Open the connection of the company with the package named in the context."""
        self.ensure_one()
        return self.company_id.action_accountable_connect()

    # What a package gave the administrator (accountable.app): entered here, never read

    def _accountable_app_entries(self):
        """``[(sign-in that is not stored, {secret_entry of the settings: field of the sign-in})]``;
        package addons add theirs."""
        return []

    def _compute_secret_entries(self):
        for name in self._accountable_entry_names():
            self[name] = False

    def _inverse_secret_entry(self):
        for settings in self:
            for sign_in, entries in settings._accountable_app_entries():
                typed = {name: settings[entry] for entry, name in entries.items()}
                typed = {name: value for name, value in typed.items() if value}
                if typed:
                    self.env["accountable.app"]._keep(sign_in, typed)

    def _accountable_entry_names(self):
        return [
            name
            for name, field in self._fields.items()
            if field.compute == "_compute_secret_entries"
        ]

    @api.model_create_multi
    def create(self, vals_list):
        settings = super().create(vals_list)
        # a form shows what it stored: nothing of what was typed into an entry
        settings.invalidate_recordset(self._accountable_entry_names(), flush=False)
        return settings

    def write(self, vals):
        result = super().write(vals)
        self.invalidate_recordset(self._accountable_entry_names(), flush=False)
        return result
