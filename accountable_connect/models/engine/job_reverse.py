"""A document that was cancelled in Odoo after it was booked."""

import dataclasses

from odoo import models

from ...api.errors import DUPLICATE
from ...documents import Document
from ...documents.document import OPPOSITE
from .job_work import candidate_values
from .work import NotSent


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _send_reverse(self, work):
        """Remove the booking where the package can, else book the opposite document, also when
        this very booking can no longer be removed; a person decides when the accountant changed
        it."""
        facts = self._read_facts(work)
        if facts is None or facts.state != "pending":
            return
        if not facts.binding_id or (facts.move_state == "posted" and not self.then_anew):
            self._store(self._end_skipped, "replaced", work)
            return
        self._check_not_busy(facts)
        binding = self.env["accountable.binding"].browse(facts.binding_id)
        if self._is_switched_off():
            self._store(self._end_cancellation_unsent, work, binding)
            return
        document = self._document_to_undo(work, binding)
        if not facts.decision:
            self._check_untouched(work, binding, document)
        if work.capabilities.remove_document and not facts.unanswered:
            # an opposite that went out before keeps its number
            numbered = self.series or None, self.number or None
            self._store(self._store_sending, work, document, "", *numbered)
            work.check_lock()
            work.calling = True
            removed = work.package.remove_document(binding.external_key)
            if removed:
                self._store(self._store_reversed, work, "", "")
                return
            work.calling = False
        if facts.decision and not (self.content and self._is_opposite(self._sent_content())):
            self._put_back(work, binding, document)
        opposite = self._opposite(work, document, binding.external_key)
        stored = self._book_opposite(work, facts, opposite)
        self._store(self._store_reversed, work, stored.key, stored.number)

    def _put_back(self, work, binding, document):
        """A person said that Odoo counts: what the accountant changed in the booking becomes what
        was sent, or its opposite would leave the difference behind."""
        stored = self._read_or_gone(work, binding, document.number)
        if not work.capabilities.update_document or self._is_as_sent(work, stored, document):
            return
        party_key = self._ensure_party(work, document.party)
        numbered = self.series or None, self.number or None
        self._store(self._store_sending, work, document, party_key, *numbered)
        work.check_lock()
        work.calling = True
        stored = work.package.update_document(binding.external_key, document, party_key)
        work.calling = False
        self._store(binding.write, {"version": stored.version})

    def _is_switched_off(self):
        move = self.env["account.move"].browse(self.res_id).exists()
        plan = self.env["accountable.sending.plan"]._of(self.connection_id)
        return bool(move) and not plan.sends(move)

    def _end_cancellation_unsent(self, work, binding):
        self._end_skipped("setting", work)
        if not self.then_anew:
            binding._mark_unsent("cancelled_switched_off")

    def _document_to_undo(self, work, binding):
        """What was booked, out of the link. Raises NotSent when it was not we who booked it."""
        document = binding._sent_document()
        if binding.adopted or not document:
            with self._within_limit(work, "look_up"):
                stored = self._read_booking(work, binding)
            raise NotSent(
                DUPLICATE,
                "cancelled_adopted",
                self.env._(
                    "%(name)s was cancelled in Odoo; its booking %(number)s was not made by Odoo."
                    " Correct it in the administration, then press Skip.",
                    name=self.name,
                    number=binding.number,
                ),
                (self.res_model, self.res_id),
                [candidate_values(stored)] if stored else (),
            )
        return document

    def _opposite(self, work, document: Document, key):
        """The document that undoes it: the same lines and amounts, of the opposite kind."""
        kind = OPPOSITE[document.kind]
        lines = tuple(
            dataclasses.replace(
                line,
                vat_code=self._opposite_code(work, "tax", document.kind, kind, line.vat_code),
            )
            for line in document.lines
        )
        return dataclasses.replace(
            document,
            kind=kind,
            lines=lines,
            journal=self._opposite_code(work, "journal", document.kind, kind, document.journal),
            own_reference=document.own_reference + self._opposite_suffix(),
            origin_number=document.number,
            origin_key=key,
        )

    def _opposite_suffix(self):
        return f"-reverse-{self.id}"

    def _is_opposite(self, document):
        """Whether what was being sent is the opposite document, and not a removal."""
        return document.own_reference.endswith(self._opposite_suffix())

    def _opposite_code(self, work, mapping_kind, kind, opposite, code):
        """The code the opposite kind uses where this one uses ``code``; the same without
        another."""
        rows = self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", work.connection_id),
                ("kind", "=", mapping_kind),
                ("state", "=", "confirmed"),
            ]
        )
        sources = {
            row.source_key
            for row in rows
            if row.master_data_id.code == code and row.document_kind in (kind, "any")
        }
        own = self._own_sources(mapping_kind)
        sources = sources & own or sources
        if not sources and mapping_kind == "journal":
            sources = own  # mapped otherwise since it was booked
        for wanted in (opposite, "any"):
            for row in rows:
                if row.source_key in sources and row.document_kind == wanted and row.master_data_id:
                    return row.master_data_id.code
        return code

    def _own_sources(self, mapping_kind):
        """What the document itself has on Odoo's side of the mapping: several taxes may go under
        one code, and have codes of their own on credit notes."""
        move = self.env["account.move"].browse(self.res_id).exists()
        records = move.journal_id
        if mapping_kind == "tax":
            records = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        return {f"{record._name},{record.id}" for record in records}

    def _store_reversed(self, work, key, number):
        """The link is closed: a document posted again is a new one."""
        self._free_series(work)
        binding = self.env["accountable.binding"]._find(
            work.connection_id, "document", self.res_model, self.res_id
        )
        for link in binding | self._earlier_links(work, binding):
            link._clear_unsent()
            link.write(
                {
                    "res_model": self._name,
                    "res_id": self.id,
                    "details": {
                        **(link.details or {}),
                        "record": f"{self.res_model},{self.res_id}",
                        "reversed_by": key,
                        "reversed_number": number,
                    },
                }
            )
        self._end("done")
        if self.then_anew:
            self._free_document()
        work.counts.documents_sent += 1
