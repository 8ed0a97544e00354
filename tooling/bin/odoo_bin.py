"""Odoo as a script file: its server starts further processes by the path it was started with."""

import odoo.cli

if __name__ == "__main__":
    odoo.cli.main()
