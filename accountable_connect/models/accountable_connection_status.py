"""What people see of a connection's work: how much waits, how much failed, whether it runs."""

from odoo import models


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def action_open(self):
        """The form of the connection, from the tab of a company or the settings."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    def action_waiting_jobs(self):
        return self._action_jobs(("pending", "sending", "unknown"))

    def action_failed_jobs(self):
        return self._action_jobs(("failed",))

    def _action_jobs(self, states):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_job_action"
        )
        return {
            **action,
            "domain": [("connection_id", "=", self.id), ("state", "in", states)],
            "context": {"create": False},
        }
