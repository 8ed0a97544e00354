"""Where things lie: everything made by the tooling is below ``.local`` in the clone."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOGS = LOCAL / "log"
STAMPS = LOCAL / "stamps"
LOCKS = LOCAL / "locks"
PROCESSES = LOCAL / "processes"
VENV = LOCAL / "venv"
VENV_PYTHON = VENV / "bin" / "python"
ODOO_ROOT = LOCAL / "odoo"
APT = LOCAL / "apt"
DOWNLOADS = LOCAL / "downloads"
POSTGRES = LOCAL / "postgres"
DATA = LOCAL / "data"
SERVE_BOOKS = LOCAL / "serve-books"
HAND_OVER = LOCAL / "hand-over"
CONFIGURATION = LOCAL / "odoo.conf"
TEST_CONFIGURATION = LOCAL / "odoo-test.conf"
STATE = LOCAL / "state.json"
TOOLING = ROOT / "tooling"
REQUIREMENTS = TOOLING / "requirements.lock"
ODOO_HTTP = LOCAL / "odoo-http"
ODOO_HTTP_REQUIREMENTS = TOOLING / "requirements-odoo-http.lock"


def make_folders() -> None:
    """Create the folders every step writes into."""
    for folder in (LOGS, STAMPS, LOCKS, PROCESSES, DATA, SERVE_BOOKS, HAND_OVER):
        folder.mkdir(parents=True, exist_ok=True)


def is_root() -> bool:
    """True when the command runs as the machine's administrator."""
    return os.geteuid() == 0
