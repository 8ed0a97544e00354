"""What is wrong with an item, in its form, with the button that leads to the cure."""

from odoo import api, fields, models

from ...api import policy
from ...api.errors import LIMIT_REACHED
from ..actionable import in_order
from ..connection.failed_items import CURED
from .cause import Way


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    alerts = fields.Json(
        compute="_compute_alerts", help="What is wrong, with the way to where it is put right."
    )

    @api.depends(
        "state",
        "message",
        "wait_message",
        "error_kind",
        "error_code",
        "cause_model",
        "cause_id",
        "candidates",
        "next_try",
    )
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_alerts(self):
        for job in self:
            job.alerts = in_order(job._alerts())

    def _alerts(self):
        """Entries of the widget for one item, none where nothing is wrong."""
        self.ensure_one()
        cause = self.env["accountable.cause"]
        if self.state == "failed" and self.message:
            return [cause._entry("danger", self._with_what_follows(self.message), self._way_out())]
        if self.state == "unknown":
            message = " ".join(filter(None, (self.message, self._unknown_sentence())))
            return [cause._entry("warning", message, self._way_out())]
        if self.state in ("pending", "sending") and self.wait_message:
            return [cause._entry("warning", self.wait_message, self._way_out())]
        return []

    def _alerts_on(self, record):
        """The same on the form of this record: what would only open it leads to the item."""
        cause = self.env["accountable.cause"]
        entries = self._alerts()
        for entry in entries:
            action = entry.get("action") or {}
            opens = action.get("res_model"), action.get("res_id")
            if not action or opens == (record._name, record.id):
                entry.update(
                    action_text=self.env._("Show in the queue"), action=cause._action(self)
                )
        return entries

    def _with_what_follows(self, message):
        """A person who corrects something need not come back for the document."""
        follows = {
            "accountable.mapping": self.env._("Once it is mapped, the document goes by itself."),
            "res.partner": self.env._("Once the contact is right, the document goes by itself."),
        }
        goes_by_itself = self.error_kind in CURED and self.operation == "document"
        # a setting, which whoever sees only the item may not read
        is_automatic = self.sudo().connection_id.synchronisation == "automatic"
        if goes_by_itself and is_automatic and self.cause_model in follows:
            return f"{message} {follows[self.cause_model]}"
        return message

    def _unknown_sentence(self):
        return self.env._(
            "It may have arrived, or still arrive. It is looked up in the administration, and taken"
            " for missing no sooner than ten minutes after it was sent."
        )

    def _way_out(self):
        """The :class:`Way` to the cure, by the table of ``api/policy.py``; None where nobody has
        to do anything, or the buttons above ask before they do it."""
        cause = self.env["accountable.cause"]
        if self.state == "unknown":
            return self._way_to_try_again(self.env._("Look it up now"))
        rule = policy.RULES.get(self.error_kind)
        if not rule or self.error_kind == LIMIT_REACHED:
            return None
        if rule.button == policy.RETRY:
            return self._way_to_try_again(self.env._("Try again"))
        if rule.button == policy.DECIDE and (self.question or self.can_remove):
            action = cause._server_action("accountable_job_action_decide", self)
            return Way(self.env._("Decide"), action)
        return cause._way_to(self.cause_model, self.cause_id) or cause._way_to(
            self.res_model, self.res_id
        )

    def _way_to_try_again(self, text):
        action = self.env["accountable.cause"]._server_action(
            "accountable_job_action_try_again", self
        )
        return Way(text, action)

    def action_try_again(self):
        """``action_retry``, and the screen it was pressed on shows what became of it."""
        answer = self.action_retry()
        if isinstance(answer, dict):
            return answer
        return {"type": "ir.actions.client", "tag": "soft_reload"}
