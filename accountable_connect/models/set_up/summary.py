"""What was chosen, one line for each decision, and what is still open, before the start."""

from odoo import models
from odoo.tools import format_date

from ...const import KIND_BY_MOVE_TYPE
from ..master_data.mapping_attention import CERTAIN, DECIDED, OPEN
from .checklist import Line
from .mapping_steps import KINDS_BY_STEP


class AccountableSetUp(models.AbstractModel):
    _inherit = "accountable.set.up"

    def _summary(self, connection):
        """A list of :class:`Line`, or pairs of its kind and its sentence: what of the checklist is
        still open, then what was chosen. What is missing holds up the start."""
        company = connection.company_id.sudo()  # who connects need not see all of a company
        peppol = Line(*self._peppol_line(connection, company))
        asks_peppol = peppol.kind == "good" and not connection.hands_over
        return [
            *(line for line in self._checklist(connection) if line[0] != "good"),
            *([self._chosen_sign_in_line(connection)] if connection.signs_in else []),
            *self._chosen_administration_lines(connection),
            *(self._mapping_lines(connection) if connection.has_mappings else []),
            *self._number_lines(connection),
            *self._contact_lines(connection),
            *self._hand_over_lines(connection),
            self._start_line(connection),
            *([peppol] if asks_peppol else []),
            *self._payments_back_lines(connection),
        ]

    def _chosen_administration_lines(self, connection):
        if connection.has_administrations:
            line = self.env["accountable.books"]._administration_line(connection)
            yield Line(*line, step="administration")
        elif not connection.administration_key:
            yield Line("missing", self.env._("It is not known yet where documents go."))

    def _contact_lines(self, connection):
        if not connection.has_contacts:
            return []
        return self.env["accountable.contact.match"]._summary_lines(connection)

    def _chosen_sign_in_line(self, connection):
        sign_in = connection.sign_in_id
        return Line(
            "good",
            self.env._("Sign-in: %(name)s.", name=sign_in.display_name),
            self.env._("Change"),
            self._window(sign_in),
        )

    def _mapping_lines(self, connection):
        if "journals" in connection._get_capabilities().needs and not connection._has_journal():
            sentence = self.env._("No journal is chosen: nothing would be sent.")
            yield Line("missing", sentence, step="journals")
        labels = dict(connection._fields["step"]._description_selection(self.env))
        for step, kinds in KINDS_BY_STEP.items():
            counts = connection._mapping_counts(kinds)
            values = {
                "step": labels[step],
                "open": sum(counts[attention] for attention in OPEN),
                "certain": counts[CERTAIN],
                "confirmed": counts[DECIDED],
            }
            values["total"] = values["open"] + values["certain"] + values["confirmed"]
            if values["total"]:
                kind = "warning" if values["open"] else "good"
                yield Line(kind, self._mapping_sentence(values), step=step)

    def _mapping_sentence(self, values):
        if values["open"]:
            return self.env._(
                "%(step)s: %(open)s of %(total)s are still to decide; documents that use them"
                " wait.",
                **values,
            )
        if values["confirmed"] and values["certain"]:
            return self.env._(
                "%(step)s: %(confirmed)s confirmed and %(certain)s certain; sending confirms"
                " those.",
                **values,
            )
        if values["certain"]:
            return self.env._(
                "%(step)s: %(certain)s proposals, all certain; sending confirms them.", **values
            )
        return self.env._("%(step)s: all %(total)s confirmed.", **values)

    def _number_lines(self, connection):
        for text in self._number_warnings(connection):
            yield Line("warning", text, step="journals")

    def _start_line(self, connection):
        if not connection.start_date:
            return Line("missing", self.env._("No start date is chosen."), step="start")
        sentence = self.env._(
            "From %(date)s: %(count)s past documents with a total of %(total)s.",
            date=format_date(self.env, connection.start_date),
            count=connection.past_document_count,
            total=connection.company_id.currency_id.format(connection.past_document_total),
        )
        return Line("good", sentence, step="start")

    def _payments_back_lines(self, connection):
        if not connection._get_capabilities().settlements:
            return
        if not connection.settlements_back:
            sentence = self.env._("Payments do not come back.")
        elif connection.bank_owner == "package":
            sentence = self.env._(
                "Payments come back from the package, in which the bank is booked."
            )
        else:
            sentence = self.env._("Payments come back from the package; Odoo books the bank.")
        yield Line("good", sentence, step="start")

    def _past_documents(self, connection):
        """Count and total of what would go at the start; credit notes count negative. Who works for
        a branch only gets those of the branch."""
        moves = self.env["account.move"]
        if connection.company_id in self.env.user.company_ids:
            # a figure about all of them, also those of journals that a person does not see
            moves = moves.sudo()
        rows = moves._read_group(
            self.env["accountable.sending.plan"]._domain_to_export(connection.sudo()),
            ["move_type"],
            ["__count", "amount_total_signed:sum"],
        )
        count, total = 0, 0.0
        for move_type, documents, amount in rows:
            count += documents
            total += -amount if KIND_BY_MOVE_TYPE[move_type].startswith("purchase") else amount
        return count, total
