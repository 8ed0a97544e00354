"""Master data of an administration: what was read of it, which nobody changes in Odoo, and what
people typed where nothing can be read (typed.py)."""

from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ...const import MASTER_DATA_KINDS
from ...documents import COST_UNIT, PERIOD, MasterItem
from ...documents import MASTER_DATA_KINDS as KINDS
from ...documents.period import in_words
from ...documents.sentence import SentencesOf
from ..sentence import in_language

_lt = SentencesOf(__name__)

# Asked for since people confirmed meanings without: it counts only where it is known.
SINCE = ("refund",)
# What a counterpart means: when one of these changes, what was mapped to it must be looked at
# again.
MEANING = {
    "journal": ("type", "currency", *SINCE),
    "vat_code": ("scope", "refund", "rate", "family", "purchase_class"),
    "ledger_account": ("vat_box",),
    "payment_term": ("days", "end_of_month"),
}


class AccountableMasterData(models.Model):
    """One journal, VAT code … of an administration; ``details`` as described in
    documents/master_data.py."""

    _name = "accountable.master.data"
    _description = "Master data of an administration"
    _inherit = ["accountable.guard"]
    _order = "kind, code"
    _rec_names_search = ["code", "name"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Selection(MASTER_DATA_KINDS, required=True)
    code = fields.Char(required=True)
    name = fields.Char()
    shown_name = fields.Char(
        compute="_compute_shown_name", string="Shown name", help="Of a period: its month."
    )
    details = fields.Json()
    origin = fields.Selection(
        [("read", "Read"), ("typed", "Typed")],
        default="read",
        required=True,
        help="Who typed it keeps it: reading the administration anew changes and removes nothing.",
    )
    active = fields.Boolean(default=True, help="Off: it is no longer in the administration.")
    scope = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")],
        compute="_compute_details",
        inverse="_inverse_details",
        string="For",
    )
    rate = fields.Char(compute="_compute_details", inverse="_inverse_details", string="Rate (%)")
    type_label = fields.Char(compute="_compute_details", string="Type")
    closed = fields.Boolean(compute="_compute_details", inverse="_inverse_details")

    _unique_code = models.Constraint(
        "unique(connection_id, kind, code)", "This code exists already in the administration."
    )

    @api.depends("name", "kind", "details")
    @api.depends_context("lang")
    def _compute_shown_name(self):
        for item in self:
            words = item.kind == PERIOD and item._in_words()
            item.shown_name = in_language(self.env, words) if words else item.name

    def _in_words(self):
        """A period as a month or its days, None where these are not known."""
        details = self.details or {}
        if not details.get("date_from") or not details.get("date_to"):
            return None
        return in_words(*(date.fromisoformat(details[name]) for name in ("date_from", "date_to")))

    @api.model
    def _period_in_words(self, connection, code):
        """The period with this code; the code itself where it is not known."""
        period = self.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", PERIOD),
                ("code", "=", str(code)),
            ],
            limit=1,
        )
        return (period and period._in_words()) or code

    @api.depends("code", "shown_name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for item in self:
            if item.kind == PERIOD:
                item.display_name = item.shown_name or item.code
                continue
            name = " ".join(filter(None, (item.code, item.name)))
            # an analytic account chooses among cost centres and cost units in one list
            item.display_name = f"{name} ({labels[item.kind]})" if item.kind == COST_UNIT else name

    @api.depends("details")
    def _compute_details(self):
        for item in self:
            details = item.details or {}
            scope = details.get("scope")
            item.scope = scope if scope in ("sale", "purchase") else False
            item.rate = str(details.get("rate") or "") or False
            item.type_label = details.get("type") or details.get("vat_box") or False
            item.closed = bool(details.get("closed"))

    @api.model
    def _items(self, connection, kinds):
        """What was last read of these kinds, ``MasterItem`` by ``MasterItem``, as it stands when
        the first one is asked for."""
        query = self._search(
            [("connection_id", "=", connection.id), ("kind", "in", list(kinds))], order=self._order
        )
        columns = ("kind", "code", "name", "details", "active")
        # records would copy the details of each account deeply: three times the reading itself
        rows = self.env.execute_query(
            query.select(*(self._field_to_sql(self._table, name, query) for name in columns))
        )
        for kind, code, name, details, active in rows:
            yield MasterItem(
                kind=kind, code=code, name=name or "", details=details or {}, active=active
            )

    @api.model
    def _store(self, connection, items, kinds=KINDS):
        """Store all there is of these kinds; what is there no more becomes inactive. What a person
        typed stays: it gets the details it lacks, and is neither changed nor removed.

        :return: dict with the counts ``created``, ``changed``, ``vanished``, and ``differing``: of
            what was typed and reads otherwise in the administration
        """
        # people read master data and never write it
        master_data = self.sudo().with_context(active_test=False)
        known = {
            (record.kind, record.code): record
            for record in master_data.search(
                [("connection_id", "=", connection.id), ("kind", "in", list(kinds))]
            )
        }
        changed, differing, new = 0, 0, {}
        for item in items:
            values = {"name": item.name, "details": item.details, "active": item.active}
            record = known.pop((item.kind, item.code), None)
            if record and record.origin == "typed":
                differing += record._differs(item)
                values = record._completed_by(item)
            if record is None:
                source = {"connection_id": connection.id, "kind": item.kind, "code": item.code}
                new[item.kind, item.code] = source | values
            elif any((record[name] or False) != (value or False) for name, value in values.items()):
                record.write(values)
                changed += 1
        master_data.create(list(new.values()))
        vanished = master_data.union(*known.values()).filtered(
            lambda record: record.active and record.origin == "read"
        )
        vanished.write({"active": False})
        return {
            "created": len(new),
            "changed": changed,
            "vanished": len(vanished),
            "differing": differing,
        }

    def _as_item(self):
        """The ``MasterItem`` this record keeps."""
        self.ensure_one()
        return MasterItem(
            kind=self.kind,
            code=self.code,
            name=self.name or "",
            details=self.details or {},
            active=self.active,
        )

    def _why_unusable(self):
        """Why no line may name it, in words; "" when it may."""
        self.ensure_one()
        if self._as_item().takes_lines:
            return ""
        if self.kind == "vat_code":
            sentence = _lt(
                "VAT code %(code)s takes amounts that include VAT, and documents are sent without:"
                " nothing can be booked with it. Choose a code for amounts without VAT.",
                code=self.display_name,
            )
            return in_language(self.env, sentence)
        sentence = _lt(
            "The package books ledger account %(code)s by itself (receivable, payable or VAT): no"
            " line of a document may be booked on it. Choose another account.",
            code=self.display_name,
        )
        return in_language(self.env, sentence)

    @api.model
    def _accounts_decide_boxes(self, connection):
        """Whether the boxes of purchases hang on the ledger accounts: those of the administration
        have one, and its VAT codes do not."""
        connection.ensure_one()
        self.flush_model()
        # a condition the ORM cannot say; records would copy the details of each account deeply
        [(accounts_do, codes_do)] = self.env.execute_query(
            SQL(
                """
                SELECT BOOL_OR(kind = 'ledger_account' AND details ->> 'vat_box' != ''),
                       BOOL_OR(kind = 'vat_code' AND details ->> 'purchase_class' != '')
                  FROM accountable_master_data
                 WHERE connection_id = ANY(%s) AND active AND kind IN ('ledger_account', 'vat_code')
                """,
                connection.ids,
            )
        )
        return bool(accounts_do and not codes_do)

    def _meaning(self):
        """Text that is equal as long as the counterpart stands for the same thing."""
        self.ensure_one()
        details = self.details or {}
        names = MEANING.get(self.kind, ())
        if self.kind == "journal":
            names = [name for name in names if name not in SINCE or name in details]
        return "|".join(f"{name}={details.get(name)}" for name in names)
