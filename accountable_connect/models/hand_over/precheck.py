"""The same checks for documents that are delivered as they are: nothing of an entry is built."""

from odoo import models

from ...const import KIND_BY_MOVE_TYPE
from ...documents.sentence import SentencesOf
from ..document.precheck_facts import PrecheckFacts
from ..problem import problem_of

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _build_and_check(self, connection, moves, only_blocking=False, preview=False):
        """Where the document itself is delivered there is a ``Delivery`` without its files in place
        of the document."""
        if connection._get_capabilities().entries:
            return super()._build_and_check(connection, moves, only_blocking, preview)
        return self._check_deliveries(connection, moves, only_blocking)

    def _check_deliveries(self, connection, moves, only_blocking=False):
        moves = moves.with_company(connection.company_id)
        checked, whole = {}, moves.browse()
        for move in moves:
            checked[move.id] = self._problems_of_going(connection, move)
            if not checked[move.id]:
                whole |= move
        deliveries = self.env["accountable.delivery"]._deliveries(
            connection, whole, with_files=False
        )
        result = {}
        for move in moves:
            delivery, found = deliveries.get(move.id, (None, []))
            problems = [*checked[move.id], *found]
            if only_blocking:
                problems = [problem for problem in problems if problem.blocking]
            blocked = any(problem.blocking and not problem.overridable for problem in problems)
            result[move.id] = None if blocked else delivery, self._read(problems)
        return result

    def _problems_of_going(self, connection, move):
        """What holds for every package: posted, scope, start date, kind, other company; the journal
        where a person chooses them."""
        if move.state != "posted" or move.move_type not in KIND_BY_MOVE_TYPE:
            message = _lt(
                "%(document)s is not a posted invoice, bill, credit note or receipt.",
                document=move.display_name,
            )
            return [problem_of(move, "data_refused", "not_posted", message)]
        if refused := self._find_refusal(connection, move):
            return [refused]
        problems = self._check_scope(connection, move)
        if "journals" in connection._get_capabilities().needs:
            problems += self._check_journal(move, PrecheckFacts(connection, move))
        return problems
