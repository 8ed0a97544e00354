"""A mapping that changed is no change of a document: what is booked stays booked as it is, until
somebody changes the document itself. Whoever wants it mapped anew cancels it and posts it again."""

import dataclasses
import hashlib
import json

from odoo import models
from odoo.tools import SQL

from ...documents.difference import WORDS, difference

# Where a link keeps how the document stood in Odoo when it was booked; links made before have none.
IN_ODOO = "in_odoo"


class AccountMove(models.Model):
    _inherit = "account.move"

    def _accountable_bookkeeping(self):
        """Text that is equal as long as nobody changed in Odoo what is booked of this document:
        records and figures, whatever they are mapped to; its words do not count."""
        self.ensure_one()
        lines = sorted(
            json.dumps(
                [
                    line.account_id.id,
                    sorted(line.tax_ids.ids),
                    line.tax_repartition_line_id.id,
                    sorted(line.tax_tag_ids.ids),
                    line.analytic_distribution or {},
                    f"{line.balance:.6f}",
                    f"{line.amount_currency:.6f}",
                ],
                sort_keys=True,
            )
            for line in self.line_ids
        )
        head = [
            self.move_type,
            self.journal_id.id,
            self.commercial_partner_id.id,
            self.currency_id.id,
            str(self.date),
            str(self.invoice_date),
        ]
        return hashlib.sha256(json.dumps([head, lines]).encode()).hexdigest()[:32]

    def _accountable_asked(self, connection):
        """Those of these documents that an export sends: what is booked and was not changed since
        only if something of it waits, failed or was left out."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.res_id FROM accountable_binding b
                 WHERE b.connection_id = %(connection)s AND b.kind = 'document'
                   AND b.res_model = 'account.move' AND b.res_id = ANY(%(ids)s)
                   AND b.unsent IS NOT TRUE
                   AND NOT EXISTS (
                        SELECT 1 FROM accountable_job j
                         WHERE j.connection_id = b.connection_id AND j.res_model = b.res_model
                           AND j.res_id = b.res_id AND j.operation = 'document'
                           AND (j.state NOT IN ('done', 'skipped')
                                OR j.skip_reason = 'change' AND j.ended_at >= b.sent_at))
                """,
                connection=connection.id,
                ids=self.ids,
            )
        )
        return self - self.browse([id_ for [id_] in rows])


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _in_odoo_of(self, work, document):
        """What a link keeps of how the document stands in Odoo; nothing where what was booked is
        not what was prepared for it (it arrived late)."""
        prepared = self.operation == "document" and work.prepared.get(self.res_id)
        if not prepared or not prepared.document or prepared.document.lines is not document.lines:
            return {}
        return {IN_ODOO: prepared.in_odoo}

    def _as_mapped_then(self, binding, prepared, document):
        """A booked document that was not changed in Odoo, with what it was booked with: accounts,
        VAT codes, journal and contact may be mapped otherwise since. Its words are those of now.

        :return: ``(document to send, what changed)``, None when it was changed or nobody knows
        """
        sent = binding._sent_document()
        then = (binding.details or {}).get(IN_ODOO)
        if not sent or not then or then != prepared.in_odoo:
            return None
        words = {name: getattr(document, name) for name in WORDS}
        lines = sent.lines
        if [line.base for line in lines] == [line.base for line in document.lines]:
            lines = tuple(
                dataclasses.replace(line, text=now.text)
                for line, now in zip(lines, document.lines, strict=True)
            )
        present = dataclasses.replace(sent, **words, lines=lines, instalments=document.instalments)
        return dataclasses.replace(present, party=document.party), difference(sent, present)
