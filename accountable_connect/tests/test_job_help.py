from odoo.addons.accountable_connect.api import errors
from odoo.addons.accountable_connect.api.help_page import PAGE, help_address
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user
from odoo.tools.misc import file_open

from .common import ConnectionCase


class TestHelpAddress(TransactionCase):
    """Where the page of messages tells of an error."""

    def assertLeadsTo(self, anchor, *arguments):
        self.assertEqual(help_address(*arguments), f"{PAGE}#{anchor}")

    def test_a_code_of_ours(self):
        self.assertLeadsTo("account-not-mapped", "configuration_missing", "account_not_mapped")

    def test_a_code_of_the_package(self):
        self.assertLeadsTo("octopus-35", "data_refused", "-35", "octopus", {"-35"})
        self.assertLeadsTo("exact-no-right", "data_refused", "no_right", "exact", {"no_right"})

    def test_a_code_that_nobody_has_a_sentence_for(self):
        self.assertLeadsTo("temporary", "temporary", "-4", "octopus", {"-35"})
        self.assertLeadsTo("outcome-unknown", "outcome_unknown")

    def test_one_code_for_two_things(self):
        """A document of another company, and a party that became another company."""
        code, of_package = "other_company", {"other_company"}
        self.assertLeadsTo("other-company", "data_refused", code, "octopus", of_package)
        self.assertLeadsTo("octopus-other-company", "duplicate", code, "octopus", of_package)

    def test_without_an_error_there_is_none(self):
        self.assertEqual(help_address(False, ""), "")


class TestJobHelp(ConnectionCase):
    def test_a_failed_item_leads_to_the_page_and_one_that_is_done_does_not(self):
        move = self.invoice()
        self.books.fail("create_document", errors.DataRefusedError("no"))
        self.work()
        job = self.jobs(move)
        self.assertEqual(job.help_url, f"{PAGE}#data-refused")
        clerk = new_test_user(
            self.env,
            "help.clerk",
            groups="accountable_connect.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        action = job.with_user(clerk).action_help()
        self.assertEqual((action["type"], action["url"]), ("ir.actions.act_url", job.help_url))
        with file_open(action["url"].partition("#")[0].lstrip("/")) as page:
            self.assertIn('id="data-refused"', page.read())
        job.action_retry()
        self.work()
        self.assertEqual((job.state, job.help_url), ("done", False))

    def test_who_may_not_see_the_queue_gets_nothing(self):
        job = self.jobs(self.invoice())
        stranger = new_test_user(self.env, "help.stranger", groups="base.group_user")
        with self.assertRaises(AccessError):
            job.with_user(stranger).action_help()
