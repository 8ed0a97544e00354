from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, TransactionCase, tagged

from ..api.books import OTHER, SAME, UNKNOWN, choose_books, shown_number, whose_books
from ..api.contract import Administration
from ..api.errors import TemporaryError
from ..documents import Party
from .common_setup import SetUpCommon


def party(vat="", registry="", country="", name="X"):
    return Party(
        external_number=0, name=name, vat_number=vat, registry_number=registry, country=country
    )


@tagged("post_install", "-at_install")
class TestWhoseBooks(TransactionCase):
    def test_numbers_as_people_write_them(self):
        company = party("BE0477472701", "0477472701", "BE")
        for vat, registry, country, expected in (
            ("BE0477472701", "", "BE", SAME),
            ("BE 0477.472.701", "", "BE", SAME),
            ("0477472701", "", "", SAME),
            ("477472701", "", "BE", SAME),
            ("BTW BE 0477.472.701 RPR Gent", "", "", SAME),
            ("", "0477.472.701", "BE", SAME),
            ("", "0477472701", "", SAME),
            ("BE0999999130", "", "BE", OTHER),
            ("BE0999999130", "", "", OTHER),
            ("", "0999999130", "BE", OTHER),
            ("NL811334221B01", "", "NL", OTHER),
            ("", "", "BE", UNKNOWN),
            ("/", "", "", UNKNOWN),
        ):
            with self.subTest(vat=vat, registry=registry, country=country):
                self.assertEqual(whose_books(company, party(vat, registry, country)), expected)
        only_registry = party("", "0477.472.701", "BE")
        self.assertEqual(whose_books(only_registry, party("BE0477472701")), SAME)
        self.assertEqual(whose_books(only_registry, party("BE0999999130", "", "BE")), OTHER)
        self.assertEqual(whose_books(party(country="BE"), party("BE0477472701")), UNKNOWN)

    def test_a_number_that_several_companies_share(self):
        member = party("NL811334221B01", "12345678", "NL")
        self.assertEqual(whose_books(member, party("NL811334221B01", "", "NL")), SAME)
        self.assertEqual(whose_books(member, party("NL811334221B01", "87654321", "NL")), OTHER)
        own_vat = party("NL820646660B01", "12345678", "NL")
        self.assertEqual(whose_books(member, own_vat), SAME, "the same KvK number")
        rsin = party("", "811334221", "NL")
        self.assertEqual(whose_books(rsin, party("NL811334221B01", "12345678", "NL")), SAME)
        self.assertEqual(whose_books(rsin, party("", "12345678", "NL")), UNKNOWN)
        self.assertEqual(whose_books(rsin, party("", "820646660", "NL")), OTHER)
        for vat in ("811334221B01", "NL 8113.34.221.B01", "811334221", "NL811334221"):
            self.assertEqual(whose_books(member, party(vat, "", "NL")), SAME, vat)
            self.assertEqual(whose_books(party(vat, "", "NL"), member), SAME, vat)
        self.assertEqual(whose_books(member, party("NL811334221B02", "", "NL")), OTHER)
        belgian = party("BE0999999130", "0477472701", "BE")
        self.assertEqual(whose_books(belgian, party("BE0477472701", "", "BE")), SAME)
        self.assertEqual(whose_books(belgian, party("BE0999999130", "", "BE")), SAME)

    def test_the_only_one_is_chosen(self):
        company = party("NL811334221B01", "12345678", "NL", name="Dochter BV")
        mine = party("NL811334221B01", "12345678", "NL", name="D.")
        sister = party("NL811334221B01", "87654321", "NL", name="Zuster BV")
        stranger = party("NL820646660B01", "", "NL", name="Dochter BV")
        without = party("NL811334221B01", "", "NL", name="Moeder BV")
        by_name = party("NL811334221B01", "", "NL", name="DOCHTER BV")
        for administrations, place in (
            ([sister, mine, without], 1),
            ([stranger, sister], None),
            ([without, by_name], None),
            ([mine, by_name], 0),
            ([without, without], None),
            ([mine, mine], None),
            ([party(name="Dochter BV")], None),
            ([], None),
        ):
            with self.subTest(administrations=administrations):
                self.assertEqual(choose_books(company, administrations), place)

    def test_both_numbers_are_shown_where_they_are_two(self):
        self.assertEqual(shown_number(party("be 0477.472.701", "0477472701", "BE")), "BE0477472701")
        self.assertEqual(
            shown_number(party("NL811334221B01", "12345678", "NL")), "NL811334221B01, 12345678"
        )
        self.assertEqual(shown_number(party("811334221", "", "NL")), "NL811334221B01")
        self.assertEqual(shown_number(party()), "")


@tagged("post_install", "-at_install", "post_install_l10n")
class TestBooks(SetUpCommon):
    """The administration of the connection, chosen by its number, and asked when it differs."""

    STRANGER = Administration(key="70124", name="Atelier Lambert SRL", vat_number="BE0999999130")

    def connect(self):
        form = Form(self.env["accountable.connection"].with_user(self.manager))
        form.sign_in_id = self.sign_in.with_user(self.manager)
        connection = form.save()
        connection.action_next_step()
        return connection

    def administration(self, key):
        return self.env["accountable.administration"].search(
            [("sign_in_id", "=", self.sign_in.id), ("key", "=", key)]
        )

    def choose(self, connection, key):
        self.walk_to(connection, "administration")
        with Form(connection) as form:
            form.administration_id = self.administration(key)

    def test_the_one_with_the_number_is_chosen(self):
        self.package.administrations.append(self.STRANGER)
        connection = self.connect()
        self.assertEqual((connection.administration_key, connection.books), ("70123", SAME))
        self.assertEqual(connection.company_number, "BE0999999031")
        self.assertEqual(connection.administration_number, "BE0999999031")
        self.assertFalse(connection.books_remark)
        self.assertNotIn(connection.step, ("checklist", "administration"), "nothing to decide")

    def test_the_only_one_of_another_company_is_not_chosen(self):
        self.package.administrations = [self.STRANGER]
        connection = self.connect()
        self.assertFalse(connection.administration_key)
        self.assertIn("BE0999999031", connection.books_remark)

    def test_of_several_with_the_number_none_is_chosen(self):
        """Not by its name either, which a former year or a member of the group may have too."""
        numbers = {"vat_number": "NL123456782B90", "country": "NL"}
        country = self.env.ref("base.nl")
        self.company.write(
            {"name": "Dochter BV", "vat": "NL123456782B90", "country_id": country.id}
        )
        self.package.administrations = [
            Administration(key="1", name="Moeder BV", **numbers),
            Administration(key="2", name="Dochter BV", **numbers),
        ]
        connection = self.connect()
        self.assertFalse(connection.administration_key)
        self.assertIn("NL123456782B90", connection.books_remark)
        self.choose(connection, "1")
        self.assertFalse(connection.books_doubted, "a number both have is no other one")
        connection.action_next_step()
        self.assertNotEqual(connection.step, "administration")

    def test_a_list_that_names_one_twice(self):
        self.package.administrations *= 2
        connection = self.connect()
        self.assertEqual(connection.administration_key, "70123")
        self.assertEqual(len(self.administration("70123")), 1)

    def test_no_number_chooses_nothing_and_says_so(self):
        self.company.write({"vat": False, "company_registry": False})
        connection = self.connect()
        self.assertFalse(connection.administration_key)
        self.assertIn("no VAT number", connection.books_remark)
        self.company.vat = "BE0999999031"
        self.package.administrations = [Administration(key="9", name="Zonder nummer")]
        connection.action_choose_administration()
        self.assertFalse(connection.administration_key)
        self.choose(connection, "9")
        self.assertEqual(connection.books, UNKNOWN)
        self.assertIn("Zonder nummer", connection.books_remark)
        connection.action_next_step()
        self.assertNotEqual(connection.step, "administration", "a remark, no question")

    def test_another_number_is_asked(self):
        self.package.administrations.append(self.STRANGER)
        connection = self.connect()
        self.choose(connection, "70124")
        self.assertTrue(connection.books_doubted)
        for words in ("Atelier Lambert SRL", "BE0999999130", self.company.name, "BE0999999031"):
            self.assertIn(words, connection.books_remark)
        connection.action_next_step()
        self.assertEqual(connection.step, "administration")
        self.assertIn("Confirm first", connection.problem)
        with self.assertRaises(UserError) as caught:
            connection.action_start()
        self.assertIn("BE0999999130", str(caught.exception))
        with self.assertRaises(AccessError):
            connection.with_user(self.bookkeeper).action_confirm_administration()
        connection.action_confirm_administration()
        self.assertFalse(connection.books_doubted)
        self.assertFalse(connection.problem)
        self.assertEqual(connection.confirmed_books_by_id, self.manager)
        self.assertIn("BE0999999130", connection.books_remark, "it stays to be seen")
        self.assertIn("BE0999999130", connection.message_ids[0].body)
        connection.action_next_step()
        self.assertNotEqual(connection.step, "administration")

    def test_no_way_around_the_question(self):
        """Neither a default, nor a value sent by a program, nor a step that was passed before."""
        self.package.administrations.append(self.STRANGER)
        connection = self.connect()
        self.assertNotIn(connection.step, ("checklist", "administration"))
        connection.administration_id = self.administration("70124")
        self.assertEqual(connection.step, "administration")
        with self.assertRaises(AccessError):
            connection.confirmed_books = "70124"
        connection.sudo().active = False
        connections = self.env["accountable.connection"].with_user(self.manager)
        made = connections.with_context(
            default_administration_id=self.administration("70124").id,
            default_confirmed_books="70124",
        ).create({"sign_in_id": self.sign_in.id})
        self.assertTrue(made.books_doubted)
        self.assertFalse(made.confirmed_books)
        made.sudo().step = "administration"
        made.action_next_step()
        self.assertEqual(made.step, "administration")

    def test_a_confirmation_is_about_these_two_numbers(self):
        self.package.administrations.append(self.STRANGER)
        connection = self.connect()
        self.choose(connection, "70124")
        connection.action_confirm_administration()
        self.company.vat = "BE0477472701"
        self.assertTrue(connection.books_doubted)
        connection.action_confirm_administration()
        self.choose(connection, "70123")
        self.assertTrue(connection.books_doubted)
        self.assertFalse(connection.confirmed_books)

    def test_what_was_read_from_the_one_before_goes(self):
        self.package.administrations.append(self.STRANGER)
        connection = self.connect()
        connection.action_next_step()
        self.assertTrue(connection.master_data_ids)
        self.choose(connection, "70124")
        self.assertFalse(connection.master_data_ids or connection.mapping_ids)
        connection.action_confirm_administration()
        self.package.items = [item for item in self.package.items if item.code != "V2"]
        connection.action_next_step()
        codes = set(connection.master_data_ids.mapped("code"))
        self.assertIn("V1", codes)
        self.assertNotIn("V2", codes)

    def test_a_free_one_only(self):
        self.package.administrations.append(self.STRANGER)
        self.connect()
        other = self.env["res.company"].create({"name": "Ander", "vat": "BE0999999031"})
        self.sign_in.company_ids |= other
        second = self.new_connection(company_id=other.id, administration_key=False)
        second.sudo().step = "administration"
        second.action_choose_administration()
        self.assertFalse(second.administration_key)
        self.assertIn("free of other connections", second.books_remark)

    # A connection that is in use

    def in_use(self):
        self.env["accountable.administration"].sudo()._store(
            self.sign_in, self.package.administrations
        )
        connection = self.mapped_connection()
        connection.write({"state": "connected", "step": "done"})
        return connection

    def test_in_use_it_goes_on_and_says_so(self):
        connection = self.in_use()
        self.assertEqual((connection.books, connection.books_remark), (SAME, False))
        self.company.vat = "BE0477472701"
        self.assertTrue(connection.books_doubted)
        self.assertEqual(connection.state, "connected")
        connection.with_user(self.manager).action_confirm_administration()
        self.assertFalse(connection.books_doubted)

    def test_the_number_changed_in_the_administration(self):
        connection = self.in_use()
        self.package.administrations = [
            Administration(key="70123", name="Vandersmissen BV", vat_number="BE0999999130")
        ]
        connection._refresh_master_data(self.package)
        self.assertTrue(connection.books_doubted)
        self.assertIn("BE0999999130", connection.message_ids[0].body)
        self.assertEqual(connection.state, "connected")
        count = len(connection.message_ids)
        connection._refresh_master_data(self.package)
        self.assertEqual(len(connection.message_ids), count, "it is said once")

    def test_numbers_over_there_come_go_and_change(self):
        connection = self.in_use()
        for vat_number, country, books, said in (
            ("BE 0999.999.031", "BE", SAME, False),
            ("", "", UNKNOWN, "has no number to compare"),
            ("0999999031", "", SAME, False),
            ("BE0477472701", "BE", OTHER, "BE0477472701"),
            ("BE0999999031", "BE", SAME, False),
        ):
            self.package.administrations = [
                Administration(key="70123", name="V", vat_number=vat_number, country=country)
            ]
            connection._refresh_master_data(self.package)
            self.assertEqual((connection.books, connection.state), (books, "connected"))
            self.assertEqual(bool(connection.books_remark), bool(said))
            self.assertIn(said or "", connection.books_remark or "")
        self.package.administrations = []
        connection._refresh_master_data(self.package)
        self.assertEqual((connection.books, connection.state), (SAME, "connected"))

    def test_who_sees_it_and_who_answers(self):
        connection = self.in_use()
        self.company.vat = "BE0477472701"
        shown = connection.with_user(self.bookkeeper)
        self.assertTrue(shown.books_doubted)
        self.assertEqual(
            (shown.company_number, shown.administration_number), ("BE0477472701", "BE0999999031")
        )
        other = self.env["res.company"].create({"name": "Ander"})
        foreign = self.new_user("f@example.com", "accountable_connect.group_manager", company=other)
        with self.assertRaises(AccessError):
            connection.with_user(foreign).action_confirm_administration()

    def test_no_answer_about_the_administration_stops_nothing(self):
        connection = self.in_use()
        listing = type(self.package).list_administrations

        def refuse(package):
            raise TemporaryError("busy")

        self.patch(type(self.package), "list_administrations", refuse)
        connection._refresh_master_data(self.package)
        self.assertTrue(connection.master_data_read_at)
        self.patch(type(self.package), "list_administrations", listing)
