"""The lists the guided form shows: what has to be in order, and what was chosen."""

from typing import NamedTuple

from odoo import fields, models

from ...const import KIND_BY_MOVE_TYPE
from ..actionable import actionable
from ..master_data.mapping_sources import MappingSources

LEVELS = {"good": "success", "warning": "warning", "missing": "danger"}


class Line(NamedTuple):
    """A line of a list, or its first two values alone."""

    kind: str  # good, warning, or missing: that holds up the start
    sentence: str
    action_text: str = ""
    action: dict | None = None  # a window action, to the record in which it is put right
    step: str = ""  # the step in which it is chosen; *Change* leads there


class AccountableSetUp(models.AbstractModel):
    """Every method takes the connection (or a mapping row of it) first.

    Package addons extend the lines of a list with what is theirs.
    """

    _name = "accountable.set.up"
    _description = "Set-up of a connection"

    # The checklist

    def _checklist(self, connection):
        """What has to be in order before anything is chosen: a list of :class:`Line`, or pairs of
        its kind and its sentence."""
        company = connection.company_id.sudo()  # who connects need not see all of a company
        # where the accountant books the document, how Odoo books it concerns nobody
        books = connection._get_capabilities().entries
        lines = [
            *([self._sign_in_line(connection)] if connection.signs_in else []),
            self._chart_line(company),
            *([self._country_line(connection, company)] if books else []),
            self._vat_number_line(company),
            *([self._rounding_line(company)] if books else []),
        ]
        lines += [
            Line("warning", branch._accountable_left_out_sentence(), *self._to_company(branch))
            for branch in company._accountable_branches_apart()
        ]
        lines += self._journal_lines(connection)
        if not connection.hands_over:
            # the step of the hand-over asks who gives what
            lines.append(self._peppol_line(connection, company))
        lines += self._other_connection_lines(connection)
        if connection.copy_state != "original":
            lines.append(Line("missing", self.env._("This database is a copy: it sends nothing.")))
        return lines

    def _sign_in_line(self, connection):
        """Package addons override it where signing in is not a matter of passwords."""
        open_it = self.env._("Open the sign-in"), self._window(connection.sign_in_id)
        lines = {
            "valid": Line("good", self.env._("The sign-in works.")),
            "lost": Line(
                "missing",
                self.env._("The package refuses the sign-in: enter the password again."),
                *open_it,
            ),
            "new": Line(
                "missing",
                self.env._("The sign-in has not worked yet: press “Test the sign-in”."),
                *open_it,
            ),
        }
        return lines[connection.sign_in_id.state or "new"]

    def _chart_line(self, company):
        if company.root_id.chart_template:
            return Line(
                "good", self.env._("%(company)s has a chart of accounts.", company=company.name)
            )
        return Line(
            "missing",
            self.env._("%(company)s has no chart of accounts yet.", company=company.name),
            *self._to_settings(),
        )

    def _country_line(self, connection, company):
        country = company.account_fiscal_country_id
        if country.code in connection._get_capabilities().vat_countries:
            return Line("good", self.env._("Fiscal country: %(country)s.", country=country.name))
        return Line(
            "missing",
            self.env._(
                "The administration cannot book the VAT of %(country)s.",
                country=country.name or "?",
            ),
            *self._to_company(company),
        )

    def _vat_number_line(self, company):
        if company.vat:
            return Line("good", self.env._("VAT number %(vat)s.", vat=company.vat))
        return Line(
            "warning",
            self.env._("%(company)s has no VAT number.", company=company.name),
            *self._to_company(company),
        )

    def _rounding_line(self, company):
        if company.tax_calculation_rounding_method == "round_globally":
            return Line("good", self.env._("VAT is rounded per document."))
        return Line(
            "warning",
            self.env._("VAT is rounded per line: a cent may differ from the package."),
            *self._to_settings(),
        )

    def _journal_lines(self, connection):
        texts = {
            "sale": (self.env._("A sales journal."), self.env._("There is no sales journal.")),
            "purchase": (
                self.env._("A purchase journal."),
                self.env._("There is no purchase journal."),
            ),
        }
        for kind, (good, missing) in texts.items():
            if MappingSources(connection).journals(kind):
                yield Line("good", good)
            else:
                action = self._window_of("account.action_account_journal_form")
                yield Line("missing", missing, self.env._("Open the journals"), action)

    def _peppol_line(self, connection, company):
        _ = self.env._
        registered = (
            "account_peppol_proxy_state" in company._fields
            and company.account_peppol_proxy_state == "receiver"
        )
        if connection.peppol_receiver == "package" and registered:
            sentence = _(
                "Odoo is registered to receive Peppol bills, and you say that the package does."
                " Only one of the two may."
            )
            return Line("warning", sentence, step="checklist")
        if connection.peppol_receiver == "package":
            sentence = _(
                "The package receives Peppol bills: those that came as e-invoices stay here, all"
                " other bills go."
            )
        else:
            sentence = _("Odoo receives Peppol bills; switch the inbox of the package off.")
        return Line("good", sentence, step="checklist")

    def _other_connection_lines(self, connection):
        """Other packages that get the same kind of documents of this company."""
        for other, sentence in self.env["accountable.withheld"]._given_twice(connection):
            yield Line("warning", sentence, self.env._("Open it"), self._window(other))

    # Ways to a cure

    def _to_company(self, company):
        return self.env._("Open the company"), self._window(company)

    def _to_settings(self):
        """Only an administrator may open them; others read whom to ask in the sentence."""
        if not self.env.user.has_group("base.group_system"):
            return "", None
        return self.env._("Open the settings"), self._window_of("account.action_account_config")

    def _window(self, record):
        """The form of a record."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [[False, "form"]],
        }

    def _window_of(self, xml_id):
        return self.env["ir.actions.act_window"]._for_xml_id(xml_id)

    # As the widget shows them

    def _by_kind(self, lines):
        """The lines that are good, and the others, in their order."""
        return (
            [line for line in lines if line[0] == "good"],
            [line for line in lines if line[0] != "good"],
        )

    def _as_entries(self, connection, lines):
        """Lines as the Json field of the widget ``actionable_errors``, in their order; False for
        none."""
        may_change = connection.has_access("write")
        entries = {}
        for number, line in enumerate(lines):
            line = Line(*line)
            entry = actionable(LEVELS[line.kind], line.sentence, line.action_text, line.action)
            if line.step and not line.action and may_change and line.step != connection.step:
                entry["action_text"] = self.env._("Change")
                entry["action_call"] = [
                    connection._name,
                    "change_step",
                    [connection.id, line.step],
                ]
            entries[f"{line.step or 'line'}_{number}"] = entry
        return entries or False

    # Numbers

    def _number_warnings(self, connection):
        """Sentences about journals whose numbers do not run equal with Odoo's.

        Where a package wants consecutive numbers, its number of a sales document is the booking
        number: it equals Odoo's only while both next numbers are the same.
        """
        if not connection._get_capabilities().consecutive_numbers or connection.rest_waits:
            # what was read of the package is older than what went since
            return []
        rows = self.env["accountable.mapping"].search(
            [
                ("connection_id", "in", connection.ids),
                ("kind", "=", "journal"),
                ("enabled", "=", True),
                ("master_data_id", "!=", False),
                ("document_kind", "in", ("sale", "sale_refund")),
            ]
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
