"""Documents that go by e-mail and by SFTP, to a postbox in a process of its own: time of one among
many beside one among few, and what is held in memory beside a large file."""

import tempfile
import time
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.accountable_connect.documents import Delivery, File, VatTotal
from odoo.addons.accountable_connect.models.engine.hand_over import hand_over_closed

from bench.measure import Spread, allocated
from tooling.demo import by_mail, by_sftp
from tooling.packages.control import Control
from tooling.packages.ubl import PACKAGE
from tooling.started_sandbox import start_sandbox

FEW, MANY = 20, 200
ROUNDS = 2
# A scan of some pages, near the most that most receivers take by e-mail.
LARGE = 7 * 1024 * 1024
CONTENT = b"<Invoice>" + b" " * 40_000 + b"</Invoice>"
# What the engine asks of a run that has time enough.
RUN = SimpleNamespace(has_time=True, check_lock=lambda: None)


def main(bench, few=FEW, many=MANY, rounds=ROUNDS):
    """Way → ``each``: processor time of one of many beside one of few; ``memory``: most bytes held
    at once, beside those of the file."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="accountable_bench_") as folders:
        control = Control(start_sandbox("postbox", "--folders", folders))
        for way in ("mail", "sftp"):
            with bench.undone() as company:
                connection = _connection(company, way, control)
                with patch.object(type(connection), "_commit", _as_committed):
                    found[way] = _measured(bench, connection, few, many, rounds)
    return {"few": few, "many": many, **found}


def _measured(bench, connection, few, many, rounds):
    numbers = iter(range(1, 1_000_000))
    _hand_over(bench, connection, numbers, 2)  # what is read once
    seconds = {few: [], many: []}
    for _round in range(rounds):
        for count in seconds:
            seconds[count].append(_hand_over(bench, connection, numbers, count) / count)
    _close(connection, [next(numbers)], b" " * LARGE)
    with allocated() as held:
        hand_over_closed(connection, RUN)
    return {
        "each": Spread.of_ratios(seconds[many], seconds[few]).as_json(),
        "memory": Spread.of([held[0] / LARGE]).as_json(),
    }


def _hand_over(bench, connection, numbers, count):
    """Processor seconds of handing over so many documents, each by itself."""
    batches = _close(connection, [next(numbers) for _one in range(count)])
    begun = time.process_time() + bench.postgres.seconds()
    hand_over_closed(connection, RUN)
    seconds = time.process_time() + bench.postgres.seconds() - begun
    batches.invalidate_recordset()
    if waiting := batches.filtered(lambda batch: batch.state != "handed_over"):
        raise RuntimeError(f"{len(waiting)} were not handed over: {waiting[0].message}")
    return seconds


def _close(connection, numbers, more=b""):
    """A closed batch for each document."""
    batches = connection.env["accountable.batch"]
    with connection._open_package() as package:
        for number in numbers:
            batch = connection._open_batch()
            batch._add_item(_delivery(number, more), res_model="account.move", res_id=-number)
            batch._close(package)
            batches |= batch
    connection._commit()
    return batches


def _connection(company, way, control):
    """One that hands over this way, in this transaction only."""
    env = company.env
    sign_in = env["accountable.sign.in"].create(
        {"name": way, "package": "ubl", "company_ids": [(6, 0, company.company.ids)]}
    )
    connection = env["accountable.connection"].create(
        {
            "sign_in_id": sign_in.id,
            "company_id": company.company.id,
            "ubl_profile_id": env.ref("accountable_connect_ubl.profile_octopus").id,
            "batch_closes": "manual",
        }
    )
    made = by_mail if way == "mail" else by_sftp
    connection.write({"channel": way, **made.choices(connection, control, PACKAGE)})
    return connection


def _as_committed(connection):
    """What a commit does to Odoo's cache; nothing is kept."""
    connection.env.flush_all()
    connection.env.invalidate_all()


def _delivery(number, more):
    name = f"INV-2026-{number:05}"
    content = CONTENT + more + name.encode()
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
