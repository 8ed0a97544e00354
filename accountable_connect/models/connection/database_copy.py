"""Is this database a copy, or does a copy of it work? Asked, and answered by a manager.

A copied database never speaks to live books. Where the identity of the database is another one
than the connection knows, or a booking with our mark stands in the administration that this
database never made, the connection stops until somebody has answered.
"""

from collections import namedtuple
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.errors import ConfigurationMissingError
from ...documents.sentence import Amount, SentencesOf
from ...documents.serial import candidate_values
from ..sentence import in_language

_lt = SentencesOf(__name__)

# A booking that is dated later than so is accepted by itself: else nothing would be noticed any
# more until that day.
FORESEEN = timedelta(days=366)
# ``started_on``: what is older may stand in the administration already, because it was made before,
# or its booking was lost here with a backup. ``known_until``: up to when whatever has our mark is
# ours, None where nobody said that. ``accepted``: keys of those a person said are ours, one by one.
SaidOfBookings = namedtuple("SaidOfBookings", "started_on known_until accepted")
REFUSED = {
    "neutralized": "The database is neutralised",
    "copied": "The database is a copy",
    "copy_works": "Perhaps a copy of the database works",
}


class AccountableCopyQuestion(models.AbstractModel):
    """The question and its answers. An answer holds for every company of the sign-ins: superuser
    code writes it, once the right of whoever answers was checked."""

    _name = "accountable.copy.question"
    _description = "Whether a database is a copy"

    # The question

    def _ask(self, connection, stored):
        """Stop the connection until a manager answers. Gives the question, for who may read the
        booking.

        :param StoredDocument stored: with our mark, not made here
        """
        connection.unknown_booking = candidate_values(stored)
        sentence = self._sentence(connection)
        connection._ask_managers(_lt("Is a copy of this database working?"), sentence)
        return sentence

    def _sentence(self, connection):
        """The question, with the booking for those who may answer."""
        if not connection.has_access("write"):
            return self._sentence_for_all()
        booking = connection.sudo().unknown_booking or {}  # a field of the system group
        day = booking.get("document_date")
        sentence = _lt(
            "Is a copy of this database working? %(number)s of %(date)s, %(total)s, is in the "
            "administration with the mark of this database, which never booked it. Nothing is "
            "sent or asked until a manager of %(company)s answers: “This database was moved” when "
            "the other one is gone, “This database is a copy” when the other one goes on, “It is "
            "ours, go on” when there is no other one, as after restoring a backup.",
            number=booking.get("number") or "–",
            date=date.fromisoformat(day) if day else "–",
            total=self._total_of(connection, booking),
            company=connection.company_id.name,
        )
        return in_language(self.env, sentence)

    def _sentence_for_all(self):
        """The question where people of a branch read it too: it names no document of the root."""
        sentence = _lt(
            "Is a copy of this database working? Nothing is sent or asked until a manager of"
            " accounting packages has answered."
        )
        return in_language(self.env, sentence)

    def _total_of(self, connection, booking):
        if not booking.get("total"):
            return "–"
        currency = booking.get("currency") or connection.company_id.currency_id.name
        return Amount(booking["total"], currency)

    # The answers

    def _answer_copy(self, connections):
        """This database is a copy: it forgets the sign-in, sends nothing, and what it may once send
        to other books has a mark of its own."""
        identity = self.env["accountable.identity"]
        self._check_asked(connections, "copied", "copy_works")
        is_folder = any(one.copy_state == "copy_works" for one in connections)
        identity._renew_mark()
        current = identity._current()
        # an identity that is not the present one, for what a copied data folder brought along
        copied = f"copy of {current}"
        sign_ins = connections.sudo().sign_in_id  # with the connections of other companies
        if is_folder:
            self._ask_others(sign_ins, current, copied)
        for sign_in in sign_ins:
            values = {"tokens": False, "state": "new"}
            if sign_in.database_identity == current:
                # a copied data folder: its secrets are those of the other one all the same
                values["database_identity"] = copied
            sign_in.write(values)
            connections = sign_in.with_context(active_test=False).connection_ids
            self._answered(connections)
            connections.filtered(lambda one: one.active and one._has_begun()).state = "paused"

    def _ask_others(self, sign_ins, current, copied):
        """Nothing but this answer tells that the data folder was copied: what goes with another
        sign-in is a copy as well, and rests until its own manager has answered."""
        others = sign_ins.env["accountable.connection"].with_context(active_test=False)
        others.search(
            [("sign_in_id", "not in", sign_ins.ids), ("database_identity", "=", current)]
        ).database_identity = copied

    def _answer_moved(self, connections):
        """The database moved here and the other one is gone: go on from here. It may be a backup
        that is older than the last booking."""
        identity = self.env["accountable.identity"]
        self._check_asked(connections, "copied", "copy_works")
        current = identity._current()
        known = [one for connection in connections for one in identity._known_to(connection)]
        identity._move_mark(next((one for one in known if one != current), current))
        sign_ins = connections.sudo().sign_in_id  # with the connections of other companies
        sign_ins.write({"database_identity": current})
        self._accept(sign_ins.with_context(active_test=False).connection_ids)

    def _answer_ours(self, connections):
        """There is no other database: what was found is ours, and so is whatever has our mark up to
        today. Sales documents of these days are looked up before they are booked."""
        self._check_asked(connections, "copy_works")
        self._accept(connections.sudo())  # writes fields of the engine

    def _accept(self, connections):
        """What has our mark is ours, and the connections go on."""
        today = fields.Date.context_today(self)
        for connection in connections:
            booking = connection.unknown_booking or {}
            found = fields.Date.to_date(booking.get("document_date"))
            if booking and not (found and found <= today + FORESEEN):
                keys = {*(connection.known_bookings or ()), booking["key"]}
                connection.known_bookings = sorted(keys)
                found = None
            known = [today, found, connection.bookings_known_until]
            connection.bookings_known_until = max(filter(None, known))
        self._answered(connections)
        connections._wake_lanes()

    def _answered(self, connections):
        current = self.env["accountable.identity"]._current()
        connections.write({"unknown_booking": False, "database_identity": current})
        # its activity is done; one that asks to sign in again stays
        asked = connections.filtered(lambda connection: connection.state != "reconnect")
        asked.activity_ids.filtered("automated").action_feedback()
        # the identity of the mark is no field
        connections.invalidate_model(["copy_state"])

    def _check_asked(self, connections, *states):
        """Raises AccessError unless the user may change these connections, UserError unless there
        is something to answer."""
        connections.check_access("write")
        if any(connection.copy_state not in states for connection in connections):
            raise UserError(
                self.env._("The connection was started in this database: there is nothing to say.")
            )


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    # Which database it was started in: a copy of it never speaks to live books.
    database_identity = fields.Char(copy=False, readonly=True, groups="base.group_system")
    copy_state = fields.Selection(
        [
            ("original", "This database"),
            ("neutralized", "Neutralised database"),
            ("copied", "Copy, or moved"),
            ("copy_works", "Perhaps a copy works"),
        ],
        compute="_compute_copy_state",
        help="A copied database never contacts live books.",
    )
    unknown_booking = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="A booking with our mark that this database did not make.",
    )
    bookings_known_until = fields.Date(
        copy=False,
        readonly=True,
        help="Bookings with our mark up to this date count as ours: somebody confirmed it.",
    )
    known_bookings = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Keys of other bookings with our mark that somebody confirmed as ours: without a "
        "date, or far ahead.",
    )
    copy_question = fields.Char(compute="_compute_copy_question")

    @api.depends("database_identity", "sign_in_id.database_identity", "unknown_booking")
    def _compute_copy_state(self):
        for connection in self:
            connection.copy_state = self.env["accountable.identity"]._copy_state(connection)

    @api.depends("copy_state", "unknown_booking")
    @api.depends_context("lang", "uid")
    def _compute_copy_question(self):
        question = self.env["accountable.copy.question"]
        for connection in self:
            asked = connection.copy_state == "copy_works"
            connection.copy_question = asked and question._sentence(connection)

    def _identity_values(self):
        """Values for ``write`` of a connection that works here; none once it is known."""
        self.ensure_one()
        if self.sudo().database_identity:  # only the system group reads it
            return {}
        return {"database_identity": self.env["accountable.identity"]._current()}

    def _check_is_no_copy(self):
        """Raises ConfigurationMissingError in a neutralised or copied database, and while nobody
        said whether a copy works."""
        self.ensure_one()
        state = self.copy_state
        if state in REFUSED:
            raise ConfigurationMissingError(REFUSED[state], code=state)

    def _check_is_original(self):
        """Raises UserError in a copy: nothing may be started there."""
        try:
            self._check_is_no_copy()
        except ConfigurationMissingError as error:
            raise UserError(self._error_sentence(error)) from error

    def action_is_copy(self):
        """A manager says: this database is a copy."""
        self.env["accountable.copy.question"]._answer_copy(self)
        return True

    def action_is_move(self):
        """A manager says: the database moved here."""
        self.env["accountable.copy.question"]._answer_moved(self)
        return True

    def action_is_ours(self):
        """A manager says: there is no other database."""
        self.env["accountable.copy.question"]._answer_ours(self)
        return True

    # What a person said is ours

    def _said_of_bookings(self, earlier=None):
        """The :class:`SaidOfBookings` of this connection, and of earlier ones with the same
        administration.

        :param earlier: these earlier connections, where they are known already
        """
        earlier = self._earlier_connections() if earlier is None else earlier
        connections = self | earlier
        known_until = max(filter(None, connections.mapped("bookings_known_until")), default=None)
        started_on = self.create_date.date()
        if known_until:
            started_on = max(started_on, known_until + timedelta(days=1))
        accepted = frozenset(key for one in connections for key in one.known_bookings or ())
        return SaidOfBookings(started_on, known_until, accepted)
