"""What people see of a batch, and its buttons that ask before they do something."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..actionable import actionable, in_order

# Of a batch whose receiver does not have it for sure.
NOT_REACHED = ("closed", "handing_over")
# Hand-overs by the queue that a person should look at; a download that broke off is begun anew.
FAILED = [("state", "in", ("failed", "unknown")), ("channel", "!=", "download")]
# So long a screen asks whether a hand-over that began has ended.
SHOWN_AS_RUNNING = timedelta(minutes=10)
ITEM_STATES = ("in_batch", "taken_out", "confirmed", "refused")


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    channel = fields.Selection(related="connection_id.channel", string="Hand over by")
    waiting_count = fields.Integer(
        compute="_compute_counts", string="Not answered", help="Documents that nobody answered yet."
    )
    confirmed_count = fields.Integer(compute="_compute_counts", string="Documents confirmed")
    refused_count = fields.Integer(compute="_compute_counts", string="Documents refused")
    item_count = fields.Integer(compute="_compute_counts", string="Documents in it")
    is_failed = fields.Boolean(
        compute="_compute_is_failed",
        search="_search_is_failed",
        string="Hand-over failed",
        help="It could not be handed over, or whether it arrived is not known.",
    )
    is_unknown = fields.Boolean(
        compute="_compute_is_failed", string="Whether it arrived is not known"
    )
    is_running = fields.Boolean(compute="_compute_is_running", string="Handed over at this moment")
    alerts = fields.Json(compute="_compute_alerts", help="What is wrong, or waits for a person.")
    part_name = fields.Char(
        compute="_compute_part_name",
        string="For",
        help="Which documents it takes, where not all may go in one batch.",
    )

    @api.depends("name", "state", "part", "single", "item_ids.state", "item_ids.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for batch in self:
            # there are as many of these as documents: its name tells which one it is
            document = batch.single and batch.item_ids.filtered(
                lambda one: one.state != "taken_out"
            )
            values = {"name": batch.name, "document": document and document[0].name}
            if document and batch.name:
                batch.display_name = self.env._("Batch %(name)s: %(document)s", **values)
            elif document:
                batch.display_name = self.env._("Open batch: %(document)s", **values)
            elif batch.name:
                batch.display_name = self.env._("Batch %(name)s", name=batch.name)
            elif batch.part_name:
                batch.display_name = self.env._("Open batch: %(part)s", part=batch.part_name)
            else:
                batch.display_name = self.env._("Open batch")

    @api.depends("part")
    @api.depends_context("lang")
    def _compute_part_name(self):
        for batch in self:
            batch.part_name = batch._part_in_words() if batch.part else ""

    def _part_in_words(self):
        """Which documents a batch takes that has a part, as people say it; "" for nothing worth
        saying. Package addons whose batches have parts override it."""
        return ""

    @api.depends("item_ids.state")
    def _compute_counts(self):
        counts = self.env["accountable.batch.item"]._read_group(
            [("batch_id", "in", self.ids)], ["batch_id", "state"], ["__count"]
        )
        by_state = {(batch.id, state): count for batch, state, count in counts}
        for batch in self:
            of_batch = {state: by_state.get((batch.id, state), 0) for state in ITEM_STATES}
            batch.waiting_count = of_batch["in_batch"]
            batch.confirmed_count = of_batch["confirmed"]
            batch.refused_count = of_batch["refused"]
            batch.item_count = sum(of_batch.values())

    @api.depends("state", "hand_over_ids.state")
    def _compute_is_failed(self):
        for batch in self:
            failed = batch.hand_over_ids.filtered_domain(FAILED)
            batch.is_failed = batch.state in NOT_REACHED and bool(failed)
            batch.is_unknown = bool(batch._undecided())

    @api.depends("hand_over_ids.state", "hand_over_ids.moment")
    def _compute_is_running(self):
        """A screen asks whether that ended; a download that nobody ends is not waited for."""
        since = fields.Datetime.now() - SHOWN_AS_RUNNING
        for batch in self:
            batch.is_running = any(
                one.state in ("new", "written") and one.moment and one.moment >= since
                for one in batch.hand_over_ids
            )

    def _search_is_failed(self, operator, value):
        if operator != "in":
            return NotImplemented
        failed = self.env["accountable.hand.over"]._search(FAILED, order=None)
        domain = Domain("state", "in", NOT_REACHED)
        domain &= Domain("id", "in", failed.subselect("batch_id"))
        return domain if True in value else ~domain

    # Words

    @api.depends("state", "message", "waiting_count", "channel", "hand_over_ids.state")
    @api.depends_context("lang", "tz", "uid", "allowed_company_ids")
    def _compute_alerts(self):
        for batch in self:
            batch.alerts = in_order(batch._alerts())

    def _what_to_do_after_a_bounce(self):
        """Nothing goes again before a person did something."""
        message = self.env._(
            "It does not go again by itself. Correct the address on the connection, or what else is"
            " named, then press “Hand over now”."
        )
        action = {
            "type": "ir.actions.act_window",
            "name": self.connection_id.display_name,
            "res_model": "accountable.connection",
            "res_id": self.connection_id.id,
            "views": [(False, "form")],
        }
        return actionable("info", message, self.env._("Open the connection"), action)

    def _alerts(self):
        """Entries of the widget for one batch."""
        self.ensure_one()
        _ = self.env._
        entries = []
        if self.message:
            level = "warning" if self.state == "confirmed" else "danger"
            entries.append(actionable(level, self.message))
        undecided = self._undecided()
        if undecided:
            entries.append(actionable("warning", self._sentence_of_undecided(undecided)))
        for one in self.hand_over_ids - undecided:
            # what the first one met, the batch says
            if one.reason and one.state == "failed" and one.message:
                message = _("It does not go again: %(reason)s", reason=one.message)
                entries.append(actionable("warning", message))
        if self.state == "open":
            entries.append(actionable("info", self._sentence_when_it_closes()))
        elif self.state == "closed" and self.channel == "download":
            entries.append(
                actionable("info", _("It counts as handed over once somebody downloaded it here."))
            )
        elif self.state == "handed_over" and (mailed := self._mailed()):
            message = _(
                "The mail server accepted the e-mail to %(to)s. That none came back is no proof"
                " that the receiver has it.",
                to=mailed.sent_to,
            )
            entries.append(actionable("info", message))
        elif self.state == "closed" and self.hand_over_ids.sorted()[:1].bounced_at:
            entries.append(self._what_to_do_after_a_bounce())
        if self.state == "closed" and (until := self._waits_until()):
            message = _(
                "It waits: its receiver takes only so many e-mails in an hour or a day. The next"
                " ones go on %(moment)s, in their order.",
                moment=format_datetime(self.env, until, dt_format="short"),
            )
            entries.append(actionable("info", message))
        if self.state == "handed_over" and self.refused_count:
            entries.append(
                actionable(
                    "warning",
                    _(
                        "Documents that were refused: %(count)s. Correct them; then they go in a"
                        " new batch.",
                        count=self.refused_count,
                    ),
                    _("Show them"),
                    self._action_items([("state", "=", "refused")]),
                )
            )
        return entries

    def _sentence_when_it_closes(self):
        closes = self.sudo().connection_id.batch_closes  # who sees the batch reads when it goes
        if closes == "nightly":
            return self.env._("It closes tonight, and takes what is posted until then.")
        if closes == "at_once":
            return self.env._("It closes with the next synchronisation.")
        return self.env._("It takes what is posted until somebody presses “Close now”.")

    def _undecided(self):
        """The hand-over of which a person has to say whether it arrived."""
        return self.hand_over_ids.filtered(lambda one: one.state == "unknown")[:1]

    def _mailed(self):
        """The hand-over by which the receiver got it last, where that was an e-mail."""
        done = self.hand_over_ids.filtered(lambda one: one.state == "done")
        return done.sorted("done_at")[-1:].filtered("message_id")

    def _waits_until(self):
        """When the receiver takes e-mails again, of a batch that waits for that; else False."""
        connection = self.sudo().connection_id  # who sees the batch reads when it goes
        until = connection.channel == "mail" and connection.mails_wait_until
        waits = not self.hand_over_ids or self._unfinished().next_try
        return waits and until and until > fields.Datetime.now() and until

    def _sentence_of_undecided(self, one):
        """What a person needs who looks whether it arrived."""
        if not one.message_id:
            return self.env._(
                "Whether the receiver has it is not known. Look there, then say which it is with"
                " the buttons above."
            )
        return self.env._(
            "Whether the receiver has it is not known. It was sent on %(moment)s to %(to)s, from"
            " %(from)s, with the Message-ID %(id)s. Look in that inbox, then say which it is with"
            " the buttons above.",
            moment=format_datetime(self.env, one.sent_at or one.moment, dt_format="short"),
            to=one.sent_to,
            id=one.message_id,
            **{"from": one.sent_from},
        )

    # Ways

    def _action_show(self):
        """A window action: one of them as a form, several as a list."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_batch_action"
        )
        action.pop("help", None)  # as text it would show its tags
        if len(self) == 1:
            return {
                "type": "ir.actions.act_window",
                "name": self.display_name,
                "res_model": self._name,
                "res_id": self.id,
                "views": [(False, "form")],
            }
        return {**action, "domain": [("id", "in", self.ids)], "context": {"create": False}}

    def action_show_items(self):
        """Its documents in a list, where several can be chosen."""
        return self._action_items([])

    def _action_items(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_batch_item_action"
        )
        action.pop("help", None)
        return {
            **action,
            "domain": [("batch_id", "in", self.ids), *domain],
            "context": {"create": False},
        }

    # Buttons that ask first

    def action_ask_refused(self):
        """The dialogue that asks what the receiver said of the whole batch."""
        return self._ask("refused")

    def action_ask_confirmed(self):
        """The dialogue that confirms what the receiver took."""
        return self._ask("confirmed")

    def _ask(self, answer):
        self.ensure_one()
        items = self._for_button().item_ids.filtered(lambda item: item.state == "in_batch")
        return items.with_env(self.env)._ask(answer)

    def action_ask_again(self):
        """The dialogue that asks why it goes again."""
        self.ensure_one()
        batch = self._for_button()
        dialogue = self.env["accountable.batch.again"].sudo().create({"batch_id": batch.id})
        return dialogue._action(self.env._("Hand over again"))

    def action_receiver_has_it(self):
        """A person looked: it arrived."""
        return self._undecided().action_receiver_has_it()

    def action_receiver_has_it_not(self):
        """A person looked: it did not arrive; it goes at once."""
        return self._undecided().action_receiver_has_it_not()

    def action_upload(self):
        """The dialogue that takes what came back as a file."""
        self.ensure_one()
        self._for_button()
        return self.connection_id._action_upload(self)


class AccountableBatchItem(models.Model):
    _inherit = "accountable.batch.item"

    batch_state = fields.Selection(related="batch_id.state", string="State of the batch")
    number = fields.Char(related="batch_id.name", string="Number of the batch")
    file_names = fields.Char(compute="_compute_file_names", string="Files")
    standing = fields.Selection(
        [
            ("in_batch", "In the batch"),
            ("handed_over", "Handed over"),
            ("taken_out", "Taken out"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
        ],
        compute="_compute_standing",
        string="Where it stands",
    )

    @api.depends("state", "batch_id.state")
    def _compute_standing(self):
        """What people read as the state: in a batch that was handed over, a document was so too."""
        for item in self:
            went = item.state == "in_batch" and item.batch_id.state == "handed_over"
            item.standing = "handed_over" if went else item.state

    @api.depends("file_ids.name")
    def _compute_file_names(self):
        for item in self:
            item.file_names = ", ".join(item.file_ids.mapped("name"))

    def action_open_record(self):
        """The document in Odoo."""
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(self.env._("The document was deleted in Odoo."))
        record.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def action_show_batch(self):
        """The batch of this document."""
        self.ensure_one()
        return self.batch_id._action_show()

    def action_ask_refused(self):
        """The dialogue that asks what the receiver said of these documents."""
        return self._ask("refused")

    def action_ask_confirmed(self):
        """The dialogue that confirms that the receiver took these documents."""
        return self._ask("confirmed")

    def _ask(self, answer):
        """:param answer: ``confirmed`` or ``refused``"""
        batches = self.batch_id._for_button()
        self.check_access("read")
        items = self.filtered(lambda item: item.state == "in_batch")
        if not items or any(batch.state != "handed_over" for batch in batches):
            raise UserError(
                self.env._("Only documents that are handed over can be confirmed or refused.")
            )
        # nobody may make a dialogue by hand
        dialogue = (
            self.env["accountable.batch.answer"]
            .sudo()
            .create({"answer": answer, "item_ids": [(6, 0, items.ids)]})
        )
        if answer == "refused":
            dialogue._offer_codes()
        title = (
            self.env._("Mark as confirmed")
            if answer == "confirmed"
            else self.env._("Mark as refused")
        )
        return dialogue._action(title)

    def _answer(self, answer, words="", code=""):
        """Store what the receiver said of these documents, with the rights of the engine. Where it
        is said of a whole batch, the batch has the words too.

        :param answer: ``confirmed`` or ``refused``
        :param code: with which it refused them
        """
        for batch, items in self.grouped("batch_id").items():
            standing = batch.item_ids.filtered(lambda item: item.state != "taken_out")
            target = batch if items == standing else items
            if answer == "refused":
                target._refuse(words, code)
            else:
                target._confirm()
                if words:
                    items.message = words

    def action_put_again(self):
        """Documents that were refused go again as they are in Odoo now, in a new batch."""
        self.batch_id._for_button()
        self.check_access("read")
        for model, items in self.grouped("res_model").items():
            jobs = self.env["accountable.job"]._of(
                self.env[model].browse(items.mapped("res_id")),
                ("connection_id", "in", items.connection_id.ids),
                ("state", "=", "failed"),
            )
            jobs.with_env(self.env).action_retry()
        return True


class AccountableBatchFile(models.Model):
    _inherit = "accountable.batch.file"

    def action_download(self):
        """This file alone, to look into it: the batch is not handed over by that."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/content?filename_field=name&download=true",
            "target": "download",
        }


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    batch_id = fields.Many2one(
        "accountable.batch", compute="_compute_batch_id", help="Where its document went last."
    )

    @api.depends("res_model", "res_id", "state")
    def _compute_batch_id(self):
        latest = {}
        domain = [
            ("connection_id", "in", self.connection_id.ids),
            ("res_model", "=", "account.move"),
            ("res_id", "in", self.mapped("res_id")),
            ("state", "!=", "taken_out"),
        ]
        for item in self.env["accountable.batch.item"].search(domain, order="id"):
            latest[item.connection_id, item.res_model, item.res_id] = item.batch_id
        for job in self:
            job.batch_id = latest.get((job.connection_id, job.res_model, job.res_id), False)

    def action_show_batch(self):
        """The batch its document went in last."""
        self.ensure_one()
        return self.batch_id._action_show()
