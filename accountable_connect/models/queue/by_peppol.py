"""Which documents travelled by Peppol, as far as Odoo knows: one who receives or relays them may
have given them to the accountant."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import KIND_BY_MOVE_TYPE
from ..document_conditions import for_readers

SALES = tuple(one for one, kind in KIND_BY_MOVE_TYPE.items() if kind.startswith("sale"))
BILLS = tuple(one for one, kind in KIND_BY_MOVE_TYPE.items() if kind.startswith("purchase"))
# Fields of Odoo's own Peppol module, which may not be installed: a message of a document that came
# or went, and how far one is that goes.
MESSAGE, STATE = "peppol_message_uuid", "peppol_move_state"
GOES = ("to_send", "processing", "done")
# Files of people: those Odoo made itself stand in a field. XML a user uploads is called plain text.
E_INVOICE = SQL(
    "a.res_model = 'account.move' AND a.res_field IS NULL"
    " AND a.accountable_from_outside IS NOT TRUE"
    " AND (a.mimetype IN ('application/xml', 'text/xml') OR a.name ILIKE %s)",
    "%.xml",
)


class AccountMove(models.Model):
    _inherit = "account.move"

    accountable_by_peppol = fields.Boolean(
        compute="_compute_accountable_by_peppol",
        search="_search_accountable_by_peppol",
        string="Travelled by Peppol",
        groups="accountable_connect.group_user",
        help="A sale that Odoo sends by Peppol, or a bill that came as an e-invoice.",
    )

    @api.depends(lambda self: ["move_type", *(n for n in (MESSAGE, STATE) if n in self._fields)])
    def _compute_accountable_by_peppol(self):
        came = self._accountable_came_as_e_invoice()
        for move in self:
            goes = STATE in move._fields and move.move_type in SALES and move[STATE] in GOES
            has_message = MESSAGE in move._fields and bool(move[MESSAGE])
            is_document = move.move_type in KIND_BY_MOVE_TYPE
            move.accountable_by_peppol = is_document and (
                goes or has_message or move._origin.id in came
            )

    def _accountable_came_as_e_invoice(self):
        """Ids of the bills among these that have the e-invoice of the supplier: one question."""
        bills = self.filtered(lambda move: move.move_type in BILLS)._origin
        if not bills.ids:
            return set()
        self.env["ir.attachment"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT a.res_id FROM ir_attachment a WHERE a.res_id IN %s AND %s",
                tuple(bills.ids),
                E_INVOICE,
            )
        )
        return {id_ for [id_] in rows}

    @for_readers("accountable_by_peppol")
    def _search_accountable_by_peppol(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = {bool(one) for one in value}
        if len(wanted) != 1:
            return Domain.TRUE if bool(wanted) == (operator == "in") else Domain.FALSE
        travelled = wanted.pop() == (operator == "in")
        has_message = Domain(MESSAGE, "!=", False) if MESSAGE in self._fields else Domain.FALSE
        goes = Domain(STATE, "in", GOES) if STATE in self._fields else Domain.FALSE
        if travelled:
            came = has_message | with_e_invoice()
            went = has_message | goes
            return Domain("move_type", "in", BILLS) & came | Domain("move_type", "in", SALES) & went
        # each negation apart, so that an index answers it
        stayed = ~has_message & with_e_invoice(exists=False)
        return (Domain("move_type", "not in", BILLS) | stayed) & (
            Domain("move_type", "not in", SALES) | (~has_message & ~goes)
        )


def with_e_invoice(exists=True):
    """Documents that have an e-invoice among the files people see, or have none."""

    def to_sql(model, alias, query):
        return SQL(
            "%s (SELECT 1 FROM ir_attachment a WHERE a.res_id = %s AND %s)",
            SQL("EXISTS" if exists else "NOT EXISTS"),
            SQL.identifier(alias, "id"),
            E_INVOICE,
        )

    return Domain.custom(to_sql=to_sql)
