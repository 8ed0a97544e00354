"""What the checks before sending need to know, looked up once for many documents."""

from functools import cached_property

from odoo.tools import SQL

from ...api.vat_families import (
    CO_CONTRACTOR,
    INTRA_GOODS,
    INTRA_SERVICES,
    PURCHASE_CLASSES,
    TRIANGULAR,
)
from ...const import KIND_BY_MOVE_TYPE
from ...documents import COST_AXES
from ..master_data.tax_profile import tax_boxes
from .document_facts import DocumentFacts

# Sales that the customer's foreign VAT number has to stand beside, in the intra-Community listing.
EUROPEAN_FAMILIES = {INTRA_GOODS, INTRA_SERVICES, TRIANGULAR}
EUROPEAN_BOXES = {"44", "46L", "46T"}
CO_CONTRACTOR_BOXES = {"45"}
# What ``invoice_line_ids`` has, which the database would be asked for once more.
TYPES_WITH_TAXES = ("product", "line_section", "line_subsection", "line_note")


class PrecheckFacts(DocumentFacts):
    """What the checks of one batch need, looked up once, besides what building it needs."""

    def __init__(self, connection, moves, preview=False):
        super().__init__(connection, moves, preview)
        self._boxes = {}
        self._taxes = {}

    def taxes(self, move):
        """The taxes of the lines of an entry, those of a group each by itself."""
        if move.id not in self._taxes:
            lines = move.line_ids.filtered(lambda line: line.display_type in TYPES_WITH_TAXES)
            self._taxes[move.id] = lines.tax_ids.flatten_taxes_hierarchy()
        return self._taxes[move.id]

    @cached_property
    def same_company(self):
        """``{partner id: other partners}`` of one company with it."""
        precheck = self.env["accountable.precheck"]
        return precheck._find_same_company(self.connection, self.moves)

    @cached_property
    def _accounts_that_want(self):
        """``{axis: codes}`` of the ledger accounts that want a code on it: few or none of all there
        are, and a condition the ORM cannot say."""
        self.env["accountable.master.data"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT axis, code FROM accountable_master_data, unnest(%s) axis
                 WHERE connection_id = %s AND kind = 'ledger_account' AND active
                   AND details ->> (axis || '_required') = 'true'
                """,
                list(COST_AXES),
                self.connection.id,
            )
        )
        found = {axis: set() for axis in COST_AXES}
        for axis, code in rows:
            found[axis].add(code)
        return found

    def journal_code(self, move, problems):
        """The administration's journal for a document, by the mapping as it is now."""
        kind = KIND_BY_MOVE_TYPE[move.move_type]
        resolver = self.env["accountable.code.resolver"]
        return resolver._resolve_journal(self.rows, move.journal_id, kind, problems)

    def account_box(self, account):
        """The box of the VAT return the counterpart of an account says, where it says one."""
        return self.rows.details("account", account).get("vat_box")

    def boxes(self, tax):
        """The boxes of the VAT return the base of an invoice goes to, from the tax's own lines."""
        if tax.id not in self._boxes:
            base_boxes, _vat_boxes = tax_boxes(tax.with_context(lang="en_US"), "invoice")
            self._boxes[tax.id] = set(base_boxes.split())
        return self._boxes[tax.id]

    def _family(self, tax, kind):
        return self.rows.details("tax", tax, kind).get("family")

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
        purchase_class = self.rows.details("tax", tax, kind).get("purchase_class")
        if purchase_class:
            return str(purchase_class)
        if tax.country_id.code != "BE":
            return ""
        return next(iter(sorted(self.boxes(tax) & set(PURCHASE_CLASSES))), "")

    def account_decides_box(self, account):
        """Whether the box of a purchase hangs on the account it is booked on, which is mapped."""
        if not self.rows.find("account", account):
            return False
        return self._accounts_decide

    @cached_property
    def _accounts_decide(self):
        items = self.env["accountable.master.data"]
        return items._accounts_decide_boxes(self.connection)

    def accounts_that_want(self, document, axis):
        """Accounts of the document's lines that want a code on an axis their line has none on."""
        place = COST_AXES.index(axis)
        return sorted(
            {
                line.ledger_account
                for line in document.lines
                if line.ledger_account in self._accounts_that_want[axis]
                and not any(line.cost_centres[place : place + 1])
            }
        )
