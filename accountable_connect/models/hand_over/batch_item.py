"""One document of a batch, as it was when it entered."""

import dataclasses
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...const import DOCUMENT_KINDS
from ...documents import Delivery, VatTotal
from ...documents.serial import document_from_values, document_to_values
from ..sentence import SentenceField
from .batch import item_key

# States in which a document stands in its batch: it is in no other one then.
STANDING = ("in_batch", "confirmed")
CHANGES_AFTER_CLOSING = {"state", "message", "undone"}


class AccountableBatchItem(models.Model):
    """``operation`` is ``document``, or ``reverse``: the opposite of an entry that went before."""

    _name = "accountable.batch.item"
    _description = "Document of a batch"
    _inherit = ["accountable.guard"]
    _order = "batch_id desc, id"

    batch_id = fields.Many2one("accountable.batch", required=True, ondelete="cascade", index=True)
    connection_id = fields.Many2one(related="batch_id.connection_id", store=True, index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    operation = fields.Char(required=True, default="document")
    undoes_id = fields.Many2one(
        "accountable.batch.item",
        ondelete="restrict",
        index="btree_not_null",
        help="Of an opposite: the document that it undoes.",
    )
    undone = fields.Boolean(help="Its opposite went, or goes: the document may go anew.")
    name = fields.Char(required=True, help="What the document is called in Odoo.")
    journal = fields.Char(help="Code of its journal in Odoo.")
    document_kind = fields.Selection(DOCUMENT_KINDS)
    partner_name = fields.Char()
    partner_vat = fields.Char()
    document_date = fields.Date()
    accounting_date = fields.Date()
    currency_id = fields.Many2one("res.currency")
    amount_total = fields.Monetary(help="Signed relative to the kind of document.")
    vat_totals = fields.Json(help="Base and VAT per code, amounts as text.")
    content = fields.Json(
        groups="accountable_connect.group_manager",
        prefetch=False,  # who looks at thousands of documents reads none of their lines
        help="The neutral document as it was, where entries go.",
    )
    given = fields.Json(
        groups="accountable_connect.group_manager",
        prefetch=False,
        help="What the package gave it when it entered: its number over there, its party's code.",
    )
    fingerprint = fields.Char(help="Tells whether the document changed since.")
    state = fields.Selection(
        [
            ("in_batch", "In the batch"),
            ("taken_out", "Taken out"),
            ("confirmed", "Confirmed"),
            ("refused", "Refused"),
        ],
        default="in_batch",
        required=True,
    )
    message = SentenceField(help="What the receiver said of it.")
    file_ids = fields.One2many("accountable.batch.file", "item_id")

    _one_standing = models.UniqueIndex(
        "(connection_id, res_model, res_id) WHERE operation = 'document'"
        " AND state IN ('in_batch', 'confirmed') AND undone IS NOT TRUE"
    )
    _one_opposite = models.UniqueIndex(
        "(undoes_id) WHERE operation = 'reverse' AND state IN ('in_batch', 'confirmed')"
    )
    _record_idx = models.Index("(res_model, res_id)")

    # As plain values, and back

    @api.model
    def _values_of(self, delivery):
        """What is kept of a :class:`Delivery`, without its files."""
        currency = self.env["res.currency"].with_context(active_test=False)
        document = delivery.document and dataclasses.replace(delivery.document, files=())
        return {
            "name": delivery.number,
            "journal": delivery.journal,
            "document_kind": delivery.kind,
            "partner_name": delivery.party_name,
            "partner_vat": delivery.party_vat_number,
            "document_date": delivery.document_date,
            "accounting_date": delivery.accounting_date,
            "currency_id": currency.search([("name", "=", delivery.currency)], limit=1).id,
            "amount_total": float(delivery.total),
            "vat_totals": [
                {
                    "code": one.code,
                    "rate": None if one.rate is None else str(one.rate),
                    "base": str(one.base),
                    "vat": str(one.vat),
                }
                for one in delivery.vat_totals
            ],
            "content": document_to_values(document) if document else False,
            "given": dict(delivery.given) or False,
        }

    def _delivery(self):
        """The document as it entered, its files to be read."""
        document = self._document()
        return Delivery(
            kind=self.document_kind,
            number=self.name,
            journal=self.journal or "",
            party_name=self.partner_name or "",
            party_vat_number=self.partner_vat or "",
            document_date=self.document_date,
            accounting_date=self.accounting_date,
            currency=self.currency_id.name,
            total=document.total if document else Decimal(str(self.amount_total)),
            vat_totals=tuple(
                VatTotal(
                    code=one["code"],
                    rate=None if one["rate"] is None else Decimal(one["rate"]),
                    base=Decimal(one["base"]),
                    vat=Decimal(one["vat"]),
                )
                for one in self.vat_totals or ()
            ),
            files=tuple(file._as_stored_file() for file in self.file_ids),
            document=document,
            given=self.sudo().given or {},  # as the content
        )

    def _document(self):
        """The neutral document as it entered, None where none goes."""
        # whoever answers for it need not read what an entry is made of
        content = self.sudo().content
        return document_from_values(content) if content else None

    # Its record and its link

    def _record(self):
        """The document in Odoo, empty when it was deleted."""
        return self.env[self.res_model].browse(self.res_id).exists()

    def _links(self):
        """The links that name these items, also of a connection that followed this one."""
        links = self.env["accountable.binding"].sudo()  # people who answer read no links
        return links.search(
            [
                ("connection_id", "in", self.batch_id._connections().ids),
                ("kind", "=", "document"),
                ("external_key", "in", [item_key(one.id) for one in self]),
            ]
        )

    @api.model
    def _of_link(self, binding):
        """The item that a link names, empty for a link with a booking."""
        model, _comma, id_ = (binding.external_key or "").partition(",")
        return self.browse(int(id_)).exists() if model == "item" else self.browse()

    def _is_open(self):
        """Whether it can still be taken out or replaced."""
        return self.state == "in_batch" and self.batch_id.state == "open"

    def _take_out(self):
        """Out of its open batch, as if it had never been in it; its link goes. Raises UserError
        when the batch closed."""
        for item in self:
            item.batch_id._count(-1)
            if item.state != "in_batch":
                raise UserError(self.env._("%(name)s is not in the batch.", name=item.name))
            item._links().unlink()
            item.file_ids.unlink()
            item.state = "taken_out"
            item.undoes_id.undone = False
        # before another one of the same document is made, which an index allows once
        self.flush_model(["state", "undone"])
        self.batch_id._find_days()

    @api.model
    def _open_of(self, records):
        """Items of these records that can still be taken out."""
        # whoever resets or deletes a document may not read batches
        return self.sudo().search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("operation", "=", "document"),
                ("state", "=", "in_batch"),
                ("batch_id.state", "=", "open"),
            ]
        )

    # Frozen

    def write(self, vals):
        if vals.keys() - CHANGES_AFTER_CLOSING:
            self.batch_id._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self.batch_id._check_open()
