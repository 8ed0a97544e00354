"""A batch on its way to the receiver: what the queue needs, and the buttons of people."""

from odoo import fields, models
from odoo.exceptions import UserError

from ...api.channels.download import DownloadChannel
from ...documents.sentence import SentencesOf
from ..actionable import actionable
from ..sentence import written_for
from .hand_over import UNFINISHED
from .shipment import shipment_of

_lt = SentencesOf(__name__)

# States in which a batch reached its receiver and may go once more.
REACHED = ("handed_over", "confirmed")
SUMMARY = _lt("Hand over a batch")


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _unfinished(self, downloads=False):
        """The hand-over of this batch that did not come to its end, by the queue or by download."""
        self.ensure_one()
        operator = "=" if downloads else "!="
        return self.hand_over_ids.filtered_domain(
            [("state", "in", UNFINISHED), ("channel", operator, "download")]
        )

    def _begin_hand_over(self, **values):
        """A hand-over of this batch that the queue takes; the one there is where it failed.

        :return: the ``accountable.hand.over``
        """
        self.ensure_one()
        values = {
            "channel": self.connection_id.channel,
            "next_try": fields.Datetime.now(),
            "attempts": 0,
            **values,
        }
        found = self._unfinished()
        if not found:
            return found.create({"batch_id": self.id, **values})
        if found.state == "written":  # what began goes on as it began
            values.pop("channel")
        found.write(values)
        return found

    def _may_go_again(self):
        """Whether it reached the receiver, and may be handed over once more."""
        return self.state in REACHED

    def _ask_for_hand_over(self, sentence):
        """The queue does not go on by itself: managers are asked, once."""
        self.connection_id._ask_managers(SUMMARY, sentence)

    # Buttons

    def action_hand_over(self):
        """Hand over what is closed, now: the queue takes it at once, a person downloads one."""
        for batch in self._for_button():
            connection = batch.connection_id
            if connection.channel not in connection._automatic_channels():
                if len(self) > 1:
                    raise UserError(
                        self.env._(
                            "A person downloads batch %(name)s: open it, and press Download.",
                            name=batch._called(),
                        )
                    )
                return self.action_download()
            action = batch._hand_over_now(self.env)
        return action

    def _hand_over_now(self, env):
        unfinished = self._unfinished()
        if unfinished.state == "unknown":
            raise UserError(
                self.env._("Say first whether the receiver has batch %(name)s.", name=self.name)
            )
        if self.state not in ("closed", "handing_over"):
            self._check_reached_not()
        self._begin_hand_over(user_id=env.uid)
        return self._go_soon(env)

    def action_download(self):
        """Download a closed batch: it is handed over once the last byte was fetched."""
        self.ensure_one()
        batch = self._for_button()
        if batch.state != "closed":
            batch._check_reached_not()
        return batch._download(self.env.uid)

    def action_hand_over_again(self, reason):
        """Hand over once more what the receiver has, or had: the same bytes.

        :param reason: why, for whoever looks at it later
        """
        self.ensure_one()
        batch = self._for_button()
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the batch is handed over again."))
        if not batch._may_go_again():
            raise UserError(
                self.env._(
                    "Batch %(name)s was not handed over: it cannot go again.",
                    name=batch._called(),
                )
            )
        connection = batch.connection_id
        several = connection._one_by_one() and batch.document_count > 1  # no e-mail takes them
        if several or connection.channel not in connection._automatic_channels():
            return batch._download(self.env.uid, reason)
        if batch._unfinished().state in ("written", "unknown"):
            raise UserError(
                self.env._("Batch %(name)s is being handed over already.", name=batch.name)
            )
        batch._begin_hand_over(user_id=self.env.uid, reason=reason)
        return batch._go_soon(self.env)

    def _check_reached_not(self):
        """Raises UserError for a batch that cannot be handed over for the first time."""
        if self._may_go_again():
            raise UserError(
                self.env._(
                    "Batch %(name)s was handed over already. Hand it over again with a reason.",
                    name=self._called(),
                )
            )
        if self.state == "open":
            raise UserError(self.env._("This batch is still open: close it first."))
        states = dict(self._fields["state"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "Batch %(name)s is “%(state)s”: it cannot be handed over.",
                name=self._called(),
                state=states[self.state],
            )
        )

    def _go_soon(self, env):
        """The queue takes it; a button's request may be replayed and writes no file itself."""
        connection = self.connection_id
        if connection.state == "paused":
            raise UserError(env._("The connection is paused: resume it first."))
        # how many e-mails its receiver takes is looked at anew
        connection.write(
            {"requested_by_id": env.uid, "wait_until": False, "mails_wait_until": False}
        )
        connection._wake_lanes()
        return connection.with_env(env)._notify(
            env._("Batch %(name)s is handed over in a moment.", name=self.name)
        )

    def _download(self, user_id, reason=False):
        """The address of the files, for a person who fetches them now."""
        values = {"user_id": user_id, "moment": fields.Datetime.now(), "reason": reason}
        begun = self._unfinished(downloads=True).filtered(lambda one: one.user_id.id == user_id)[:1]
        if begun:
            begun.write({**values, "state": "new", "message": False})
        else:
            begun = begun.create({"batch_id": self.id, "channel": "download", **values})
        return {
            "type": "ir.actions.act_url",
            "url": f"/accountable_connect/hand_over/{begun.id}",
            # on a target "download" the client would not load the form anew
            "target": "new",
        }


class AccountableHandOver(models.Model):
    _inherit = "accountable.hand.over"

    def _finish(self, names):
        """The receiver has it. What managers were asked for is over, unless something else failed.

        :param names: those the receiver sees
        """
        self.write(
            {
                "state": "done",
                "done_at": fields.Datetime.now(),
                "names": names,
                "checksum": self.batch_id.checksum,
                "written": False,
                "next_try": False,
                "message": False,
            }
        )
        connection = self.connection_id
        if not connection._failed_hand_overs():
            connection._end_hand_over_activities()

    # Downloads

    def _served(self):
        """The :class:`Served` of a download that this user began; None where it is another user's.
        Raises AccessError for whoever may not see the batch, UserError once it is over and in a
        copied database."""
        self.ensure_one()
        batch = self.batch_id._for_button()
        one = self.sudo()  # the frozen bytes are read with the rights of the engine
        if one.channel != "download" or one.user_id != self.env.user:
            return None
        if one.state != "new" or not (batch.state == "closed" or one.reason):
            batch._check_reached_not()
        batch.connection_id._check_is_original()
        return DownloadChannel().served(shipment_of(batch, ""))

    def _downloaded(self, names):
        """The last byte was fetched."""
        if self.state == "done":
            return
        batch = self.batch_id
        batch._lock()
        self._finish(names)
        if batch.state == "closed":
            batch._go("handed_over", message=False)
        elif batch._may_go_again():
            batch.handed_over_at = self.done_at
        # what the queue had failed at is done
        batch._unfinished().filtered(lambda one: one.state == "failed").next_try = False

    def _broke_off(self, sentence):
        self.write({"state": "failed", "message": sentence})

    # Outcome unknown

    def action_receiver_has_it(self):
        """A person looked: the receiver has the files of a hand-over whose outcome is unknown."""
        self.ensure_one()
        one = self._decided()
        one._finish((one.written or {}).get("names"))
        if one.batch_id.state == "handing_over":
            one.batch_id._go("handed_over", message=False)
        return True

    def action_receiver_has_it_not(self):
        """A person looked: it did not arrive. It goes again at once."""
        self.ensure_one()
        one = self._decided()
        one.write({"state": "failed", "message": False})
        if one.batch_id.state == "handing_over":
            one.batch_id._go("closed", message=False)
        one.batch_id._begin_hand_over()
        return one.batch_id._go_soon(self.env)

    def _decided(self):
        one = self.sudo() if self.batch_id._for_button() else self
        if one.state != "unknown":
            raise UserError(self.env._("It is known what became of this hand-over."))
        return one


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _failed_hand_overs(self):
        """Those that wait for a person or for their next try, the newest first."""
        return self.env["accountable.hand.over"].search(
            [
                ("connection_id", "in", self._origin.ids),
                ("message", "!=", False),
                ("state", "in", UNFINISHED),
                "|",
                ("reason", "!=", False),
                ("batch_id.state", "in", ("closed", "handing_over")),
            ]
        )

    def _hand_over_again_what_failed(self, tested=False):
        """Something that may have kept files from going was put right: what waited for it is
        due. Not what came back and is changed or cancelled since: it would go as it was.

        :param tested: by a test only: of an e-mail that came back it says nothing
        """
        # a button of managers; the engine's fields
        failed = self.sudo()._failed_hand_overs() | self.sudo()._given_up_hand_overs()
        failed = failed.filtered(
            lambda one: (
                one.state == "failed"
                and one.channel != "download"
                and not (one.bounced_at and (tested or one.batch_id._is_asked_about()))
            )
        )
        failed.write({"next_try": fields.Datetime.now(), "attempts": 0})
        if failed:
            self._wake_lanes()

    def _given_up_hand_overs(self):
        """Those that ended because people were to download meanwhile, which nobody did."""
        return self.env["accountable.hand.over"].search(
            [
                ("connection_id", "in", self._origin.ids),
                ("state", "=", "failed"),
                ("message", "=", False),
                ("reason", "=", False),
                ("batch_id.state", "=", "closed"),
            ]
        )

    def _alerts(self):
        entries = super()._alerts()
        if not self.package or not self._get_capabilities().handed_over:
            return entries
        for one in self._failed_hand_overs()[:3]:
            message = self.env._(
                "Batch %(name)s is not handed over: %(reason)s",
                name=one.batch_id.name,
                reason=one.message,
            )
            level = "warning" if one.next_try else "danger"
            way = {
                "type": "ir.actions.act_window",
                "res_model": "accountable.batch",
                "res_id": one.batch_id.id,
                "views": [(False, "form")],
            }
            entries.append(actionable(level, message, self.env._("Open the batch"), way))
        return entries

    def _end_hand_over_activities(self):
        """Nobody has to hand anything over any more. An activity has its summary in the language of
        its user."""
        # those of every manager, not only of who handed it over
        activities = self.env["mail.activity"].sudo()
        activities.search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("automated", "=", True),
            ]
        ).filtered(
            lambda one: one.summary == written_for(one.user_id.partner_id, SUMMARY)
        ).action_feedback()
