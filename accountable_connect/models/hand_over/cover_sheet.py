"""The cover sheet of a batch: what the office checks after its import."""

import logging
from decimal import Decimal

import psycopg2
from odoo import models
from odoo.tools import format_amount

from ...const import DAY_ZONE
from ...documents import File
from ...documents.sentence import SentencesOf
from ..sentence import in_language

_lt = SentencesOf(__name__)
_logger = logging.getLogger(__name__)

REPORT = "accountable_connect.batch_cover_sheet"
FILE_NAME = "cover-sheet.pdf"
# A sheet of thousands of documents nobody reads, and printing it takes minutes.
MOST_DOCUMENTS = 1000


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def action_cover_sheet(self):
        """Print it, in the language of who presses."""
        report = self.env.ref("accountable_connect.batch_cover_sheet_report")
        return report.report_action(self, config=False)

    def _store_cover_sheet(self):
        """Freeze the sheet of a batch of entries as its last file. Where it cannot be printed the
        batch goes without it.

        :return: the sentence that says so, False
        """
        try:
            with self.env.cr.savepoint():
                content = self._printed_cover_sheet()
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.warning("The cover sheet of batch %s cannot be printed", self.id, exc_info=True)
            return _lt(
                "The cover sheet is not among the files: the server could not print it. Print it"
                " here, with “Cover sheet”."
            )
        if content:
            sheet = File(
                key=FILE_NAME, name=FILE_NAME, media_type="application/pdf", content=content
            )
            self.env["accountable.batch.file"]._store(self, sheet)
        return False

    def _printed_cover_sheet(self):
        """Its bytes, in the language of the company; None where Odoo prints nothing, in tests."""
        context = {"lang": self.company_id.partner_id.lang or self.env.lang, "tz": DAY_ZONE.key}
        reports = self.env["ir.actions.report"].with_company(self.company_id)
        content, kind = reports.with_context(**context)._render_qweb_pdf(REPORT, self.ids)
        return content if kind == "pdf" else None

    def _sheet_remarks(self):
        """Sentences for the receiver that stand on top: what the package said when it wrote the
        batch. Addons may add some."""
        return [str(in_language(self.env, one)) for one in self.remarks or ()]

    def _sheet_has_documents(self):
        """Whether it lists them."""
        return self.document_count <= MOST_DOCUMENTS

    def _sheet_journals(self):
        """Lines ``{journal, kind, count, first, last}``, in words."""
        return [{**line, "kind": self._kind(line["kind"])} for line in self._sheet("journals")]

    def _sheet_totals(self):
        """Lines ``{kind, count, total}``: of each kind of document and currency, amounts as people
        write them."""
        return [
            {
                "kind": self._kind(line["kind"]),
                "count": line["count"],
                "total": self._amount(line["total"], line["currency"]),
            }
            for line in self._sheet("currencies")
        ]

    def _sheet_vat(self):
        """Lines ``{kind, code, rate, base, vat}``: of each kind of document, currency and VAT
        code."""
        return [
            {
                "kind": self._kind(line["kind"]),
                "code": line["code"],
                "rate": self._rate(line["rate"]),
                "base": self._amount(line["base"], line["currency"]),
                "vat": self._amount(line["vat"], line["currency"]),
            }
            for line in self._sheet("vat")
        ]

    def _sheet_documents(self):
        """All that were in it when it closed, whatever became of them since."""
        return self.env["accountable.batch.item"].search(
            [("batch_id", "=", self.id), ("state", "!=", "taken_out")], order="id"
        )

    def _sheet(self, part):
        return (self.totals or {}).get(part, [])

    def _kind(self, kind):
        field = self.env["accountable.batch.item"]._fields["document_kind"]
        return dict(field._description_selection(self.env)).get(kind, kind)

    def _amount(self, text, currency):
        return format_amount(self.env, float(Decimal(text)), self._currency(currency))

    def _currency(self, name):
        # one that was archived since still has its documents
        currencies = self.env["res.currency"].with_context(active_test=False)
        return currencies.search([("name", "=", name)], limit=1) or self.company_id.currency_id

    def _rate(self, rate):
        if rate is None:
            return ""
        lang = self.env["res.lang"]._get_data(code=self.env.lang or "en_US")
        text = f"{Decimal(rate).normalize():f}".replace(".", lang.decimal_point)
        return f"{text} %"
