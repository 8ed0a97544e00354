"""The files of a document that go after its booking."""

from odoo import fields

from ...api.errors import DATA_REFUSED, OUTCOME_UNKNOWN, DataRefusedError
from ...documents.sentence import Sentence, SentencesOf, joined
from ..queue.job_unanswered import UNSETTLED, WAITING
from .job_part import JobPart, part
from .operation import Operation
from .run_state import CannotGo, Held

_lt = SentencesOf(__name__)


class Files(JobPart):
    """Which files of a document are in the administration."""

    def bound(self, files):
        """Keys of the files that are in the administration."""
        ids = [int(file.key.partition(",")[2]) for file in files]
        files = ("res_model", "=", "ir.attachment"), ("res_id", "in", ids)
        bindings = self.bindings("file", *files)
        return {f"ir.attachment,{binding.res_id}" for binding in bindings}

    def bind(self, document_key, file_key, name, checksum):
        model, _comma, id_ = file_key.partition(",")
        self.env["accountable.binding"]._bind(
            self.run.connection_id,
            "file",
            model,
            int(id_),
            {
                "external_key": f"{document_key}#{file_key}",
                "number": name,
                "fingerprint": checksum,
            },
        )
        self.run.counts.files_sent += 1

    def enqueue_rest(self, sent):
        """The files that could not go with the booking follow by themselves, in an item of their
        own that also says which ones cannot.

        :param sent: the files that went with the booking just now
        """
        prepared = self.run.prepared.get(self.res_id)
        if self.operation != "document" or not prepared:
            return
        left = []
        if len(sent) < len(prepared.files) and self.run.capabilities.files_afterwards:
            known = self.bound(prepared.files)
            left = [file for file in prepared.files if file.key not in known]
        if left or prepared.file_notes:
            move = self.env["account.move"].browse(self.res_id)
            move._accountable_enqueue_files(self.run.connection_id)


class SendFile(Operation):
    """Attaches the files of a document that is booked."""

    files = part(Files)

    def send(self):
        """Attach those files of a document that are not there yet. A file problem never undoes a
        booking, nor holds up another file; a file that was refused waits for a person."""
        facts = self.read_facts()
        if not self.may_go(facts):
            return
        if not facts.external_key:
            self._wait_for_document()
            return
        move = self.env["account.move"].browse(self.res_id)
        files, notes = self.env["accountable.document"]._files(move)
        done = self.files.bound(files)
        if not self.run.capabilities.files_afterwards:
            files = ()
        place, notes, refused = facts.file_place or "", list(notes), None
        empty = len(notes)
        for file in files:
            if file.key in done:
                continue
            if sentence := self._refused_before(file):
                notes.append(sentence)
                continue
            try:
                place = self._attach(facts.external_key, file, place)
            except DataRefusedError as error:
                self.env.cr.rollback()
                self.run.calling = False
                sentence = self._file_sentence(file, error)
                notes.append(sentence)
                self.store(self._store_refused_file, file, sentence)
                refused = error
        if refused and len(notes) == 1:
            raise refused
        if notes:
            code = "empty_file" if len(notes) == empty else "file_refused"
            raise CannotGo(DATA_REFUSED, code, joined(*notes), (self.res_model, self.res_id))
        self.store(self.job._end, "done")

    def _file_sentence(self, file, error):
        return joined(file.name, ": ", self.connection._error_sentence(error), between="")

    def _refused_before(self, file):
        """Why the package did not take this file as it is, "" when it was not refused."""
        checksum, sentence = (self.job.refused_files or {}).get(file.key, ("", ""))
        return Sentence(sentence) if checksum == file.checksum else ""

    def _store_refused_file(self, file, sentence):
        refused = {**(self.job.refused_files or {}), file.key: [file.checksum, sentence.data]}
        self.job.refused_files = refused

    def _attach(self, document_key, file, place):
        """Attach one file; gives the place the files of the booking hang in. Commits."""
        tried = self.job.tried_files or []
        self.store(
            self.job.write,
            {
                "state": "sending",
                "sent_at": fields.Datetime.now(),
                "tried_files": sorted({*tried, file.key}),
            },
        )
        self.run.check_lock()
        self.run.calling = True
        with self.within_limit("file"):
            found = self.run.package.attach_file(
                document_key, file, place=place, again=file.key in tried
            )
        self.run.calling = False
        self.store(self._store_attached, document_key, file, place, found)
        return found or place

    def _store_attached(self, document_key, file, known_place, place):
        self.files.bind(document_key, file.key, file.name, file.checksum)
        if place and place != known_place:
            binding = self.own_link()
            if binding:
                binding.details = {**(binding.details or {}), "file_place": place}

    def _wait_for_document(self):
        states = (*WAITING, *UNSETTLED)
        document = self.items(("operation", "=", "document"), ("state", "in", states), limit=1)
        if document:
            raise Held(document.id, _lt("It follows when the document is booked."))
        self.store(self.job._end, "skipped", skip_reason="replaced")

    def settle(self):
        self.store(self._store_settled)

    def _store_settled(self):
        """Once it can arrive no more, it goes again where the package looks for the file first.
        Else a person looks: two of it do less harm than none, but nobody decides that alone."""
        if self.job._may_arrive_until():
            self.job._store_look_later(
                _lt("No answer came while a file was sent, and it may still arrive.")
            )
            return
        self.job.write({"unanswered": False, "not_there_at": False})
        newer = self.job._waiting_twin()
        if newer:
            # what this one tried, the newer one would send a second time
            tried = {*(self.job.tried_files or ()), *(newer.tried_files or ())}
            newer.tried_files = sorted(tried)
        if self.run.capabilities.finds_files:
            self.job._make_pending()
            return
        if newer:
            newer.write(self._lost_file())
            self.job._end("skipped", skip_reason="replaced")
            return
        self.job.write(self._lost_file())
        self.job._release_held()

    def _lost_file(self):
        return {
            "state": "failed",
            "error_kind": OUTCOME_UNKNOWN,
            "next_try": False,
            "held_by_id": False,
            "message": _lt(
                "No answer came while a file was sent. Look whether it is there, then press Retry"
                " or Skip."
            ),
        }
