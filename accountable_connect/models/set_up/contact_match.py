"""Contacts of Odoo and parties of the administration that are the same, before anything is sent."""

import collections
from dataclasses import asdict

from odoo import api, fields, models

from ...api.contact_matching import match_contacts
from ...documents import Party
from ..inbound.contact_import import LINKED
from .checklist import Line

DECIDED = ("accepted", "refused")


class AccountableContactMatch(models.Model):
    """One contact, or one party of the administration that Odoo does not have.

    ::

        matched ──────────────────────────────┐
        doubtful → accepted | refused         ├→ bound when the connection starts
        new      (is made on the other side)──┘

    Rows stay, so what a person decided survives a new search for matches.
    """

    _name = "accountable.contact.match"
    _description = "Contact matched with an administration"
    _inherit = ["accountable.guard"]
    _order = "state, party_name, id"
    _rec_name = "party_name"
    _rec_names_search = ["party_name", "party_vat_number", "external_key", "partner_id"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", ondelete="cascade", index="btree_not_null", string="Contact in Odoo"
    )
    external_key = fields.Char(readonly=True, required=True)
    party_name = fields.Char(readonly=True, string="In the package")
    party_city = fields.Char(readonly=True, string="City")
    party_vat_number = fields.Char(readonly=True, string="VAT number")
    party = fields.Json(readonly=True, help="The party as the administration holds it.")
    reason = fields.Selection(
        [
            ("vat_number", "Same VAT number"),
            ("registry_number", "Same registry number"),
            ("external_number", "Same number"),
            ("name", "Same name"),
        ],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("doubtful", "To decide"),
            ("matched", "Matched"),
            ("accepted", "The same"),
            ("refused", "Not the same"),
            ("new", "Only in the package"),
        ],
        required=True,
        readonly=True,
        default="doubtful",
    )

    _unique_pair = models.Constraint(
        "unique(connection_id, external_key, partner_id)", "This pair is listed already."
    )

    def action_accept(self):
        """They are the same; other contacts proposed for that party are not."""
        self.check_access("write")
        # the state is the engine's: people change it by these buttons only
        matches = self.sudo().filtered("partner_id")
        concerned = matches.search_fetch(
            [
                ("connection_id", "in", matches.connection_id.ids),
                "|",
                ("external_key", "in", matches.mapped("external_key")),
                ("partner_id", "in", matches.partner_id.ids),
            ],
            ["connection_id", "external_key", "partner_id"],
        )
        of_party = concerned.grouped(lambda one: (one.connection_id, one.external_key))
        of_contact = concerned.grouped(lambda one: (one.connection_id, one.partner_id))
        states = {}
        for match in matches:
            for rival in of_party[match.connection_id, match.external_key]:
                states[rival] = "refused"
            for rival in of_contact[match.connection_id, match.partner_id]:
                states[rival] = "refused"
            states[match] = "accepted"
        for state in ("accepted", "refused"):
            matches.browse(one.id for one, its in states.items() if its == state).state = state
        return True

    def action_refuse(self):
        self.check_access("write")
        # as above
        self.sudo().filtered("partner_id").state = "refused"
        return True

    @api.model
    def _find_matches(self, connection, partners, stored):
        """Which of these contacts are which of these parties of the administration.

        :param stored: ``StoredParty`` of each
        :return: ``[(partner, ContactMatch)]``, see api/contact_matching.py
        """
        identify = self.env["accountable.party"]._identify
        parties = [identify(connection, partner) for partner in partners]
        partner_by_number = {
            party.external_number: partner for party, partner in zip(parties, partners, strict=True)
        }
        return [
            (partner_by_number[match.party.external_number], match)
            for match in match_contacts(parties, stored)
        ]

    @api.model
    def _store_matches(self, connection, stored):
        """Replace what nobody decided by what these parties of the administration match now."""
        decided = connection.contact_match_ids.filtered(lambda match: match.state in DECIDED)
        (connection.contact_match_ids - decided).unlink()
        done = {(match.external_key, match.partner_id.id) for match in decided}
        accepted = decided.filtered(lambda match: match.state == "accepted")
        partners = self.env["res.partner"].search(connection._contacts_domain())
        accepted_keys = set(accepted.mapped("external_key"))
        stored = [entry for entry in stored if entry.key not in accepted_keys]
        rows = [
            self._matched_values(connection, partner, match)
            for partner, match in self._find_matches(
                connection, partners - accepted.partner_id, stored
            )
            if (match.stored.key, partner.id) not in done
        ]
        if connection.contact_direction == "from_package":
            known = {row["external_key"] for row in rows}
            rows += [
                {**self._values(connection, entry), "state": "new"}
                for entry in stored
                if entry.active and entry.key not in known
            ]
        self.create(rows)

    def _matched_values(self, connection, partner, match):
        return {
            **self._values(connection, match.stored),
            "partner_id": partner.id,
            "reason": match.reason,
            "state": "matched" if match.sure else "doubtful",
        }

    def _values(self, connection, stored):
        return {
            "connection_id": connection.id,
            "external_key": stored.key,
            "party_name": stored.party.name,
            "party_city": stored.party.city,
            "party_vat_number": stored.party.vat_number,
            "party": asdict(stored.party),
        }

    @api.model
    def _bind_matched(self, connection):
        """Link what is matched, and make in Odoo what only the package has, where that is
        wanted."""
        contacts = self.env["accountable.contact.import"]
        taken = set(contacts._bindings(connection, fetch=LINKED).mapped("external_key"))
        for match in connection.contact_match_ids:
            if match.external_key in taken or match.state in ("doubtful", "refused"):
                continue
            if match.state == "new":
                match.partner_id = contacts._create_partner(Party(**match.party))
                match.state = "accepted"
            contacts._bind(connection, match.partner_id, match.external_key)
            taken.add(match.external_key)

    @api.model
    def _summary_lines(self, connection):
        """The lines of the set-up's summary."""
        matches = connection.contact_match_ids
        count = collections.Counter(matches.mapped("state"))
        if count["doubtful"]:
            sentence = self.env._(
                "%(count)s contacts are still to decide; without a decision they are created.",
                count=count["doubtful"],
            )
            yield Line("warning", sentence, step="contacts")
        if connection.collective_private_party and not connection.collective_partner_id:
            sentence = self.env._("Choose the collective party for private customers.")
            yield Line("missing", sentence, step="contacts")
        sentences = [
            self.env._(
                "%(count)s contacts are matched.", count=count["matched"] + count["accepted"]
            )
        ]
        if count["new"]:
            sentences.append(
                self.env._("%(count)s contacts will be created in Odoo.", count=count["new"])
            )
        yield Line("good", " ".join(sentences), step="contacts")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    contact_match_ids = fields.One2many("accountable.contact.match", "connection_id")
    doubtful_contact_ids = fields.One2many(
        "accountable.contact.match", "connection_id", domain=[("state", "=", "doubtful")]
    )
    matched_contact_ids = fields.One2many(
        "accountable.contact.match",
        "connection_id",
        domain=[("state", "in", ("matched", "accepted", "refused"))],
    )
    new_contact_ids = fields.One2many(
        "accountable.contact.match", "connection_id", domain=[("state", "=", "new")]
    )
    contact_count = fields.Integer(compute="_compute_contact_counts", string="Contacts in Odoo")
    matched_contact_count = fields.Integer(compute="_compute_contact_counts", string="Matched")
    doubtful_contact_count = fields.Integer(compute="_compute_contact_counts", string="To decide")

    @api.depends("contact_match_ids.state", "step")
    def _compute_contact_counts(self):
        for connection in self:
            states = connection.contact_match_ids.mapped("state")
            connection.matched_contact_count = states.count("matched") + states.count("accepted")
            connection.doubtful_contact_count = states.count("doubtful")
            # a number says nothing of who they are
            connection.contact_count = (
                self.env["res.partner"].sudo().search_count(connection._contacts_domain())
                if connection.step in ("contacts", "summary")
                else 0
            )

    def _contacts_domain(self):
        """Customers and suppliers that documents of this company can be made out to."""
        domain = [
            ("parent_id", "=", False),
            "|",
            ("customer_rank", ">", 0),
            ("supplier_rank", ">", 0),
            "|",
            ("company_id", "=", False),
            ("company_id", "in", self._companies_of_records().ids),
        ]
        if self.collective_private_party:
            domain += ["|", ("is_company", "=", True), ("vat", "not in", (False, "", "/"))]
        return domain

    def action_match_contacts(self):
        """Read the parties of the administration and look which contacts they are."""
        self.ensure_one()
        changes = self._ask_package(lambda package: package.parties_changed_since(""))
        if changes is not None:
            # rows are the engine's; asking the package checked what the user may
            connection = self.sudo()
            matches = connection.env["accountable.contact.match"]
            matches._store_matches(connection, changes.parties)
        return True
