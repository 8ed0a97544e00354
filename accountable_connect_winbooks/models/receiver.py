"""What is learned when WinBooks refuses documents."""

from odoo import models
from odoo.addons.accountable_connect.documents import PERIOD
from odoo.addons.accountable_connect.documents.sentence import SentencesOf, as_sentence

from ..api.master_items import period_of
from ..api.numbers import is_usual
from ..sentences import CODES
from .third import type_of

_lt = SentencesOf(__name__)

PERIOD_CLOSED = ("LOCKPER", "DOC_LCK")
# in another period, in the same one
NUMBER_TAKEN = ("DOC_EXI", "DOC_NUM")


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    def _receiver_codes(self):
        if self.package != "winbooks":
            return super()._receiver_codes()
        return [(code, as_sentence(meaning)) for code, (_fatal, meaning) in CODES.items()]

    def _receiver_refused(self, items, code):
        learned = super()._receiver_refused(items, code)
        if self.package != "winbooks":
            return learned
        if code in PERIOD_CLOSED:
            learned = self._winbooks_close_period(items)
        elif code in NUMBER_TAKEN:
            self._winbooks_give_new_numbers(items)
        self._winbooks_write_thirds_anew(items)
        return learned

    def _winbooks_close_period(self, items):
        """The period of these documents is closed over there. Of several it is the first: whoever
        closes periods begins there, and the next refusal tells the next one.

        :return: a Sentence that says which one, "" where none is known
        """
        period = period_of(self._winbooks_periods(), min(items.mapped("accounting_date")))
        if not period:
            return ""
        rows = self.env["accountable.master.data"].sudo()  # said by a user, who types nothing
        rows = rows.search(
            [("connection_id", "in", self._winbooks_family().ids), ("kind", "=", PERIOD)]
        )
        for row in rows:
            details = row.details or {}
            if details.get("date_from") == period.date_from.isoformat():
                row.details = {**details, "closed": True}
        return _lt(
            "The period from %(first)s to %(last)s counts as closed from now on, in the list of"
            " book years.",
            first=period.date_from,
            last=period.date_to,
        )

    def _winbooks_give_new_numbers(self, items):
        """The accountant has the numbers that were counted, those of bills and those apart: they
        stay taken, and the documents get others. The running part of a sale is Odoo's, and stays
        its own."""
        numbers = self.env["accountable.winbooks.number"].sudo()  # as above
        for item in items:
            number = int(item.sudo().given["number"])
            if not item.document_kind.startswith("purchase") and is_usual(number):
                continue
            numbers.search(
                [
                    ("connection_id", "in", self._winbooks_family().ids),
                    ("res_model", "=", item.res_model),
                    ("res_id", "=", item.res_id),
                    ("operation", "=", item.operation),
                    ("number", "=", number),
                ]
            ).res_id = False

    def _winbooks_write_thirds_anew(self, items):
        """WinBooks took nothing of these documents: what was wrong with a customer or supplier may
        have been corrected, and its record goes as the contact is now. Where others of its
        documents went it stays as it was written."""
        thirds = self.env["accountable.winbooks.third"].sudo()  # a user tells, who writes none
        for type_, of_type in items.grouped(lambda one: type_of(one.document_kind)).items():
            told = {item.sudo().given["third"] for item in of_type if item.sudo().given}
            thirds.search(
                [
                    ("connection_id", "in", self._winbooks_family().ids),
                    ("type", "=", type_),
                    ("number", "in", list(told - thirds._used_numbers(self, type_).keys())),
                ]
            ).row = False
