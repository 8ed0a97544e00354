"""Entries straight into the files of a package, and these into its books: built, given their
numbers and written as a batch does it, without the queue and the batch's own state. For tests of
figures, of which there are many."""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace

from odoo.addons.accountable_connect.api.channels.contract import Shipment, ShippedFile
from odoo.addons.accountable_connect.api.channels.folder import FolderChannel
from odoo.addons.accountable_connect.api.errors import BatchRefusedError, PackageError
from odoo.addons.accountable_connect.api.file_package import Parcel
from odoo.addons.accountable_connect.documents import File

from tests.books.direct import Direct

# What makes a directory of a batch with one file, as the core's own does.
COVER = File(key="cover", name="cover.pdf", media_type="application/pdf", content=b"%PDF-1.4")


class HandedOver(Direct):
    """Hands documents of a connection over within one transaction; ``books`` are the
    :class:`tests.books.case.Books` that take them."""

    def __init__(self, connection, books):
        super().__init__(connection)
        self.books = books

    def export(self, moves):
        """Hand over posted documents; ``{move: [problem]}`` of those that were refused in words,
        by Odoo or by the writer. The receiver takes everything that is written."""
        refused = self.check(moves)
        parts = {}
        made = self.env["accountable.delivery"]._deliveries(
            self.connection, moves.filtered(lambda move: move not in refused), with_files=False
        )
        for move in moves:
            delivery, problems = made.get(move.id, (None, []))
            blocking = [problem for problem in problems if problem.blocking]
            if blocking:
                refused[move] = blocking
            elif delivery:
                self._enter(parts, refused, move, delivery)
        for entered in parts.values():
            self._hand_over(entered, refused)
        return refused

    def _enter(self, parts, refused, move, delivery):
        """Into the batch of its part, with what it is given there."""
        part = self.connection._batch_part(delivery)
        record = {"operation": "document", "res_model": move._name, "res_id": move.id}
        batch = self._batch(part)
        try:
            given = self.env["accountable.delivery"]._given(batch, delivery, record)
        except PackageError as error:
            refused[move] = [self._said(error)]
            return
        parts.setdefault(part, []).append((move, replace(delivery, given=given)))

    def _batch(self, part):
        """The open batch of a part, in which nothing is put."""
        batches = self.env["accountable.batch"].sudo()
        domain = [("connection_id", "=", self.connection.id), ("part", "=", part)]
        return batches.search([*domain, ("state", "=", "open")], limit=1) or batches.create(
            {"connection_id": self.connection.id, "part": part}
        )

    def _hand_over(self, entered, refused):
        """Write, lay into the folder, import, and link what is in the books."""
        before = {booking.key for booking in self.books.bookings()}
        number = self.connection._next_batch_number()
        with self.connection._open_package() as package:
            files = None
            while entered and files is None:
                parcel = Parcel(
                    name=f"{number:05}",
                    closed_at=datetime(2026, 7, 1),
                    deliveries=[delivery for _move, delivery in entered],
                )
                try:
                    files = list(package.write(parcel))
                except BatchRefusedError as error:
                    for place, reason in error.refusals.items():
                        refused[entered[place][0]] = [self._said(reason)]
                    entered = [
                        one for place, one in enumerate(entered) if place not in error.refusals
                    ]
        if not entered:
            return
        self._lay_down(f"{number:05}", [*files, COVER])
        for done in self.books.accountant.import_waiting():
            if done["left_out"]:
                raise AssertionError(f"{done['said']}: {done['left_out'][:10]}")
        for move, delivery in entered:
            key = self.books.package.key_of(delivery)
            if key in before:
                raise AssertionError(f"{move.name}: {key} was there before")
            self._link(move, delivery, key)

    def _lay_down(self, name, files):
        shipment = Shipment(
            name=name,
            mark=f"{self.connection.id}-{name}",
            files=tuple(
                ShippedFile(
                    name=file.name,
                    media_type=file.media_type,
                    size=file.size,
                    checksum=file.checksum,
                    chunks=lambda file=file: iter([file.content]),
                )
                for file in files
            ),
        )
        folder = self.books.package.directory(self.books.server)
        channel = FolderChannel(str(folder.parent), folder.name)
        channel.publish(shipment, channel.write(shipment))

    def _link(self, move, delivery, key):
        self.env["accountable.binding"]._bind(
            self.connection.id,
            "document",
            "account.move",
            move.id,
            {
                "external_key": key,
                "number": delivery.number,
                "fingerprint": delivery.document.fingerprint(),
            },
        )

    def _said(self, error):
        return SimpleNamespace(
            message=str(self.connection._error_sentence(error)), code=error.code, blocking=True
        )
