"""What the checks before sending need to know, looked up once for many documents."""

from functools import cached_property

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


class PrecheckFacts(DocumentFacts):
    """What the checks of one batch need, looked up once, besides what building it needs."""

    def __init__(self, connection, moves):
        super().__init__(connection, moves)
        self._boxes = {}

    @cached_property
    def same_company(self):
        """``{partner id: other partners}`` of one company with it."""
        precheck = self.env["accountable.precheck"]
        return precheck._find_same_company(self.connection, self.moves)

    @cached_property
    def _account_details(self):
        rows = (
            # whoever looks at a document may not read the master data
            self.env["accountable.master.data"]
            .sudo()
            .search_fetch(
                [("connection_id", "=", self.connection.id), ("kind", "=", "ledger_account")],
                ["code", "details"],
            )
        )
        return {row.code: row.details or {} for row in rows}

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
                if self._account_details.get(line.ledger_account, {}).get(f"{axis}_required")
                and not any(line.cost_centres[place : place + 1])
            }
        )
