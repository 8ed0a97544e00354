from odoo import models
from odoo.addons.accountable_connect.models.set_up.checklist import Line


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _sign_in_line(self, connection):
        """Signing in is consent in the browser."""
        lines = {
            "lost": self.env._("Exact Online does not know the sign-in any more: sign in again."),
            "new": self.env._("Nobody signed in at Exact Online yet."),
        }
        state = connection.sign_in_id.state
        if connection.package != "exact" or state not in lines:
            return super()._sign_in_line(connection)
        sign_in = self._window(connection.sign_in_id)
        return Line("missing", lines[state], self.env._("Open the sign-in"), sign_in)
