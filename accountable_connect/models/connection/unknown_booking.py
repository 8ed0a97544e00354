"""A booking with our mark that this database never made: perhaps a copy of it works.

Nothing in a copied data folder tells it apart. But both databases go on numbering their documents
alike, and what the one books carries the mark of the other. Whoever meets such a booking stops and
asks; a restored backup meets those that were made after it.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..engine.job_part import candidate_values

# A booking that is dated later than so is accepted by itself: else nothing would be noticed any
# more until that day.
FORESEEN = timedelta(days=366)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    unknown_booking = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="A booking with our mark that this database did not make.",
    )
    bookings_known_until = fields.Date(
        copy=False,
        readonly=True,
        help="Bookings with our mark up to this date are ours: a person said so.",
    )
    known_bookings = fields.Json(
        copy=False,
        readonly=True,
        groups="base.group_system",
        help="Keys of others with our mark that a person said are ours: without a date, or far"
        " ahead.",
    )
    copy_question = fields.Char(compute="_compute_copy_question")

    @api.depends("copy_state", "unknown_booking")
    @api.depends_context("lang", "uid")
    def _compute_copy_question(self):
        for connection in self:
            asked = connection.copy_state == "copy_works"
            connection.copy_question = asked and connection._copy_question()

    def _copy_question(self):
        """The question, with the booking for those who may answer."""
        if not self.has_access("write"):
            return self._copy_question_of_all()
        booking = self.sudo().unknown_booking or {}
        return self.env._(
            "Is a copy of this database working? %(number)s of %(date)s, %(total)s, stands in the"
            " administration with the mark of this database, which never booked it. Nothing is"
            " sent or asked until a manager of %(company)s answers: “This database was moved” when"
            " the other one is gone, “This database is a copy” when the other one goes on, “It is"
            " ours, go on” when there is no other one, as after restoring a backup.",
            number=booking.get("number") or "–",
            date=self._date_of(booking),
            total=self._total_of(booking),
            company=self.company_id.name,
        )

    def _copy_question_of_all(self):
        """The question where people of a branch read it too: it names no document of the root."""
        return self.env._(
            "Is a copy of this database working? Nothing is sent or asked until a manager of"
            " accounting packages has answered."
        )

    def _date_of(self, booking):
        day = booking.get("document_date")
        return format_date(self.env, day) if day else "–"

    def _total_of(self, booking):
        if not booking.get("total"):
            return "–"
        currencies = self.env["res.currency"].with_context(active_test=False)
        currency = currencies.search([("name", "=", booking.get("currency"))], limit=1)
        currency = currency or self.company_id.currency_id
        return formatLang(self.env, float(booking["total"]), currency_obj=currency)

    def _stop_for_unknown(self, stored):
        """Stop until a manager answers. Gives the question, for who may read the booking.

        :param StoredDocument stored: with our mark, not made here
        """
        self.ensure_one()
        self.unknown_booking = candidate_values(stored)
        sentence = self._copy_question()
        self._ask_managers(self.env._("Is a copy of this database working?"), sentence)
        return sentence

    def action_is_ours(self):
        """There is no other database: what was found is ours, and so is whatever has our mark up to
        today. Sales documents of these days are looked up before they are booked."""
        self._check_asked(("copy_works",))
        connections = self.sudo()
        connections._accept_bookings()
        self._answered(connections)
        self._wake_lanes()
        return True

    def _accept_bookings(self):
        today = fields.Date.context_today(self)
        for connection in self:
            booking = connection.unknown_booking or {}
            found = fields.Date.to_date(booking.get("document_date"))
            if booking and not (found and found <= today + FORESEEN):
                keys = {*(connection.known_bookings or ()), booking["key"]}
                connection.known_bookings = sorted(keys)
                found = None
            known = [today, found, connection.bookings_known_until]
            connection.bookings_known_until = max(filter(None, known))

    def _started_on(self):
        """What is older may stand in the administration already: it was made before, or its booking
        was lost here with a backup."""
        started, known_until = self.create_date.date(), self._known_until()
        return max(started, known_until + timedelta(days=1)) if known_until else started

    def _known_until(self):
        """Up to when whatever has our mark is ours, None where nobody said that: here, or of an
        earlier connection with the same administration."""
        connections = self | self._earlier_connections()
        return max(filter(None, connections.mapped("bookings_known_until")), default=None)

    def _accepted_bookings(self):
        """Keys of those a person said are ours, one by one: here, or of an earlier connection."""
        connections = self | self._earlier_connections()
        return frozenset(key for one in connections for key in one.known_bookings or ())

    def _end_question(self):
        """Its activity is done. One that asks to sign in again stays."""
        asked = self.filtered(lambda connection: connection.state != "reconnect")
        asked.activity_ids.filtered("automated").action_feedback()
