"""The mark of the bookings was worked out of the identity of the database; from now on it is kept,
and each connection that was started knows its database."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    env["accountable.identity"]._keep_mark_of_earlier_version()
