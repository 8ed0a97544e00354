"""What a package can do, for the screens of its connections."""

from odoo import api, fields, models

from ...api.contract import SET_UP_NEEDS, Capabilities

MAPPED = SET_UP_NEEDS & {"journals", "vat_codes", "ledger_accounts"}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    signs_in = fields.Boolean(compute="_compute_abilities")
    hands_over = fields.Boolean(compute="_compute_abilities", help="Documents go as files.")
    sends_entries = fields.Boolean(compute="_compute_abilities")
    takes_files = fields.Boolean(compute="_compute_abilities")
    reads_settlements = fields.Boolean(compute="_compute_abilities")
    has_administrations = fields.Boolean(compute="_compute_abilities")
    has_mappings = fields.Boolean(compute="_compute_abilities")
    has_contacts = fields.Boolean(compute="_compute_abilities")
    steps_shown = fields.Char(compute="_compute_abilities", help="Of the set-up, in their order.")

    @api.depends("package")
    def _compute_abilities(self):
        for connection in self:
            able = connection._get_capabilities() if connection.package else Capabilities()
            connection.signs_in = able.signs_in
            connection.hands_over = bool(able.handed_over)
            connection.sends_entries = able.entries
            connection.takes_files = able.files_with_document or able.files_afterwards
            connection.reads_settlements = able.settlements
            connection.has_administrations = "administration" in able.needs
            connection.has_mappings = bool(MAPPED & able.needs)
            connection.has_contacts = "contacts" in able.needs
            connection.steps_shown = ",".join(connection._steps()) if connection.package else False

    @api.model
    def _capabilities_of(self, package):
        """The :class:`Capabilities` of a package, before there is a connection."""
        return self.new({"package": package})._get_capabilities() if package else Capabilities()
