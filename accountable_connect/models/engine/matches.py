"""A booking that cannot be changed because it is matched over there: with what, and what helps."""

import logging

from ...api.errors import PackageError
from ...documents.sentence import Amount, SentencesOf, joined
from ...documents.settlement import PAYMENT, SET_OFF, WRITE_OFF
from .job_part import JobPart

_lt = SentencesOf(__name__)

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
            "matches": joined(
                joined(*named, between="; "), " …" if len(matches) > NAMED else "", between=""
            ),
        }
        if self.connection.settlements_back:
            return _lt(
                "The booking %(number)s of %(document)s is matched in the administration with "
                "%(matches)s, and a matched booking is not changed there. Undo the match there: "
                "the change is then sent automatically. Or press Skip, and correct it with a "
                "credit note.",
                **values,
            )
        return _lt(
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
            PAYMENT: _lt("a payment"),
            SET_OFF: _lt("a document"),
            WRITE_OFF: _lt("a write-off"),
        }
        kind = kinds.get(match.kind, _lt("a booking"))
        text = f" ({match.text})" if match.text else ""
        return _lt(
            "%(booking)s of %(date)s, %(amount)s%(text)s",
            booking=joined(kind, match.number),
            date=match.date,
            amount=Amount(match.amount, match.currency),
            text=text,
        )
