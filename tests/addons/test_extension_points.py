"""An addon of an integrator: each extension point of ``docs/development.md`` does what it says."""

from decimal import Decimal

import odoo.addons
from odoo.addons.accountable_connect.documents import MasterItem, OpenItem, Party
from odoo.addons.accountable_connect.tests.common_batches import BatchesMixin
from odoo.addons.accountable_connect.tests.common_settlement import SettlementCase
from odoo.exceptions import UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from tooling.paths import ROOT

ADDON = "test_accountable_connect_extension"


def definitions():
    """The classes of the addon, imported as Odoo does."""
    folder = str(ROOT / "tests" / "addons")
    if folder not in odoo.addons.__path__:
        odoo.addons.__path__.append(folder)
    from odoo.addons.test_accountable_connect_extension import models

    return [one for one in vars(models).values() if getattr(one, "_module", None) == ADDON]


@tagged("post_install", "-at_install")
class TestExtensionPoints(BatchesMixin, SettlementCase):
    """The addon is loaded for these tests only, and its overrides act under a context key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        classes = definitions()
        for one in classes:
            model = cls.registry[one._name]
            cls.addClassCleanup(setattr, model, "_base_classes__", model._base_classes__)
            add_to_registry(cls.registry, one)
        cls.registry._setup_models__(cls.env.cr, [])
        cls.extended = cls.connection.with_context(accountable_extension=True)

    def model(self, name):
        """One of the models, with the overrides at work."""
        return self.extended.env[name]

    def build(self, move, **context):
        documents = self.env["accountable.document"].with_context(**context)
        return documents._build_documents(self.connection, move)[move.id][0]

    def test_nothing_changes_without_the_key(self):
        move = self.invoice()
        document = self.build(move)
        self.assertEqual((document.journal, document.text), ("V1", move.name))
        self.assertEqual(document.lines[0].text, "Line")
        self.assertEqual(document.party.city, self.partner_a.city or "")
        self.assertEqual(self.connection._precheck(move)[move.id], [])

    def test_document(self):
        """Its head, its lines, their parts, the codes and the party."""
        document = self.build(self.invoice(), accountable_extension=True)
        self.assertEqual(document.text, "head")
        self.assertEqual(document.lines[0].text, "line of part")
        self.assertEqual(document.journal, "V1-2")
        self.assertEqual(document.party.city, "city")

    def test_precheck(self):
        move = self.invoice()
        codes = [problem.code for problem in self.extended._precheck(move)[move.id]]
        self.assertEqual(codes, ["extension"])

    def test_proposal(self):
        row = self.extended.mapping_ids.filtered("account_id")[:1]
        items = [MasterItem(kind="ledger_account", code=code, name="") for code in ("700000", "X")]
        self.assertEqual(self.model("accountable.proposal")._find(row, items).code, "X")

    def test_mapping_remark(self):
        row = self.extended.mapping_ids.filtered("account_id")[:1]
        remark = self.model("accountable.mapping.remark")._find(row, False)
        self.assertIn("Ask the accountant.", remark)

    def test_sending_plan(self):
        env = self.extended.env
        values = {"invoice_origin": "stays in Odoo", "post": False}
        stays, goes = self.invoice(**values), self.invoice(post=False)
        (stays | goes).with_env(env).action_post()
        self.assertFalse(self.jobs(stays))
        self.assertTrue(self.jobs(goes))
        domain = self.model("accountable.sending.plan")._domain_that_belongs(self.extended)
        self.assertEqual((stays | goes).filtered_domain(domain), goes)

    def test_enqueueing(self):
        last = self.invoice(invoice_origin="goes last", post=False)
        first = self.invoice(post=False)
        (last | first).with_env(self.extended.env).action_post()
        jobs = self.jobs(last | first).sorted("order_key")
        self.assertEqual(jobs.mapped("res_id"), [first.id, last.id])

    def test_the_moment(self):
        by_hand = self.invoice(invoice_origin="goes by hand", post=False)
        at_once = self.invoice(post=False)
        (by_hand | at_once).with_env(self.extended.env).action_post()
        self.assertFalse(self.jobs(by_hand).next_try)
        self.assertTrue(self.jobs(at_once).next_try)

    def test_settlement(self):
        move = self.booked()
        settlement = self.settle(move, "121.00")
        self.model("accountable.settlement")._repeat(self.extended, settlement, move)
        self.assertEqual(move.payment_state, "paid")
        links = self.env["accountable.binding"].sudo()
        entry = links.search([("external_key", "=", settlement.key)])._settlement_line().move_id
        self.assertEqual(entry.ref, "booked by an addon")

    def test_open_items(self):
        move = self.booked()
        key = self.bindings(move).external_key
        amount = Decimal("121.04")
        item = OpenItem(
            document_key=key,
            party_key="",
            document_date=self.today,
            amount=amount,
            amount_company=amount,
            currency="EUR",
        )
        compared = self.env["accountable.open.item"]._compare(self.connection, [item])
        self.assertEqual([one["name"] for one in compared], [move.name])
        compared = self.model("accountable.open.item")._compare(self.extended, [item])
        self.assertEqual(compared, [])

    def test_contact_import(self):
        party = Party(external_number=7, name="From the package", city="Gent", country="BE")
        partner = self.model("accountable.contact.import")._make_contact(party)
        self.assertIn("imported", partner.comment)

    def test_upload(self):
        move = self.invoice()
        batch = self.new_batch(move)
        uploads, nothing = self.model("accountable.upload").sudo(), batch.browse()
        with self.assertRaisesRegex(UserError, "columns"):
            self.env["accountable.upload"].sudo()._take(self.connection, nothing, "a", b"booked:1")
        content = f"booked:{move.name}".encode()
        uploads._take(self.connection, nothing, "report", content)
        self.assertEqual((batch.state, str(batch.item_ids.message)), ("confirmed", "by an addon"))

    def test_set_up(self):
        lines = self.model("accountable.set.up")._checklist(self.extended)
        self.assertEqual(lines[-1], ("warning", "Ask the accountant for the start date."))
