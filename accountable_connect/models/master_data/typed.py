"""Master data that people type, where nothing can be read of an administration at once."""

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from ...api.book_years import periods_fault
from ...api.typed_table import JOURNAL_DETAILS, rate_of
from ...documents import JOURNAL, PERIOD, VAT_CODE, MasterItem
from ..sentence import in_language
from .typed_sentences import sentence_of

# Keys of ``details`` that a type of journal says as a whole.
OF_TYPE = ("type", "refund")
# Several rows are changed at once, and make sense only together.
TOGETHER = "accountable_typed_together"


class AccountableMasterData(models.Model):
    _inherit = "accountable.master.data"

    journal_type = fields.Selection(
        [
            ("sale", "Sales"),
            ("sale_refund", "Sales credit notes"),
            ("purchase", "Purchases"),
            ("purchase_refund", "Purchase credit notes"),
            ("bank", "Bank and cash"),
            ("misc", "Miscellaneous"),
        ],
        compute="_compute_typed",
        inverse="_inverse_details",
        string="Type of journal",
    )
    user_codes = fields.Char(
        compute="_compute_typed",
        inverse="_inverse_details",
        help="The short codes by which people know it, separated by commas.",
    )
    deductible = fields.Selection(
        [("full", "Fully"), ("part", "Partly"), ("none", "Not")],
        compute="_compute_typed",
        inverse="_inverse_details",
    )
    date_from = fields.Date(
        compute="_compute_typed", inverse="_inverse_details", string="First day"
    )
    date_to = fields.Date(compute="_compute_typed", inverse="_inverse_details", string="Last day")
    book_year = fields.Char(compute="_compute_typed", string="Book year from")
    rank = fields.Char(compute="_compute_typed", help="Of the period in its book year.")
    year_rank = fields.Char(
        compute="_compute_typed",
        inverse="_inverse_details",
        string="Rank of the book year",
        help="As the package counts its book years; empty as long as nobody knows it.",
    )

    def _fields_of_people(self):
        typed = {
            "active",
            "closed",
            "code",
            "date_from",
            "date_to",
            "deductible",
            "journal_type",
            "name",
            "rate",
            "scope",
            "user_codes",
            "year_rank",
        }
        return super()._fields_of_people() | typed

    def _fields_of_people_at_creation(self):
        return super()._fields_of_people_at_creation() | {"connection_id", "kind", "origin"}

    @api.depends("details", "kind")
    @api.depends_context("lang")
    def _compute_typed(self):
        types = {
            (one["type"], one.get("refund", False)): type_ for type_, one in JOURNAL_DETAILS.items()
        }
        for item in self:
            details = item.details or {}
            known = item.kind == JOURNAL
            key = details.get("type"), bool(details.get("refund"))
            item.journal_type = known and types.get(key, False)
            item.user_codes = ", ".join(details.get("user_codes") or ()) or False
            deductible = details.get("deductible")
            item.deductible = deductible if deductible in ("full", "part", "none") else False
            item.date_from = details.get("date_from") or False
            item.date_to = details.get("date_to") or False
            item.book_year = item._shown_book_year(details.get("book_year") or "")
            for name in ("rank", "year_rank"):
                item[name] = details.get(name) or False

    def _shown_book_year(self, book_year):
        """What is typed is kept by its first day, which people read as a date of their language."""
        try:
            return format_date(self.env, date.fromisoformat(book_year))
        except ValueError:
            return book_year  # a number that was read

    def _inverse_details(self):
        """All fields of a row at once: each of them alone would forget the others."""
        for item in self:
            details = dict(item.details or {})
            values = item._details_of_fields()
            for name in values:
                details.pop(name, None)
            details |= {name: value for name, value in values.items() if value not in (None, "")}
            source = MasterItem(
                kind=item.kind, code=item.code, name=item.name or "", details=details
            )
            completed = item.connection_id._complete_typed(source)
            # people write the fields, not what keeps them
            item.sudo().details = completed.details

    def _details_of_fields(self):
        """What the fields of this kind say in ``details``; None for what they do not say."""
        self.ensure_one()
        if self.kind == JOURNAL:
            return dict.fromkeys(OF_TYPE) | JOURNAL_DETAILS.get(self.journal_type, {})
        if self.kind == VAT_CODE:
            codes = (self.user_codes or "").replace(";", ",").split(",")
            return {
                "scope": self.scope or None,
                "rate": self._typed_rate(),
                "user_codes": [code.strip() for code in codes if code.strip()] or None,
                "deductible": self.deductible or None,
            }
        if self.kind == PERIOD:
            return {
                "date_from": self.date_from and self.date_from.isoformat(),
                "date_to": self.date_to and self.date_to.isoformat(),
                "closed": self.closed,
                "year_rank": (self.year_rank or "").strip().upper(),
            }
        return {}

    def _typed_rate(self):
        if not (self.rate or "").strip():
            return None
        try:
            return rate_of(self.rate)
        except ValueError as error:
            raise UserError(
                self.env._("%(value)s is no percentage between 0 and 100.", value=self.rate)
            ) from error

    def _check_length_of_code(self):
        """A person types no code that the package cannot have; what is read is as it is."""
        for item in self:
            longest = item.connection_id._longest_code(item.kind)
            if len(item.code or "") > longest:
                raise ValidationError(
                    self.env._(
                        "%(code)s is longer than %(longest)s characters.",
                        code=item.code,
                        longest=longest,
                    )
                )

    @api.constrains("details", "active", "origin", "kind")
    def _check_periods(self):
        """Typed periods follow one another; those that were read are as they are."""
        if self.env.context.get(TOGETHER):
            return
        typed = self.filtered(lambda item: item.kind == PERIOD and item.origin == "typed")
        for connection in typed.connection_id:
            self._check_periods_of(connection)

    def _check_periods_of(self, connection):
        domain = [("connection_id", "=", connection.id), ("kind", "=", PERIOD)]
        # also of a period that the person does not see
        rows = (
            self.sudo().with_context(active_test=True).search([*domain, ("origin", "=", "typed")])
        )
        if fault := periods_fault(row._as_item() for row in rows):
            sentence = sentence_of(fault.code, fault.values)
            raise ValidationError(str(in_language(self.env, sentence)))

    @api.model_create_multi
    def create(self, vals_list):
        """What a person makes is typed, and only where its package lets people type it."""
        if self.env.su:
            return super().create(vals_list)
        vals_list = [{**vals, "origin": "typed"} for vals in vals_list]
        items = super().create(vals_list)
        for item in items:
            if item.kind not in item.connection_id._typed_kinds():
                raise UserError(
                    self.env._(
                        "This is read from the package of %(connection)s, and not typed.",
                        connection=item.connection_id.name,
                    )
                )
        items._check_length_of_code()
        return items

    def write(self, vals):
        result = super().write(vals)
        if not self.env.su:
            if "code" in vals:
                self._check_length_of_code()
            for connection in self.connection_id:
                self.env["accountable.mapping"]._check_counterparts(connection)
                connection._may_go_over_there()
        return result

    def unlink(self):
        """What a mapping uses is archived instead: documents went with it, and its mapping tells
        that it is gone."""
        if self.env.su:
            return super().unlink()
        self.check_access("unlink")
        mappings = self.env["accountable.mapping"].sudo()  # of every company of the connection
        used = mappings.search([("master_data_id", "in", self.ids)]).master_data_id
        kept = self.filtered(lambda item: item.id in used.ids)
        kept.active = False
        return super(AccountableMasterData, self - kept).unlink()

    def _completed_by(self, item):
        """Values of a typed row that was found in the administration: only what it lacks."""
        self.ensure_one()
        return {
            "name": self.name or item.name,
            "details": {**item.details, **(self.details or {})},
            "active": self.active,
        }

    def _differs(self, item):
        """Whether what was typed reads otherwise in the administration."""
        self.ensure_one()
        own = self.details or {}
        return bool(self.name and item.name and self.name != item.name) or any(
            name in own and own[name] != value for name, value in item.details.items()
        )

    @api.model
    def _type(self, connection, items, only_new=False):
        """Keep what a person typed of one kind. What was read stays as it is.

        :param items: list of ``MasterItem``
        :param only_new: what is there already stays as well
        :return: dict with the counts ``created``, ``changed`` and ``read`` (left as it was read)
        """
        # ``details`` are no field of people; who may type was asked before
        rows = self.sudo().with_context(active_test=False, **{TOGETHER: True})
        kinds = {item.kind for item in items}
        known = {
            (row.kind, row.code): row
            for row in rows.search(
                [("connection_id", "=", connection.id), ("kind", "in", list(kinds))]
            )
        }
        counts, new = {"created": 0, "changed": 0, "read": 0}, []
        for item in map(connection._complete_typed, items):
            row = known.get((item.kind, item.code))
            if row is None:
                new.append(self._values_of(connection, item))
            elif row.origin == "read":
                counts["read"] += 1
            elif not only_new:
                counts["changed"] += row._type_anew(item)
        counts["created"] = len(rows.create(new))
        periods = [item for item in items if item.kind == PERIOD]
        if periods:
            self._left_of_book_years(known, periods).unlink()
            self._check_periods_of(connection)
        return counts

    def _values_of(self, connection, item):
        return {
            "connection_id": connection.id,
            "kind": item.kind,
            "code": item.code,
            "name": item.name,
            "details": item.details,
            "origin": "typed",
        }

    def _type_anew(self, item):
        """Whether it changed. What is not typed this time stays: that a period was found closed,
        say."""
        self.ensure_one()
        kept = dict(self.details or {})
        if self.kind == JOURNAL:
            kept = {name: value for name, value in kept.items() if name not in OF_TYPE}
        days = ("date_from", "date_to")
        if self.kind == PERIOD and any(kept.get(one) != item.details.get(one) for one in days):
            kept = {}
        details = {**kept, **item.details}
        values = {"name": item.name or self.name, "details": details, "active": True}
        if all((self[name] or False) == (value or False) for name, value in values.items()):
            return False
        self.write(values)
        return True

    def _left_of_book_years(self, known, periods):
        """Rows of the book years that were typed anew, and are no periods of them any more."""
        years = {item.details["book_year"] for item in periods}
        codes = {item.code for item in periods}
        return self.sudo().union(  # as in _type
            *(
                row
                for row in known.values()
                if row.kind == PERIOD
                and row.origin == "typed"
                and (row.details or {}).get("book_year") in years
                and row.code not in codes
            )
        )
