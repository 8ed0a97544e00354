"""What a step of the guided form needs before it is entered, and the start."""

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ...documents.sentence import SentencesOf

_lt = SentencesOf(__name__)

# Waiting accounts of the Belgian and of other charts; the next free code is taken.
CLEARING_CODE_BE = "499900"
CLEARING_CODE = "199900"


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    # Steps

    def _prepare_step(self, connection, step):
        """False when the step cannot be entered yet; ``problem`` of the connection says why."""
        if step == "administration":
            return self._prepare_administration(connection)
        if step == "journals":
            return self._prepare_journals(connection)
        if step == "contacts" and not connection.contact_match_ids:
            connection.action_match_contacts()
        elif step == "start" and not connection.start_date:
            today = fields.Date.context_today(connection)
            connection.start_date = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        return True

    def _prepare_administration(self, connection):
        listed = self.env["accountable.administration"].search_count(
            [("sign_in_id", "=", connection.sign_in_id.id)], limit=1
        )
        if not listed:
            connection.action_choose_administration()
        return not connection.problem or connection._is_over()

    def _prepare_journals(self, connection):
        engine = connection.sudo()  # state and problem are the engine's to write
        if not connection.administration_key:
            engine.problem = _lt("Choose an administration first.")
            return False
        if connection._books_are_doubted():
            engine.problem = _lt(
                "Confirm first that these are the right books, or choose another administration."
            )
            return False
        if not connection.master_data_read_at:
            connection.action_refresh_master_data()
        if connection.problem and not connection._is_over():
            return False
        connection.action_propose_mappings()
        if connection.state in ("not_connected", "connecting"):
            engine.state = "configuration_needed"
        return True

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
        missing = [text for kind, text in self._summary(connection) if kind == "missing"]
        if missing:
            raise UserError("\n".join(missing))
        connection._check_is_original()
        if self._needs_settlement_journal(connection):
            self._create_settlement_journal(connection)
        connection = connection.sudo()  # from here on the engine writes
        connection.env["accountable.contact.match"]._bind_matched(connection)
        self.env["accountable.identity"]._make_mark()
        connection.write({"state": "connected", "step": "done", **connection._identity_values()})
        connection.env["accountable.enqueueing"]._enqueue_missing(connection)
        connection._wake_lanes()
