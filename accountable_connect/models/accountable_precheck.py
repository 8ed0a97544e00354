"""What can be said about a document before anybody is called."""

from datetime import date
from functools import cached_property

from odoo import models
from odoo.tools import format_date

from ..api.vat_families import (
    CO_CONTRACTOR,
    INTRA_GOODS,
    INTRA_SERVICES,
    PURCHASE_CLASSES,
    TRIANGULAR,
)
from ..const import KIND_BY_MOVE_TYPE
from ..documents import COST_AXES, COST_CENTRE, COST_UNIT
from ..documents.party import NOT_SUBJECT
from ..documents.period import Period, open_accounting_date, period_of
from ..documents.problem import Problem
from .accountable_translation import MISSING, MappedTranslation
from .tax_profile import tax_boxes

# Sales that the customer's foreign VAT number has to stand beside, in the intra-Community listing.
EUROPEAN_FAMILIES = {INTRA_GOODS, INTRA_SERVICES, TRIANGULAR}
EUROPEAN_BOXES = {"44", "46L", "46T"}
CO_CONTRACTOR_BOXES = {"45"}


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
        facts = PrecheckFacts(self, translation, capabilities)
        prepared = {}
        for move in moves.with_company(self.company_id):
            document, problems = built[move.id]
            problems = problems + [
                problem
                for problem in self._precheck_move(move, document, facts)
                if problem not in problems
            ]
            if document and not only_blocking:
                problems += self._precheck_duplicate(move)
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
            *self._precheck_vat_country(move, facts),
            *self._precheck_vat_number(move, kind, facts),
            *self._precheck_accounts(move, kind, facts),
            *self._precheck_document(move, document, facts),
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

    # VAT

    def _precheck_vat_country(self, move, facts):
        countries = facts.capabilities.vat_countries
        taxes = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        foreign = taxes.filtered(
            lambda tax: tax.amount_type != "fixed" and tax.country_id.code not in countries
        )
        return [
            self._problem(
                "data_refused",
                "vat_country",
                self.env._(
                    "Tax %(tax)s belongs to the VAT return of %(country)s; this administration"
                    " keeps returns of %(countries)s only.",
                    tax=tax.display_name,
                    country=tax.country_id.name,
                    countries=", ".join(sorted(countries)),
                ),
                tax,
            )
            for tax in foreign
        ]

    def _precheck_vat_number(self, move, kind, facts):
        documents = self.env["accountable.document"]
        partner = move.commercial_partner_id
        if kind.startswith("sale") and documents._is_collective(partner, self):
            return []
        number = documents._vat_number(partner)
        domestic = move.company_id.account_fiscal_country_id.code
        is_domestic = documents._vat_country(partner, move.company_id) == domestic
        taxes = move.invoice_line_ids.tax_ids.flatten_taxes_hierarchy()
        if kind.startswith("sale"):
            return self._precheck_customer_number(move, kind, facts, taxes, number, is_domestic)
        deducts = any(facts.is_reverse_charge(tax) or tax.amount for tax in taxes)
        if number or not deducts:
            return []
        message = self.env._(
            "%(partner)s has no VAT number; without the supplier's number VAT cannot be deducted.",
            partner=partner.display_name,
        )
        return [
            self._problem(
                "data_refused", "supplier_without_number", message, partner, blocking=False
            )
        ]

    def _precheck_customer_number(self, move, kind, facts, taxes, number, is_domestic):
        _ = self.env._
        partner = move.commercial_partner_id
        problems = []
        for tax in taxes:
            if facts.is_european_sale(tax, kind) and (not number or is_domestic):
                message = _(
                    "%(partner)s needs a VAT number of another Member State for tax %(tax)s: it"
                    " goes into the intra-Community listing.",
                    partner=partner.display_name,
                    tax=tax.display_name,
                )
                problems.append(
                    self._problem("data_refused", "european_number_missing", message, partner)
                )
            elif facts.is_co_contractor(tax, kind) and not (number and is_domestic):
                message = _(
                    "%(partner)s needs a domestic VAT number for tax %(tax)s: the customer owes"
                    " the VAT.",
                    partner=partner.display_name,
                    tax=tax.display_name,
                )
                problems.append(
                    self._problem("data_refused", "domestic_number_missing", message, partner)
                )
        status = self.env["accountable.document"]._vat_status(partner, move.company_id)
        if not problems and is_domestic and status == NOT_SUBJECT:
            message = _(
                "%(partner)s is a company without VAT number; it will be missing in the yearly"
                " customer listing.",
                partner=partner.display_name,
            )
            problems.append(
                self._problem(
                    "data_refused", "listing_number_missing", message, partner, blocking=False
                )
            )
        return problems

    # Accounts

    def _precheck_accounts(self, move, kind, facts):
        """A purchase's class of the VAT return (81, 82, 83) against what the account says, which in
        some packages decides alone."""
        if not kind.startswith("purchase"):
            return []
        problems = []
        lines = move.line_ids.filtered(lambda line: line.display_type == "product")
        for account, account_lines in lines.grouped("account_id").items():
            account_box = facts.translation.ledger_account_details(account).get("vat_box")
            for tax in account_lines.tax_ids.flatten_taxes_hierarchy():
                tax_box = facts.purchase_class(tax, kind)
                if not tax_box or str(account_box or "") == tax_box:
                    continue
                if not account_box:
                    if facts.account_decides_box(account):
                        problems.append(self._problem_without_box(account, tax, tax_box))
                    continue
                message = self.env._(
                    "Account %(account)s belongs to box %(account_box)s of the VAT return, tax"
                    " %(tax)s to box %(tax_box)s.",
                    account=account._accountable_name(self.company_id),
                    account_box=account_box,
                    tax=tax.display_name,
                    tax_box=tax_box,
                )
                problems.append(
                    self._problem("data_refused", "account_class", message, account, blocking=False)
                )
        return problems

    def _problem_without_box(self, account, tax, tax_box):
        message = self.env._(
            "Account %(account)s has no box of the VAT return in the administration, and tax"
            " %(tax)s belongs to box %(tax_box)s: the amount would be missing from the return.",
            account=account._accountable_name(self.company_id),
            tax=tax.display_name,
            tax_box=tax_box,
        )
        return self._problem("data_refused", "account_without_class", message, account, False)

    def _accounts_decide_boxes(self):
        """Whether the boxes of purchases hang on the ledger accounts: those of the administration
        have one, and its VAT codes do not."""
        self.ensure_one()
        rows = self.sudo().master_data_ids
        return any(
            row.kind == "ledger_account" and (row.details or {}).get("vat_box") for row in rows
        ) and not any(
            row.kind == "vat_code" and (row.details or {}).get("purchase_class") for row in rows
        )

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

    def _precheck_duplicate(self, move):
        if not move.is_purchase_document() or not move.duplicated_ref_ids:
            return []
        message = self.env._(
            "It looks like the same document as %(documents)s.",
            documents=", ".join(move.duplicated_ref_ids.mapped("display_name")),
        )
        cause = move.duplicated_ref_ids[:1]
        return [
            self._problem("duplicate", "possible_duplicate", message, cause, blocking=False)
        ]


class PrecheckFacts:
    """What the checks of one batch need, looked up once."""

    def __init__(self, connection, translation, capabilities):
        self.connection = connection
        self.translation = translation
        self.capabilities = capabilities
        self.periods = connection._get_periods()
        self._boxes = {}
        self._account_details = {
            row.code: row.details or {}
            for row in connection.env["accountable.master.data"]
            .sudo()
            .search_fetch(
                [("connection_id", "=", connection.id), ("kind", "=", "ledger_account")],
                ["code", "details"],
            )
        }

    def book_years(self):
        return self._dates_of(self.periods)

    def open_book_years(self, journal):
        if journal == MISSING:
            journal = ""
        return self._dates_of([period for period in self.periods if period.is_open(journal)])

    def _dates_of(self, periods):
        """Book years by first and last day: a package's own key of one means nothing to people."""
        env, years = self.connection.env, {}
        for period in periods:
            years.setdefault(period.book_year, []).append(period)
        spans = sorted(
            (min(each.date_from for each in year), max(each.date_to for each in year))
            for year in years.values()
        )
        return ", ".join(
            f"{format_date(env, first)} – {format_date(env, last)}"
            for first, last in spans
        )

    def boxes(self, tax):
        """The boxes of the VAT return the base of an invoice goes to, from the tax's own lines."""
        if tax.id not in self._boxes:
            base_boxes, _vat_boxes = tax_boxes(tax.with_context(lang="en_US"), "invoice")
            self._boxes[tax.id] = set(base_boxes.split())
        return self._boxes[tax.id]

    def _family(self, tax, kind):
        return self.translation.vat_code_details(tax, kind).get("family")

    def is_european_sale(self, tax, kind):
        return self._family(tax, kind) in EUROPEAN_FAMILIES or (
            tax.country_id.code == "BE" and bool(self.boxes(tax) & EUROPEAN_BOXES)
        )

    def is_co_contractor(self, tax, kind):
        return self._family(tax, kind) == CO_CONTRACTOR or (
            tax.country_id.code == "BE" and bool(self.boxes(tax) & CO_CONTRACTOR_BOXES)
        )

    def is_reverse_charge(self, tax):
        return tax.has_negative_factor

    def purchase_class(self, tax, kind):
        """``"81"``, ``"82"`` or ``"83"``, ``""`` where neither the code nor the tax tells."""
        purchase_class = self.translation.vat_code_details(tax, kind).get("purchase_class")
        if purchase_class:
            return str(purchase_class)
        if tax.country_id.code != "BE":
            return ""
        return next(iter(sorted(self.boxes(tax) & set(PURCHASE_CLASSES))), "")

    def account_decides_box(self, account):
        """Whether the box of a purchase hangs on the account it is booked on, which is mapped."""
        if not self.translation.row("account", f"account.account,{account.id}"):
            return False
        return self._accounts_decide

    @cached_property
    def _accounts_decide(self):
        return self.connection._accounts_decide_boxes()

    def accounts_that_want(self, document, axis):
        """Accounts of the document's lines that want a code on an axis their line has none on."""
        place = COST_AXES.index(axis)
        return sorted(
            {
                line.ledger_account
                for line in document.lines
                if self._account_details.get(line.ledger_account, {}).get(f"{axis}_required")
                and not any(line.cost_centres[place : place + 1])
            }
        )
