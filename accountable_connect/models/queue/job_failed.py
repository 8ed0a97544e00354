"""What is kept of a failed item, and what a person's answer to it needs."""

from odoo import fields, models

from ...api.errors import DECISION


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    failed_at = fields.Datetime(
        copy=False, help="When it failed last; empty: its cause may be gone in the administration."
    )
    failed_fingerprint = fields.Char(
        copy=False,
        help="Of the document that the package refused; empty where it was never asked.",
    )
    tried_files = fields.Json(
        copy=False,
        groups="accountable_connect.group_manager",
        help="Keys of the files this item sent, whatever became of them.",
    )
    refused_files = fields.Json(
        copy=False,
        groups="accountable_connect.group_manager",
        help="What the package did not take: key of the file → its checksum, and why.",
    )
    matched = fields.Boolean(
        copy=False,
        help="Its change was refused because the booking is matched in the administration.",
    )

    def _copy_as_failed(self, code, message, candidates=(), kind=DECISION):
        """A failed item for a record that may be gone, beside this one."""
        self.copy(
            {
                "state": "failed",
                "error_kind": kind,
                "error_code": code,
                "message": message,
                "candidates": list(candidates) or False,
                "ended_at": False,
                "next_try": False,
            }
        )

    def _forget_refusals(self):
        """A person wants them sent again as they are, and what waits for the same contact."""
        self.filtered("refused_files").refused_files = False
        parties = self.filtered(lambda job: job.refused_fingerprint)
        for connection, jobs in parties.grouped("connection_id").items():
            self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("refused_fingerprint", "!=", False),
                    ("cause_model", "=", "res.partner"),
                    ("cause_id", "in", jobs.mapped("cause_id")),
                ]
            ).write({"refused_fingerprint": False, "refused_at": False})

    def _refused_again(self):
        """Those whose contact is still as the administration refused it. A contact may have
        hundreds of documents: it is built once for all that need it in the same way."""
        same = self.filtered("refused_fingerprint").grouped(
            lambda job: (
                job.operation,
                job.connection_id,
                job.cause_id,
                job.refused_fingerprint,
                (job.document_kind or "").startswith("sale"),
            )
        )
        again = [jobs for jobs in same.values() if jobs[:1]._would_be_refused_again()]
        return self.browse().union(*again)

    def _would_be_refused_again(self):
        # whoever changed the contact may not read what its documents are built from
        parties = self.env(su=True, context={})["accountable.party"]
        connection = parties.env["accountable.connection"].browse(self.connection_id.id)
        if self.operation == "party":
            partner = parties.env["res.partner"].browse(self.res_id).exists()
            party = partner and parties._build(connection, partner)
        else:
            move = parties.env["account.move"].browse(self.res_id).exists()
            party = move and parties._of_document(connection, move)
        return bool(party) and party.fingerprint() == self.refused_fingerprint

    def _overridable_notes(self):
        """``{code: figures}`` of what holds this document back and a person may override."""
        self.ensure_one()
        move = self._posted_move()
        # the precheck adds missing mapping rows, which users of the queue may not
        problems = self.connection_id.sudo()._precheck(move).get(move.id, ())
        return {problem.code: problem.note for problem in problems if problem.overridable}

    def _posted_move(self):
        """The document of this item as it is now, empty when there is none to send."""
        moves = self.env["account.move"]
        if self.operation != "document" or self.res_model != moves._name:
            return moves
        return moves.browse(self.res_id).exists().filtered(lambda move: move.state == "posted")

    def _bind_to(self, candidate, kind, record, **values):
        """Link a record with a candidate; ``values`` as ``_bind`` takes them."""
        self.env["accountable.binding"]._bind(
            self.connection_id.id,
            kind,
            *record,
            {
                "external_key": candidate["key"],
                "number": candidate.get("number"),
                "version": candidate.get("version"),
                **values,
            },
        )

    def _bind_own_booking(self, candidate):
        """Link the document with the booking that it is to replace. What was adopted before stays
        adopted."""
        record = self.res_model, self.res_id
        known = self.env["accountable.binding"].search(
            [
                ("kind", "=", "document"),
                ("res_model", "=", self.res_model),
                ("res_id", "=", self.res_id),
                ("external_key", "=", candidate["key"]),
            ]
        )
        adopted = not candidate.get("own_reference") or any(known.mapped("adopted"))
        self._bind_to(candidate, "document", record, adopted=adopted)
