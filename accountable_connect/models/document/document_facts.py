"""What building a batch of documents needs to know, looked up once."""

from functools import cached_property

from odoo.tools import SQL

from ..master_data.mapping_rows import MappingRows
from ..master_data.tax_profile import VatAccounts, goes_with_base
from .periods import Periods


class DocumentFacts:
    """What the documents of one batch have in common: the connection they are for, its mapping
    rows, its periods, and facts about Odoo's taxes.

    :param moves: the entries of the batch
    :param preview: nothing goes, it is only shown, see :class:`MappingRows`
    """

    def __init__(self, connection, moves, preview=False):
        self.env = connection.env
        self.connection = connection
        self.moves = moves
        self.capabilities = connection._get_capabilities()
        self.rows = MappingRows(connection, preview)
        self.periods = Periods(connection)
        self._vat_accounts = {}
        self._uses_of_vat = {}

    def vat_accounts(self, company):
        """The :class:`VatAccounts` of a company."""
        if company.root_id not in self._vat_accounts:
            self._vat_accounts[company.root_id] = VatAccounts(company)
        return self._vat_accounts[company.root_id]

    def use_of_vat(self, line, company):
        """``(is it claimed from the State, or owed to it; does it go with its base)`` of the VAT
        that a repartition line posts for a company."""
        key = line.id, company.id
        if key not in self._uses_of_vat:
            is_recoverable = self.vat_accounts(company).is_deductible(line)
            self._uses_of_vat[key] = is_recoverable, goes_with_base(line)
        return self._uses_of_vat[key]

    @cached_property
    def _one_stop_shop_tag(self):
        """With which Odoo's addon for the one-stop shop marks its taxes."""
        return self.env.ref("l10n_eu_oss.tag_oss", raise_if_not_found=False)

    def is_one_stop_shop(self, tax):
        """VAT of another country declared in one's own: no code of the domestic return fits it."""
        tag = self._one_stop_shop_tag
        return bool(tag) and tag in tax.invoice_repartition_line_ids.tag_ids

    @cached_property
    def origin_keys(self):
        """``{move id of a corrected document: its external key}``."""
        origins = self.moves.reversed_entry_id
        if not origins:
            return {}
        bindings = (
            # whoever posts need not see the links
            self.env["accountable.binding"]
            .sudo()
            .search_fetch(
                [
                    ("connection_id", "=", self.connection.id),
                    ("kind", "=", "document"),
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", origins.ids),
                ],
                ["res_id", "external_key"],
            )
        )
        return {binding.res_id: binding.external_key for binding in bindings}

    @cached_property
    def booked_in(self):
        """``{move id: code of the journal}`` of documents that are booked. A booking cannot move:
        a change of the document goes where it stands, whatever the mapping says now."""
        if not self.moves:
            return {}
        # one word out of each link; the ORM would read the whole documents they keep
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT res_id, details -> 'content' ->> 'journal' FROM accountable_binding
                     WHERE connection_id = %s AND kind = 'document'
                       AND res_model = 'account.move' AND res_id IN %s
                       AND details -> 'content' ->> 'journal' IS NOT NULL
                    """,
                    self.connection.id,
                    self.moves._ids,
                )
            )
        )
