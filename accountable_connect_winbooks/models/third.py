"""Customers and suppliers under their number in WinBooks."""

import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..api import third_number
from ..api.third import third_row

CUSTOMER, SUPPLIER = "1", "2"
KINDS = {CUSTOMER: ("sale", "sale_refund"), SUPPLIER: ("purchase", "purchase_refund")}


def type_of(kind):
    """The type of third of a kind of document."""
    return SUPPLIER if kind.startswith("purchase") else CUSTOMER


def vat_digits(text):
    """What two ways to write one VAT number share."""
    return re.sub(r"\D", "", text or "").lstrip("0")


class AccountableWinbooksThird(models.Model):
    """The number of a contact is lasting: WinBooks has entries on it. It hangs on the contact that
    entries are booked on (the commercial one, or the collective party), so that contacts that are
    merged in Odoo bring theirs along. Two may then have the same contact, and both numbers stay
    taken: nothing in the database keeps a contact from having two, people are. A contact that is
    deleted leaves its number behind.

    One without a contact is known from WinBooks alone: the first document of a contact with its
    VAT number, or its name, goes on it.
    """

    _name = "accountable.winbooks.third"
    _description = "Customer or supplier in WinBooks"
    _inherit = ["accountable.guard"]
    _order = "type, number"
    _rec_name = "number"
    _rec_names_search = ["number", "name"]

    connection_id = fields.Many2one(
        "accountable.connection",
        required=True,
        ondelete="cascade",
        index=True,
        domain=[("package", "=", "winbooks")],
        default=lambda self: self._default_connection(),
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    type = fields.Selection(
        [(CUSTOMER, "Customer"), (SUPPLIER, "Supplier")], required=True, default=CUSTOMER
    )
    partner_id = fields.Many2one(
        "res.partner", ondelete="set null", index="btree_not_null", string="Contact in Odoo"
    )
    number = fields.Char(required=True, help="Up to 10 letters and digits.")
    name = fields.Char(help="As WinBooks has it, or as it was when the number was given.")
    vat_number = fields.Char(string="VAT number")
    vat_digits = fields.Char(compute="_compute_vat_digits", store=True)
    shown = fields.Boolean(
        string="In WinBooks already",
        help="Nothing but its number is written any more: what the accountant keeps of it stays.",
    )
    origin = fields.Selection(
        [
            ("rule", "Given by Odoo"),
            ("typed", "Typed"),
            ("pasted", "Pasted"),
            ("read", "Read from WinBooks"),
        ],
        default="typed",
        required=True,
        readonly=True,
        string="Where it comes from",
    )
    row = fields.Json(help="Its record as it was written first: the same in every batch.")

    _number = models.UniqueIndex(
        "(connection_id, type, number)",
        "This number is that of another customer or supplier already.",
    )
    _vat_idx = models.Index("(connection_id, type, vat_digits) WHERE partner_id IS NULL")

    def _fields_of_people(self):
        own = {"type", "partner_id", "number", "name", "vat_number", "shown"}
        return super()._fields_of_people() | own

    def _fields_of_people_at_creation(self):
        return super()._fields_of_people_at_creation() | {"connection_id"}

    @api.model
    def _default_connection(self):
        connections = self.env["accountable.connection"].search(
            [("package", "=", "winbooks"), ("company_id", "in", self.env.companies.ids)], limit=2
        )
        return connections if len(connections) == 1 else connections.browse()

    @api.depends("vat_number")
    def _compute_vat_digits(self):
        for third in self:
            third.vat_digits = vat_digits(third.vat_number)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        if self.partner_id and not self.name:
            self.name = self.partner_id.commercial_partner_id.name
            self.vat_number = self.partner_id.commercial_partner_id.vat

    # What people may change

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._tidy(vals) for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        vals = self._tidy(vals)
        renumbered = self.browse()
        if vals.keys() & {"number", "type", "partner_id"} and not self.env.su:
            renumbered = self.filtered(lambda one: one._is_changed(vals))
            renumbered._check_unused()
        result = super().write(vals)
        if renumbered:
            # of the engine: it is written anew, under its new number
            renumbered.sudo().write({"row": False, "origin": "typed"})
        return result

    def _tidy(self, vals):
        """The number in upper case, the contact the one that is booked on."""
        vals = dict(vals)
        if vals.get("number"):
            vals["number"] = vals["number"].strip().upper()
        if vals.get("partner_id"):
            partner = self.env["res.partner"].browse(vals["partner_id"])
            vals["partner_id"] = partner.commercial_partner_id.id
        return vals

    def _is_changed(self, vals):
        return any(
            name in vals and self._fields[name].convert_to_write(self[name], self) != vals[name]
            for name in ("number", "type", "partner_id")
        )

    @api.constrains("number")
    def _check_number(self):
        for third in self:
            if not third_number.is_number(third.number):
                raise ValidationError(
                    self.env._(
                        "%(number)s cannot be a number in WinBooks: it has up to 10 characters,"
                        " letters from A to Z, digits, and no blank at its beginning.",
                        number=third.number,
                    )
                )

    @api.constrains("connection_id", "type", "partner_id")
    def _check_one_for_each_contact(self):
        for third in self.filtered("partner_id"):
            others = self.search_count(
                [
                    ("connection_id", "=", third.connection_id.id),
                    ("type", "=", third.type),
                    ("partner_id", "=", third.partner_id.id),
                    ("id", "!=", third.id),
                ],
                limit=1,
            )
            if others:
                raise ValidationError(
                    self.env._(
                        "%(contact)s has a number in WinBooks already.",
                        contact=third.partner_id.display_name,
                    )
                )

    def _check_unused(self):
        """Raises UserError for one that documents were handed over with, or wait to be."""
        used = {}
        for third in self:
            key = third.connection_id, third.type
            if key not in used:  # asked once, of many that are deleted together
                used[key] = self._used_numbers(*key)
            if document := used[key].get(third.number):
                raise UserError(
                    self.env._(
                        "%(document)s goes to WinBooks on number %(number)s: it does not change any"
                        " more. Where the office has refused the batch, say so first.",
                        document=document,
                        number=third.number,
                    )
                )

    @api.model
    def _used_numbers(self, connection, type_):
        """``{number: a document}`` of what stands in batches with it."""
        items = self.env["accountable.batch.item"]
        items.flush_model()
        # of thousands of documents, whose rows would be read one by one
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT given ->> 'third', MAX(name)
                      FROM accountable_batch_item
                     WHERE connection_id = ANY(%s) AND document_kind = ANY(%s)
                       AND state IN ('in_batch', 'confirmed')
                     GROUP BY given ->> 'third'
                    """,
                    connection.sudo()._winbooks_family().ids,
                    list(KINDS[type_]),
                )
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused(self):
        self._check_unused()

    # What the engine asks

    @api.model
    def _shown_numbers(self, connection):
        """``{type: numbers}`` of those that WinBooks has."""
        thirds = self.sudo().search_fetch(  # a user hands over, who may not read every contact
            [("connection_id", "in", connection._winbooks_family().ids), ("shown", "=", True)],
            ["type", "number"],
        )
        by_type = thirds.grouped("type")
        return {
            type_: by_type.get(type_, thirds.browse()).mapped("number")
            for type_ in (CUSTOMER, SUPPLIER)
        }

    @api.model
    def _of_party(self, connection, kind, party):
        """The record of a document's party, with the rights of the engine; a new one where there is
        none. Its row is frozen when the first document goes on it.

        :param Party party: of the neutral document
        """
        thirds = self.sudo()  # the engine writes what a document was given
        type_ = type_of(kind)
        partner = self.env["res.partner"].browse(
            party.external_number - connection.external_number_offset
        )
        third = thirds._find(connection, type_, partner, party)
        if not third:
            third = thirds._give(connection, type_, partner, party)
        if not third.shown and not third.row:
            third.row = third_row(party, third.number, type_)
        return third

    def _find(self, connection, type_, partner, party):
        """The one of this contact; else one without a contact that has its VAT number, else its
        name, which is the contact's from then on."""
        of_type = [
            ("connection_id", "in", connection._winbooks_family().ids),
            ("type", "=", type_),
        ]
        own = self.search([*of_type, ("partner_id", "=", partner.id)])
        if own:
            # two, of contacts that were merged
            return own.sorted(lambda one: (not one.shown, one.id))[0]
        digits = vat_digits(party.vat_number)
        free = [*of_type, ("partner_id", "=", False)]
        found = self.search([*free, ("vat_digits", "=", digits)], limit=2) if digits else self
        if len(found) != 1 and party.name:
            name = re.sub(r"([\\%_])", r"\\\1", party.name)
            found = self.search([*free, ("name", "=ilike", name)], limit=2)
            # of somebody else with the same name
            found = found.filtered(lambda one: not (one.vat_digits and digits))
        if len(found) != 1:
            return self.browse()
        if partner.exists():
            found.partner_id = partner
        return found

    def _give(self, connection, type_, partner, party):
        """A number by rule, which nobody has."""
        reference = partner.exists().sudo().ref or ""  # one that the user does not see has a number
        taken = [
            ("connection_id", "in", connection._winbooks_family().ids),
            ("type", "=", type_),
        ]
        for number in third_number.candidates(reference, party.vat_number, party.name):
            if not self.search_count([*taken, ("number", "=", number)], limit=1):
                break
        return self.create(
            {
                "connection_id": connection.id,
                "type": type_,
                "partner_id": partner.exists().id,
                "number": number,
                "name": party.name,
                "vat_number": party.vat_number,
                "origin": "rule",
            }
        )
