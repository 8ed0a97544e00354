"""A document we wrote: the e-invoice with its PDF inside, or the PDF alone."""

import logging

import psycopg2
from odoo.addons.accountable_connect.api.errors import DATA_REFUSED, TEMPORARY
from odoo.addons.accountable_connect.documents import File
from odoo.addons.accountable_connect.documents.amounts import to_decimal
from odoo.addons.accountable_connect.documents.sentence import SentencesOf, joined
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from ..api import corrections
from ..api.reading import embedded_pdf, head_of, tree_of
from ..api.rules import findings, repaired
from .account_edi_xml_ubl_bis3 import Objections
from .delivery_facts import PDF, XML, Made
from .objections import (
    cause_of_finding,
    cause_of_objection,
    lines_of_objection,
    odoo_sentence,
)
from .posted_vat import posted_vat
from .rule_facts import invoice_lines, ubl_facts

_lt = SentencesOf(__name__)
_logger = logging.getLogger(__name__)


class OwnDocument:
    """One document we wrote, on its way to the receiver."""

    def __init__(self, facts, move, kind):
        self.facts = facts
        self.move = move
        self.kind = kind
        self.env = move.env

    def made(self):
        """:return: :class:`Made`; files are as they are called in Odoo"""
        try:
            return self._made()
        except PdfFailed as error:
            problem = self.facts.problem(
                self.move, TEMPORARY, "pdf_failed", document=self.move.name, reason=str(error)
            )
            return Made([], (), [problem])

    def _made(self):
        if self.move.move_type == "out_receipt":
            if self.facts.pdf_allowed:
                return self._pdf_alone([])
            return Made([], (), [self._problem(self.move, "receipt")])
        if XML not in self.facts.profile.media_types:
            return self._pdf_alone([])
        root, reasons, remarks = self._e_invoice()
        if not reasons:
            return self._with_pdf(root, remarks)
        code = "goes_as_pdf" if self.facts.pdf_allowed else "not_an_e_invoice"
        problems = [
            self._problem(cause, code, blocking=code == "not_an_e_invoice", reason=reason)
            for cause, reason in reasons
        ]
        return self._pdf_alone(problems) if self.facts.pdf_allowed else Made([], (), problems)

    def _problem(self, cause, code, **values):
        return self.facts.problem(cause, DATA_REFUSED, code, document=self.move.name, **values)

    # Files

    def _with_pdf(self, root, problems):
        vat_totals = head_of(root).vat_totals
        name = f"{self.move.name}.xml"
        if inside := embedded_pdf(root):
            key = f"{self.move._name},{self.move.id}/pdf"
            pdf = File(key=key, name=f"{self.move.name}.pdf", media_type=PDF, content=inside)
        elif pdf := self._pdf():
            corrections.with_pdf(root, pdf.name, pdf.content)
        key = f"{self.move._name},{self.move.id}/ubl"
        content = corrections.written(root)
        file = File(key=key, name=name, media_type=XML, content=content)
        files = [(file, False)]
        problems = problems + self.facts.refused(self.move, file)
        if self.facts.profile.pdf_beside and pdf:
            files.append((pdf, True))
            problems += self.facts.refused(self.move, pdf)
        return Made(files, vat_totals, problems)

    def _pdf_alone(self, problems):
        pdf = self._pdf()
        files = [(pdf, False)] if pdf else []
        refused = self.facts.refused(self.move, pdf) if pdf else []
        return Made(files, posted_vat(self.move), problems + refused)

    def _pdf(self):
        try:
            return self.facts.pdf(self.move)
        except UserError as error:
            raise PdfFailed(str(error)) from error

    # The e-invoice

    def _e_invoice(self):
        """``(root or None, [(cause, sentence)], [Problem that hinders nothing])``: corrected and
        checked, without the PDF that is not in it yet."""
        root, reasons = self._sent(), []
        if root is None:
            root, reasons = self._built()
        if root is None or reasons:
            return None, reasons, []
        self._correct(root)
        return self._checked(root)

    def _sent(self):
        """What Odoo sent to the customer, where it is what the receiver should book."""
        attachment = self.facts.files.legal(self.move, "ubl_cii_xml_file")
        root = tree_of(self.facts.files.file(attachment).content) if attachment else None
        head = head_of(root)
        fits = (
            head is not None
            and head.is_peppol
            and head.number == self.move.name
            and head.credits == self.kind.endswith("_refund")
        )
        return root if fits else None

    def _built(self):
        """``(root or None, reasons)`` of what Odoo builds now."""
        objections = Objections()
        # English, so that what is said can be read in any language, and the bytes do not depend
        # on who asks
        builder = self.env["account.edi.xml.ubl_bis3"].with_context(
            accountable_objections=objections, lang="en_US"
        )
        move = self.move.with_company(self.move.company_id).with_context(lang="en_US")
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                content, errors = builder._export_invoice(move)
        except psycopg2.OperationalError:
            raise
        except UserError as error:
            return None, [(self._tax_at_fault() or self.move, odoo_sentence(str(error)))]
        except Exception:
            _logger.info("No e-invoice can be built of %s", self.move.id, exc_info=True)
            return None, [(self.move, _lt("Odoo's e-invoicing met an unexpected error."))]
        reasons = [self._reason(key, text) for key, text in objections.by_key.items()]
        known = set(objections.by_key.values())
        reasons += [(self.move, odoo_sentence(text)) for text in sorted(errors - known)]
        return tree_of(content), reasons

    def _reason(self, key, text):
        sentence = odoo_sentence(text)
        if lines := lines_of_objection(key, self.move):
            named = [
                line.name or line.product_id.display_name or str(line.price_subtotal)
                for line in lines
            ]
            sentence = joined(sentence, _lt("It is about: %(lines)s.", lines=named))
        return cause_of_objection(key, self.move), sentence

    def _tax_at_fault(self):
        """The tax whose distribution Odoo refuses."""
        for tax in self.move.invoice_line_ids.tax_ids:
            try:
                tax._validate_repartition_lines()
            except UserError:
                return tax
        return None

    def _correct(self, root):
        move = self.move
        corrections.as_unpaid(root, to_decimal(move.amount_total, move.currency_id.decimal_places))
        origin = move.reversed_entry_id
        if not origin and "debit_origin_id" in move._fields:
            origin = move.debit_origin_id
        if origin.name and origin.is_invoice(include_receipts=True):
            corrections.with_reference(root, origin.name, origin.invoice_date)

    def _checked(self, root):
        """What the rules of e-invoicing repair and find, without what is embedded."""
        embedded = corrections.without_embedded(root)
        facts = ubl_facts(self.move)
        content, _cured = repaired(corrections.written(root), facts)
        reasons, remarks = [], []
        for found in findings(content, facts):
            cause = cause_of_finding(found, self.move, invoice_lines(self.move))
            if found.refuses:
                reasons.append((cause, found.message))
            else:
                values = {"blocking": False, "reason": found.message}
                remarks.append(self._problem(cause, "no_electronic_address", **values))
        root = tree_of(content)
        corrections.with_embedded(root, embedded)
        return root, reasons, remarks


class PdfFailed(Exception):
    """Odoo could not render the PDF; its text is Odoo's sentence."""
