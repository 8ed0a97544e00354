"""Neutral documents out of posted invoices, bills, credit notes and receipts."""

import hashlib
from decimal import Decimal
from functools import partial

from odoo import api, models
from odoo.addons.account.tools.structured_reference import is_valid_structured_reference

from ...const import KIND_BY_MOVE_TYPE
from ...documents.amounts import ZERO, to_decimal
from ...documents.document import Document, DocumentError, Instalment, StoredFile
from ...documents.sentence import SentencesOf
from ..fetching import fetch_only
from ..problem import problem_of
from .document_facts import DocumentFacts

_lt = SentencesOf(__name__)

TEXT_LENGTH = 250
# What building documents reads of records that have many fields.
OF_MOVES = (
    "state",
    "move_type",
    "name",
    "ref",
    "date",
    "company_id",
    "journal_id",
    "currency_id",
    "commercial_partner_id",
    "fiscal_position_id",
    "invoice_date",
    "invoice_date_due",
    "invoice_payment_term_id",
    "invoice_currency_rate",
    "invoice_cash_rounding_id",
    "payment_reference",
    "reversed_entry_id",
    "sequence_number",
    "message_main_attachment_id",
    "write_date",
)
OF_ITEMS = (
    "display_type",
    "sequence",
    "name",
    "account_id",
    "partner_id",
    "currency_id",
    "amount_currency",
    "balance",
    "date_maturity",
    "analytic_distribution",
    "tax_repartition_line_id",
    "group_tax_id",
    "product_id",
    "product_uom_id",
    "price_unit",
    "quantity",
    "discount",
    "extra_tax_data",
)
OF_COMPANY = (
    "parent_id",
    "parent_path",
    "partner_id",
    "currency_id",
    "account_fiscal_country_id",
    "account_price_include",
    "tax_calculation_rounding_method",
)
OF_CURRENCIES = ("name", "decimal_places", "rounding")
OF_COUNTRIES = ("code", "name")
OF_FISCAL_POSITIONS = ("foreign_vat", "country_id")
OF_ACCOUNTS = ("account_type", "name", "code_store")
OF_TAXES = (
    "name",
    "company_id",
    "country_id",
    "sequence",
    "amount_type",
    "amount",
    "analytic",
    "include_base_amount",
    "is_base_affected",
    "price_include_override",
    "tax_exigibility",
    "invoice_repartition_line_ids",
    "refund_repartition_line_ids",
)
OF_REPARTITION_LINES = (
    "tax_id",
    "document_type",
    "repartition_type",
    "factor_percent",
    "account_id",
    "use_in_tax_closing",
    "tag_ids",
)
OF_PARTNERS = (
    "name",
    "commercial_partner_id",
    "parent_id",
    "is_company",
    "company_name",
    "company_registry",
    "vat",
    "street",
    "street2",
    "zip",
    "city",
    "country_id",
    "lang",
    "tz",
    "email",
    "phone",
    "website",
    "customer_rank",
    "supplier_rank",
    "peppol_eas",
    "peppol_endpoint",
    # only these of all that a partner has for each company
    "property_payment_term_id",
    "property_supplier_payment_term_id",
)
ORIGINAL_MEDIA_TYPES = ("application/pdf", "application/xml", "text/xml", "image/")


class AccountableDocument(models.AbstractModel):
    """Builds documents for a batch of entries; nothing is stored and nothing is called."""

    _name = "accountable.document"
    _description = "Neutral document"

    def _build_documents(self, connection, moves, facts=None):
        """``{move id: (Document or None, [Problem])}``, warnings included.

        :param connection: whose codes, settings and links count
        :param moves: posted invoices, bills, credit notes and receipts
        :param facts: the :class:`DocumentFacts` of these moves, where they are there already
        """
        moves = self._prefetch(moves)
        facts = facts or DocumentFacts(connection, moves)
        built = {}
        for move in moves:
            problems = []
            document = self._build_one(move, facts, problems)
            built[move.id] = (document, problems)
        return built

    def _prefetch(self, moves):
        """The entries with one prefetch set for all they refer to, codes of the right company."""
        fetch_only(moves, OF_MOVES)
        companies = moves.company_id
        fetch_only(companies, OF_COMPANY)
        company = moves.company_id.root_id[:1]
        if company:
            moves = moves.with_company(company)
        items = moves.line_ids
        fetch_only(items, (*OF_ITEMS, "tax_ids", "tax_tag_ids"))
        taxes, partners = items.tax_ids, moves.commercial_partner_id
        repartition_lines = self._prefetch_taxes(taxes)
        fetch_only(items.account_id | repartition_lines.account_id, OF_ACCOUNTS)
        fetch_only(partners, OF_PARTNERS)
        fetch_only(moves.currency_id | companies.currency_id, OF_CURRENCIES)
        countries = companies.account_fiscal_country_id | partners.country_id | taxes.country_id
        fetch_only(countries, OF_COUNTRIES)
        fetch_only(moves.fiscal_position_id, OF_FISCAL_POSITIONS)
        return moves

    def _prefetch_taxes(self, taxes):
        """How they are distributed, whose lines are asked for their tags one by one else: those
        lines."""
        fetch_only(taxes, OF_TAXES)
        lines = taxes.invoice_repartition_line_ids | taxes.refund_repartition_line_ids
        fetch_only(lines, OF_REPARTITION_LINES)
        return lines

    def _build_one(self, move, facts, problems):
        kind = KIND_BY_MOVE_TYPE.get(move.move_type)
        if not kind or move.state != "posted":
            message = _lt(
                "%(document)s is not a posted invoice, bill, credit note or receipt.",
                document=move.display_name,
            )
            problems.append(problem_of(move, "data_refused", "not_posted", message))
            return None
        lines = self.env["accountable.document.line"]._lines(move, kind, facts, problems)
        resolver = self.env["accountable.code.resolver"]
        journal = facts.booked_in.get(move.id)
        if not journal:
            journal = resolver._resolve_journal(facts.rows, move.journal_id, kind, problems)
        if any(problem.blocking and not problem.overridable for problem in problems):
            return None
        term = move.invoice_payment_term_id
        try:
            return Document(
                kind=kind,
                journal=journal,
                lines=lines,
                party=self.env["accountable.party"]._of_document(facts.connection, move),
                payment_term=resolver._resolve_payment_term(facts.rows, term) if term else None,
                # a late bill's moves to the first open period of the administration
                accounting_date=facts.periods.open_date(move, journal) or move.date,
                **self._header(move, kind),
                **self._origin(move, facts.origin_keys),
                **self._totals(move),
            )
        except DocumentError as error:
            message = _lt("The document does not add up: %(figures)s.", figures=str(error))
            problems.append(problem_of(move, "data_refused", "does_not_add_up", message))
            return None

    # The head of a document

    def _header(self, move, kind):
        currency, company_currency = move.currency_id, move.company_id.currency_id
        is_sale = kind.startswith("sale")
        return {
            "own_reference": self._own_reference(move),
            "number": move.name,
            "sequence_number": move.sequence_number,
            "document_date": move.invoice_date or move.date,
            "currency": currency.name,
            "company_currency": company_currency.name,
            "currency_decimals": currency.decimal_places,
            "company_currency_decimals": company_currency.decimal_places,
            "rate": self._rate(move),
            "reference": (move.payment_reference if is_sale else move.ref) or "",
            "communication": self._communication(move),
            "text": self._text(move, is_sale),
            "address": self._address(move),
        }

    def _own_reference(self, move):
        """Unique among the databases that may feed one administration, known copies of one
        included."""
        return f"{self._own_prefix()}{move.id}"

    @api.model
    def _own_prefix(self):
        """What the marks of all documents of this database begin with."""
        return f"odoo-{self.env['accountable.identity']._mark()}-"

    def _address(self, move):
        """Where a person opens it in this database, "" when the database does not know its own
        address."""
        base = self.get_base_url()
        return f"{base}/odoo/{move._name}/{move.id}" if base else ""

    def _rate(self, move):
        """Units of the document's currency for one unit of the company's, as it was posted."""
        if move.currency_id == move.company_id.currency_id:
            return Decimal(1)
        return Decimal(f"{move.invoice_currency_rate:.12g}")

    def _communication(self, move):
        reference = move.payment_reference or ""
        return reference if is_valid_structured_reference(reference) else ""

    def _text(self, move, is_sale):
        """Free of the reader's language, so that the fingerprint does not depend on it."""
        origin = move.reversed_entry_id
        parts = [
            move.name,
            move.ref if is_sale else "",
            f"{origin.name} {origin.invoice_date:%d-%m-%Y}"
            if origin and origin.invoice_date
            else "",
        ]
        return " / ".join(part for part in parts if part)[:TEXT_LENGTH]

    def _origin(self, move, origin_keys):
        origin = move.reversed_entry_id
        return {
            "origin_number": origin.name or "",
            "origin_key": origin_keys.get(origin.id, ""),
        }

    def _totals(self, move):
        """Total and instalments out of the party's items, signed relative to the kind."""
        decimals = move.currency_id.decimal_places
        company_decimals = move.company_id.currency_id.decimal_places
        items = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
        items = items.sorted(lambda line: (line.date_maturity or move.date, line.id))
        sign = -move.direction_sign
        instalments = tuple(
            Instalment(
                due_date=item.date_maturity or move.date,
                amount=to_decimal(sign * item.amount_currency, decimals),
            )
            for item in items
        )
        total_company = [to_decimal(sign * item.balance, company_decimals) for item in items]
        return {
            "instalments": instalments,
            "due_date": move.invoice_date_due
            or max((instalment.due_date for instalment in instalments), default=move.date),
            "total": sum((instalment.amount for instalment in instalments), ZERO),
            "total_company": sum(total_company, ZERO),
        }

    # Files

    def _prefetch_files(self, moves):
        """Reads names and types of all their attachments at once; without it ``_files`` asks for
        those of each document."""
        moves = moves.sudo()  # as in _files
        bills = moves.filtered(lambda move: not move.is_sale_document(include_receipts=True))
        attachments = bills.message_main_attachment_id | bills.attachment_ids
        attachments |= self._legal_documents(moves)
        attachments.fetch(["name", "mimetype", "store_fname", "accountable_from_outside"])

    def _files(self, move):
        """``(files, notes)``: the files that belong to a document and what was left out.

        Bills: what the supplier sent, XML and PDF. Sales: the legal PDF and the electronic invoice
        once Odoo made them; none is ever made here, since making it marks the invoice as sent.
        """
        if move.is_sale_document(include_receipts=True):
            attachments = self._legal_documents(move)
        else:
            attachments = self._originals(move)
        files, notes = [], []
        for attachment in attachments:
            file = self._file(attachment)
            if file.size:
                files.append(file)
            else:
                notes.append(_lt("File %(name)s is empty and is not sent.", name=attachment.name))
        return tuple(files), notes

    def _file(self, attachment):
        """A file that is read for its checksum now, and again when it is sent: those of a whole
        batch would fill the memory."""
        read = partial(_read_content, attachment.with_prefetch(), attachment.store_fname)
        content = read()
        return StoredFile(
            key=f"ir.attachment,{attachment.id}",
            name=attachment.name or "",
            media_type=self._media_type(attachment),
            size=len(content),
            checksum=hashlib.sha256(content).hexdigest(),
            read=read,
        )

    def _legal_documents(self, moves):
        # what belongs to a document goes with it, whoever may see which file
        attachments = self.env["ir.attachment"].sudo()
        for name in ("invoice_pdf_report_id", "ubl_cii_xml_id"):
            if name in moves._fields:
                attachments |= moves.sudo()[name]
        return attachments

    def _originals(self, move):
        """What the supplier sent: the main attachment first, then every other PDF, XML or image,
        without what people from outside added to the posted bill.

        A bill we issue ourselves (self-billing) has legal documents as a sale has.
        """
        move = move.sudo()  # as above
        attachments = move.message_main_attachment_id | move.attachment_ids.sorted("id")
        originals = attachments.filtered(
            lambda attachment: (
                self._media_type(attachment).startswith(ORIGINAL_MEDIA_TYPES)
                and not attachment.accountable_from_outside
            )
        )
        return originals | self._legal_documents(move)

    def _media_type(self, attachment):
        """Odoo calls XML that a user uploaded plain text, so that browsers do not open it."""
        if (attachment.name or "").lower().endswith(".xml"):
            return "application/xml"
        return attachment.mimetype or "application/octet-stream"


def _read_content(attachment, store_fname):
    """The content of one attachment, b"" when it is gone. Not through its field ``raw`` where that
    can be helped: Odoo reads it of all records at once, and keeps it until the next commit."""
    if store_fname:
        return attachment._file_read(store_fname)
    content = attachment.exists().raw or b""
    attachment.invalidate_recordset(["raw", "db_datas"], flush=False)
    return content
