"""Documents that are handed over together."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ...api.file_package import Parcel
from ..sentence import SentenceField
from .deliveries import StoredDeliveries
from .transitions import STAGES, STATES, may_go

# What of a batch changes after it closed; its documents and their bytes never do.
CHANGES_AFTER_CLOSING = {"state", "handed_over_at", "message"}
GOES = "accountable_batch_goes"


def item_key(item_id):
    """What a link calls the document of a batch."""
    return f"item,{item_id}"


class AccountableBatch(models.Model):
    """What is in a closed batch never changes: handed over again, it has the same bytes. Its states
    and the ways between them stand in ``transitions.py``.

    Whatever comes into a batch or leaves it changes the row of the batch, so that two who work on
    it at once never both succeed: one of them is repeated, by the engine or by Odoo.
    """

    _name = "accountable.batch"
    _description = "Batch of documents that are handed over"
    _inherit = ["accountable.guard"]
    _order = "id desc"

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    package = fields.Selection(related="connection_id.package", store=True)
    number = fields.Integer(help="Given when it closes, without gaps; 0 while it is open.")
    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(STATES, default="open", required=True)
    part = fields.Char(
        default="",
        help="Documents that must not stand in one batch have another part: a book year, a period.",
    )
    single = fields.Boolean(
        "One document only", help="It takes one document, which goes in an e-mail of its own."
    )
    closes_at = fields.Datetime(help="When an open batch is due to be closed; empty: by a person.")
    closed_at = fields.Datetime()
    handed_over_at = fields.Datetime(help="When it was handed over last.")
    shipment_name = fields.Char(
        help="Of the directory or ZIP in which it goes: ASCII, the same each time it goes."
    )
    remarks = fields.Json(help="Sentences that stand on its cover sheet, made when it closes.")
    date_from = fields.Date(help="The first accounting date of its documents.")
    date_to = fields.Date(help="The last accounting date of its documents.")
    document_count = fields.Integer()
    totals = fields.Json(help="Control totals for the cover sheet, made when it closes.")
    checksum = fields.Char(help="SHA-256 over names and bytes of its files.")
    message = SentenceField(help="What the receiver said, or why it cannot be handed over.")
    item_ids = fields.One2many("accountable.batch.item", "batch_id")
    file_ids = fields.One2many("accountable.batch.file", "batch_id")
    hand_over_ids = fields.One2many("accountable.hand.over", "batch_id")

    _number = models.UniqueIndex("(connection_id, number) WHERE number > 0")
    _one_open = models.UniqueIndex(
        "(connection_id, COALESCE(part, '')) WHERE state = 'open' AND single IS NOT TRUE"
    )
    _state_idx = models.Index("(connection_id, state) WHERE state IN ('closed', 'handing_over')")

    @api.depends("number")
    def _compute_name(self):
        for batch in self:
            batch.name = f"{batch.number:05d}" if batch.number else ""

    # States

    def _lock(self):
        """Lock the row until the transaction ends; ``state`` is the one it has then. Raises an
        error of the database when somebody else works on it, which is repeated."""
        self.ensure_one()
        self.flush_recordset()
        self.env.cr.execute(
            SQL("SELECT id FROM accountable_batch WHERE id = %s FOR UPDATE NOWAIT", self.id)
        )
        self.invalidate_recordset(flush=False)

    def _go(self, to, **values):
        """Move the batch to another state, with other values, under a lock of its row; the only
        writer of ``state``. The links of its documents follow. Raises UserError for a move that the
        table does not have."""
        self._lock()
        if not may_go(self.state, to):
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Batch %(name)s is “%(state)s”: it cannot become “%(to)s”.",
                    name=self._called(),
                    state=states[self.state],
                    to=states[to],
                )
            )
        came_back = self.state == "handed_over" and to == "closed"
        if to == "handed_over":
            values.setdefault("handed_over_at", fields.Datetime.now())
        elif came_back:
            values.setdefault("handed_over_at", False)
        self.with_context(**{GOES: True}).write({"state": to, **values})
        if to == "handed_over" or came_back:
            self._set_stage(STAGES[to])

    def _shipment_name(self):
        """What the directory or ZIP of a batch that has its number is called, unique among all that
        its receiver gets: asked once, when it closes. Addons of packages whose files have fixed
        names say whose batch it is."""
        return self.name

    def _called(self):
        return self.name or self.part_name or self.env._("(open)")

    def _set_stage(self, stage):
        """How far the links of the documents that stand in it are now."""
        self._update_links(SQL("stage = %s", stage))

    def _update_links(self, assignment):
        """Of thousands of documents at once, and ``write`` would read each of their links."""
        self.env["accountable.binding"].flush_model()
        self.env["accountable.batch.item"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE accountable_binding b SET %s, write_uid = %s, write_date = %s
                  FROM accountable_batch_item i
                 WHERE i.batch_id = %s AND i.state = 'in_batch'
                   AND b.connection_id = ANY(%s) AND b.kind = 'document'
                   AND b.external_key = 'item,' || i.id
                """,
                assignment,
                self.env.uid,
                fields.Datetime.now(),
                self.id,
                self._connections().ids,
            )
        )
        self.env["accountable.binding"].invalidate_model(flush=False)
        self.env["account.move"].invalidate_model(
            ["accountable_state", "accountable_number"], flush=False
        )

    def _connections(self):
        """The connections whose links may name its documents: its own, and those that followed it
        to the same administration."""
        connection = self.connection_id
        return connection | connection._others_with_administration()

    # What people may do

    def _for_button(self):
        """The same batches with the rights to change them, after the check that the user may see
        them."""
        if not self.env.user.has_group("accountable_connect.group_user"):
            raise AccessError(self.env._("Only users of the accounting packages can do this."))
        self.check_access("read")
        return self.sudo()  # nobody but the engine writes batches

    def write(self, vals):
        if "state" in vals and not self.env.context.get(GOES):
            raise UserError(self.env._("The state of a batch changes by its buttons only."))
        if vals.keys() - CHANGES_AFTER_CLOSING:
            self._check_open()
        return super().write(vals)

    def _check_open(self):
        """Raises UserError for a batch that closed: its content is frozen."""
        for batch in self:
            if batch.state != "open":
                raise UserError(
                    self.env._(
                        "Batch %(name)s is closed: nothing in it changes any more.",
                        name=batch._called(),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self._check_open()

    # What is in it

    def _standing(self):
        """The documents that are in it and were not refused."""
        return self.env["accountable.batch.item"].search(
            [("batch_id", "=", self.id), ("state", "in", ("in_batch", "confirmed"))], order="id"
        )

    def _count(self, added):
        """One document more or less. It changes the row, whoever closes the batch at this moment
        has to look again."""
        self._lock()
        self._check_open()
        values = {"document_count": self.document_count + added}
        if added > 0 and not self.document_count:
            values["closes_at"] = self.connection_id._batch_closes_at()
        self.write(values)

    def _find_days(self):
        """The first and the last day again, after a document left an open batch."""
        items = self.env["accountable.batch.item"]
        for batch in self:
            [(first, last)] = items._read_group(
                [("batch_id", "=", batch.id), ("state", "=", "in_batch")],
                aggregates=["accounting_date:min", "accounting_date:max"],
            )
            if (first, last) != (batch.date_from, batch.date_to):
                batch.write({"date_from": first, "date_to": last})

    def _add_item(self, delivery, **values):
        """Put a document in the batch, with its files as they are now.

        :param Delivery delivery: read piece by piece: each of its files once
        :param values: of the item, what its delivery does not say
        :return: the item
        """
        self._count(1)
        day = delivery.accounting_date
        first, last = self.date_from or day, self.date_to or day
        if not self.date_from or not first <= day <= last:
            self.write({"date_from": min(first, day), "date_to": max(last, day)})
        items = self.env["accountable.batch.item"]
        item = items.create({"batch_id": self.id, **items._values_of(delivery), **values})
        annex = delivery.document is not None
        for file in delivery.files:
            self.env["accountable.batch.file"]._store(self, file, item, annex)
        return item

    def _parcel(self):
        """The plain :class:`Parcel` of a batch that has its number: what the package's writer gets,
        the same each time."""
        return Parcel(
            name=f"{self.number:05d}",
            closed_at=self.closed_at,
            deliveries=StoredDeliveries(self._standing()),
        )

    def _files(self):
        """The files that the receiver gets, in their order; annexes of entries are inside them."""
        return self.env["accountable.batch.file"].search(
            [("batch_id", "=", self.id), ("annex", "=", False)], order="id"
        )
