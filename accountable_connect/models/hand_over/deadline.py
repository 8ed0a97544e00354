"""Before the VAT return: the managers are told what of the period did not go yet."""

import logging
from datetime import timedelta

import psycopg2
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...documents.sentence import SentencesOf

_lt = SentencesOf(__name__)
_logger = logging.getLogger(__name__)

ACTIVITY = "accountable_connect.mail_activity_type_deadline"
DEADLINE_FIELDS = {"deadline_days", "vat_period", "vat_return_day"}
MONTHS = {"monthly": 1, "quarterly": 3}
# When Belgium wants the return: since 2025 companies that declare each quarter have five days more.
RETURN_DAYS = {"monthly": 20, "quarterly": 25}
# Where Odoo knows how often the company declares VAT, and how it says so.
KNOWN_BY_ODOO = ("account_return_periodicity", "account_tax_periodicity")
WORDS_OF_ODOO = {"monthly": "monthly", "trimester": "quarterly", "quarterly": "quarterly"}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    deadline_days = fields.Integer(
        string="Days before the VAT return",
        help="So many days before the VAT return the managers are told what is posted and did not"
        " go; 0: nobody is told.",
    )
    vat_period = fields.Selection(
        [("monthly", "Each month"), ("quarterly", "Each quarter")],
        default="quarterly",
        required=True,
        string="VAT return",
    )
    vat_return_day = fields.Integer(
        compute="_compute_vat_return_day",
        store=True,
        readonly=False,
        precompute=True,
        string="Day of the return",
        help="The day of the month after the period on which the return is due.",
    )
    deadline_told_for = fields.Date(
        copy=False, readonly=True, help="The last period whose documents somebody was told of."
    )

    @api.depends("vat_period")
    def _compute_vat_return_day(self):
        for connection in self:
            connection.vat_return_day = RETURN_DAYS[connection._vat_period()]

    def _fields_of_people(self):
        return super()._fields_of_people() | DEADLINE_FIELDS

    @api.constrains("deadline_days", "vat_return_day")
    def _check_deadline(self):
        for connection in self:
            if connection.deadline_days < 0:
                raise ValidationError(self.env._("The number of days is 0 or more."))
            if not 1 <= connection.vat_return_day <= 31:
                raise ValidationError(self.env._("The day of the return is between 1 and 31."))

    def _vat_period(self):
        """How often the company declares VAT: what Odoo knows, else the setting."""
        company = self.company_id.sudo()  # whoever asks
        for name in KNOWN_BY_ODOO:
            if name in company._fields and company[name] in WORDS_OF_ODOO:
                return WORDS_OF_ODOO[company[name]]
        return self.vat_period

    def _last_vat_period(self, today):
        """``(last day of the VAT period that ended last, day on which its return is due)``."""
        months = MONTHS[self._vat_period()]
        # of the one that runs now, in whose first month the return is due
        first_of_period = today.replace(month=(today.month - 1) // months * months + 1, day=1)
        end = first_of_period - timedelta(days=1)
        # day 31 is the last one of any month
        return end, first_of_period + relativedelta(day=self.vat_return_day)

    @api.model
    def _cron_deadlines(self):
        """Once a day: who has to be told, once for each period."""
        connections = self.sudo().search([("step", "=", "done"), ("deadline_days", ">", 0)])
        for connection in connections:
            if connection.copy_state != "original":
                continue
            try:
                with self.env.cr.savepoint():
                    connection._tell_of_deadline(fields.Date.context_today(connection))
            except psycopg2.OperationalError:
                raise
            except Exception:
                # what is wrong with one keeps no other from being told
                _logger.exception("Nobody is told of the VAT return of %s", connection.id)

    def _tell_of_deadline(self, today):
        """Nothing before the day, after the return, when nothing is open, and a second time."""
        end, due = self._last_vat_period(today)
        told = self.deadline_told_for and self.deadline_told_for >= end
        if told or not due - timedelta(days=self.deadline_days) <= today <= due:
            return
        open_until = [
            ("connection_id", "=", self.id),
            ("date", "<=", end),
            ("state", "not in", ("withheld", "excluded")),
        ]
        rows = self.env["accountable.outstanding"].with_context(accountable_connection_ids=self.ids)
        count = rows.search_count(open_until)
        if not count:
            return
        self.deadline_told_for = end
        note = _lt(
            "%(count)s documents up to %(end)s are posted and did not go to your accountant. The"
            " VAT return is due on %(due)s. See “Posted, not handed over”.",
            count=count,
            end=end,
            due=due,
        )
        self._ask_managers(_lt("Documents before the VAT return"), note, ACTIVITY)
