"""What waits of the hand-over, on the cards of the dashboard."""

from odoo import models
from odoo.tools import SQL

from ..queue.account_move_export_state import USER

# A card says "10000+" then; who wants the figure looks into the list.
MOST_COUNTED = 10_000


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _fill_sale_purchase_dashboard_data(self, dashboard_data):
        """``accountable_handed_over`` on each card: number of documents, as text; on the first card
        of a company ``accountable_downloads`` and ``accountable_failed_batches``."""
        super()._fill_sale_purchase_dashboard_data(dashboard_data)
        journals = self.filtered(lambda journal: journal.type in ("sale", "purchase"))
        if not journals or not self.env.user.has_group(USER):
            return
        for journal_id, count in journals._accountable_count_handed_over().items():
            shown = f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)
            dashboard_data[journal_id]["accountable_handed_over"] = shown
        downloads, failed = journals.company_id._accountable_batches()
        for company, own in journals.grouped("company_id").items():
            # one line, not one on each card
            card = dashboard_data[own.sorted(lambda journal: journal.type != "sale")[0].id]
            card["accountable_downloads"] = downloads.get(company, 0)
            card["accountable_failed_batches"] = failed.get(company, 0)

    def _accountable_count_handed_over(self):
        """``{journal id: documents that are handed over and not known to be booked}``; no more
        are looked at than a card says."""
        # the links of a branch's documents belong to the connection of its root
        companies = {
            int(id_) for one in self.company_id for id_ in one.parent_path.split("/") if id_
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.journal_id, count(*)
                  FROM (SELECT res_id
                          FROM accountable_binding
                         WHERE res_model = 'account.move' AND kind = 'document'
                           AND stage = 'handed_over' AND company_id = ANY(%s)
                         LIMIT %s) b
                  JOIN account_move m ON m.id = b.res_id
                 WHERE m.journal_id = ANY(%s)
                 GROUP BY m.journal_id
                """,
                [*companies],
                MOST_COUNTED + 1,
                self.ids,
            )
        )
        return dict(rows)

    def action_accountable_handed_over(self):
        """The documents of this journal that are handed over and not known to be booked."""
        self.ensure_one()
        name = "out" if self.type == "sale" else "in"
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"account.action_move_{name}_invoice"
        )
        domain = [("journal_id", "=", self.id), ("accountable_state", "=", "handed_over")]
        return {**action, "domain": domain, "context": {}}

    def action_accountable_downloads(self):
        """The batches of this company that wait for somebody to download them."""
        return self._accountable_show_batches("downloads")

    def action_accountable_failed_batches(self):
        """The batches of this company that could not be handed over."""
        return self._accountable_show_batches("failed")

    def _accountable_show_batches(self, name):
        """:param name: of a filter"""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_batch_action"
        )
        domain = [("company_id", "=", self.company_id.id)]
        return {**action, "domain": domain, "context": {f"search_default_{name}": 1}}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _accountable_batches(self):
        """``{company: batches to download}`` and ``{company: batches that failed}``, of those the
        user sees."""
        batches = self.env["accountable.batch"]
        mine = [("company_id", "in", self.ids), ("state", "=", "closed")]
        found = []
        for domain in ([("channel", "=", "download")], [("is_failed", "=", True)]):
            counts = batches._read_group([*mine, *domain], ["company_id"], ["__count"])
            found.append({company: count for company, count in counts})
        return found
