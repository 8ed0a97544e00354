"""A connection whose documents are handed over, to a package that answers nothing."""

import json
from decimal import Decimal

from odoo.addons.accountable_connect.api.contract import Capabilities
from odoo.addons.accountable_connect.api.errors import BatchRefusedError, DataRefusedError
from odoo.addons.accountable_connect.api.file_package import FilePackage
from odoo.addons.accountable_connect.const import KIND_BY_MOVE_TYPE
from odoo.addons.accountable_connect.documents import (
    PURCHASE,
    PURCHASE_REFUND,
    SALE,
    SALE_REFUND,
    Delivery,
    File,
    VatTotal,
)
from odoo.addons.accountable_connect.models.problem import problem_of

from .common import FAKE_PACKAGES, ConnectionCase

KINDS = frozenset({SALE, SALE_REFUND, PURCHASE, PURCHASE_REFUND})
ENTRIES = Capabilities(
    handed_over=KINDS,
    signs_in=False,
    settlements=False,
    reads_parties=False,
    update_document=False,
    files_with_document=False,
    files_afterwards=False,
)
DELIVERED = Capabilities(
    handed_over=KINDS,
    entries=False,
    needs=frozenset(),
    signs_in=False,
    settlements=False,
    reads_parties=False,
    update_document=False,
    files_with_document=False,
    files_afterwards=False,
    cost_centre_axes=0,
)


class FakeFilePackage(FilePackage):
    """Writes a batch of entries as one file with a line for each document. ``refused``: numbers
    that it cannot write, or ``(kind, number)``."""

    def __init__(self, capabilities, refused=()):
        self.capabilities = capabilities
        self.refused = refused

    def write(self, parcel):  # pylint: disable=method-required-super
        refusals = {
            place: DataRefusedError("no", code="fake", values={"detail": "too odd"})
            for place, one in enumerate(parcel.deliveries)
            if {one.number, (one.kind, one.number)} & self.refused
        }
        if refusals:
            raise BatchRefusedError(refusals)
        name = f"{parcel.name}.txt"
        content = "".join(self._line(one) for one in parcel.deliveries).encode()
        yield File(key=name, name=name, media_type="text/plain", content=content)

    def _line(self, delivery):
        number = delivery.given.get("number")
        words = [delivery.kind, delivery.number, str(delivery.document.total)]
        return " ".join([*words, f"as {number}"] if number else words) + "\n"


class HandOverCase(ConnectionCase):
    """``capabilities``: of the package; ``unwritten``: numbers that it cannot write."""

    capabilities = DELIVERED
    unwritten = frozenset()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection.batch_closes = "manual"
        cls.connection.channel = "download"

    @classmethod
    def _install_fake_package(cls):  # pylint: disable=missing-return
        super()._install_fake_package()
        model = cls.registry["accountable.connection"]
        original_open, original_capabilities = model._open_package, model._get_capabilities
        deliveries = cls.registry["accountable.delivery"]
        original_deliveries = deliveries._deliveries

        def _open_package(self):
            if self.package not in FAKE_PACKAGES:
                return original_open(self)
            return FakeFilePackage(cls.capabilities, cls.unwritten)

        def _get_capabilities(self):
            if self.package not in FAKE_PACKAGES:
                return original_capabilities(self)
            return cls.capabilities

        def _deliveries(self, connection, moves, with_files=True):
            if cls.capabilities.entries:
                return original_deliveries(self, connection, moves, with_files)
            return {move.id: cls._delivery(move, with_files) for move in moves}

        cls.classPatch(model, "_open_package", _open_package)
        cls.classPatch(model, "_get_capabilities", _get_capabilities)
        cls.classPatch(deliveries, "_deliveries", _deliveries)

    @classmethod
    def _delivery(cls, move, with_files):
        """A document as one small file; one without a reference is a problem where it is a bill."""
        if move.is_purchase_document(include_receipts=True) and not move.ref:
            problem = problem_of(move, "data_refused", "possible_duplicate", "It has no file.")
            return None, [problem]
        kind, sign = KIND_BY_MOVE_TYPE[move.move_type], move.direction_sign
        total = Decimal(str(move.currency_id.round(move.amount_total)))
        base = Decimal(str(move.currency_id.round(move.amount_untaxed)))
        content = json.dumps([move.name, str(total), move.narration or "", sign]).encode()
        name = move.name.replace("/", "_") + ".xml"
        file = File(key=name, name=name, media_type="application/xml", content=content)
        delivery = Delivery(
            kind=kind,
            number=move.name,
            journal=move.journal_id.code,
            party_name=move.commercial_partner_id.name,
            party_vat_number=move.commercial_partner_id.vat or "",
            document_date=move.invoice_date,
            accounting_date=move.date,
            currency=move.currency_id.name,
            total=total,
            vat_totals=(VatTotal(code="S", rate=Decimal(21), base=base, vat=total - base),),
            files=(file,) if with_files else (),
        )
        return delivery, []

    # What is there

    def batches(self, connection=None):
        """Of the connection, the first one first."""
        connection = connection or self.connection
        return (
            self.env["accountable.batch"]
            .sudo()
            .search([("connection_id", "=", connection.id)], order="id")
        )

    def items(self, records):
        """Of these documents, the first one first."""
        return (
            self.env["accountable.batch.item"]
            .sudo()
            .search([("res_model", "=", records._name), ("res_id", "in", records.ids)], order="id")
        )

    def close(self, batch=None):
        batch = batch or self.batches().filtered(lambda one: one.state == "open")
        batch.action_close()
        return batch

    def hand_over(self, batch=None):
        """Close the open batch, and say that the receiver has it."""
        batch = batch or self.close()
        batch._go("handed_over")
        return batch

    def change(self, move, amount):
        """Reset a document, change its amount, post it again."""
        move.button_draft()
        move.invoice_line_ids.price_unit = amount
        move.action_post()

    def contents(self, batch):
        """``{name: bytes}`` of what the receiver gets."""
        return {file.name: file._as_stored_file().content for file in batch._files()}
