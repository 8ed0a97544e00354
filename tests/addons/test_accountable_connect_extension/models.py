"""What the addon of an integrator looks like: one override of each extension point that
``docs/development.md`` lists. Each acts only under the context key ``KEY``."""

from dataclasses import replace
from decimal import Decimal

from odoo import models
from odoo.addons.accountable_connect.api.import_report import Answer
from odoo.addons.accountable_connect.api.proposals import SAME_CODE, Proposal
from odoo.addons.accountable_connect.models.problem import problem_of
from odoo.fields import Domain

KEY = "accountable_extension"
# Documents with this origin stay in Odoo, and go after all others.
STAYS, LAST, BY_HAND = "stays in Odoo", "goes last", "goes by hand"


class AccountableDocument(models.AbstractModel):
    _inherit = "accountable.document"

    def _header(self, move, kind):
        header = super()._header(move, kind)
        return {**header, "text": "head"} if self.env.context.get(KEY) else header


class AccountableDocumentLine(models.AbstractModel):
    _inherit = "accountable.document.line"

    def _lines_of_part(self, part, kind, facts, problems):
        lines = super()._lines_of_part(part, kind, facts, problems)
        if self.env.context.get(KEY):
            lines = [replace(line, text=f"line of {line.text}") for line in lines]
        return lines


class AccountableDocumentPart(models.AbstractModel):
    _inherit = "accountable.document.part"

    def _parts_of_item(self, move, kind, item, legs, facts, problems):
        parts = super()._parts_of_item(move, kind, item, legs, facts, problems)
        if self.env.context.get(KEY):
            parts = [replace(part, text="part") for part in parts]
        return parts


class AccountableCodeResolver(models.AbstractModel):
    _inherit = "accountable.code.resolver"

    def _resolve_journal(self, rows, journal, document_kind, problems):
        code = super()._resolve_journal(rows, journal, document_kind, problems)
        return f"{code}-2" if self.env.context.get(KEY) else code


class AccountableParty(models.AbstractModel):
    _inherit = "accountable.party"

    def _values(self, connection, partner):
        values = super()._values(connection, partner)
        return {**values, "city": "city"} if self.env.context.get(KEY) else values


class AccountablePrecheck(models.AbstractModel):
    _inherit = "accountable.precheck"

    def _find_problems(self, connection, move, document, facts):
        problems = super()._find_problems(connection, move, document, facts)
        if self.env.context.get(KEY):
            problems.append(problem_of(move, "data_refused", "extension", "Not approved yet."))
        return problems


class AccountableProposal(models.AbstractModel):
    _inherit = "accountable.proposal"

    def _find(self, row, items):
        if self.env.context.get(KEY) and items:
            return Proposal(code=items[-1].code, reason=SAME_CODE, score=100)
        return super()._find(row, items)


class AccountableMappingRemark(models.AbstractModel):
    _inherit = "accountable.mapping.remark"

    def _find(self, row, accounts_decide):
        remark = super()._find(row, accounts_decide)
        return f"{remark} Ask the accountant.".strip() if self.env.context.get(KEY) else remark


class AccountableSendingPlan(models.AbstractModel):
    _inherit = "accountable.sending.plan"

    def _that_send(self, move):
        if self.env.context.get(KEY) and move.invoice_origin == STAYS:
            return []
        return super()._that_send(move)

    def _domain_that_belongs(self, connection):
        domain = super()._domain_that_belongs(connection)
        if self.env.context.get(KEY):
            domain &= Domain("invoice_origin", "!=", STAYS)
        return domain


class AccountableEnqueueing(models.AbstractModel):
    _inherit = "accountable.enqueueing"

    def _order_key(self, move, operation):
        key = super()._order_key(move, operation)
        last = self.env.context.get(KEY) and move.invoice_origin == LAST
        return f"9/{key}" if last else key

    def _moment(self, move, plan, since=None):
        moment = super()._moment(move, plan, since)
        by_hand = self.env.context.get(KEY) and move.invoice_origin == BY_HAND
        return None if by_hand else moment


class AccountableSettlement(models.AbstractModel):
    _inherit = "accountable.settlement"

    def _book_payment(self, connection, settlement, move, amount):
        line = super()._book_payment(connection, settlement, move, amount)
        if self.env.context.get(KEY):
            line.move_id.ref = "booked by an addon"
        return line


class AccountableOpenItem(models.AbstractModel):
    _inherit = "accountable.open.item"

    def _tolerance(self, connection, key, move):
        tolerance = super()._tolerance(connection, key, move)
        return max(tolerance, Decimal("0.05")) if self.env.context.get(KEY) else tolerance


class AccountableContactImport(models.AbstractModel):
    _inherit = "accountable.contact.import"

    def _partner_values(self, partner, party, changed):
        values = super()._partner_values(partner, party, changed)
        return {**values, "comment": "imported"} if self.env.context.get(KEY) else values


class AccountableUpload(models.Model):
    _inherit = "accountable.upload"

    def _read_upload(self, content):
        if self.env.context.get(KEY) and content.startswith(b"booked:"):
            number = content.decode().removeprefix("booked:")
            return [Answer(number=number, outcome="confirmed", words="by an addon")]
        return super()._read_upload(content)


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _checklist(self, connection):
        lines = super()._checklist(connection)
        if self.env.context.get(KEY):
            lines.append(("warning", "Ask the accountant for the start date."))
        return lines
