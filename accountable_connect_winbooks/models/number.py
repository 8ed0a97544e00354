"""The numbers documents have in WinBooks: DOCNUMBER."""

from contextlib import suppress
from datetime import datetime

from odoo import api, fields, models
from odoo.addons.accountable_connect.api.errors import DataRefusedError
from odoo.addons.accountable_connect.api.typed_table import day_of
from odoo.addons.accountable_connect.documents import JOURNAL
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ..api import numbers
from ..api.master_items import book_years, period_of, year_label


class AccountableWinbooksNumber(models.Model):
    """A number is given once in a journal and book year, and stays with its document: what was
    refused or taken out goes again under the same one.

    A sale has the running part of its number in Odoo. Bills are counted. The opposite of an entry,
    and what goes anew after it, is counted apart (``FIRST_APART``), as its own number is used
    there. A number without a document was typed: WinBooks has something under it.
    """

    _name = "accountable.winbooks.number"
    _description = "Number of a document in WinBooks"
    _inherit = ["accountable.guard"]
    _order = "book_year desc, journal, number desc"
    _rec_name = "number"

    connection_id = fields.Many2one(
        "accountable.connection",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("package", "=", "winbooks")],
        default=lambda self: self.env["accountable.winbooks.third"]._default_connection(),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    journal = fields.Char(required=True, help="Its code in WinBooks.")
    book_year = fields.Char(
        required=True,
        default=lambda self: self._present_book_year(),
        string="Book year from",
        help="Its first day, or what people call the book year: 2026.",
    )
    number = fields.Integer(required=True)
    res_model = fields.Char()
    res_id = fields.Many2oneReference(model_field="res_model")
    operation = fields.Char()
    undoes_id = fields.Many2one(
        "accountable.batch.item", ondelete="set null", index="btree_not_null"
    )
    name = fields.Char(string="Document in Odoo")
    shown_book_year = fields.Char(compute="_compute_shown_book_year", string="Book year")

    _number = models.UniqueIndex(
        "(connection_id, journal, book_year, number)",
        "This number is taken already in this journal and book year.",
    )
    _record_idx = models.Index("(res_model, res_id) WHERE res_id IS NOT NULL")

    def _fields_of_people_at_creation(self):
        own = {"connection_id", "journal", "book_year", "number"}
        return super()._fields_of_people_at_creation() | own

    @api.depends("book_year")
    @api.depends_context("lang")
    def _compute_shown_book_year(self):
        for row in self:
            row.shown_book_year = row.book_year and format_date(self.env, row.book_year)

    @api.model
    def _present_book_year(self):
        connection = self.env["accountable.winbooks.third"]._default_connection()
        periods = connection._winbooks_periods() if connection else ()
        period = period_of(periods, fields.Date.context_today(self))
        return format_date(self.env, period.book_year) if period else False

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._read_book_year(vals) for vals in vals_list])

    def _read_book_year(self, vals):
        """The book year as it is kept, of one that a person typed: a day in any usual form, that of
        their language first, or what people call the year. Anything else stays as it is."""
        typed = (vals.get("book_year") or "").strip()
        usual = get_lang(self.env).date_format
        for read in (lambda text: datetime.strptime(text, usual).date(), day_of):
            with suppress(ValueError):
                return {**vals, "book_year": read(typed).isoformat()}
        connection = self.env["accountable.connection"].browse(vals.get("connection_id"))
        connection = connection or self.env["accountable.winbooks.third"]._default_connection()
        known = book_years(connection._winbooks_periods()) if connection else {}
        return {**vals, "book_year": known.get(typed, typed)}

    @api.constrains("book_year", "journal", "number")
    def _check_typed(self):
        """A number that a person types is one that counting goes on from."""
        for row in self.filtered(lambda one: not one.res_id):
            known = book_years(row.connection_id._winbooks_periods())
            if row.book_year not in known.values():
                raise ValidationError(
                    self.env._(
                        "%(year)s is no book year of the master data. They begin on: %(years)s.",
                        year=row.book_year,
                        years=", ".join(format_date(self.env, day) for day in known.values())
                        or "-",
                    )
                )
            if not numbers.is_usual(row.number):
                raise ValidationError(
                    self.env._("Type a number of at most 8 digits, below 90000001.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_typed(self):
        if self.filtered("res_id"):
            raise UserError(
                self.env._("A number that a document has stays taken: WinBooks may have it.")
            )

    # What the engine asks

    @api.model
    def _of_document(self, connection, document, book_year, record):
        """The number a document goes under.

        :param Document document: its ``journal`` is that of WinBooks
        :param str book_year: that of its accounting date
        :param dict record: as in ``accountable.delivery._given``
        :raises DataRefusedError: it has none that can be used
        """
        # the engine writes what a document was given
        series = Series(self.sudo(), connection, document, book_year)
        own = series.of_record(record)
        used = series.standing_numbers(record) if own else set()
        for row in own:
            if row.number not in used:
                return row.number
        if own or record["operation"] == "reverse":
            number = series.next_apart()
        elif document.is_sale:
            number = series.running_part()
        else:
            number = series.next_counted()
        series.take(number, record)
        return number


class Series:
    """The numbers of one journal and book year, for one document that needs one."""

    def __init__(self, rows, connection, document, book_year):
        """:param rows: the model, with the rights of the engine"""
        self.rows, self.connection, self.document = rows, connection, document
        self.book_year = book_year
        self.family = connection._winbooks_family()
        self.domain = [
            ("connection_id", "in", self.family.ids),
            ("journal", "=", document.journal),
            ("book_year", "=", book_year),
        ]

    def of_record(self, record):
        """What the document was given before, the newest first."""
        domain = [
            ("res_model", "=", record["res_model"]),
            ("res_id", "=", record["res_id"]),
            ("operation", "=", record["operation"]),
        ]
        if record["operation"] == "reverse":
            domain.append(("undoes_id", "=", record["undoes_id"]))
        return self.rows.search([*self.domain, *domain], order="id desc")

    def standing_numbers(self, record):
        """Those under which the document stands in a batch: it comes anew."""
        items = self.rows.env["accountable.batch.item"].search(
            [
                ("connection_id", "in", self.family.ids),
                ("res_model", "=", record["res_model"]),
                ("res_id", "=", record["res_id"]),
                ("operation", "=", record["operation"]),
                ("state", "in", ("in_batch", "confirmed")),
            ]
        )
        return {
            int(item.given["number"])
            for item in items
            if item.given and item._document().journal == self.document.journal
        }

    def next_apart(self):
        number = self._last(("number", ">=", numbers.FIRST_APART)) + 1
        number = max(number, numbers.FIRST_APART)
        if number >= numbers.RESERVED:
            raise self._refused("numbers_used_up")
        return number

    def running_part(self):
        """That of Odoo's number."""
        number = self.document.sequence_number
        if number <= 0:
            raise self._refused("no_running_number")
        if not numbers.is_usual(number):
            raise self._refused("running_number_too_long", number=str(number))
        other = self.rows.search([*self.domain, ("number", "=", number)], limit=1)
        if other:
            raise self._refused("number_taken", number=str(number), other=other.name or "?")
        return number

    def next_counted(self):
        number = max(self._last(("number", "<", numbers.FIRST_APART)), self._told()) + 1
        if not numbers.is_usual(number):
            raise self._refused("numbers_used_up")
        return number

    def _last(self, condition):
        last = self.rows.search([*self.domain, condition], order="number desc", limit=1)
        return last.number or 0

    def _told(self):
        """The last number that the journal had when the connection began, of its first year."""
        start = self.connection.start_date
        period = start and period_of(self.connection._winbooks_periods(), start)
        if not period or period.book_year != self.book_year:
            return 0
        items = self.connection._master_items([JOURNAL])
        journal = next((one for one in items if one.code == self.document.journal), None)
        return int((journal and journal.details.get("last_number")) or 0)

    def take(self, number, record):
        """Keep it for this document."""
        values = {
            "connection_id": self.connection.id,
            "company_id": self.connection.company_id.id,
            "journal": self.document.journal,
            "book_year": self.book_year,
            "number": number,
            "res_model": record["res_model"],
            "res_id": record["res_id"],
            "operation": record["operation"],
            "undoes_id": record.get("undoes_id") or None,
            "name": self.document.number,
        }
        self.rows.create([values])
        self.rows.flush_model()

    def _refused(self, code, **values):
        return DataRefusedError(
            code,
            code=code,
            values={
                "document": self.document.number,
                "journal": self.document.journal,
                "year": year_label(self.connection._winbooks_periods(), self.book_year),
                **values,
            },
        )
