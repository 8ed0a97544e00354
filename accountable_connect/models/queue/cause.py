"""Where the cause of an error is put right: the record, what its button says, and who may."""

from dataclasses import dataclass

from odoo import models

from ..actionable import actionable

MANAGER = "accountable_connect.group_manager"
ACCOUNTANT = "account.group_account_manager"
SETTINGS = "base.group_system"
# Who puts right what is wrong with a record; whoever sees a document corrects all others.
WHO = {
    "accountable.connection": MANAGER,
    "accountable.mapping": MANAGER,
    "accountable.master.data": MANAGER,
    "accountable.sign.in": MANAGER,
    "account.account": ACCOUNTANT,
    "account.cash.rounding": ACCOUNTANT,
    "account.fiscal.position": ACCOUNTANT,
    "account.journal": ACCOUNTANT,
    "account.tax": ACCOUNTANT,
    "res.company": SETTINGS,
    "res.partner": "base.group_partner_manager",
}
NAMES_SHOWN = 3


@dataclass(frozen=True)
class Way:
    """``text`` of the button, the ``action`` it does (None: the reader may not go there), and in a
    sentence who puts it right when the reader may not ("")."""

    text: str
    action: dict | None
    hint: str = ""


class AccountableCause(models.AbstractModel):
    _name = "accountable.cause"
    _description = "Where the cause of an error is put right"

    def _way_to(self, model, id_):
        """The :class:`Way` of the present user to a record, None when it is gone."""
        record = self.env[model].browse(id_ or ()).exists() if model in self.env else None
        if not record:
            return None
        may_cure = self.env.user.has_group(WHO[model]) if model in WHO else True
        if model == "res.partner":  # other addons let more people change contacts
            may_cure = may_cure or record.has_access("write")
        hint = "" if may_cure else self._who_may(WHO[model], record)
        if not record.has_access("read"):
            return Way("", None, hint or self.env._("You may not see it; ask a manager."))
        if model == "res.company":
            return self._way_to_settings(may_cure, hint)
        text = self._text(record) if may_cure else self._text_to_look(record)
        return Way(text, self._action(record), hint)

    def _entry(self, level, message, way):
        """An entry of the widget: what is wrong, and the way out of it."""
        if not way:
            return actionable(level, message)
        return actionable(level, " ".join(filter(None, (message, way.hint))), way.text, way.action)

    def _way_to_settings(self, may_cure, hint):
        """How VAT is rounded stands in the settings of the company, not on its form."""
        if not may_cure:
            return Way("", None, hint)
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_account_config")
        return Way(self.env._("Open the settings"), action)

    def _action(self, record):
        if record._name == "accountable.master.data" and record.kind == "period":
            return record.connection_id.with_context(typed_kind=record.kind).action_typed_list()
        return {
            "type": "ir.actions.act_window",
            "name": record.display_name,
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }

    def _server_action(self, name, record):
        """A button of ours, as an action.

        :param name: XML id of the server action
        """
        action = self.env.ref(f"accountable_connect.{name}").sudo()  # its group is asked when run
        return {
            "type": "ir.actions.server",
            "id": action.id,
            "context": {
                "active_model": record._name,
                "active_id": record.id,
                "active_ids": record.ids,
            },
        }

    # In words

    def _text(self, record):
        """What the button to a record says, for somebody who puts it right there."""
        _ = self.env._
        name = record.display_name
        if record._name == "accountable.sign.in":
            if record.state != "lost":
                return _("Open the sign-in")
            return _("Sign in again") if record.by_consent else _("Enter the password again")
        if record._name == "accountable.master.data" and record.kind == "period":
            return _("Open the book years")
        texts = {
            "account.account": _("Open account %(name)s", name=name),
            "account.fiscal.position": _("Open the fiscal position %(name)s", name=name),
            "account.journal": _("Open journal %(name)s", name=name),
            "account.move": _("Open %(name)s", name=name),
            "account.tax": _("Open tax %(name)s", name=name),
            "accountable.connection": _("Open the connection"),
            "accountable.mapping": _("Open the mapping of %(name)s", name=name),
            "res.partner": _("Open the contact %(name)s", name=name),
            "res.partner.bank": _("Open the bank account %(name)s", name=name),
        }
        return texts.get(record._name) or _("Open %(name)s", name=name)

    def _text_to_look(self, record):
        _ = self.env._
        if record._name == "accountable.mapping":
            return _("See the mapping of %(name)s", name=record.display_name)
        if record._name == "accountable.sign.in":
            return _("See the sign-in")
        if record._name == "accountable.connection":
            return _("See the connection")
        return _("See %(name)s", name=record.display_name)

    def _who_may(self, group, record):
        """A sentence with the names of some who may put this record right."""
        company = record.company_id if "company_id" in record._fields else None
        company = (company or self.env.company).sudo()  # whoever asks may see fewer companies
        users = (
            self.env.ref(group)
            .sudo()
            .all_user_ids.filtered(
                lambda user: (
                    user.active
                    and not user.share
                    and company in user.company_ids
                    and user.id != self.env.ref("base.user_root").id
                )
            )
        )
        names = users.sorted("name")[:NAMES_SHOWN].mapped("name")
        if not names:
            return self.env._("An administrator can correct it.")
        if len(names) == 1:
            return self.env._("%(name)s can correct it.", name=names[0])
        return self.env._("One of these can correct it: %(names)s.", names=", ".join(names))
