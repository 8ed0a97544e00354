"""What the administration has of a document already, and whether it is still what was sent."""

import logging

from ...api import matching
from ...api.errors import DuplicateError, OutcomeUnknownError, PackageError
from ...documents.sentence import SentencesOf
from ...documents.serial import content_of
from .job_part import JobPart, part
from .links import Links
from .made_here import MadeHere

_lt = SentencesOf(__name__)

_logger = logging.getLogger(__name__)


class LookUp(JobPart):
    """Finds a document in the administration, and compares what is there with it."""

    made_here = part(MadeHere)
    links = part(Links)

    def find_there(self, facts, document, party_key):
        """The same document in the administration, or None. Raises DuplicateError in doubt, and
        CannotGo when it is ours with other figures. Once a person said that what somebody entered
        is another one, only what carries our mark counts."""
        only_ours = bool(facts.decision)
        doubtful = []
        with self.within_limit("look_up"):
            previous = facts.elsewhere and self._find_previous(document, party_key)
            if previous:
                return previous
            found = self.run.package.find_document(document, party_key)
        found, lost = self.made_here.with_lost(found)
        for stored in self.links.unbound(found):
            answer = matching.compare(stored, document, party_key)
            if stored.key in lost and answer != matching.OURS:
                answer = matching.compare_lost(stored, document, party_key)
            if answer == matching.OURS or (answer == matching.SAME and not only_ours):
                return stored
            if answer == matching.OURS_OTHERWISE:
                self.keep_content(document)
                raise self.ours_otherwise(stored)
            if answer == matching.DOUBTFUL and not only_ours:
                doubtful.append(stored)
        if doubtful:
            self.keep_content(document)
            raise DuplicateError("Something like it is there already", candidates=doubtful)
        return None

    def _find_previous(self, document, party_key):
        """The booking an earlier connection made or linked, None when it is gone. Raises CannotGo
        when its figures are not the document's."""
        previous = self.links.previous()
        stored = previous and self.links.read_booking(previous)
        if not stored or not self.links.unbound([stored]):
            return None
        if matching.contradictions(stored, document, party_key):
            self.keep_content(document)
            raise self.ours_otherwise(stored)
        return stored

    def find_ours(self, document, party_key, number, is_first=False):
        """After a try: the document, when it is there. Raises OutcomeUnknownError when nobody
        says.

        :param is_first: the try was refused, and nothing went out before
        """
        try:
            found = self.run.package.find_document(document, party_key, number or None)
        except PackageError as error:
            raise OutcomeUnknownError(f"It cannot be looked up: {error}") from error
        found, lost = self.made_here.with_lost(found, is_first)
        for stored in self.links.unbound(found):
            answer = matching.compare(stored, document, party_key)
            if answer == matching.OURS_OTHERWISE and stored.key in lost:
                continue
            if matching.is_ours(stored, document, party_key):
                return stored
        return None

    def with_our_mark(self, document, party_key):
        """Bookings with the mark of this document, those of other records left out."""
        found = self.run.package.find_document(document, party_key)
        ours = [one for one in found if one.own_reference == document.own_reference]
        return self.links.unbound(ours)

    def is_as_sent(self, stored, document):
        """Whether a booking carries our mark and the figures and lines we would send. Cost centres
        and shares count; a package that does not say its lines is believed."""
        if stored.own_reference != document.own_reference:
            return False
        if matching.contradictions(stored, document, ""):
            return False
        lines = self.lines_of(document)
        if lines is None:
            # with a code that is gone: what stands there is not what we would send
            return False
        return not stored.lines or not lines or matching.same_lines(stored.lines, lines)

    def lines_of(self, document):
        """The lines the booking of a document has when nobody touched it; None where a code of it
        is unknown."""
        try:
            return self.run.package.lines_of(document)
        except PackageError as error:
            _logger.info("The lines of %s are not known: %s", document.number, error)
            return None

    def ours_otherwise(self, stored):
        """The reason why a booking with our mark and other figures waits for a person."""
        sentence = _lt(
            "%(name)s was booked before as %(number)s, with other figures than Odoo has now. Keep "
            "what is there, or replace it with Odoo's.",
            name=self.job.name,
            number=stored.number,
        )
        return self.question("ours_otherwise", sentence, [stored])

    def keep_content(self, document):
        """So that a decision to adopt knows what it is compared with later."""
        self.store(
            self.job.write,
            {"fingerprint": document.fingerprint(), "content": content_of(document)},
        )

    # A booking that is linked

    def check_untouched(self, binding, document):
        """The accountant's work is never overwritten."""
        stored = self.read_or_gone(binding, document.number)
        if stored.version != binding.version:
            self.keep_content(document)
            values = {"name": document.number, "number": stored.number}
            sentence = _lt(
                "%(name)s changed in Odoo, and its booking %(number)s was changed in the"
                " administration. Nothing is overwritten: decide which one counts.",
                **values,
            )
            if self.operation == "reverse" and not self.job.then_anew:
                sentence = _lt(
                    "%(name)s was cancelled in Odoo, and its booking %(number)s was changed in the"
                    " administration. Nothing is undone: decide which one counts.",
                    **values,
                )
            raise self.question("changed_in_package", sentence, [stored])

    def read_or_gone(self, binding, name):
        """The booking of a link as it is now. Raises CannotGo when it is gone."""
        with self.within_limit("look_up"):
            stored = self.links.read_booking(binding)
        if stored is None:
            could_be = self._could_be_adopted(binding)
            sentence = _lt("%(name)s was deleted in the administration.", name=name)
            if could_be:
                sentence = _lt(
                    "%(name)s: its booking %(number)s is no longer found under this number. It "
                    "may have another one now: decide.",
                    name=name,
                    number=binding.number,
                )
            raise self.question("gone", sentence, could_be)
        return stored

    def _could_be_adopted(self, binding):
        """What an accountant's booking without our mark may be by now, when it was changed and has
        another number; empty for our own, which the mark names."""
        linked = binding.adopted and binding._sent_document()
        if not linked:
            return []
        party = self.party_link(self.run.partner_id_of(linked.party))
        with self.within_limit("look_up"):
            found = self.run.package.find_document(linked, party.external_key or "")
        return [
            stored
            for stored in self.links.unbound(found)
            if stored.kind == linked.kind and not stored.own_reference
        ]
