"""What can be said about a document before anybody is called: does it go, when, and how it is
rounded. What concerns its VAT, contact and cost of goods stands in files of their own."""

from datetime import date

from odoo import models
from odoo.tools import format_date

from ...const import KIND_BY_MOVE_TYPE
from ...documents import COST_CENTRE, COST_UNIT
from ...documents.period import Period, open_accounting_date, period_of
from ...documents.problem import Problem
from ..master_data.code_resolver import MappedTranslation
from .precheck_facts import PrecheckFacts


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _precheck(self, moves):
        """``{move id: [Problem]}``: everything that keeps a document from being sent, and warnings
        (``blocking`` false). Nothing outside is called."""
        return {
            move_id: problems for move_id, (_document, problems) in self._prepare(moves).items()
        }

    def _prepare(self, moves, only_blocking=False):
        """``{move id: (Document or None, [Problem])}``: built and checked in one pass.

        There is a document only when no problem blocks it that a person cannot override.
        ``only_blocking``: warnings that cost something to find are not looked for.
        """
        self.ensure_one()
        capabilities = self._get_capabilities()
        translation = MappedTranslation(self)
        built = self.env["accountable.document"]._prepare(
            moves, connection=self, translation=translation
        )
        facts = PrecheckFacts(self, translation, capabilities, moves)
        prepared = {}
        for move in moves.with_company(self.company_id):
            document, problems = built[move.id]
            problems = problems + [
                problem
                for problem in self._precheck_move(move, document, facts)
                if problem not in problems
            ]
            if not only_blocking:
                problems += self._precheck_for_people(move, document, facts)
            blocked = any(problem.blocking and not problem.overridable for problem in problems)
            prepared[move.id] = (None if blocked else document, problems)
        return prepared

    def _precheck_move(self, move, document, facts):
        kind = KIND_BY_MOVE_TYPE.get(move.move_type)
        if not kind or move.state != "posted":
            return []
        return [
            *self._precheck_scope(move, kind),
            *self._precheck_journal(move, kind, facts),
            *self._precheck_period(move, kind, facts),
            *self._precheck_rounding(move),
            *self._precheck_contact(move),
            *self._precheck_vat_country(move, facts),
            *self._precheck_vat_number(move, kind, facts),
            *self._precheck_accounts(move, kind, facts),
            *self._precheck_document(move, document, facts),
        ]

    def _precheck_for_people(self, move, document, facts):
        """Warnings that cost something to find: nobody waits for them while documents are sent."""
        if move.move_type not in KIND_BY_MOVE_TYPE or move.state != "posted":
            return []
        return [
            *(self._precheck_duplicate(move) if document else ()),
            *self._precheck_double_contact(move, facts),
            *self._precheck_cost_of_goods(move),
        ]

    def _problem(self, error_kind, code, message, cause, blocking=True):
        return Problem(
            error_kind=error_kind,
            code=code,
            message=message,
            cause_model=cause._name,
            cause_id=cause.id,
            blocking=blocking,
        )

    # Does the document go at all?

    def _precheck_scope(self, move, kind):
        _ = self.env._
        problems = []
        company = move.company_id._accountable_company()
        if company != self.company_id and not self._is_booked(move):
            if company.parent_id and self.company_id in company.sudo().parent_ids:
                message = company._accountable_left_out_sentence()
            else:
                message = _(
                    "%(document)s belongs to %(company)s, not to the company of this connection.",
                    document=move.name,
                    company=move.company_id.name,
                )
            problems.append(self._problem("data_refused", "other_company", message, move))
        is_receipt = move.move_type in ("out_receipt", "in_receipt")
        if kind.startswith("purchase") and self.peppol_receiver == "package":
            message = _("The package receives the bills itself: vendor bills of Odoo stay here.")
            problems.append(
                self._problem("configuration_missing", "package_receives", message, self)
            )
        elif kind not in self._kinds_sent() or (is_receipt and not self.send_receipts):
            message = _("The connection does not send documents of this kind.")
            problems.append(self._problem("configuration_missing", "kind_not_sent", message, self))
        start = self._precheck_start(move)
        return problems if start and self._is_followed(move) else problems + start

    def _precheck_start(self, move):
        """The start date says what is booked first."""
        _ = self.env._
        problems = []
        if self.opening_items_until and move.date <= self.opening_items_until:
            message = _(
                "The document is an opening item: its date is not after %(date)s.",
                date=self.opening_items_until,
            )
            problems.append(self._problem("data_refused", "opening_item", message, self))
        elif self.start_date and move.date < self.start_date:
            message = _(
                "The accounting date %(date)s is before the start date %(start)s of the"
                " connection.",
                date=move.date,
                start=self.start_date,
            )
            problems.append(self._problem("data_refused", "before_start_date", message, self))
        return problems

    def _precheck_journal(self, move, kind, facts):
        """A journal that is switched off, also of a booked document, which is built all the
        same."""
        problems = []
        facts.translation.journal(move.journal_id, kind, problems)
        return [problem for problem in problems if problem.code == "journal_not_sent"]

    # Periods

    def _get_periods(self):
        """The periods of the administration as master data has them, ``[Period]``."""
        self.ensure_one()
        rows = (
            self.env["accountable.master.data"]
            .sudo()
            .search_fetch([("connection_id", "=", self.id), ("kind", "=", "period")], ["details"])
        )
        return [
            Period(
                date_from=date.fromisoformat(details["date_from"]),
                date_to=date.fromisoformat(details["date_to"]),
                book_year=str(details.get("book_year") or ""),
                closed=bool(details.get("closed")),
                closed_journals=tuple(details.get("closed_journals") or ()),
            )
            for details in rows.mapped(lambda row: row.details or {})
            if details.get("date_from") and details.get("date_to")
        ]

    def _open_accounting_date(self, move, journal="", periods=None):
        """The date a document is booked on, ``None`` when its period is closed and it waits.

        ``journal``: the administration's code; ``periods``: those of ``_get_periods``, handed in
        for a batch.
        """
        self.ensure_one()
        periods = self._get_periods() if periods is None else periods
        may_move = self.late_bills_to_open_period and move.is_purchase_document(
            include_receipts=True
        )
        return open_accounting_date(periods, move.date, journal, may_move)

    def _precheck_period(self, move, kind, facts):
        journal = facts.translation.journal(move.journal_id, kind, [])
        if self._open_accounting_date(move, journal, facts.periods) or self._is_booked(move):
            # what is booked keeps its period; whether a change may still go there, the package says
            return []
        if not period_of(facts.periods, move.date):
            message = self.env._(
                "The administration has no period for %(date)s. Its book years: %(years)s.",
                date=format_date(self.env, move.date),
                years=facts.book_years() or "-",
            )
        else:
            message = self.env._(
                "The period of %(date)s is closed in the administration. Open periods are in:"
                " %(years)s.",
                date=format_date(self.env, move.date),
                years=facts.open_book_years(journal) or "-",
            )
        return [self._problem("period_closed", "period_closed", message, move)]

    def _is_followed(self, move):
        """Whether it is booked in this administration, be it with an earlier connection: then it
        goes whatever its date is."""
        senders = self._who_sends().get(move.company_id.root_id.id, {})
        return any(
            senders.get(binding.connection_id.id) == self.id
            for binding in move._accountable_document_bindings()
        )

    def _is_booked(self, move):
        return bool(self.env["accountable.binding"]._find(self.id, "document", move._name, move.id))

    # Rounding

    def _precheck_rounding(self, move):
        _ = self.env._
        problems = []
        rounding = move.invoice_cash_rounding_id
        changes_tax = move.line_ids.filtered(
            lambda line: line.display_type == "rounding" and line.tax_repartition_line_id
        )
        if changes_tax:
            message = _(
                "Cash rounding %(rounding)s changes the VAT. Choose the strategy “Add a rounding"
                " line”: the VAT is computed before rounding.",
                rounding=rounding.name,
            )
            problems.append(
                self._problem("data_refused", "cash_rounding_on_tax", message, rounding or move)
            )
        if (
            move.is_sale_document(include_receipts=True)
            and move.company_id.tax_calculation_rounding_method == "round_per_line"
        ):
            message = _(
                "The company rounds VAT per line; since 2026 structured invoices round it per rate"
                " on the whole document."
            )
            problems.append(
                self._problem(
                    "data_refused", "rounding_per_line", message, move.company_id, blocking=False
                )
            )
        return problems

    # The document itself

    def _precheck_document(self, move, document, facts):
        _ = self.env._
        if not document:
            return []
        problems = []
        if not document.total and not facts.capabilities.zero_total:
            message = _(
                "The document comes to nothing, and this package cannot book a document of 0.00."
            )
            problems.append(self._problem("data_refused", "zero_total", message, move))
        for code in facts.accounts_that_want(document, COST_CENTRE):
            message = _(
                "Ledger account %(account)s wants a cost centre: give its lines an analytic"
                " distribution that is mapped.",
                account=code,
            )
            problems.append(self._problem("data_refused", "cost_centre_missing", message, move))
        for code in facts.accounts_that_want(document, COST_UNIT):
            message = _(
                "Ledger account %(account)s wants a cost unit: give its lines an analytic"
                " distribution that is mapped to one.",
                account=code,
            )
            problems.append(self._problem("data_refused", "cost_unit_missing", message, move))
        return problems
