"""What a file that came back says of documents, and what becomes of them."""

import base64
import hashlib
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.import_report import ReportError, read_report
from ...documents.sentence import SentencesOf, joined
from ..sentence import in_language

_lt = SentencesOf(__name__)

# More than anybody reads at once.
MOST_LISTED = 200
UNREADABLE = {
    "empty": _lt("The file is empty."),
    "too_big": _lt("The file is larger than 5 MB."),
    "rows": _lt("The file has more than 100,000 rows."),
    "spreadsheet": _lt("This is a spreadsheet. Save it as CSV (separated by semicolons) first."),
    "not_text": _lt("This is no text file. Save it as CSV, in UTF-8 or Windows-1252."),
    "quotes": _lt("A quotation mark in the file does not end; what follows it cannot be read."),
    "columns": _lt(
        "The first row must name the columns: number, outcome, and words if there are any."
        " The template shows how."
    ),
}


class AccountableUpload(models.Model):
    _inherit = "accountable.upload"

    batch_id = fields.Many2one(
        "accountable.batch", ondelete="cascade", index=True, help="Empty: any of the connection."
    )
    unknown_numbers = fields.Text(help="Numbers in the file that are no document handed over.")
    confirmed_count = fields.Integer(compute="_compute_counts", string="Confirmed")
    refused_count = fields.Integer(compute="_compute_counts", string="Refused")
    missing_count = fields.Integer(compute="_compute_counts", string="Not in the file")
    unknown_count = fields.Integer(compute="_compute_counts", string="Unknown numbers")
    unclear_count = fields.Integer(compute="_compute_counts", string="Without a clear outcome")
    known_count = fields.Integer(compute="_compute_counts", string="Known before")

    _once = models.UniqueIndex("(connection_id, COALESCE(batch_id, 0), checksum)")

    @api.depends("counts")
    def _compute_counts(self):
        for upload in self:
            for name in ("confirmed", "refused", "missing", "unknown", "unclear", "known"):
                upload[f"{name}_count"] = (upload.counts or {}).get(name, 0)

    @api.model
    def _take(self, connection, batch, name, content):
        """Read a file, and do what it says; one that was read before changes nothing.

        :param connection: with the rights of the engine
        :param batch: whose documents it is about; none: all of the connection
        :param content: the bytes of the file
        :return: the upload, and whether it was read now
        """
        checksum = hashlib.sha256(content).hexdigest()
        # no two readers of one file at once
        connection.lock_for_update()
        same = [
            ("connection_id", "=", connection.id),
            ("batch_id", "=", batch.id),
            ("checksum", "=", checksum),
        ]
        if known := self.search(same, limit=1):
            return known, False
        upload = self.create(
            {
                "connection_id": connection.id,
                "batch_id": batch.id,
                "name": name,
                "content": base64.b64encode(content),
                "checksum": checksum,
            }
        )
        upload._apply(upload._read_upload(content))
        return upload, True

    def _read_upload(self, content):
        """The answers of a file: a list of :class:`Answer` of ``api/import_report.py``, one for
        each document.

        Addons of packages that write a report of their own read it here, and call ``super()`` for
        everything else. Raises UserError when the file cannot be read.

        :param content: the bytes of the file
        """
        self.ensure_one()
        try:
            return read_report(content)
        except ReportError as error:
            raise UserError(str(in_language(self.env, UNREADABLE[error.code]))) from error

    def _apply(self, answers):
        """Confirm and refuse what the answers say, and keep the counts. A document that no answer
        names is unknown, not refused."""
        self.ensure_one()
        items = self._items()
        by_name = self._by_name(items)
        found, unknown, unclear, known = {}, [], [], 0
        for answer in answers:
            item = by_name.get(answer.number)
            if not item:
                unknown.append(answer.number)
            elif not answer.outcome:
                unclear.append(answer.number)
            elif item.state == "in_batch":
                found[item] = answer
            else:
                known += 1
        self._answer(found)
        named = {by_name[answer.number] for answer in answers if answer.number in by_name}
        batches = {item.batch_id for item in named} or {self.batch_id}
        missing = [
            item
            for item in items
            if item.state == "in_batch" and item.batch_id in batches and item not in named
        ]
        outcomes = [answer.outcome for answer in found.values()]
        self.counts = {
            "confirmed": outcomes.count("confirmed"),
            "refused": outcomes.count("refused"),
            "known": known,
            "missing": len(missing),
            "unknown": len(unknown),
            "unclear": len(unclear),
        }
        self.unknown_numbers = "\n".join(unknown[:MOST_LISTED]) or False
        self.message = self._message()

    def _items(self):
        """Documents that were handed over, the latest last."""
        domain = [
            ("connection_id", "=", self.connection_id.id),
            ("state", "in", ("in_batch", "confirmed", "refused")),
            ("batch_id.state", "in", ("handed_over", "confirmed", "refused")),
        ]
        if self.batch_id:
            domain.append(("batch_id", "=", self.batch_id.id))
        return self.env["accountable.batch.item"].search(domain, order="id")

    def _by_name(self, items):
        """``{number or name of a file: document}``. A document that was refused and went again is
        meant as it went last; of two that are called alike none is meant."""
        found = defaultdict(dict)
        for item in items:
            for name in {item.name, *item.file_ids.mapped("name")}:
                found[name][item.res_model, item.res_id] = item
        return {
            name: next(iter(records.values()))
            for name, records in found.items()
            if len(records) == 1
        }

    def _answer(self, found):
        """:param found: ``{item: Answer}``"""
        alike = defaultdict(self.env["accountable.batch.item"].browse)
        for item, answer in found.items():
            alike[answer.outcome, answer.words] |= item
        for (outcome, words), items in alike.items():
            code = ""
            if outcome == "refused":
                code, words = self.connection_id._code_of_words(words)
                if not words and not code:
                    words = _lt("Refused, says %(file)s.", file=self.name)
            items._answer(outcome, words, code)

    def _message(self):
        counts = self.counts
        sentences = [
            _lt(
                "Confirmed: %(confirmed)s. Refused: %(refused)s. Handed over, and not in the file:"
                " %(missing)s.",
                **{name: counts[name] for name in ("confirmed", "refused", "missing")},
            )
        ]
        if counts["known"]:
            sentences.append(_lt("Answered before: %(count)s.", count=counts["known"]))
        if counts["unclear"]:
            sentences.append(
                _lt(
                    "Without an outcome that can be understood: %(count)s. Nothing was done with"
                    " these.",
                    count=counts["unclear"],
                )
            )
        if counts["unknown"]:
            sentences.append(
                _lt(
                    "Numbers of no document that was handed over: %(count)s.",
                    count=counts["unknown"],
                )
            )
        return joined(*sentences)


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    batch_count = fields.Integer(compute="_compute_batch_count", string="Past exports")

    def _compute_batch_count(self):
        counts = self.env["accountable.batch"]._read_group(
            [("connection_id", "in", self.ids)], ["connection_id"], ["__count"]
        )
        by_connection = {connection.id: count for connection, count in counts}
        for connection in self:
            connection.batch_count = by_connection.get(connection._origin.id, 0)

    def action_show_batches(self):
        """The batches of this connection."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "accountable_connect.accountable_batch_action"
        )
        return {**action, "domain": [("connection_id", "=", self.id)]}

    def action_upload(self):
        """The dialogue that takes what came back as a file."""
        self.ensure_one()
        return self._action_upload()

    def _action_upload(self, batch=None):
        self.env["accountable.batch"]._for_button()
        if not self.company_id <= self.env.companies:
            raise UserError(self.env._("Only its own company reads what came back for it."))
        # nobody may make a dialogue by hand
        dialogue = (
            self.env["accountable.upload.dialogue"]
            .sudo()
            .create({"connection_id": self.id, "batch_id": batch.id if batch else False})
        )
        return dialogue._action(self.env._("Upload an import report"))
