"""The numbers an office uses already, pasted from its list."""

from odoo import api, fields, models
from odoo.addons.accountable_connect.wizards.accountable_typed import MOST_SHOWN, preview_of
from odoo.exceptions import UserError

from ..api.third_list import rows_of
from ..models.third import CUSTOMER, SUPPLIER, vat_digits

SHOWN_LINES = 10


class AccountableWinbooksThirdPaste(models.TransientModel):
    _name = "accountable.winbooks.third.paste"
    _description = "Numbers of customers and suppliers to paste"
    _inherit = ["accountable.guard"]

    connection_id = fields.Many2one(
        "accountable.connection",
        required=True,
        ondelete="cascade",
        domain=[("package", "=", "winbooks")],
        default=lambda self: self.env["accountable.winbooks.third"]._default_connection(),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    type = fields.Selection(
        [(CUSTOMER, "Customers"), (SUPPLIER, "Suppliers")],
        required=True,
        default=CUSTOMER,
        string="These are",
    )
    text = fields.Text(string="List")
    findings = fields.Text(compute="_compute_read", string="Left out")
    preview = fields.Html(compute="_compute_read", sanitize=False)
    row_count = fields.Integer(compute="_compute_read", string="Number of rows")
    summary = fields.Char(compute="_compute_read")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"connection_id", "type", "text"}

    @api.depends("text")
    @api.depends_context("lang")
    def _compute_read(self):
        for dialogue in self:
            rows = rows_of(dialogue.text or "")
            taken = [row for row in rows if row.is_valid]
            wrong = [row for row in rows if not row.is_valid]
            dialogue.row_count = len(taken)
            dialogue.findings = dialogue._sentence_left_out(wrong) if wrong else False
            dialogue.summary = self.env._(
                "Rows that can be taken over: %(count)s. Lines that are left out: %(wrong)s.",
                count=len(taken),
                wrong=len(wrong),
            )
            labels = [self.env._("Number"), self.env._("Name"), self.env._("VAT number")]
            shown = [(row.number, row.name, row.vat_number) for row in taken[:MOST_SHOWN]]
            dialogue.preview = preview_of(self.env, labels, shown, len(taken))

    def _sentence_left_out(self, wrong):
        return self.env._(
            "These are no numbers of WinBooks (up to 10 letters and digits): %(lines)s."
            " The first column is the number, the second the name, the third the VAT"
            " number.",
            lines=", ".join(
                self.env._("line %(line)s “%(number)s”", line=row.line, number=row.number)
                for row in wrong[:SHOWN_LINES]
            ),
        )

    def action_take(self):
        """Keep each number that is one, with the contact it is of where the VAT number or the name
        tells; lines that are none are left out, as the dialogue shows."""
        self.ensure_one()
        self.check_access("write")
        thirds = self.env["accountable.winbooks.third"]
        thirds.check_access("create")
        rows = rows_of(self.text or "")
        if not rows:
            raise UserError(self.env._("Paste a list of numbers, names and VAT numbers."))
        taken = [row for row in rows if row.is_valid]
        if not taken:
            raise UserError(self._sentence_left_out(rows))
        # people write no origin; what they pasted they may have written one by one
        thirds.sudo()._keep_list(self.connection_id, self.type, taken, "pasted")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect_winbooks.accountable_winbooks_third_action"
        )
        return {**action, "target": "main"}


class AccountableWinbooksThird(models.Model):
    _inherit = "accountable.winbooks.third"

    @api.model
    def _keep_list(self, connection, type_, rows, origin):
        """Keep what WinBooks has: a number that is known already is that of the same contact, and
        gets the name and VAT number of the list. A contact whose number was given by rule, and with
        which nothing went yet, gets that of the list.

        :param rows: of ``api/third_list.py``, or alike
        :param str origin: where the numbers come from
        """
        known = self.search([("connection_id", "=", connection.id), ("type", "=", type_)])
        used = self._used_numbers(connection, type_)
        by_rule = known.filtered(
            lambda one: one.origin == "rule" and not one.shown and one.number not in used
        ).grouped("partner_id")
        by_number = {one.number: one for one in known}
        kept = known.filtered(lambda one: one.partner_id not in by_rule)
        partners = Partners(self.env, connection, kept)
        new = {}
        for row in rows:
            values = {"name": row.name, "vat_number": row.vat_number, "shown": True}
            if third := by_number.get(row.number):
                third.write({name: value for name, value in values.items() if value})
                third.partner_id = third.partner_id or partners.find(row)
                continue
            partner = self.env["res.partner"].browse(partners.find(row) or ())
            values |= {"number": row.number, "origin": origin}
            if partner in by_rule:
                third = by_rule.pop(partner)[0]
                third.write({**values, "row": False})
                by_number[row.number] = third
            else:
                values |= {"connection_id": connection.id, "type": type_}
                new[row.number] = {**values, "partner_id": partner.id}
        return self.create(list(new.values()))


class Partners:
    """Contacts to be found by VAT number, then by name; each once. One of several that are alike is
    found by nobody: the first document says which it is."""

    def __init__(self, env, connection, thirds):
        company = connection.company_id
        partners = env["res.partner"].search_fetch(
            [
                ("parent_id", "=", False),
                ("company_id", "in", [False, *company.root_id.ids, *company.ids]),
                "|",
                ("customer_rank", ">", 0),
                ("supplier_rank", ">", 0),
            ],
            ["name", "vat"],
        )
        taken = {one.partner_id.id for one in thirds}
        self.by_vat, self.by_name = {}, {}
        for partner in partners:
            if partner.id not in taken:
                self.by_vat.setdefault(vat_digits(partner.vat), []).append(partner.id)
                self.by_name.setdefault(self._plain(partner.name), []).append(partner.id)
        self.given = set()

    def find(self, row):
        digits = vat_digits(row.vat_number)
        for found in (
            self.by_vat.get(digits, []) if digits else [],
            self.by_name.get(self._plain(row.name), []) if row.name else [],
        ):
            free = [id_ for id_ in found if id_ not in self.given]
            if len(free) == 1:
                self.given.add(free[0])
                return free[0]
        return False

    def _plain(self, name):
        return " ".join((name or "").casefold().split())
