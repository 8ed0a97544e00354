"""Whether a document that is delivered as it is still is what was handed over."""

from odoo import api, models

from ...documents import Delivery


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    @api.model
    def _documents_as_posted(self, connection, moves):
        if connection._get_capabilities().entries:
            return super()._documents_as_posted(connection, moves)
        deliveries = connection.env["accountable.delivery"]
        built = deliveries._deliveries(connection, moves, with_files=False) if moves else {}
        return {move.id: built.get(move.id, (None, []))[0] for move in moves}

    def _is_as_booked(self, document):
        if not isinstance(document, Delivery):
            return super()._is_as_booked(document)
        move = self.env[self.res_model].browse(self.res_id)
        fingerprint = self.env["accountable.delivery"]._fingerprint(move, document)
        return self.fingerprint == fingerprint
