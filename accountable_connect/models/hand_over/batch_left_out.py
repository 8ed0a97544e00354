"""Documents that the package cannot write: out of their batch before it closes, the others go."""

import logging

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.errors import BatchRefusedError, PackageError
from ...documents.sentence import SentencesOf
from .batch import item_key

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)

# More than anybody reads in a notification.
MOST_NAMED = 3


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def action_close(self):
        """Close it now, so that it can be handed over. Says what was left out of it."""
        left_out = {}
        for batch in self._for_button():
            left_out |= batch._close_for_person()
        connection = self.connection_id.sudo()[:1]  # a button of users who read no connection
        connection._wake_lanes()
        if not left_out:
            return True
        sentence = self._sentence_left_out(left_out)
        return connection.with_env(self.env)._notify(sentence, "warning")

    def _close_for_person(self):
        """:return: see ``_close_with_the_rest``"""
        connection = self.connection_id
        try:
            connection._check_may_send()
            with connection._open_package() as package:
                return self._close_with_the_rest(package)
        except PackageError as error:
            raise UserError(connection._error_sentence(error)) from error

    def _sentence_left_out(self, left_out):
        named = [f"{name}: {sentence}" for name, sentence in left_out.values()]
        return self.env._(
            "Left out of the batch: %(count)s. They wait in the queue. %(reasons)s",
            count=len(named),
            reasons=" ".join(named[:MOST_NAMED]) + (" …" if len(named) > MOST_NAMED else ""),
        )

    def _close_with_the_rest(self, package, own=None):
        """Close it without the documents that the package cannot write: each waits for a person
        with a sentence of its own. When nothing is left it stays open, and empty.

        :param own: items whose refusal is raised
        :return: ``{item: (name, sentence)}`` of what was left out
        """
        left_out = {}
        self._lock()
        while not left_out or self._standing():
            try:
                with self.env.cr.savepoint():  # without them it has the same number
                    self._close(package)
                break
            except BatchRefusedError as error:
                refused = self._refused_by(error)
                for item in refused.keys() & set(own or ()):
                    raise refused[item] from error
                for item, reason in refused.items():
                    sentence = self.connection_id._error_sentence(reason)
                    left_out[item] = item.name, sentence
                    item._leave_out(sentence, reason.code or "refused")
        return left_out

    def _refused_by(self, error):
        """``{item: DataRefusedError}``. Raises the error itself where it names none."""
        standing = self._standing()
        refused = {
            standing[place]: reason
            for place, reason in sorted(error.refusals.items())
            if 0 <= place < len(standing)
        }
        if not refused:
            raise error
        return refused

    # Those that are due

    @api.model
    def _close_due(self, connection, package, run_state):
        """Close the batches of a connection that are due, at the end of a run. Commits. One that
        cannot close keeps no other from it.

        :param run_state: of the run; the rest follows with the next one where it has no time left
        """
        due = self.search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "open"),
                ("document_count", ">", 0),
                ("closes_at", "<=", fields.Datetime.now()),
            ],
            order="part, id",
        )
        # what is due this night belongs in them
        if due and not due[0]._awaits_documents():
            for batch in due:
                if not batch.document_count:  # as it is now
                    continue
                batch._close_when_due(package)
                if not run_state.has_time:
                    break
            connection._wake_lanes()

    def _close_when_due(self, package):
        connection = self.connection_id
        try:
            self._close_with_the_rest(package)
            connection._commit()
        except PackageError as error:
            self.env.cr.rollback()
            self._say(connection._error_sentence(error))
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Batch %s cannot be closed", self.id)
            self._say(_lt("An unexpected error; see the log of the server."))

    def _awaits_documents(self):
        """Whether documents are due that the next portions of the run put in it."""
        if self.connection_id.batch_closes == "at_once":
            return False
        return bool(
            self.env["accountable.job"].search_count(
                [
                    ("connection_id", "=", self.connection_id.id),
                    ("state", "=", "pending"),
                    ("next_try", "<=", fields.Datetime.now()),
                    ("operation", "in", ("document", "reverse")),
                ],
                limit=1,
            )
        )

    def _say(self, sentence):
        """Why it did not close; it is tried again by the next run."""
        self.message = sentence
        self.closes_at = fields.Datetime.add(fields.Datetime.now(), hours=1)
        self.connection_id._commit()


class AccountableBatchItem(models.Model):
    _inherit = "accountable.batch.item"

    def _leave_out(self, sentence, code):
        """Out of the open batch, as the package cannot write it: it waits for a person."""
        if self.state != "in_batch":
            return  # it left with the opposite that it came with
        if self.operation == "reverse":
            self._leave_out_opposite(sentence, code)
            return
        self._take_out()
        self._fail_again(sentence, code)

    def _leave_out_opposite(self, sentence, code):
        """What it was to undo stands again as if nothing had been undone: the document that came
        with it waits too, or the receiver would have it twice."""
        anew = self._anew()
        if anew and not anew._is_open():
            # that cannot be taken back any more: its opposite goes again as it is
            self.batch_id._count(-1)
            self.state = "taken_out"
            self.batch_id._find_days()
            self._fail_again(sentence, code)
            return
        anew._take_out()
        self._take_out()
        self._restore_links()
        if anew:
            anew._fail_again(sentence, code)
        else:
            self._fail_again(sentence, code)

    def _anew(self):
        """The document that stands again in place of the one which this opposite undoes."""
        return self.search(
            [
                ("connection_id", "in", self.batch_id._connections().ids),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("operation", "=", "document"),
                ("state", "in", ("in_batch", "confirmed")),
                ("undone", "=", False),
            ],
            limit=1,
        )

    def _restore_links(self):
        """The links that were closed when this opposite came in name their document again."""
        links = self.env["accountable.binding"].search(
            [
                ("connection_id", "in", self.batch_id._connections().ids),
                ("kind", "=", "document"),
                ("res_model", "=", "accountable.job"),
                ("external_key", "=", item_key(self.undoes_id.id)),
            ]
        )
        # one that was refused and went again as another
        opposites = self.search([("undoes_id", "=", self.undoes_id.id)])
        keys = {item_key(one.id) for one in opposites}
        for link in links:
            details = dict(link.details or {})
            if details.pop("reversed_by", None) in keys:
                details.pop("record", None)
                values = {"res_model": self.res_model, "res_id": self.res_id}
                link.write({**values, "details": details})
