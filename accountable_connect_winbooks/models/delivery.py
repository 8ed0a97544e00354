from odoo import models

from ..api.given import Given
from .third import type_of


class AccountableDelivery(models.AbstractModel):
    _inherit = "accountable.delivery"

    def _given(self, batch, delivery, record):
        """Its number, its party's number and record, and its period."""
        connection = batch.connection_id
        if connection.package != "winbooks":
            return super()._given(batch, delivery, record)
        document = delivery.document
        period = connection._winbooks_period(delivery)
        number = self.env["accountable.winbooks.number"]._of_document(
            connection, document, period.book_year, record
        )
        ranks = connection.winbooks_book_year_and_period and period.year_rank
        third, row = self._winbooks_third(connection, document, record)
        given = Given(
            number=str(number),
            third=third,
            third_row=row,
            book_year=period.year_rank if ranks else "",
            period=period.rank if ranks else "",
            archive_period=period.rank,
            late=not period.date_from <= document.document_date <= period.date_to,
        )
        return given.as_json()

    def _winbooks_third(self, connection, document, record):
        """``(number, row)``. An opposite goes where its entry stands, whatever became of its
        contact."""
        thirds = self.env["accountable.winbooks.third"]
        if record.get("undoes_id"):
            # who hands over need not read what a document was given
            entry = self.env["accountable.batch.item"].sudo().browse(record["undoes_id"])
            given = Given.from_json(entry.given)
            shown = thirds._shown_numbers(connection)[type_of(document.kind)]
            return given.third, () if given.third in shown else given.third_row
        third = thirds._of_party(connection, document.kind, document.party)
        return third.number, () if third.shown else tuple(third.row)
