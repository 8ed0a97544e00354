"""Odoo's side: posted entries of a connection, read from their journal items alone.

Boxes come from the tags on the items with the sign of ``balance_negate``; shares, legs and accounts
from the repartition lines that posted them. The neutral document is not used: it is what is tested.
"""

from decimal import Decimal

from odoo.addons.accountable_connect.const import KIND_BY_MOVE_TYPE

from tooling.books.figures import (
    VAT_ACCOUNTS,
    ZERO,
    Booking,
    TaxPosting,
    add,
    is_vat_account,
    to_data,
)
from tooling.packages import load

PRIVATE, PRIVATE_TOTAL = "non_deductible_product", "non_deductible_product_total"
FIXED = ("asset_fixed", "asset_non_current")


class OdooSide:
    """Reads the documents of one ``accountable.connection``. ``key_of`` gives the key in the books
    of a :class:`Delivery`, where documents are handed over and nothing answers with one."""

    def __init__(self, connection, key_of=None):
        self.key_of = key_of
        self.connection = connection.sudo()
        self.env = self.connection.with_company(connection.company_id).env
        self.country = self.connection.company_id.account_fiscal_country_id.code
        rows = self.connection.mapping_ids
        self.codes = {
            row.account_id.id: row.master_data_id.code
            for row in rows
            if row.kind == "account" and row.master_data_id
        }
        self.vat_codes = {
            (row.tax_id.id, row.document_kind): row.master_data_id.code
            for row in rows
            if row.kind == "tax"
        }
        names = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                [("model", "=", "account.tax"), ("module", "=", "account")], ["name", "res_id"]
            )
        )
        self.tax_names = {
            name.res_id: (name.name.partition("attn_VAT-")[2] or name.name.partition("_")[2])
            for name in names
        }

    def bookings(self, moves) -> list[Booking]:
        """The moves' figures, with their key in the package ("" when they are not there)."""
        keys = {
            binding.res_id: binding.external_key
            for binding in self.env["accountable.binding"]
            .sudo()
            .search(
                [
                    ("connection_id", "=", self.connection.id),
                    ("kind", "=", "document"),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", moves.ids),
                ]
            )
        }
        if self.key_of:
            keys = {move: self._handed_over(key) for move, key in keys.items()}
        moves = moves.sudo().with_company(self.connection.company_id)
        return [self._booking(move, keys.get(move.id, "")) for move in moves]

    def _handed_over(self, key) -> str:
        """The key in the books of what a link names: a document of a batch, or a booking itself."""
        model, _comma, id_ = key.partition(",")
        if model != "item":
            return key
        item = self.env["accountable.batch.item"].sudo().browse(int(id_))
        return self.key_of(item._delivery())

    def _booking(self, move, key) -> Booking:
        booking = Booking(
            key=key,
            label=move.name,
            kind=KIND_BY_MOVE_TYPE[move.move_type],
            currency=move.currency_id.name,
            rate=1 / Decimal(str(move.invoice_currency_rate or 1)),
        )
        taxes = {}
        for item in move.line_ids:
            if item.display_type in ("line_section", "line_subsection", "line_note"):
                continue
            balance = amount(item.balance)
            if item.display_type == "cogs":
                add(booking.cost_of_goods, self._account(booking, item), balance)
                continue
            booking.items += 1
            add(booking.accounts, self._account(booking, item), balance)
            if item.display_type == "payment_term":
                booking.party_amount += amount(item.amount_currency, item.currency_id)
                booking.open_amount += amount(item.amount_residual_currency, item.currency_id)
                booking.open_company += amount(item.amount_residual)
            for tag in self._boxes(item.tax_tag_ids):
                add(booking.boxes, tag.name, -balance if tag.balance_negate else balance)
            self._note_tax(booking, item, balance, taxes)
        typed = self._typed(move) if taxes else {}
        for tax, posting in taxes.items():
            self._note_private(posting, booking, move, tax)
            posting.typed = typed.get(tax, ZERO)
        if any(posting.cost for posting in taxes.values()):
            self._put_with_lines(move, booking, taxes)
        booking.taxes = list(taxes.values())
        return booking

    def _note_private(self, posting, booking, move, tax):
        """A private share under reverse charge: its base is posted back without the tax, and of its
        VAT only what we owe is posted with it."""
        if not posting.reverse_charge:
            return
        total = move.line_ids.filtered(lambda item: item.display_type == PRIVATE_TOTAL)
        for item in move.line_ids:
            if item.display_type == PRIVATE and tax in item.tax_ids.flatten_taxes_hierarchy():
                add(
                    posting.private,
                    self._account(booking, total[:1]),
                    -booking.side * amount(item.balance),
                )
        if posting.private:
            posting.private_vat = (
                posting.owed
                - posting.deductible
                - sum((*posting.cost.values(), *posting.elsewhere.values()), ZERO)
            )

    def _put_with_lines(self, move, booking, taxes):
        """A package charges VAT that cannot be deducted to the account of its base, Odoo to that of
        the document's line or to one of its own. So what bears such VAT counts with the line: fixed
        taxes in its base, and cost that was put on another account. Lines without code move it."""
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        self.env["account.tax"]._add_accounting_data_in_base_lines_tax_details(
            base_lines, move.company_id
        )
        bearing = {
            (item.tax_line_id, tax)
            for item in move.line_ids
            if item.tax_line_id
            for tax in item.tax_ids.flatten_taxes_hierarchy()
        }
        for base_line in base_lines:
            of_line = base_line["tax_details"]["taxes_data"]
            own = self._code(base_line["account_id"])
            # under reverse charge a tax stands there twice
            for tax in {one["tax"] for one in of_line if one["tax"] in taxes}:
                fixed = [
                    data
                    for one in of_line
                    if (one["tax"], tax) in bearing
                    for data in one["tax_reps_data"]
                ]
                for data in fixed if taxes[tax].cost else ():
                    relative = amount(data["tax_amount"])
                    add(taxes[tax].base, self._code(data["account"]), -relative)
                    add(taxes[tax].base, own, relative)
        for posting in taxes.values():
            bases = [account for account, relative in posting.base.items() if relative]
            for account in [one for one in posting.cost if one not in bases]:
                if len(bases) == 1:
                    add(posting.cost, bases[0], posting.cost.pop(account))

    def _typed(self, move) -> dict:
        """``{tax: how far its posted legs are from Odoo's own computation}``."""
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines(round_from_tax_lines=False)
        self.env["account.tax"]._add_accounting_data_in_base_lines_tax_details(
            base_lines, move.company_id
        )
        left = {}
        for base_line in base_lines:
            for tax_data in base_line["tax_details"]["taxes_data"]:
                for data in tax_data["tax_reps_data"]:
                    add(left, data["tax_rep"], amount(data["tax_amount"]))
        for item in move.line_ids.filtered("tax_repartition_line_id"):
            add(left, item.tax_repartition_line_id, -move.direction_sign * amount(item.balance))
        typed = {}
        for line, difference in left.items():
            add(typed, line.tax_id, abs(difference))
        return typed

    def _boxes(self, tags):
        """Tags that are boxes of the country's return; the one-stop shop's tag has no country."""
        return tags.filtered(
            lambda tag: tag.country_id == self.connection.company_id.account_fiscal_country_id
        )

    def _account(self, booking, item) -> str:
        if item.display_type == "payment_term":
            return booking.party_account
        return self._code(item.account_id)

    def _code(self, account) -> str:
        code = self.codes.get(account.id, account.code or "")
        return VAT_ACCOUNTS if is_vat_account(code, self.country) else code

    def _note_tax(self, booking, item, balance, taxes):
        """Put an item into the posting of the tax whose base or leg it is."""
        relative = booking.side * balance
        line = item.tax_repartition_line_id
        if line and item.tax_line_id.amount_type != "fixed":
            self._note_leg(self._posting(booking, item.tax_line_id, taxes), booking, item, relative)
            return
        for tax in item.tax_ids.flatten_taxes_hierarchy():
            if tax.amount_type != "fixed":
                posting = self._posting(booking, tax, taxes)
                add(posting.base, self._account(booking, item), relative)
                posting.items += 1

    def _note_leg(self, posting, booking, item, relative):
        if item.tax_repartition_line_id.factor < 0:
            posting.owed -= relative
        elif is_vat_account(item.account_id.code or "", self.country):
            posting.deductible += relative
        else:
            own = item.tax_repartition_line_id.account_id
            elsewhere = own and (
                not item.tax_repartition_line_id.tag_ids
                or (
                    own.internal_group in ("asset", "liability", "equity")
                    and own.account_type not in FIXED
                )
            )
            amounts = posting.elsewhere if elsewhere else posting.cost
            add(amounts, self._account(booking, item), relative)
        posting.invoiced += relative

    def _posting(self, booking, tax, taxes) -> TaxPosting:
        if tax in taxes:
            return taxes[tax]
        code = self.vat_codes.get((tax.id, booking.kind)) or self.vat_codes.get((tax.id, "any"))
        lines = (
            tax.refund_repartition_line_ids
            if booking.is_refund
            else tax.invoice_repartition_line_ids
        )
        posting = taxes[tax] = TaxPosting(
            name=self.tax_names.get(tax.id, tax.name),
            code=code or None,
            reverse_charge=any(line.factor < 0 for line in lines),
        )
        for line in lines:
            if line.repartition_type == "base":
                boxes, side = posting.base_boxes, booking.side
            elif line.factor < 0:
                boxes, side = posting.owed_boxes, -booking.side
            elif is_vat_account(line.account_id.code or "", self.country):
                boxes, side = posting.deductible_boxes, booking.side
            else:
                boxes, side = posting.cost_boxes, booking.side
            for tag in self._boxes(line.tag_ids):
                boxes[tag.name] = -side if tag.balance_negate else side
        return posting


def amount(value, currency=None) -> Decimal:
    """A float of Odoo as the amount it stands for."""
    return round(Decimal(str(value)), currency.decimal_places if currency else 2) + ZERO


def documents_of(connection):
    """Every posted document from the start date on, sent or not: none may be missing there."""
    return (
        connection.env["account.move"]
        .sudo()
        .search(
            [
                ("company_id", "child_of", connection.company_id.id),
                ("state", "=", "posted"),
                ("move_type", "in", list(KIND_BY_MOVE_TYPE)),
                ("date", ">=", connection.start_date),
            ],
            order="date, id",
        )
    )


def main(env, arguments):
    """For ``run_script``: the figures of a connection's documents as JSON values."""
    connection = env["accountable.connection"].browse(arguments["connection"])
    connection = connection.with_context(allowed_company_ids=connection.company_id.ids)
    package = load(arguments["package"])
    side = OdooSide(connection, package.key_of if package.hands_over else None)
    return [to_data(booking) for booking in side.bookings(documents_of(connection))]
