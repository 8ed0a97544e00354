"""Notes on a link: what people should know of a booking or a contact though nobody has to act."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import LazyTranslate

from ...documents.sentence import filled
from ..document_conditions import for_readers
from ..sentence import in_language
from .account_move_export_state import USER

_lt = LazyTranslate(__name__)

# code → sentence; ordered by code. The values come from ``_add_note``.
NOTES = {
    "bank_in_odoo": _lt(
        "Not booked, because Odoo books the bank: %(payments)s of the administration."
    ),
    "cancelled_switched_off": _lt(
        "It was cancelled in Odoo, and its booking %(number)s is still in %(administration)s: the "
        "cancellation is not sent, because the connection does not send such documents any more. "
        "Once they are switched on again, the next synchronisation sends it."
    ),
    "iban_not_trusted": _lt(
        "Bank account %(iban)s is not sent to %(administration)s yet: it is not trusted for "
        "payments. It follows when somebody switches on “Send money” on the bank account."
    ),
    "other_company": _lt(
        "In %(connection)s this contact is another company: %(party)s, with the number"
        " %(number)s. Nothing is taken over from there. Correct the number here or there, or link"
        " the contact with the right one."
    ),
    "paid_in_both": _lt(
        "Odoo and the administration both have %(payments)s: each is counted once."
    ),
    "paid_in_sum": _lt(
        "Not booked, because Odoo has payments of the same sum: %(payments)s of the administration."
    ),
    "second_removed": _lt(
        "It was in the administration twice, because an answer was lost: %(number)s was removed "
        "again."
    ),
    "switched_off": _lt(
        "It changed in Odoo after it was booked as %(number)s, and %(administration)s still has"
        " what was booked: the change is not sent, because the connection is archived or does not"
        " send such documents any more. Once it is connected or switched on again, the next"
        " synchronisation sends it."
    ),
    "typed_owed": _lt(
        "The VAT of %(taxes)s was changed by hand: Odoo holds %(odoo)s %(currency)s of VAT owed, "
        "the package computed %(package)s %(currency)s."
    ),
    "typed_share": _lt(
        "The VAT of %(taxes)s was changed by hand: Odoo deducts %(odoo)s %(currency)s, the "
        "package %(package)s %(currency)s."
    ),
    "words_due_date": _lt("In the administration it is due on %(there)s, in Odoo on %(here)s."),
    "words_label": _lt(
        "A text of it was corrected in Odoo after it was booked; the administration keeps the one"
        " before."
    ),
    "words_number": _lt("The administration knows it as %(there)s, in Odoo it is %(here)s now."),
    "words_opening": _lt(
        "It is in the administration's opening balance, which a change in Odoo does not reach."
    ),
    "words_reference": _lt("Its reference in the administration is %(there)s, in Odoo %(here)s."),
}


# Its values are days, as ISO writes them.
OF_DAYS = "words_due_date"


class AccountableBinding(models.Model):
    _inherit = "accountable.binding"

    notes = fields.Json(help="Code of a note → its values; its sentence is made when it is read.")

    def _add_note(self, code, **values):
        """Say something about these links; a note of the same code is replaced.

        :param values: those of the sentence in ``NOTES``, as JSON (``documents/sentence.py``)
        """
        for binding in self.sudo():  # nobody but the engine writes links
            if (binding.notes or {}).get(code) != values:
                binding.notes = {**(binding.notes or {}), code: values}

    def _remove_notes(self, *codes):
        """Take back what was said; codes that are not there do no harm."""
        for binding in self.sudo():  # nobody but the engine writes links
            left = {code: one for code, one in (binding.notes or {}).items() if code not in codes}
            if left != (binding.notes or {}):
                binding.notes = left or False

    def _note_sentences(self):
        """The notes of this link as sentences, in the reader's language."""
        self.ensure_one()
        sentences = []
        # who sees the document or the contact reads what is said of it
        for code, values in sorted((self.sudo().notes or {}).items()):
            if sentence := NOTES.get(code):
                if code == OF_DAYS:
                    values = {name: {"day": day} for name, day in values.items()}
                sentences.append(in_language(self.env, filled(sentence, values)))
        return sentences

    @api.model
    def _notes_by_record(self, kind, records):
        """``{record id: notes of its links, one a line}``, of records that have any and of
        connections the user may see: companies share contacts."""
        # who sees the document or the contact reads what is said of it
        bindings = self.sudo().search(
            [
                ("connection_id", "in", self.env["accountable.connection"]._shown_ids()),
                ("res_model", "=", records._name),
                ("kind", "=", kind),
                ("res_id", "in", records.ids),
                ("notes", "!=", False),
            ]
        )
        found = {}
        for binding in bindings:
            found.setdefault(binding.res_id, []).extend(binding._note_sentences())
        return {id_: "\n".join(sentences) for id_, sentences in found.items() if sentences}

    @api.model
    def _domain_with_notes(self, kind, res_model):
        """The records whose link has notes."""
        # the search around it asks for the rights
        bindings = self.sudo()._search(
            [("res_model", "=", res_model), ("kind", "=", kind), ("notes", "!=", False)]
        )
        return Domain("id", "in", bindings.subselect("res_id"))


class AccountMove(models.Model):
    _inherit = "account.move"

    accountable_notes = fields.Text(
        compute="_compute_accountable_notes",
        search="_search_accountable_notes",
        string="Notes on the booking",
        groups=USER,
    )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_accountable_notes(self):
        notes = self.env["accountable.binding"]._notes_by_record("document", self._origin)
        plans = self.env["accountable.sending.plan"]
        for move in self:
            # not booked at all is worth saying too
            move.accountable_notes = notes.get(move._origin.id) or plans._left_out_sentence(move)

    @for_readers("accountable_notes")
    def _search_accountable_notes(self, operator, value):
        """Whether there are any; their words are not searched."""
        if operator != "in" or set(value) - {False, ""}:
            return NotImplemented
        return ~self.env["accountable.binding"]._domain_with_notes("document", self._name)


class ResPartner(models.Model):
    _inherit = "res.partner"

    accountable_notes = fields.Text(
        compute="_compute_accountable_notes", string="Notes on the export", groups=USER
    )

    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_accountable_notes(self):
        partners = self.commercial_partner_id
        notes = self.env["accountable.binding"]._notes_by_record("party", partners._origin)
        for partner in self:
            partner.accountable_notes = notes.get(partner.commercial_partner_id._origin.id, False)
