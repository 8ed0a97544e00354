from dataclasses import replace

from odoo import models
from odoo.addons.accountable_connect.api.errors import CONFIGURATION_MISSING
from odoo.addons.accountable_connect.const import KIND_BY_MOVE_TYPE
from odoo.addons.accountable_connect.documents import Delivery
from odoo.addons.accountable_connect.documents.amounts import to_decimal
from odoo.addons.accountable_connect.documents.sentence import filled
from odoo.addons.accountable_connect.models.problem import problem_of

from ..sentences import SENTENCES
from .authorship import we_wrote
from .delivery_facts import DeliveryFacts
from .original import Original
from .own_document import OwnDocument


class AccountableDelivery(models.AbstractModel):
    """What the receiver gets of a document: what we wrote as e-invoice, everything else as its
    original."""

    _inherit = "accountable.delivery"

    def _deliveries(self, connection, moves, with_files=True):
        if connection.package != "ubl":
            return super()._deliveries(connection, moves, with_files)
        if not connection.sudo().ubl_profile_id:  # a user need not read it
            message = filled(SENTENCES["no_receiver"], {})
            problem = problem_of(connection, CONFIGURATION_MISSING, "no_receiver", message)
            return {move.id: (None, [problem]) for move in moves}
        facts = DeliveryFacts(connection, moves, with_files)
        return {move.id: self._delivery(facts, move) for move in facts.moves}

    def _delivery(self, facts, move):
        """``(Delivery or None, [Problem])``; there is one as well where a person may override what
        blocks it."""
        kind = KIND_BY_MOVE_TYPE.get(move.move_type)
        if not kind or move.state != "posted":
            return None, []
        own = we_wrote(move, facts.files)
        if own and kind.startswith("sale") and facts.profile.forwards_to_customer:
            values = {"receiver": facts.profile.name}
            problem = facts.problem(
                facts.connection, CONFIGURATION_MISSING, "forwards_sales", **values
            )
            return None, [problem]
        made = (OwnDocument if own else Original)(facts, move, kind).made()
        made.problems.extend(facts.shared_address(kind, made.files))
        if any(one.blocking and not one.overridable for one in made.problems):
            return None, made.problems
        currency = move.currency_id
        partner = move.commercial_partner_id
        delivery = Delivery(
            kind=kind,
            number=move.name,
            journal=move.journal_id.code,
            party_name=partner.name or move.partner_id.display_name or "",
            party_vat_number=partner.vat or "",
            document_date=move.invoice_date or move.date,
            accounting_date=move.date,
            currency=currency.name,
            total=to_decimal(move.amount_total, currency.decimal_places),
            vat_totals=made.vat_totals,
            files=facts.named(move, kind, made.files),
        )
        return delivery, made.problems

    def _fingerprint(self, move, delivery):
        """Of a bill we wrote its lines count, and not the PDF that Odoo makes when it is sent."""
        own_bill = move.journal_id.is_self_billing and not delivery.document
        if not own_bill or not delivery.kind.startswith("purchase"):
            return super()._fingerprint(move, delivery)
        written = replace(delivery, kind=delivery.kind.replace("purchase", "sale"))
        return super()._fingerprint(move, written)

    def _rendered_pdf(self, move):
        """``(name, content)`` of the invoice as Odoo prints it, *Invoice* and not *Proforma*;
        nothing is stored, and the invoice does not count as sent."""
        report = self.env["account.move.send"]._get_default_pdf_report_id(move)
        reports = self.env["ir.actions.report"].with_company(move.company_id)
        content, kind = reports._pre_render_qweb_pdf(report.report_name, res_ids=move.ids)
        pages = reports._get_splitted_report(report.report_name, content, kind)
        return move._get_invoice_report_filename(report=report), pages[move.id]
