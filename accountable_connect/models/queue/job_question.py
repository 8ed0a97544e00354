from decimal import Decimal, InvalidOperation

from markupsafe import Markup
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...api.policy import TO_DECIDE

LINES_SHOWN = 5
# Nothing is sent about these, whatever a person says.
NO_CHOICE = (
    "booked_twice",
    "cancelled_adopted",
    "cancelled_handed_over",
    "changed_handed_over",
    "connection_archived",
    "deleted",
    "second_processed",
    "update_impossible",
)
# The candidate is the document's own booking: another one beside it makes no sense.
OWN_BOOKING = ("booked_otherwise", "changed_adopted", "changed_in_package", "ours_otherwise")


class AccountableJob(models.Model):
    """What a person is asked about a failed item: what the administration holds already, beside
    what Odoo has, and which answers there are."""

    _inherit = "accountable.job"

    candidates_table = fields.Html(
        compute="_compute_candidates_table", sanitize=False, string="Already there"
    )

    candidate_count = fields.Integer(compute="_compute_candidate_count")
    question = fields.Selection(
        [
            ("same", "Is it one of these?"),
            ("replace", "Does Odoo's version replace its booking?"),
            ("anyway", "Send it anyway?"),
        ],
        compute="_compute_question",
        help="What a person is asked about a failed item; empty where no answer sends anything.",
    )

    @api.depends("candidates")
    def _compute_candidate_count(self):
        for job in self:
            job.candidate_count = len(job.candidates or [])

    @api.depends("state", "error_kind", "error_code", "candidates", "operation")
    def _compute_question(self):
        for job in self:
            if job.state != "failed" or job.error_kind not in TO_DECIDE:
                job.question = False
            elif job.error_code in NO_CHOICE:
                job.question = False
            elif job.operation == "reverse" and job.error_code == "gone":
                # the opposite of nothing
                job.question = False
            elif not job.candidates:
                job.question = "anyway"
            else:
                job.question = "replace" if job.error_code in OWN_BOOKING else "same"

    def action_decide(self):
        """Both sides in a dialogue, with a button for each answer."""
        self.ensure_one()
        self.check_access("read")
        if self.state != "failed" or self.error_kind not in TO_DECIDE:
            raise UserError(self.env._("%(name)s: there is nothing to decide.", name=self.name))
        shown = self.env["accountable.decision.candidate"]._fields
        rows = [self._candidate_row(candidate) for candidate in self.candidates or ()]
        lines = [
            Command.create({name: text for name, text in row.items() if name in shown})
            for row in rows
        ]
        # nobody may make a dialogue by hand: it could name any item
        decisions = self.env["accountable.decision"].sudo()
        own = self._record_lines() if rows else False
        decision = decisions.create({"job_id": self.id, "lines": own, "candidate_ids": lines})
        return {
            "type": "ir.actions.act_window",
            "name": self._question_title(),
            "res_model": decision._name,
            "res_id": decision.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _question_title(self):
        """What is asked, as the title of the dialogue."""
        if self.can_remove:
            return self.env._("Is one of them too many?")
        labels = dict(self._fields["question"]._description_selection(self.env))
        return labels.get(self.question) or self.env._("Is it the same one?")

    @api.depends("candidates", "name", "partner_name", "document_date", "amount_total")
    @api.depends_context("lang")
    def _compute_candidates_table(self):
        """The record in Odoo and what the administration holds already, side by side as a table."""
        for job in self:
            rows = job._candidate_rows() if job.candidates else []
            job.candidates_table = job._candidates_to_html(rows) if rows else False

    def _candidate_rows(self):
        """One dictionary of displayable texts per line of the table, the record in Odoo first."""
        own = {
            "where": self.env._("In Odoo"),
            "number": self.name,
            "date": format_date(self.env, self.document_date) if self.document_date else "",
            "partner": self.partner_name or "",
            "reference": self._record_reference(),
            "total": format_amount(self.env, self.amount_total, self.currency_id)
            if self.currency_id
            else "",
            "lines": self._record_lines(),
        }
        return [own, *(self._candidate_row(candidate) for candidate in self.candidates)]

    def _record_reference(self):
        """The supplier's number of a bill, "" for anything else."""
        if self.res_model != "account.move":
            return ""
        return self.env["account.move"].browse(self.res_id).exists().ref or ""

    def _candidate_row(self, candidate):
        """A stored document or party, as ``candidates`` keeps it, in displayable texts: for the
        table and for the dialogue."""
        day = candidate.get("document_date")
        return {
            "key": candidate.get("key"),
            "where": self.connection_id.administration_name or self.env._("In the administration"),
            "number": candidate.get("number") or candidate.get("key") or "",
            "date": format_date(self.env, day) if day else "",
            "partner": candidate.get("name") or candidate.get("party_name") or "",
            "vat": candidate.get("vat_number") or "",
            "reference": candidate.get("reference") or candidate.get("own_reference") or "",
            "text": candidate.get("text") or "",
            "total": self._candidate_amount(candidate.get("total"), candidate.get("currency")),
            "lines": self._lines_in_words(candidate.get("lines")),
        }

    def _record_lines(self):
        """Where Odoo would book it, as the item keeps what it would send."""
        # accounts and amounts are for whoever sees the item, its whole content for managers
        lines = (self.sudo().content or {}).get("lines") or ()
        return self._lines_in_words(
            [line["ledger_account"], line["vat_code"], line["base"], line["vat_invoiced"]]
            for line in lines
        )

    def _lines_in_words(self, lines):
        """Ledger account, VAT code and amount without VAT of the first lines."""
        texts = [
            " ".join(part for part in (account, code, f"{Decimal(base):.2f}") if part)
            for account, code, base, _vat in lines or ()
        ]
        more = ["…"] if len(texts) > LINES_SHOWN else []
        return " · ".join(texts[:LINES_SHOWN] + more)

    def _candidate_amount(self, total, currency_code):
        """The amount with its currency; as it was given when it is no number."""
        if total in (None, False, ""):
            return ""
        currency = self.currency_id
        if currency_code and currency_code != currency.name:
            currency = (
                self.env["res.currency"]
                .with_context(active_test=False)
                .search([("name", "=", currency_code)], limit=1)
            )
        try:
            amount = Decimal(str(total))
        except InvalidOperation:
            return str(total)
        if not currency:
            return f"{amount:.2f} {currency_code or ''}".strip()
        return format_amount(self.env, float(amount), currency)

    def _candidates_to_html(self, rows):
        """Only the columns in which at least one line has something."""
        labels = {
            "where": "",
            "number": self.env._("Number"),
            "date": self.env._("Date"),
            "partner": self.env._("Partner"),
            "vat": self.env._("VAT number"),
            "reference": self.env._("Reference"),
            "text": self.env._("Text"),
            "total": self.env._("Amount"),
            "lines": self.env._("Accounts"),
        }
        columns = [name for name in labels if any(row.get(name) for row in rows)]
        head = Markup().join(Markup("<th>%s</th>") % labels[name] for name in columns)
        lines = Markup().join(
            Markup("<tr>%s</tr>")
            % Markup().join(Markup("<td>%s</td>") % row.get(name, "") for name in columns)
            for row in rows
        )
        return Markup(
            '<div class="table-responsive"><table class="table table-sm"><thead><tr>%s</tr></thead>'
            "<tbody>%s</tbody></table></div>"
        ) % (head, lines)
