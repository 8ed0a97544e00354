"""A company with a connection to a package that lives in memory."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.accountable_connect.api import policy
from odoo.tests import tagged

from .fake_package import FakeAdministration, FakePackage

FAKE_PACKAGES = {"fake": "Fake", "other_fake": "Other fake"}
JOURNAL_CODES = {"sale": "V1", "sale_refund": "V2", "purchase": "A1", "purchase_refund": "A2"}


def offer_fake_packages(case):
    """A sign-in of this test class may be one of the packages that live in memory."""
    field = case.env["accountable.sign.in"]._fields["package"]
    selection = [*(field.selection or []), *FAKE_PACKAGES.items()]
    case.classPatch(field, "selection", selection)
    case.classPatch(field, "_selection", dict(selection))


@tagged("post_install", "-at_install")
class ConnectionCase(AccountTestInvoicingCommon):
    """``books`` is the administration; ``work()`` lets a worker run in cursors of its own."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        cls.books = FakeAdministration()
        cls._install_fake_package()
        cls.env.user.group_ids += cls.env.ref("accountable_connect.group_manager")
        cls.sign_in = (
            cls.env["accountable.sign.in"]
            .sudo()
            .create({"name": "Fake", "package": "fake", "company_ids": [(5,)]})
        )
        cls.sign_in.write(
            {"database_identity": cls.env["accountable.identity"]._current(), "state": "valid"}
        )
        cls.company = cls.env.company
        cls.today = fields.Date.today()
        cls.connection = cls._connect(cls.company, cls.sign_in)
        cls.partner_a.write({"vat": "BE0477472701", "country_id": cls.env.ref("base.be").id})
        cls.sale_tax = cls.company.account_sale_tax_id
        cls.purchase_tax = cls.company.account_purchase_tax_id
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        type(self).books = FakeAdministration()

    @classmethod
    def _install_fake_package(cls):
        offer_fake_packages(cls)
        model = cls.registry["accountable.connection"]
        original_open, original_capabilities = model._open_package, model._get_capabilities

        def _open_package(self):
            if self.package not in FAKE_PACKAGES:
                return original_open(self)
            return FakePackage(cls._books_of(self), self._get_call_budget())

        def _get_capabilities(self):
            if self.package not in FAKE_PACKAGES:
                return original_capabilities(self)
            return cls._books_of(self).capabilities

        cls.classPatch(model, "_open_package", _open_package)
        cls.classPatch(model, "_get_capabilities", _get_capabilities)

    @classmethod
    def _books_of(cls, connection):
        return cls.books

    @classmethod
    def _connect(cls, company, sign_in):
        """A connection whose set-up is done, with every journal, tax and account mapped; with the
        rights of the engine."""
        connections = cls.env["accountable.connection"].sudo()
        connection = connections.create(
            {
                "sign_in_id": sign_in.id,
                "company_id": company.id,
                "administration_key": f"A{company.id}",
                "administration_name": "Fake books",
                "start_date": "2020-01-01",
                "settlements_back": False,
                "master_data_read_at": fields.Datetime.now(),
            }
        )
        cls._map_everything(connection)
        connection.write({"state": "connected", "step": "done"})
        return connection

    @classmethod
    def _map_everything(cls, connection):
        company = connection.company_id
        env = cls.env(su=True)
        items, rows = [], []

        def item(kind, code, **details):
            items.append(
                {
                    "connection_id": connection.id,
                    "kind": kind,
                    "code": code,
                    "name": code,
                    "details": details,
                }
            )

        for kind, code in JOURNAL_CODES.items():
            item("journal", code, type=kind.partition("_")[0])
        item("vat_code", "21")
        item("ledger_account", "700000")
        item("payment_term", "30", days=30)
        stored = env["accountable.master.data"].create(items)
        codes = {(one.kind, one.code): one.id for one in stored}

        def row(kind, record, name, target, document_kind="any", **values):
            rows.append(
                {
                    "connection_id": connection.id,
                    "kind": kind,
                    "source_key": f"{record._name},{record.id}",
                    name: record.id,
                    "document_kind": document_kind,
                    "master_data_id": codes[target],
                    "state": "confirmed",
                    **values,
                }
            )

        for journal in env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "in", ("sale", "purchase"))]
        ):
            for kind in (journal.type, f"{journal.type}_refund"):
                row("journal", journal, "journal_id", ("journal", JOURNAL_CODES[kind]), kind)
        for tax in env["account.tax"].search([("company_id", "=", company.id)]):
            row("tax", tax, "tax_id", ("vat_code", "21"))
        for account in env["account.account"].search([("company_ids", "in", company.id)]):
            row("account", account, "account_id", ("ledger_account", "700000"))
        for term in env["account.payment.term"].search([]):
            row("payment_term", term, "payment_term_id", ("payment_term", "30"))
        env["accountable.mapping"].create(rows)

    def hold_later(self, journal):
        """Numbers of this journal must equal Odoo's."""
        rows = self.env["accountable.mapping"].search(
            [("connection_id", "=", self.connection.id), ("journal_id", "=", journal.id)]
        )
        self.assertTrue(rows)
        rows.hold_later = True

    def master_item(self, kind, code, **details):
        """One more record of the administration's master data."""
        return (
            self.env["accountable.master.data"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "kind": kind,
                    "code": code,
                    "name": code,
                    "details": details,
                }
            )
        )

    # Documents

    def invoice(self, amount=100.0, partner=None, post=True, move_type="out_invoice", **values):
        """An invoice of one line with the company's own tax."""
        tax = self.purchase_tax if move_type.startswith("in_") else self.sale_tax
        move = self._create_invoice_one_line(
            price_unit=amount,
            name="Line",
            tax_ids=values.pop("tax", tax),
            move_type=move_type,
            partner_id=partner or self.partner_a,
            invoice_date=values.pop("invoice_date", self.today),
            **values,
        )
        if post:
            move.action_post()
        return move

    def bill(self, ref="F-2026/12", **values):
        return self.invoice(move_type="in_invoice", ref=ref, **values)

    def e_invoice(self, ref="F-2026/13", post=True, **values):
        """A bill that came as an e-invoice."""
        bill = self.bill(ref, post=False, **values)
        self.attach(bill, "F-13.xml", b"<Invoice/>")
        if post:
            bill.action_post()
        return bill

    def attach(self, move, name="bill.pdf", content=None):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": b"%PDF-1.4 " + name.encode() if content is None else content,
                "mimetype": "application/pdf",
                "res_model": move._name,
                "res_id": move.id,
            }
        )

    def key(self, number, journal="V1"):
        """The key of a booking: the administration counts from 1 in each journal and year."""
        return f"{journal}/{self.today.year}/{number}"

    def check_text(self, moves):
        """Everything *Check before export* says of these documents."""
        action = moves.action_accountable_check()
        if action["type"] == "ir.actions.client":
            return action["params"]["message"]
        check = moves.env[action["res_model"]].browse(action["res_id"])
        shown = [entry["message"] for entry in check.alerts.values()]
        return "\n".join([*shown, check.summary or ""])

    def jobs(self, records, operation="document"):
        return (
            self.env["accountable.job"]
            .sudo()
            .search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("operation", "=", operation),
                ]
            )
        )

    def bindings(self, records, kind="document"):
        return (
            self.env["accountable.binding"]
            .sudo()
            .search(
                [
                    ("res_model", "=", records._name),
                    ("res_id", "in", records.ids),
                    ("kind", "=", kind),
                ]
            )
        )

    def runs(self):
        """Of the connection, the latest one first."""
        return (
            self.env["accountable.run"].sudo().search([("connection_id", "=", self.connection.id)])
        )

    # The worker

    @contextmanager
    def worker(self, connection=None):
        """The connection as a worker has it: in a cursor that may commit."""
        connection = connection or self.connection
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield connection.with_env(self.env(cr=cr, su=True, context={}))

    def work(self, connection=None, unexpected=False):
        """One run. An unexpected error, which a worker only logs, fails the test; ``unexpected``:
        there has to be one, None: either."""
        if unexpected is None:
            with self.worker(connection) as working:
                return working._run(seconds=60)
        logs = self.assertLogs if unexpected else self.assertNoLogs
        with (
            logs("odoo.addons.accountable_connect", level="ERROR"),
            self.worker(connection) as working,
        ):
            return working._run(seconds=60)

    def later(self, hours=24):
        """Everything that waits for its next try is due: as if so much time had passed."""
        self.pass_time(timedelta(hours=hours))
        moment = fields.Datetime.now() - timedelta(seconds=1)
        self.env["accountable.job"].sudo().search(
            [("state", "in", ("pending", "unknown")), ("next_try", "!=", False)]
        ).write({"next_try": moment})
        self.env["accountable.connection"].search([]).sudo().write({"wait_until": False})

    def pass_time(self, passed):
        """So much time passes for the queue, and for the administration (``late`` calls)."""
        self.env.flush_all()
        for name in (
            "next_try",
            "sent_at",
            "not_there_at",
            "look_again_at",
            "ended_at",
            "failed_at",
        ):
            self.env.cr.execute(
                f"UPDATE accountable_job SET {name} = {name} - %s WHERE {name} IS NOT NULL",
                (passed,),
            )
        self.env.invalidate_all()
        self.books.pass_time(passed.total_seconds())

    def settle(self):
        """Two looks, so far apart that what is not there counts; then it is sent again."""
        for _look in range(2):
            self.later(hours=0.5)
            self.work()

    def no_patience(self):
        return patch.object(policy, "SETTLE_AFTER", timedelta(0))
