"""Counterparts that do not fit what they are used for: a ledger account that is none for sales, a
purchase journal for invoices. A remark, never a refusal."""

from dataclasses import replace

from odoo import api, models

from ...api.account_use import MONEY, PURCHASE, SALE, fits


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def _as_source(self):
        source = super()._as_source()
        if self.kind != "account":
            return source
        return replace(source, account=self.account_id._accountable_use(self.company_id))

    @api.depends("master_data_id.details", "master_data_id.code", "account_id.account_type")
    def _compute_warning(self):
        result = super()._compute_warning()
        for row in self:
            if remark := row._find_use_remark() or row._find_scope_remark():
                row.warning = f"{row.warning} {remark}" if row.warning else remark
        return result

    def _find_use_remark(self):
        """Why the ledger account does not fit what the Odoo account is used for, in words; "" when
        it does."""
        counterpart = self.master_data_id
        if self.kind != "account" or not counterpart or not self.account_id:
            return ""
        account = self.account_id._accountable_use(self.company_id)
        if fits(account, counterpart.code, (counterpart.details or {}).get("nature", "")):
            return ""
        names = {
            "account": self.account_id._accountable_name(self.company_id),
            "counterpart": counterpart.display_name,
        }
        if account.nature == MONEY:
            return self.env._(
                "%(counterpart)s is no bank or cash account, and %(account)s is one in Odoo. Look"
                " whether it is meant.",
                **names,
            )
        if account.uses == (SALE,):
            return self.env._(
                "%(counterpart)s is no account for sales (revenue, advances received, deferred"
                " revenue), and Odoo books sales on %(account)s. Look whether it is meant.",
                **names,
            )
        if account.uses == (PURCHASE,):
            return self.env._(
                "%(counterpart)s is no account for bills (costs, fixed assets, stock, deferred"
                " charges), and Odoo books bills on %(account)s. Look whether it is meant.",
                **names,
            )
        return self.env._(
            "%(counterpart)s is an account for neither sales nor bills, and not of the kind of"
            " %(account)s. Look whether it is meant.",
            **names,
        )

    def _find_scope_remark(self):
        """Why the journal or VAT code is none for these documents, in words; "" when it may be."""
        details = self.master_data_id.details or {}
        scope = details.get({"journal": "type", "tax": "scope"}.get(self.kind))
        if not scope or self.document_kind == "any" or self.document_kind.startswith(scope):
            return ""
        labels = dict(self._fields["document_kind"]._description_selection(self.env))
        return self.env._(
            "%(counterpart)s is not meant for this kind of document (%(kind)s). Look whether it is"
            " meant.",
            counterpart=self.master_data_id.display_name,
            kind=labels[self.document_kind],
        )
