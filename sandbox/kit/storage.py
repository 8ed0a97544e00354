"""One SQLite file with the whole state of a sandbox.

Every accepted write is committed before its answer leaves the server. The write-ahead log with
``synchronous=NORMAL`` keeps a commit when the process is killed (SIGKILL) and costs no disk flush
per booking; only a crash of the whole machine could lose the last commits, never tear one.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

SCHEMA_VERSION = 2

# Columns without a type keep what they are given: accounts, cost centres and parties are whole
# numbers in one package and texts ("0010", a guid) in another.
SCHEMA = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE administration (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, data TEXT NOT NULL DEFAULT '{}');
CREATE TABLE book_year (
    administration INTEGER NOT NULL, number INTEGER NOT NULL, names TEXT NOT NULL,
    start TEXT NOT NULL, finish TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
    data TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (administration, number));
CREATE TABLE period (
    administration INTEGER NOT NULL, book_year INTEGER NOT NULL, number INTEGER NOT NULL,
    start TEXT NOT NULL, finish TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (administration, book_year, number));
CREATE TABLE account (
    administration INTEGER NOT NULL, book_year INTEGER NOT NULL, number NOT NULL,
    names TEXT NOT NULL, bookable INTEGER NOT NULL DEFAULT 1, deductible INTEGER,
    data TEXT NOT NULL DEFAULT '{}', modified TEXT NOT NULL,
    PRIMARY KEY (administration, book_year, number));
CREATE TABLE journal (
    administration INTEGER NOT NULL, book_year INTEGER NOT NULL, code TEXT NOT NULL,
    kind TEXT NOT NULL, sequence INTEGER NOT NULL, names TEXT NOT NULL,
    account, currency TEXT, last_number INTEGER NOT NULL DEFAULT 0,
    closed INTEGER NOT NULL DEFAULT 0, protected_period INTEGER NOT NULL DEFAULT 0,
    closed_period INTEGER NOT NULL DEFAULT 0, open_by TEXT,
    data TEXT NOT NULL DEFAULT '{}', modified TEXT NOT NULL,
    PRIMARY KEY (administration, book_year, code));
CREATE TABLE vat_code (
    administration INTEGER NOT NULL, code TEXT NOT NULL, side TEXT NOT NULL, rate INTEGER NOT NULL,
    names TEXT NOT NULL, invoice TEXT NOT NULL, credit_note TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1, data TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (administration, code));
CREATE TABLE cost_centre (
    administration INTEGER NOT NULL, id NOT NULL, names TEXT NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (administration, id));
CREATE TABLE party (
    administration INTEGER NOT NULL, id NOT NULL, external_id INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1, data TEXT NOT NULL, modified TEXT NOT NULL,
    PRIMARY KEY (administration, id));
CREATE INDEX party_external ON party (administration, external_id);
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT, administration INTEGER NOT NULL,
    book_year INTEGER NOT NULL, journal TEXT NOT NULL, number INTEGER NOT NULL,
    kind TEXT NOT NULL, period INTEGER NOT NULL, date TEXT NOT NULL, due_date TEXT,
    party, currency TEXT NOT NULL, rate TEXT NOT NULL, total INTEGER NOT NULL,
    comment TEXT, reference TEXT, identity TEXT, origin TEXT NOT NULL, payload TEXT NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL,
    UNIQUE (administration, book_year, journal, number));
CREATE INDEX document_identity ON document (identity) WHERE identity IS NOT NULL;
CREATE INDEX document_modified ON document (administration, modified);
CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL
        REFERENCES document (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL, role TEXT NOT NULL, account NOT NULL, party,
    amount INTEGER NOT NULL, document_amount INTEGER NOT NULL, text TEXT, reference TEXT,
    vat_code TEXT, deductible INTEGER, cost_centre, cost_unit, identity TEXT,
    version INTEGER NOT NULL DEFAULT 0);
CREATE INDEX entry_identity ON entry (identity) WHERE identity IS NOT NULL;
CREATE INDEX entry_version ON entry (version) WHERE version > 0;
CREATE INDEX entry_document ON entry (document);
CREATE INDEX entry_account ON entry (account);
CREATE INDEX entry_party ON entry (party) WHERE party IS NOT NULL;
CREATE TABLE box_amount (
    document INTEGER NOT NULL REFERENCES document (id) ON DELETE CASCADE,
    sequence INTEGER NOT NULL, box TEXT NOT NULL, amount INTEGER NOT NULL);
CREATE INDEX box_document ON box_amount (document);
CREATE TABLE matching (
    id INTEGER PRIMARY KEY AUTOINCREMENT, administration INTEGER NOT NULL,
    debit INTEGER NOT NULL REFERENCES entry (id), credit INTEGER NOT NULL REFERENCES entry (id),
    amount INTEGER NOT NULL, modified TEXT NOT NULL, UNIQUE (debit, credit));
CREATE INDEX matching_credit ON matching (credit);
CREATE INDEX matching_modified ON matching (administration, modified);
CREATE TABLE attachment (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL
        REFERENCES document (id) ON DELETE CASCADE,
    name TEXT NOT NULL, sha256 TEXT NOT NULL, content BLOB NOT NULL, created TEXT NOT NULL);
CREATE INDEX attachment_document ON attachment (document);
CREATE TABLE deletion (
    id INTEGER PRIMARY KEY AUTOINCREMENT, administration INTEGER NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, data TEXT NOT NULL, modified TEXT NOT NULL);
CREATE INDEX deletion_modified ON deletion (administration, kind, modified);
CREATE TABLE call (
    day TEXT NOT NULL, owner TEXT NOT NULL, operation TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (day, owner, operation));
"""


class Store:
    """The state of one sandbox: a connection, its lock and typed settings.

    ``path`` is the state file; None keeps everything in memory. ``tables`` are further statements
    of a package that keeps more than the books. All work happens inside
    ``transaction``, one thread at a time: a booking is short, so nobody waits long.
    """

    def __init__(self, path: str | None = None, tables: str = ""):
        self.path = path
        self.tables = tables
        self.lock = threading.RLock()
        self._depth = 0
        self._settings: dict[str, Any] = {}
        self._database = sqlite3.connect(
            path or ":memory:", check_same_thread=False, isolation_level=None, timeout=10
        )
        self._database.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self._database.execute(f"PRAGMA {pragma}")
        self._prepare()

    def _prepare(self) -> None:
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            self._database.executescript(
                f"BEGIN; {SCHEMA} {self.tables} PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
            )
        elif version != SCHEMA_VERSION:
            raise ValueError(
                f"state file has version {version}, this sandbox writes "
                f"{SCHEMA_VERSION}: remove the file to start afresh"
            )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; an inner transaction belongs to the outer one."""
        with self.lock:
            if self._depth:
                yield
                return
            self._depth = 1
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._database.execute("ROLLBACK")
                self._settings.clear()
                raise
            else:
                self._database.execute("COMMIT")
            finally:
                self._depth = 0

    def run(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement with its values."""
        with self.lock:
            return self._database.execute(statement, values)

    def run_many(self, statement: str, rows: list[tuple]) -> None:
        """Run one statement for many rows."""
        with self.lock:
            self._database.executemany(statement, rows)

    def rows(self, statement: str, *values: Any) -> list[sqlite3.Row]:
        """All rows of a query."""
        with self.lock:
            return self._database.execute(statement, values).fetchall()

    def row(self, statement: str, *values: Any) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self.lock:
            return self._database.execute(statement, values).fetchone()

    def setting(self, name: str, default: Any = None) -> Any:
        """A kept value (anything JSON can hold)."""
        with self.lock:
            if name not in self._settings:
                found = self.row("SELECT value FROM setting WHERE name = ?", name)
                self._settings[name] = json.loads(found["value"]) if found else None
            value = self._settings[name]
            return default if value is None else value

    def keep(self, name: str, value: Any) -> None:
        """Store a value under a name; None forgets it."""
        with self.lock:
            self._settings.pop(name, None)
            self.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", name, json.dumps(value))

    def table_names(self) -> list[str]:
        """Every table, what refers to another one (matches, and what hangs on a document) later."""
        return [
            row["name"]
            for row in self.rows(
                "SELECT name FROM sqlite_master"
                " WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name = 'matching'"
            )
        ]

    def empty(self) -> None:
        """Remove every row of every table (a fresh sandbox follows)."""
        with self.transaction():
            self._settings.clear()
            for name in reversed(self.table_names()):
                self.run(f"DELETE FROM {name}")

    def close(self) -> None:
        """Close the file; the write-ahead log is folded into it."""
        with self.lock:
            self._database.close()
