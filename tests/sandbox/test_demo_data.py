"""What a sandbox starts with: made once, the same in every store, and as of now."""

from __future__ import annotations

import datetime as dt

import pytest

from sandbox.exact import serve as serve_exact
from sandbox.exact.division import TABLES
from sandbox.exact.service import Exact
from sandbox.kit import demo_data
from sandbox.kit.demo_data import WHEN_MADE
from sandbox.kit.storage import Store
from sandbox.octopus import serve as serve_octopus
from sandbox.octopus.service import Octopus

PACKAGES = pytest.mark.parametrize(
    ("serve", "service"), [(serve_octopus, Octopus), (serve_exact, Exact)], ids=["octopus", "exact"]
)


def content(store):
    """All rows, table by table."""
    return {
        name: [tuple(row) for row in store.rows(f"SELECT * FROM {name}")]
        for name in store.table_names()
    }


@PACKAGES
def test_it_is_made_once_for_all_sandboxes_and_resets(serve, service, monkeypatch):
    made = []
    fill = service.fill
    monkeypatch.setattr(demo_data, "_MADE", {})
    monkeypatch.setattr(service, "fill", lambda self: made.append(fill(self)))
    for _ in range(3):
        server = serve()
        server.service.reset()
        server.close()
    assert len(made) == 1


@PACKAGES
def test_a_copy_is_what_filling_gives(serve, service, monkeypatch):
    monkeypatch.setattr(demo_data, "_MADE", {})
    found = []
    for _ in range(2):
        server = serve()
        store = server.store
        with store.transaction(), server.service.clock.at(WHEN_MADE):
            server.service.reset()
            found.append(content(store))
            store.empty()
            server.service.fill()
            for name in ("package", "seeded"):
                store.keep(name, {"package": server.service.package, "seeded": True}[name])
            found.append(content(store))
        server.close()
    assert found[0] == found[1] == found[2] == found[3]


@PACKAGES
def test_it_bears_the_moment_of_the_start_and_of_a_reset(serve, service):
    server = serve()
    texts = [str(content(server.store))]
    day = dt.datetime.now(dt.UTC) + dt.timedelta(days=40)
    with server.service.clock.at(day):
        server.service.reset()
        texts.append(str(content(server.store)))
    server.close()
    assert "1990-01-01" not in "".join(texts)
    assert [str(day.date()) in text for text in texts] == [False, True]


def test_a_state_file_starts_with_it_too(tmp_path):
    state = str(tmp_path / "state.sqlite")
    serve_exact(state=state).close()
    on_disk, in_memory = Store(state, TABLES), serve_exact()
    counts = [
        {name: len(rows) for name, rows in content(store).items()}
        for store in (on_disk, in_memory.store)
    ]
    on_disk.close()
    in_memory.close()
    assert counts[0] == counts[1]
    assert counts[0]["record"] > 1000
