"""The batch of a document, on the document."""

from odoo import models
from odoo.tools import format_date

from ..actionable import actionable
from ..queue.account_move_export_state import USER
from ..queue.cause import Way


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_accountable_batches(self):
        """The batches these documents are or were in."""
        self._check_accountable_user()
        items = self.env["accountable.batch.item"].search(self._accountable_item_domain())
        return items.batch_id._action_show()

    def _accountable_item_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self._origin.ids)]

    def _accountable_alerts(self):
        """Beside what failed: in which batch it stands, as long as nobody booked it."""
        entries = super()._accountable_alerts()
        if not self.env.user.has_group(USER) or not self.accountable_batch:
            return entries
        return [*entries, *self._accountable_batch_alerts()]

    def _accountable_batch_alerts(self):
        # a branch reads of its document in which batch it stands, though it may not open it
        items = self.env["accountable.batch.item"].sudo()
        standing = ("state", "=", "in_batch")
        entries = []
        for item in items.search([*self._accountable_item_domain(), standing]):
            batch = item.batch_id.with_env(self.env)
            if sentence := batch.sudo()._sentence_on_document():
                way = Way("", None)
                if batch.has_access("read"):
                    way = Way(self.env._("Open the batch"), batch._action_show())
                entries.append(actionable("info", sentence, way.text, way.action))
        return entries


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _sentence_on_document(self):
        """Where a document of this batch stands, "" once it is booked."""
        _ = self.env._
        if self.state == "open":
            connection = self.connection_id.name
            if self.part_name:
                return _(
                    "In the open batch of %(connection)s for %(part)s.",
                    connection=connection,
                    part=self.part_name,
                )
            return _("In the open batch of %(connection)s.", connection=connection)
        if self.state in ("closed", "handing_over"):
            return _("In batch %(name)s, which is not handed over yet.", name=self.name)
        if self.state != "handed_over":
            return ""
        done = self.hand_over_ids.filtered(lambda one: one.state == "done")[:1]
        channels = dict(done._fields["channel"]._description_selection(self.env))
        return _(
            "In batch %(name)s, handed over on %(date)s (%(channel)s). Whether it is booked is not"
            " known.",
            name=self.name,
            date=format_date(self.env, self.handed_over_at),
            channel=channels.get(done.channel, "—"),
        )
