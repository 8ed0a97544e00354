"""Other connections with the same administration."""

from odoo import models

from ..fetching import fetch_only


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _others_with_administration(self):
        """Every other connection with this administration, archived ones too."""
        # asked between two commits, each of which empties the cache
        fetch_only(self, ("package", "administration_key"))
        if not self.administration_key:
            return self.browse()
        return self.with_context(active_test=False).search(
            [
                ("id", "!=", self.id),
                ("package", "=", self.package),
                ("administration_key", "=", self.administration_key),
            ],
            order="id",
        )

    def _earlier_connections(self):
        """Archived connections of the company with this administration."""
        return self._others_with_administration().filtered(
            lambda one: not one.active and one.company_id == self.company_id
        )
