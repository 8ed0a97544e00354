"""Which record has to be put right after an error of a package."""

from odoo.fields import Domain

from ...api.concerns import CODE_IN, CONNECTION, PARTY, SIGN_IN, names_code
from ...api.errors import CONFIGURATION_MISSING, LIMIT_REACHED, AuthorisationLostError
from ...const import KIND_BY_MOVE_TYPE
from ...documents import COST_AXES, JOURNAL, LEDGER_ACCOUNT, PAYMENT_TERM, VAT_CODE
from ..master_data.mapping import SOURCE_MODELS
from .job_part import JobPart


class Causes(JobPart):
    """The cause of an error, out of what the package says it concerns."""

    def of(self, error):
        """``(model, id)`` of the record to open. Of a mapping row that is found by what the package
        says, the code is added to the values of the error, so that its sentence names it."""
        concern = error.values.get("concerns") or self.connection._get_concerns().get(error.code)
        if isinstance(error, AuthorisationLostError) or concern == SIGN_IN:
            return "accountable.sign.in", self.connection.sign_in_id.id
        if concern in CODE_IN and (row := self._row(concern, error)):
            error.values.setdefault(CODE_IN[concern], row.master_data_id.code or "")
            return row._name, row.id
        if concern == PARTY and (partner_id := self._partner_id()):
            return "res.partner", partner_id
        if concern in CODE_IN or concern == CONNECTION:
            return "accountable.connection", self.run.connection_id
        if concern is None and error.kind in (LIMIT_REACHED, CONFIGURATION_MISSING):
            return "accountable.connection", self.run.connection_id
        return self.res_model, self.res_id

    def _partner_id(self):
        prepared = self.operation != "party" and self.run.prepared.get(self.res_id)
        return (
            self.run.partner_id_of(prepared.document.party)
            if prepared and prepared.document
            else None
        )

    def _row(self, kind, error):
        """The mapping row through which the document of this item got a code of this kind: the one
        with the code of the error, else the one whose code the package names, else the only one."""
        rows = self._rows_of_document(kind)
        told = error.values.get(CODE_IN[kind])
        if told is None:
            detail = f"{error.values.get('detail', '')} {error.technical}"
            named = rows.filtered(lambda row: names_code(detail, row.master_data_id.code))
            return named[:1] if named or len(rows) != 1 else rows
        if not told:
            return rows.filtered("without_code")[:1]
        return rows.filtered(lambda row: row.master_data_id.code == told)[:1]

    def _rows_of_document(self, kind):
        """The mapping rows of this kind of master data that the document of this item goes with,
        those of its lines in their order."""
        rows = self.env["accountable.mapping"]
        if self.res_model != "account.move":
            return rows
        move = self.env["account.move"].browse(self.res_id).exists()
        kinds = (KIND_BY_MOVE_TYPE.get(move.move_type), "any")
        source_kind, sources = self._sources(kind, move)
        places = {f"{SOURCE_MODELS[source_kind]},{id_}": place for place, id_ in enumerate(sources)}
        found = rows.search(
            Domain("connection_id", "=", self.run.connection_id)
            & Domain("kind", "=", source_kind)
            & Domain("source_key", "in", list(places))
            & Domain("document_kind", "in", kinds)
        )
        # that of the kind of document counts before the one for any
        return found.sorted(
            lambda row: (places[row.source_key], row.document_kind == "any", row.id)
        )

    def _sources(self, kind, move):
        """``(kind of mapping, ids of the records)`` that stand for this kind of master data on a
        document; 0 for none."""
        lines = move.line_ids.sorted("sequence")
        if kind == JOURNAL:
            return "journal", move.journal_id.ids
        if kind == PAYMENT_TERM:
            return "payment_term", move.invoice_payment_term_id.ids
        if kind == VAT_CODE:
            return "tax", [*lines.tax_ids.flatten_taxes_hierarchy().ids, 0]
        if kind == LEDGER_ACCOUNT:
            return "account", lines.account_id.ids
        assert kind in COST_AXES
        keys = [key for line in lines for key in (line.analytic_distribution or {})]
        ids = [int(id_) for key in keys for id_ in key.split(",")]
        return "analytic_account", list(dict.fromkeys(ids))
