"""What the tests of neutral documents share."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..api.contract import Capabilities
from ..documents import COST_AXES, COST_CENTRE, COST_UNIT
from ..models.document.document_facts import DocumentFacts
from .common import offer_fake_packages
from .worked_documents import WorkedBooks


class OdooCodes:
    """The codes of Odoo stand for themselves: accounts and journals by their code, taxes by their
    external id without module and company, analytic accounts by their code. One without code is not
    mapped; where cost units go, a code that begins with P is one."""

    def _resolve_journal(self, rows, journal, document_kind, problems):
        return journal.code

    def _resolve_account(self, rows, account, problems):
        return account.code

    def _resolve_tax(self, rows, tax, document_kind, problems):
        """The code of a tax; ``None`` (the code of *no tax*) for an empty recordset."""
        if not tax:
            return None
        external_id = tax.get_external_id()[tax.id].partition(".")[2]
        return external_id.removeprefix(f"{tax.company_id.root_id.id}_") or tax.name

    def _resolve_payment_term(self, rows, payment_term):
        return payment_term.name or None

    def _resolve_analytic_account(self, rows, analytic_account, problems):
        code = analytic_account.code
        is_unit = code and code.startswith("P") and COST_UNIT in rows.cost_kinds
        return (COST_UNIT if is_unit else COST_CENTRE, code) if code else None


class DocumentsCommon(AccountTestInvoicingCommon):
    """A company with a chart of the country its class decorates ``setUpClass`` with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.documents = cls.env["accountable.document"]
        cls.connection = cls.connect_with_odoo_codes()

    @classmethod
    def connect_with_odoo_codes(cls):
        """A connection that is not set up, of a package that books every VAT as it was posted."""
        offer_fake_packages(cls)
        capabilities = Capabilities(computes_owed_vat=False, computes_deductible_vat=False)
        connections = cls.registry["accountable.connection"]
        cls.classPatch(connections, "_get_capabilities", lambda _connection: capabilities)
        resolver = cls.registry["accountable.code.resolver"]
        for name, method in vars(OdooCodes).items():
            if name.startswith("_resolve"):
                cls.classPatch(resolver, name, method)
        sign_in = cls.env["accountable.sign.in"].sudo().create({"name": "Fake", "package": "fake"})
        values = {"sign_in_id": sign_in.id, "company_id": cls.company.id}
        return cls.env["accountable.connection"].sudo().create(values)

    @classmethod
    def post(cls, moves):
        """Post drafts of which there are many.

        PostgreSQL plans by statistics that rows of a test's transaction never reach by themselves:
        without them one query of Odoo's posting took minutes.
        """
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE account_move, account_move_line, account_partial_reconcile")
        moves.action_post()

    @classmethod
    def build_or_refuse(cls, moves, axes=1):
        """``{move id: (Document or None, [blocking Problem])}``; ``axes``: 2 with cost units."""
        facts = DocumentFacts(cls.connection, moves)
        facts.rows.cost_kinds = COST_AXES[:axes]
        built = cls.documents._build_documents(cls.connection, moves, facts)
        return {
            move_id: (document, [problem for problem in problems if problem.blocking])
            for move_id, (document, problems) in built.items()
        }

    @classmethod
    def build(cls, moves, axes=1):
        """``{move id: Document}``; problems fail the test with their text."""
        built = cls.build_or_refuse(moves, axes)
        for move in moves:
            document, problems = built[move.id]
            if not document or problems:
                raise AssertionError((move.name, [problem.message for problem in problems]))
        return {move_id: document for move_id, (document, _problems) in built.items()}

    @classmethod
    def build_one(cls, move, axes=1):
        return cls.build(move, axes)[move.id]

    @classmethod
    def problem_codes(cls, move):
        """The codes of what keeps an entry from becoming a document."""
        return [problem.code for problem in cls.build_or_refuse(move)[move.id][1]]


class BelgianDocumentsCommon(DocumentsCommon):
    @classmethod
    @AccountTestInvoicingCommon.setup_country("be")
    def setUpClass(cls):
        super().setUpClass()
        belgium = cls.env.ref("base.be")
        cls.company.vat = "BE0999999031"
        cls.customer = cls.env["res.partner"].create(
            {
                "name": "Klant BV",
                "is_company": True,
                "country_id": belgium.id,
                "vat": "BE0999999130",
                "property_payment_term_id": False,
            }
        )
        cls.supplier = cls.env["res.partner"].create(
            {
                "name": "Leverancier NV",
                "is_company": True,
                "country_id": belgium.id,
                "vat": "BE0999999229",
            }
        )
        cls.books = WorkedBooks(cls.company, cls.customer, cls.supplier)
