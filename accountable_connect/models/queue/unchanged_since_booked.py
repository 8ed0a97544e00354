"""Whether a document is still as it was booked. A mapping that changed is no change of a document:
what is booked stays booked as it is, until somebody changes the document itself. Whoever wants it
mapped as now cancels it and posts it again."""

import dataclasses
import hashlib
import json

from odoo import fields, models

from ...documents.difference import WORDS, difference

# Where a link keeps how the document stood in Odoo when it was booked; links made before have none.
IN_ODOO = "in_odoo"


def in_odoo_details(prepared, document):
    """The part of a link's ``details`` that says how its document stands in Odoo. Empty where what
    was booked is not what was prepared for it (it arrived late).

    :param prepared: what was prepared of the document, None for its opposite
    """
    if not prepared or not prepared.document or prepared.document.lines is not document.lines:
        return {}
    return {IN_ODOO: prepared.in_odoo}


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


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    def _is_as_booked(self, document):
        """Whether a document, None where it cannot be built, is what was booked."""
        self.ensure_one()
        return document is not None and self.fingerprint in {
            one.fingerprint() for one in self._in_booked_period(document)
        }

    def _in_booked_period(self, document):
        """A document that is booked keeps its period: that it was closed meanwhile moves nothing,
        or the VAT return of that period would no longer be what was filed.

        :return: the document with the date it was booked on, and with the date it has in Odoo
        """
        own = self.env[self.res_model].browse(self.res_id).date
        if document.accounting_date == own:
            return document, document
        booked = ((self.details or {}).get("content") or {}).get("accounting_date")
        booked = fields.Date.to_date(booked) or document.accounting_date
        return (
            dataclasses.replace(document, accounting_date=booked),
            dataclasses.replace(document, accounting_date=own),
        )

    def _as_mapped_when_booked(self, in_odoo, document):
        """A booked document that was not changed in Odoo, with what it was booked with: accounts,
        VAT codes, journal and contact may be mapped otherwise since. Its words are those of now.

        :param in_odoo: how the document stands in Odoo now, see ``_accountable_bookkeeping``
        :return: ``(document to send, what changed)``, None when it was changed or nobody knows
        """
        sent = self._sent_document()
        then = (self.details or {}).get(IN_ODOO)
        if not sent or not then or then != in_odoo:
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
