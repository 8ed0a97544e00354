"""The cover sheet of a batch: what the office checks after its import."""

from decimal import Decimal

from odoo import models
from odoo.tools import format_amount


class AccountableBatch(models.Model):
    _inherit = "accountable.batch"

    def action_cover_sheet(self):
        """Print it, in the language of who presses."""
        report = self.env.ref("accountable_connect.batch_cover_sheet_report")
        return report.report_action(self, config=False)

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
