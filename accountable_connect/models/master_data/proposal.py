"""Which counterpart a record of Odoo probably has: from Odoo's records to the rules of
``api/proposals.py``, and from what they found to a sentence on the mapping."""

import psycopg2
from odoo import models
from odoo.tools.translate import LazyTranslate

from ...api import account_proposals, proposals
from ...api.account_template import source_names
from ...api.counterparts import Counterparts
from ...api.learned import account_by_experience, vat_code_by_experience
from ...documents.sentence import filled
from .mapping import NO_PROPOSAL, SOURCE_FIELDS, SOURCE_MODELS
from .tax_profile import tax_profile

_lt = LazyTranslate(__name__)

PROPOSERS = {
    "journal": proposals.propose_journal,
    "account": account_proposals.propose_ledger_account,
    "payment_term": proposals.propose_payment_term,
    "analytic_account": proposals.propose_cost_centre,
}
REASONS = {
    proposals.SAME_CODE: _lt("Same code %(code)s"),
    proposals.SAME_CODE_PADDED: _lt("Same code except for trailing zeros: %(code)s"),
    proposals.SIMILAR_NAME: _lt("Similar name: %(name)s"),
    proposals.SUB_ACCOUNT: _lt("Number of the same account: %(code)s"),
    proposals.ONLY_ONE: _lt("The only journal of this type: %(name)s"),
    proposals.SAME_DAYS: _lt("Same term: %(days)s days"),
    proposals.LEARNED: _lt("Chosen before for this sign-in: %(code)s"),
    proposals.NO_CODE: _lt("A line without tax is sent without a VAT code"),
}
REASON_SAME_PROPERTIES = _lt("Same rate %(rate)s %%, kind and class")
REASON_SEVERAL = _lt(
    "Same rate %(rate)s %%, kind and class; other codes that fit as well: %(others)s"
)


class AccountableProposal(models.AbstractModel):
    """Proposes counterparts for rows of ``accountable.mapping``; a person confirms them.

    An addon that knows better for some records extends :meth:`_find`.
    """

    _name = "accountable.proposal"
    _description = "Proposed counterparts"

    def _ensure_rows(self, connection, kind, records, document_kind="any"):
        """The rows of these Odoo records; those that are missing are added with a proposal.

        The precheck calls it for what it meets on a document, so a mapping that is missing can be
        opened and cured.

        :param str kind: kind of mapping (``"tax"``)
        :param records: journals, taxes …; an empty set of taxes stands for *no tax*
        :param str document_kind: a kind of document or ``"any"``
        :return: rows of ``accountable.mapping`` (sudo)
        """
        # whoever looks at a document may not write mappings
        mappings = self.env["accountable.mapping"].sudo()
        keys = {f"{SOURCE_MODELS[kind]},{id_}": id_ for id_ in records.ids or [0]}
        rows = mappings.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", kind),
                ("document_kind", "=", document_kind),
                ("source_key", "in", list(keys)),
            ]
        )
        known = set(rows.mapped("source_key"))
        missing = [id_ for key, id_ in keys.items() if key not in known]
        if not missing or (kind != "tax" and not records):
            return rows
        values = {"connection_id": connection.id, "kind": kind, "document_kind": document_kind}
        try:
            with self.env.cr.savepoint():
                added = mappings.create(
                    [{**values, SOURCE_FIELDS[kind]: id_ or False} for id_ in missing]
                )
        except psycopg2.errors.UniqueViolation:
            # Somebody else adds them at this moment; they can be seen in the next transaction.
            return rows
        self._propose(added)
        return rows | added

    def _propose(self, rows):
        """Fill in a counterpart of these rows with its reason, where one is found."""
        for connection, rows_of_one in rows.grouped("connection_id").items():
            # who maps one kind need not read all master data
            by_kind = connection.sudo().master_data_ids.grouped("kind")
            prepared = {}
            for row in rows_of_one:
                kinds = row._counterpart_kinds()
                best, by_code = None, {}
                for kind in kinds:
                    if kind not in prepared:
                        records = by_kind.get(kind, ())
                        items = Counterparts(record._as_item() for record in records)
                        prepared[kind] = items, {record.code: record for record in records}
                    items, records = prepared[kind]
                    proposal = self._find(row.with_company(row.company_id), items)
                    if proposal and (best is None or proposal.score > best.score):
                        best, by_code = proposal, records
                if row.master_data_id and row.master_data_id.kind not in kinds:
                    row.write({"master_data_id": False, "state": "proposed"})
                self._store(row, best, by_code)

    def _find(self, row, items):
        """The ``Proposal`` for one row, None where none is found.

        :param items: ``[MasterItem]`` of one kind that may be its counterpart; it serves all rows,
            so make another list of it where some are to be left out
        """
        if row._foreign_position():
            return None
        learned = self.env["accountable.learned.counterpart"]._of(row, items)
        if row.kind != "tax":
            source = self._describe(row)
            found = PROPOSERS[row.kind](source, items)
            return account_by_experience(source, items, learned, found) if learned else found
        if row.tax_id:
            tax = tax_profile(row.tax_id, row.document_kind)
            found = proposals.propose_vat_code(tax, items)
            return vat_code_by_experience(tax, items, learned, found) if learned else found
        if row.connection_id._get_capabilities().line_without_vat_code:
            return proposals.Proposal(code="", reason=proposals.NO_CODE, score=90, certain=True)
        return None

    def _describe(self, row):
        """The ``Source`` a row stands for, of every kind but taxes."""
        record = row[SOURCE_FIELDS[row.kind]]
        if row.kind == "journal":
            values = {
                "code": record.code or "",
                "type": record.type,
                "currency": (record.currency_id or record.company_id.currency_id).name,
                "refund": row.document_kind.endswith("refund"),
            }
        elif row.kind == "account":
            return self._describe_account(row)
        elif row.kind == "payment_term":
            line = record.line_ids if len(record.line_ids) == 1 else record.line_ids.browse()
            # of those that count in another way the days alone say nothing
            counts_days = line.delay_type in ("days_after", "days_after_end_of_month")
            values = {
                "days": line.nb_days if counts_days else None,
                "end_of_month": line.delay_type == "days_after_end_of_month",
                "discount": record.early_discount,
            }
        else:
            values = {"code": record.code or ""}
        return proposals.Source(name=record.name, **values)

    def _describe_account(self, row):
        """With every name the account has: in each installed language, and those of the template it
        was made from in all of the template's."""
        account = row.account_id
        company = row.company_id.sudo().root_id  # who maps a branch need not see the head office
        template = self.env["account.chart.template"]._accountable_template(company.chart_template)
        code = account.code or ""
        found = template and template.find(row.template_key.rpartition(":")[2], code)
        own = [account.name]
        for lang, _name in self.env["res.lang"].get_installed():
            own.append(account.with_context(lang=lang).name)
        return proposals.Source(
            code=code,
            account=account._accountable_use(row.company_id),
            template=template,
            country=row.company_id.sudo().account_fiscal_country_id.code or "",
            **source_names(own, found),
        )

    def _store(self, row, proposal, by_code):
        """``state`` is named, so that a proposal never counts as a person's choice."""
        if proposal is None:
            if row.state == "proposed":
                # an earlier proposal that is none any more is not left for a click on "Confirm all"
                gone = {"master_data_id": False, "without_code": False}
                row.write({**gone, "state": "proposed", **NO_PROPOSAL})
            return
        row.write(
            {
                "master_data_id": by_code[proposal.code].id if proposal.code else False,
                "without_code": not proposal.code,
                "state": "proposed",
                "reason": self._reason_text(proposal),
                "score": proposal.score,
                "certain": proposal.certain,
            }
        )

    def _reason_text(self, proposal):
        if proposal.reason == proposals.SAME_PROPERTIES:
            text = REASON_SEVERAL if proposal.values["others"] else REASON_SAME_PROPERTIES
        else:
            text = REASONS[proposal.reason]
        return filled(text, proposal.values)
