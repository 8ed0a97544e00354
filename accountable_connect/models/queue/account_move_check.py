"""*Check before export*: what can be said of the chosen documents without asking anybody."""

from odoo import models

from ..actionable import actionable, in_order
from ..problem import COST_OF_GOODS

# More than anybody reads at once.
MOST_SHOWN = 40
NAMES_SHOWN = 3


class AccountMove(models.Model):
    _inherit = "account.move"

    def action_accountable_check(self):
        """Everything that can be said about the selection without asking anybody, in a dialogue:
        each with the way to the record where it is put right."""
        self._check_accountable_user()
        entries, ready, count, checked = [], 0, 0, self.browse()
        for connection, moves in self._accountable_by_connection().items():
            checked |= moves
            blocked, found = self._accountable_check(connection, moves)
            entries += found
            count += len(moves)
            ready += len(moves - blocked)
        for move in self:
            stays = move.state == "posted" and move not in checked and move.accountable_withheld
            plans = self.env["accountable.sending.plan"]
            if sentence := plans._left_out_sentence(move) or stays:
                count += 1
                entries.append(actionable("info", _about(move.name, sentence)))
        title = self.env._("Check before export")
        if not entries:
            return self._accountable_notify(title, count)
        values = {
            "company_id": self.env.company.id,
            "alerts": in_order(
                one if isinstance(one, dict) else self._accountable_entry(*one)
                for one in entries[:MOST_SHOWN]
            ),
            "left_out": max(len(entries) - MOST_SHOWN, 0),
            "summary": self._accountable_ready_sentence(ready) if ready else False,
        }
        # nobody may make a dialogue by hand
        check = self.env["accountable.check"].sudo().create(values)
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": check._name,
            "res_id": check.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _accountable_ready_sentence(self, count):
        if count == 1:
            return self.env._("One document is ready to be sent.")
        return self.env._("%(count)s documents are ready to be sent.", count=count)

    def _accountable_notify(self, title, count):
        """Nothing is to be put right: a message says so, and goes by itself."""
        message = self.env._("None of these documents goes to an accounting package.")
        if count:
            message = self._accountable_ready_sentence(count)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "title": title,
                "message": message,
            },
        }

    def _accountable_check(self, connection, moves):
        """What is said of the documents of one connection.

        :return: ``(documents that do not go as they are, what is said)``: entries of the widget, or
            ``(problem, ids of documents)``, as the way to a cure is looked up where it is shown
        """
        # a branch does not see the company of its connection
        checked = connection._precheck(moves.sudo())
        # what is said of several documents in the same words is said once
        together = {}
        blocked = self.browse()
        for move_id, problems in checked.items():
            for problem in problems:
                if problem.code == COST_OF_GOODS:
                    continue
                together.setdefault(problem.message, (problem, []))[1].append(move_id)
                if problem.blocking:
                    blocked |= self.browse(move_id)
        found = sorted(together.values(), key=lambda one: not one[0].blocking)
        checks = connection.env["accountable.precheck"]
        remarks = checks._remark_on_accounts(connection, moves.sudo())
        if sentence := checks._cost_of_goods_sentence(connection, moves.sudo()):
            remarks.append(sentence)
        return blocked, found + [actionable("info", remark) for remark in remarks]

    def _accountable_entry(self, problem, move_ids):
        """An entry of the widget for a problem of these documents."""
        cause = self.env["accountable.cause"]
        names = self.browse(move_ids).mapped("name")
        more = len(names) - NAMES_SHOWN
        shown = ", ".join(names[:NAMES_SHOWN])
        if more > 0:
            shown = self.env._("%(documents)s and %(count)s more", documents=shown, count=more)
        level = "danger" if problem.blocking else "warning"
        way = cause._way_to(problem.cause_model, problem.cause_id)
        return cause._entry(level, _about(shown, problem.message), way)


def _about(name, message):
    """A sentence with the document it is about, unless it begins with it."""
    return message if message.startswith(name) else f"{name}: {message}"
