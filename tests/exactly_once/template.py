"""Makes the company of the fault runs, once for every package: its documents are posted in a
database that the others are copies of.

Run as a process of its own with ``python -m tests.exactly_once.template``, which nothing keeps
connected with the database afterwards.
"""

import argparse

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--invoices", type=int, required=True)
    parser.add_argument("--bills", type=int, required=True)
    options = parser.parse_args()
    config.parse_config(["--log-level=error"], setup_logging=True)
    registry = Registry(options.database)
    # Importable once Odoo knows its addons path.
    from tests.exactly_once.company import Books

    with registry.cursor() as cr:
        Books(api.Environment(cr, SUPERUSER_ID, {})).make(options.invoices, options.bills)


if __name__ == "__main__":
    main()
