"""Thousands of documents that go as files: time of the last thousand beside that of the first, and
what is held in memory beside what is handed over."""

import shutil
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo.addons.accountable_connect.api.channels import folder
from odoo.addons.accountable_connect.api.channels.download import DownloadChannel
from odoo.addons.accountable_connect.documents import Delivery, File, VatTotal
from odoo.addons.accountable_connect.models.engine.hand_over import HandOver
from odoo.addons.accountable_connect.models.hand_over import folder_channel
from odoo.addons.accountable_connect.models.hand_over.shipment import shipment_of

from bench import channels
from bench.measure import Spread, allocated

COUNT = 10_000
PORTIONS = 10
# Of an ordinary e-invoice with its PDF inside.
CONTENT = b"<Invoice>" + b" " * 40_000 + b"</Invoice>"


def main(bench, count=COUNT):
    """Of entering the batch, the folder and the ZIP: processor time of the last tenth beside that
    of the first. Of the folder and the ZIP: most bytes held at once, beside those handed over.
    E-mail and SFTP: see ``channels``."""
    root = Path(tempfile.mkdtemp(prefix="accountable_bench_"))
    (root / "office").mkdir()
    try:
        with (
            bench.undone() as company,
            patch.object(folder_channel, "hand_over_root", lambda: str(root)),
            patch.object(folder_channel, "hand_over_folders", lambda: ["office"]),
        ):
            connection = _connection(company)
            with patch.object(type(connection), "_commit", _as_committed):
                found = _measured(bench, connection, root / "office", count)
        return {**found, "channels": channels.main(bench)}
    finally:
        shutil.rmtree(root)


def _measured(bench, connection, receiver, count):
    entered = _Portions(count, lambda: time.process_time() + bench.postgres.seconds())
    for number in range(count):
        batch = connection._open_batch()
        batch._add_item(_delivery(number), res_model="account.move", res_id=-number - 1)
        connection._commit()
        entered.one()
    with connection._open_package() as package:
        batch._close(package)
    size = sum(batch._files().mapped("size"))

    in_folder = _hand_over(connection, batch, count)
    shutil.rmtree(receiver)
    receiver.mkdir()
    batch.action_hand_over_again("measured once more")
    with allocated() as held:
        _hand_over(connection, batch, count)

    served = DownloadChannel().served(shipment_of(batch, ""))
    in_zip, end = _Portions(size), 0
    for piece in served.pieces():
        end += len(piece)
        if end <= size:  # not the list of all files at its end
            in_zip.up_to(end)
    with allocated() as held_of_zip:
        for _piece in served.pieces():
            pass
    return {
        "documents": count,
        "entering": entered.last_beside_first(),
        "folder": in_folder.last_beside_first(),
        "zip": in_zip.last_beside_first(),
        "folder_memory": held[0] / size,
        "zip_memory": held_of_zip[0] / size,
    }


def _hand_over(connection, batch, count):
    """The portions, of writing and of giving the names together."""
    written, named = _Portions(count), _Portions(count)
    with (
        patch.object(folder, "_write_file", written.counting(folder._write_file)),
        patch.object(folder, "give_name", named.counting(folder.give_name)),
    ):
        HandOver(batch._begin_hand_over(), lambda: None).go_on()
    if batch.state != "handed_over":
        raise RuntimeError(f"The batch was not handed over: {batch.message}")
    return written.with_(named)


class _Portions:
    """Processor seconds of each tenth of so many."""

    def __init__(self, whole, clock=time.process_time):
        self.clock = clock
        self.whole = whole
        self.done = 0
        self.begun = None
        self.seconds = [0.0] * PORTIONS

    def one(self):
        self.up_to(self.done + 1)

    def up_to(self, done):
        """So many are done now; the first one only begins the time."""
        now = self.clock()
        if self.begun is not None:
            self.seconds[min(PORTIONS * done // self.whole, PORTIONS - 1)] += now - self.begun
        self.done, self.begun = done, now

    def counting(self, function):
        def counted(*arguments):
            function(*arguments)
            self.one()

        return counted

    def with_(self, other):
        self.seconds = [sum(pair) for pair in zip(self.seconds, other.seconds, strict=True)]
        return self

    def last_beside_first(self):
        return Spread.of([self.seconds[-1] / self.seconds[0]]).as_json()


def _connection(company):
    """One that puts documents into a folder, in this transaction only."""
    env = company.env
    sign_in = env["accountable.sign.in"].create(
        {"name": "Files", "package": "ubl", "company_ids": [(6, 0, company.company.ids)]}
    )
    return env["accountable.connection"].create(
        {
            "sign_in_id": sign_in.id,
            "company_id": company.company.id,
            "channel": "folder",
            "folder": "office",
            "batch_closes": "manual",
        }
    )


def _as_committed(connection):
    """What a commit does to Odoo's cache; nothing is kept."""
    connection.env.flush_all()
    connection.env.invalidate_all()


def _delivery(number):
    name = f"INV-2026-{number:05}"
    content = CONTENT + name.encode()
    file = File(key=name, name=f"{name}.xml", media_type="application/xml", content=content)
    return Delivery(
        kind="sale",
        number=name,
        journal="INV",
        party_name="Customer",
        document_date=date(2026, 11, 30),
        accounting_date=date(2026, 11, 30),
        currency="EUR",
        total=Decimal("121.00"),
        vat_totals=(
            VatTotal(code="S", rate=Decimal(21), base=Decimal("100.00"), vat=Decimal("21.00")),
        ),
        files=(file,),
    )
