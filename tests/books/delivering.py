"""Documents of a company delivered as they are, into a box of a postbox sandbox in this process."""

from types import SimpleNamespace
from unittest.mock import patch

from odoo.addons.accountable_connect.models.engine.hand_over import hand_over_closed
from odoo.addons.accountable_connect.tests.common_mail import send_on_this_machine
from odoo.addons.accountable_connect_ubl.api.rules import findings
from odoo.addons.accountable_connect_ubl.models.authorship import Files, we_wrote

from tooling.books import delivered
from tooling.books.odoo_delivered import delivered as odoo_side
from tooling.demo import by_mail, by_sftp
from tooling.packages.control import Control
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
        with self._small_pdfs():
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

    def deliver_by(self, company, moves, way):
        """A few documents, none of which may be refused, by e-mail or by SFTP: each in its batch,
        as the queue hands it over; what the receiver read is what Odoo posted."""
        server = self.enterContext(PACKAGE.serve(watching=False))
        control = Control(PACKAGE.root(server))
        connection = self._ubl(company)
        send_on_this_machine(self)
        choices = {"mail": by_mail, "sftp": by_sftp}[way].choices(connection, control, PACKAGE)
        connection.write({"channel": way, "batch_closes": "manual", **choices})
        batches = self.env["accountable.batch"].sudo()
        with (
            self._small_pdfs(),
            patch.object(type(connection), "_commit", lambda one: one.env.flush_all()),
            connection._open_package() as package,
        ):
            made = self.env["accountable.delivery"]._deliveries(connection, moves)
            for move in moves:
                delivery, problems = made[move.id]
                self.assertFalse([one.message for one in problems if one.blocking])
                batch = connection._open_batch()
                batch._add_item(delivery, res_model=move._name, res_id=move.id)
                batch._close(package)
                batches |= batch
            hand_over_closed(connection, SimpleNamespace(has_time=True, check_lock=lambda: None))
        server.receive()
        for batch in batches:
            self.assertEqual(batch.state, "handed_over", batch.message)
        box = int(PACKAGE.administration)
        self.assertEqual(server.refused(box), [])
        found = delivered.compare(odoo_side(moves), PACKAGE.bookings(server.books(box)))
        self.assertTrue(found.agrees, "\n".join(delivered.lines_of(found)))
        self.assertEqual(found.documents, len(moves))
        return server, batches

    def _small_pdfs(self):
        """Rendered once for all of them: what is inside the e-invoice is not what is tested."""
        return patch.object(
            self.env.registry["accountable.delivery"],
            "_rendered_pdf",
            lambda _self, move: (f"{move.id}.pdf", PDF + str(move.id).encode()),
        )

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
