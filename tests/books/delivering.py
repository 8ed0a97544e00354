"""Documents of a company delivered as they are, into a box of a postbox sandbox in this process."""

from unittest.mock import patch

from odoo.addons.accountable_connect_ubl.api.rules import findings
from odoo.addons.accountable_connect_ubl.models.authorship import Files, we_wrote

from tooling.books import delivered
from tooling.books.odoo_delivered import delivered as odoo_side
from tooling.packages.ubl import PACKAGE

PDF = b"%PDF-1.4 of an invoice"


class Delivering:
    """For a test case whose company is the one that the box belongs to."""

    def deliver(self, company, moves):
        """Every document that goes lies in the box, its e-invoices break no rule, and what the
        receiver read is what Odoo posted. Gives ``{move: [problem]}`` of those that do not go, the
        documents of ours that go as PDF, which is said of each, and the comparison."""
        server = self.enterContext(PACKAGE.serve(watching=False))
        box = int(PACKAGE.administration)
        # rendered once for all of them: what is inside the e-invoice is not what is tested
        rendering = patch.object(
            self.env.registry["accountable.delivery"],
            "_rendered_pdf",
            lambda _self, move: (f"{move.id}.pdf", PDF + str(move.id).encode()),
        )
        with rendering:
            made = self.env["accountable.delivery"]._deliveries(self._ubl(company), moves)
        refused = {
            move: [problem for problem in made[move.id][1] if problem.blocking] for move in moves
        }
        refused = {move: problems for move, problems in refused.items() if problems}
        sent = moves - self.env["account.move"].concat(*refused)
        without_address = self.env["res.partner"]
        for move in sent:
            for file in made[move.id][0].files:
                if file.media_type == "application/xml":
                    broken = findings(file.content)
                    refused_by = [one for one in broken if one.refuses]
                    self.assertEqual(refused_by, [], move.name)
                    if broken and we_wrote(move, Files(move)):
                        without_address |= move.commercial_partner_id
                (server.folder(box) / file.name).write_bytes(file.content)
        server.receive()
        self._check_without_address(without_address, server.books(box))
        self.assertEqual(server.refused(box), [])
        as_pdf = sent.filtered(
            lambda move: (
                move.is_sale_document()
                and made[move.id][0].files[0].media_type == "application/pdf"
            )
        )
        self.assertTrue(all(made[move.id][1] for move in as_pdf))
        ours = odoo_side(sent)
        for move, document in zip(sent, ours, strict=True):
            document.as_file = document.as_file or move in as_pdf
        found = delivered.compare(ours, PACKAGE.bookings(server.books(box)))
        if not found.agrees:
            words = [
                f"{move.name} ({move.ref}): {problem.message}"
                for move in sent
                for problem in made[move.id][1]
            ]
            self.fail("\n".join([*delivered.lines_of(found), *words]))
        self.assertEqual(found.documents, len(sent))
        return refused, as_pdf, found

    def _check_without_address(self, partners, books):
        """Whom the rules name, the contact in Odoo and the received bytes say the same of."""
        for partner in partners:
            self.assertFalse(partner.peppol_eas and partner.peppol_endpoint, partner.name)
        self.assertEqual(sorted(set(partners.mapped("name"))), PACKAGE.without_address(books))

    def _ubl(self, company):
        """The company's connection, which nothing is sent over."""
        self.env["accountable.connect"].sudo().create(
            {
                "company_id": company.id,
                "package": PACKAGE.name,
                "ubl_profile_id": self.env.ref(
                    f"accountable_connect_ubl.profile_{PACKAGE.receiver}"
                ).id,
            }
        ).action_continue()
        return (
            self.env["accountable.connection"]
            .sudo()
            .search([("company_id", "=", company.id), ("package", "=", PACKAGE.name)])
            .with_company(company)
        )
