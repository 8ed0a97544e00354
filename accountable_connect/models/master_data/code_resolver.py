"""From Odoo's journals, taxes and accounts to the codes of an administration."""

from odoo import models

from ...documents.sentence import Label, SentencesOf, joined
from ..problem import problem_of
from ..sentence import account_name, name_of

_lt = SentencesOf(__name__)

CONFIGURATION_MISSING = "configuration_missing"
# Stands where a code is missing, so that the rest of a document can still be checked.
MISSING = "?"


class AccountableCodeResolver(models.AbstractModel):
    """Which code stands for a record of Odoo: that of its mapping, once somebody confirmed it.

    An addon that knows codes in another way overrides the method of that sort of record. Each takes
    the :class:`MappingRows` of the batch first. None raises: what is missing becomes a ``Problem``
    in the list that is handed in, so that a person sees everything that is wrong with a document at
    once, and ``MISSING`` in its place.
    """

    _name = "accountable.code.resolver"
    _description = "Codes of an administration"

    def _resolve_journal(self, rows, journal, document_kind, problems):
        row = rows.find("journal", journal, document_kind)
        if not row or row.enabled:
            return self._code(rows, row, "journal", journal, problems, document_kind)
        message = _lt(
            "Documents of journal %(journal)s are not sent to the administration.",
            journal=name_of(journal),
        )
        problems.append(problem_of(row, CONFIGURATION_MISSING, "journal_not_sent", message))
        return MISSING

    def _resolve_account(self, rows, account, problems):
        return self._code(rows, rows.find("account", account), "account", account, problems)

    def _resolve_tax(self, rows, tax, document_kind, problems):
        """The VAT code of a tax (empty: *no tax*); ``None`` where the line goes without."""
        row = rows.find("tax", tax, document_kind)
        if row and tax.tax_exigibility == "on_payment" and not row.declared_on_payment:
            problem = self._due_on_payment(rows, row, tax, document_kind)
            if problem not in problems:
                problems.append(problem)
        if row.without_code and rows.is_decided(row):
            return None
        return self._code(rows, row, "tax", tax, problems, document_kind)

    def _resolve_payment_term(self, rows, payment_term):
        """None for a term that is not mapped, which keeps nothing back: a document carries its due
        date."""
        row = rows.find("payment_term", payment_term)
        return (rows.is_decided(row) and row.master_data_id.code) or None

    def _resolve_analytic_account(self, rows, analytic_account, problems):
        """``(axis, code)``; ``None`` for an account that is not mapped, because analytic accounting
        may be Odoo's own, and for one of an axis that does not go."""
        row = rows.find("analytic_account", analytic_account)
        if not row or (rows.is_decided(row) and not row.master_data_id):
            return None
        kinds = rows.cost_kinds_of(analytic_account.root_plan_id)
        kind = row.master_data_id.kind or next(iter(kinds), None)
        if kind not in kinds:
            return None
        return kind, self._code(rows, row, "analytic_account", analytic_account, problems)

    def _code(self, rows, row, kind, record, problems, document_kind="any"):
        counterpart = row.master_data_id
        if rows.is_decided(row) and counterpart and rows.takes_lines(counterpart):
            return counterpart.code
        problem = self._missing(rows, row, kind, record, document_kind)
        if problem not in problems:
            problems.append(problem)
        return MISSING

    # Why there is no code

    def _due_on_payment(self, rows, row, tax, document_kind):
        message = _lt(
            "%(name)s is due on payment in Odoo: nothing of it is in the VAT return before it"
            " is paid, and the administration would declare it with the document. If its code"
            " there is declared on payment as well, a manager ticks “Declared on payment” in"
            " the mapping of the tax.",
            name=self._source_name(rows, "tax", tax, document_kind),
        )
        return problem_of(row, CONFIGURATION_MISSING, "tax_due_on_payment", message)

    def _missing(self, rows, row, kind, record, document_kind):
        name = self._source_name(rows, kind, record, document_kind)
        if unusable := self._why_unusable(rows, row, kind, record):
            reason = "unusable"
            message = joined(name, ": ", unusable, between="")
        elif row.state == "proposed":
            reason = "not_confirmed"
            message = _lt("The counterpart of %(name)s is not confirmed yet.", name=name)
        elif row.state == "broken":
            reason = "broken"
            message = _lt(
                "The counterpart of %(name)s (%(counterpart)s) disappeared or changed in the"
                " administration.",
                name=name,
                counterpart=row.master_data_id.code or "-",
            )
        else:
            reason = "not_mapped"
            message = _lt("%(name)s has no counterpart in the administration.", name=name)
        cause = rows.find_or_add(kind, record, document_kind) or rows.connection
        return problem_of(cause, CONFIGURATION_MISSING, f"{kind}_{reason}", message)

    def _why_unusable(self, rows, row, kind, record):
        """Why no line may name the counterpart, "" when it may. As long as nobody confirmed one,
        the account with the same code tells: it is never proposed, and confirming another one
        without a word would hide why."""
        counterpart = row.master_data_id
        reason = counterpart._why_unusable() if counterpart else ""
        if reason or kind != "account" or row.state in ("confirmed", "broken"):
            return reason
        connection = rows.connection
        # whoever looks at a document may not read the master data
        same_code = counterpart.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "ledger_account"),
                ("code", "=", record.with_company(connection.company_id).code),
            ]
        )
        return same_code._why_unusable() if same_code else ""

    def _source_name(self, rows, kind, record, document_kind):
        """What a person calls the Odoo side of a mapping."""
        if kind == "tax" and not record:
            text = _lt("Lines without tax")
        elif kind == "tax":
            text = _lt("Tax %(name)s", name=name_of(record))
        elif kind == "journal":
            text = _lt("Journal %(name)s", name=name_of(record))
        elif kind == "account":
            company = rows.connection.company_id
            text = _lt("Account %(name)s", name=account_name(record, company))
        else:
            text = _lt("Analytic account %(name)s", name=name_of(record))
        if document_kind == "any":
            return text
        return joined(
            text,
            " (",
            Label("accountable.mapping", "document_kind", document_kind),
            ")",
            between="",
        )
