"""A sign-in that two companies use: nobody sends the other one's documents elsewhere."""

from odoo.addons.accountable_connect.api.errors import ConfigurationMissingError
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

ELSEWHERE = "https://elsewhere.example.com"
MANAGER = "accountable_connect.group_manager,base.group_user"
SECRETS = {"octopus_password": "s3cret", "octopus_software_house_uuid": "0000-1111"}


@tagged("post_install", "-at_install")
class TestSharedSignIn(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env["res.company"].create([{"name": "A"}, {"name": "B"}])
        cls.company, cls.other = companies
        cls.of_one = cls.new_manager("of_one", cls.company)
        cls.of_other = cls.new_manager("of_other", cls.other)
        cls.of_both = cls.new_manager("of_both", companies)
        cls.sign_in = cls.env["accountable.sign.in"].create(
            {
                "name": "Office",
                "package": "octopus",
                "octopus_user": "U1",
                "company_ids": [(6, 0, companies.ids)],
            }
        )
        cls.sign_in.set_secrets(SECRETS)
        cls.connection, cls.others = cls.env["accountable.connection"].create(
            [
                {
                    "sign_in_id": cls.sign_in.id,
                    "company_id": company.id,
                    "administration_key": str(company.id),
                    "state": "connected",
                    "step": "done",
                    "start_date": "2026-01-01",
                }
                for company in companies
            ]
        )
        cls.env.flush_all()

    @classmethod
    def new_manager(cls, login, companies):
        return new_test_user(
            cls.env,
            login,
            MANAGER,
            company_id=companies[0].id,
            company_ids=[(6, 0, companies.ids)],
        )

    def assert_refused(self, user, values):
        with self.assertRaisesRegex(AccessError, "Other companies"):
            self.sign_in.with_user(user).write(values)
        self.env.invalidate_all()

    def as_of(self, *names):
        """The sign-in names these companies, by itself or only through its connections."""
        self.sign_in.company_ids = self.env["res.company"].search([("name", "in", names)])

    def test_a_manager_of_one_company_changes_no_target(self):
        for value in ({"octopus_url": ELSEWHERE}, {"octopus_user": "U2"}, {"package": "exact"}):
            for names in (("A", "B"), (), ("A",)):
                self.as_of(*names)
                with self.subTest(value=value, names=names):
                    self.assert_refused(self.of_one, value)
        self.assertEqual(self.sign_in._secret("octopus_password"), "s3cret", "not forgotten either")

    def test_an_archived_connection_counts(self):
        self.others.active = False
        self.as_of("A")
        self.assert_refused(self.of_one, {"octopus_url": ELSEWHERE})

    def test_nor_the_companies_to_do_it_afterwards(self):
        self.others.unlink()
        for commands in ([(6, 0, self.company.ids)], [(3, self.other.id)], [(5,)]):
            with self.subTest(commands=commands):
                self.assert_refused(self.of_one, {"company_ids": commands})
        sign_ins = self.env["accountable.sign.in"].with_user(self.of_one)
        bait = {"name": "Bait", "package": "octopus", "octopus_url": ELSEWHERE}
        with self.assertRaises(AccessError):
            sign_ins.create({**bait, "company_ids": [(6, 0, self.other.ids)]})
        own = sign_ins.create(bait)
        with self.assertRaises(AccessError):
            own.company_ids = [(4, self.other.id)]

    def test_the_software_house_is_part_of_it_and_a_password_is_not(self):
        sign_in = self.sign_in.with_user(self.of_one)
        with self.assertRaises(AccessError):
            sign_in.set_secrets({"octopus_software_house_uuid": "9999"})
        with self.assertRaises(AccessError):
            sign_in.octopus_software_house_entry = "9999"
        sign_in.set_secrets({**SECRETS, "octopus_password": "new"})
        sign_in.password_entry = "newer"
        self.assertEqual(self.sign_in._secret("octopus_password"), "newer")
        self.assertEqual(self.others.state, "connected")
        self.assertTrue(self.others._has_agreed())

    def test_nor_is_it_deleted_or_copied_for_others(self):
        (self.connection | self.others).unlink()
        with self.assertRaises(AccessError):
            self.sign_in.with_user(self.of_one).unlink()
        copy = self.sign_in.with_user(self.of_one).copy({"octopus_url": ELSEWHERE})
        self.assertEqual(copy.company_ids, self.company)

    def test_connections_of_other_companies_stop_and_ask(self):
        self.sign_in.with_user(self.of_both).octopus_url = ELSEWHERE
        self.assertEqual((self.connection.state, self.others.state), ("connected", "reconnect"))
        self.assertIn(ELSEWHERE, self.others.wait_reason)
        self.assertIn(self.of_other, self.others.activity_ids.user_id)
        with self.assertRaises(ConfigurationMissingError):
            self.others._check_may_send()
        self.connection._check_may_send()
        # somebody else signing in again is no answer
        self.sign_in.with_user(self.of_both).set_secrets(SECRETS)
        self.others._go_on_when_signed_in()
        self.assertEqual(self.others.state, "reconnect")
        self.assertIn(ELSEWHERE, self.others.problem)
        self.others.with_user(self.of_other)._agree_with_sign_in()
        self.others._check_may_send()

    def test_whatever_way_it_was_changed(self):
        self.env.cr.execute(
            "UPDATE accountable_sign_in SET octopus_url = %s WHERE id = %s",
            (ELSEWHERE, self.sign_in.id),
        )
        self.env.invalidate_all()
        for connection in (self.connection, self.others):
            self.assertFalse(connection._stop_for_changed_sign_in())
            self.assertEqual(connection.state, "reconnect")
        self.connection.with_user(self.of_one)._agree_with_sign_in()
        self.assertTrue(self.connection._has_agreed())
        self.assertFalse(self.others._has_agreed())

    def test_in_the_set_up_the_administration_is_chosen_again(self):
        """The same key may be another company there, and its number was told by the other site."""
        listed = self.env["accountable.administration"].create(
            [
                {"sign_in_id": self.sign_in.id, "key": str(one.id), "name": one.name}
                for one in (self.company, self.other)
            ]
        )
        for connection in (self.connection, self.others):
            connection.write({"state": "configuration_needed", "step": "summary"})
        self.connection.confirmed_books = "1 2 3"
        self.sign_in.with_user(self.of_both).octopus_url = ELSEWHERE
        self.assertFalse(self.connection.administration_key or self.connection.confirmed_books)
        self.assertEqual(self.connection.step, "administration")
        self.assertFalse(any(listed.mapped("active")))
        with self.assertRaises(UserError):
            self.connection.with_user(self.of_both).administration_id = listed[0]
        self.assertTrue(self.others.administration_key, "until it agrees")
        self.others.with_user(self.of_other)._agree_with_sign_in()
        self.assertFalse(self.others.administration_key)

    def test_in_use_it_keeps_its_administration(self):
        self.sign_in.with_user(self.of_both).octopus_url = ELSEWHERE
        self.others.with_user(self.of_other)._agree_with_sign_in()
        self.assertTrue(self.connection.administration_key)
        self.assertTrue(self.others.administration_key)

    def test_another_user_of_the_same_site_changes_no_administration(self):
        self.connection.write({"state": "configuration_needed", "step": "summary"})
        self.sign_in.with_user(self.of_both).octopus_user = "U2"
        self.assertTrue(self.connection.administration_key)

    def test_a_connection_of_before_agrees_with_what_is_there(self):
        self.others.agreed_target = False
        self.assertTrue(self.others._stop_for_changed_sign_in())
        self.sign_in.with_user(self.of_both).octopus_url = ELSEWHERE
        self.assertEqual(self.others.state, "reconnect")

    def test_no_connection_is_moved_to_another_company_or_sign_in(self):
        mine = (
            self.env["accountable.sign.in"]
            .with_user(self.of_one)
            .create({"name": "Mine", "package": "octopus"})
        )
        connection = self.connection.with_user(self.of_one)
        for values in ({"sign_in_id": mine.id}, {"company_id": self.other.id}):
            with self.subTest(values=values), self.assertRaises(UserError):
                connection.write(values)
            self.env.invalidate_all()
        self.assertEqual(self.connection.company_id, self.company)
        self.assertEqual(self.connection.sign_in_id, self.sign_in)
        with self.assertRaises(AccessError):
            self.others.with_user(self.of_one).sign_in_id = mine

    def test_the_own_one_is_proposed_before_one_for_everybody(self):
        self.env["accountable.sign.in"].create(
            {"name": "AAA", "package": "octopus", "company_ids": False}
        )
        self.others.unlink()
        company = self.other.with_context(accountable_package="octopus").with_user(self.of_other)
        action = company.action_accountable_connect()
        self.assertEqual(action["context"]["default_sign_in_id"], self.sign_in.id)

    def test_a_database_that_is_no_copy_is_not_called_one(self):
        """It would pause the connections of everybody."""
        with self.assertRaises(UserError):
            self.connection.with_user(self.of_one).action_is_copy()
        self.assertEqual(self.others.state, "connected")
