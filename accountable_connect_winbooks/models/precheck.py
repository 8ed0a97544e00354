"""What WinBooks does not take of a document, said before it goes."""

from odoo import models
from odoo.addons.accountable_connect.api.errors import DATA_REFUSED
from odoo.addons.accountable_connect.documents.sentence import filled
from odoo.addons.accountable_connect.models.problem import problem_of

from ..api import numbers
from ..entering import SENTENCES

LONGEST = {"journal": 6, "account": 8, "vat_code": 6}


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_problems(self, connection, move, document, facts):
        problems = super()._find_problems(connection, move, document, facts)
        if connection.package != "winbooks":
            return problems
        return [
            *problems,
            *self._check_winbooks_book_year(connection, move, facts),
            *(self._check_winbooks_document(connection, move, document) if document else ()),
        ]

    def _check_winbooks_book_year(self, connection, move, facts):
        """Where some are known and not this one, the core says so."""
        if facts.periods.known:
            return []
        return [self._winbooks_problem(connection, "no_book_year", date=move.date)]

    def _check_winbooks_document(self, connection, move, document):
        values = {"document": document.number}
        problems = []
        if document.company_currency != "EUR":
            values = {**values, "currency": document.company_currency}
            problems.append(self._winbooks_problem(move.company_id, "not_in_euro", **values))
        if document.is_sale and not numbers.is_usual(number := document.sequence_number):
            problems += self._check_winbooks_number(connection, move, number, values)
        for name, code in self._winbooks_codes(document):
            if len(code) > LONGEST[name]:
                problem = self._winbooks_problem(connection, f"{name}_too_long", **{name: code})
                problems.append(problem)
        return problems

    def _check_winbooks_number(self, connection, move, number, values):
        """Of a sale whose running number is none of WinBooks; asked of those alone, as it costs a
        query."""
        if self._is_booked(connection, move):
            return []
        if number <= 0:
            return [self._winbooks_problem(move, "no_running_number", **values)]
        values = {**values, "number": str(number)}
        return [self._winbooks_problem(move, "running_number_too_long", **values)]

    def _winbooks_codes(self, document):
        """``(what it is, code)`` of each code in it, once."""
        codes = {("journal", document.journal)}
        for line in document.lines:
            codes |= {("account", line.ledger_account), ("vat_code", line.vat_code or "")}
        return sorted(codes)

    def _winbooks_problem(self, cause, code, **values):
        return problem_of(cause, DATA_REFUSED, code, filled(SENTENCES[code], values))
