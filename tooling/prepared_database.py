"""What a test database holds before the first test: companies with a chart of accounts, and for a
whole run the scripts and styles of the web client.

Odoo makes those when a browser first asks, within the transaction of a test, so that each class of
browser tests would make them anew while the browser waits.

``main`` runs inside Odoo (:meth:`tooling.odoo.Odoo.run_script`).
"""

from tooling import prepared_charts


def main(env, whole_run: bool) -> None:
    """Make what is not there yet."""
    prepared_charts.make(env)
    if whole_run:
        # What Odoo's own runner of tests does before browser tests.
        env["ir.qweb"]._pregenerate_assets_bundles()
