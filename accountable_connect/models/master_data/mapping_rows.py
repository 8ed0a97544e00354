"""The mapping rows of a connection, read once for a batch of documents."""

from functools import cached_property

from .mapping import SOURCE_MODELS
from .mapping_attention import CERTAIN

READ = (
    "kind",
    "source_key",
    "document_kind",
    "enabled",
    "master_data_id",
    "without_code",
    "declared_on_payment",
    "state",
    "attention",
)


class MappingRows:
    """Finds the row of a record, and what its counterpart is, without a query for each.

    :param preview: only to show what would go: a proposal that needs no second look counts as
        confirmed, as sending confirms it, and no row is added
    """

    def __init__(self, connection, preview=False):
        self.env = connection.env
        self.connection = connection
        self.preview = preview
        self._takes_lines = {}
        self._kinds_by_plan = {}
        rows = (
            # whoever looks at a document may not read the mappings
            self.env["accountable.mapping"]
            .sudo()
            .search_fetch([("connection_id", "=", connection.id)], READ, order="id")
        )
        self._rows = {(row.kind, row.source_key, row.document_kind): row for row in rows}

    def find(self, kind, record, document_kind="any"):
        """The row that counts, empty recordset of none: that of the document kind before the one
        for any; an empty set of taxes stands for *no tax*."""
        key = f"{SOURCE_MODELS[kind]},{record.id or 0}"
        return (
            self._rows.get((kind, key, document_kind))
            or self._rows.get((kind, key, "any"))
            or self.env["accountable.mapping"].sudo()
        )

    def is_decided(self, row):
        """Whether what stands in a row counts: somebody confirmed it, or sending would."""
        return row.state == "confirmed" or (self.preview and row.attention == CERTAIN)

    def find_or_add(self, kind, record, document_kind):
        """The same; where there is none it is added, to open and to fill in, with a proposal where
        one can be told."""
        row = self.find(kind, record, document_kind)
        if not row and not self.preview:
            row = self.env["accountable.proposal"]._ensure_rows(
                self.connection, kind, record, document_kind
            )
            if row:
                self._rows[kind, row.source_key, row.document_kind] = row
        return row

    def details(self, kind, record, document_kind="any"):
        """The typed details of the counterpart, ``{}`` when there is none."""
        return self.find(kind, record, document_kind).master_data_id.details or {}

    @cached_property
    def cost_kinds(self):
        """The axes that go, in their order; none for a connection without any analytic mapping."""
        has_analytic = any(kind == "analytic_account" for kind, *_rest in self._rows)
        return self.connection._cost_kinds() if has_analytic else ()

    def cost_kinds_of(self, plan):
        """The axes an analytic account of this plan may stand on."""
        if plan.id not in self._kinds_by_plan:
            self._kinds_by_plan[plan.id] = self.connection._cost_kinds_of(plan)
        return self._kinds_by_plan[plan.id]

    def takes_lines(self, counterpart):
        """Whether a line of a document may name this counterpart."""
        if counterpart.id not in self._takes_lines:
            self._takes_lines[counterpart.id] = counterpart._as_item().takes_lines
        return self._takes_lines[counterpart.id]
