"""From Odoo's journals, taxes and accounts to the codes of an administration.

Two translations with one interface: ``MappedTranslation`` reads the mapping rows of a connection,
``IdentityTranslation`` keeps Odoo's own codes, for tests and for a look at a document without a
connection. Neither raises: what is missing becomes a ``Problem`` in the list that is handed in, so
that a person sees everything that is wrong with a document at once.
"""

from functools import cached_property

from ...documents import COST_CENTRE
from ...documents.problem import Problem
from .tax_profile import VatAccounts

CONFIGURATION_MISSING = "configuration_missing"
# Stands where a code is missing, so that the rest of a document can still be checked.
MISSING = "?"


class Translation:
    """What both have in common: facts about Odoo's taxes that one batch looks up once.

    ``computes_owed_vat`` and ``computes_deductible_vat``: as in the capabilities of a package.
    """

    computes_owed_vat = False
    computes_deductible_vat = False

    def __init__(self, env):
        self.env = env
        # Odoo's addon for the one-stop shop marks its taxes with a tag of its own.
        self._one_stop_shop_tag = env.ref("l10n_eu_oss.tag_oss", raise_if_not_found=False)
        self._vat_accounts = {}

    def vat_accounts(self, company):
        """The :class:`VatAccounts` of a company."""
        if company.root_id not in self._vat_accounts:
            self._vat_accounts[company.root_id] = VatAccounts(company)
        return self._vat_accounts[company.root_id]

    def is_one_stop_shop(self, tax):
        """VAT of another country declared in one's own: no code of the domestic return fits it."""
        tag = self._one_stop_shop_tag
        return bool(tag) and tag in tax.invoice_repartition_line_ids.tag_ids


class IdentityTranslation(Translation):
    """Account codes as they are in Odoo, taxes by their external id without module and company."""

    cost_kinds = (COST_CENTRE,)

    def __init__(self, env):
        super().__init__(env)
        self._tax_codes = {}

    def journal(self, journal, document_kind, problems):
        return journal.code

    def ledger_account(self, account, problems):
        return account.code

    def vat_code(self, tax, document_kind, problems):
        """The code of a tax; ``None`` (the code of *no tax*) for an empty recordset."""
        if not tax:
            return None
        if tax.id not in self._tax_codes:
            external_id = tax.get_external_id()[tax.id].partition(".")[2]
            company_prefix = f"{tax.company_id.root_id.id}_"
            self._tax_codes[tax.id] = external_id.removeprefix(company_prefix) or tax.name
        return self._tax_codes[tax.id]

    def payment_term(self, payment_term, problems):
        return payment_term.name or None

    def cost_centre(self, analytic_account, problems):
        return COST_CENTRE, analytic_account.code or analytic_account.name


class MappedTranslation(Translation):
    """The confirmed mapping rows of one connection, read once for a whole batch."""

    def __init__(self, connection):
        super().__init__(connection.env)
        self.connection = connection
        capabilities = connection._get_capabilities()
        self.computes_owed_vat = capabilities.computes_owed_vat
        self.computes_deductible_vat = capabilities.computes_deductible_vat
        self._usable = {}
        self._kinds_by_plan = {}
        rows = (
            connection.env["accountable.mapping"]
            .sudo()
            .search_fetch(
                [("connection_id", "=", connection.id)],
                [
                    "kind",
                    "source_key",
                    "document_kind",
                    "enabled",
                    "master_data_id",
                    "without_code",
                    "declared_on_payment",
                    "state",
                ],
            )
        )
        self._rows = {(row.kind, row.source_key, row.document_kind): row for row in rows}
        self._has_analytic_rows = any(row.kind == "analytic_account" for row in rows)
        kinds = rows._fields["document_kind"]._description_selection(self.env)
        self._labels = {kind: label for kind, label in kinds if kind != "any"}

    @cached_property
    def cost_kinds(self):
        """The axes that go, in their order; none for a connection without any analytic mapping."""
        return self.connection._cost_kinds() if self._has_analytic_rows else ()

    def row(self, kind, source_key, document_kind="any"):
        """The mapping row that counts: the one of the document kind before the one for any."""
        rows = self._rows
        return rows.get((kind, source_key, document_kind)) or rows.get((kind, source_key, "any"))

    def journal(self, journal, document_kind, problems):
        row = self.row("journal", f"account.journal,{journal.id}", document_kind)
        if row and not row.enabled:
            problems.append(
                Problem(
                    error_kind=CONFIGURATION_MISSING,
                    code="journal_not_sent",
                    message=self.env._(
                        "Documents of journal %(journal)s are not sent to the administration.",
                        journal=journal.display_name,
                    ),
                    cause_model="accountable.mapping",
                    cause_id=row.id,
                )
            )
            return MISSING
        return self._code(row, "journal", journal, problems, document_kind)

    def ledger_account(self, account, problems):
        row = self.row("account", f"account.account,{account.id}")
        return self._code(row, "account", account, problems)

    def vat_code(self, tax, document_kind, problems):
        """The VAT code of a tax (empty: *no tax*); ``None`` where the line goes without."""
        row = self.row("tax", f"account.tax,{tax.id or 0}", document_kind)
        if row and tax.tax_exigibility == "on_payment" and not row.declared_on_payment:
            problem = self._due_on_payment(row, tax, document_kind)
            if problem not in problems:
                problems.append(problem)
        if row and row.without_code and row.state == "confirmed":
            return None
        return self._code(row, "tax", tax, problems, document_kind)

    def _due_on_payment(self, row, tax, document_kind):
        return Problem(
            error_kind=CONFIGURATION_MISSING,
            code="tax_due_on_payment",
            message=self.env._(
                "%(name)s is due on payment in Odoo: nothing of it is in the VAT return before it"
                " is paid, and the administration would declare it with the document. If its code"
                " there is declared on payment as well, a manager ticks “Declared on payment” in"
                " the mapping of the tax.",
                name=self._name("tax", tax, document_kind),
            ),
            cause_model="accountable.mapping",
            cause_id=row.id,
        )

    def payment_term(self, payment_term, problems):
        """A document carries its due date, so a term that is not mapped keeps nothing back."""
        row = payment_term and self.row("payment_term", f"account.payment.term,{payment_term.id}")
        if row and row.state == "confirmed":
            return row.master_data_id.code or None
        return None

    def cost_centre(self, analytic_account, problems):
        """``(axis, code)``; ``None`` for an account that is not mapped, because analytic accounting
        may be Odoo's own, and for one of an axis that does not go."""
        row = self.row("analytic_account", f"account.analytic.account,{analytic_account.id}")
        if not row or (row.state == "confirmed" and not row.master_data_id):
            return None
        kinds = self._kinds_of(analytic_account.root_plan_id)
        kind = row.master_data_id.kind or next(iter(kinds), None)
        if kind not in kinds:
            return None
        return kind, self._code(row, "analytic_account", analytic_account, problems)

    def vat_code_details(self, tax, document_kind):
        """The typed details of the mapped VAT code, ``{}`` when there is none."""
        row = self.row("tax", f"account.tax,{tax.id or 0}", document_kind)
        return (row and row.master_data_id.details) or {}

    def ledger_account_details(self, account):
        row = self.row("account", f"account.account,{account.id}")
        return (row and row.master_data_id.details) or {}

    def _code(self, row, kind, record, problems, document_kind=None):
        if row and row.state == "confirmed" and row.master_data_id:
            if self._takes_lines(row.master_data_id):
                return row.master_data_id.code
        problem = self._missing(row, kind, record, document_kind)
        if problem not in problems:
            problems.append(problem)
        return MISSING

    def _kinds_of(self, plan):
        if plan.id not in self._kinds_by_plan:
            self._kinds_by_plan[plan.id] = self.connection._cost_kinds_of(plan)
        return self._kinds_by_plan[plan.id]

    def _takes_lines(self, counterpart):
        if counterpart.id not in self._usable:
            self._usable[counterpart.id] = counterpart._as_item().takes_lines
        return self._usable[counterpart.id]

    def _missing(self, row, kind, record, document_kind):
        _ = self.env._
        name = self._name(kind, record, document_kind)
        unusable = self._why_unusable(row, kind, record)
        if unusable:
            reason = "unusable"
            message = f"{name}: {unusable}"
        elif row and row.state == "proposed":
            reason = "not_confirmed"
            message = _("The counterpart of %(name)s is not confirmed yet.", name=name)
        elif row and row.state == "broken":
            reason = "broken"
            message = _(
                "The counterpart of %(name)s (%(counterpart)s) disappeared or changed in the"
                " administration.",
                name=name,
                counterpart=row.master_data_id.code or "-",
            )
        else:
            reason = "not_mapped"
            message = _("%(name)s has no counterpart in the administration.", name=name)
        if not row:
            # A row to open and to fill in, with a proposal where one can be told.
            row = self.connection._ensure_mapping_rows(kind, record, document_kind or "any")
            if row:
                self._rows[kind, row.source_key, row.document_kind] = row
        return Problem(
            error_kind=CONFIGURATION_MISSING,
            code=f"{kind}_{reason}",
            message=message,
            cause_model="accountable.mapping" if row else "accountable.connection",
            cause_id=row.id if row else self.connection.id,
        )

    def _why_unusable(self, row, kind, record):
        """Why no line may name the counterpart, "" when it may. As long as nobody confirmed one,
        the account with the same code tells: it is never proposed, and confirming another one
        without a word would hide why."""
        counterpart = row.master_data_id if row else self.env["accountable.master.data"].sudo()
        reason = counterpart._why_unusable() if counterpart else ""
        if reason or kind != "account" or (row and row.state != "proposed"):
            return reason
        same_code = counterpart.search(
            [
                ("connection_id", "=", self.connection.id),
                ("kind", "=", "ledger_account"),
                ("code", "=", record.with_company(self.connection.company_id).code),
            ]
        )
        return same_code._why_unusable() if same_code else ""

    def _name(self, kind, record, document_kind):
        """What a person calls the Odoo side of a mapping."""
        _ = self.env._
        if kind == "tax" and not record:
            text = _("Lines without tax")
        elif kind == "tax":
            text = _("Tax %(name)s", name=record.display_name)
        elif kind == "journal":
            text = _("Journal %(name)s", name=record.display_name)
        elif kind == "account":
            company = self.connection.company_id
            text = _("Account %(name)s", name=record._accountable_name(company))
        else:
            text = _("Analytic account %(name)s", name=record.display_name)
        label = self._labels.get(document_kind)
        return f"{text} ({label})" if label else text
