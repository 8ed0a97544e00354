"""Who gives the accountant what: documents that stay here because somebody else does."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...const import KIND_BY_MOVE_TYPE
from ...documents.sentence import SentencesOf
from ..document_conditions import EXCLUDED, for_readers, of_connection, with_binding, with_job
from ..sentence import in_language

_lt = SentencesOf(__name__)

GIVEN = [
    ("everything", "Nobody: everything goes from here"),
    ("not_peppol", "What travels by Peppol arrives there already: only the rest goes from here"),
    ("nothing", "Somebody else gives all of them: nothing goes from here"),
]


class AccountableWithheld(models.AbstractModel):
    """Documents that would go and stay here, because the accountant has them from elsewhere; of
    kinds that a person switched off nothing is said. Methods take the connection."""

    _name = "accountable.withheld"
    _description = "Documents that stay here"

    def _reason_of_kind(self, connection, kind):
        """Why no document of a kind goes, a sentence; "" where they do. Package addons add their
        own reasons."""
        if kind.startswith("sale"):
            if connection.sales_given == "nothing":
                return _lt(
                    "Somebody else gives your accountant the sales invoices: they stay here."
                )
        elif connection.bills_given == "nothing":
            return _lt("Somebody else gives your accountant the bills: they stay here.")
        return ""

    def _peppol_stays(self, connection):
        """Kinds of which those stay that travelled by Peppol."""
        kinds = set()
        if connection.sales_given == "not_peppol":
            kinds |= {"sale", "sale_refund"}
        if connection.bills_given == "not_peppol" or connection.peppol_receiver == "package":
            kinds |= {"purchase", "purchase_refund"}
        return frozenset(kinds)

    def _reason(self, connection, move):
        """Why this document stays here, "" where it does not."""
        kind = KIND_BY_MOVE_TYPE.get(move.move_type)
        if not kind:
            return ""
        if reason := self._reason_of_kind(connection, kind):
            return reason
        # whoever asks need not read what is exported
        if kind not in self._peppol_stays(connection) or not move.sudo().accountable_by_peppol:
            return ""
        if kind.startswith("sale"):
            return _lt(
                "It travels by Peppol, from where your accountant has it too: it stays here."
            )
        return _lt(
            "It came as an e-invoice, which your accountant has from elsewhere too: it stays here."
        )

    def _given_twice(self, connection):
        """``[(connection, sentence)]``: others of this company that send the same kind of documents
        as this one does, or will."""
        plans = self.env["accountable.sending.plan"]
        labels = dict(
            self.env["accountable.job"]._fields["document_kind"]._description_selection(self.env)
        )
        own = plans._kinds(connection)
        # the company's other connections, whoever asks
        others = connection.sudo().company_id.accountable_connection_ids - connection._origin
        for other in others.filtered(plans._sends).sudo(False):
            both = [label for kind, label in labels.items() if kind in own & plans._kinds(other)]
            if both:
                yield (
                    other,
                    self.env._(
                        "%(connection)s gets documents of the same kind from Odoo (%(kinds)s):"
                        " where both go to one accountant, they are there twice.",
                        connection=other.name,
                        kinds=", ".join(both),
                    ),
                )

    def _domain(self, connection):
        """Documents that stay here: none that went, and none a person excluded."""
        plans = self.env["accountable.sending.plan"]
        chosen, stays = plans._chosen_kinds(connection), self._peppol_stays(connection)
        whole = {kind for kind in chosen if self._reason_of_kind(connection, kind)}
        parts = []
        if not (whole or chosen & stays):
            return Domain.FALSE
        if whole:
            types = plans._move_types(connection, whole)
            parts.append(plans._domain_of_types(connection, types))
        if rest := (chosen & stays) - whole:
            types = plans._move_types(connection, rest)
            by_peppol = Domain("accountable_by_peppol", "=", True)
            parts.append(plans._domain_of_types(connection, types) & by_peppol)
        return (
            Domain.OR(parts)
            & with_binding(of_connection(connection._origin.id), exists=False)
            & with_job(EXCLUDED, exists=False)
        )


class AccountMove(models.Model):
    _inherit = "account.move"

    accountable_withheld = fields.Char(
        compute="_compute_accountable_withheld",
        string="Why it stays here",
        groups="accountable_connect.group_user",
    )
    accountable_withheld_by_id = fields.Many2one(
        "accountable.connection",
        compute="_compute_accountable_withheld",
        search="_search_accountable_withheld_by_id",
        string="Stays here for",
        groups="accountable_connect.group_user",
    )

    @api.depends("accountable_by_peppol", "move_type", "company_id")
    @api.depends_context("lang", "uid")
    def _compute_accountable_withheld(self):
        plans, withheld = self.env["accountable.sending.plan"], self.env["accountable.withheld"]
        by_company = plans._by_company()
        for move in self:
            ids = [plan.connection_id for plan in by_company.get(move.company_id.id, ())]
            # whoever reads documents may not read connections
            connections = self.env["accountable.connection"].sudo().browse(ids)
            reasons = [withheld._reason(one, move) for one in connections]
            shown = dict.fromkeys(in_language(self.env, one) for one in reasons if one)
            move.accountable_withheld = " ".join(shown) or False
            by = [one.id for one, reason in zip(connections, reasons, strict=True) if reason]
            move.accountable_withheld_by_id = by[0] if by else False

    @for_readers("accountable_withheld_by_id")
    def _search_accountable_withheld_by_id(self, operator, value):
        """Documents that stay here for one of these connections; only such as people may read."""
        if operator != "in":
            return NotImplemented
        # only of connections that the person sees
        connections = self.env["accountable.connection"].search([])
        withheld = self.env["accountable.withheld"]
        # the domain reads mappings and other settings; what is found is what the person may see
        domains = {one.id: withheld._domain(one.sudo()) for one in connections}
        found = Domain.OR(domain for id_, domain in domains.items() if id_ in value)
        return found | ~Domain.OR(domains.values()) if False in value else found


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    sales_given = fields.Selection(
        GIVEN,
        default="everything",
        required=True,
        string="Who already gives your accountant your sales invoices?",
        help="Peppol is mandatory between companies in Belgium since 2026, and access points and"
        " relays such as Billit, Doccle, Banqup or CodaBox may forward what you send to your"
        " accountant too. Ask before you start, else the accountant has them twice.",
    )
    bills_given = fields.Selection(
        GIVEN,
        default="everything",
        required=True,
        string="Who already gives your accountant your bills?",
        help="Bills that suppliers send by Peppol may reach your accountant as well, when the"
        " accounting package or a relay (CodaBox, Billit, Doccle, Banqup) receives or forwards"
        " them. Bills on paper, as PDF or from abroad never do.",
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | {"sales_given", "bills_given"}

    given_twice = fields.Char(compute="_compute_given_twice")
    withheld_count = fields.Integer(compute="_compute_withheld_count", string="Withheld")

    @api.depends("step", "sales_given", "bills_given", "company_id", "package")
    @api.depends_context("lang", "uid")
    def _compute_given_twice(self):
        withheld = self.env["accountable.withheld"]
        for connection in self:
            shown = connection.step == "done" and connection.company_id
            found = list(withheld._given_twice(connection)) if shown else []
            connection.given_twice = " ".join(sentence for _other, sentence in found) or False

    @api.depends("sales_given", "bills_given", "peppol_receiver", "step")
    def _compute_withheld_count(self):
        withheld = self.env["accountable.withheld"]
        for connection in self:
            counts = connection.step == "done" and connection.start_date
            # a count, of documents of journals too that a person does not see
            documents = self.env["account.move"].sudo()
            connection.withheld_count = (
                documents.search_count(withheld._domain(connection.sudo())) if counts else 0
            )

    def action_withheld(self):
        """The documents that stay here, and why."""
        self.ensure_one()
        self.check_access("read")
        view = self.env.ref("accountable_connect.account_move_view_list_withheld")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withheld"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "views": [(view.id, "list"), (False, "form")],
            "domain": [("accountable_withheld_by_id", "in", self.ids)],
            "context": {"create": False},
        }
