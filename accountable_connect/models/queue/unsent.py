"""Booked documents whose change nobody sends: their kind or journal was switched off since, or
their connection was archived. Switches choose what is booked first; what is booked stays followed.
"""

import dataclasses
import logging

import psycopg2
from odoo import fields, models
from odoo.fields import Domain

from .binding import UNSENT_NOTES

_logger = logging.getLogger(__name__)


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    def _tell_unsent(self):
        """Of documents that nobody sends: say which ones are not as they were booked. It only
        compares, and an error in comparing hinders nobody who posts."""
        for connection, bindings in self.sudo().grouped("connection_id").items():
            moves = self.env["account.move"].sudo().browse(bindings.mapped("res_id")).exists()
            posted = moves.filtered(lambda move: move.state == "posted")
            for move_id, document in connection._documents_as_posted(posted).items():
                binding = bindings.filtered(lambda one, move_id=move_id: one.res_id == move_id)
                if binding._is_as_booked(document):
                    binding._forget_unsent()
                else:
                    binding._note_unsent("switched_off")

    def _note_unsent(self, code):
        for binding in self.sudo():
            connection = binding.connection_id
            binding._remove_notes(*UNSENT_NOTES)
            binding._add_note(
                code,
                number=binding.number or "-",
                administration=connection.administration_name or connection.name,
            )
            binding.unsent = True
        self._unsent_is_shown()

    def _forget_unsent(self):
        """It was sent, or a person says that it is right over there."""
        told = self.sudo().filtered("unsent")
        told._remove_notes(*UNSENT_NOTES)
        told.unsent = False
        told._unsent_is_shown()

    def _unsent_is_shown(self):
        self.flush_recordset(["unsent"])
        self.env["account.move"].browse(self.mapped("res_id")).invalidate_recordset(
            ["accountable_state", "accountable_notes"], flush=False
        )

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


class AccountableJob(models.Model):
    _inherit = "accountable.job"

    def _document_links(self):
        """The links of the documents of these items."""
        found = self.env["accountable.binding"].sudo()
        for connection, jobs in (
            self.filtered(lambda job: job.operation == "document").grouped("connection_id").items()
        ):
            found |= found.search(
                [
                    ("connection_id", "=", connection.id),
                    ("kind", "=", "document"),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", jobs.mapped("res_id")),
                ]
            )
        return found


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    unsent_count = fields.Integer(
        compute="_compute_unsent_count", string="Documents that changed and are not sent"
    )

    def _compute_unsent_count(self):
        counts = dict(
            self.env["accountable.binding"]
            .sudo()
            ._read_group(
                [("connection_id", "in", self._origin.ids), ("unsent", "=", True)],
                ["connection_id"],
                ["__count"],
            )
        )
        for connection in self:
            connection.unsent_count = counts.get(connection._origin.sudo(), 0)

    def action_unsent(self):
        """The documents that changed after they were booked, and whose change is not sent."""
        self.ensure_one()
        self.check_access("read")
        bindings = self._unsent_bindings(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changed and not sent"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", bindings.mapped("res_id"))],
            "context": {"create": False},
        }

    def _unsent_bindings(self, connections):
        return (
            self.env["accountable.binding"]
            .sudo()
            .search([("connection_id", "in", connections.ids), ("unsent", "=", True)])
        )

    def _enqueue_unsent(self):
        """Put in the queue what changed while nobody sent it, where it goes again; also what was
        booked with an archived connection to the same administration."""
        senders = {
            id_: sender
            for company in self._who_sends().values()
            for id_, sender in company.items()
            if sender in self.ids
        }
        bindings = self._unsent_bindings(self.browse(senders))
        moves = self.env["account.move"].sudo().browse(bindings.mapped("res_id")).exists()
        (moves - self._with_open_item(moves))._accountable_enqueue()
        told = self._told_when_archived(senders)
        moves |= moves.browse(told.mapped("res_id")).exists()
        told._end("skipped", skip_reason="replaced")
        moves.filtered(lambda move: move.state == "cancel")._accountable_enqueue_reverse()
        for connection in self.filtered(lambda one: one._sends()):
            connection._enqueue_switched_on()

    def _enqueue_switched_on(self):
        """What waited when its kind or journal was switched off goes once that is on again."""
        ended = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.id),
                    ("operation", "=", "document"),
                    ("state", "=", "skipped"),
                    ("skip_reason", "=", "setting"),
                ]
            )
        )
        if not ended:
            return
        wanted = self._documents_to_export_domain() & Domain("id", "in", ended.mapped("res_id"))
        moves = self.env["account.move"].sudo().search(wanted)
        if self._enqueue_documents(moves - self._with_open_item(moves)):
            self._wake_lanes()

    def _told_when_archived(self, connection_ids):
        """Items of documents that were cancelled while nobody spoke to the administration, and that
        no person settled."""
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "in", list(connection_ids)),
                    ("state", "=", "failed"),
                    ("error_code", "=", "connection_archived"),
                ]
            )
        )

    def _with_open_item(self, moves):
        """Documents that wait here already, or whose item waits for a person."""
        jobs = (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("connection_id", "in", self.ids),
                    ("res_model", "=", moves._name),
                    ("res_id", "in", moves.ids),
                    ("operation", "=", "document"),
                    ("state", "in", ("pending", "failed")),
                ]
            )
        )
        return moves.browse(jobs.mapped("res_id"))

    def _documents_as_posted(self, moves):
        """``{move id: Document}``, None for what cannot be built with the mapping there is."""
        if not moves:
            return {}
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                built = self.env["accountable.document"]._build_documents(self, moves)
        except psycopg2.OperationalError:
            raise  # Odoo repeats the whole request
        except Exception:
            # whoever posts goes on; that it may differ is said
            _logger.exception("Documents %s cannot be compared with their bookings", moves.ids)
            built = {}
        return {move.id: built.get(move.id, (None, []))[0] for move in moves}


class AccountMove(models.Model):
    _inherit = "account.move"

    def _accountable_targets(self):
        """``([(document, plan)], links)``: where these documents go, those that are booked whatever
        their date now is; and the links of booked ones whose change nobody sends. Asks the database
        only about documents of companies with a connection that does not want them."""
        wanted = {move: move._accountable_plans() for move in self}
        senders = self.env["accountable.connection"]._who_sends()
        rest = self.filtered(
            lambda move: (
                senders.get(move.company_id.root_id.id, {}).keys()
                - {plan.connection_id for plan in wanted[move]}
            )
        )
        unsent = self.env["accountable.binding"].sudo()
        for binding in rest._accountable_document_bindings():
            move = self.browse(binding.res_id)
            of_company = senders.get(move.company_id.root_id.id, {})
            sender = of_company.get(binding.connection_id.id, 0)
            if move.state != "posted" or any(plan.connection_id == sender for plan in wanted[move]):
                continue
            plans = [
                plan for plan in move._accountable_switched_on() if plan.connection_id == sender
            ]
            wanted[move] += plans
            if not plans:
                unsent |= binding
        return [(move, plan) for move in self for plan in wanted[move]], unsent

    def _accountable_current_links(self):
        """Their links, one for each administration. What an archived connection booked is handed
        over to the one that serves its administration now."""
        bindings = self._accountable_document_bindings()
        senders = self.env["accountable.connection"]._who_sends()
        for binding in bindings:
            of_company = senders.get(self.browse(binding.res_id).company_id.root_id.id, {})
            sender = of_company.get(binding.connection_id.id) or binding.connection_id.id
            if sender == binding.connection_id.id:
                continue
            taken = bindings.search_count(
                [
                    ("connection_id", "=", sender),
                    ("kind", "=", "document"),
                    "|",
                    ("external_key", "=", binding.external_key),
                    "&",
                    ("res_model", "=", binding.res_model),
                    ("res_id", "=", binding.res_id),
                ],
                limit=1,
            )
            if taken:
                bindings -= binding
            else:
                binding.connection_id = sender
        return bindings

    def action_accountable_settle_unsent(self):
        """A person says that the administration has it right: nothing is sent."""
        self._check_accountable_user()
        self._accountable_document_bindings()._forget_unsent()
        return True
