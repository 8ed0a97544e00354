"""What the tests of neutral documents share."""

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..documents import Document
from .worked_documents import WorkedBooks


class DocumentsCommon(AccountTestInvoicingCommon):
    """A company with a chart of the country its class decorates ``setUpClass`` with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env.company
        cls.documents = cls.env["accountable.document"]

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
    def build(cls, moves, **kwargs):
        """``{move id: Document}``; problems fail the test with their text."""
        built = cls.documents._build(moves, **kwargs)
        for move in moves:
            if not isinstance(built[move.id], Document):
                raise AssertionError((move.name, [p.message for p in built[move.id]]))
        return built

    @classmethod
    def build_one(cls, move, **kwargs):
        return cls.build(move, **kwargs)[move.id]

    @classmethod
    def problem_codes(cls, move, **kwargs):
        """The codes of what keeps an entry from becoming a document."""
        built = cls.documents._build(move, **kwargs)[move.id]
        return [] if isinstance(built, Document) else [problem.code for problem in built]


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
