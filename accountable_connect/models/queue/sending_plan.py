"""Which documents go to a connection, and when."""

from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import fields, models, tools
from odoo.fields import Domain

from ...const import DAY_ZONE, KIND_BY_MOVE_TYPE
from ..document_conditions import EXCLUDED, of_connection, with_binding, with_job

RECEIPTS = ("out_receipt", "in_receipt")
# Connections whose set-up is done
READY = [("step", "=", "done"), ("start_date", "!=", False), ("state", "!=", "not_connected")]
# A change of these is a change of the plan.
PLAN_FIELDS = {
    "active",
    "state",
    "step",
    "sign_in_id",
    "company_id",
    "administration_key",
    "send_sales",
    "send_sale_refunds",
    "send_purchases",
    "send_purchase_refunds",
    "send_receipts",
    "send_files",
    "start_date",
    "opening_items_until",
    "synchronisation",
    "moment",
    "nightly_hour",
    "peppol_receiver",
    "sales_given",
    "bills_given",
}
MOMENT_FIELDS = {"synchronisation", "moment", "nightly_hour"}


class Plan(NamedTuple):
    """Everything posting needs to know of a connection; kept in the registry's cache."""

    connection_id: int
    package: str
    kinds: frozenset[str]
    receipts: bool
    start_date: date
    opening_items_until: date
    synchronisation: str
    moment: str
    nightly_hour: int
    send_files: bool
    journals_off: frozenset[tuple[int, str]]
    # kinds of which those stay that travelled by Peppol
    peppol_stays: frozenset[str] = frozenset()

    def sends(self, move):
        """Whether documents of this kind and journal go at all."""
        kind = KIND_BY_MOVE_TYPE.get(move.move_type)
        return (
            kind in self.kinds
            and (self.receipts or move.move_type not in RECEIPTS)
            and (move.journal_id.id, kind) not in self.journals_off
        )

    def wants(self, move):
        """Whether a posted document of this date is booked, also when it was not before."""
        is_opening_item = self.opening_items_until and move.date <= self.opening_items_until
        return (
            self.sends(move)
            and move.date >= self.start_date
            and not is_opening_item
            and not self.withholds(move)
        )

    def withholds(self, move):
        """Whether it stays because the accountant has it from Peppol already. Asked of many
        documents, it costs one question for all of them."""
        stays = KIND_BY_MOVE_TYPE.get(move.move_type) in self.peppol_stays
        # whoever posts need not read what is exported
        return stays and move.sudo().accountable_by_peppol

    @property
    def at_once(self):
        return self.synchronisation == "automatic" and self.moment == "posting"

    def next_moment(self):
        """When a job is due, naive UTC; None: when a person presses the button."""
        if self.synchronisation == "manual":
            return None
        return fields.Datetime.now() if self.moment == "posting" else self.next_night()

    def next_night(self, after=None):
        """The hour of the night in which documents go, naive UTC.

        :param after: naive UTC; None: now
        """
        start = (after or fields.Datetime.now()).replace(tzinfo=ZoneInfo("UTC"))
        local = start.astimezone(DAY_ZONE)
        night = local.replace(hour=self.nightly_hour, minute=0, second=0, microsecond=0)
        if night <= local:
            night += timedelta(days=1)
        return night.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


class AccountableSendingPlan(models.AbstractModel):
    """The plan of each connection whose set-up is done, and the documents that fit it. Addons may
    narrow what goes; methods take the connection or the document."""

    _name = "accountable.sending.plan"
    _description = "Which documents go to a connection"

    # Plans

    @tools.ormcache()
    def _by_company(self):
        """``{company id of a document: (Plan, …)}`` of the connections whose set-up is done."""
        plans = {}
        # whoever posts may not read connections, and may be looking at archived records
        connections = self.env["accountable.connection"].sudo().with_context(active_test=True)
        for connection in connections.search(READY):
            plan = self._of(connection)
            for company in connection.company_id._accountable_branches():
                plans[company.id] = (*plans.get(company.id, ()), plan)
        return plans

    @tools.ormcache()
    def _senders(self):
        """``{root company id: {connection id: id of the connection that sends to its administration
        now, 0 for none}}``, of all connections, archived ones included."""
        sending = {plan.connection_id for plans in self._by_company().values() for plan in plans}
        # whoever posts may not read connections
        connections = self.env["accountable.connection"].sudo().with_context(active_test=False)
        places = {
            one.id: (one.company_id.root_id.id, one.package, one.administration_key)
            for one in connections.search([("administration_key", "!=", False)])
        }
        by_place = {place: id_ for id_, place in places.items() if id_ in sending}
        result = {}
        for id_, place in places.items():
            sender = id_ if id_ in sending else by_place.get(place, 0)
            result.setdefault(place[0], {})[id_] = sender
        return result

    def _of(self, connection):
        return Plan(
            connection_id=connection.id,
            package=connection.package,
            kinds=frozenset(self._kinds(connection)),
            receipts=connection.send_receipts,
            start_date=connection.start_date,
            opening_items_until=connection.opening_items_until,
            synchronisation=connection.synchronisation,
            moment=connection.moment,
            nightly_hour=connection.nightly_hour,
            send_files=connection.send_files,
            journals_off=self._journals_off(connection),
            peppol_stays=self.env["accountable.withheld"]._peppol_stays(connection),
        )

    def _sends(self, connection):
        """Whether its set-up is done and it is not archived."""
        return bool(connection.active and connection.filtered_domain(READY))

    def _kinds(self, connection):
        """Kinds of documents that go: chosen, and not given to the accountant by somebody else."""
        withheld = self.env["accountable.withheld"]
        return {
            kind
            for kind in self._chosen_kinds(connection)
            if not withheld._reason_of_kind(connection, kind)
        }

    def _chosen_kinds(self, connection):
        """Kinds of documents that a person switched on."""
        chosen = {
            "sale": connection.send_sales,
            "sale_refund": connection.send_sale_refunds,
            "purchase": connection.send_purchases,
            "purchase_refund": connection.send_purchase_refunds,
        }
        return {kind for kind, sent in chosen.items() if sent}

    def _journals_off(self, connection):
        """``{(journal id, kind)}`` of what a person switched off."""
        mappings = self.env["accountable.mapping"].sudo()  # whoever posts may not read them
        of_connection = ("connection_id", "=", connection._origin.id), ("kind", "=", "journal")
        rows = mappings.search_fetch(
            [*of_connection, ("enabled", "=", False)], ["journal_id", "document_kind"]
        )
        return frozenset((row.journal_id.id, row.document_kind) for row in rows)

    # Of one document

    def _that_want(self, move):
        """The plans that want this document booked, without any query but for a branch with books
        of its own."""
        return [plan for plan in self._that_send(move) if plan.wants(move)]

    def _that_send(self, move):
        """The plans that send a document of this kind and journal, whatever its date."""
        plans = self._by_company()
        if move.move_type not in KIND_BY_MOVE_TYPE or not plans or move.state != "posted":
            return []
        found = plans.get(move.company_id.id, ())
        if move.company_id.parent_id and (above := self._connections_above_branch(move)):
            found = [self._of(connection) for connection in above if self._sends(connection)]
        return [plan for plan in found if plan.sends(move)]

    def _connections_above_branch(self, move):
        """The connections of companies above a branch with books of its own in whose administration
        this document stands, from before the branch had its own VAT number: it is followed there,
        and booked nowhere else."""
        company = move.company_id._accountable_company()
        if not company.parent_id:
            return self.env["accountable.connection"]
        bindings = self.env["accountable.binding"].sudo()  # it does not see the company above it
        return bindings.search(
            [
                ("res_model", "=", move._name),
                ("res_id", "=", move._origin.id),
                ("kind", "=", "document"),
                ("connection_id.company_id", "parent_of", company.parent_id.id),
            ]
        ).connection_id

    def _left_out_sentence(self, move):
        """Why this posted document of a branch with books of its own goes nowhere, though those of
        a company above it go; "" for every other one."""
        plans, company = self._by_company(), move.company_id
        if (
            not plans
            or move.state != "posted"
            or move.move_type not in KIND_BY_MOVE_TYPE
            or not company.parent_id
            or company.id in plans
            # a branch does not see the companies above it
            or not any(above.id in plans for above in company.sudo().parent_ids)
            or self._connections_above_branch(move)
        ):
            return ""
        return company._accountable_left_out_sentence()

    # All documents of a connection

    def _domain_to_export(self, connection):
        """Documents that belong in the administration and are not there, and are not excluded."""
        domain = (
            self._domain_that_belongs(connection)
            & with_binding(of_connection(connection._origin.id), exists=False)
            & with_job(EXCLUDED, exists=False)
        )
        # the companies above a branch, and their connections, may be closed to the user
        above = connection.company_id.sudo().parent_ids - connection.company_id
        connections = connection.sudo().with_context(active_test=False)
        for one in connections.search([("company_id", "in", above.ids)]) if above else ():
            # booked when the branch had no VAT number of its own: followed there
            domain &= with_binding(of_connection(one.id), exists=False)
        return domain

    def _domain_that_belongs(self, connection):
        """Documents that belong in the administration, there or not: posted, of a kind that goes,
        not before the start date, journal not switched off. Asks the documents only."""
        move_types = self._move_types(connection, self._kinds(connection))
        domain = self._domain_of_types(connection, move_types)
        stays = self.env["accountable.withheld"]._peppol_stays(connection)
        by_peppol = [one for one in move_types if KIND_BY_MOVE_TYPE[one] in stays]
        if by_peppol:
            domain &= Domain("move_type", "not in", by_peppol) | Domain(
                "accountable_by_peppol", "=", False
            )
        return domain

    def _move_types(self, connection, kinds):
        """Odoo's types of documents of these kinds that go."""
        return [
            move_type
            for move_type, kind in KIND_BY_MOVE_TYPE.items()
            if kind in kinds and (connection.send_receipts or move_type not in RECEIPTS)
        ]

    def _domain_of_types(self, connection, move_types):
        """Documents of these types that belong in the administration, whoever gives them to the
        accountant."""
        domain = (
            Domain("state", "=", "posted")
            & Domain("move_type", "in", move_types)
            & Domain("company_id", "in", connection.company_id._accountable_branches().ids)
        )
        for journal_id, kind in self._journals_off(connection):
            types = [one for one in move_types if KIND_BY_MOVE_TYPE[one] == kind]
            off = Domain("journal_id", "=", journal_id) & Domain("move_type", "in", types)
            domain &= ~off
        if connection.start_date:
            domain &= Domain("date", ">=", connection.start_date)
        if connection.opening_items_until:
            domain &= Domain("date", ">", connection.opening_items_until)
        return domain
