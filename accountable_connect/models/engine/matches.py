"""A booking that cannot be changed because it is matched over there: with what, and what helps."""

import logging

from odoo.tools import format_amount, format_date

from ...api.errors import PackageError
from ...documents.settlement import PAYMENT, SET_OFF, WRITE_OFF
from .job_part import JobPart

_logger = logging.getLogger(__name__)
NAMED = 5


class Matches(JobPart):
    """What the booking of an item is matched with."""

    def sentence(self):
        """Why the booking of this item cannot be changed, "" where nobody tells what it is matched
        with."""
        binding = self.own_link()
        matches = binding and self._matches(binding.external_key)
        if not matches:
            return ""
        named = [self._match_in_words(match) for match in matches[:NAMED]]
        values = {
            "number": binding.number or "-",
            "document": self.job.name,
            "matches": "; ".join(named) + (" …" if len(matches) > NAMED else ""),
        }
        if self.connection.settlements_back:
            return self.env._(
                "The booking %(number)s of %(document)s is matched in the administration with "
                "%(matches)s, and a matched booking is not changed there. Undo the match there: "
                "the change is then sent automatically. Or press Skip, and correct it with a "
                "credit note.",
                **values,
            )
        return self.env._(
            "The booking %(number)s of %(document)s is matched in the administration with"
            " %(matches)s, and a matched booking is not changed there. Undo the match there, then"
            " press Retry. Or press Skip, and correct it with a credit note.",
            **values,
        )

    def _matches(self, key):
        """What the package says now, else what was read of it before."""
        try:
            matches = self.run.package.matches_of(key)
        except PackageError as error:
            _logger.info("What %s is matched with is not known: %s", key, error)
            matches = []
        connection = self.connection
        return matches or self.env["accountable.settlement"]._matches_read(connection, key)

    def _match_in_words(self, match):
        kinds = {
            PAYMENT: self.env._("a payment"),
            SET_OFF: self.env._("a document"),
            WRITE_OFF: self.env._("a write-off"),
        }
        currency = (
            self.env["res.currency"]
            .with_context(active_test=False)
            .search([("name", "=", match.currency)], limit=1)
        )
        amount = f"{match.amount:.2f} {match.currency}"
        if currency:
            amount = format_amount(self.env, float(match.amount), currency)
        kind = kinds.get(match.kind, self.env._("a booking"))
        named = " ".join(part for part in (kind, match.number) if part)
        text = f" ({match.text})" if match.text else ""
        return self.env._(
            "%(booking)s of %(date)s, %(amount)s%(text)s",
            booking=named,
            date=format_date(self.env, match.date),
            amount=amount,
            text=text,
        )
