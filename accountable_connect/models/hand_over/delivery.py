"""What of a posted entry is handed over."""

import hashlib
import json

from odoo import models

from ...documents import Delivery, VatTotal
from ...documents.amounts import ZERO


class AccountableDelivery(models.AbstractModel):
    """Makes the :class:`Delivery` of documents that go as files. Package addons that deliver the
    document itself override it; where entries go, the core makes it of the neutral document."""

    _name = "accountable.delivery"
    _description = "What is handed over of a document"

    def _deliveries(self, connection, moves, with_files=True):
        """``{move id: (Delivery or None, [Problem])}``; nothing is stored.

        :param with_files: False: only to check, without the bytes (``files`` is empty then)
        """
        if not connection._get_capabilities().entries:
            raise NotImplementedError(connection.package)
        checked = self.env["accountable.precheck"]._build_and_check(
            connection, moves, only_blocking=True
        )
        with_files = with_files and connection.send_files
        if with_files:
            self.env["accountable.document"]._prefetch_files(moves)
        result = {}
        for move in moves:
            document, problems = checked[move.id]
            files = ()
            if document and with_files:
                files, _notes = self.env["accountable.document"]._files(move)
            delivery = document and self._of_document(move, document, files)
            result[move.id] = delivery, problems
        return result

    def _of_document(self, move, document, files=()):
        """The :class:`Delivery` of a neutral document: its own, or its opposite."""
        return Delivery(
            kind=document.kind,
            number=document.number,
            journal=move.journal_id.code or "",
            party_name=document.party.name,
            party_vat_number=document.party.vat_number,
            document_date=document.document_date,
            accounting_date=document.accounting_date,
            currency=document.currency,
            total=document.total,
            vat_totals=self._vat_totals(document),
            files=tuple(files),
            document=document,
        )

    def _given(self, batch, delivery, record):
        """What the package gives a document that enters its batch, as JSON values, for
        ``Delivery.given``: frozen with it, and read by the writer. Asked in the transaction in
        which it enters, with the batch locked.

        :param dict record: ``operation`` (``document``, or ``reverse`` for an opposite entry),
            ``res_model``, ``res_id``, and ``undoes_id`` of an opposite
        :raises DataRefusedError: the document cannot enter as it is
        """
        return {}

    def _vat_totals(self, document):
        """Base and invoiced VAT per code of the administration; "" for lines without a code."""
        sums = {}
        for line in document.lines:
            base, vat = sums.get(line.vat_code or "", (ZERO, ZERO))
            sums[line.vat_code or ""] = base + line.base, vat + line.vat_invoiced
        return tuple(VatTotal(code=code, base=base, vat=vat) for code, (base, vat) in sums.items())

    def _fingerprint(self, move, delivery):
        """Tells whether a document is still what was handed over. That it was paid, or coded
        otherwise in Odoo, is no change of a delivered document: what counts is what the receiver
        reads. Of a bill that is its head and the original itself; of what we wrote, its lines too.
        An addon that knows better who wrote it may override this.

        :param delivery: also one without its files
        """
        if delivery.document:
            return delivery.document.fingerprint()
        content = [
            delivery.kind,
            delivery.number,
            delivery.party_name,
            delivery.party_vat_number,
            str(delivery.document_date),
            delivery.currency,
            str(delivery.total),
            [[one.code, str(one.rate), str(one.base), str(one.vat)] for one in delivery.vat_totals],
            move.ref or "",
        ]
        if delivery.kind.startswith("sale"):
            content += [move.payment_reference or "", str(move.invoice_date_due)]
            content += [self._line_as_read(line) for line in move.invoice_line_ids]
        else:
            # whoever hands it over may not read every file
            content.append(move.sudo().message_main_attachment_id.checksum or "")
        return hashlib.sha256(json.dumps(content).encode()).hexdigest()

    def _line_as_read(self, line):
        """What a customer reads of a line."""
        amounts = line.quantity, line.price_unit, line.discount, line.price_subtotal
        taxes = sorted(line.tax_ids.ids)
        return [line.display_type, line.name or "", *(f"{one:.6f}" for one in amounts), taxes]
