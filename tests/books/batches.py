"""Batches of a connection through the queue into the books: closed, laid into the folder, imported
by the operator and confirmed by the manager."""

from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.models.hand_over.shipment import shipment_of


def take_batches(connection, books):
    """Hand over every open batch that has documents; gives what the operator reads of each.

    :param books: :class:`tests.books.case.Books`, or what has its ``package``, ``server`` and
        ``accountant``
    """
    open_ones = connection.env["accountable.batch"].search(
        [
            ("connection_id", "=", connection.id),
            ("state", "=", "open"),
            ("document_count", ">", 0),
        ],
        order="part, id",
    )
    folder = books.package.directory(books.server)
    channel, said = FolderChannel(str(folder.parent), folder.name), []
    for batch in open_ones:
        batch.action_close()
        batch.env.flush_all()
        shipment = shipment_of(batch, f"{connection.id}-{batch.id}")
        channel.publish(shipment, channel.write(shipment))
        batch._go("handed_over")
        said += books.accountant.import_waiting()
        batch._confirm()
    return said
