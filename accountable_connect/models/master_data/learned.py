"""What a person chose before for a record of Odoo's charts, for the next company of the same
office."""

from contextlib import suppress

import psycopg2
from odoo import api, fields, models

from ...api.counterparts import Counterparts
from ...api.learned import Learned

# Of these Odoo has templates, so that one company's is known again in another.
KINDS = ("account", "tax")


class AccountableLearnedCounterpart(models.Model):
    """A choice that was not what had been proposed: code → code, for a sign-in.

    No company and no name stands in it, and nobody reads it but the engine; it goes with the
    sign-in. What a user made is not learned: nothing tells that another company's is the same.
    """

    _name = "accountable.learned.counterpart"
    _description = "Counterpart chosen before"
    _inherit = ["accountable.guard"]

    sign_in_id = fields.Many2one("accountable.sign.in", required=True, ondelete="cascade")
    kind = fields.Selection([("account", "Account"), ("tax", "Tax")], required=True)
    document_kind = fields.Char(required=True)
    source = fields.Char(
        required=True, help="The record of Odoo's chart, with the chart: be_comp:a604000."
    )
    code = fields.Char(required=True, help="What was chosen in the administration.")
    instead_of = fields.Char(help="What was proposed when it was chosen.")

    _unique_source = models.Constraint(
        "unique(sign_in_id, kind, document_kind, source)", "This is learned already."
    )

    @api.model
    def _of(self, row, items):
        """The :class:`Learned` of a row, None where nobody has chosen otherwise.

        :param items: what may be its counterpart; what was learned is read once for all rows that
            come with the same ones
        """
        if row.kind not in KINDS or not row.template_key:
            return None
        sign_in = row.connection_id.sign_in_id
        learned = Counterparts.of(items).prepared(
            ("learned", sign_in.id), lambda _items: self._of_sign_in(sign_in)
        )
        return learned.get((row.kind, row.document_kind, row.template_key))

    def _of_sign_in(self, sign_in):
        # nobody reads them but the engine
        found = self.sudo().search([("sign_in_id", "=", sign_in.id)]) if sign_in else self
        return {
            (one.kind, one.document_kind, one.source): Learned(one.code, one.instead_of or "")
            for one in found
        }

    @api.model
    def _forget(self, sign_in):
        """The sign-in leads to other books: nothing that was chosen with it counts there."""
        self.search([("sign_in_id", "=", sign_in.id)]).unlink()

    @api.model
    def _learn(self, row, proposed, chosen):
        """Keep what a person chose.

        :param str proposed: code of the counterpart before, "" for none
        :param str chosen: code of the one that was chosen
        """
        key = {
            "sign_in_id": row.connection_id.sign_in_id.id,
            "kind": row.kind,
            "document_kind": row.document_kind,
            "source": row.template_key,
        }
        # who maps need not read what was learned
        table = self.sudo()
        known = table.search([(name, "=", value) for name, value in key.items()])
        instead_of = known.instead_of if known and known.code == proposed else proposed
        if chosen == instead_of:
            known.unlink()
        elif known:
            known.write({"code": chosen, "instead_of": instead_of})
        else:
            # somebody else of the office may choose for it at this moment
            with suppress(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
                table.create({**key, "code": chosen, "instead_of": instead_of})


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def write(self, vals):
        """A counterpart that a person chooses is learned."""
        corrected = []
        if vals.get("master_data_id") and "state" not in vals:
            corrected = [
                (row, row.master_data_id.code or "")
                for row in self
                if row.kind in KINDS
                and row.master_data_id.id != vals["master_data_id"]
                and row.connection_id.sign_in_id
                and row.template_key
            ]
        result = super().write(vals)
        for row, proposed in corrected:
            self.env["accountable.learned.counterpart"]._learn(
                row, proposed, row.master_data_id.code
            )
        return result
