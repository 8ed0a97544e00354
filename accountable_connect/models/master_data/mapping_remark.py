"""What a person should look at in a mapping: its counterpart goes in another box of the VAT return,
does not fit what it is used for, or waits for a word. Remarks, never a refusal."""

from odoo import models

from ...api.account_use import MONEY, PURCHASE, SALE, fits
from ...api.proposals import code_family, takes_refund
from ...api.vat_families import expected_purchase_class
from ...documents.sentence import SentencesOf
from ..sentence import in_language
from .tax_profile import family_and_class, scope_of

_lt = SentencesOf(__name__)


class AccountableMappingRemark(models.AbstractModel):
    """An addon that has more to say of a row extends :meth:`_find`."""

    _name = "accountable.mapping.remark"
    _description = "Remarks on mappings"

    def _find(self, row, accounts_decide):
        """What is to be said of a row, "" for nothing.

        :param accounts_decide: whether the box of a purchase hangs on the ledger account
        """
        if position := row._foreign_position():
            return self.env._(
                "It belongs to the fiscal position %(position)s with your VAT number"
                " %(number)s: its VAT is declared there. Documents under it are not sent.",
                position=position.name,
                number=position.foreign_vat,
            )
        remarks = (
            self._on_payment(row),
            row.master_data_id and (row._why_unusable() or self._on_box(row, accounts_decide)),
            self._on_use(row) or self._on_scope(row),
        )
        return " ".join(remark for remark in remarks if remark)

    def _on_payment(self, row):
        if not row.due_on_payment or row.declared_on_payment:
            return ""
        return self.env._(
            "Documents wait until a manager ticks “Declared on payment”: in Odoo this tax is in"
            " the VAT return only when it is paid, and the tick says that the administration"
            " declares its VAT code on payment as well."
        )

    def _on_box(self, row, accounts_decide):
        """Class of the VAT return and class of the account do not fit: the amount would land in
        another box, or in none."""
        counterpart = row.master_data_id
        if row.kind == "account":
            # its number there, also for who works for a branch only
            account = row.sudo().with_company(row.company_id).account_id
            source = expected_purchase_class(account.code)
            target = str((counterpart.details or {}).get("vat_box") or "")
            if source and not target and accounts_decide:
                return self.env._(
                    "Odoo counts it in box %(odoo_box)s, and in the package %(account)s has no box:"
                    " the amount would be missing from the VAT return. Set the box there, or choose"
                    " another account.",
                    odoo_box=source,
                    account=counterpart.display_name,
                )
            target = target or expected_purchase_class(counterpart.code)
        elif row.kind == "tax" and row.tax_id:
            # who maps need not see the accounts of the tax
            scope = scope_of(row.document_kind)
            _family, source = family_and_class(row.tax_id.sudo(), scope)
            target = str(code_family(counterpart._as_item(), scope).purchase_class)
        else:
            return ""
        if not source or not target or source == target:
            return ""
        return self.env._(
            "Odoo counts it in box %(odoo_box)s, the package in box %(package_box)s.",
            odoo_box=source,
            package_box=target,
        )

    def _on_use(self, row):
        """Why the ledger account does not fit what the Odoo account is used for; "" when it
        does."""
        counterpart = row.master_data_id
        if row.kind != "account" or not counterpart or not row.account_id:
            return ""
        account = row.account_id._accountable_use(row.company_id)
        if fits(account, counterpart.code, (counterpart.details or {}).get("nature", "")):
            return ""
        names = {
            "account": row.account_id._accountable_name(row.company_id),
            "counterpart": counterpart.display_name,
        }
        if account.nature == MONEY:
            return self.env._(
                "%(counterpart)s is not a bank or cash account, but %(account)s is one in Odoo. "
                "Check whether this is intended.",
                **names,
            )
        if account.uses == (SALE,):
            return self.env._(
                "%(counterpart)s is not an account for sales (revenue, advances received, "
                "deferred revenue), and Odoo books sales on %(account)s. Check whether this is "
                "intended.",
                **names,
            )
        if account.uses == (PURCHASE,):
            return self.env._(
                "%(counterpart)s is not an account for bills (costs, fixed assets, stock, "
                "deferred charges), and Odoo books bills on %(account)s. Check whether this is "
                "intended.",
                **names,
            )
        return self.env._(
            "%(counterpart)s is an account for neither sales nor bills, and not of the kind of "
            "%(account)s. Check whether this is intended.",
            **names,
        )

    def _on_scope(self, row):
        """Why the journal or VAT code is none for these documents; "" when it may be."""
        details = row.master_data_id.details or {}
        scope = details.get({"journal": "type", "tax": "scope"}.get(row.kind))
        if not scope or row.document_kind == "any" or row.document_kind.startswith(scope):
            return ""
        labels = dict(row._fields["document_kind"]._description_selection(self.env))
        return self.env._(
            "%(counterpart)s is not meant for this kind of document (%(kind)s). Check whether "
            "this is intended.",
            counterpart=row.master_data_id.display_name,
            kind=labels[row.document_kind],
        )


class AccountableMapping(models.Model):
    _inherit = "accountable.mapping"

    def _why_unusable(self):
        """Why the documents of this row cannot go with its counterpart, in words; "" when they
        can."""
        self.ensure_one()
        counterpart = self.master_data_id
        if reason := counterpart._why_unusable():
            return reason
        details = counterpart.details or {}
        is_refund = self.document_kind.endswith("refund")
        if (
            self.kind != "journal"
            or self.document_kind == "any"
            or takes_refund(details, is_refund)
        ):
            return ""
        sentence = (
            _lt(
                "Journal %(journal)s is not for credit notes: choose the one that is.",
                journal=counterpart.display_name,
            )
            if is_refund
            else _lt(
                "Journal %(journal)s is for credit notes alone: choose another one.",
                journal=counterpart.display_name,
            )
        )
        return in_language(self.env, sentence)
