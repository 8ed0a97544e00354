"""Run ``main(env, arguments)`` of a Python file inside Odoo and hand back what it returns.

Started by :func:`tooling.odoo.run_script` with: configuration file, database, script, file with the
arguments as JSON, file for the result as JSON. The transaction is committed when ``main`` returns.
"""

import json
import runpy
import sys

import odoo.api
import odoo.cli
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> None:
    """Load the registry, run the script as superuser, write its result."""
    configuration, database, script, arguments_file, result_file = sys.argv[1:]
    config.parse_config(["-c", configuration, "-d", database], setup_logging=True)
    with open(arguments_file) as file:
        arguments = json.load(file)
    functions = runpy.run_path(script, run_name="odoo_script")
    registry = Registry(database)
    with registry.cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.api.SUPERUSER_ID, {})
        result = functions["main"](env, arguments)
    # An Odoo that runs beside this forgets what it remembers of users and settings.
    registry.signal_changes()
    with open(result_file, "w") as file:
        json.dump(result, file)


if __name__ == "__main__":
    main()
