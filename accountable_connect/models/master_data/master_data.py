"""Master data of an administration: read from it, shown, never changed in Odoo."""

from odoo import api, fields, models

from ...const import MASTER_DATA_KINDS
from ...documents import COST_UNIT, MasterItem
from ...documents import MASTER_DATA_KINDS as KINDS

# What a counterpart means: when one of these changes, what was mapped to it must be looked at
# again.
MEANING = {
    "journal": ("type", "currency"),
    "vat_code": ("scope", "refund", "rate", "family", "purchase_class"),
    "ledger_account": ("vat_box",),
    "payment_term": ("days", "end_of_month"),
}
IN_USE = ("connected", "configuration_needed")


class AccountableMasterData(models.Model):
    """Master data read from an administration; ``details`` as described in
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
    details = fields.Json()
    active = fields.Boolean(default=True, help="Off: it is no longer in the administration.")
    scope = fields.Selection(
        [("sale", "Sales"), ("purchase", "Purchases")], compute="_compute_details"
    )
    rate = fields.Char(compute="_compute_details", string="Rate (%)")
    type_label = fields.Char(compute="_compute_details", string="Type")
    closed = fields.Boolean(compute="_compute_details")

    _unique_code = models.Constraint(
        "unique(connection_id, kind, code)", "This code exists already in the administration."
    )

    @api.depends("code", "name", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for item in self:
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
            return self.env._(
                "VAT code %(code)s takes amounts that include VAT, and documents are sent without:"
                " nothing can be booked with it. Choose a code for amounts without VAT.",
                code=self.display_name,
            )
        return self.env._(
            "The package books ledger account %(code)s by itself (receivable, payable or VAT): no"
            " line of a document may be booked on it. Choose another account.",
            code=self.display_name,
        )

    @api.model
    def _accounts_decide_boxes(self, connection):
        """Whether the boxes of purchases hang on the ledger accounts: those of the administration
        have one, and its VAT codes do not."""
        connection.ensure_one()
        # whoever looks at a document may not read the master data
        rows = connection.sudo().master_data_ids
        return any(
            row.kind == "ledger_account" and (row.details or {}).get("vat_box") for row in rows
        ) and not any(
            row.kind == "vat_code" and (row.details or {}).get("purchase_class") for row in rows
        )

    def _meaning(self):
        """Text that is equal as long as the counterpart stands for the same thing."""
        self.ensure_one()
        details = self.details or {}
        return "|".join(f"{name}={details.get(name)}" for name in MEANING.get(self.kind, ()))


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _refresh_master_data(self, package):
        """Read every kind of master data again and mark mappings whose counterpart changed.

        :param api.contract.Package package: open; only read from
        :return: dict with the counts ``created``, ``changed``, ``vanished`` and ``broken``
        :raises PackageError: as the package does
        """
        self.ensure_one()
        items = package.fetch_master_data(KINDS)
        counts = self._store_master_data(items)
        self.sudo().master_data_read_at = fields.Datetime.now()
        counts["broken"] = self._check_mappings()
        if counts["created"] or counts["changed"]:
            self._may_go_over_there()
        return counts

    def _master_items(self, kinds):
        """What was last read of these kinds, ``[MasterItem]``, so that a run need not ask for
        it."""
        rows = self.env["accountable.master.data"].search_fetch(
            [("connection_id", "=", self.id), ("kind", "in", kinds)],
            ["kind", "code", "name", "details", "active"],
        )
        return [row._as_item() for row in rows]

    def _store_master_data(self, items, kinds=KINDS):
        """Store all there is of these kinds; what is there no more becomes inactive."""
        master_data = self.env["accountable.master.data"].sudo().with_context(active_test=False)
        known = {
            (record.kind, record.code): record
            for record in master_data.search(
                [("connection_id", "=", self.id), ("kind", "in", list(kinds))]
            )
        }
        counts = {"created": 0, "changed": 0, "vanished": 0}
        new = {}
        for item in items:
            values = {"name": item.name, "details": item.details, "active": item.active}
            record = known.pop((item.kind, item.code), None)
            if record is None:
                new[item.kind, item.code] = {
                    "connection_id": self.id,
                    "kind": item.kind,
                    "code": item.code,
                    **values,
                }
            elif any((record[name] or False) != (value or False) for name, value in values.items()):
                record.write(values)
                counts["changed"] += 1
        master_data.create(list(new.values()))
        counts["created"] = len(new)
        vanished = master_data.browse(record.id for record in known.values() if record.active)
        vanished.write({"active": False})
        counts["vanished"] = len(vanished)
        return counts

    def _check_mappings(self):
        """Break mappings whose counterpart is gone or means something else; mend those whose
        counterpart is back as it was when a person confirmed it. Gives how many broke."""
        broken = self.env["accountable.mapping"]
        mended = self.env["accountable.mapping"]
        rows = self.sudo().mapping_ids.filtered("master_data_id")
        for row in rows:
            fits = row._counterpart_fits()
            if row.state == "confirmed" and not fits:
                broken |= row
            elif row.state == "broken" and fits:
                mended |= row
            elif row.state == "proposed" and (
                not row.master_data_id.active or row.master_data_id._why_unusable()
            ):
                row.write({"master_data_id": False, "reason": False, "score": 0})
        for row in broken:
            row.write({"state": "broken", "reason": row._broken_reason()})
        # Writing "confirmed" tells the engine that what waited for them may go.
        mended.write({"state": "confirmed", "reason": False})
        if broken:
            self._tell_broken(broken)
        self._settle_configuration_state()
        return len(broken)

    def _settle_configuration_state(self):
        """A connection in use with a broken mapping says so; other documents go on."""
        for connection in self.sudo():
            if connection.step != "done" or connection.state not in IN_USE:
                continue
            broken = any(row.state == "broken" for row in connection.mapping_ids)
            state = "configuration_needed" if broken else "connected"
            if connection.state != state:
                connection.state = state

    def _tell_broken(self, rows):
        names = ", ".join(sorted(row.source_name for row in rows)[:10])
        self.sudo().message_post(
            body=self.env._(
                "%(count)s mappings are broken because their counterpart disappeared or changed in"
                " the administration: %(names)s. Their documents wait.",
                count=len(rows),
                names=names,
            )
        )
