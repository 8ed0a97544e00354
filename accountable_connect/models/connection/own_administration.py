"""The administration of a connection whose package has none to choose from."""

from odoo import api, models


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _own_administration(self):
        """The :class:`Administration` that stands for the receiver, where a person chooses none;
        None as long as that is not known. Its key is the same for each connection of this company
        with this receiver. Package addons give theirs."""
        return None

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        connections._take_own_administration()
        return connections

    def _take_own_administration(self):
        """Keep it, for connections that have not begun."""
        for connection in self:
            if "administration" in connection._get_capabilities().needs or connection._has_begun():
                continue
            own = connection._own_administration()
            if own is None or own.key == connection.administration_key:
                continue
            engine = connection.sudo()  # nobody writes keys and the list by hand
            engine.env["accountable.administration"]._keep(engine.sign_in_id, [own])
            engine.write({"administration_key": own.key, "administration_name": own.name})
