"""A sign-in that was lost is renewed: what waited for it goes on by itself."""

from odoo import models


class AccountableSignIn(models.Model):
    _inherit = "accountable.sign.in"

    def set_secrets(self, values):
        result = super().set_secrets(values)
        self._try_again_with_secrets()
        return result

    def _try_again_with_secrets(self):
        """Somebody entered the password again: each connection that stopped for it tries it with
        its next run, and stops again when it is refused."""
        # whoever may change a sign-in manages every company that uses it
        stopped = self.sudo().connection_ids.filtered(
            lambda connection: connection.state == "reconnect" and connection._has_agreed()
        )
        for connection in stopped:
            state = "connected" if connection._has_begun() else "configuration_needed"
            connection.write({"state": state, "wait_until": False, "wait_reason": False})
            connection._cause_removed(self)
            connection._wake_lanes()
