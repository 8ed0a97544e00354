"""What WinBooks would refuse whatever the documents are: said before the start."""

from odoo import fields, models
from odoo.addons.accountable_connect.documents import LEDGER_ACCOUNT
from odoo.addons.accountable_connect.models.set_up.checklist import Line

from ..api.folder import PURCHASE, PURCHASE_REFUND, SALE, SALE_REFUND
from ..api.master_items import book_years, period_of, span_of, type_of
from .precheck import LONGEST

TYPES = {
    "sale": SALE,
    "sale_refund": SALE_REFUND,
    "purchase": PURCHASE,
    "purchase_refund": PURCHASE_REFUND,
}
# How Odoo calls sequences that begin anew every month, or every calendar year.
MONTHLY = ("month", "year_range_month")
YEARLY = "year"


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _country_line(self, connection, company):
        line = super()._country_line(connection, company)
        if connection.package != "winbooks" or company.currency_id.name == "EUR":
            return line
        return Line(
            "missing",
            self.env._(
                "%(company)s keeps its books in %(currency)s; WinBooks takes amounts in euro only.",
                company=company.name,
                currency=company.currency_id.name,
            ),
            *self._to_company(company),
        )

    def _number_lines(self, connection):
        yield from super()._number_lines(connection)
        if connection.package == "winbooks":
            yield from self._winbooks_year_lines(connection)
            for journal, rows in self._winbooks_journals(connection):
                yield from self._winbooks_journal_lines(connection, journal, rows)
            yield from self._winbooks_account_lines(connection)

    def _winbooks_year_lines(self, connection):
        periods, start = connection._winbooks_periods(), connection.start_date
        # where none is known, the core says so
        if periods and start and not period_of(periods, start):
            sentence = self.env._(
                "The start date lies in no book year that is typed: documents of it would wait."
            )
            action = connection.with_context(typed_kind="period").action_typed_list()
            yield Line("missing", sentence, self.env._("Open the book years"), action)

    # Journals

    def _winbooks_journals(self, connection):
        """``[(journal of WinBooks, the rows that are mapped to it)]``."""
        rows = self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "journal"),
                ("enabled", "=", True),
                ("master_data_id", "!=", False),
            ]
        )
        return rows.grouped("master_data_id").items()

    def _winbooks_journal_lines(self, connection, journal, rows):
        sentences = [
            *self._winbooks_wrong_type(journal, rows),
            *self._winbooks_shared_numbers(journal, rows),
        ]
        if len(journal.code) > LONGEST["journal"]:
            sentences.append(
                self.env._(
                    "Journal %(journal)s has a code of more than 6 characters.",
                    journal=journal.display_name,
                )
            )
        for sentence in sentences:
            yield Line("missing", sentence, step="journals")
        if sentence := self._winbooks_other_year(connection, journal, rows):
            yield Line("warning", sentence, step="journals")

    def _winbooks_wrong_type(self, journal, rows):
        """A journal of WinBooks takes invoices or credit notes, never both."""
        type_, kinds = type_of(journal.details or {}), set(rows.mapped("document_kind"))
        labels = dict(rows._fields["document_kind"]._description_selection(self.env))
        for kind in sorted(kinds & TYPES.keys()):
            if type_ and type_ != TYPES[kind]:
                yield self.env._(
                    "%(journal)s is no journal for this kind of document: %(kind)s. In WinBooks,"
                    " invoices and credit notes each have a journal of their own.",
                    journal=journal.display_name,
                    kind=labels[kind],
                )

    def _winbooks_shared_numbers(self, journal, rows):
        """Sales have the running part of their number: it must not come twice in a book year."""
        sales = rows.filtered(lambda row: row.document_kind in ("sale", "sale_refund"))
        if len({self._odoo_sequence(row) for row in sales}) > 1:
            yield self.env._(
                "%(journal)s takes the documents of several number sequences of Odoo: two of them"
                " would have the same number in WinBooks. Give each a journal of its own.",
                journal=journal.display_name,
            )
        for row in sales:
            if self._winbooks_reset(row) in MONTHLY:
                yield self.env._(
                    "The numbers of %(row)s begin anew every month: two documents of a book year"
                    " would have the same number in WinBooks. Let them go on for the whole year.",
                    row=row.display_name,
                )

    def _winbooks_other_year(self, connection, journal, rows):
        sales = rows.filtered(lambda row: row.document_kind in ("sale", "sale_refund"))
        periods = connection._winbooks_periods()
        firsts = [span_of(periods, code)[0] for code in book_years(periods).values()]
        of_calendar = all((first.month, first.day) == (1, 1) for first in firsts)
        if of_calendar or not any(self._winbooks_reset(row) == YEARLY for row in sales):
            return ""
        return self.env._(
            "The numbers of %(journal)s begin anew in January, within a book year of WinBooks: what"
            " has the number of an earlier document will wait. Let Odoo's numbers follow the book"
            " year.",
            journal=journal.display_name,
        )

    def _winbooks_reset(self, row):
        """When the numbers of an Odoo journal begin anew, as Odoo calls it; "" before the first."""
        types = ["out_refund"] if self._odoo_sequence(row)[1] else ["out_invoice", "out_receipt"]
        moves = self.env["account.move"].sudo()  # a number, whoever may see the document
        last = moves.search(
            [
                ("journal_id", "=", row.journal_id.id),
                ("move_type", "in", types),
                ("state", "=", "posted"),
                ("date", ">=", fields.Date.context_today(row).replace(month=1, day=1)),
            ],
            order="date desc, id desc",
            limit=1,
        )
        return moves._deduce_sequence_number_reset(last.name) if last else ""

    # Ledger accounts

    def _winbooks_account_lines(self, connection):
        """All accounts of a folder have one length."""
        rows = self.env["accountable.mapping"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", "account"),
                ("master_data_id.kind", "=", LEDGER_ACCOUNT),
            ]
        )
        options = connection._winbooks_options()
        settings = {
            options.customer_account,
            options.supplier_account,
            options.owed_vat_account,
            options.deductible_vat_account,
        } - {""}
        mapped = set(rows.master_data_id.mapped("code"))
        examples = {len(code): code for code in sorted(settings | mapped, reverse=True)}
        if len(examples) > 1:
            in_settings = len({len(code) for code in mapped}) < 2
            sentence = self.env._(
                "All accounts of a folder have one length, and these do not: %(accounts)s. Look at"
                " the ledger accounts, and at the accounts in the settings of WinBooks.",
                accounts=", ".join(examples[length] for length in sorted(examples)),
            )
            step = "hand_over" if in_settings else "ledger_accounts"
            yield Line("missing", sentence, step=step)
        elif examples and max(examples) > LONGEST["account"]:
            sentence = self.env._(
                "Ledger account %(account)s has a number of more than 8 characters.",
                account=examples[max(examples)],
            )
            yield Line("missing", sentence, step="ledger_accounts")
