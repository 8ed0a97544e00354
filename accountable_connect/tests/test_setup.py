from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..api.contract import Administration
from ..api.errors import AuthorisationLostError, LimitReachedError, TemporaryError
from .common_setup import SetUpCommon, stored_party


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSetUp(SetUpCommon):
    """The guided form as a manager who is no system administrator walks through it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Klant BV",
                "is_company": True,
                "vat": "BE0999999130",
                "country_id": cls.env.ref("base.be").id,
                "customer_rank": 1,
            }
        )

    def as_manager(self, records):
        return records.with_user(self.manager)

    def connect(self):
        """A new connection made in the form by the manager."""
        form = Form(self.env["accountable.connection"].with_user(self.manager))
        form.sign_in_id = self.as_manager(self.sign_in)
        return form.save()

    def test_from_nothing_to_connected(self):
        invoice = self.init_invoice("out_invoice", partner=self.customer, amounts=[100], post=True)
        self.assertFalse(self.manager.has_group("base.group_system"))
        connection = self.connect()
        self.assertEqual((connection.state, connection.step), ("not_connected", "checklist"))
        self.assertIn("has not worked yet", str(connection.checklist))
        connection.action_test_sign_in()
        self.assertEqual((connection.state, self.sign_in.state), ("connecting", "valid"))
        self.walk_to(connection, "journals")
        self.assertEqual(connection.administration_name, "Vandersmissen BV")
        self.assertEqual(connection.state, "configuration_needed")
        connection.action_confirm_mappings()
        self.walk_to(connection, "vat_codes")
        connection.action_confirm_mappings()
        self.walk_to(connection, "ledger_accounts")
        connection.action_confirm_mappings()
        self.walk_to(connection, "start")
        with Form(connection) as form:
            form.start_date = invoice.date.replace(day=1)
        self.assertGreaterEqual(connection.past_document_count, 1)
        self.walk_to(connection, "summary")
        self.assertTrue(connection.can_start, connection.summary)
        connection.action_start()
        identity = self.env["accountable.identity"]
        self.assertEqual(connection.sudo().database_identity, identity._current())
        self.assertEqual(identity._marked_in(), identity._current())
        self.assertEqual((connection.state, connection.step), ("connected", "done"))
        job = self.env["accountable.job"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", invoice.id)]
        )
        self.assertEqual(job.connection_id, connection)
        self.assertEqual(connection.settlement_journal_id.type, "general")
        self.assertTrue(connection.settlement_journal_id.default_account_id.reconcile)

    def test_it_can_be_left_and_taken_up_again(self):
        connection = self.walk_to(self.connect(), "vat_codes")
        row = connection.tax_mapping_ids.filtered("tax_id")[0]
        row.without_code = True
        connection.action_previous_step()
        self.assertEqual(connection.step, "journals")
        self.env.invalidate_all()
        self.walk_to(connection, "vat_codes")
        self.assertEqual((row.state, row.without_code), ("confirmed", True))
        self.assertEqual(self.package.calls.count("fetch_master_data"), 1, "read once, not twice")

    def test_the_choice_of_the_form_is_kept(self):
        self.package.administrations.append(Administration(key="70124", name="Lambert SRL"))
        connection = self.walk_to(self.connect(), "administration")
        self.assertEqual(connection.administration_key, "70123", "the one with its number")
        with Form(connection) as form:
            form.administration_id = self.env["accountable.administration"].search(
                [("key", "=", "70124")]
            )
        self.assertEqual(connection.administration_key, "70124")
        self.assertIn("Lambert SRL", connection.name)

    def test_an_administration_that_is_no_longer_listed_is_archived(self):
        connection = self.connect()
        connection.action_choose_administration()
        self.package.administrations = [Administration(key="1", name="Andere")]
        connection.action_choose_administration()
        listed = self.env["accountable.administration"].search(
            [("sign_in_id", "=", self.sign_in.id)]
        )
        self.assertEqual(listed.mapped("key"), ["1"])

    def test_a_refused_sign_in_is_a_sentence_and_a_state(self):
        connection = self.connect()
        self.package.error = AuthorisationLostError("401")
        connection.action_test_sign_in()
        self.assertIn("password", connection.problem)
        self.assertEqual(self.sign_in.state, "lost")
        self.package.error = None
        connection.action_test_sign_in()
        self.assertFalse(connection.problem)
        self.assertEqual(self.sign_in.state, "valid")

    def test_one_administration_out_of_reach_is_no_lost_sign_in(self):
        connection = self.connect()
        connection.action_test_sign_in()
        self.package.error = AuthorisationLostError("403", only_administration=True)
        connection.action_refresh_master_data()
        self.assertIn("does not reach this administration", connection.problem)
        self.assertEqual(self.sign_in.state, "valid")

    def test_a_step_that_cannot_ask_stays(self):
        connection = self.walk_to(self.connect(), "administration")
        connection.sudo().master_data_read_at = False
        self.package.error = TemporaryError("timeout")
        connection.action_next_step()
        self.assertEqual(connection.step, "administration")
        self.assertIn("cannot be reached", connection.problem)
        self.package.error = None
        connection.action_next_step()
        self.assertNotIn(connection.step, ("checklist", "administration"))

    def test_a_used_up_limit_still_proposes(self):
        connection = self.walk_to(self.connect(), "vat_codes")
        row = connection.tax_mapping_ids.filtered(lambda row: row.tax_id.name == "21%")[0]
        row.sudo().write({"master_data_id": False, "state": "proposed"})
        self.package.error = LimitReachedError("2 a day", not_before=None)
        connection.action_update_records()
        self.assertIn("no more calls", connection.problem)
        self.assertEqual(row.master_data_id.code, "21")

    def test_start_says_what_is_missing(self):
        connection = self.connect()
        with self.assertRaises(UserError) as caught:
            connection.action_start()
        for words in ("administration", "journal", "start date"):
            self.assertIn(words, str(caught.exception))
        self.assertEqual(connection.state, "not_connected")

    def test_company_is_taken_out_of_the_form(self):
        connections = self.env["accountable.connection"].with_user(self.manager)
        values = {"company_id": False, "sign_in_id": self.sign_in.id}
        connections.onchange(values, ["company_id"], {"name": {}, "checklist": {}})

    def test_checklist_sees_the_company(self):
        connection = self.connect()
        self.company.write({"vat": False, "tax_calculation_rounding_method": "round_per_line"})
        kinds = {line[1]: line[0] for line in self.env["accountable.set.up"]._checklist(connection)}
        [no_vat] = [text for text in kinds if "no VAT number" in text]
        [rounding] = [text for text in kinds if "per line" in text]
        self.assertEqual((kinds[no_vat], kinds[rounding]), ("warning", "warning"))
        self.company.account_fiscal_country_id = self.env.ref("base.us")
        self.assertIn(
            "missing",
            [line[0] for line in self.env["accountable.set.up"]._checklist(connection)],
        )

    def test_one_connection_for_a_company_and_an_administration(self):
        self.new_connection()
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception) as caught,
            self.cr.savepoint(),
        ):
            self.new_connection(administration_key="other")
        self.assertIn("accountable_connection_one_per_company", str(caught.exception))

    def test_a_branch_has_no_connection_of_its_own(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        with self.assertRaises(ValidationError):
            self.new_connection(company_id=branch.id)

    def test_what_is_to_be_written_to_a_sign_in_goes_before_its_state(self):
        """The state is written in a cursor of its own unless this transaction holds the row: a
        write that waits in memory would meet that cursor's, and fail."""
        sign_in, names = self.connect().sign_in_id, []
        sign_in.name = "Renamed"
        cursor = type(self.env.registry).cursor

        def cursor_of_its_own(registry, *arguments, **options):
            self.env.cr.execute("SELECT name FROM accountable_sign_in WHERE id = %s", (sign_in.id,))
            names.append(self.env.cr.fetchone()[0])
            return cursor(registry, *arguments, **options)

        with patch.object(type(self.env.registry), "cursor", cursor_of_its_own):
            sign_in._set_state("lost" if sign_in.state == "valid" else "valid")
        self.assertEqual(names, ["Renamed"])

    def test_a_sign_in_of_another_company_is_refused(self):
        other = self.env["res.company"].create({"name": "Ander"})
        with self.assertRaises(ValidationError):
            self.new_connection(company_id=other.id)

    def test_pause_resume_and_reconnect(self):
        connection = self.as_manager(self.new_connection())
        connection.sudo().write({"state": "connected", "step": "done"})
        connection.action_pause()
        self.assertEqual(connection.state, "paused")
        connection.action_resume()
        self.assertEqual(connection.state, "connected")
        connection.sudo().write({"state": "reconnect"})
        self.package.error = AuthorisationLostError("401")
        connection.action_reconnect()
        self.assertEqual(connection.state, "reconnect")
        self.package.error = None
        connection.action_reconnect()
        self.assertEqual(connection.state, "connected")

    def test_a_used_connection_is_not_deleted(self):
        connection = self.mapped_connection()
        self.env["accountable.binding"].sudo()._bind(
            connection.id, "document", "account.move", 1, {"external_key": "9/V1/1"}
        )
        with self.assertRaises(UserError):
            self.as_manager(connection).unlink()
        self.env["accountable.binding"].sudo().search(
            [("connection_id", "=", connection.id)]
        ).unlink()
        self.as_manager(connection).unlink()
        self.assertFalse(connection.exists())

    def test_an_ordinary_user_presses_no_button(self):
        connection = self.new_connection().with_user(self.bookkeeper)
        for name in (
            "action_test_sign_in",
            "action_choose_administration",
            "action_refresh_master_data",
            "action_next_step",
            "action_previous_step",
            "action_propose_mappings",
            "action_start",
            "action_pause",
            "action_create_settlement_journal",
        ):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(connection, name)()
        self.assertEqual(self.package.calls, [])


@tagged("post_install", "-at_install", "post_install_l10n")
class TestContacts(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.env["res.partner"].search([]).write({"customer_rank": 0, "supplier_rank": 0})
        belgium = cls.env.ref("base.be").id
        cls.by_vat, cls.by_name, cls.by_registry, cls.unknown = partners.create(
            [
                {"name": "Een", "vat": "BE0999999130", "country_id": belgium, "customer_rank": 1},
                {"name": "Jan Peeters", "customer_rank": 1},
                {
                    "name": "Drie",
                    "company_registry": "0999999229",
                    "country_id": belgium,
                    "supplier_rank": 1,
                },
                {"name": "Vier", "supplier_rank": 1},
            ]
        )
        cls.package.parties = [
            stored_party("1", "Eén NV", vat_number="BE0999999130"),
            stored_party("2", "jan  péeters"),
            stored_party("3", "3", registry_number="0999999229", country="BE"),
            stored_party("5", "Alleen daar", supplier=True, city="Gent", country="BE"),
        ]
        cls.connection = cls.new_connection(step="contacts")

    def states(self):
        return {
            match.partner_id.name or match.party_name: (match.reason, match.state)
            for match in self.connection.contact_match_ids
        }

    def bindings(self):
        return {
            binding.external_key: self.env["res.partner"].browse(binding.res_id).name
            for binding in self.env["accountable.binding"].search(
                [("connection_id", "=", self.connection.id), ("kind", "=", "party")]
            )
        }

    def test_numbers_are_sure_and_names_are_not(self):
        self.connection.action_match_contacts()
        self.assertEqual(
            self.states(),
            {
                "Een": ("vat_number", "matched"),
                "Jan Peeters": ("name", "doubtful"),
                "Drie": ("registry_number", "matched"),
            },
        )
        self.assertEqual(self.connection.doubtful_contact_count, 1)

    def test_registry_number_without_a_country_is_not_sure(self):
        self.by_registry.country_id = False
        self.package.parties = [stored_party("3", "3", registry_number="0999999229")]
        self.connection.action_match_contacts()
        self.assertEqual(self.states()["Drie"], ("registry_number", "doubtful"))

    def test_only_what_is_decided_is_bound(self):
        self.connection.action_match_contacts()
        self.env["accountable.contact.match"]._bind_matched(self.connection)
        self.assertEqual(self.bindings(), {"1": "Een", "3": "Drie"})
        self.connection.doubtful_contact_ids.action_accept()
        self.env["accountable.contact.match"]._bind_matched(self.connection)
        self.assertEqual(self.bindings(), {"1": "Een", "3": "Drie", "2": "Jan Peeters"})

    def test_decisions_survive_a_new_search(self):
        self.connection.action_match_contacts()
        self.connection.doubtful_contact_ids.action_refuse()
        self.connection.action_match_contacts()
        self.assertEqual(self.states()["Jan Peeters"], ("name", "refused"))
        self.assertFalse(self.connection.doubtful_contact_ids)

    def test_two_with_one_number_are_doubtful(self):
        self.package.parties.append(stored_party("9", "Een bis", vat_number="BE0999999130"))
        self.connection.action_match_contacts()
        self.assertEqual(self.states()["Een"], ("vat_number", "doubtful"))

    def test_two_contacts_on_one_party_are_doubtful(self):
        self.unknown.name = "Jan Peeters"
        self.connection.action_match_contacts()
        doubtful = self.connection.doubtful_contact_ids
        self.assertEqual(doubtful.partner_id, self.by_name | self.unknown)
        doubtful[0].action_accept()
        self.assertEqual(set(doubtful.mapped("state")), {"accepted", "refused"})

    def test_of_rivals_accepted_together_the_last_one_stays(self):
        self.unknown.name = "Jan Peeters"
        self.connection.action_match_contacts()
        first, last = self.connection.doubtful_contact_ids
        (first | last).action_accept()
        self.assertEqual((first.state, last.state), ("refused", "accepted"))

    def test_many_contacts_cost_no_more_queries(self):
        """Neither to look for matches again, nor to decide."""
        counts = []
        for more in (1, 2, 6):
            names = [f"Naamgenoot {more} {number}" for number in range(more)]
            self.env["res.partner"].create([{"name": name, "customer_rank": 1} for name in names])
            self.package.parties += [stored_party(name, name) for name in names]
            self.connection.action_match_contacts()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.connection.doubtful_contact_ids.action_accept()
            self.env.flush_all()
            between = self.env.cr.sql_log_count
            self.connection.action_match_contacts()
            self.env.flush_all()
            counts.append((between - before, self.env.cr.sql_log_count - between))
        self.assertEqual(counts[1], counts[2])
        self.assertEqual(self.connection.matched_contact_count, 2 + 1 + 1 + 2 + 6)

    def test_from_the_package_contacts_are_made(self):
        self.connection.contact_direction = "from_package"
        self.connection.action_match_contacts()
        self.assertIn("Alleen daar", self.states())
        self.env["accountable.contact.match"]._bind_matched(self.connection)
        made = self.env["res.partner"].search([("name", "=", "Alleen daar")])
        self.assertEqual((made.city, made.country_id.code, made.supplier_rank), ("Gent", "BE", 1))
        self.assertEqual(self.bindings()["5"], "Alleen daar")
        self.env["accountable.contact.match"]._bind_matched(self.connection)
        self.assertEqual(self.env["res.partner"].search_count([("name", "=", "Alleen daar")]), 1)

    def test_private_customers_stay_out_with_a_collective_party(self):
        self.connection.write(
            {"collective_private_party": True, "collective_partner_id": self.unknown.id}
        )
        self.connection.action_match_contacts()
        self.assertNotIn("Jan Peeters", self.states())


@tagged("post_install", "-at_install", "post_install_l10n")
class TestNumbers(SetUpCommon):
    def test_next_numbers_of_both_sides(self):
        connection = self.mapped_connection(start_date="2020-01-01")
        connection.action_confirm_mappings()
        self.assertEqual(
            self.env["accountable.set.up"]._number_warnings(connection), [], "both start at 1"
        )
        self.package.replace("V1", details={"last_number": 7})
        connection._refresh_master_data(self.package)
        [warning] = self.env["accountable.set.up"]._number_warnings(connection)
        self.assertIn("8", warning)
        self.assertIn("1", warning)

    def test_two_sequences_in_one_journal(self):
        connection = self.mapped_connection()
        rows = connection.mapping_ids.filtered(
            lambda row: row.journal_id.code == "INV" and row.kind == "journal"
        )
        rows.journal_id.refund_sequence = True
        rows.master_data_id = rows[0].master_data_id
        [warning] = self.env["accountable.set.up"]._number_warnings(connection)
        self.assertIn("2 number sequences", warning)
