"""Odoo's configuration, and running Odoo and code inside it."""

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tooling import addons, paths
from tooling.console import SetUpError, run_logged
from tooling.odoo_source import OdooSource
from tooling.postgres import PORT, ROLE, Cluster
from tooling.stamps import write_whole

ODOO_BIN = paths.TOOLING / "bin" / "odoo_bin.py"
RUN_SCRIPT = paths.TOOLING / "bin" / "run_script.py"
SERVING = {"max_cron_threads": "2", "limit_time_cpu": "600", "limit_time_real": "1200"}
LOG_LINE = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (WARNING|ERROR|CRITICAL) ")


@dataclass(frozen=True)
class Odoo:
    """Odoo with the database server it uses."""

    source: OdooSource
    cluster: Cluster

    def write_configurations(self) -> None:
        """Write the two configuration files: services and scripts, tests."""
        self._write(paths.CONFIGURATION, SERVING)
        self._write(paths.TEST_CONFIGURATION, {"max_cron_threads": "0"})

    def write_configuration_of(
        self, database: str, sandboxes: Mapping[str, str], folders: Path | None = None
    ) -> Path:
        """Write the configuration file of a server beside which sandboxes run, whose sign-ins are
        filled in with their addresses (package → what is entered in Odoo), and below whose
        ``folders`` documents are handed over; returns the file."""
        file = paths.LOCAL / f"odoo-{database}.conf"
        ours = {f"sandbox_{package}": address for package, address in sandboxes.items()}
        if folders:
            ours["hand_over_root"] = str(folders)
        self._write(file, SERVING, ours)
        return file

    def _write(
        self, file: Path, options: Mapping[str, str], ours: Mapping[str, str] | None = None
    ) -> None:
        folders = [str(folder) for folder in self.source.addons_folders]
        if addons.discover():
            folders.append(str(paths.ROOT))
        sections = {
            "options": {
                "addons_path": ",".join(folders),
                "data_dir": str(paths.DATA),
                "db_host": str(self.cluster.socket_folder),
                "db_port": str(PORT),
                "db_user": ROLE,
                # Forking tests and the queue open several connections for each database.
                "db_maxconn": "64",
                "http_interface": "127.0.0.1",
                "workers": "0",
                "without_demo": "True",
                **options,
            },
            # what is tried here listens on this machine, over plain http
            "accountable_connect": {"allow_sandboxes": "True", **(ours or {})},
        }
        lines = []
        for section, values in sections.items():
            lines += [f"[{section}]", *(f"{name} = {value}" for name, value in values.items()), ""]
        write_whole(file, "\n".join(lines))

    def environment(self) -> dict[str, str]:
        """Environment variables for programs that use Odoo or PostgreSQL."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "ODOO_", "OPENERP_"))
        }
        return {
            **kept,
            "ODOO_RC": str(paths.CONFIGURATION),
            "PGHOST": str(self.cluster.socket_folder),
            "PGPORT": str(PORT),
            "PGUSER": ROLE,
            "PYTHONUNBUFFERED": "1",
        }

    def run(self, arguments: list[str], log_name: str, problem: str) -> str:
        """Run Odoo's command line to its end and return its log."""
        return run_logged(
            [paths.VENV_PYTHON, ODOO_BIN, *arguments],
            log_name,
            cwd=paths.ROOT,
            environment=self.environment(),
            problem=problem,
        )

    def run_script(self, database: str, script: str | Path, arguments: object = None) -> object:
        """Run ``main(env, arguments)`` of a Python file inside Odoo, as superuser, and commit.

        ``arguments`` and the result must fit JSON. Odoo's log goes to ``.local/log``. Raises
        :class:`SetUpError` with the end of that log when the script fails.
        """
        script = (paths.ROOT / script).resolve()
        with tempfile.TemporaryDirectory(dir=paths.LOCAL) as folder:
            given, result = Path(folder, "arguments.json"), Path(folder, "result.json")
            given.write_text(json.dumps(arguments))
            run_logged(
                [
                    paths.VENV_PYTHON,
                    RUN_SCRIPT,
                    paths.CONFIGURATION,
                    database,
                    script,
                    given,
                    result,
                ],
                f"script-{script.stem}",
                cwd=paths.ROOT,
                environment={**self.environment(), "PYTHONPATH": str(paths.ROOT)},
                problem=f"{script.name} failed inside Odoo.",
            )
            return json.loads(result.read_text())


def problems_in(log: str) -> list[str]:
    """Return the lines of an Odoo log that are warnings or worse."""
    return [line for line in log.splitlines() if LOG_LINE.match(line)]


def refuse_problems(log: str, what: str) -> None:
    """Raise :class:`SetUpError` when an Odoo log holds a warning or worse."""
    lines = problems_in(log)
    if lines:
        raise SetUpError(f"{what} left warnings in Odoo's log:\n" + "\n".join(lines[:20]))
