"""What can be said about a document before anybody is called: does it go, when, and how it is
rounded. What concerns its contact, VAT, accounts and cost of goods stands in files of their own,
each of which adds its checks as an addon would."""

from dataclasses import replace

from odoo import models

from ...const import KIND_BY_MOVE_TYPE
from ...documents import PERIOD
from ...documents.sentence import SentencesOf
from ..problem import problem_of
from ..sentence import in_language
from .precheck_facts import PrecheckFacts

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    """Builds and checks the documents of a connection; nothing is stored and nothing is called."""

    _name = "accountable.precheck"
    _description = "Check of documents before they are sent"

    def _build_and_check(self, connection, moves, only_blocking=False, preview=False):
        """``{move id: (Document or None, [Problem])}``: built and checked in one pass.

        There is a document only when no problem blocks it that a person cannot override.
        ``only_blocking``: warnings that cost something to find are not looked for.
        ``preview``: only to show what would go, see :class:`MappingRows`.
        """
        connection.ensure_one()
        facts = PrecheckFacts(connection, moves, preview)
        built = self.env["accountable.document"]._build_documents(connection, moves, facts)
        checked = {}
        for move in moves.with_company(connection.company_id):
            document, problems = built[move.id]
            if move.state == "posted" and (refused := self._find_refusal(connection, move)):
                checked[move.id] = (None, self._read([refused]))
                continue
            if move.state == "posted" and move.move_type in KIND_BY_MOVE_TYPE:
                found = self._find_problems(connection, move, document, facts)
                # what building it said already is not said again
                problems = problems + [one for one in found if one not in problems]
                if not only_blocking:
                    problems += self._find_warnings(connection, move, document, facts)
            blocked = any(problem.blocking and not problem.overridable for problem in problems)
            checked[move.id] = (None if blocked else document, self._read(problems))
        return checked

    def _check(self, connection, moves):
        """``{move id: [Problem]}``: everything that keeps a document from being sent, and warnings
        (``blocking`` false)."""
        checked = self._build_and_check(connection, moves)
        return {move_id: problems for move_id, (_document, problems) in checked.items()}

    def _read(self, problems):
        """The same with their messages in the language of whoever asks."""
        return [
            replace(problem, message=in_language(self.env, problem.message)) for problem in problems
        ]

    # What an addon extends

    def _find_refusal(self, connection, move):
        """The one problem of a document that never goes, whatever is done: nothing else is said of
        it. None for every other one."""
        return None

    def _find_problems(self, connection, move, document, facts):
        """``[Problem]`` of one posted document, for people and each time before it is sent. An
        addon adds its own to those of ``super()``, made with :func:`problem_of`.

        :param document: the ``Document``, None where it could not be built
        :param facts: the :class:`PrecheckFacts` of the batch
        """
        return [
            *self._check_scope(connection, move),
            *self._check_journal(move, facts),
            *self._check_period(connection, move, facts),
            *self._check_rounding(move),
        ]

    def _find_warnings(self, connection, move, document, facts):
        """The same for warnings that cost something to find: nobody waits for them while documents
        are sent."""
        return []

    # Does the document go at all?

    def _check_scope(self, connection, move):
        kind = KIND_BY_MOVE_TYPE[move.move_type]
        problems = []
        company = move.company_id._accountable_company()
        if company != connection.company_id and not self._is_booked(connection, move):
            # a person may see a branch and not the company above it
            if company.parent_id and connection.company_id in company.sudo().parent_ids:
                message = company._accountable_left_out_sentence()
            else:
                message = _lt(
                    "%(document)s belongs to %(company)s, not to the company of this connection.",
                    document=move.name,
                    company=move.company_id.name,
                )
            problems.append(problem_of(move, "data_refused", "other_company", message))
        code, message = None, self.env["accountable.withheld"]._reason(connection, move)
        plans = self.env["accountable.sending.plan"]
        is_receipt = move.move_type in ("out_receipt", "in_receipt")
        if kind not in plans._chosen_kinds(connection) or (
            is_receipt and not connection.send_receipts
        ):
            code = "kind_not_sent"
            message = _lt("The connection does not send documents of this kind.")
        elif message and not (
            kind in plans._kinds(connection) and self._is_followed(connection, move)
        ):
            code = "given_already"
        if code:
            problems.append(problem_of(connection, "configuration_missing", code, message))
        start = self._check_start(connection, move)
        return problems if start and self._is_followed(connection, move) else problems + start

    def _check_start(self, connection, move):
        """The start date says what is booked first."""
        if connection.opening_items_until and move.date <= connection.opening_items_until:
            message = _lt(
                "The document is an opening item: its date is not after %(date)s.",
                date=connection.opening_items_until,
            )
            return [problem_of(connection, "data_refused", "opening_item", message)]
        if connection.start_date and move.date < connection.start_date:
            message = _lt(
                "The accounting date %(date)s is before the start date %(start)s of the"
                " connection.",
                date=move.date,
                start=connection.start_date,
            )
            return [problem_of(connection, "data_refused", "before_start_date", message)]
        return []

    def _is_followed(self, connection, move):
        """Whether it is booked in this administration, be it with an earlier connection: then it
        goes whatever its date is."""
        senders = self.env["accountable.sending.plan"]._senders()
        of_company = senders.get(move.company_id.root_id.id, {})
        return any(
            of_company.get(binding.connection_id.id) == connection.id
            for binding in self.env["accountable.binding"]._of_documents(move)
        )

    def _is_booked(self, connection, move):
        bindings = self.env["accountable.binding"]
        return bool(bindings._find(connection.id, "document", move._name, move.id))

    def _check_journal(self, move, facts):
        """A journal that is switched off, also of a booked document, which is built all the
        same."""
        problems = []
        facts.journal_code(move, problems)
        return [problem for problem in problems if problem.code == "journal_not_sent"]

    def _check_period(self, connection, move, facts):
        journal = facts.journal_code(move, [])
        if facts.periods.open_date(move, journal) or self._is_booked(connection, move):
            # what is booked keeps its period; whether a change may still go there, the package says
            return []
        message = facts.periods.sentence_closed(move.date, journal)
        period = self._typed_period(connection, move.date)
        return [problem_of(period or move, "period_closed", "period_closed", message)]

    def _typed_period(self, connection, day):
        """Where people type the book years, the row that says whether the period of a day is open;
        any other one where it has none."""
        if PERIOD not in connection._typed_kinds():
            return None
        rows = self.env["accountable.master.data"].sudo()  # whoever looks at a document
        rows = rows.search([("connection_id", "=", connection.id), ("kind", "=", PERIOD)])
        of_day = rows.filtered(
            lambda row: row.date_from and row.date_to and row.date_from <= day <= row.date_to
        )
        return min(of_day, key=lambda row: row.date_to - row.date_from, default=rows[:1])

    def _check_rounding(self, move):
        problems = []
        rounding = move.invoice_cash_rounding_id
        changes_tax = move.line_ids.filtered(
            lambda line: line.display_type == "rounding" and line.tax_repartition_line_id
        )
        if changes_tax:
            message = _lt(
                "Cash rounding %(rounding)s changes the VAT. Choose the strategy “Add a rounding"
                " line”: the VAT is computed before rounding.",
                rounding=rounding.name,
            )
            problems.append(
                problem_of(rounding or move, "data_refused", "cash_rounding_on_tax", message)
            )
        company = move.company_id
        per_line = company.tax_calculation_rounding_method == "round_per_line"
        if per_line and move.is_sale_document(include_receipts=True):
            message = _lt(
                "The company rounds VAT per line; since 2026 structured invoices round it per rate"
                " on the whole document."
            )
            problems.append(
                problem_of(company, "data_refused", "rounding_per_line", message, blocking=False)
            )
        return problems
