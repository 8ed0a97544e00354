"""The start, with one document or with all, and what is made for it.

::

    summary ──(send this one first)──► rest_waits ──(send the rest)──► done
       │                                │    ▲
       │                                └────┘ one more, or back to a mapping first
       └──────────────────────(start: all at once)───────────────────► done

While ``rest_waits`` the connection works, and only what was sent by itself is in its queue: it has
no plan (``accountable.sending.plan``) before its step is "done", so that posting puts nothing in
the queue, and nothing is read back. What was posted meanwhile goes with the rest.
"""

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..master_data.mapping_attention import CERTAIN

# Waiting accounts of the Belgian and of other charts; the next free code is taken.
CLEARING_CODE_BE = "499900"
CLEARING_CODE = "199900"


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    # Payments that come back

    def _needs_settlement_journal(self, connection):
        return (
            connection.settlements_back
            and connection.bank_owner == "package"
            and connection._get_capabilities().settlements
            and not connection.settlement_journal_id
        )

    def _create_settlement_journal(self, connection):
        """The journal of the connection, with an account of its own."""
        if connection.settlement_journal_id:
            raise UserError(self.env._("There is a journal for payments already."))
        company = connection.company_id
        accounts = self.env["account.account"].with_company(company)
        is_belgian = company.account_fiscal_country_id.code == "BE"
        account = accounts.create(
            {
                "name": self.env._("Payments in the accounting package"),
                "code": accounts._search_new_account_code(
                    CLEARING_CODE_BE if is_belgian else CLEARING_CODE, cache=set()
                ),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [Command.set(company.root_id.ids)],
            }
        )
        connection.settlement_journal_id = self.env["account.journal"].create(
            {
                "name": self.env._("Payments in the accounting package"),
                "code": self._free_journal_code(company),
                "type": "general",
                "company_id": company.id,
                "default_account_id": account.id,
                "show_on_dashboard": False,
            }
        )

    def _free_journal_code(self, company):
        journals = self.env["account.journal"].sudo()  # codes of journals nobody sees are taken too
        known = journals.with_context(active_test=False).search([("company_id", "=", company.id)])
        codes = set(known.mapped("code"))
        return next(code for number in range(1, 1000) if (code := f"PAP{number}"[:5]) not in codes)

    # The start

    def _start(self, connection):
        """Raises UserError with what is missing. Past documents go in the queue, and so does what
        an earlier connection left unsent; after documents that were sent by themselves, the
        rest. Nothing where somebody else started meanwhile."""
        if connection.step == "done":
            return
        connection = self._begin(connection)
        sent = self._sent_documents(connection) if connection.rest_waits else None
        connection.write({"step": "done", "rest_waits": False})
        enqueueing = connection.env["accountable.enqueueing"]
        enqueueing._enqueue_missing(connection)
        if sent:
            # made since, or left over
            enqueueing._enqueue_files(sent, connection.id)
        connection._wake_lanes()

    def _send_first(self, connection, move):
        """Only this document goes, at once; all others wait for the start.

        :raises UserError: with what is missing, or why it cannot be this one
        """
        # after the start, on a page that is still open, everything goes by its plan
        if connection.step == "done" or not self._may_go_first(connection, move):
            raise UserError(
                self.env._("%(document)s cannot go by itself.", document=move.display_name)
            )
        connection = self._begin(connection)
        connection.write({"rest_waits": True, "wait_until": False, "requested_by_id": self.env.uid})
        enqueueing = connection.env["accountable.enqueueing"]
        jobs = enqueueing._enqueue_one(connection, move.with_env(connection.env), "document")
        jobs.next_try = fields.Datetime.now()  # whatever moment was chosen for the others
        connection._wake_lanes()

    def _begin(self, connection):
        """What has to be there before the first document goes, be it one or all.

        :return: the connection, of which the engine writes from here on
        """
        if connection.state == "paused":
            raise UserError(self.env._("The connection is paused: resume it first."))
        missing = [line[1] for line in self._summary(connection) if line[0] == "missing"]
        if missing:
            raise UserError("\n".join(missing))
        connection._check_is_original()
        connection._confirm_proposals((CERTAIN,))
        if self._needs_settlement_journal(connection):
            self._create_settlement_journal(connection)
        connection = connection.sudo()  # from here on the engine writes
        connection.env["accountable.contact.match"]._bind_matched(connection)
        self.env["accountable.identity"]._make_mark()
        connection.write({"state": "connected", **connection._identity_values()})
        placeholder = connection.sign_in_id.filtered("is_placeholder")
        if placeholder and not placeholder.database_identity:
            # as the entry of a secret does: what a copy answers holds for this connection too
            placeholder.database_identity = self.env["accountable.identity"]._current()
        return connection
