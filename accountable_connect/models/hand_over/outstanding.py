"""Posted documents that are neither handed over nor booked, and where each of them stands."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import DOCUMENT_KINDS
from ..document_conditions import CURRENT
from .batch_answer import RECEIVER_REFUSED

STATES = [
    ("waiting", "Waiting"),
    ("failed", "Failed"),
    ("no_file", "No file"),
    ("refused", "Refused"),
    ("open_batch", "In an open batch"),
    ("closed_batch", "Closed, not handed over"),
    ("withheld", "Withheld"),
    ("excluded", "Excluded"),
]
# An id for each pair of connection and document, below what a browser counts exactly.
FACTOR = 2**31


class AccountableOutstanding(models.Model):
    """One row for each document and connection, read from the documents, the queue, the links and
    the batches each time: nothing of it is stored. One that changed after it was handed over is
    among them as long as nobody decided: the accountant has it as it was."""

    _name = "accountable.outstanding"
    _description = "Posted, not handed over"
    _inherit = ["accountable.guard"]
    _auto = False
    _order = "date, move_id"
    _rec_name = "name"
    _depends = {
        "account.move": [
            "amount_total_signed",
            "commercial_partner_id",
            "company_id",
            "date",
            "journal_id",
            "move_type",
            "name",
            "state",
        ],
        "accountable.binding": ["connection_id", "kind", "res_id", "res_model", "stage"],
        "accountable.batch": ["state"],
        "accountable.batch.item": ["batch_id", "connection_id", "res_id", "res_model", "state"],
        "accountable.hand.over": ["batch_id", "next_try", "state"],
        "accountable.connection": ["company_id", "state", "step"],
        "accountable.job": [
            "connection_id",
            "error_code",
            "operation",
            "res_id",
            "res_model",
            "skip_reason",
            "state",
        ],
        "res.company": ["currency_id"],
    }

    connection_id = fields.Many2one("accountable.connection", readonly=True)
    package = fields.Selection(related="connection_id.package")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    move_id = fields.Many2one("account.move", readonly=True, string="Document")
    name = fields.Char(readonly=True, string="Number")
    journal_id = fields.Many2one("account.journal", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True, string="Contact")
    document_kind = fields.Selection(DOCUMENT_KINDS, readonly=True)
    side = fields.Selection(
        [("sale", "Sales"), ("purchase", "Bills")], readonly=True, string="Sales or bills"
    )
    date = fields.Date(readonly=True, string="Accounting date")
    amount_total = fields.Monetary(
        readonly=True, string="Total", help="In the company's currency; credit notes are negative."
    )
    state = fields.Selection(STATES, readonly=True, string="Where it stands")

    @property
    def _table_query(self):
        # whoever reads documents may not read connections, mappings and the queue; the rule of the
        # table leaves the companies of the reader
        connections = self.env["accountable.connection"].sudo()
        plans = self.env["accountable.sending.plan"]
        # who wants a figure of one connection does not read those of all others
        only = self.env.context.get("accountable_connection_ids")
        chosen = [("id", "in", only)] if only else []
        ready = [one for one in connections.search(chosen) if plans._sends(one)]
        parts = [part for one in ready for part in self._rows_of(one)]
        if not parts:
            return SQL("SELECT %s WHERE FALSE", self._nothing())
        return SQL(" UNION ALL ").join(parts)

    def _nothing(self):
        types = {
            "id": "bigint",
            "amount_total": "numeric",
            "date": "date",
            **dict.fromkeys(("name", "document_kind", "side", "state"), "varchar"),
        }
        names = [name for name, field in self._fields.items() if field.column_type]
        columns = [
            SQL("NULL::%s AS %s", SQL(types.get(name, "int4")), SQL.identifier(name))
            for name in names
            if name != "package"
        ]
        return SQL(", ").join(columns)

    def _rows_of(self, connection):
        """Two selections of one connection: what goes, and what is withheld."""
        plans, withheld = self.env["accountable.sending.plan"], self.env["accountable.withheld"]
        for domain, state in (
            (plans._domain_that_belongs(connection), self._sql_state()),
            (withheld._domain(connection), SQL("'withheld'")),
        ):
            if domain.is_false():
                continue
            # its own condition says whose documents these are; the table's rule asks the rights
            moves = self.env["account.move"].sudo()
            found = moves._search(Domain(domain), active_test=False, bypass_access=True)
            yield self._select(connection, found, state)

    def _select(self, connection, found, state):
        return SQL(
            """
            SELECT %(connection)s::bigint * %(factor)s + m.id AS id,
                   %(connection)s AS connection_id,
                   m.company_id, y.currency_id, m.id AS move_id, m.name, m.journal_id,
                   m.commercial_partner_id AS partner_id, m.date,
                   CASE WHEN m.move_type IN ('out_invoice', 'out_receipt') THEN 'sale'
                        WHEN m.move_type = 'out_refund' THEN 'sale_refund'
                        WHEN m.move_type = 'in_refund' THEN 'purchase_refund'
                        ELSE 'purchase' END AS document_kind,
                   CASE WHEN m.move_type LIKE 'out%%' THEN 'sale' ELSE 'purchase' END AS side,
                   CASE WHEN m.move_type LIKE 'out%%' THEN m.amount_total_signed
                        ELSE -m.amount_total_signed END AS amount_total,
                   %(state)s AS state
              FROM account_move m
              JOIN res_company y ON y.id = m.company_id
              LEFT JOIN accountable_binding b
                ON b.connection_id = %(connection)s AND b.kind = 'document'
               AND b.res_model = 'account.move' AND b.res_id = m.id
              LEFT JOIN LATERAL (
                    SELECT j.state, j.error_code, j.skip_reason FROM accountable_job j
                     WHERE j.connection_id = %(connection)s AND j.res_model = 'account.move'
                       AND j.res_id = m.id AND j.operation = 'document'
                       AND (%(current)s OR j.skip_reason = 'person')
                     ORDER BY j.id DESC LIMIT 1) q ON TRUE
              LEFT JOIN LATERAL (
                    SELECT t.state,
                           EXISTS (SELECT FROM accountable_hand_over h
                                    WHERE h.batch_id = t.id AND h.channel <> 'download'
                                      AND h.state IN ('failed', 'unknown')
                                      AND h.next_try IS NULL) AS needs_person
                      FROM accountable_batch_item i
                      JOIN accountable_batch t ON t.id = i.batch_id
                     WHERE i.connection_id = %(connection)s AND i.res_model = 'account.move'
                       AND i.res_id = m.id AND i.state = 'in_batch'
                       AND i.operation = 'document'
                     LIMIT 1) t ON b.stage = 'in_batch'
             WHERE (b.id IS NULL OR b.stage = 'in_batch'
                    OR b.stage = 'handed_over' AND q.state = 'failed')
               AND m.id IN %(found)s
            """,
            connection=connection.id,
            factor=FACTOR,
            current=CURRENT,
            state=state,
            found=found.subselect(),
        )

    def _sql_state(self):
        """Where a document that goes stands: ``q`` is its item of the queue, ``t`` its batch. One
        that came back, or of which nobody knows whether it arrived, needs somebody too."""
        return SQL(
            """
            CASE WHEN t.state = 'open' THEN 'open_batch'
                 WHEN b.stage = 'in_batch' AND t.needs_person THEN 'failed'
                 WHEN b.stage = 'in_batch' THEN 'closed_batch'
                 WHEN q.state = 'failed' AND q.error_code IN %(no_file)s THEN 'no_file'
                 WHEN q.state = 'failed' AND q.error_code = %(refused)s THEN 'refused'
                 WHEN q.state IN ('failed', 'unknown') THEN 'failed'
                 WHEN q.state = 'skipped' THEN 'excluded'
                 ELSE 'waiting' END
            """,
            no_file=tuple(self._codes_without_file()),
            refused=RECEIVER_REFUSED,
        )

    @api.model
    def _codes_without_file(self):
        """Error codes that say that a document has no file which could go. Package addons add
        theirs."""
        return {"no_file"}

    def action_open(self):
        """The document."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    outstanding_count = fields.Integer(
        compute="_compute_outstanding_count", string="Posted, not handed over"
    )

    @api.depends("step", "package")
    def _compute_outstanding_count(self):
        asked = self._origin.filtered(lambda one: one.step == "done" and one.hands_over)
        counts = {}
        if asked:
            # a figure of the whole connection, also for whoever works for a branch
            rows = self.env["accountable.outstanding"].sudo()
            rows = rows.with_context(accountable_connection_ids=asked.ids)
            counts = {
                connection.id: count
                for connection, count in rows._read_group(
                    [
                        ("connection_id", "in", asked.ids),
                        ("state", "not in", ("withheld", "excluded")),
                    ],
                    ["connection_id"],
                    ["__count"],
                )
            }
        for connection in self:
            connection.outstanding_count = counts.get(connection._origin.id, 0)

    def action_outstanding(self):
        """What of this connection is posted and did not go yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_outstanding_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def action_accountable_outstanding(self):
        """What of this journal is posted and did not go yet."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_outstanding_action"
        )
        return {**action, "domain": [("journal_id", "=", self.id)]}
