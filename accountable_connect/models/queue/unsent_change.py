"""Booked documents whose change nobody sends: their kind or journal was switched off since, or
their connection was archived. Switches choose what is booked first; what is booked stays followed.
"""

import logging

import psycopg2
from odoo import api, models

from .binding import UNSENT_NOTES

_logger = logging.getLogger(__name__)


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    @api.model
    def _unsent_of(self, connections):
        """Links of these connections whose change is not sent."""
        # documents of every company that uses the connection count
        return self.sudo().search([("connection_id", "in", connections.ids), ("unsent", "=", True)])

    def _compare_with_odoo(self):
        """Of documents that nobody sends: mark which ones are not as they were booked. It only
        compares, and an error in comparing hinders nobody who posts."""
        # whoever posts may read neither links nor mappings
        for connection, bindings in self.sudo().grouped("connection_id").items():
            moves = self.env["account.move"].sudo().browse(bindings.mapped("res_id")).exists()
            posted = moves.filtered(lambda move: move.state == "posted")
            for move_id, document in self._documents_as_posted(connection, posted).items():
                binding = bindings.filtered(lambda one, move_id=move_id: one.res_id == move_id)
                if binding._is_as_booked(document):
                    binding._clear_unsent()
                else:
                    binding._mark_unsent("switched_off")

    @api.model
    def _documents_as_posted(self, connection, moves):
        """``{move id: Document}``, None for what cannot be built with the mapping there is."""
        if not moves:
            return {}
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                documents = connection.env["accountable.document"]
                built = documents._build_documents(connection, moves)
        except psycopg2.OperationalError:
            raise  # Odoo repeats the whole request
        except Exception:
            # whoever posts goes on; that it may differ is said
            _logger.exception("Documents %s cannot be compared with their bookings", moves.ids)
            built = {}
        return {move.id: built.get(move.id, (None, []))[0] for move in moves}

    def _mark_unsent(self, code):
        """Say with a note of this code that the change, or the cancellation, is not sent."""
        for binding in self.sudo():  # whoever cancels may not write links
            connection = binding.connection_id
            binding._remove_notes(*UNSENT_NOTES)
            binding._add_note(
                code,
                number=binding.number or "-",
                administration=connection.administration_name or connection.name,
            )
            binding.unsent = True
        self._invalidate_unsent()

    def _clear_unsent(self):
        """It was sent, or a person says that it is right over there."""
        marked = self.sudo().filtered("unsent")  # whoever posts may not write links
        marked._remove_notes(*UNSENT_NOTES)
        marked.unsent = False
        marked._invalidate_unsent()

    def _invalidate_unsent(self):
        """The documents show it."""
        self.flush_recordset(["unsent"])
        self.env["account.move"].browse(self.mapped("res_id")).invalidate_recordset(
            ["accountable_state", "accountable_notes"], flush=False
        )
