"""What can be said of the ledger accounts of a document, and of its total, before anybody is
called."""

from odoo import models

from ...const import KIND_BY_MOVE_TYPE, LINE_TYPES
from ...documents import COST_CENTRE, COST_UNIT
from ...documents.sentence import SentencesOf
from ..problem import problem_of

_lt = SentencesOf(__name__)


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_problems(self, connection, move, document, facts):
        return [
            *super()._find_problems(connection, move, document, facts),
            *self._check_boxes(connection, move, facts),
            *(self._check_document(move, document, facts) if document else ()),
        ]

    def _check_boxes(self, connection, move, facts):
        """A purchase's class of the VAT return (81, 82, 83) against what the account says, which in
        some packages decides alone."""
        if not move.is_purchase_document(include_receipts=True):
            return []
        kind = KIND_BY_MOVE_TYPE[move.move_type]
        problems = []
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        for account, account_lines in lines.grouped("account_id").items():
            account_box = str(facts.account_box(account) or "")
            for tax in account_lines.tax_ids.flatten_taxes_hierarchy():
                tax_box = facts.purchase_class(tax, kind)
                if not tax_box or account_box == tax_box:
                    continue
                values = {
                    "account": account._accountable_name(connection.company_id),
                    "tax": tax.display_name,
                    "tax_box": tax_box,
                }
                if account_box:
                    code = "account_class"
                    message = _lt(
                        "Account %(account)s belongs to box %(account_box)s of the VAT return, tax"
                        " %(tax)s to box %(tax_box)s.",
                        account_box=account_box,
                        **values,
                    )
                elif facts.account_decides_box(account):
                    code = "account_without_class"
                    message = _lt(
                        "Account %(account)s has no box of the VAT return in the administration,"
                        " and tax %(tax)s belongs to box %(tax_box)s: the amount would be missing"
                        " from the return.",
                        **values,
                    )
                else:
                    continue
                problems.append(problem_of(account, "data_refused", code, message, blocking=False))
        return problems

    def _check_document(self, move, document, facts):
        problems = []
        if not document.total and not facts.capabilities.zero_total:
            message = _lt(
                "The document has a total of zero, and this package cannot book a document of 0.00."
            )
            problems.append(problem_of(move, "data_refused", "zero_total", message))
        for account in facts.accounts_that_want(document, COST_CENTRE):
            message = _lt(
                "Ledger account %(account)s requires a cost centre: give its lines an analytic "
                "distribution that is mapped.",
                account=account,
            )
            problems.append(problem_of(move, "data_refused", "cost_centre_missing", message))
        for account in facts.accounts_that_want(document, COST_UNIT):
            message = _lt(
                "Ledger account %(account)s requires a cost unit: give its lines an analytic "
                "distribution that is mapped to one.",
                account=account,
            )
            problems.append(problem_of(move, "data_refused", "cost_unit_missing", message))
        return problems

    def _remark_on_accounts(self, connection, moves):
        """What is said of the ledger accounts these documents would be booked on: a sentence for
        each one that does not fit, once for all documents. They go all the same."""
        lines = moves.line_ids.filtered(lambda line: line.display_type in LINE_TYPES)
        accounts = lines.account_id
        rows = connection.mapping_ids.filtered(
            lambda row: row.state == "confirmed" and row.account_id in accounts
        )
        remarks = self.env["accountable.mapping.remark"]
        return [remark for row in rows if (remark := remarks._on_use(row))]
