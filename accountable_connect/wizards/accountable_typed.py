"""The dialogue in which journals, VAT codes, ledger accounts and book years are typed or pasted."""

import base64

from markupsafe import Markup
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..documents import JOURNAL, LEDGER_ACCOUNT, PERIOD, VAT_CODE

MOST_SHOWN = 12
FIELDS_SHOWN = {
    JOURNAL: ("code", "name", "journal_type"),
    VAT_CODE: ("code", "name", "rate", "scope", "user_codes", "deductible"),
    LEDGER_ACCOUNT: ("code", "name"),
    PERIOD: ("date_from", "date_to", "rank", "year_rank", "closed"),
}
EXAMPLES = {
    JOURNAL: "VEN;Ventes;sales\nNCV;Notes de crédit;sales credit notes\nACH;Achats;purchases",
    VAT_CODE: "code;name;rate;sales or purchases\n211400;Sales 21 %;21;sales",
    LEDGER_ACCOUNT: "604000;Purchases of goods\n700000;Sales",
    PERIOD: "01/01/2026;31/12/2026\n01/01/2027;31/12/2027",
}


def preview_of(env, labels, rows, count):
    """Rows that a person pasted, as a table.

    :param labels: of the columns
    :param rows: texts of the first rows, up to ``MOST_SHOWN``
    :param count: of all rows
    """
    heads = Markup().join(Markup("<th>%s</th>") % label for label in labels)
    lines = []
    for cells in rows:
        cells = Markup().join(Markup("<td>%s</td>") % cell for cell in cells)
        lines.append(Markup("<tr>%s</tr>") % cells)
    if count > MOST_SHOWN:
        more = env._("… and %(count)s more", count=count - MOST_SHOWN)
        cell = Markup('<td colspan="%s" class="text-muted">%s</td>') % (len(labels), more)
        lines.append(Markup("<tr>%s</tr>") % cell)
    return Markup(
        '<div class="table-responsive"><table class="table table-sm"><thead><tr>%s</tr></thead>'
        "<tbody>%s</tbody></table></div>"
    ) % (heads, Markup().join(lines))


class AccountableTyped(models.TransientModel):
    """The button that opens it says for which connection. What a person types is shown as it is
    read, and taken over when the person says so."""

    _name = "accountable.typed"
    _description = "Master data that is typed or pasted"
    _inherit = ["accountable.batch.dialogue"]

    connection_id = fields.Many2one(
        "accountable.connection", required=True, readonly=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            (JOURNAL, "Journals"),
            (PERIOD, "Book years"),
            (VAT_CODE, "VAT codes"),
            (LEDGER_ACCOUNT, "Ledger accounts"),
        ],
        required=True,
        string="What",
    )
    text = fields.Text(string="Rows")
    content = fields.Binary(string="Or a CSV file", attachment=False)
    file_name = fields.Char()
    example = fields.Text(compute="_compute_example")
    problem = fields.Text(compute="_compute_read")
    findings = fields.Text(compute="_compute_read", string="Left out")
    preview = fields.Html(compute="_compute_read", sanitize=False)
    row_count = fields.Integer(compute="_compute_read", string="Number of rows")
    summary = fields.Char(compute="_compute_read")

    def _fields_of_people(self):
        return super()._fields_of_people() | {"content", "file_name", "kind", "text"}

    @api.depends("kind")
    def _compute_example(self):
        for dialogue in self:
            dialogue.example = EXAMPLES.get(dialogue.kind, "")

    @api.depends("kind", "text", "content")
    @api.depends_context("lang")
    def _compute_read(self):
        empty = {"problem": False, "findings": False, "preview": False, "row_count": 0}
        for dialogue in self:
            values = {**empty, "summary": False}
            if dialogue.kind and dialogue._typed_content():
                try:
                    values |= dialogue._read()
                except UserError as error:
                    values["problem"] = str(error)
            for name, value in values.items():
                dialogue[name] = value

    def _typed_content(self):
        """What was typed; a file counts where there is one."""
        if self.content:
            return base64.b64decode(self.content)
        return (self.text or "").strip("\r\n")

    def _read(self):
        connection = self.connection_id
        table = connection._read_typed(self.kind, self._typed_content())
        left_out = connection._finding_sentences(table.findings)
        if table.ignored:
            left_out.append(
                self.env._(
                    "Columns that mean nothing here: %(names)s.", names=", ".join(table.ignored)
                )
            )
        return {
            "findings": "\n".join(left_out) or False,
            "preview": self._preview(connection, table.items),
            "row_count": len(table.items),
            "summary": self.env._(
                "Rows that can be taken over: %(count)s. Lines that are left out: %(wrong)s.",
                count=len(table.items),
                wrong=len({finding.line for finding in table.findings}),
            ),
        }

    def _preview(self, connection, items):
        """A table of the first rows, as the list will show them."""
        rows = self.env["accountable.master.data"]
        names = FIELDS_SHOWN[self.kind]
        labels = [rows._fields[name]._description_string(self.env) for name in names]
        lines = []
        for item in map(connection._complete_typed, items[:MOST_SHOWN]):
            row = rows.new(
                {"kind": item.kind, "code": item.code, "name": item.name, "details": item.details}
            )
            cells = (row._fields[name].convert_to_export(row[name], row) for name in names)
            lines.append([self.env._("yes") if cell is True else cell or "" for cell in cells])
        return preview_of(self.env, labels, lines, len(items))

    def action_open_list(self):
        """What is typed of this kind, to be changed."""
        self.ensure_one()
        return self.connection_id.with_context(typed_kind=self.kind).action_typed_list()

    def action_take_over(self):
        """Take over the rows that can be read."""
        self.ensure_one()
        connection = self.connection_id
        content = self._typed_content()
        if not content:
            raise UserError(self.env._("Type or paste some rows first, or choose a file."))
        counts = connection._take_typed(self.kind, content, strict=False)
        sentence = self.env._(
            "Taken over: %(created)s new, %(changed)s changed.",
            created=counts["created"],
            changed=counts["changed"],
        )
        if counts["read"]:
            sentence += " " + self.env._(
                "%(count)s stay as they were read from the administration.", count=counts["read"]
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": sentence,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
