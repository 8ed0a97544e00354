"""The last step of the set-up: some documents of the company as the entries that the package will
receive. They are built and checked by the code that sends; nothing is called and nothing stored."""

import logging
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import format_date, formatLang

from ...const import KIND_BY_MOVE_TYPE
from ..actionable import in_order
from ..master_data.mapping_sources import MappingSources
from ..queue.cause import Way

_logger = logging.getLogger(__name__)

# So many documents are shown, one of each kind as far as there are, in this order.
SHOWN = 3
KINDS = ("sale", "purchase", "sale_refund", "purchase_refund")
# The one that would go first: where numbers have to be consecutive, no other may.
NUMBER_ORDER = "sequence_prefix, sequence_number, id"
UNDER_WAY = ("pending", "sending", "unknown")
MADE_FOR_EXAMPLES = ("account.move", "res.partner")


class NothingStored(Exception):
    """Undoes what was made for an example."""


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _preview(self, connection):
        """What the last step shows: ``{"example": bool, "entries": [{…}]}``; examples are asked
        for by themselves, as making them writes.

        :return: dictionaries for JSON; amounts and dates as the reader writes them
        """
        moves = self._documents_to_show(connection)
        return {"example": not moves, "entries": self._entries(connection, moves)}

    # Which documents

    def _documents_to_show(self, connection):
        """Those that were sent by themselves, and then the first of each kind that would go; of
        documents the reader may see."""
        moves = self.env["account.move"]
        shown = moves.search([("id", "in", self._sent_documents(connection).ids)], order="id desc")
        shown = shown[: SHOWN - 1]
        # the domain reads mappings and other settings, whoever looks
        waiting = self.env["accountable.sending.plan"]._domain_to_export(connection.sudo())
        for types in [*(self._types_of(kind) for kind in KINDS), list(KIND_BY_MOVE_TYPE)]:
            left = SHOWN - len(shown)
            one_each = 1 if len(types) < len(KIND_BY_MOVE_TYPE) else left
            if left:
                others = Domain("move_type", "in", types) & Domain("id", "not in", shown.ids)
                shown += moves.search(waiting & others, order=NUMBER_ORDER, limit=one_each)
        return shown.sorted(
            lambda move: (
                KINDS.index(KIND_BY_MOVE_TYPE[move.move_type]),
                move.sequence_prefix or "",
                move.sequence_number,
            )
        )

    def _types_of(self, kind):
        return [move_type for move_type, one in KIND_BY_MOVE_TYPE.items() if one == kind]

    def _sent_documents(self, connection):
        """Documents that went, or are to go, with this connection."""
        moves = self.env["account.move"].browse(self._jobs(connection).mapped("res_id"))
        return moves.exists()

    def _jobs(self, connection):
        # the items are the engine's; whoever connects sees what became of the documents
        jobs = self.env["accountable.job"].sudo()
        return jobs.search(
            [
                ("connection_id", "=", connection.id),
                ("operation", "=", "document"),
                ("res_model", "=", "account.move"),
                ("state", "!=", "skipped"),
            ],
            order="id",
        )

    def _may_go_first(self, connection, move):
        """Whether this document, which the person sees, may be sent by itself."""
        # the domain reads mappings and other settings; what is found is what the person may see
        waiting = self.env["accountable.sending.plan"]._domain_to_export(connection.sudo())
        under_way = self._jobs(connection).filtered(lambda job: job.state in UNDER_WAY)
        waiting &= Domain("id", "not in", under_way.mapped("res_id"))
        candidates = Domain("id", "in", move.ids)
        if move and connection._get_capabilities().consecutive_numbers:
            types = self._types_of(KIND_BY_MOVE_TYPE[move.move_type])
            candidates = Domain("journal_id", "=", move.journal_id.id) & Domain(
                "move_type", "in", types
            )
        first = self.env["account.move"].search(waiting & candidates, order=NUMBER_ORDER, limit=1)
        return bool(first) and first == move

    # Their entries

    def _entries(self, connection, moves):
        """One dictionary for each document, in their order."""
        # whoever connects need not be allowed to read mappings, taxes and contacts
        engine, moves = connection.sudo(), moves.sudo()
        checked = self.env["accountable.precheck"]._build_and_check(
            engine, moves, only_blocking=True, preview=True
        )
        names = self._names_of_codes(
            engine, [document for document, _problems in checked.values() if document]
        )
        jobs = {job.res_id: job for job in self._jobs(connection)}
        entries, goes_before = [], set()
        for move in moves:
            document, problems = checked[move.id]
            job = jobs.get(move.id)
            entry = {
                **self._head(move),
                **(self._entry(engine, move, document, names) if document else {"lines": []}),
                **self._state(engine, move, job, problems),
            }
            series = move.journal_id.id, KIND_BY_MOVE_TYPE[move.move_type]
            entry["comes_later"] = series in goes_before
            if engine._get_capabilities().consecutive_numbers and entry["state"] == "waits":
                goes_before.add(series)
            entries.append(entry)
        return entries

    def _head(self, move):
        """What is known of a document, whether it goes or not."""
        field = self.env["accountable.mapping"]._fields["document_kind"]
        kinds = dict(field._description_selection(self.env))
        return {
            "id": move.id,
            "name": move.name,
            "kind": kinds[KIND_BY_MOVE_TYPE[move.move_type]],
            "date": format_date(self.env, move.invoice_date or move.date),
            "party": move.commercial_partner_id.name or "",
            "total": self._amount(move.amount_total, move.currency_id, symbol=True),
        }

    def _entry(self, connection, move, document, names):
        """What the package receives of a document that goes."""
        currency = move.currency_id
        return {
            "journal": names.get(("journal", document.journal), document.journal),
            "party": document.party.name,
            "party_known": self._is_known(connection, move),
            "period": self._period(move, document),
            "total": self._amount(document.total, currency, symbol=True),
            "currency": document.currency,
            "lines": [self._line(line, currency, names) for line in document.lines],
            "files": self._file_names(connection, move),
        }

    def _period(self, move, document):
        """The month it is booked in, and why where Odoo has another one."""
        booked, in_odoo = (
            format_date(self.env, day, date_format="LLLL y")
            for day in (document.accounting_date, move.date)
        )
        if booked == in_odoo:
            return booked
        return self.env._(
            "%(month)s, as %(closed)s is not open there", month=booked, closed=in_odoo
        )

    def _line(self, line, currency, names):
        remarks = []
        if line.vat_owed:
            remarks.append(
                self.env._(
                    "reverse charge: VAT of %(amount)s is owed by your company",
                    amount=self._amount(line.vat_owed, currency),
                )
            )
        if line.recoverable_share not in (None, 100):
            remarks.append(
                self.env._("%(share)s %% deductible", share=f"{line.recoverable_share:.4g}")
            )
        code = line.vat_code
        return {
            "account": names.get(("ledger_account", line.ledger_account), line.ledger_account),
            "vat_code": names.get(("vat_code", code), code) if code else "",
            "cost_centres": ", ".join(filter(None, line.cost_centres)),
            "base": self._amount(line.base, currency),
            "vat": self._amount(line.vat_invoiced, currency),
            "total": self._amount(line.total, currency),
            "remark": ", ".join(remarks),
        }

    def _amount(self, amount, currency, symbol=False):
        if symbol:
            return formatLang(self.env, float(amount), currency_obj=currency)
        return formatLang(self.env, float(amount), digits=currency.decimal_places)

    def _names_of_codes(self, connection, documents):
        """``{(kind, code): code and name}`` in the administration, of what stands in these
        documents."""
        lines = [line for document in documents for line in document.lines]
        codes = {
            "journal": {document.journal for document in documents},
            "ledger_account": {line.ledger_account for line in lines},
            "vat_code": {line.vat_code for line in lines},
        }
        named = Domain.OR(
            Domain("kind", "=", kind) & Domain("code", "in", list(used))
            for kind, used in codes.items()
        )
        items = connection.env["accountable.master.data"].search(
            Domain("connection_id", "=", connection.id) & named
        )
        return {(item.kind, item.code): item.display_name for item in items}

    def _is_known(self, connection, move):
        """Whether the administration has the party, as far as that is known without asking."""
        partner = self.env["accountable.party"]._booked_partner(connection, move)
        link = self.env["accountable.binding"]._find(
            connection.id, "party", partner._name, partner.id
        )
        matched = [
            ("connection_id", "=", connection.id),
            ("partner_id", "=", partner.id),
            ("state", "in", ("matched", "accepted")),
        ]
        return bool(link or connection.env["accountable.contact.match"].search(matched, limit=1))

    def _file_names(self, connection, move):
        capabilities = connection._get_capabilities()
        if not connection.send_files or not (
            capabilities.files_with_document or capabilities.files_afterwards
        ):
            return []
        files, _notes = self.env["accountable.document"]._files(move)
        return [file.name for file in files]

    def _state(self, connection, move, job, problems):
        """How far the document is, and what keeps it back, for the widget ``actionable_errors``."""
        if job and job.state == "done":
            link = self.env["accountable.binding"]._find(
                connection.id, "document", move._name, move.id
            )
            return {"state": "booked", "number": link.number or "", "errors": {}}
        said = in_order(job.sudo(False)._alerts()) if job else False
        if job and job.state in UNDER_WAY:
            return {"state": "under_way", "number": "", "errors": said or {}}
        blocking = [problem for problem in problems if problem.blocking]
        errors = in_order(self._error(connection, problem) for problem in blocking) or said or {}
        state = "failed" if job else "blocked" if errors else "waits"
        return {"state": state, "number": "", "errors": errors}

    def _error(self, connection, problem):
        """An entry with the way to its cure; what has no row yet is missing in the mapping."""
        causes = self.env["accountable.cause"]
        way = causes._way_to(problem.cause_model, problem.cause_id)
        if problem.cause_model == connection._name:
            way = Way(self.env._("Open the mappings"), connection.action_mappings())
        return causes._entry("danger", problem.message, way)

    # Examples

    def _entries_of_examples(self, connection):
        """Entries of documents that are made for this, and are gone again."""
        entries = []
        try:
            with suppress(NothingStored), self.env.cr.savepoint():
                entries += self._entries(connection, self._make_examples(connection))
                raise NothingStored
        except UserError as error:
            # what keeps an example from being made concerns no document of the company
            _logger.info("%s has no example: %s", connection.id, error)
        for entry in entries:
            entry.update(id=False, name="")
            for error in entry["errors"].values():
                if (error.get("action") or {}).get("res_model") in MADE_FOR_EXAMPLES:
                    error.update(action_text="", action=None)
        return entries

    def _make_examples(self, connection):
        """A document of each kind that goes, with the account and the tax Odoo proposes."""
        sources = MappingSources(connection)
        # nothing of it stays, and who connects need not enter documents
        moves = (
            self.env["account.move"]
            .sudo()
            .with_company(connection.company_id)
            .with_context(tracking_disable=True)
        )
        partner = moves.env["res.partner"].create(
            {
                "name": self.env._("Example"),
                "country_id": connection.company_id.account_fiscal_country_id.id,
            }
        )
        for kind in self._kinds_of_examples(connection):
            journal = sources.journals(kind.removesuffix("_refund"))[:1]
            if journal:
                moves += moves.create(self._example_values(connection, kind, journal, partner))
        # not posted: that would wake whatever follows a posted document
        moves.write({"state": "posted"})
        return moves

    def _kinds_of_examples(self, connection):
        sent = self.env["accountable.sending.plan"]._kinds(connection)
        return [kind for kind in KINDS if kind in sent][:SHOWN]

    def _example_values(self, connection, kind, journal, partner):
        company = connection.company_id.sudo()  # its taxes, whoever may read them
        day = max(fields.Date.context_today(connection), connection.start_date)
        name = self.env._("Example")
        is_sale = kind.startswith("sale")
        tax = company.account_sale_tax_id if is_sale else company.account_purchase_tax_id
        line = {"name": name, "price_unit": 100, "tax_ids": [Command.set(tax.ids)]}
        if journal.default_account_id:
            line["account_id"] = journal.default_account_id.id
        return {
            "move_type": self._types_of(kind)[0],
            "journal_id": journal.id,
            "partner_id": partner.id,
            "invoice_date": day,
            "date": day,
            "ref": name,
            "invoice_line_ids": [Command.create(line)],
        }


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    preview = fields.Json(
        compute="_compute_preview", help="Documents as the entries the package will receive."
    )

    has_examples = fields.Boolean(compute="_compute_preview")
    may_send_first = fields.Boolean(compute="_compute_may_send_first")

    @api.depends("step", "start_date", "rest_waits")
    @api.depends_context("lang", "uid")
    def _compute_preview(self):
        set_up = self.env["accountable.set.up"]
        for connection in self:
            is_shown = connection.step == "summary" and connection.start_date
            connection.preview = is_shown and set_up._preview(connection._origin)
            connection.has_examples = bool(connection.preview and connection.preview["example"])

    @api.depends("step", "state", "can_start")
    @api.depends_context("uid")
    def _compute_may_send_first(self):
        """Nothing is missing, and the reader may start the connection."""
        for connection in self:
            connection.may_send_first = (
                connection.can_start
                and connection.state != "paused"
                and connection.copy_state == "original"
                and connection._origin.has_access("write")
            )

    def read_examples(self):
        """The entries that the form asks for by themselves: examples, where the company has no
        document that would go, and files that go."""
        self.ensure_one()
        self.check_access("read")
        if self.step != "summary" or not self.start_date:
            return []
        return self.env["accountable.set.up"]._entries_of_examples(self)

    def action_send_first(self, move_id):
        """Start with this document alone; the others wait for ``action_send_rest``."""
        self.ensure_one()
        self.check_access("write")
        move = self.env["account.move"].browse(move_id)
        self.env["accountable.set.up"]._send_first(self, move)
        return True

    def action_send_rest(self):
        """After documents that were sent by themselves: all others."""
        return self.action_start()
