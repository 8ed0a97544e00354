"""What of a posted entry is handed over."""

from odoo import models


class AccountableDelivery(models.AbstractModel):
    """Makes the :class:`Delivery` of documents that go as files. Package addons that deliver the
    document itself override it; where entries go, the core makes it of the neutral document."""

    _name = "accountable.delivery"
    _description = "What is handed over of a document"

    def _deliveries(self, connection, moves, with_files=True):
        """``{move id: (Delivery or None, [Problem])}``; nothing is stored.

        :param with_files: False: only to check, without the bytes (``files`` is empty then)
        """
        raise NotImplementedError(connection.package)
