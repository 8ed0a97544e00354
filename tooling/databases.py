"""Databases: a template with Odoo's own modules, one with our addons on top, and copies of it.

A database carries the hash of what it was made from as its comment, so a half made one is never
taken for a finished one. A copy takes about two seconds.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tooling import addons, paths
from tooling.console import step
from tooling.locks import exclusive
from tooling.odoo import Odoo, refuse_problems
from tooling.postgres import SUPERUSER
from tooling.stamps import digest

# account_peppol would come by itself with a Belgian company; named, it is there from the start.
TEMPLATE_MODULES = ("account", "l10n_be", "l10n_nl", "account_edi_ubl_cii", "account_peppol")
TEMPLATE = "odoo_template"
ADDONS_TEMPLATE = "addons_template"


def name_of_copy(database: str, number: int) -> str:
    """Return the name of a copy on which one of several processes works."""
    return f"{database}_process_{number}"


def filestore(database: str) -> Path:
    """Return the folder of a database's files."""
    return paths.DATA / "filestore" / database


class Databases:
    """What is done with databases of the clone's cluster."""

    def __init__(self, odoo: Odoo):
        self.odoo = odoo

    @contextmanager
    def _cursor(self, database: str = "postgres") -> Iterator:
        import psycopg2

        connection = psycopg2.connect(self.odoo.cluster.connection_string(database, SUPERUSER))
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                yield cursor
        finally:
            connection.close()

    def stamp(self, database: str) -> str | None:
        """Return the hash a finished database was made from, None when it is not there."""
        with self._cursor() as cursor:
            cursor.execute(
                "SELECT coalesce(shobj_description(oid, 'pg_database'), '')"
                " FROM pg_database WHERE datname = %s",
                (database,),
            )
            row = cursor.fetchone()
        return row[0] if row else None

    def mark(self, database: str, value: str) -> None:
        """Write the hash a database was made from."""
        with self._cursor() as cursor:
            cursor.execute(f'COMMENT ON DATABASE "{database}" IS %s', (value,))

    def drop(self, database: str) -> None:
        """Drop a database with its files; who is still connected is thrown out."""
        with self._cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        shutil.rmtree(filestore(database), ignore_errors=True)

    def create_empty(self, database: str) -> None:
        """Create an empty database the way Odoo does, with the extensions it looks for."""
        self.drop(database)
        with self._cursor() as cursor:
            cursor.execute(
                f"CREATE DATABASE \"{database}\" OWNER odoo ENCODING 'unicode'"
                " LC_COLLATE 'C' TEMPLATE template0"
            )
        with self._cursor(database) as cursor:
            cursor.execute(
                "SELECT name FROM pg_available_extensions WHERE name IN ('pg_trgm', 'unaccent')"
            )
            for (extension,) in cursor.fetchall():
                cursor.execute(f'CREATE EXTENSION IF NOT EXISTS "{extension}"')

    def copy(self, origin: str, database: str) -> None:
        """Make ``database`` a copy of ``origin``: tables and files, not the mark."""
        self.drop(database)
        with self._cursor() as cursor:
            # Copying the files is faster than going through the log where the server can do it.
            cursor.execute("SHOW server_version_num")
            by_files = int(cursor.fetchone()[0]) >= 150000
            strategy = " STRATEGY file_copy" if by_files else ""
            cursor.execute(f'CREATE DATABASE "{database}" OWNER odoo TEMPLATE "{origin}"{strategy}')
        if filestore(origin).exists():
            # Odoo never changes a stored file, it writes another one: links are enough.
            shutil.copytree(filestore(origin), filestore(database), copy_function=os.link)

    def freeze_statistics(self, database: str) -> None:
        """Analyse a database for tests, and let autovacuum leave it alone.

        Tests never commit. Where autovacuum looks at a table in the middle of a test it finds pages
        without a valid row and notes that such pages are empty: PostgreSQL plans for a table of no
        rows, and a join of a thousand journal items with themselves takes a million steps.
        """
        with self._cursor(database) as cursor:
            cursor.execute("VACUUM ANALYZE")
            cursor.execute(
                "SELECT format('ALTER TABLE %I.%I SET (autovacuum_enabled = off)',"
                " schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'"
            )
            cursor.execute("; ".join(statement for (statement,) in cursor.fetchall()))

    @contextmanager
    def copies(self, database: str, number: int) -> Iterator[None]:
        """Copies of a database for processes that work beside each other, for the time of a
        ``with`` block."""
        names = [name_of_copy(database, place) for place in range(number)]
        try:
            for name in names:
                self.copy(database, name)
            yield
        finally:
            for name in names:
                self.drop(name)

    def ensure_template(self) -> str:
        """Make the template with Odoo's own modules when it is missing or old; return its hash."""
        wanted = digest(self.odoo.source.key, paths.REQUIREMENTS.read_text(), *TEMPLATE_MODULES)
        if self.stamp(TEMPLATE) == wanted:
            return wanted
        with step(f"Database with Odoo's own modules ({', '.join(TEMPLATE_MODULES)})"):
            self.create_empty(TEMPLATE)
            self.odoo.run(
                [
                    "-c",
                    str(paths.CONFIGURATION),
                    "-d",
                    TEMPLATE,
                    "-i",
                    ",".join(TEMPLATE_MODULES),
                    "--stop-after-init",
                    "--no-http",
                    "--log-level=warn",
                ],
                "template",
                "Odoo's own modules could not be installed.",
            )
            self.mark(TEMPLATE, wanted)
        return wanted

    def ensure_addons_template(self, names: list[str]) -> tuple[str, str]:
        """Make the template with our addons when something in them changed.

        Returns its name and hash. Raises :class:`SetUpError` when the installation fails or leaves
        a warning in Odoo's log.
        """
        base = self.ensure_template()
        if not names:
            return TEMPLATE, base
        variant = "" if names == addons.discover() else "_" + digest(*names)[:8]
        name = ADDONS_TEMPLATE + variant
        wanted = digest(base, *names, addons.installed_digest(names))
        if self.stamp(name) != wanted:
            with step(f"Our addons in a copy of it ({', '.join(names)})"):
                self.copy(TEMPLATE, name)
                log = self.odoo.run(
                    [
                        "-c",
                        str(paths.CONFIGURATION),
                        "-d",
                        name,
                        "-i",
                        ",".join(names),
                        "--stop-after-init",
                        "--no-http",
                        "--log-level=warn",
                    ],
                    f"addons{variant}",
                    "The addons could not be installed.",
                )
                refuse_problems(log, "Installing the addons")
                self.mark(name, wanted)
        return name, wanted

    def ensure(self, database: str, names: list[str], anew: bool) -> bool:
        """Make a database with our addons, anew always or only when something changed.

        Returns whether it was made.
        """
        with exclusive("databases", "the template databases"):
            origin, wanted = self.ensure_addons_template(names)
            if not anew and self.stamp(database) == wanted:
                return False
            with step(f"Database {database}"):
                self.copy(origin, database)
                self.mark(database, wanted)
            return True

    def ensure_updated(
        self, database: str, names: list[str], anew: bool, prepare: Callable[[], object]
    ) -> None:
        """Make a database that people work in: kept, and updated when the addons changed. A new one
        is finished once ``prepare`` did what it begins with."""
        with exclusive("databases", "the template databases"):
            if anew or not self.exists(database):
                origin, wanted = self.ensure_addons_template(names)
                with step(f"Database {database}"):
                    self.copy(origin, database)
                    prepare()
                    self.mark(database, wanted)
                return
            wanted = digest(self.ensure_template(), *names, addons.installed_digest(names))
            if names and self.stamp(database) != wanted:
                with step(f"Update of our addons in database {database}"):
                    self.odoo.run(
                        [
                            "-c",
                            str(paths.CONFIGURATION),
                            "-d",
                            database,
                            "-i",
                            ",".join(names),
                            "-u",
                            ",".join(names),
                            "--stop-after-init",
                            "--no-http",
                            "--log-level=warn",
                        ],
                        f"update-{database}",
                        "The addons could not be updated. ./run serve --anew makes a new database.",
                    )
                    self.mark(database, wanted)

    def set_address(self, database: str, url: str) -> None:
        """Tell a database under which address its Odoo is reached (links, printed documents)."""
        with self._cursor(database) as cursor:
            for key, value in (
                ("web.base.url", url),
                ("web.base.url.freeze", "True"),
                ("report.url", url),
            ):
                cursor.execute(
                    "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
                    " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                    (key, value),
                )

    def logins(self, database: str) -> set[str]:
        """With what people sign in there."""
        with self._cursor(database) as cursor:
            cursor.execute("SELECT login FROM res_users WHERE active")
            return {login for (login,) in cursor.fetchall()}

    def names(self) -> list[str]:
        """Return the finished databases."""
        with self._cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database"
                " WHERE shobj_description(oid, 'pg_database') IS NOT NULL"
                " AND datname NOT IN ('postgres', 'template0', 'template1')"
                " ORDER BY datname"
            )
            return [name for (name,) in cursor.fetchall()]

    def exists(self, database: str) -> bool:
        """True when there is a finished database of this name."""
        return bool(self.stamp(database))
