"""The next due jobs: what is built and read for all of them at once."""

import logging
from datetime import timedelta

import psycopg2
from odoo import fields
from odoo.tools import SQL

from ...api.errors import DATA_REFUSED
from .run_state import KnownParty, Prepared, RefusedParty

_logger = logging.getLogger(__name__)

# Problems of the precheck that say what the connection does not send, and nobody has to cure.
NOT_WANTED = {"kind_not_sent", "given_already", "journal_not_sent"}
# For so long another document does not send a refused party again: packages count refusals by the
# hour, and what is wrong may be put right over there.
REFUSAL_LASTS = timedelta(hours=1)


def known_party(binding):
    """What a link says of a party; nobody looks what one holds that a person, or the set-up, has
    just said to be the same."""
    numbers = (binding.details or {}).get("numbers", {}) if binding.fingerprint else None
    return KnownParty(binding.external_key, binding.fingerprint, numbers)


class Batch:
    """Some jobs of one connection, in one run."""

    def __init__(self, jobs, run):
        self.jobs = jobs
        self.run = run
        self.env = jobs.env
        self.connection = self.env["accountable.connection"].browse(run.connection_id)

    def build(self):
        """Build the documents of the batch while Odoo's cache is warm; nothing is called."""
        kinds = self.run.capabilities.handed_over
        # what is handed over is built in smaller portions, with its files (hand_over_document.py)
        jobs = (
            self.jobs.filtered(lambda job: job.document_kind not in kinds) if kinds else self.jobs
        )
        records = [self.run.record_of(job) for job in jobs]
        self.run.prepared = {}
        moves = self._posted(
            id_
            for operation, model, id_ in records
            if (operation, model) == ("document", "account.move")
        )
        try:
            self.build_moves(moves)
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.info("A batch cannot be built at once; one by one", exc_info=True)
            for move in moves:
                self._build_alone(move)

    def _posted(self, ids):
        """Those of these documents that are there and posted, in this order. Asked by itself: a
        field of a document is read with all others, which building them does once more for the
        company."""
        moves = self.env["account.move"].browse(ids)
        moves.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL("SELECT id FROM account_move WHERE id = ANY(%s) AND state = 'posted'", moves.ids)
        )
        posted = {id_ for [id_] in rows}
        return moves.filtered(lambda move: move.id in posted)

    def _build_alone(self, move):
        try:
            self.build_moves(move)
            self.connection._commit()
        except psycopg2.OperationalError:
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Document %s cannot be built", move.id)
            self.run.prepared.pop(move.id, None)

    def build_moves(self, moves):
        """Build these documents, with their files and what is known of their parties."""
        takes_files = self.run.settings.send_files and (
            self.run.capabilities.files_with_document or self.run.capabilities.files_afterwards
        )
        prepared_moves = self.env["accountable.precheck"]._build_and_check(
            self.connection, moves, only_blocking=True
        )
        if takes_files:
            self.env["accountable.document"]._prefetch_files(moves)
        # out of the batch itself: what is computed for one is computed for all of it
        for move in moves:
            document, problems = prepared_moves[move.id]
            prepared = Prepared(
                document=document,
                problems=[problem for problem in problems if problem.blocking],
                notes={problem.code: problem.note for problem in problems if problem.note},
                stamp=move.write_date,
                journal_id=move.journal_id.id,
                in_odoo=move._accountable_bookkeeping(),
            )
            if document and takes_files:
                files, prepared.file_notes = self.env["accountable.document"]._files(move)
                prepared.files = tuple(files)
            self.run.prepared[move.id] = prepared
        self._fetch_parties()

    def _fetch_parties(self):
        """The links of the parties of the batch, so that an unchanged party costs nothing, and what
        the package refused of them."""
        ids = {
            self.run.partner_id_of(prepared.document.party)
            for prepared in self.run.prepared.values()
            if prepared.document
        }
        bindings = self.env["accountable.binding"].search_fetch(
            [
                ("connection_id", "=", self.run.connection_id),
                ("kind", "=", "party"),
                ("res_model", "=", "res.partner"),
                ("res_id", "in", list(ids - set(self.run.parties))),
            ],
            ["res_id", "external_key", "fingerprint", "details"],
        )
        for binding in bindings:
            self.run.parties[binding.res_id] = known_party(binding)
        self._fetch_refused_parties(ids)

    def _fetch_refused_parties(self, partner_ids):
        """What the package refused of these contacts, as the failed items hold it."""
        self.run.refused_parties.clear()
        if not (self.run.with_failed or self.run.counts.failed):
            return
        failed = self.jobs.search_fetch(
            [
                ("connection_id", "=", self.run.connection_id),
                ("state", "=", "failed"),
                # what an update of the contact met may be a contact person only
                ("operation", "=", "document"),
                ("refused_at", ">", fields.Datetime.now() - REFUSAL_LASTS),
                ("cause_model", "=", "res.partner"),
                ("cause_id", "in", list(partner_ids)),
                ("error_kind", "=", DATA_REFUSED),
            ],
            ["cause_id", "refused_fingerprint", "refused_at", "error_code", "message"],
            order="refused_at",
        )
        for job in failed:
            self.run.refused_parties[job.cause_id] = RefusedParty(
                job.refused_fingerprint, job.refused_at, job.error_code, job.message
            )

    def announce_look_ups(self):
        """Tell the package which documents of the batch will be looked up; those of parties it does
        not know yet are asked for one by one."""
        sought = []
        for job in self.jobs:
            operation, _model, id_ = self.run.record_of(job)
            prepared = self.run.prepared.get(id_) if operation == "document" else None
            document = prepared and prepared.document
            if document and not prepared.problems and self.run.may_be_there(document):
                known = self.run.parties.get(self.run.partner_id_of(document.party))
                if known:
                    sought.append((document, known.key))
        self.run.package.announce_look_ups(sought)
