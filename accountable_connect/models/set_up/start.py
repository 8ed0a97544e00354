"""The start, and what is made for it."""

from odoo import Command, models
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
        an earlier connection left unsent."""
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
        connection.write({"state": "connected", "step": "done", **connection._identity_values()})
        connection.env["accountable.enqueueing"]._enqueue_missing(connection)
        connection._wake_lanes()
