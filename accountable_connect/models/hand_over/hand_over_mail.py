"""A hand-over that is an e-mail: kept under its Message-ID, so that what comes back finds it."""

import logging

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tools import plaintext2html

from ...api.channels.bounce import read_bounce
from ...documents.sentence import Quoted, SentencesOf
from ..sentence import written_for

_lt = SentencesOf(__name__)
_logger = logging.getLogger(__name__)

# Nobody follows a hand-over, and no note says that it was made.
QUIET = {"mail_create_nosubscribe": True, "mail_create_nolog": True, "tracking_disable": True}
OUTGOING = "email_outgoing"


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Odoo keeps nothing of what the receiver said: it comes along here. The mails of all of
        Odoo come by, and one that fails is never read again: nothing fails by what is done here."""
        result = super()._routing_handle_bounce(email_message, message_dict)
        try:
            bounce = read_bounce(email_message)
        except Exception:
            _logger.exception("An e-mail that came back cannot be read")
        else:
            self.env["accountable.hand.over"]._came_back(bounce)
        return result


class AccountableHandOver(models.Model):
    _inherit = "accountable.hand.over"

    @api.model_create_multi
    def create(self, vals_list):
        created = super(AccountableHandOver, self.with_context(**QUIET)).create(vals_list)
        return created.with_env(self.env)

    def _keep_letter(self, letter):
        """Store the mail under its Message-ID, as one of this hand-over; nobody is notified."""
        self.env["mail.message"].create(
            {
                "message_type": OUTGOING,
                "model": self._name,
                "res_id": self.id,
                "message_id": letter.message_id,
                "email_from": self.sent_from or letter.sender,
                "reply_to": letter.sender,
                "subject": letter.subject,
                "body": plaintext2html(letter.body),
                "author_id": False,
            }
        )

    # What comes back

    @api.model
    def _came_back(self, bounce):
        """A mail server, or what says it is one, reports on a mail. Only the Message-ID of one of
        ours counts, and all that it may lead to is that a person looks.

        :param Bounce bounce: what was read
        """
        if not bounce.message_ids:
            return
        messages = self.env["mail.message"].sudo()  # whoever runs the mail gateway
        found = messages.search(
            [
                ("model", "=", self._name),
                ("message_type", "=", OUTGOING),
                ("message_id", "in", bounce.message_ids),
            ],
            order="id desc",
            limit=1,
        )
        one = self.sudo().browse(found.res_id).exists()  # as above
        if not one:
            return
        message_id = found.message_id
        self.env.flush_all()  # what Odoo wrote before fails for itself
        try:
            with self.env.cr.savepoint():
                one._answer_bounce(message_id, bounce)
        except psycopg2.OperationalError:
            # a worker has the batch at this moment; the mail gateway reads no mail twice
            self.env.cr.postcommit.add(
                lambda: _later(self.env.cr.dbname, one.id, message_id, bounce)
            )
        except Exception:
            _logger.exception("The e-mail %s came back, which could not be stored", message_id)

    def _answer_bounce(self, message_id, bounce):
        if bounce.failed:
            self._bounced(message_id, bounce.words)
        else:
            self._note(_lt("About the e-mail: %(words)s", words=Quoted(bounce.words)))

    def _bounced(self, message_id, words):
        """The e-mail came back. Where that is news, and it was the last one, the batch is handed
        over no more: a person is asked, and nothing goes again by itself. Else it is only noted.

        :param message_id: of the e-mail that came back
        :param words: the receiver's, "" for none
        """
        self.ensure_one()
        batch = self.batch_id
        batch._lock()
        self.invalidate_recordset()
        sentence = self._sentence_of_bounce(words)
        if not self._undone_by(message_id):
            self._note(sentence)
            return
        is_again = self._is_again()
        self.write(
            {
                "state": "failed",
                "next_try": False,
                "written": False,
                "bounced_at": fields.Datetime.now(),
                "message": sentence,
            }
        )
        if not is_again:
            batch._go("closed", message=sentence)
        batch._ask_for_hand_over(sentence)
        _logger.info("The e-mail %s of batch %s came back", message_id, batch.id)

    def _undone_by(self, message_id):
        """Whether it fails by what came back: it is the last e-mail, and nobody said or did
        anything since that tells otherwise."""
        batch = self.batch_id
        others = batch.hand_over_ids - self
        last_one = self.state in ("written", "unknown", "done") and self.message_id == message_id
        waits = batch.state in ("handing_over", "handed_over") and not any(
            item.state in ("confirmed", "refused") for item in batch.item_ids
        )
        later = others.filtered(
            lambda one: (
                one in batch._unfinished()
                or (one.state == "done" and self.done_at and one._order_done() > self._order_done())
            )
        )
        return last_one and waits and not later

    def _order_done(self):
        return self.done_at, self.id

    def _is_again(self):
        """Whether the batch reached its receiver before, and stays handed over."""
        others = self.batch_id.hand_over_ids - self
        return bool(others.filtered(lambda one: one.state == "done"))

    def _sentence_of_bounce(self, words):
        values = {"batch": self.batch_id.name, "to": self.sent_to or "—"}
        if words:
            return _lt(
                "The e-mail of batch %(batch)s to %(to)s came back: %(words)s",
                **values,
                words=Quoted(words),
            )
        return _lt(
            "The e-mail of batch %(batch)s to %(to)s came back; the reason was not given.", **values
        )

    def _note(self, sentence):
        """Kept on it: what is shown where nothing else is wrong, and a note in its history."""
        if self.state == "done":
            self.message = sentence
        self._message_log(body=written_for(self.company_id.partner_id, sentence))


def _later(database, id_, message_id, bounce):
    """Once more, in a transaction of its own. Odoo fetches further mails after it."""
    try:
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            one = env["accountable.hand.over"].browse(id_)
            retrying(lambda: one._answer_bounce(message_id, bounce), env)
    except Exception:
        _logger.exception("The e-mail %s came back, which could not be stored", message_id)
