"""What the tests of delivered documents share."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class UblCase(AccountTestInvoicingCommon):
    """A Belgian company whose manager, no administrator, delivers documents to ``profile``."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.company.vat = "BE0477472701"
        cls.env.user.group_ids |= cls.env.ref("accountable_connect.group_manager")
        cls.profile = (
            cls.env["accountable.ubl.profile"].sudo().create({"name": "Tried", "code": "tried"})
        )

    def dialogue(self, **values):
        return self.env["accountable.connect"].create(
            {"company_id": self.company.id, "package": "ubl", **values}
        )

    def connections(self):
        return self.env["accountable.connection"].search(
            [("company_id", "=", self.company.id), ("package", "=", "ubl")]
        )

    def connected(self):
        """The connection as *Continue* of the first step leaves it."""
        self.dialogue(ubl_profile_id=self.profile.id).action_continue()
        return self.connections()

    def walk_to_the_end(self, connection, start=True):
        """*Continue* through the steps, and *Start*."""
        for _turn in connection._steps():
            connection.action_next_step()
        if start:
            connection.action_start()
