"""What the checks before sending need to know, looked up once for many documents."""

from functools import cached_property

from odoo.tools import format_date

from ...api.identity import agreements
from ...api.texts import digits
from ...api.vat_families import (
    CO_CONTRACTOR,
    INTRA_GOODS,
    INTRA_SERVICES,
    PURCHASE_CLASSES,
    TRIANGULAR,
)
from ...documents import COST_AXES
from ..master_data.tax_profile import tax_boxes
from ..master_data.code_resolver import MISSING

# Sales that the customer's foreign VAT number has to stand beside, in the intra-Community listing.
EUROPEAN_FAMILIES = {INTRA_GOODS, INTRA_SERVICES, TRIANGULAR}
EUROPEAN_BOXES = {"44", "46L", "46T"}
CO_CONTRACTOR_BOXES = {"45"}


class PrecheckFacts:
    """What the checks of one batch need, looked up once."""

    def __init__(self, connection, translation, capabilities, moves):
        self.connection = connection
        self.moves = moves
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

    @cached_property
    def same_company(self):
        """``{partner id: other partners}`` with the VAT or registry number of a contact of these
        documents: those that documents of this company can be made out to."""
        connection = self.connection
        documents = connection.env["accountable.document"]
        partners = connection.env["res.partner"].union(
            *(documents._booked_partner(move, connection) for move in self.moves)
        )
        numbers = {
            number
            for partner in partners
            for number in (digits(partner.vat), digits(partner.company_registry))
            if number
        }
        candidates = connection._partners_with_digits(numbers)
        parties = {
            partner: documents._build_party(partner, connection)
            for partner in partners | candidates
        }
        found = {}
        for partner in partners:
            others = candidates.filtered(
                lambda other, partner=partner: (
                    other != partner and agreements(parties[other], parties[partner])
                )
            )
            if others:
                found[partner.id] = others
        return found

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
            f"{format_date(env, first)} – {format_date(env, last)}" for first, last in spans
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
