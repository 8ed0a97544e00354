"""The bytes of a batch, frozen."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ...documents import StoredFile


class AccountableBatchFile(models.Model):
    """A file of one document (``item_id``), or of the whole batch. Nobody writes it after it was
    made."""

    _name = "accountable.batch.file"
    _description = "File of a batch"
    _inherit = ["accountable.guard"]
    _order = "batch_id, sequence, id"

    batch_id = fields.Many2one("accountable.batch", required=True, ondelete="cascade", index=True)
    item_id = fields.Many2one("accountable.batch.item", ondelete="cascade", index=True)
    company_id = fields.Many2one(related="batch_id.company_id", store=True)
    sequence = fields.Integer()
    name = fields.Char(required=True)
    media_type = fields.Char(required=True)
    size = fields.Integer()
    checksum = fields.Char(help="SHA-256 of the bytes.")
    content = fields.Binary(attachment=True)
    annex = fields.Boolean(
        help="It belongs to an entry: the writer of the package says how it goes, if at all."
    )

    # names are given once in a connection, whatever capitals they have
    _name_idx = models.Index("(lower(name) text_pattern_ops)")

    @api.model
    def _store(self, batch, file, item=None, annex=False):
        """Keep a file of the plain layer, which is read once for it; not at all where it is one of
        this batch under another name, as an annex of an entry."""
        values = {
            "batch_id": batch.id,
            "item_id": item.id if item else False,
            "name": file.name,
            "media_type": file.media_type,
            "annex": annex,
        }
        if frozen := self._frozen_in(batch, file):
            kept = self.create({**values, "size": frozen.size, "checksum": frozen.checksum})
            kept._share_content(frozen)
            return kept
        content = file.content
        kept = self.create(
            {
                **values,
                "size": len(content),
                "checksum": hashlib.sha256(content).hexdigest(),
            }
        )
        if content:
            kept._attach(raw=content)
        return kept

    def _attach(self, **values):
        """Make the attachment in which Odoo keeps the bytes, as it does for a binary field, but
        without a copy of them in base64, which would stay in its cache as well."""
        # Odoo makes large pictures smaller when they are stored: a photo of a bill would not be
        # what its checksum says
        attachments = self.env["ir.attachment"].with_context(image_no_postprocess=True)
        # whoever makes the file needs no right on attachments
        attachment = attachments.sudo().create(
            {
                "name": "content",
                "res_model": self._name,
                "res_field": "content",
                "res_id": self.id,
                "type": "binary",
                **values,
            }
        )
        attachment.invalidate_recordset()
        self.invalidate_recordset(["content"], flush=False)
        return attachment

    def _frozen_in(self, batch, file):
        """The row of the batch that has the bytes of this file already, where they are a file on
        the server's disk: another row may name it too. Empty where they have to be read."""
        model, _comma, number = file.key.partition(",")
        if not isinstance(file, StoredFile) or model != self._name or not number.isdecimal():
            return self.browse()
        frozen = self.search([("id", "=", int(number)), ("batch_id", "=", batch.id)])
        same = (frozen.size, frozen.checksum) == (file.size, file.checksum)
        return frozen if same and frozen._attachment().store_fname else self.browse()

    def _share_content(self, frozen):
        """Have the bytes of another row, as Odoo itself keeps equal bytes once. Its own ``create``
        and ``write`` take these columns from bytes only, and ``copy`` reads them."""
        source = frozen._attachment()
        attachment = self._attach()
        self.env.cr.execute(
            SQL(
                """
                UPDATE ir_attachment own
                   SET store_fname = source.store_fname, checksum = source.checksum,
                       file_size = source.file_size, mimetype = source.mimetype,
                       index_content = source.index_content
                  FROM ir_attachment source
                 WHERE own.id = %s AND source.id = %s
                """,
                attachment.id,
                source.id,
            )
        )
        attachment.invalidate_recordset(flush=False)

    @api.model
    def _names_in_use(self, connection, beginning):
        """Names of this connection's files that begin so, capitals or not; of what was taken out
        nobody saw any.

        :param beginning: ASCII
        """
        self.flush_model()
        self.env["accountable.batch.item"].flush_model(["state"])
        rows = self.env.execute_query(self._sql_names_in_use(connection, beginning))
        return [name for [name] in rows]

    def _sql_names_in_use(self, connection, beginning):
        return SQL(
            """
            SELECT f.name FROM accountable_batch_file f
              JOIN accountable_batch b ON b.id = f.batch_id
              LEFT JOIN accountable_batch_item i ON i.id = f.item_id
             WHERE lower(f.name) LIKE %s AND b.connection_id = ANY(%s)
               AND i.state IS DISTINCT FROM 'taken_out'
            """,
            f"{escape_psql(beginning.lower())}%",
            connection._origin.ids,
        )

    def _as_stored_file(self):
        """The file for the plain layer, read when its content is asked for."""
        return StoredFile(
            key=f"{self._name},{self.id}",
            name=self.name,
            media_type=self.media_type,
            size=self.size,
            checksum=self.checksum,
            read=self._read_content,
        )

    def _read_content(self):
        attachment = self._attachment()
        content = attachment.raw or b""
        attachment.invalidate_recordset(["raw"], flush=False)
        return content

    def _attachment(self):
        """Where Odoo keeps the bytes."""
        return (
            # the bytes belong to the batch, whoever reads them for it
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_field", "=", "content"),
                    ("res_id", "=", self.id),
                ],
                limit=1,
            )
        )

    def write(self, vals):
        if self:
            raise UserError(self.env._("A file of a batch never changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_open_only(self):
        self.batch_id._check_open()
