"""What the steps of the guided form show of the mapping: what needs a person first."""

from odoo import api, fields, models

from ..master_data.mapping import COUNTERPART_KINDS
from ..master_data.mapping_attention import CERTAIN, CHOOSE, DECIDED, OPEN, OPTIONAL, READY
from ..master_data.mapping_sources import MappingSources

KINDS_BY_STEP = {
    "journals": ("journal",),
    "vat_codes": ("tax",),
    "ledger_accounts": ("account", "payment_term", "analytic_account"),
}

LISTS_BY_STEP = {
    "journals": ("journal_mapping_ids",),
    "vat_codes": ("tax_mapping_ids",),
    "ledger_accounts": ("account_mapping_ids",),
    "contacts": ("doubtful_contact_ids", "matched_contact_ids", "new_contact_ids"),
}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    journal_mapping_ids = fields.One2many(
        "accountable.mapping", "connection_id", domain=[("kind", "=", "journal")]
    )
    tax_mapping_ids = fields.One2many(
        "accountable.mapping", "connection_id", domain=[("kind", "=", "tax")]
    )
    account_mapping_ids = fields.One2many(
        "accountable.mapping",
        "connection_id",
        domain=[("kind", "in", KINDS_BY_STEP["ledger_accounts"])],
    )
    valid_count = fields.Integer(compute="_compute_mapping_counts", string="Confirmed")
    certain_count = fields.Integer(compute="_compute_mapping_counts", string="Certain")
    unsure_count = fields.Integer(compute="_compute_mapping_counts", string="Not certain")
    missing_count = fields.Integer(compute="_compute_mapping_counts", string="To choose")
    ready_count = fields.Integer(compute="_compute_mapping_counts", string="Can be confirmed")
    invalid_count = fields.Integer(compute="_compute_mapping_counts", string="To confirm")
    mapping_sentence = fields.Char(compute="_compute_mapping_counts")
    confirm_certain_label = fields.Char(compute="_compute_mapping_counts")
    confirm_all_label = fields.Char(compute="_compute_mapping_counts")

    def web_read(self, specification):
        """Lists of steps that are not shown are empty: a form would read the first page of each of
        them every time."""
        if len(self) != 1:
            return super().web_read(specification)
        hidden = {
            name
            for step, names in LISTS_BY_STEP.items()
            for name in names
            if step != self.step and specification.get(name)
        }
        shown = {name: values for name, values in specification.items() if name not in hidden}
        return [{**found, **{name: [] for name in hidden}} for found in super().web_read(shown)]

    def _fields_of_people(self):
        rows = {"account_mapping_ids", "journal_mapping_ids", "tax_mapping_ids"}
        return super()._fields_of_people() | rows

    @api.depends("step", "mapping_ids.attention")
    @api.depends_context("lang")
    def _compute_mapping_counts(self):
        for connection in self:
            counts = connection._mapping_counts(connection._kinds_of_step())
            ready = sum(counts[attention] for attention in READY)
            connection.valid_count = counts[DECIDED]
            connection.certain_count = counts[CERTAIN]
            connection.unsure_count = ready - counts[CERTAIN]
            connection.missing_count = counts[CHOOSE]
            connection.ready_count = ready
            connection.invalid_count = ready + counts[CHOOSE]
            connection.mapping_sentence = connection._mapping_sentence()
            connection.confirm_certain_label = connection._confirm_certain_label()
            connection.confirm_all_label = self.env._(
                "Confirm all, %(count)s of them not certain", count=connection.unsure_count
            )

    def _mapping_sentence(self):
        """How far the step is, in words."""
        to_decide = self.missing_count + self.unsure_count
        values = {
            "to_decide": to_decide,
            "certain": self.certain_count,
            "confirmed": self.valid_count,
        }
        if to_decide and self.certain_count:
            return self.env._("%(to_decide)s to look at, %(certain)s certain", **values)
        if to_decide and self.valid_count:
            return self.env._("%(to_decide)s to look at, %(confirmed)s confirmed", **values)
        if to_decide:
            return self.env._("%(to_decide)s to look at", **values)
        if self.certain_count:
            return self.env._("%(certain)s proposals, all certain", **values)
        return self.env._("%(confirmed)s confirmed, nothing to decide", **values)

    def _confirm_certain_label(self):
        if self.missing_count or self.unsure_count:
            return self.env._("Confirm the %(count)s that are certain", count=self.certain_count)
        return self.env._("Confirm all %(count)s", count=self.certain_count)

    def _mapping_counts(self, kinds):
        """How many rows of these kinds there are of each ``attention``."""
        counts = dict.fromkeys((*OPEN, CERTAIN, OPTIONAL, DECIDED), 0)
        if self.ids:
            rows = self.env["accountable.mapping"]._read_group(
                [("connection_id", "in", self.ids), ("kind", "in", kinds)],
                ["attention"],
                ["__count"],
            )
            counts.update(rows)
        return counts

    def _has_open_mappings(self, step):
        """Whether a row of the step needs a person: what is certain does not."""
        return self._has_mappings([("kind", "in", KINDS_BY_STEP[step]), ("attention", "in", OPEN)])

    def _has_journal(self):
        """Whether documents of one journal at least would go: what is certain is confirmed by the
        start."""
        domain = [("kind", "=", "journal"), ("enabled", "=", True)]
        return self._has_mappings([*domain, ("attention", "in", (CERTAIN, DECIDED))])

    def _has_mappings(self, domain):
        """Whether there is one; of thousands none is read."""
        return bool(
            self.env["accountable.mapping"].search_count(
                [("connection_id", "in", self.ids), *domain], limit=1
            )
        )

    def _look_again_at_mappings(self, step):
        domain = [("kind", "in", KINDS_BY_STEP.get(step, ()))]
        rows = self.env["accountable.mapping"].search([("connection_id", "in", self.ids), *domain])
        rows._look_again()

    def _kinds_of_step(self):
        """What is mapped in this step; in any other one, all that is mapped."""
        return KINDS_BY_STEP.get(self.step, tuple(COUNTERPART_KINDS))

    def action_propose_mappings(self):
        """Add rows for what is new in Odoo and propose counterparts for what is not confirmed."""
        self.ensure_one()
        self.check_access("write")
        for kind, records, document_kind in MappingSources(self).all():
            self._ensure_mapping_rows(kind, records, document_kind)
        # a proposal is no field of people
        rows = self.sudo().mapping_ids.filtered(lambda row: row.state == "proposed")
        self.env["accountable.proposal"]._propose(rows)
        self.mapping_ids._look_again()
        return True

    def action_update_records(self):
        """Read the master data again and look for counterparts: the button of each step."""
        self.ensure_one()
        # what is typed is not read from anywhere
        notification = self.types_master_data or self.action_refresh_master_data()
        # Also when the package takes no more calls today: what was read before may fit what is new.
        self.action_propose_mappings()
        return notification

    def action_confirm_mappings(self):
        """Confirm every proposal of the step that has a counterpart, certain or not."""
        self._confirm_proposals(READY, self._kinds_of_step())
        return True

    def action_confirm_certain(self):
        """Confirm the proposals of the step that need no second look, and no other."""
        self._confirm_proposals((CERTAIN,), self._kinds_of_step())
        return True

    def _confirm_proposals(self, attentions, kinds=tuple(COUNTERPART_KINDS)):
        """Confirm what is proposed and has one of these ``attention``, of some kinds or of all."""
        self.ensure_one()
        self.mapping_ids.filtered(
            lambda row: row.kind in kinds and row.attention in attentions
        ).action_confirm()

    def action_mappings(self):
        """The rows of the step as a list in which many can be edited or confirmed at once."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_mapping_action"
        )
        kinds = self._kinds_of_step()
        return {
            **action,
            "domain": [("connection_id", "=", self.id), ("kind", "in", kinds)],
            "context": {"search_default_open": 1, "search_default_group_kind": len(kinds) > 1},
        }
