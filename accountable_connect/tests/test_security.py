from unittest.mock import patch

from odoo.addons.accountable_connect.models.queue import note
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_setup import SetUpCommon

MODELS = (
    "accountable.sign.in",
    "accountable.administration",
    "accountable.connection",
    "accountable.master.data",
    "accountable.mapping",
    "accountable.contact.match",
    "accountable.binding",
    "accountable.number.series",
    "accountable.run",
    "accountable.job",
    "accountable.check",
    "accountable.decision",
    "accountable.decision.candidate",
    "accountable.connect",
    "accountable.batch",
    "accountable.batch.item",
    "accountable.batch.file",
    "accountable.hand.over",
    "accountable.upload",
    "accountable.batch.answer",
    "accountable.batch.answer.code",
    "accountable.batch.again",
    "accountable.upload.dialogue",
    "accountable.typed",
    "accountable.sftp.server",
)
# Read of other tables each time, see test_outstanding.
OF_OTHER_TABLES = ("accountable.outstanding",)
# What is frozen once it is closed.
OF_BATCHES = (
    "accountable.batch",
    "accountable.batch.item",
    "accountable.batch.file",
    "accountable.hand.over",
    "accountable.upload",
)
# Nobody reads what is known of an office, and of what the administrator entered.
ONLY_THE_ENGINE = ("accountable.app", "accountable.learned.counterpart")
# What a bookkeeper finds nothing of.
OF_MANAGERS = ("accountable.number.series", "accountable.connect", "accountable.typed")
# Only who opened a dialogue sees it.
DIALOGUES = (
    "accountable.check",
    "accountable.decision",
    "accountable.decision.candidate",
    "accountable.batch.answer.code",
    "accountable.batch.answer",
    "accountable.batch.again",
    "accountable.upload.dialogue",
)
# In which a user writes words, or a reason; who opened them wrote the rest.
WRITTEN_DIALOGUES = DIALOGUES[-3:]


@tagged("post_install", "-at_install", "post_install_l10n")
class TestSecurity(SetUpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.mapped_connection()
        sudo = cls.env(su=True)
        cls.partner = cls.env["res.partner"].create({"name": "Klant", "customer_rank": 1})
        sudo["accountable.administration"].create(
            {"sign_in_id": cls.sign_in.id, "key": "70123", "name": "Vandersmissen BV"}
        )
        sudo["accountable.contact.match"].create(
            {
                "connection_id": cls.connection.id,
                "partner_id": cls.partner.id,
                "external_key": "1",
                "state": "doubtful",
            }
        )
        sudo["accountable.binding"]._bind(
            cls.connection.id, "party", "res.partner", cls.partner.id, {"external_key": "1"}
        )
        sudo["accountable.number.series"].create(
            {"connection_id": cls.connection.id, "key": "9/V1", "last_number": 3}
        )
        sudo["accountable.run"].create(
            {"connection_id": cls.connection.id, "started_at": "2026-03-01 10:00:00"}
        )
        job = sudo["accountable.job"].create(
            {
                "connection_id": cls.connection.id,
                "company_id": cls.company.id,
                "operation": "document",
                "res_model": "account.move",
                "res_id": 1,
                "name": "INV/2026/00001",
                "state": "failed",
                "error_kind": "duplicate",
                "candidates": [{"key": "K1", "party_name": "Leverancier", "total": "242.00"}],
                "technical": "POST /buysellbookings 400",
            }
        )
        for user in (cls.manager, cls.bookkeeper):
            job.with_user(user).action_decide()
            sudo["accountable.check"].with_user(user).sudo().create({"company_id": cls.company.id})
        cls.batch = cls.add_batch()
        codes = patch.object(
            cls.registry["accountable.connection"], "_receiver_codes", lambda _self: [("X", "No.")]
        )
        with codes:
            for user in (cls.manager, cls.bookkeeper):
                batch = cls.batch.with_user(user)
                batch.action_ask_refused()
                batch.action_ask_again()
                batch.action_upload()
        cls.env["accountable.connect"].with_user(cls.manager).create(
            {"company_id": cls.company.id, "package": "tried", "sign_in_id": cls.sign_in.id}
        )
        sudo["accountable.typed"].with_user(cls.manager).sudo().create(
            {"connection_id": cls.connection.id, "kind": "journal"}
        )
        sudo["accountable.sftp.server"].create(
            {"company_id": cls.company.id, "name": "S", "host": "sftp.example.com", "user": "u"}
        )
        cls.other_company = cls.env["res.company"].create({"name": "Andere zaak"})
        cls.outsider = cls.new_user(
            "outsider@example.com",
            "accountable_connect.group_manager",
            company=cls.other_company,
        )

    @classmethod
    def add_batch(cls):
        """A batch that was handed over, with all that belongs to it."""
        sudo = cls.env(su=True)
        batch = sudo["accountable.batch"].create(
            {"connection_id": cls.connection.id, "number": 1, "state": "handed_over"}
        )
        item = sudo["accountable.batch.item"].create(
            {
                "batch_id": batch.id,
                "res_model": "account.move",
                "res_id": 1,
                "name": "INV/2026/00002",
                "content": {"total": "121.00"},
            }
        )
        file = {"name": "INV_2026_00002.xml", "media_type": "application/xml", "content": b"PEE+"}
        sudo["accountable.batch.file"].create({"batch_id": batch.id, "item_id": item.id, **file})
        sudo["accountable.hand.over"].create({"batch_id": batch.id, "channel": "download"})
        sudo["accountable.upload"].create(
            {"connection_id": cls.connection.id, "name": "report.csv", "content": b"PEE+"}
        )
        return batch

    def own(self, model, user):
        """Records of this test that the user finds."""
        domain = (
            [("id", "=", self.sign_in.id)]
            if model == "accountable.sign.in"
            else [("sign_in_id", "=", self.sign_in.id)]
            if model == "accountable.administration"
            else [("id", "=", self.connection.id)]
            if model == "accountable.connection"
            else [("company_id", "=", self.company.id)]
            if model in ("accountable.check", "accountable.sftp.server")
            else [("sign_in_id", "=", self.sign_in.id)]
            if model == "accountable.connect"
            else [("job_id.connection_id", "=", self.connection.id)]
            if model == "accountable.decision"
            else [("decision_id.job_id.connection_id", "=", self.connection.id)]
            if model == "accountable.decision.candidate"
            else [("item_ids", "in", self.batch.item_ids.ids)]
            if model == "accountable.batch.answer"
            else [("answer_id.item_ids", "in", self.batch.item_ids.ids)]
            if model == "accountable.batch.answer.code"
            else [("batch_id", "=", self.batch.id)]
            if model in ("accountable.batch.again", "accountable.batch.file")
            else [("connection_id", "=", self.connection.id)]
        )
        found = self.env[model].sudo().search(domain)
        self.assertTrue(found, f"{model}: the test has nothing to hide")
        return self.env[model].with_user(user).search([("id", "in", found.ids)])

    def test_every_table_has_a_rule_and_access_lines(self):
        """Dialogues too. A rule is one for everybody that asks for the reader's companies."""
        tables = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("accountable.") and not model._abstract
        }
        # those of an addon of a package have their tests there
        own = {
            name
            for name in tables
            if self.env.registry[name]._original_module == "accountable_connect"
        }
        self.assertEqual(
            own,
            {*MODELS, *ONLY_THE_ENGINE, *OF_OTHER_TABLES},
            "a table without a test of its rules",
        )
        for model in tables - {"accountable.app"}:  # which belongs to no company
            rules = (
                self.env["ir.rule"]
                .sudo()
                .search([("model_id.model", "=", model), ("global", "=", True)])
            )
            read = rules.filtered("perm_read")
            with self.subTest(model=model):
                self.assertTrue(any("company_ids" in rule.domain_force for rule in read))
                access = self.env["ir.model.access"].sudo()
                self.assertTrue(access.search([("model_id.model", "=", model)]))

    def test_own_people_see_their_own(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.assertTrue(self.own(model, self.manager))
                if model not in OF_MANAGERS:
                    self.assertTrue(self.own(model, self.bookkeeper))

    def test_what_only_the_engine_knows_is_read_by_nobody(self):
        for model in ONLY_THE_ENGINE:
            for user in (self.manager, self.bookkeeper, self.env.ref("base.user_admin")):
                with self.subTest(model=model, user=user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_another_company_sees_nothing(self):
        for model in MODELS:
            with self.subTest(model=model):
                self.assertFalse(self.own(model, self.outsider))
        with self.assertRaises(AccessError):
            self.connection.with_user(self.outsider).read(["name"])

    def test_a_dialogue_is_seen_by_who_opened_it(self):
        for model in DIALOGUES:
            for user in (self.manager, self.bookkeeper):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self.own(model, user).create_uid, user)

    def test_of_a_shared_contact_only_the_own_is_shown(self):
        """Number, state, notes and items of another company's connection are its own business."""
        sudo = self.env(su=True)
        binding = sudo["accountable.binding"].search([("res_id", "=", self.partner.id)])
        binding.write({"number": "4711", "notes": {"code": {}}})
        sudo["accountable.job"].create(
            {
                "connection_id": self.connection.id,
                "company_id": self.company.id,
                "operation": "party",
                "res_model": "res.partner",
                "res_id": self.partner.id,
                "name": "Klant",
                "state": "failed",
            }
        )
        self.env.flush_all()
        names = ("accountable_number", "accountable_state", "accountable_job_count")
        with patch.dict(note.NOTES, {"code": "Said"}):
            for user, values in (
                (self.manager, ("4711", "error", 1, "Said")),
                (self.outsider, (False, "not_exported", 0, False)),
            ):
                partner = self.partner.with_user(user)
                with self.subTest(user=user.login):
                    found = tuple(partner[name] for name in (*names, "accountable_notes"))
                    self.assertEqual(found, values)
                    seen = values[2] > 0
                    for condition in (
                        [("accountable_number", "=", "4711")],
                        [("accountable_state", "=", "error")],
                    ):
                        domain = [("id", "=", partner.id), *condition]
                        self.assertEqual(bool(partner.search(domain)), seen, condition)

    def test_a_manager_of_a_branch_changes_nothing_of_its_root(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = self.new_user(
            "branch_manager@example.com", "accountable_connect.group_manager", company=branch
        )
        connection = self.own("accountable.connection", user)
        self.assertTrue(connection.name)
        for record in (connection, connection.sign_in_id, connection.mapping_ids[0]):
            with self.subTest(model=record._name):
                self.assertFalse(record.has_access("write"))

    def test_another_company_cannot_use_the_sign_in(self):
        connections = self.env["accountable.connection"].with_user(self.outsider)
        with self.assertRaises(UserError):
            connections.create({"sign_in_id": self.sign_in.id, "company_id": self.other_company.id})

    def test_a_branch_sees_the_connection_of_its_root(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = self.new_user("branch@example.com", "accountable_connect.group_user", company=branch)
        for model in ("accountable.connection", "accountable.mapping", "accountable.run"):
            with self.subTest(model=model):
                self.assertTrue(self.own(model, user))
        self.assertFalse(self.own("accountable.job", user), "jobs belong to the document's company")
        for model in ("accountable.binding", *OF_BATCHES):
            with self.subTest(model=model):
                self.assertFalse(self.own(model, user), "they hold what was sent")

    def test_a_branch_reads_nothing_of_the_documents_of_its_root(self):
        branch = self.env["res.company"].create({"name": "Filiaal", "parent_id": self.company.id})
        user = self.new_user(
            "branch_manager@example.com", "accountable_connect.group_manager", company=branch
        )
        self.connection.message_post(body="INV/2026/00001: 121.00 / 0.00")
        messages = [("model", "=", "accountable.connection"), ("res_id", "=", self.connection.id)]
        messages += [("body", "like", "121.00")]
        connection = self.own("accountable.connection", user)
        self.assertFalse(connection.env["mail.message"].search(messages))
        for name in ("calls", "open_items_differences"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                connection.read([name])
        for own in (self.manager, self.bookkeeper):
            self.assertTrue(self.env["mail.message"].with_user(own).search(messages))

    def test_without_a_group_and_from_the_portal_nothing(self):
        invoicing = self.new_user("invoicing@example.com", "account.group_account_invoice")
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal@example.com",
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        for user in (invoicing, portal):
            for model in MODELS:
                with self.subTest(user=user.name, model=model), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_a_user_changes_nothing(self):
        for model in MODELS:
            records = self.own(model, self.bookkeeper) if model in READABLE else None
            with self.subTest(model=model):
                allowed = self.env[model].with_user(self.bookkeeper)
                for operation in ("create", "write", "unlink"):
                    written = operation == "write" and model in WRITTEN_DIALOGUES
                    self.assertEqual(allowed.has_access(operation), written, operation)
                if records and "company_id" in records:
                    # what is closed says so before anybody's rights are asked
                    with self.assertRaises(UserError if model in OF_BATCHES else AccessError):
                        records.write({"company_id": self.company.id})

    def test_what_was_handed_over_nobody_changes(self):
        """Not the manager or the administrator either: bytes, names and states are frozen."""
        administrator = self.env.ref("base.user_admin")
        administrator.company_ids += self.company
        for user in (self.bookkeeper, self.manager, administrator):
            user = user.with_context(allowed_company_ids=self.company.ids)
            for model in OF_BATCHES:
                records = self.own(model, self.manager).with_user(user)
                records = records.with_context(allowed_company_ids=self.company.ids)
                values = {"content": b"PEI+"} if "content" in records else {"state": "new"}
                with self.subTest(user=user.login, model=model):
                    # what is closed says so before anybody's rights are asked
                    with self.assertRaises(UserError):
                        records.write(values)
                    with self.assertRaises(AccessError):
                        records.unlink()
                    with self.assertRaises(AccessError):
                        records.create(records[:1].sudo().copy_data()[0])

    def test_the_bytes_of_a_file_are_no_attachment_that_people_write(self):
        """Whoever may not write the file cannot write the attachment that holds its bytes."""
        [attachment] = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "accountable.batch.file"),
                    ("res_id", "in", self.batch.file_ids.ids),
                    ("res_field", "=", "content"),
                ]
            )
        )
        for user in (self.bookkeeper, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                attachment.with_user(user).write({"raw": b"other"})
        with self.assertRaises(AccessError):
            attachment.with_user(self.outsider).read(["raw"])

    def test_what_is_read_from_the_package_nobody_writes(self):
        for model in ("accountable.binding", "accountable.run"):
            with self.subTest(model=model):
                self.assertFalse(self.env[model].with_user(self.manager).has_access("write"))
        # what is typed a manager writes, see test_typed
        read = self.own("accountable.master.data", self.manager)
        for operation in ("write", "unlink"):
            self.assertFalse(read.has_access(operation))

    def test_tokens_and_identity_are_hidden_from_a_manager(self):
        self.sign_in.sudo().write({"tokens": {"70123": "eyJ"}, "database_identity": "a/b/c"})
        sign_in = self.sign_in.with_user(self.manager)
        sign_in.invalidate_recordset()
        for name in ("tokens", "database_identity"):
            self.assertNotIn(name, sign_in.fields_get())
            with self.subTest(name=name), self.assertRaises(AccessError):
                sign_in.read([name])
        [values] = sign_in.read()
        self.assertNotIn("eyJ", str(values))
        connection = self.own("accountable.connection", self.manager)
        self.assertNotIn("database_identity", connection.fields_get())
        connection = self.own("accountable.connection", self.bookkeeper)
        self.assertNotIn("unknown_booking", connection.fields_get())

    def test_the_technical_trace_is_for_managers(self):
        job = self.own("accountable.job", self.bookkeeper)
        with self.assertRaises(AccessError):
            job.read(["technical"])
        self.assertTrue(self.own("accountable.job", self.manager).read(["technical"]))

    def test_menus(self):
        menus = {
            name: self.env.ref(f"accountable_connect.accountable_{name}_menu")
            for name in (
                "connection",
                "sign_in",
                "mapping",
                "master_data",
                "job",
                "batch",
                "upload",
            )
        }
        menus["root"] = self.env.ref("accountable_connect.accountable_menu_root")
        visible = self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids()
        for name, menu in menus.items():
            with self.subTest(name=name):
                self.assertIn(menu.id, visible)
                self.assertIn(menu.parent_id.id, visible)
        visible = self.env["ir.ui.menu"].with_user(self.bookkeeper)._visible_menu_ids()
        self.assertNotIn(menus["connection"].id, visible)

    def test_every_view_opens_for_a_manager_and_a_user(self):
        for user in (self.manager, self.bookkeeper):
            for name in (
                "accountable_sign_in_action",
                "accountable_connection_action",
                "accountable_mapping_action",
                "accountable_master_data_action",
                "accountable_batch_action",
                "accountable_batch_item_action",
                "accountable_upload_action",
            ):
                action = self.env.ref(f"accountable_connect.{name}")
                views = [(False, view) for view in (*action.view_mode.split(","), "search")]
                with self.subTest(user=user.name, name=name):
                    model = self.env[action.res_model].with_user(user)
                    found = model.get_views(views)["views"]
                    self.assertEqual(set(found), {view for _id, view in views})


READABLE = set(MODELS) - {
    *OF_MANAGERS,
    "accountable.sign.in",
    "accountable.administration",
}
