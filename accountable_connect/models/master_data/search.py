"""How a person finds a journal, VAT code or ledger account: by the beginning of its code, then by
words of its name, in any order, without regard to case and accents."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.sql import escape_psql

from ...api.vat_families import normalise


class AccountableMasterData(models.Model):
    _inherit = "accountable.master.data"

    plain_name = fields.Char(
        compute="_compute_plain_name",
        store=True,
        help="The name in small letters without accents, by which it is found.",
    )
    takes_lines = fields.Boolean(
        compute="_compute_takes_lines", store=True, string="Can be booked on"
    )

    @api.depends("name")
    def _compute_plain_name(self):
        for item in self:
            item.plain_name = normalise(item.name)

    @api.depends("details")
    def _compute_takes_lines(self):
        for item in self:
            item.takes_lines = item._as_item().takes_lines

    @api.model
    def _search_display_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain.OR(self._named_exactly(name or "") for name in value)
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value.strip():
            return super()._search_display_name(operator, value)
        # A part within the code, as of VAT code D21, helps among codes; among the numbers of a
        # chart it finds what nobody means.
        within = Domain("kind", "!=", "ledger_account") & Domain("code", "ilike", value.strip())
        return self._begins_with(value) | self._holds_words(value) | within

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Those whose code begins with what was typed come first, then those found by name; when
        there is none, those whose code begins with its first word."""
        if operator not in ("ilike", "like") or not (name or "").strip():
            return super().name_search(name, domain, operator, limit)
        domain = Domain(domain or Domain.TRUE)
        first = self._begins_with(name)
        found = self.search_fetch(first & domain, ["display_name"], limit=limit)
        if not limit or len(found) < limit:
            rest = Domain("display_name", operator, name) & Domain("id", "not in", found.ids)
            left = limit and limit - len(found)
            found += self.search_fetch(rest & domain, ["display_name"], limit=left)
        if not found:
            # an account of Odoo as it is written there, whose name the administration does not have
            code, _blank, words = name.strip().partition(" ")
            if words and any(sign.isdigit() for sign in code):
                return self.name_search(code, domain, operator, limit)
        # found with the rights of who looks; names as the ORM gives them
        return [(item.id, item.display_name) for item in found.sudo()]

    def _named_exactly(self, name):
        code, _blank, words = name.partition(" ")
        return (
            Domain("code", "=", name)
            | Domain("name", "=", name)
            | Domain("code", "=", code) & Domain("name", "=", words)
        )

    def _begins_with(self, typed):
        """The code begins with what was typed, or with its first word when the others are in the
        name."""
        typed = " ".join(typed.split())
        code, _blank, words = typed.partition(" ")
        domain = Domain("code", "=ilike", f"{escape_psql(typed)}%")
        if words and normalise(words):
            by_code = Domain("code", "=ilike", f"{escape_psql(code)}%")
            domain |= by_code & self._holds_words(words)
        return domain

    def _holds_words(self, typed):
        """Every word stands in the name."""
        words = normalise(typed).split()
        if not words:
            return Domain.FALSE
        return Domain.AND(Domain("plain_name", "like", f"{escape_psql(word)}") for word in words)
