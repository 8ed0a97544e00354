"""How a connection hands its documents over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...const import DAY_ZONE
from .hand_over import CHANNELS

HAND_OVER_SETTINGS = {
    "channel",
    "folder",
    "batch_closes",
    "mail_from",
    "mail_to",
    "mail_to_bills",
    "sftp_server_id",
    "sftp_folder",
}
# Where one of these changes, what failed may go now.
WAYS = HAND_OVER_SETTINGS - {"batch_closes"}
# Documents that go at night begin at its hour: what they open so soon after it closes with them.
NIGHT_LASTS = timedelta(hours=4)
# Models whose ``content`` is an attachment, and how they name the connection.
OWNERS_OF_BYTES = {
    "accountable.batch.file": "batch_id.connection_id",
    "accountable.upload": "connection_id",
}


class AccountableConnection(models.Model):
    _inherit = "accountable.connection"

    channel = fields.Selection(CHANNELS, default="download", string="Hand over by")
    folder = fields.Char(help="A folder below the one that the server's configuration names.")
    mail_from = fields.Char(
        string="From",
        help="The sender of the e-mails. Receivers that take known senders only know this one.",
    )
    mail_to = fields.Char(string="To", help="The address of the receiver, exactly as it was given.")
    mail_to_bills = fields.Char(
        string="Bills to", help="Where bills have an address of their own; empty: the same."
    )
    sftp_server_id = fields.Many2one(
        "accountable.sftp.server", string="SFTP server", ondelete="restrict"
    )
    sftp_folder = fields.Char(
        string="Folder there", help="A folder of the SFTP server; empty: home."
    )
    batch_closes = fields.Selection(
        [
            ("at_once", "At once, one for each document"),
            ("nightly", "Every night"),
            ("manual", "When somebody closes it"),
        ],
        default="nightly",
        string="A batch closes",
    )
    batch_ids = fields.One2many("accountable.batch", "connection_id")
    batch_number = fields.Integer(
        copy=False, readonly=True, help="The number of the batch that closed last."
    )

    def _fields_of_people(self):
        return super()._fields_of_people() | HAND_OVER_SETTINGS

    def write(self, vals):
        names = vals.keys() & WAYS
        before = names and [one._ways(names) for one in self]
        result = super().write(vals)
        if vals.keys() & {"batch_closes", "nightly_hour"}:
            for connection in self:
                closes_at = connection._batch_closes_at()
                connection._find_open_batches().closes_at = closes_at
                if closes_at:
                    connection._wake_lanes(closes_at)
        if names:
            for connection, ways in zip(self, before, strict=True):
                if connection._ways(names) == ways:
                    continue  # what waits for a person still does
                connection._follow_way()
                if connection.channel in connection._automatic_channels():
                    connection._hand_over_again_what_failed()
                    connection._wake_lanes()
        return result

    def _ways(self, names):
        return {name: self[name] for name in names}

    @api.ondelete(at_uninstall=False)
    def _unlink_without_batches(self):
        """What was handed over stays, whatever became of links and items of the queue."""
        batches = self.env["accountable.batch"].sudo()  # a manager deletes, the engine writes
        closed = ("connection_id", "in", self.ids), ("state", "!=", "open")
        if batches.search_count([*closed], limit=1):
            raise UserError(
                self.env._(
                    "Documents were handed over with this connection: archive it instead of"
                    " deleting it."
                )
            )

    def unlink(self):
        """The database removes batches and uploads with their connection, and not the attachments
        their bytes stand in."""
        # of an addon that is removed: nobody but the engine reads them
        attachments = self.env["ir.attachment"].sudo()
        for model, path in OWNERS_OF_BYTES.items():
            rows = self.env[model].sudo().search([(path, "in", self.ids)])
            attachments |= attachments.search(
                [
                    ("res_model", "=", model),
                    ("res_field", "=", "content"),
                    ("res_id", "in", rows.ids),
                ]
            )
        result = super().unlink()
        attachments.unlink()
        return result

    def _sql_batches_due(self):
        """Condition on ``accountable_connection c``: one of its open batches is due to be
        closed."""
        return SQL(
            """
            EXISTS (SELECT 1 FROM accountable_batch b
                     WHERE b.connection_id = c.id AND b.state = 'open' AND b.document_count > 0
                       AND b.closes_at <= %s)
            """,
            fields.Datetime.now(),
        )

    # Its open batches: one, or one for each part

    def _find_open_batches(self):
        # whoever changes the settings may not write batches
        batches = self.env["accountable.batch"].sudo()
        domain = [("connection_id", "=", self.id), ("state", "=", "open")]
        return batches.search(domain, order="id")

    def _batch_part(self, delivery):
        """Which part a document belongs to, where not all may stand in one batch: ``""`` for a
        package that takes them together. Addons whose files hold one book year or period give
        it.

        :raises DataRefusedError: it belongs to none, as it is
        """
        return ""

    def _open_batch(self, part=""):
        """The open batch of a part, locked until the transaction ends; a new one when there is
        none, and for each document that goes by itself."""
        self.ensure_one()
        single = self._one_by_one()
        domain = [
            ("connection_id", "=", self.id),
            ("state", "=", "open"),
            ("part", "in", (part, False) if not part else (part,)),
            ("single", "=", single),
            *([("document_count", "=", 0)] if single else []),
        ]
        # whoever hands over may not write batches
        batch = self.env["accountable.batch"].sudo().search(domain, order="id", limit=1)
        if batch:
            batch._lock()
        else:
            batch = batch.create({"connection_id": self.id, "part": part, "single": single})
        return batch

    def _batch_closes_at(self):
        """When a batch that gets its first document now is to be closed, naive UTC; False: when
        somebody closes it."""
        now = fields.Datetime.now()
        if self.batch_closes == "at_once" or self.rest_waits:
            # somebody hands single documents over, and waits to see whether they arrive
            return now
        if self.batch_closes != "nightly":
            return False
        local = datetime.now(DAY_ZONE)
        night = local.replace(hour=self.nightly_hour, minute=0, second=0, microsecond=0)
        if night <= local < night + NIGHT_LASTS:
            return now
        if night <= local:
            night += timedelta(days=1)
        return night.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    def _next_batch_number(self):
        """The next number, without gaps: it is given back when the transaction is not committed.
        Two who close a batch at once never get the same one, as both change this row."""
        self.ensure_one()
        self.flush_recordset(["batch_number"])
        [[number]] = self.env.execute_query(
            SQL(
                "UPDATE accountable_connection SET batch_number = COALESCE(batch_number, 0) + 1"
                " WHERE id = %s RETURNING batch_number",
                self.id,
            )
        )
        self.invalidate_recordset(["batch_number"], flush=False)
        return number
