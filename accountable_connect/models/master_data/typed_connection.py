"""What a connection has of master data that people type, and the buttons that lead to it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...api.book_years import years_of
from ...api.typed_table import LONGEST_CODE, TypedTableError, read_typed
from ...documents import JOURNAL, LEDGER_ACCOUNT, PERIOD, VAT_CODE
from ..sentence import in_language
from .typed_sentences import COLUMN_LABELS, UNREADABLE, filled, sentence_of_finding

# Of what the steps of the set-up show, this is typed there.
KINDS_OF_STEP = {
    "journals": (JOURNAL, PERIOD),
    "vat_codes": (VAT_CODE,),
    "ledger_accounts": (LEDGER_ACCOUNT,),
}
MOST_FINDINGS = 20


class AccountableConnection(models.Model):
    """Addons of packages whose master data is typed extend ``_journal_types``, ``_longest_code``,
    ``_complete_typed`` and ``_usual_master_data``."""

    _inherit = "accountable.connection"

    types_master_data = fields.Boolean(compute="_compute_types_master_data")
    typed_sentence = fields.Char(compute="_compute_typed_sentence")
    typed_missing = fields.Boolean(compute="_compute_typed_sentence")
    offers_usual = fields.Boolean(compute="_compute_typed_sentence")

    # What packages say

    def _typed_kinds(self):
        """Kinds of master data that people type."""
        self.ensure_one()
        return self._get_capabilities().types_master_data if self.package else frozenset()

    def _journal_types(self):
        """Codes of the package's own for types of journals, ``{"2": "sale"}``; values as in
        ``JOURNAL_DETAILS`` of ``api/typed_table.py``."""
        return {}

    def _longest_code(self, kind):
        """How many characters a code of this kind may have."""
        return LONGEST_CODE

    def _complete_typed(self, item):
        """What was typed, with what its code says; called again when a person changes it.

        :param MasterItem item: as it was typed
        :return: the ``MasterItem`` that is kept
        """
        return item

    def _usual_master_data(self, kind):
        """What such an administration usually has of a kind, to start from: a list of
        ``MasterItem``."""
        return []

    # What people read

    @api.depends("package")
    def _compute_types_master_data(self):
        for connection in self:
            connection.types_master_data = bool(connection._typed_kinds())

    @api.depends("package", "step", "master_data_ids.active", "master_data_ids.kind")
    @api.depends_context("lang")
    def _compute_typed_sentence(self):
        for connection in self:
            kinds = connection._typed_kinds_of_step()
            missing = connection._missing_kinds(kinds)
            connection.typed_missing = bool(missing)
            connection.typed_sentence = bool(kinds) and connection._say_typed(kinds, missing)
            connection.offers_usual = any(connection._usual_master_data(kind) for kind in missing)

    def _typed_kinds_of_step(self):
        typed = self._typed_kinds()
        return [kind for kind in KINDS_OF_STEP.get(self.step, ()) if kind in typed]

    def _missing_kinds(self, kinds):
        """Those of these kinds of which nothing is known."""
        known = self.env["accountable.master.data"]._read_group(
            [("connection_id", "in", self.ids), ("kind", "in", list(kinds))], ["kind"]
        )
        return [kind for kind in kinds if (kind,) not in known]

    def _say_typed(self, kinds, missing):
        if missing:
            return self._untyped_sentence(missing)
        labels = self._kind_labels()
        return self.env._(
            "Known of the administration: %(counts)s.",
            counts=", ".join(f"{labels[kind]} ({self._count_known(kind)})" for kind in kinds),
        )

    def _count_known(self, kind):
        rows = self.env["accountable.master.data"]
        domain = [("connection_id", "in", self.ids), ("kind", "=", kind)]
        if kind == PERIOD:  # people know the book years
            return len(set(rows.search(domain).mapped("book_year")))
        return rows.search_count(domain)

    def _untyped_sentence(self, kinds):
        """What is to be typed, of kinds of which nothing is known."""
        sentences = {
            JOURNAL: self.env._(
                "Type or paste the journals of the administration: your accountant has the list."
            ),
            PERIOD: self.env._(
                "Type the book years of the administration: without them no document finds the"
                " period it is booked in."
            ),
            VAT_CODE: self.env._(
                "Type or paste the VAT codes of the administration: your accountant has the list."
            ),
            LEDGER_ACCOUNT: self.env._(
                "Type or paste the ledger accounts of the administration: your accountant has the"
                " list."
            ),
        }
        return " ".join(sentences[kind] for kind in kinds)

    def _kind_labels(self):
        field = self.env["accountable.typed"]._fields["kind"]
        return dict(field._description_selection(self.env))

    # Taking over

    def _take_typed(self, kind, content, strict=True):
        """Take over what somebody typed, and propose counterparts out of it.

        :param str kind: ``"journal"``, ``"vat_code"``, ``"ledger_account"`` or ``"period"`` (of
            which book years are typed)
        :param content: text, or the bytes of a file
        :param strict: refuse it as a whole when a line cannot be read; else such lines are left out
        :return: dict with the counts ``created``, ``changed`` and ``read``
        :raises UserError: says what is wrong
        """
        self.ensure_one()
        self._check_may_type(kind)
        table = self._read_typed(kind, content)
        if table.findings and (strict or not table.items):
            raise UserError("\n".join(self._finding_sentences(table.findings)))
        return self._keep_typed(table.items)

    def _read_typed(self, kind, content):
        """The ``TypedTable`` of a text; raises UserError when nothing of it can be read."""
        try:
            return read_typed(
                kind,
                content,
                journal_types=self._journal_types(),
                known_years=self._known_book_years() if kind == PERIOD else (),
                longest_code=self._longest_code(kind),
            )
        except TypedTableError as error:
            labels = [
                str(in_language(self.env, filled(COLUMN_LABELS[name], {})))
                for name in error.missing
            ]
            sentence = filled(UNREADABLE[error.code], {"missing": ", ".join(labels)})
            raise UserError(str(in_language(self.env, sentence))) from error

    def _known_book_years(self):
        # all of the connection, whoever types
        rows = self.env["accountable.master.data"].sudo()
        typed = rows.search(
            [
                ("connection_id", "=", self.id),
                ("kind", "=", PERIOD),
                ("origin", "=", "typed"),
            ]
        )
        return years_of(row._as_item() for row in typed)

    def _finding_sentences(self, findings):
        shown = [
            str(in_language(self.env, sentence_of_finding(finding)))
            for finding in findings[:MOST_FINDINGS]
        ]
        if len(findings) > MOST_FINDINGS:
            more = len(findings) - MOST_FINDINGS
            shown.append(self.env._("… and %(count)s more.", count=more))
        return shown

    def _keep_typed(self, items, only_new=False):
        counts = self.env["accountable.master.data"]._type(self, items, only_new)
        self.env["accountable.mapping"]._check_counterparts(self)
        if counts["created"] or counts["changed"]:
            self._may_go_over_there()
        if self.administration_key:
            self.action_propose_mappings()
        return counts

    def _check_may_type(self, kind):
        self.check_access("write")
        if kind not in self._typed_kinds():
            raise UserError(
                self.env._(
                    "This is read from the package of %(connection)s, and not typed.",
                    connection=self.name,
                )
            )

    # Buttons

    def action_type_master_data(self):
        """The dialogue in which journals, codes, accounts and book years are typed or pasted."""
        self.ensure_one()
        kinds = self._typed_kinds_of_step() or sorted(self._typed_kinds())
        kind = next(iter(self._missing_kinds(kinds)), kinds[0] if kinds else "")
        self._check_may_type(self.env.context.get("typed_kind") or kind)
        # nobody may make a dialogue by hand
        dialogue = (
            self.env["accountable.typed"]
            .sudo()
            .create({"connection_id": self.id, "kind": self.env.context.get("typed_kind") or kind})
        )
        return dialogue._action(self.env._("Type or paste"))

    def action_typed_list(self):
        """The rows of a kind, to be changed."""
        self.ensure_one()
        kind = self.env.context.get("typed_kind") or next(
            iter(self._typed_kinds_of_step()), JOURNAL
        )
        view = self.env.ref(f"accountable_connect.accountable_master_data_view_list_{kind}")
        search = self.env.ref("accountable_connect.accountable_master_data_view_search")
        views = [(view.id, "list")]
        if kind == PERIOD:  # more columns than a telephone has room for
            cards = self.env.ref("accountable_connect.accountable_master_data_view_kanban_period")
            views.append((cards.id, "kanban"))
        return {
            "type": "ir.actions.act_window",
            "name": self._kind_labels()[kind],
            "res_model": "accountable.master.data",
            "views": views,
            "mobile_view_mode": "kanban",
            "search_view_id": [search.id],
            "domain": [("connection_id", "=", self.id), ("kind", "=", kind)],
            "context": {"default_connection_id": self.id, "default_kind": kind},
        }

    def action_fill_in_usual(self):
        """What such an administration usually has, of the kinds of which nothing is known."""
        self.ensure_one()
        for kind in self._missing_kinds(self._typed_kinds_of_step()):
            self._check_may_type(kind)
            self._keep_typed(self._usual_master_data(kind), only_new=True)
        return True
