"""The state of the export on documents: computed, searchable, never stored."""

from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...const import KIND_BY_MOVE_TYPE
from ..document_conditions import (
    CURRENT,
    EXCLUDED,
    FAILED,
    HANDED_OVER,
    IN_BATCH,
    NUMBERED,
    OF_A_BATCH,
    SENT,
    UNBOOKED,
    UNSENT,
    WAITING,
    among,
    for_readers,
    with_binding,
    with_job,
    within,
)
from ..sentence import in_language

STATES = [
    ("not_exported", "Not to export"),
    ("to_export", "To export"),
    ("handed_over", "Handed over"),
    ("exported", "Exported"),
    ("differs", "Differs"),
    ("error", "Error"),
    ("excluded", "Excluded"),
]
USER = "accountable_connect.group_user"
# What ``_accountable_bindings`` would give of a document without a link.
NO_LINK = (False, False, False, False, ())
# Of more companies, their documents are looked through together.
FEW_COMPANIES = 8
EXPORT_FIELDS = (
    "accountable_state",
    "accountable_number",
    "accountable_batch",
    "accountable_in_batch",
    "accountable_date",
    "accountable_error",
    "accountable_job_count",
)


class AccountMove(models.Model):
    """Nothing is stored here: a write on a posted entry runs its whole machinery."""

    _inherit = "account.move"

    # In the order of the links' index, so that documents without a link are found by reading both.
    _accountable_document_idx = models.Index(
        "(company_id, id, date) WHERE state = 'posted'"
        f" AND move_type IN ({', '.join(map(repr, KIND_BY_MOVE_TYPE))})"
    )
    _accountable_not_posted_idx = models.Index("(move_type, company_id) WHERE state != 'posted'")

    accountable_state = fields.Selection(
        STATES,
        compute="_compute_accountable",
        search="_search_accountable_state",
        string="Export",
        groups=USER,
    )
    accountable_number = fields.Char(
        compute="_compute_accountable",
        search="_search_accountable_number",
        string="Booking number",
        groups=USER,
    )
    accountable_batch = fields.Char(
        compute="_compute_accountable",
        search="_search_accountable_batch",
        string="Batch",
        groups=USER,
        help="In which it is handed over, for packages that take files.",
    )
    accountable_in_batch = fields.Boolean(
        compute="_compute_accountable",
        search="_search_accountable_in_batch",
        string="In a batch that is not handed over",
        groups=USER,
    )
    accountable_date = fields.Datetime(
        compute="_compute_accountable",
        search="_search_accountable_date",
        string="Exported on",
        groups=USER,
    )
    accountable_error = fields.Char(
        compute="_compute_accountable",
        search="_search_accountable_error",
        string="Export error",
        groups=USER,
    )
    accountable_job_count = fields.Integer(
        compute="_compute_accountable", search="_search_accountable_job_count", groups=USER
    )

    # What is shown

    @api.depends("state", "date", "move_type")
    @api.depends_context("lang", "tz", "uid")
    def _compute_accountable(self):
        jobs, bindings = self._accountable_jobs(), self._accountable_bindings()
        for move in self:
            states, message, count = jobs.get(move._origin.id, ((), False, 0))
            number, batch, sent_at, unsent, stages = bindings.get(move._origin.id, NO_LINK)
            move.accountable_number = number
            move.accountable_in_batch = "in_batch" in stages
            move.accountable_batch = batch or move.accountable_in_batch and self.env._("Open")
            move.accountable_date = sent_at
            move.accountable_job_count = count
            move.accountable_error = message or move._accountable_change(stages)
            move.accountable_state = move._accountable_state(states, stages, unsent)

    def _accountable_state(self, states, stages, unsent):
        """One word out of the states of its jobs, how far it came where it is linked, and whether a
        change of it was not sent. Of several links the one that is least far counts."""
        if "error" in states:
            return "error"
        if "open" in states or "in_batch" in stages:
            return "to_export"
        if unsent:
            return "differs"
        if stages:
            return "handed_over" if "handed_over" in stages else "exported"
        if "excluded" in states:
            return "excluded"
        wanted = self.env["accountable.sending.plan"]._that_want(self)
        return "to_export" if wanted else "not_exported"

    def _accountable_change(self, stages):
        """A booked document that is no longer posted: said, though nothing failed."""
        if self.state == "posted" or not {*stages} - {"in_batch"}:
            return False
        if "booked" in stages:
            return self.env._("It is booked in the administration, and no longer posted in Odoo.")
        return self.env._("It was handed over, and is no longer posted in Odoo.")

    def _accountable_jobs(self):
        """``{move id: (states, message of the last that failed, count)}`` in one query:
        ``_read_group`` takes no message of some of the rows only."""
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT res_id,
                       array_agg(CASE WHEN state IN ('failed', 'unknown') THEN 'error'
                                      WHEN state IN ('pending', 'sending') THEN 'open'
                                      WHEN skip_reason = 'person' AND operation = 'document'
                                      THEN 'excluded' ELSE state END),
                       (array_agg(message ORDER BY id DESC)
                            FILTER (WHERE state IN ('failed', 'unknown')))[1],
                       count(*)
                  FROM accountable_job
                 WHERE res_model = 'account.move' AND res_id IN %s
                 GROUP BY res_id
                """,
                tuple(self.ids),
            )
        )
        return {
            id_: (states, message and in_language(self.env, message), count)
            for id_, states, message, count in rows
        }

    def _accountable_bindings(self):
        """``{move id: (number, batch, moment, whether a change was not sent, stages)}`` in one
        query, as above. A batch is no booking: its number is not one, and what waits in it is not
        sent."""
        if not self.ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT b.res_id,
                       string_agg(COALESCE(b.number, b.external_key), ', ') FILTER (WHERE %s),
                       string_agg(b.number, ', ') FILTER (WHERE %s),
                       max(b.sent_at) FILTER (WHERE %s),
                       COALESCE(bool_or(b.unsent), FALSE),
                       array_agg(b.stage)
                  FROM accountable_binding b
                 WHERE b.res_model = 'account.move' AND b.kind = 'document' AND b.res_id IN %s
                 GROUP BY b.res_id
                """,
                NUMBERED,
                OF_A_BATCH,
                SENT,
                tuple(self.ids),
            )
        )
        return {id_: values for id_, *values in rows}

    # Searching

    @for_readers("accountable_state")
    def _search_accountable_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        states = [state for state in value if state]
        if operator == "in" and len(states) == 1:
            return self._accountable_state_domain(states[0])
        return within(self._accountable_ids_in(states), exists=operator == "in")

    @api.model
    def _accountable_ids_in(self, states):
        """A statement that gives the ids of the documents in these states."""
        selections = [self._accountable_ids(self._accountable_state_domain(one)) for one in states]
        return SQL(" UNION ALL ").join(selections) if selections else SQL("SELECT NULL::int")

    @api.model
    def _accountable_ids(self, domain):
        moves = self.env["account.move"].sudo()  # the search around it asks for the rights
        return moves._search(domain, active_test=False, bypass_access=True).select(
            SQL.identifier("account_move", "id")
        )

    @api.model
    def _accountable_state_domain(self, state):
        settled = with_binding(UNSENT, exists=False) & with_job(CURRENT, exists=False)
        if state == "error":
            return with_job(FAILED)
        if state == "exported":
            return with_binding() & with_binding(UNBOOKED, exists=False) & settled
        if state == "handed_over":
            return with_binding(HANDED_OVER) & with_binding(IN_BATCH, exists=False) & settled
        if state == "differs":
            waits = with_job(CURRENT, exists=False) & with_binding(IN_BATCH, exists=False)
            return with_binding(UNSENT) & waits
        if state == "excluded":
            return with_job(EXCLUDED) & with_binding(exists=False) & with_job(CURRENT, exists=False)
        if state == "to_export":
            return (
                with_job(FAILED, exists=False)
                & among(self._accountable_ids_to_export())
                & (self._accountable_wanted() | with_job(WAITING) | with_binding(IN_BATCH))
            )
        return self._accountable_not_handled() & self._accountable_not_wanted()

    @api.model
    def _accountable_ids_to_export(self):
        """Ids of the documents that wait in a queue or in a batch, and of those that nobody sent
        and that some connection may want: what it wants is asked of these few then."""
        waiting = SQL(
            "SELECT j.res_id FROM accountable_job j WHERE j.res_model = 'account.move' AND %s"
            " UNION ALL SELECT b.res_id FROM accountable_binding b"
            " WHERE b.res_model = 'account.move' AND b.kind = 'document' AND %s",
            WAITING,
            IN_BATCH,
        )
        plans = self.env["accountable.sending.plan"]._by_company()
        starts = {id_: min(plan.start_date for plan in several) for id_, several in plans.items()}
        companies = {(id_,): start for id_, start in starts.items()}
        if len(companies) > FEW_COMPANIES:
            companies = {tuple(starts): min(starts.values())}
        untouched = [self._accountable_untouched(*one) for one in companies.items()]
        return SQL(" UNION ALL ").join([waiting, *untouched])

    @api.model
    def _accountable_untouched(self, company_ids, start):
        """Ids of the posted documents since a date that are neither linked, nor on their way, nor
        excluded. No more is asked than the index holds; of one company both indexes are read side
        by side."""
        return SQL(
            """
            SELECT m.id FROM account_move m
             WHERE m.state = 'posted' AND m.move_type IN %s AND m.company_id IN %s AND m.date >= %s
               AND NOT EXISTS (SELECT 1 FROM accountable_binding b
                                WHERE b.res_model = 'account.move' AND b.kind = 'document'
                                  AND b.res_id = m.id)
               AND NOT EXISTS (SELECT 1 FROM accountable_job j
                                WHERE j.res_model = 'account.move' AND j.res_id = m.id AND %s)
               AND NOT EXISTS (SELECT 1 FROM accountable_job j
                                WHERE j.res_model = 'account.move' AND j.res_id = m.id AND %s)
            """,
            tuple(KIND_BY_MOVE_TYPE),
            company_ids,
            start,
            CURRENT,
            EXCLUDED,
            to_flush=[self._fields[name] for name in ("company_id", "date", "move_type", "state")],
        )

    @api.model
    def _accountable_not_handled(self):
        """Documents that are not in any administration, nor on their way, nor excluded."""
        return (
            with_binding(exists=False)
            & with_job(CURRENT, exists=False)
            & with_job(EXCLUDED, exists=False)
        )

    @api.model
    def _accountable_wanted(self):
        """Documents that a connection which sends wants, whatever became of them."""
        plans = self.env["accountable.sending.plan"]
        ids = {plan.connection_id for several in plans._by_company().values() for plan in several}
        # whoever reads documents may not read connections
        connections = self.env["accountable.connection"].sudo().browse(ids)
        return Domain.OR(plans._domain_that_belongs(one) for one in connections)

    @api.model
    def _accountable_not_wanted(self):
        """Documents that no connection which sends wants: all others than ``_accountable_wanted``
        gives. Each reason is a condition by itself that an index answers: mostly it holds for few
        documents, and "not in" would read all of them."""
        plans = self.env["accountable.sending.plan"]
        by_company, companies = plans._by_company(), {}
        for company_id, several in by_company.items():
            connection_ids = tuple(plan.connection_id for plan in several)
            companies.setdefault(connection_ids, []).append(company_id)
        # whoever reads documents may not see every company, nor read connections
        every = self.env["res.company"].sudo().with_context(active_test=False).search([])
        without = [id_ for id_ in every.ids if id_ not in by_company]
        domains = [Domain("company_id", "in", [*without, False])]
        for connection_ids, company_ids in companies.items():
            connections = self.env["accountable.connection"].sudo().browse(connection_ids)
            belongs = Domain.OR(plans._domain_that_belongs(one) for one in connections)
            refused = (~belongs).map_conditions(partial(self._accountable_reason, company_ids))
            domains.append(Domain("company_id", "in", company_ids) & refused)
        return Domain.OR(domains)

    @api.model
    def _accountable_reason(self, company_ids, condition):
        """The same condition on a document of these companies, as an index answers it."""
        name, value = condition.field_expr, condition.value
        if condition.operator != "not in":
            return condition
        if name == "company_id" and {*company_ids} <= {*value}:
            return Domain.FALSE
        if name == "move_type":
            types = self._fields[name].get_values(self.env)
            return Domain(name, "in", [one for one in types if one not in value])
        return condition

    @for_readers("accountable_number")
    def _search_accountable_number(self, operator, value):
        numbered = ("external_key", "not =like", "item,%")
        return self._search_binding("number", operator, value, numbered, NUMBERED)

    @for_readers("accountable_batch")
    def _search_accountable_batch(self, operator, value):
        if operator in ("in", "not in") and set(value) <= {False, ""}:  # an open one has no number
            return with_binding(OF_A_BATCH, exists=operator == "not in")
        of_a_batch = ("external_key", "=like", "item,%")
        return self._search_binding("number", operator, value, of_a_batch, OF_A_BATCH)

    @for_readers("accountable_in_batch")
    def _search_accountable_in_batch(self, operator, value):
        if operator != "in" or len(value) != 1:
            return NotImplemented
        return with_binding(IN_BATCH, exists=next(iter(value)))

    @for_readers("accountable_date")
    def _search_accountable_date(self, operator, value):
        sent = ("stage", "!=", "in_batch")
        return self._search_binding("sent_at", operator, value, sent, SENT)

    def _search_binding(self, name, operator, value, kind, kind_sql):
        """The moves whose link satisfies a condition, and for "not set" those without a link.

        :param kind: condition on the links that are meant; ``kind_sql``: the same about ``b``
        """
        if operator in ("in", "any") and False in (value if not isinstance(value, str) else ()):
            filled = [one for one in value if one is not False]
            none = with_binding(kind_sql, exists=False)
            if not filled:
                return none
            return none | self._search_binding(name, operator, filled, kind, kind_sql)
        bindings = self.env["accountable.binding"].sudo()  # whoever searches may not read them
        of_documents = ("res_model", "=", "account.move"), ("kind", "=", "document")
        found = bindings._search([*of_documents, kind, (name, operator, value)])
        return Domain("id", "in", found.subselect("res_id"))

    @for_readers("accountable_error")
    def _search_accountable_error(self, operator, value):
        if operator == "in" and set(value) <= {False, ""}:
            return with_job(FAILED, exists=False)
        jobs = self.env["accountable.job"].sudo()  # whoever searches may not read them
        failed = ("res_model", "=", "account.move"), ("state", "in", ("failed", "unknown"))
        found = jobs._search([*failed, ("message", operator, value)])
        return Domain("id", "in", found.subselect("res_id"))

    @for_readers("accountable_job_count")
    def _search_accountable_job_count(self, operator, value):
        if operator not in ("in", ">", ">=", "<", "<=") or (operator == "in" and len(value) != 1):
            return NotImplemented
        comparison = "=" if operator == "in" else operator
        number = int(next(iter(value)) if operator == "in" else value)
        counted = SQL(
            """
            (SELECT m.id FROM account_move m LEFT JOIN accountable_job j
                 ON j.res_model = 'account.move' AND j.res_id = m.id
              GROUP BY m.id HAVING count(j.id) %s %s)
            """,
            SQL(comparison),
            number,
        )
        return Domain("id", "in", counted)
