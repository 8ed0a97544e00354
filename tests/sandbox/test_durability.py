"""Nothing answered is lost and nothing is half there: restart, SIGKILL, two clients at once."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import threading
from decimal import Decimal
from types import SimpleNamespace

import pytest
from octopus_client import DOSSIER, Client, booking, line
from sandbox_program import ROOT, Program

from sandbox.exact import serve as serve_exact
from sandbox.kit.storage import Store
from sandbox.octopus import serve
from sandbox.octopus.seed import PASSWORD, USER


def service(program):
    """The address of a program, as a client takes it."""
    return SimpleNamespace(url=program.address, root=program.root)


def check(books):
    """Every entry balances and the numbers have no gap; gives the numbers."""
    for held in books["bookings"]:
        assert sum(Decimal(row["amount"]) for row in held["entry"]) == 0
        assert len(held["attachments"]) == 1
    numbers = [held["documentSequenceNr"] for held in books["bookings"]]
    assert numbers == list(range(1, len(numbers) + 1))
    return numbers


def test_restart_keeps_everything(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state, switches={"daily_limits": False}) as server:
        client = Client(server)
        client.book(booking(client.relation()))
        before, token = server.books(DOSSIER), client.dossier_token
    with serve(state=state) as server:
        assert server.books(DOSSIER) == before
        again = Client(server)
        again.dossier_token = token
        assert again("GET", "/bookyears").status == 200
        assert server.octopus.switches["daily_limits"] is False


def test_a_program_without_limits_has_none_after_a_reset(tmp_path):
    program = Program("octopus", tmp_path / "state.sqlite")
    try:
        assert program.address == f"{program.root}/octopus-rest-api/v1"
        client = Client(service(program))
        assert client.control("POST", "/reset").status == 200
        again = Client(service(program))
        assert {again("GET", "/vatcodes").status for _ in range(3)} == {200}
    finally:
        program.stop(signal.SIGTERM)


def test_a_file_of_earlier_master_data_goes_on(tmp_path):
    state = str(tmp_path / "state.sqlite")
    with serve(state=state, switches={"daily_limits": False}) as server:
        server.act(DOSSIER, "vat-code", code="CM", rename="ICG")
        server.store.run("UPDATE account SET data = '{}', deductible = NULL")
    with serve(state=state) as server:
        client = Client(server)
        body = booking(client.relation(), lines=[line(700600, 100.0, "ICG")])
        assert client.book(body).status == 201
        assert client("GET", "/accounts", bookyearId=9).json[0]["costCentreType"] == 0


@pytest.mark.parametrize(("package", "earlier"), [("octopus", "exact"), ("exact", "octopus")])
def test_a_file_of_another_package_is_refused_in_words(tmp_path, package, earlier):
    state = str(tmp_path / "state.sqlite")
    {"octopus": serve, "exact": serve_exact}[earlier](state=state).close()
    refused = subprocess.run(
        [sys.executable, "-m", "sandbox", package, "--port", "0", "--state", state],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 2 and "Traceback" not in refused.stderr
    assert f"the state file is of the {earlier} sandbox, this is {package}" in refused.stderr


def test_sigterm_is_clean(tmp_path):
    state = tmp_path / "state.sqlite"
    program = Program("octopus", state)
    assert (program.shown["user"], program.shown["password"]) == (USER, PASSWORD)
    client = Client(service(program))
    client.book(booking(client.relation()))
    assert program.stop(signal.SIGTERM) == 0
    assert [path.name for path in tmp_path.iterdir()] == ["state.sqlite"]


def test_kill_at_random_moments(tmp_path):
    state, chance = tmp_path / "state.sqlite", random.Random(7)
    relation, answered, killer = None, 0, None
    file = [{"fileName": "a.pdf", "fileData": "QQ=="}]
    for _round in range(4):
        program = Program("octopus", state)
        client = Client(service(program))
        relation = relation or client.relation()
        number = len(client.control("GET", f"/dossiers/{DOSSIER}/bookings").json)
        assert number in (answered, answered + 1)
        answered = number
        last = answered + chance.randint(3, 15)
        killer = threading.Thread(target=program.stop, args=[signal.SIGKILL])
        try:
            while True:  # keeps booking while the kill is on its way
                if answered == last:
                    killer.start()
                assert client.book(booking(relation, answered + 1), file).status == 201
                answered += 1
        except OSError:
            pass
        killer.join()
    with serve(state=str(state)) as server:
        assert check(server.books(DOSSIER))[-1] in (answered, answered + 1)


def test_two_clients_offer_the_same_number(server):
    clients = [Client(server) for _ in range(4)]
    relation = clients[0].relation()
    barrier, codes = threading.Barrier(4), []
    file = [{"fileName": "a.pdf", "fileData": "QQ=="}]

    def offer(client):
        for number in range(1, 26):
            barrier.wait()
            reply = client.book(booking(relation, number), file)
            codes.append(None if reply.status == 201 else reply.code)

    threads = [threading.Thread(target=offer, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes.count(None) == 25 and codes.count(-13) == 75
    assert len(check(server.books(DOSSIER))) == 25


def test_state_of_another_version_is_refused(tmp_path):
    path = str(tmp_path / "state.sqlite")
    store = Store(path)
    store.run("PRAGMA user_version = 99")
    store.close()
    with pytest.raises(ValueError, match="version 99"):
        Store(path)


def test_a_failed_transaction_leaves_nothing():
    store = Store()
    with pytest.raises(RuntimeError), store.transaction():
        store.keep("x", 1)
        raise RuntimeError
    assert store.setting("x") is None
    store.close()
