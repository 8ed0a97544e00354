"""A right to write is a right to settings: what the engine knows, nobody else writes."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_setup import SetUpCommon

# What Odoo keeps on every record of its own accord.
MAGIC = {"id", "display_name", "create_uid", "create_date", "write_uid", "write_date"}
ENGINE = {
    "accountable.connection": {
        "administration_key": "70124",
        "administration_name": "Other",
        "bookings_known_until": "2026-01-01",
        "calls": {},
        "database_identity": "x",
        "open_items_differences": [],
        "package": "tried",
        "party_cursor": "1",
        "requested_by_id": 1,
        "settlement_cursor": "1",
        "settlements_read_at": "2026-01-01 00:00:00",
        "state": "connected",
        "step": "done",
        "wait_until": False,
        "master_data_read_at": False,
        "agreed_target": {},
        "unknown_booking": False,
    },
    "accountable.sign.in": {"database_identity": "x", "state": "valid", "tokens": {}},
    "accountable.mapping": {
        "connection_id": 1,
        "state": "confirmed",
        "confirmed_meaning": "x",
        "source_key": "account.tax,1",
        "company_id": 1,
    },
    "accountable.contact.match": {"state": "accepted", "external_key": "2", "party": {}},
}


@tagged("post_install", "-at_install", "post_install_l10n")
class TestEngineFields(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.mapped_connection()
        cls.env["accountable.contact.match"].sudo().create(
            {"connection_id": cls.connection.id, "external_key": "1"}
        )

    def models(self):
        """Every model of the addons that has a table."""
        for name, model in self.env.registry.items():
            if name.startswith("accountable.") and not model._abstract:
                yield self.env[name]

    def of_manager(self, model):
        domain = [("id", "=", self.connection.sign_in_id.id)]
        if model == "accountable.connection":
            domain = [("id", "=", self.connection.id)]
        elif model != "accountable.sign.in":
            domain = [("connection_id", "=", self.connection.id)]
        record = self.env[model].with_user(self.manager).search(domain, limit=1)
        self.assertTrue(record, model)
        return record

    def test_every_model_is_guarded(self):
        guard = self.env.registry["accountable.guard"]
        for model in self.models():
            self.assertTrue(issubclass(type(model), guard), model._name)

    def test_each_field_is_a_persons_or_refuses(self):
        """No form sends a field that refuses: the web client leaves out what is read-only."""
        for model in self.models():
            model = model.with_user(self.manager)
            people = model._fields_of_people() | model._fields_of_people_at_creation()
            self.assertLessEqual(people, model._fields.keys(), model._name)
            mail = self.env["mail.thread"]._fields.keys()
            mail |= self.env["mail.activity.mixin"]._fields.keys()
            for name in model._fields.keys() - people - MAGIC - mail:
                with self.subTest(model=model._name, name=name):
                    with self.assertRaises(AccessError):
                        model._check_fields_of_people({name: False})
                    with self.assertRaises(AccessError):
                        model._check_fields_of_people({name: False}, creation=True)

    def test_forms_send_no_field_that_refuses(self):
        for name in ("accountable.connection", "accountable.sign.in"):
            model = self.env[name].with_user(self.manager)
            people = model._fields_of_people()
            for name, field in model._fields.items():
                if field.type == "one2many" or name in people:
                    continue
                if field.store and name in self.shown_in_form(model):
                    self.assertTrue(field.readonly, f"{model._name}.{name}")

    def shown_in_form(self, model):
        view = model.get_view(view_type="form")
        return set(view["models"][model._name])

    def test_a_manager_writes_none_of_them(self):
        for model, values in ENGINE.items():
            record = self.of_manager(model)
            self.assertTrue(record.has_access("write"))
            for name, value in values.items():
                with self.subTest(model=model, name=name):
                    with self.assertRaises(AccessError):
                        record.write({name: value})
                    with self.assertRaises(AccessError):
                        record.web_save({name: value}, {"display_name": {}})
                    self.env.invalidate_all()

    def test_nor_gives_them_at_creation(self):
        connections = self.env["accountable.connection"].with_user(self.manager)
        self.connection.active = False
        made = {"sign_in_id": self.sign_in.id, "company_id": self.company.id}
        for name, value in ENGINE["accountable.connection"].items():
            with self.subTest(name=name), self.assertRaises(AccessError):
                connections.create({**made, name: value})
        self.env["ir.default"].with_user(self.manager).set(
            "accountable.connection", "step", "done", user_id=True
        )
        defaults = {"default_state": "connected", "default_administration_key": "70124"}
        connection = connections.with_context(**defaults).create(made)
        self.assertEqual((connection.state, connection.step), ("not_connected", "checklist"))
        self.assertFalse(connection.administration_key)

    def test_settings_and_choices_stay_possible(self):
        connection = self.of_manager("accountable.connection")
        connection.write({"send_files": False, "moment": "nightly", "start_date": "2026-01-01"})
        row = connection.mapping_ids.filtered(lambda one: one.kind == "tax" and one.tax_id)[0]
        row.without_code = True
        self.assertEqual(row.state, "confirmed")
        row.action_propose()
        self.of_manager("accountable.contact.match").action_refuse()

    def test_no_record_of_another_company_is_named(self):
        """Its name would be shown with the rights of the engine, by a form before it is stored."""
        other = self.env["res.company"].create({"name": "Ander"})
        journal = (
            self.env["account.journal"]
            .sudo()
            .create({"name": "Geheim", "code": "GEH", "type": "sale", "company_id": other.id})
        )
        rows = self.env["accountable.mapping"].with_user(self.manager)
        named = {"kind": "journal", "journal_id": journal.id, "document_kind": "sale"}
        with self.assertRaises(AccessError):
            rows.create({**named, "connection_id": self.connection.id})
        shown = {"source_name": {}, "display_name": {}}
        with self.assertRaises(AccessError):
            rows.onchange(named, ["journal_id"], shown)
        with self.assertRaises(AccessError):
            self.of_manager("accountable.connection").onchange(
                {"journal_mapping_ids": [(0, 0, named)]},
                ["journal_mapping_ids"],
                {"journal_mapping_ids": {"fields": shown}},
            )
        around = {"connection_id": {"id": self.connection.id, "settlement_journal_id": journal.id}}
        with self.assertRaises(AccessError):
            rows.onchange(around, ["kind"], shown)
        around["connection_id"]["settlement_journal_id"] = False
        rows.onchange({**around, "kind": "journal"}, ["kind"], shown)
        defaults = {f"default_{name}": value for name, value in named.items()}
        self.assertNotIn("Geheim", str(rows.with_context(**defaults).onchange({}, [], shown)))

    def test_an_administration_of_another_sign_in_is_not_chosen(self):
        other = self.sign_in.sudo().copy({"name": "Other", "company_ids": self.company.ids})
        administration = (
            self.env["accountable.administration"]
            .sudo()
            .create({"sign_in_id": other.id, "key": "1", "name": "Elsewhere"})
        )
        with self.assertRaisesRegex(Exception, "does not reach"):
            self.of_manager("accountable.connection").administration_id = administration
