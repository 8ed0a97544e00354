"""What is known of the receivers that come with the addon grew: by which ways they take documents,
and what they ask of e-mails. Their rows are never changed by an upgrade otherwise; those that
people made stay as they are."""

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file


def migrate(cr, version):
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    convert_file(env, "accountable_connect_ubl", "data/profiles.xml", {}, mode="init")
    env.flush_all()
    # translations of what was said before: those of now are read right after
    cr.execute(
        """
        UPDATE accountable_ubl_profile
           SET notes = jsonb_build_object('en_US', notes->>'en_US')
         WHERE company_id IS NULL AND notes IS NOT NULL
        """
    )
    env.invalidate_all(flush=False)
