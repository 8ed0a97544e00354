"""What stands around the files of a batch: the name of its directory, and what the office has to
choose and answer while it imports them."""

import re

from odoo import models
from odoo.addons.accountable_connect.api.errors import BatchRefusedError, DataRefusedError
from odoo.addons.accountable_connect.documents.period import in_words
from odoo.addons.accountable_connect.documents.sentence import SentencesOf
from odoo.addons.accountable_connect.models.sentence import in_language

from ..api.master_items import period_of, periods_of_part, year_label

_lt = SentencesOf(__name__)


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def _shipment_name(self):
        """WinBooks fixes the names of the files, so the directory says whose batch it is."""
        if self.package != "winbooks":
            return super()._shipment_name()
        company = self.company_id
        digits = re.sub(r"\D", "", company.vat or "") or str(company.id)
        return f"winbooks-{digits}-{self.name}"

    def _close(self, package):
        if self.package == "winbooks":
            self._check_part()
        return super()._close(package)

    def _check_part(self):
        """Book years may be typed anew while documents stand here: those whose date is no longer in
        the book year or period of this batch would be booked elsewhere.

        :raises BatchRefusedError: names them
        """
        periods = self.connection_id._winbooks_periods()
        items = self._standing()
        here = {}
        for day in set(items.mapped("accounting_date")):
            period = period_of(periods, day)
            names = (period.book_year, f"{period.book_year}/{period.rank}") if period else ()
            here[day] = self.part in names
        refused = {
            place: DataRefusedError(
                "Another period",
                code="place_changed",
                values={"document": item.name, "value": self.part},
            )
            for place, item in enumerate(items)
            if self.part and not here[item.accounting_date]
        }
        if refused:
            raise BatchRefusedError(refused)

    def _part_in_words(self):
        if self.package != "winbooks":
            return super()._part_in_words()
        return str(in_language(self.env, self._winbooks_part()))

    def _winbooks_part(self):
        """The book year, and the period where a batch is one."""
        # whoever looks at a batch may read no connection
        periods = self.connection_id.sudo()._winbooks_periods()
        found = periods_of_part(periods, self.part or "")
        if not found:
            return self.part or ""
        year = year_label(periods, found[0].book_year)
        if "/" not in self.part:
            return _lt("book year %(year)s", year=year)
        return _lt(
            "book year %(year)s, period %(period)s (%(days)s)",
            year=year,
            period=found[0].rank,
            days=in_words(found[0].date_from, found[0].date_to),
        )

    def _sheet_remarks(self):
        remarks = super()._sheet_remarks()
        if self.package != "winbooks":
            return remarks
        own = [in_language(self.env, one) for one in self._winbooks_remarks()]
        return [*(str(one) for one in own), *remarks]

    def _winbooks_remarks(self):
        """What the office does in WbLinker."""
        connection = self.connection_id.sudo()  # as above
        if folder := connection.winbooks_folder:
            yield _lt("Open folder %(folder)s.", folder=folder)
        if part := self._winbooks_part():
            yield _lt("Choose in WbLinker: %(part)s.", part=part)
        yield _lt(
            "When WbLinker says DOC_NUM, answer Ignore, and nothing is booked twice. Said of all"
            " documents, this batch was imported before. Said of some, other documents have their"
            " numbers and these are not booked: tell who sent the batch."
        )
