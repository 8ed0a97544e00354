"""A Belgian company connected with the sandbox, and the documents the benchmarks need."""

from odoo import Command

from tooling.demo.connect import SetUp

MONTHS = 6
# Smallest thing a package takes for a PDF, padded to the size of an ordinary invoice.
PDF = b"%PDF-1.4\n" + b"% a page of an invoice\n" * 1300 + b"%%EOF\n"
PARTIES = 20
SECONDS = 3600


class BenchCompany:
    """The company whose documents go to a package (:class:`tooling.packages.package.Package`), by
    name, so that each script finds what an earlier one made."""

    def __init__(self, env, package):
        name = f"Bench {package.title} BV"
        company = env["res.company"].search([("name", "=", name)])
        if not company:
            company = env["res.company"].create(
                {"name": name, "country_id": env.ref("base.be").id, "vat": "BE0999999031"}
            )
            env.user.company_ids += company
            env["account.chart.template"].try_loading("be_comp", company, install_demo=False)
        self.env = env(
            context={**env.context, "allowed_company_ids": company.ids, "tracking_disable": True}
        )
        self.company = company.with_env(self.env)
        self.package = package

    @property
    def set_up(self):
        """The initial synchronisation."""
        return SetUp(self.company)

    @property
    def connection(self):
        return (
            self.env["accountable.connection"]
            .with_context(active_test=False)
            .search([("company_id", "=", self.company.id)])
        )

    def invoice_keys(self):
        """Keys in the administration of the company's customer invoices."""
        bindings = self.env["accountable.binding"].search(
            [("connection_id", "=", self.connection.id), ("kind", "=", "document")]
        )
        invoices = set(
            self.env["account.move"]
            .search([("company_id", "=", self.company.id), ("move_type", "=", "out_invoice")])
            .ids
        )
        return [row.external_key for row in bindings if row.res_id in invoices]

    def _journal(self, kind):
        return self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", kind)], limit=1
        )

    def _tax(self, name):
        return self.env["account.chart.template"].with_company(self.company).ref(name)

    def partners(self, prefix: str, count: int = PARTIES):
        """So many parties, made where they are not there yet."""
        names = [f"{prefix} {number} BV" for number in range(count)]
        partners = self.env["res.partner"].search([("name", "in", names)], order="id")
        return partners or self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "country_id": self.env.ref("base.be").id,
                    "street": f"Kerkstraat {number + 1}",
                    "zip": "9000",
                    "city": "Gent",
                }
                for number, name in enumerate(names)
            ]
        )

    def set_customers(self, partners, count: int):
        """The first so many of these are customers, the others nobody in particular."""
        self.env.flush_all()
        for rank, some in ((1, partners[:count]), (0, partners[count:])):
            self.env.cr.execute(
                "UPDATE res_partner SET customer_rank = %s WHERE id = ANY(%s)", [rank, some.ids]
            )
        self.env.invalidate_all()

    def draft_invoices(self, count: int, partners=None):
        """Drafts of customer invoices with three lines at two rates, for the same parties each time
        unless ``partners`` says whose they are."""
        partners = partners or self.partners("Customer")
        taxes = [self._tax("attn_VAT-OUT-21-L"), self._tax("attn_VAT-OUT-06-L")]
        account = self._journal("sale").default_account_id
        return self._drafts("out_invoice", self._journal("sale"), count, partners, taxes, account)

    def draft_bills(self, count: int):
        """Drafts of vendor bills with three lines at two rates, each with its PDF."""
        partners = self.partners("Supplier")
        taxes = [self._tax("attn_VAT-IN-V81-21"), self._tax("attn_VAT-IN-V81-06")]
        account = self._journal("purchase").default_account_id
        moves = self._drafts(
            "in_invoice", self._journal("purchase"), count, partners, taxes, account
        )
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"bill-{move.id}.pdf",
                    "raw": PDF + str(move.id).encode(),
                    "mimetype": "application/pdf",
                    "res_model": move._name,
                    "res_id": move.id,
                }
                for move in moves
            ]
        )
        for move, attachment in zip(moves, attachments, strict=True):
            move.message_main_attachment_id = attachment
            move.ref = f"F{move.id:07d}"
        return moves

    def _drafts(self, move_type, journal, count, partners, taxes, account):
        return self.env["account.move"].create(
            [
                {
                    "move_type": move_type,
                    "journal_id": journal.id,
                    "partner_id": partners[number % len(partners)].id,
                    "invoice_date": f"2026-{1 + number * MONTHS // count:02}-15",
                    "date": f"2026-{1 + number * MONTHS // count:02}-15",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": f"Line {line}",
                                "quantity": 1 + line,
                                "price_unit": 10 + number * 1.01 + line,
                                "account_id": account.id,
                                "tax_ids": taxes[line % 2].ids,
                            }
                        )
                        for line in range(3)
                    ],
                }
                for number in range(count)
            ]
        )

    def add_legal_pdf(self, moves):
        """What Odoo does when the invoices were sent: the PDF is there and is to follow."""
        self.env["ir.attachment"].create(
            [
                {
                    "name": f"{move.name.replace('/', '_')}.pdf",
                    "raw": PDF + str(move.id).encode(),
                    "mimetype": "application/pdf",
                    "res_model": move._name,
                    "res_id": move.id,
                    "res_field": "invoice_pdf_report_file",
                }
                for move in moves
            ]
        )
        moves.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        moves._accountable_enqueue_files()
