"""From which record of Odoo's charts of accounts a record of a company was made."""

from odoo import api, models

from ...api.account_template import AccountTemplate

# Files of the addons: the same for every database of a process.
_TEMPLATES = {}


class AccountChartTemplate(models.AbstractModel):
    _inherit = "account.chart.template"

    @api.model
    def _accountable_template(self, code):
        """The :class:`AccountTemplate` of a chart (``"be_comp"``), None where there is none; its
        files are read once."""
        if not code or code not in self._get_chart_template_mapping():
            return None
        if code not in _TEMPLATES:
            _TEMPLATES[code] = AccountTemplate.of_rows(
                code, self._parse_csv(code, "account.account")
            )
        return _TEMPLATES[code]


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    @api.depends("kind", "account_id", "tax_id", "company_id")
    def _compute_template_key(self):
        """``be_comp:a604000``; "" for what a user made."""
        self.template_key = ""
        # the ids of records are technical: nobody but administrators may read them
        data = self.env["ir.model.data"].sudo()
        for model, field in (("account.account", "account_id"), ("account.tax", "tax_id")):
            names = data.search_fetch(
                [
                    ("module", "=", "account"),
                    ("model", "=", model),
                    ("res_id", "in", self[field].ids),
                ],
                ["name", "res_id"],
            ).grouped("res_id")
            for row in self.filtered(field):
                root = row.company_id.sudo().root_id  # a branch has the chart of its head office
                prefix = f"{root.id}_"
                for one in names.get(row[field].id, ()):
                    if root.chart_template and one.name.startswith(prefix):
                        row.template_key = f"{root.chart_template}:{one.name.removeprefix(prefix)}"
