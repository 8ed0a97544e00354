"""One of several bookings of one document is too many: a person says which one."""

from odoo import fields

from ...api.errors import DUPLICATE
from ...documents.sentence import SentencesOf
from ...documents.serial import candidate_values, document_of
from .job_part import part
from .look_up import LookUp
from .operation import Operation

_lt = SentencesOf(__name__)

BOOKED_TWICE = "booked_twice"


class RemoveSecond(Operation):
    """Removes the booking a person chose."""

    look_up = part(LookUp)

    def send(self):
        """Remove the booking a person chose, as long as another one is left. Asks again where none
        was chosen, or it can no longer be removed."""
        content = self.job.content
        document = document_of(content["content"])
        with self.within_limit("look_up"):
            found = self.look_up.with_our_mark(document, content["party_key"] or "")
        chosen = [one for one in found if one.key == content.get("remove")]
        if len(found) < 1 + content["beside_another"]:
            self.store(self.job._end, "done")
            return
        if not chosen:
            self.store(self.store_question, found, content)
            return
        self.store(self.job.write, {"state": "sending", "sent_at": fields.Datetime.now()})
        self.run.check_lock()
        self.run.calling = True
        removed = self.run.package.remove_document(chosen[0].key)
        self.run.calling = False
        if removed:
            found.remove(chosen[0])
            self.store(self._store_removed, found)
        else:
            sentence = _lt(
                "%(number)s can no longer be removed: it is processed or matched. Correct it in"
                " the administration, then press Skip.",
                number=chosen[0].number,
            )
            raise self.question("second_processed", sentence, found)

    def store_question(self, stored, content):
        """Ask a person which of these bookings is too many.

        :param content: ``content``: the document they are of, ``party_key``: of its contact
        """
        numbers = ", ".join(one.number for one in stored)
        if self.run.capabilities.remove_document:
            cure = _lt("Press Decide and remove the one that is too many.")
        else:
            cure = _lt("Remove the one that is too many there, then press Skip.")
        values = {"name": self.job.name, "numbers": numbers, "cure": cure}
        if len(stored) > 1:
            message = _lt(
                "%(name)s is in the administration more than once: %(numbers)s. %(cure)s",
                **values,
            )
        else:
            message = _lt(
                "%(name)s: %(numbers)s arrived in the administration after Odoo stopped waiting "
                "for it. %(cure)s",
                **values,
            )
        self.job.write(
            {
                **self.job._no_error(),
                "state": "failed",
                "error_kind": DUPLICATE,
                "error_code": BOOKED_TWICE,
                "message": message,
                "candidates": [candidate_values(one) for one in stored],
                "content": {**content, "beside_another": len(stored) > 1},
                "next_try": False,
                "held_by_id": False,
                "ended_at": False,
            }
        )

    def _store_removed(self, left):
        """The link leads to one that is left."""
        binding = self.bindings("document", ("external_key", "=", self.job.content["remove"]))
        if binding and left:
            binding.write(
                {
                    "external_key": left[0].key,
                    "number": left[0].number,
                    "version": left[0].version,
                }
            )
        self.job._end("done")

    def settle_sent(self):
        """Gone, or it goes again: removing twice does no harm."""
        content = self.job.content
        if self.run.package.read_document(content["remove"]) is None:
            document = document_of(content["content"])
            found = self.look_up.with_our_mark(document, content["party_key"] or "")
            self.store(self._store_removed, found)
        else:
            self.store(self.not_there.store_not_there)
