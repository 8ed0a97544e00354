"""The lists the guided form shows: what has to be in order, and what was chosen."""

from markupsafe import Markup
from odoo import fields, models

from ...const import KIND_BY_MOVE_TYPE
from ..master_data.mapping_sources import MappingSources

ICONS = {
    "good": ("fa-check-circle", "text-success"),
    "warning": ("fa-exclamation-triangle", "text-warning"),
    "missing": ("fa-times-circle", "text-danger"),
}


class AccountableSetUp(models.AbstractModel):
    """Every method takes the connection (or a mapping row of it) first.

    A line of a list is a pair of a kind (good, warning, missing) and a sentence; what is missing
    holds up the start. Package addons extend the lines with what is theirs.
    """

    _name = "accountable.set.up"
    _description = "Set-up of a connection"

    # The checklist

    def _checklist(self, connection):
        """What has to be in order before anything is chosen."""
        company = connection.company_id.sudo()  # who connects need not see all of a company
        lines = [
            self._sign_in_line(connection),
            self._chart_line(company),
            self._country_line(connection, company),
            self._vat_number_line(company),
            self._rounding_line(company),
        ]
        lines += [
            ("warning", branch._accountable_left_out_sentence())
            for branch in company._accountable_branches_apart()
        ]
        lines += self._journal_lines(connection)
        lines.append(self._peppol_line(connection, company))
        if connection.copy_state != "original":
            lines.append(("missing", self.env._("This database is a copy: it sends nothing.")))
        return lines

    def _sign_in_line(self, connection):
        """Package addons override it where signing in is not a matter of passwords."""
        lines = {
            "valid": ("good", self.env._("The sign-in works.")),
            "lost": (
                "missing",
                self.env._("The package refuses the sign-in: enter the password again."),
            ),
            "new": (
                "missing",
                self.env._("The sign-in has not worked yet: press “Test the sign-in”."),
            ),
        }
        return lines[connection.sign_in_id.state or "new"]

    def _chart_line(self, company):
        if company.root_id.chart_template:
            return "good", self.env._("%(company)s has a chart of accounts.", company=company.name)
        return "missing", self.env._(
            "%(company)s has no chart of accounts yet.", company=company.name
        )

    def _country_line(self, connection, company):
        country = company.account_fiscal_country_id
        if country.code in connection._get_capabilities().vat_countries:
            return "good", self.env._("Fiscal country: %(country)s.", country=country.name)
        return "missing", self.env._(
            "The administration cannot book the VAT of %(country)s.", country=country.name or "?"
        )

    def _vat_number_line(self, company):
        if company.vat:
            return "good", self.env._("VAT number %(vat)s.", vat=company.vat)
        return "warning", self.env._("%(company)s has no VAT number.", company=company.name)

    def _rounding_line(self, company):
        if company.tax_calculation_rounding_method == "round_globally":
            return "good", self.env._("VAT is rounded per document.")
        return "warning", self.env._("VAT is rounded per line: a cent may differ from the package.")

    def _journal_lines(self, connection):
        texts = {
            "sale": (self.env._("A sales journal."), self.env._("There is no sales journal.")),
            "purchase": (
                self.env._("A purchase journal."),
                self.env._("There is no purchase journal."),
            ),
        }
        for kind, (good, missing) in texts.items():
            used = MappingSources(connection).journals(kind)
            yield ("good", good) if used else ("missing", missing)

    def _peppol_line(self, connection, company):
        _ = self.env._
        registered = (
            "account_peppol_proxy_state" in company._fields
            and company.account_peppol_proxy_state == "receiver"
        )
        if connection.peppol_receiver == "package" and registered:
            return "warning", _(
                "Odoo is registered to receive Peppol bills, and you say that the package does."
                " Only one of the two may."
            )
        if connection.peppol_receiver == "package":
            return "good", _("The package receives Peppol bills; vendor bills of Odoo stay here.")
        return "good", _("Odoo receives Peppol bills; switch the inbox of the package off.")

    # The summary

    def _summary(self, connection):
        """What was chosen, and what of the checklist is still open."""
        return [
            *(line for line in self._checklist(connection) if line[0] != "good"),
            self.env["accountable.books"]._administration_line(connection),
            *self._mapping_lines(connection),
            *self.env["accountable.contact.match"]._summary_lines(connection),
            self._start_line(connection),
            *(("warning", text) for text in self._number_warnings(connection)),
        ]

    def _mapping_lines(self, connection):
        labels = dict(
            self.env["accountable.mapping"]._fields["kind"]._description_selection(self.env)
        )
        by_kind = connection.mapping_ids.grouped("kind")
        journals = by_kind.get("journal", self.env["accountable.mapping"])
        if not any(row.enabled and (row._is_valid() or row._is_certain()) for row in journals):
            yield "missing", self.env._("No journal is confirmed: nothing would be sent.")
        for kind, label in labels.items():
            rows = by_kind.get(kind)
            if not rows:
                continue
            open_ = rows.filtered(lambda row: not row._is_valid())
            if open_:
                yield (
                    "warning",
                    self.env._(
                        "%(kind)s: %(count)s of %(total)s are not confirmed; documents that use"
                        " them wait.",
                        kind=label,
                        count=len(open_),
                        total=len(rows),
                    ),
                )
            else:
                yield (
                    "good",
                    self.env._("%(kind)s: all %(total)s confirmed.", kind=label, total=len(rows)),
                )

    def _start_line(self, connection):
        if not connection.start_date:
            return "missing", self.env._("No start date is chosen.")
        return "good", self.env._(
            "From %(date)s: %(count)s past documents with a total of %(total)s.",
            date=fields.Date.to_string(connection.start_date),
            count=connection.past_document_count,
            total=connection.company_id.currency_id.format(connection.past_document_total),
        )

    def _past_documents(self, connection):
        """Count and total of what would go at the start; credit notes count negative."""
        rows = (
            self.env["account.move"]
            .sudo()  # a figure about all of them, also those of journals that a person does not see
            ._read_group(
                self.env["accountable.sending.plan"]._domain_to_export(connection.sudo()),
                ["move_type"],
                ["__count", "amount_total_signed:sum"],
            )
        )
        count, total = 0, 0.0
        for move_type, documents, amount in rows:
            count += documents
            total += -amount if KIND_BY_MOVE_TYPE[move_type].startswith("purchase") else amount
        return count, total

    def _as_list(self, lines):
        """Sentences with an icon each, as HTML; the sentences are escaped."""
        items = [
            Markup('<li class="mb-1"><i class="fa fa-fw {} {} me-2" role="img"></i>{}</li>').format(
                *ICONS[kind], text
            )
            for kind, text in lines
        ]
        return Markup('<ul class="list-unstyled mb-0">{}</ul>').format(Markup("").join(items))

    # Numbers

    def _number_warnings(self, connection):
        """Sentences about journals whose numbers do not run equal with Odoo's.

        Where a package wants consecutive numbers, its number of a sales document is the booking
        number: it equals Odoo's only while both next numbers are the same.
        """
        if not connection._get_capabilities().consecutive_numbers or connection.rest_waits:
            # what was read of the package is older than what went since
            return []
        rows = connection.mapping_ids.filtered(
            lambda row: (
                row.kind == "journal"
                and row.enabled
                and row.master_data_id
                and row.document_kind.startswith("sale")
            )
        )
        warnings = []
        for counterpart, sharing in rows.grouped("master_data_id").items():
            sequences = {self._odoo_sequence(row) for row in sharing}
            if len(sequences) > 1:
                warnings.append(
                    self.env._(
                        "%(journal)s takes the documents of %(count)s number sequences of Odoo: the"
                        " numbers cannot be equal.",
                        journal=counterpart.display_name,
                        count=len(sequences),
                    )
                )
            elif note := self._number_note(sharing[0]):
                warnings.append(note)
        return warnings

    def _odoo_sequence(self, row):
        """What tells number sequences apart: the journal, and credit notes when they have their
        own."""
        is_refund = row.document_kind.endswith("refund")
        return row.journal_id.id, is_refund and row.journal_id.refund_sequence

    def _number_note(self, row):
        """A sentence when the next number of both sides differs, or "". Needs no call: the last
        number stands in the master data."""
        last = (row.master_data_id.details or {}).get("last_number")
        if last is None:
            return ""
        in_package, in_odoo = int(last) + 1, self._next_odoo_number(row)
        if in_package == in_odoo:
            return ""
        return self.env._(
            "%(journal)s: the next number is %(in_package)s in the package and %(in_odoo)s in"
            " Odoo.",
            journal=row.display_name,
            in_package=in_package,
            in_odoo=in_odoo,
        )

    def _next_odoo_number(self, row):
        """The number of the first document that has still to go, else of the next one."""
        domain = [("journal_id", "=", row.journal_id.id), ("state", "=", "posted")]
        if row.journal_id.refund_sequence:
            types = [
                move_type
                for move_type, kind in KIND_BY_MOVE_TYPE.items()
                if kind == row.document_kind
            ]
            domain.append(("move_type", "in", types))
        moves = self.env["account.move"].sudo()  # a number, whoever may see the document
        plans = self.env["accountable.sending.plan"]
        first = moves.search(
            list(plans._domain_to_export(row.connection_id.sudo())) + domain,
            order="sequence_number",
            limit=1,
        )
        if first:
            return first.sequence_number
        year = fields.Date.context_today(row).replace(month=1, day=1)
        last = moves.search([*domain, ("date", ">=", year)], order="sequence_number desc", limit=1)
        return (last.sequence_number or 0) + 1
