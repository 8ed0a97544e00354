"""The commands of ``./run``."""

from tooling import set_up
from tooling.console import say, total
from tooling.databases import Databases

HELP = """..."""


def setup(_arguments):
    with set_up.ready(keep_postgres=True) as odoo:
        Databases(odoo).ensure_template()
        say(f"  psql -h {odoo.cluster.socket_folder} -U odoo odoo_template")
    total("Set-up")
    return 0


from tooling import tests

COMMANDS = {"setup": setup, "test": tests.run, "lint": tests.run_lint}
