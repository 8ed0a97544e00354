"""The frozen files of a batch, as what a channel takes."""

import os

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from ...api.channels.contract import Shipment, ShippedFile
from ...api.texts import clean

PIECE = 64 * 1024


def shipment_of(batch, mark, apart=False, letter=None):
    """The :class:`Shipment` of a closed batch. It holds no bytes: they are read when they are
    written, and may be read after the transaction is over.

    :param batch: with the rights of the engine
    :param letter: the :class:`Letter` in which it goes, where it does
    """
    files = batch._files()
    files.fetch(("name", "media_type", "size", "checksum"))
    attachments = {
        attachment.res_id: attachment
        for attachment in batch.env["ir.attachment"].search(
            [
                ("res_model", "=", files._name),
                ("res_field", "=", "content"),
                ("res_id", "in", files.ids),
            ]
        )
    }
    return Shipment(
        name=batch.shipment_name or batch.name,
        mark=mark,
        files=tuple(
            ShippedFile(
                name=clean(file.name),
                media_type=file.media_type,
                size=file.size,
                checksum=file.checksum,
                chunks=_chunks_of(attachments.get(file.id)),
            )
            for file in files
        ),
        apart=apart,
        packed=not batch.connection_id._goes_apart(),
        letter=letter,
    )


def _chunks_of(attachment):
    """A function that reads an attachment piece by piece; of one that is gone it reads nothing,
    which its checksum tells."""
    if attachment is None:
        return lambda: iter(())
    database, id_ = attachment.env.cr.dbname, attachment.id
    path = attachment.store_fname and attachment._full_path(attachment.store_fname)

    def from_disk():
        with open(path, "rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def from_elsewhere():
        # in the database, or where another addon keeps files: read whole, one at a time
        with Registry(database).cursor() as cr:
            found = api.Environment(cr, SUPERUSER_ID, {})["ir.attachment"].browse(id_).exists()
            content = found.raw or b""
        yield from (content[at : at + PIECE] for at in range(0, len(content), PIECE))

    return from_disk if path and os.path.isfile(path) else from_elsewhere
